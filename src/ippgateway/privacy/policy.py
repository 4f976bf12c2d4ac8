"""What a payer is told before paying, read from the declarations: who receives what, where, for how long.

The version names exactly that: it changes when, and only when, what is told changes or the date is set anew. It is not
written by hand, so nobody can agree to a version that says something else than what runs (PLACE-1, COLLECT-5).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256

from ippgateway.privacy.catalogue import CARD_NUMBER, DEVICE, DIRECTORY_SERVER, IP_ADDRESS
from ippgateway.privacy.declare import MAIN, declared
from ippgateway.privacy.inventory import Field, data_map
from ippgateway.privacy.registry import tables
from ippgateway.privacy.vocabulary import Category, HeldAs, Place, Recipient, Term

IN_FORCE_SINCE = date(2026, 11, 24)
STORED_IN: frozenset[Place] = frozenset({Place.EU})
"""Where we store: hosting is in the EU and nowhere else (DISC-2)."""
PASSED_ON: Mapping[Category, frozenset[Recipient]] = {
    IP_ADDRESS: frozenset({DIRECTORY_SERVER}),
    DEVICE: frozenset({DIRECTORY_SERVER}),
}
"""What a request brings and somebody receives without our storing it with the payment: 3-D Secure tells the card's bank
which browser asks, from where (EMV 3-D Secure 2.2.0, browser fields of the AReq)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One category of what is kept about a payer: how long, and who else receives it, stored or passed on."""

    category: Category
    terms: tuple[Term, ...]
    recipients: tuple[Recipient, ...]

    @property
    def longest(self) -> Term:
        """The term after which nothing of this category is left."""
        return self.terms[-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """The policy towards payers that is in force. `version`: at most 24 letters, digits and hyphens."""

    version: str
    told: tuple[Told, ...]

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Everybody who receives anything about a payer."""
        return _recipients(told.recipients for told in self.told)

    @property
    def card_recipients(self) -> tuple[Recipient, ...]:
        """Everybody who receives the card number."""
        return _recipients(told.recipients for told in self.told if told.category == CARD_NUMBER)

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place where a payer's data may be handled, ours first."""
        return tuple(sorted(STORED_IN.union(*(r.places for r in self.recipients)), key=list(Place).index))


@cache
def for_payers() -> Policy:
    """The policy as this program's declarations make it. Payers are their shop's people, whom we serve as processor;
    of what we hold as controller, the records of visits are about them as well."""
    fields: dict[str, list[Field]] = {}
    about_payers = {table.name for table in tables(MAIN) if declared(table).about_payers}
    for database in data_map():
        for store in database.tables:
            if store.owner is not None and (store.held_as == HeldAs.PROCESSOR or store.name in about_payers):
                for field in store.fields:
                    if field.category is not None:
                        fields.setdefault(field.category.key, []).append(field)
    told = tuple(_told(alike) for alike in fields.values())
    return Policy(version=f"{IN_FORCE_SINCE:%Y-%m-%d}-{_mark(told)}", told=told)


def _told(fields: list[Field]) -> Told:
    category, terms = fields[0].category, {f.keep.key: f.keep for f in fields if f.keep is not None}
    assert category is not None  # noqa: S101 - the caller took personal fields only
    return Told(
        category=category, terms=tuple(sorted(terms.values(), key=lambda term: term.days)),
        recipients=_recipients([*(f.recipients for f in fields), PASSED_ON.get(category, frozenset())]),
    )  # fmt: skip


def _recipients(groups: Iterable[Iterable[Recipient]]) -> tuple[Recipient, ...]:
    return tuple(sorted({each for group in groups for each in group}, key=lambda each: each.key))


def _mark(told: tuple[Told, ...]) -> str:
    said = [
        [t.category.key, [[term.key, term.days] for term in t.terms], [[r.key, sorted(r.places)] for r in t.recipients]]
        for t in told
    ]
    return sha256(json.dumps([said, sorted(STORED_IN)]).encode()).hexdigest()[:8]
