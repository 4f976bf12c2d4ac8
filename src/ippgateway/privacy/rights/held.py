"""What is held about a person, read from one snapshot under the purpose *own data*: each field of each row, with what
its declaration says of it. Card numbers and secrets are told of, never opened. Our staff, whose rows that purpose never
sees, are answered under the one that does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import asyncpg
from sqlalchemy import Column

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.privacy.catalogue import EMAIL, OWN_DATA, PSEUDONYM, STAFF_ACCOUNT
from ippgateway.privacy.declare import Access, Declaration, declaration_of, is_id, readable, unshown
from ippgateway.privacy.disclosure.records import Received, received
from ippgateway.privacy.looks.told import Looked, looked
from ippgateway.privacy.persons import Box, KeyDestroyed
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights import holds
from ippgateway.privacy.rights.erase import HELD
from ippgateway.privacy.rights.reach import Person, Reached, attribute, ends_on, keepers, reached, said_in
from ippgateway.privacy.sealing import CannotOpen
from ippgateway.privacy.vocabulary import Ground, KeptFor, Purpose, Recipient, Words

MOST_ROWS = 500
"""Of one table; who has more is told so."""
MOST_OF_ALL = 100_000
"""The same where somebody is given all of it, as a copy."""
MOMENT = "%Y-%m-%d %H:%M:%S UTC"
"""How a value that is a moment is written."""

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
    TOLD = "told"
    """By its declaration alone: whoever asks did not prove to be the one whom its value is about."""
    UNREADABLE = "unreadable"
    """Its key is destroyed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldField:
    """One stored field of one row. `ends_on`: its last day, None when an event without a date ends it. `row_goes`: an
    erasure deletes its whole row. `row`: which row, by its key without the tenant; of what is told once, whatever rows
    there are, nothing. `beside`: plain columns of the row that are told with it, such as what was paid, by name."""

    table: str
    about: Words
    column: str
    said: Declaration
    row_goes: bool
    row: tuple[object, ...]
    since: datetime | None
    ends_on: date | None
    shown: Shown
    value: Secret[str]
    beside: tuple[tuple[str, str], ...] = ()

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
    """Everything held about one person of one controller at one moment. `more`: tables with more rows than are told.
    `on_hold`: the ground and last day of a legal hold that keeps all of it from being erased. `received`: who outside
    was given what; `looks`: when our staff looked."""

    person: Person
    at: datetime
    fields: tuple[HeldField, ...]
    more: tuple[str, ...]
    erased: Erased | None
    on_hold: tuple[KeptFor, date] | None = None
    received: tuple[Received, ...] = ()
    looks: tuple[Looked, ...] = ()


async def held(p: Platform, person: Person, *, values: bool = True, whole: bool = False) -> Held:
    """Everything held about `person`. Without `values` nothing is opened, and each field is told once and timeless.
    `whole`: all rows, however many, for whoever is given a copy."""
    box = await p.persons.open(OWN_DATA, person.controller, person.person_id) if values else None
    most = MOST_OF_ALL if whole else MOST_ROWS
    there = await _found(p, person, None, most)
    reading = _Reading(person.rows_of, box, there.erased, most)
    read = [reading.all_of(each, rows) for each, rows in there.rows]
    fields = tuple(f for of_table in read for f in (of_table if values else _once(of_table)))
    return Held(
        person=person, at=p.clock.now(), fields=fields, more=there.more, erased=there.erased, on_hold=there.on_hold,
        received=there.received, looks=there.looks,
    )  # fmt: skip


async def held_of_staff(p: Platform, person: Person) -> Held:
    """Everything held about one of our staff, for them, under the purpose that runs their account: no other sees their
    rows. What it does not read is told by its declaration; erasures, hand-overs and looks it does not read at all."""
    box = await p.persons.open(STAFF_ACCOUNT, person.controller, person.person_id)
    async with p.db.begin(STAFF_ACCOUNT, tenants=[person.rows_of]) as tx:
        await tx.execute("set transaction isolation level repeatable read")
        there = await _all_rows(tx, person, None, MOST_ROWS, STAFF_ACCOUNT)
    reading = _Reading(person.rows_of, box, None, MOST_ROWS)
    return Held(
        person=person, at=p.clock.now(), fields=tuple(f for each, rows in there for f in reading.all_of(each, rows)),
        more=_more(there, MOST_ROWS), erased=None,
    )  # fmt: skip


