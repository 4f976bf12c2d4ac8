"""What is held about a person, read from one snapshot under the purpose *own data*: each field of each row, with what
its declaration says of it. Card numbers and secrets are told of, never opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import asyncpg
from sqlalchemy import Column

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.privacy.catalogue import OWN_DATA, PSEUDONYM
from ippgateway.privacy.declare import Declaration, declaration_of, is_id, unshown
from ippgateway.privacy.persons import Box, KeyDestroyed
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person, Reached, attribute, ends_on, keepers, reached
from ippgateway.privacy.sealing import CannotOpen
from ippgateway.privacy.vocabulary import Ground, Purpose, Recipient, Words

MOST_ROWS = 500
"""Of one table; who has more is told so."""

_NOTHING: tuple[object, ...] = (None, "", b"", 0, datetime.fromtimestamp(0, UTC))


class Shown(StrEnum):
    """How a field that is held is shown."""

    OPEN = "open"
    CODE = "code"
    """A keyed code or a digest: it says nothing to anybody."""
    NEVER = "never"
    """A card number, or what proves who somebody is."""
    RESTRICTED = "restricted"
    """Kept after an erasure, for its ground alone."""
    WITHHELD = "withheld"
    """About another purchase than the one whose key was shown."""
    UNREADABLE = "unreadable"
    """Its key is destroyed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldField:
    """One stored field of one row. `ends_on`: its last day, None when an event without a date ends it. `row_goes`: an
    erasure deletes its whole row."""

    table: str
    about: Words
    column: str
    said: Declaration
    row_goes: bool
    since: datetime | None
    ends_on: date | None
    shown: Shown
    value: Secret[str]

    @property
    def uses(self) -> tuple[Purpose, ...]:
        """The purposes it is used for: of what an erasure restricted, those alone that keep it."""
        uses = self.said.uses & keepers() if self.shown is Shown.RESTRICTED else self.said.uses
        return tuple(sorted(uses, key=lambda purpose: purpose.key))

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Who gets it: of what an erasure restricted, nobody."""
        return () if self.shown is Shown.RESTRICTED else tuple(sorted(self.said.to, key=lambda r: r.key))

    @property
    def ground(self) -> Ground | None:
        """What keeps it after an erasure; None before one."""
        return self.said.sealed if self.shown is Shown.RESTRICTED else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """The record of an erasure. `kept_until`: the end of the last field that is kept, None when nothing is."""

    state: str
    asked_by: str
    begun_at: datetime
    erased_at: datetime | None
    next_at: datetime | None
    kept_until: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """Everything held about one person of one controller at one moment. `more`: tables with more rows than are told."""

    person: Person
    at: datetime
    fields: tuple[HeldField, ...]
    more: tuple[str, ...]
    erased: Erased | None


async def held(p: Platform, person: Person, *, of: frozenset[str] | None = None) -> Held:
    """Everything held about `person`. With `of`, values are shown only of rows that name one of these ids: whoever
    proved to know one purchase may not be the one who made the others."""
    box = await p.persons.open(OWN_DATA, person.controller, person.person_id)
    async with p.db.begin(OWN_DATA, tenants=[person.controller]) as tx:
        await tx.execute("set transaction isolation level repeatable read")
        erased = await _erasure(tx, person)
        found = [(each, await _rows(tx, each, person)) for each in reached()]
    reading = _Reading(box, erased, of)
    fields = tuple(f for each, rows in found for row in rows[:MOST_ROWS] for f in reading.fields(each, row))
    more = tuple(each.table.name for each, rows in found if len(rows) > MOST_ROWS)
    return Held(person=person, at=p.clock.now(), fields=fields, more=more, erased=erased)


async def _erasure(tx: Tx, person: Person) -> Erased | None:
    row = await tx.row(
        "select state, asked_by, begun_at, erased_at, next_at, kept_until from ipp.erasure "
        "where controller = $1 and person_id = $2",
        person.controller, person.person_id,
    )  # fmt: skip
    return None if row is None else Erased(**dict(row))


async def _rows(tx: Tx, each: Reached, person: Person) -> "Sequence[asyncpg.Record]":
    if not each.personal:
        return []
    read = ", ".join(c.name for c in each.table.c if not unshown(declaration_of(c)))
    key = ", ".join(c.name for c in each.table.primary_key)
    return await tx.fetch(
        f"select {read} from {each.name} where {each.where} order by {key} limit {MOST_ROWS + 1}",
        person.controller, person.person_id,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reading:
    """How one person's rows are read."""

    box: Box
    erased: Erased | None
    of: frozenset[str] | None

    def fields(self, each: Reached, row: asyncpg.Record) -> list[HeldField]:
        """The fields of a row in which something is held."""
        since = row[each.since] if each.since is not None else None
        inside = self.of is None or any(row[c.name] in self.of for c in each.table.c if is_id(c))
        return [
            HeldField(
                table=each.table.name, about=each.said.about, column=column.name, said=said,
                row_goes=each.said.goes, since=since, shown=shown, value=value,
                ends_on=ends_on(said.keep, since) if said.keep else None,
            )
            for column, said in each.personal
            if self._is_held(column, said, row)
            for shown, value in (self._read(column, said, row, inside=inside),)
        ]  # fmt: skip

    def _is_held(self, column: "Column[Any]", said: Declaration, row: asyncpg.Record) -> bool:
        if not unshown(said):
            return row[column.name] not in _NOTHING
        if self.erased is not None:
            return any(row[name] is not None for name in said.along)
        return not column.nullable or not said.along or any(row[name] is not None for name in said.along)

    def _read(
        self, column: "Column[Any]", said: Declaration, row: asyncpg.Record, *, inside: bool
    ) -> tuple[Shown, Secret[str]]:
        if unshown(said):
            return Shown.NEVER, Secret("")
        if said.category == PSEUDONYM:
            return Shown.CODE, Secret("")
        if self.erased is not None and said.stays:
            return Shown.RESTRICTED, Secret("")
        if not inside:
            return Shown.WITHHELD, Secret("")
        value = row[column.name]
        if said.sealed is None:
            return Shown.OPEN, Secret(_text(value))
        try:
            return Shown.OPEN, self.box.open(attribute(column), value)
        except (KeyDestroyed, CannotOpen):
            return Shown.UNREADABLE, Secret("")


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return str(value)
