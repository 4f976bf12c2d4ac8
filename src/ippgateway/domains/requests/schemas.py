"""What others say and see of requests."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ippgateway.core.secret import Secret
from ippgateway.domains.requests.states import State, may_extend, overdue
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.vocabulary import Recipient, Words
from ippgateway.privacy.zones import PLATFORM

__all__ = [
    "EXTENSIONS", "LONGEST", "LONGEST_VALUE", "REASONS", "TELLS", "WAITS", "How", "Identity", "Kind", "New", "Notice",
    "Reason", "Request", "State", "Told",
]  # fmt: skip

LONGEST = 2_000
"""Letters of what somebody asks, or is answered."""
LONGEST_VALUE = 200
"""Letters of what a field should say instead."""
BY_ITSELF = "itself"
"""Stands where whoever decided or told does, when nobody had to."""


class Kind(StrEnum):
    """What is asked for."""

    ACCESS = "access"
    COPY = "copy"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    ERASURE = "erasure"
    CLOSURE = "closure"


class Identity(StrEnum):
    """How it was shown who asks: the more it takes away, the more it takes."""

    NONE = "none"
    SESSION = "session"
    STRONG = "strong"
    LINK = "link"
    RECEIPT = "receipt"
    OPERATOR = "operator"
    SHOP = "shop"


class Told(StrEnum):
    """The letters of a request."""

    RECEIVED = "received"
    EXTENDED = "extended"
    ANSWERED = "answered"


class How(StrEnum):
    """How a recipient was told. `NOT_POSSIBLE`: it can't be done, or not with an effort in proportion (Article 19)."""

    LETTER = "letter"
    EMAIL = "email"
    POST = "post"
    PHONE = "phone"
    PORTAL = "portal"
    NOT_POSSIBLE = "not_possible"


TELLS = frozenset({Kind.RECTIFICATION, Kind.RESTRICTION, Kind.ERASURE})
"""What whoever got the data has to hear of (Article 19)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why a request may be refused. `kinds`: those for which that is a reason."""

    kinds: frozenset[Kind]
    article: str
    words: Words


_ALL = frozenset(Kind)
REASONS: Mapping[str, Reason] = {
    "unidentified": Reason(
        kinds=_ALL, article="11(2), 12(6)",
        words=Words(en="We could not find out that the data is about you.",
                    da="Vi kunne ikke fastslå, at oplysningerne handler om dig."),
    ),
    "unfounded": Reason(
        kinds=_ALL, article="12(5)",
        words=Words(en="The request is manifestly unfounded or repeats itself excessively.",
                    da="Anmodningen er åbenbart grundløs eller gentages overdrevent ofte."),
    ),
    "others": Reason(
        kinds=frozenset({Kind.ACCESS, Kind.COPY}), article="15(4), 20(4)",
        words=Words(en="It would tell you about other people.", da="Det ville fortælle dig om andre mennesker."),
    ),
    "correct": Reason(
        kinds=frozenset({Kind.RECTIFICATION}), article="16",
        words=Words(en="What is stored is correct and complete.", da="Det, der er gemt, er rigtigt og fuldstændigt."),
    ),
    "no_ground": Reason(
        kinds=frozenset({Kind.RESTRICTION}), article="18(1)",
        words=Words(en="None of the law's four grounds for a restriction is there.",
                    da="Ingen af lovens fire grunde til begrænsning er til stede."),
    ),
    "compelling": Reason(
        kinds=frozenset({Kind.OBJECTION}), article="21(1)",
        words=Words(en="There are compelling grounds for the use, which weigh more than yours.",
                    da="Der er vægtige grunde til brugen, som vejer tungere end dine."),
    ),
    "law": Reason(
        kinds=frozenset({Kind.ERASURE}), article="17(3)(b)",
        words=Words(en="A law demands that all of it be kept.", da="En lov kræver, at det hele gemmes."),
    ),
    "claims": Reason(
        kinds=frozenset({Kind.ERASURE, Kind.RESTRICTION, Kind.OBJECTION}), article="17(3)(e), 18(2), 21(1)",
        words=Words(en="It is needed for a legal claim.", da="Det skal bruges til et retskrav."),
    ),
}  # fmt: skip

EXTENSIONS: Mapping[str, Words] = {
    "complex": Words(en="the request is complex", da="anmodningen er kompliceret"),
    "number": Words(en="many requests arrived at once", da="der kom mange anmodninger på én gang"),
}

WAITS: Mapping[str, Words] = {
    "payment": Words(en="a payment is under way", da="en betaling er i gang"),
    "hold": Words(en="a legal hold keeps the data; it is locked until then",
                  da="en juridisk bevaring holder på oplysningerne; de er låst imens"),
    "administrator": Words(en="you are the last who can manage the other users; give that right to one of them first",
                           da="du er den sidste, der kan styre de andre brugere; giv først en af dem den ret"),
    "customers": Words(en="the partner still has customers", da="partneren har stadig kunder"),
    "restricted": Words(en="the data is restricted, and nobody may change it",
                        da="oplysningerne er begrænset, og ingen må ændre dem"),
    "taken": Words(en="somebody else is known by this address", da="en anden er kendt under denne adresse"),
}  # fmt: skip
"""What keeps something that was granted from being carried out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class New:
    """What somebody asks. `reply_to`: where it is answered, empty where no address is known; `purpose`: the key of what
    an objection is against; `field`, `new_value`: what is to be corrected (`table.column`), and what it should say;
    `decided_by`: who decided it already, a user's id or a word of ours."""

    person: Person
    kind: Kind
    identity: Identity
    language: str
    reply_to: Secret[str]
    statement: Secret[str] = dataclasses.field(default_factory=lambda: Secret(""))
    purpose: str = ""
    field: str = ""
    new_value: Secret[str] = dataclasses.field(default_factory=lambda: Secret(""))
    decided_by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Request:
    """A request as it stands. Not printable: it has what was said. What is sealed is None when the key is gone, or was
    not asked for."""

    tenant_id: str
    id: str
    person_id: str
    payer: bool
    kind: Kind
    state: State
    identity: Identity
    language: str
    purpose: str | None
    field: str | None
    asked_at: datetime
    due_on: date
    extended_to: date | None
    extension: str | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    waits_for: str | None
    ended_at: datetime | None
    certificate: str | None
    statement: Secret[str] | None = None
    old_value: Secret[str] | None = None
    new_value: Secret[str] | None = None
    answer: Secret[str] | None = None

    @property
    def person(self) -> Person:
        """Whom it is about."""
        return (
            Person(self.tenant_id, self.person_id) if self.payer else Person(PLATFORM, self.person_id, self.tenant_id)
        )

    def late(self, today: date) -> bool:
        """Whether its answer is overdue."""
        return overdue(self.state, today=today, due=self.due_on, extended_to=self.extended_to)

    def may_extend(self, today: date) -> bool:
        """Whether its time may be made longer."""
        return may_extend(self.state, today=today, due=self.due_on, extended=self.extended_to is not None)

    @property
    def last_day(self) -> date:
        """By when it has to be answered."""
        return self.extended_to or self.due_on


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Notice:
    """A recipient who has to hear what became of what they got. `name` and `place` are empty when the register does not
    know them; `known_by`: by which numbers they know the record, empty once they were told. Not printable."""

    id: str
    request_id: str
    of_tenant: str
    kind: Recipient
    name: str
    place: str
    created_at: datetime
    told_at: datetime | None
    how: How | None
    known_by: tuple[str, ...] = ()
