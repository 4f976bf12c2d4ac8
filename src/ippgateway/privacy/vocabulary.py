"""The words of the declarations: categories, bases, purposes, grounds, terms, recipients.

Each carries its key in a public vocabulary, so that an inventory can be compared with others: Fideslang (`user.…`,
`essential.…`) for categories and purposes, the Data Privacy Vocabulary (`dpv:…`) for bases, terms and recipients.
Both languages stand beside each other; a missing one fails at import.
"""

from dataclasses import dataclass
from enum import StrEnum


class Undeclared(TypeError):
    """A stored field or table says too little about itself; the program does not start."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What people read, in English and Danish, each written as an original."""

    en: str
    da: str

    def __post_init__(self) -> None:
        if not self.en.strip() or not self.da.strip():
            raise ValueError("both languages stand at the declaration; one is missing")

    def under(self, operator: str) -> "Words":
        """The same, where it says `{operator}`, under the name of whoever runs the Platform (BRAND-1)."""
        return Words(en=self.en.replace("{operator}", operator), da=self.da.replace("{operator}", operator))


class Identifies(StrEnum):
    """How a field identifies somebody (SCOPE-4)."""

    DIRECTLY = "directly"
    INDIRECTLY = "indirectly"
    NOT = "not personal"


class Basis(StrEnum):
    """Legal bases of GDPR Article 6(1), by their key in the Data Privacy Vocabulary."""

    CONSENT = "dpv:Consent"
    CONTRACT = "dpv:Contract"
    LEGAL_OBLIGATION = "dpv:LegalObligation"
    LEGITIMATE_INTEREST = "dpv:LegitimateInterest"


class HeldAs(StrEnum):
    """In which part we hold a field: for ourselves, or for a customer who decides."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"


class SaleOfPersonalData(ValueError):
    """Somebody declared a purpose or recipient for value. Personal data is never sold (DISC-11)."""


def refuse_sale(in_return_for: str) -> None:
    """The one place that decides it: nothing of value may stand against personal data. Raises SaleOfPersonalData."""
    if in_return_for:
        raise SaleOfPersonalData("personal data is never sold")


class Source(StrEnum):
    """Where a field comes from (GDPR Articles 14(2)(f), 15(1)(g)). A portable copy has what the person gave."""

    PERSON = "person"
    SHOP = "shop"
    BANK = "bank"
    """The person's own bank, or the card scheme between us."""
    OBSERVED = "observed"
    DERIVED = "derived"
    STAFF = "staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    """A kind of personal data. `source`: where it comes from, unless a column says otherwise."""

    key: str
    fideslang: str
    identifies: Identifies
    words: Words
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Purpose:
    """Why data is used. A purpose is a database role: `key` names it."""

    key: str
    basis: Basis
    fideslang: str
    promise: str
    words: Words
    in_return_for: str = ""

    def __post_init__(self) -> None:
        refuse_sale(self.in_return_for)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What keeps a sealed field: each person has a key per ground, and the field dies with that key.

    `retained`: the ground of RETAIN-3 on which fields of this kind outlive an erasure, restricted; None when they end
    with it.
    """

    key: str
    words: Words
    retained: Words | None = None


class KeptFor(StrEnum):
    """The grounds on which data outlives an erasure or a term: those that the policy names, and no other (RETAIN-3)."""

    BUSINESS = "business"
    LAW = "law"
    FRAUD = "fraud"
    FEES = "fees"
    DISPUTE = "dispute"
    TROUBLESHOOTING = "troubleshooting"
    INVESTIGATION = "investigation"
    TERMS = "terms"
    OTHER = "other"


class Trigger(StrEnum):
    """From which moment a term is counted. A table's declaration says where that moment stands."""

    FIXED = "fixed"
    """The row's own moment: when it was written."""
    FINANCIAL_YEAR = "financial year"
    """The end of the financial year (the calendar year) of the row's own moment."""
    DISPUTE_WINDOW = "dispute window"
    """The row's own moment, from which the card schemes count the time for a dispute."""
    LAST_ACTIVITY = "last activity"
    """The newest row that refers to this one; the row's own moment when there is none."""
    SESSION_END = "session end"
    ACCOUNT_END = "account end"
    CONTRACT_END = "contract end"


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """How long a field is kept: `days` after `trigger`, which says in words what `counted` decides by.

    `financial_years`: whole years from the end of the financial year (the calendar year) of the record; `days` is then
    the longest that they can last.
    """

    key: str
    dpv: str
    trigger: str
    days: int
    statute: str
    words: Words
    financial_years: int = 0
    counted: Trigger = Trigger.FIXED

    def __post_init__(self) -> None:
        if bool(self.financial_years) != (self.counted is Trigger.FINANCIAL_YEAR):
            raise ValueError("financial years are counted from the end of one")


class Place(StrEnum):
    """Where a recipient may be (DISC-2). The EU stands for the EEA, where the same law binds."""

    EU = "EU"
    US = "US"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """A kind of outsider that may be handed data, with the promise that names it and its allowed places.

    `by_case`: it gets nothing but what a case hands over, which two people have approved (DISC-3 to DISC-10).
    """

    key: str
    dpv: str
    promise: str
    places: frozenset[Place]
    words: Words
    by_case: bool = False
    in_return_for: str = ""

    def __post_init__(self) -> None:
        refuse_sale(self.in_return_for)