async def held_of_purchase(p: Platform, person: Person, *, of: frozenset[str], values: bool) -> Held:
    """What is held of one purchase: of rows that name one of the ids `of`, for whoever knows the key of that one alone.

    Other purchases are left out, and with them whatever would say that there are any. So the person's own row, and rows
    about payers that name no purchase, are told by their declarations, be there anything or not; its only value is the
    address that came with this purchase as well. Without `values` nothing is opened, and each field is told once and
    timeless.
    """
    box = await p.persons.open(OWN_DATA, person.controller, person.person_id) if values else None
    there = await _found(p, person, of, MOST_ROWS)
    erased = there.erased
    reading = _Reading(person.rows_of, box, erased, MOST_ROWS)
    fields: list[HeldField] = []
    for each, rows in there.rows:
        read = reading.all_of(each, rows)
        if _is_of_a_purchase(each):
            fields += read if values else _once(read)
        elif erased is None:
            known = {f.column: f for f in read if f.said.category == EMAIL}
            fields += [_timeless(known.get(c.name) or _declared(each, c, said)) for c, said in each.personal]
    if erased is not None and erased.state != HELD:  # the end of this purchase, not of the newest
        last = max((f.ends_on for f in fields if f.ends_on is not None), default=None)
        erased = replace(erased, kept_until=last)
    return Held(
        person=person, at=p.clock.now(), fields=tuple(fields), more=there.more, erased=erased, on_hold=there.on_hold
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _There:
    """What one snapshot has of a person, still sealed. `more`: tables of which there is more than `rows`."""

    rows: "_Rows"
    more: tuple[str, ...]
    erased: Erased | None
    on_hold: tuple[KeptFor, date] | None
    received: tuple[Received, ...]
    looks: tuple[Looked, ...]


async def _found(p: Platform, person: Person, of: frozenset[str] | None, most: int) -> _There:
    async with p.db.begin(OWN_DATA, tenants=list({person.controller, person.rows_of})) as tx:
        await tx.execute("set transaction isolation level repeatable read")
        rows = await _all_rows(tx, person, of, most, OWN_DATA)
        return _There(
            rows=rows, more=_more(rows, most),
            erased=await _erasure(tx, person), on_hold=await holds.over_person(tx, person, p.clock.now()),
            received=() if of is not None else await received(tx, person),
            looks=() if of is not None else await looked(tx, person),
        )  # fmt: skip


def _is_the_person(each: Reached) -> bool:
    """Whether a table has one row for each person, whatever they bought."""
    return {c.name for c in each.table.primary_key} == {each.said.tenant, each.said.owner}


def _is_of_a_purchase(each: Reached) -> bool:
    """Whether every row belongs to one purchase: what is held for a shop does, but for the person's own row."""
    return not _is_the_person(each) and (not each.said.about_payers or "checkout_id" in each.table.c)


def _declared(each: Reached, column: "Column[Any]", said: Declaration) -> HeldField:
    return HeldField(
        table=each.table.name, about=each.said.about, column=column.name, said=said, row_goes=each.said.goes,
        row=(), since=None, ends_on=None, shown=Shown.TOLD, value=Secret(""),
    )  # fmt: skip


def _timeless(field: HeldField) -> HeldField:
    return replace(field, row=(), since=None, ends_on=None, beside=())


def _once(fields: Iterable[HeldField]) -> list[HeldField]:
    return list({(f.column, f.shown): _timeless(f) for f in fields}.values())


async def _erasure(tx: Tx, person: Person) -> Erased | None:
    row = await tx.row(
        "select state, asked_by, begun_at, erased_at, next_at, kept_until from ipp.erasure "
        "where controller = $1 and person_id = $2",
        person.controller, person.person_id,
    )  # fmt: skip
    return None if row is None else Erased(**dict(row))


_Rows = list[tuple[Reached, "Sequence[asyncpg.Record]"]]


async def _all_rows(tx: Tx, person: Person, of: frozenset[str] | None, most: int, under: Purpose) -> _Rows:
    """The rows of every table about people that a purpose sees."""
    seen = [(each, access) for each in reached() if (access := each.said.access_of(under)) is not None]
    return [(each, await _rows(tx, each, person, of, most, access)) for each, access in seen]


def _more(rows: _Rows, most: int) -> tuple[str, ...]:
    return tuple(each.table.name for each, found in rows if len(found) > most)


async def _rows(
    tx: Tx, each: Reached, person: Person, of: frozenset[str] | None, most: int, access: Access
) -> "Sequence[asyncpg.Record]":
    if not each.personal:
        return []
    where, asked = each.where, list[object]((person.rows_of, person.person_id))
    if of is not None and not _is_the_person(each):
        where += f" and ({' or '.join(f'{name} = any($3)' for name in _naming(each))})"
        asked.append(sorted(of))
    seen = readable(each.table, access)
    read = ", ".join(c.name for c in each.table.c if c.name in seen and not unshown(declaration_of(c)))
    key = ", ".join(c.name for c in each.table.primary_key)
    return await tx.fetch(f"select {read} from {each.name} where {where} order by {key} limit {most + 1}", *asked)


def _naming(each: Reached) -> list[str]:
    """The columns by which a row names what it belongs to, `id` and `…_id`; `recurring_of` names another purchase."""
    return [c.name for c in each.table.c if is_id(c) and c.name.endswith("id")]


@dataclass(frozen=True, slots=True)
class _Reading:
    """How one person's rows are read. `tenant`: whose rows they are; `box`: none when no value is to be shown."""

    tenant: str
    box: Box | None
    erased: Erased | None
    most: int

    def all_of(self, each: Reached, rows: "Sequence[asyncpg.Record]") -> list[HeldField]:
        """The fields of a table's rows, as many as are told."""
        return [field for row in rows[: self.most] for field in self.fields(each, row)]

    def fields(self, each: Reached, row: asyncpg.Record) -> list[HeldField]:
        """The fields of a row in which something is held."""
        since = row[each.since] if each.since is not None else None
        key = tuple(row[c.name] for c in each.table.primary_key if c.name != each.said.tenant)
        told = [
            HeldField(
                table=each.table.name, about=each.said.about, column=column.name,
                said=said_in(each.said, said, self.tenant), row_goes=each.said.goes, row=key, since=since,
                shown=shown, value=value,
                ends_on=ends_on(said.keep, since) if said.keep else None,
            )
            for column, said in each.personal
            if self._is_held(column, said, row)
            for shown, value in (self._read(column, said, row),)
        ]  # fmt: skip
        return self._with_plain(each, row, told)

    def _with_plain(self, each: Reached, row: asyncpg.Record, told: list[HeldField]) -> list[HeldField]:
        """What the row says besides, at one field of its category, or of the row where none of that is held."""
        if self.box is None or self.erased is not None or not told:
            return told
        for column in each.table.c:
            category = declaration_of(column).told
            if category is None or column.name not in row or row[column.name] in _NOTHING:
                continue
            at = next((n for n, field in enumerate(told) if field.said.category == category), 0)
            told[at] = replace(told[at], beside=(*told[at].beside, (column.name, _text(row[column.name]))))
        return told

    def _is_held(self, column: "Column[Any]", said: Declaration, row: asyncpg.Record) -> bool:
        if column.name in row:
            return row[column.name] not in _NOTHING
        if self.erased is not None:
            return any(row[name] is not None for name in said.along)
        return not column.nullable or not said.along or any(row[name] is not None for name in said.along)

    def _read(self, column: "Column[Any]", said: Declaration, row: asyncpg.Record) -> tuple[Shown, Secret[str]]:
        if unshown(said):
            return Shown.NEVER, Secret("")
        if said.category == PSEUDONYM:
            return Shown.CODE, Secret("")
        if self.erased is not None and (said.stays or self.erased.state == HELD):
            return Shown.RESTRICTED, Secret("")
        if self.box is None or column.name not in row:
            return Shown.TOLD, Secret("")
        value = row[column.name]
        if said.sealed is None:
            return Shown.OPEN, Secret(_text(value))
        try:
            return Shown.OPEN, self.box.open(attribute(column), value)
        except (KeyDestroyed, CannotOpen):
            return Shown.UNREADABLE, Secret("")


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime(MOMENT)
    return str(value)
