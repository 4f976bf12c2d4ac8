"""The one verb by which staff read personal data: the look is on record before anything is shown (DISC-1).

What a purpose shows follows from the declarations: every field that names it among its uses, and no other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import asyncpg
from sqlalchemy import Column

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.privacy.catalogue import PSEUDONYM
from ippgateway.privacy.declare import Declaration, declaration_of, readable
from ippgateway.privacy.looks.models import Look
from ippgateway.privacy.persons import Box, KeyDestroyed
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person, Reached, attribute, reached
from ippgateway.privacy.sealing import CannotOpen
from ippgateway.privacy.vocabulary import Purpose, Words

LONGEST_REASON = 400
_SHORTEST_REASON = 8
_MOST_ROWS = 50


class Why(StrEnum):
    """What a look can be for; in words: `WHY`."""

    ASKED = "asked"
    FAULT = "fault"
    MISUSE = "misuse"
    REQUEST = "request"


WHY: dict[Why, Words] = {
    Why.ASKED: Words(en="they asked us for help", da="de bad os om hjælp"),
    Why.FAULT: Words(en="a fault was looked into", da="en fejl blev undersøgt"),
    Why.MISUSE: Words(en="a suspicion of misuse was looked into", da="en mistanke om misbrug blev undersøgt"),
    Why.REQUEST: Words(en="a request about their data was answered", da="en anmodning om deres data blev besvaret"),
}


class BadReason(ValueError):
    """No reason, or one that says nothing: nothing is shown."""


class NobodyThere(LookupError):
    """There is nobody by that id whom the purpose may see, or nothing of theirs can be read any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Looker:
    """Who looks: a member of staff, and the emergency access that opened it when their role does not."""

    user_id: str
    emergency_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class SeenField:
    """A field with its value. Not printable."""

    table: str
    column: str
    said: Declaration
    value: Secret[str]
    at: datetime | None = None
    """The value itself, of a moment."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class SeenRow:
    """One row of one table. `plain`: what it says that is about nobody, by column."""

    table: str
    about: Words
    fields: tuple[SeenField, ...]
    plain: dict[str, Any]

    @property
    def at(self) -> datetime | None:
        """The first moment among its fields."""
        return next((field.at for field in self.fields if field.at is not None), None)

    @property
    def beside(self) -> str:
        """What its other fields say, in a line."""
        return ", ".join(field.value.open() for field in self.fields if field.at is None)


_Wanted = tuple[Reached, tuple["Column[Any]", ...], tuple["Column[Any]", ...]]
"""A table, the fields that are shown, and the plain columns that say how a row stands."""


def fields_of(purpose: Purpose) -> Iterator[_Wanted]:
    """Each table that a purpose shows something of, and what."""
    for each in reached():
        access = each.said.access_of(purpose)
        may = readable(each.table, access) if access is not None else ()
        shown = tuple(c for c, said in each.personal if c.name in may and said.category != PSEUDONYM)
        beside = (c for c in each.table.c if c.name in may and declaration_of(c).category is None)
        if shown:
            yield each, shown, tuple(c for c in beside if not declaration_of(c).links)


async def look(
    p: Platform, *, by: Looker, purpose: Purpose, person: Person, why: Why, reason: str
) -> tuple[SeenRow, ...]:
    """What the purpose may show of one person, newest rows first, once the look is on record for the person to see.

    Record and reading are one transaction: what can't be recorded is not read. Raises BadReason, NobodyThere.
    """
    said = " ".join(reason.split())
    if not _SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise BadReason
    box = await p.persons.open(purpose, person.controller, person.person_id)
    wanted = tuple(fields_of(purpose))
    try:
        async with p.db.begin(purpose, tenants=[person.rows_of]) as tx:
            read = [(each, shown, await _rows(tx, each, (*shown, *beside), person)) for each, shown, beside in wanted]
            found = [(each, shown, rows) for each, shown, rows in read if rows]
            if not found:
                raise NobodyThere
            named = ",".join(f"{each.table.name}.{column.name}" for each, shown, _ in found for column in shown)
            await _note(tx, p, by, purpose, person, why, named, box.seal(Look.reason, said))
    except KeyDestroyed:
        raise NobodyThere from None
    return tuple(_seen(box, each, shown, row) for each, shown, rows in found for row in rows)


async def _note(
    tx: Tx, p: Platform, by: Looker, purpose: Purpose, person: Person, why: Why, fields: str, reason: bytes | None
) -> None:
    await tx.execute(
        "insert into ipp.look (tenant_id, id, person_id, by_id, purpose, why, emergency_id, at, shown, reason) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        person.rows_of, p.ids.new(), person.person_id, by.user_id, purpose.key, why.value, by.emergency_id,
        p.clock.now(), fields, reason,
    )  # fmt: skip


async def _rows(
    tx: Tx, each: Reached, columns: tuple["Column[Any]", ...], person: Person
) -> "Sequence[asyncpg.Record]":
    read = [column.name for column in columns]
    newest = f"order by {each.since} desc" if each.since in read else ""
    return await tx.fetch(
        f"select {', '.join(read)} from {each.name} where {each.where} {newest} limit {_MOST_ROWS}",
        person.rows_of, person.person_id,
    )  # fmt: skip


def _seen(box: Box, each: Reached, shown: tuple["Column[Any]", ...], row: asyncpg.Record) -> SeenRow:
    fields = (_field(box, each, column, row[column.name]) for column in shown)
    return SeenRow(
        table=each.table.name, about=each.said.about,
        plain={name: value for name, value in row.items() if name not in {column.name for column in shown}},
        fields=tuple(field for field in fields if field.value.open()),
    )  # fmt: skip


def _field(box: Box, each: Reached, column: "Column[Any]", value: Any) -> SeenField:
    said, table = next(d for c, d in each.personal if c is column), each.table.name
    if said.sealed is None:
        moment = value if isinstance(value, datetime) else None
        text = "" if value is None else str(value)
        return SeenField(table=table, column=column.name, said=said, value=Secret(text), at=moment)
    try:
        opened = box.open(attribute(column), value)
    except (KeyDestroyed, CannotOpen):
        opened = Secret("")
    return SeenField(table=table, column=column.name, said=said, value=opened)
