"""The register of recipients as a process knows it, and the question whether something may be handed over.

The rules are here and nowhere else: the gate asks `admit` before each hand-over. What the register says is read when a
process starts and every few seconds; an entry that has ended is refused by the clock, however old the copy is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from ippgateway.core.database import Database, PurposeLike, Tx
from ippgateway.privacy import catalogue
from ippgateway.privacy.catalogue import CARD_NUMBER, PAYMENT_RECIPIENTS, RECIPIENTS
from ippgateway.privacy.declare import MAIN, declaration_of
from ippgateway.privacy.disclosure.places import TOOLS, place_of
from ippgateway.privacy.policy import PASSED_ON
from ippgateway.privacy.registry import tables
from ippgateway.privacy.vocabulary import Basis, Category, Place, Purpose, Recipient

KINDS: Mapping[str, Recipient] = {kind.key: kind for kind in RECIPIENTS}
CATEGORIES: Mapping[str, Category] = {each.key: each for each in vars(catalogue).values() if isinstance(each, Category)}
_COLUMNS = (
    "id, kind, name, place, purposes, categories, contract, transfer_tool, measures, valid_from, valid_to, created_at"
)


class Why(StrEnum):
    """Why something is not handed over."""

    NOT_REGISTERED = "nobody of this kind is in the register"
    NOT_IN_FORCE = "the entry is not in force yet, or no more"
    PURPOSE = "not for this purpose"
    FIELDS = "the recipient may not have all of these fields"
    PLACE = "this kind of recipient may not be in that place"
    NO_TOOL = "outside the EEA without a transfer tool and measures on record"
    NO_CONSENT = "only with the person's recorded consent"
    RESTRICTED = "the person's data is restricted"


class NotHandedOver(Exception):
    """The gate is shut for this. No byte left."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One recipient, as the register has it."""

    id: str
    kind: str
    name: str
    place: str
    purposes: tuple[str, ...]
    categories: tuple[str, ...]
    contract: str
    transfer_tool: str = ""
    measures: str = ""
    valid_from: datetime
    valid_to: datetime | None = None
    created_at: datetime | None = None

    def in_force(self, now: datetime) -> bool:
        """Whether it may receive anything at this moment."""
        return self.valid_from <= now and (self.valid_to is None or now < self.valid_to)

    def refusal(self, purpose: PurposeLike, categories: Iterable[Category], now: datetime) -> Why | None:
        """Why this is not handed over to it; None when nothing stands against it. Consent and restriction are the
        person's, and asked for apart."""
        kind = KINDS.get(self.kind)
        if kind is None or not self.in_force(now):
            return Why.NOT_IN_FORCE
        if purpose.key not in self.purposes:
            return Why.PURPOSE
        asked = {category.key for category in categories}
        if not asked <= set(self.categories) or not (kind.by_case or asked <= _keys(declared_for(kind))):
            return Why.FIELDS
        place = place_of(self.place)
        if place not in kind.places:
            return Why.PLACE
        if place is not Place.EU and not (self.transfer_tool in TOOLS and self.measures):
            return Why.NO_TOOL
        return None


def needs_consent(kind: Recipient, purpose: Purpose, categories: frozenset[Category]) -> bool:
    """Whether the person must have agreed first: to whatever serves a purpose that rests on consent (BASIS-3), and to a
    card number beyond the payment's own recipients (CARD-4). What says nothing about anybody needs no yes."""
    if purpose.basis is Basis.CONSENT:
        return bool(categories)
    return CARD_NUMBER in categories and kind not in PAYMENT_RECIPIENTS


@cache
def declared_for(kind: Recipient) -> frozenset[Category]:
    """What the declarations let this kind have: the categories of columns that name it, and what is passed on without
    being stored. There is no list besides."""
    said = (declaration_of(column) for table in tables(MAIN) for column in table.c)
    stored = {each.category for each in said if each.category is not None and kind in each.to}
    return frozenset(stored | {category for category, to in PASSED_ON.items() if kind in to})


def _keys(categories: Iterable[Category]) -> set[str]:
    return {category.key for category in categories}


class Register:
    """The entries, as they were when they were last read."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = tuple(entries)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them, ended ones too."""
        return self._entries

    async def start(self, db: Database, purpose: PurposeLike) -> None:
        """Read it, and read it again now and then."""
        async with db.begin(purpose) as tx:
            self._entries = tuple(await entries(tx))

    def admit(
        self, kind: Recipient, purpose: Purpose, categories: frozenset[Category], now: datetime, *, named: str = ""
    ) -> Entry:
        """The entry that may have these categories for this purpose now. `named`: this one and no other of its kind.

        Raises NotHandedOver, with the reason of the last that was looked at.
        """
        why = Why.NOT_REGISTERED
        for entry in self._entries:
            if entry.kind != kind.key or (named and entry.id != named):
                continue
            refused = entry.refusal(purpose, categories, now)
            if refused is None:
                return entry
            why = refused
        raise NotHandedOver(why)


async def entries(tx: Tx) -> list[Entry]:
    """Every entry of the register, the newest of a kind first."""
    rows = await tx.fetch(f"select {_COLUMNS} from ipp.recipient order by kind, valid_from desc, id")
    return [
        Entry(**{**dict(row), "purposes": tuple(row["purposes"]), "categories": tuple(row["categories"])})
        for row in rows
    ]


async def enter(tx: Tx, entry: Entry, *, at: datetime) -> None:
    """Add an entry. Whether it could ever receive anything was asked before (`could_receive`)."""
    await tx.execute(
        f"insert into ipp.recipient ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        entry.id, entry.kind, entry.name, entry.place, list(entry.purposes), list(entry.categories), entry.contract,
        entry.transfer_tool, entry.measures, entry.valid_from, entry.valid_to, at,
    )  # fmt: skip


async def end(tx: Tx, *, entry_id: str, at: datetime) -> bool:
    """From this moment on it receives nothing. Whether there was such an entry in force."""
    return bool(await tx.execute(
        "update ipp.recipient set valid_to = $2 where id = $1 and valid_from < $2 "
        "and (valid_to is null or valid_to > $2)", entry_id, at,
    ))  # fmt: skip


async def in_force(tx: Tx, entry_id: str, at: datetime) -> bool:
    """Whether this entry may receive anything at that moment, as the table has it now."""
    return bool(await tx.value(
        "select 1 from ipp.recipient where id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2)",
        entry_id, at,
    ))  # fmt: skip


def could_receive(entry: Entry) -> Why | None:
    """Why the entry would never be handed anything, as it is written; None when it may stand."""
    purposes = [_Named(key) for key in entry.purposes]
    if not purposes:
        return Why.PURPOSE
    if not set(entry.categories) <= CATEGORIES.keys():
        return Why.FIELDS
    categories = [CATEGORIES[key] for key in entry.categories]
    return entry.refusal(purposes[0], categories, entry.valid_from)


@dataclass(frozen=True, slots=True)
class _Named:
    key: str
