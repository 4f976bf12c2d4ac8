"""The file that is handed over: what was asked for about whom was asked for, and not a field more.

Only the columns of the categories that the case names are read, and every row that has them. Card numbers and what
proves who somebody is can't be asked for; what an erasure has restricted has no key here. Where the case says so, what
identifies somebody directly, and every id of ours, is a code that is the same within this file and in no other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol

import asyncpg
from sqlalchemy import Column

from ippgateway.privacy.catalogue import DEVICE, FREE_TEXT, IP_ADDRESS, PSEUDONYM
from ippgateway.privacy.declare import Declaration, unshown
from ippgateway.privacy.persons import Box, KeyDestroyed
from ippgateway.privacy.rights.reach import Person, Reached, attribute, reached
from ippgateway.privacy.sealing import CannotOpen, IndexKey
from ippgateway.privacy.vocabulary import Category, Identifies
from ippgateway.privacy.zones import PLATFORM

SHAPE = 1
AT_ONCE = 1_000
"""So many rows of a table are read in one statement."""
_NOTHING: tuple[object, ...] = (None, "", b"")
_CODE_LETTERS = 10
_SAYS_WHO = frozenset({FREE_TEXT, IP_ADDRESS, DEVICE})
"""Besides what identifies directly: text may hold a name, an address leads to a home."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """What a case asks for: keys of categories, between two days, as codes or not."""

    case_id: str
    categories: frozenset[str]
    begins: date | None
    ends: date | None
    pseudonymised: bool


class Reads(Protocol):
    """What is needed of a transaction."""

    async def fetch(self, sql: str, *args: object) -> "list[asyncpg.Record]": ...


async def about(tx: Reads, index: IndexKey, person: Person, scope: Scope, box: Box) -> dict[str, Any] | None:
    """What goes out about one person: `person`, `categories` that are in it, and `data`, a list of {`table`, `row`,
    `at`, `fields`}; None when nothing of theirs is in the scope. The transaction is under `hand_over` and sees their
    tenant; codes come from `index`."""
    writing = _Writing(index, scope, box, set())
    rows = [
        row for each in reached() if (columns := _asked(each, scope))
        for found in [await _read(tx, each, columns, person, scope)]
        for row in writing.rows(each, columns, found)
    ]  # fmt: skip
    if not rows:
        return None
    return {"person": writing.coded("person", str(person)), "categories": sorted(writing.written), "data": rows}


def document(scope: Scope, kind: str, to: str, at: datetime, people: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The whole file: `shape`, `case`, `kind`, `to`, `made_at`, `categories`, `from`, `until`, `pseudonymised`,
    `people`."""
    return {
        "shape": SHAPE, "case": scope.case_id, "kind": kind, "to": to, "made_at": at.astimezone(UTC).isoformat(),
        "categories": sorted(scope.categories), "from": scope.begins.isoformat() if scope.begins else None,
        "until": scope.ends.isoformat() if scope.ends else None, "pseudonymised": scope.pseudonymised,
        "people": list(people),
    }  # fmt: skip


_Columns = tuple[tuple["Column[Any]", Declaration, Category], ...]


def _asked(each: Reached, scope: Scope) -> _Columns:
    return tuple(
        (column, said, said.category)
        for column, said in each.personal
        if said.category and said.category.key in scope.categories and said.category != PSEUDONYM and not unshown(said)
    )


async def _read(
    tx: Reads, each: Reached, columns: _Columns, person: Person, scope: Scope
) -> "list[asyncpg.Record]":  # fmt: skip
    """Every row in the scope, some at a time. What is silenced, such as who was given what in another case, stays."""
    key = [c.name for c in each.table.primary_key if c.name != each.said.tenant]
    names = dict.fromkeys([*key, *(c.name for c, _, _ in columns), *filter(None, (each.since,))])
    begins = datetime.combine(scope.begins, time(), UTC) if scope.begins else None
    ends = datetime.combine(scope.ends + timedelta(days=1), time(), UTC) if scope.ends else None
    within = f" and ($3::timestamptz is null or {each.since} >= $3) and ($4::timestamptz is null or {each.since} < $4)"
    silenced = f" and {each.said.restricted} is null" if each.said.restricted else ""
    asked = [person.rows_of, person.person_id, *((begins, ends) if each.since else ())]
    beyond = ", ".join(f"${len(asked) + n}" for n in range(1, len(key) + 1))
    rows: list[asyncpg.Record] = []
    more = ""
    while True:
        found = await tx.fetch(
            f"select {', '.join(names)} from {each.name} where {each.where}{within if each.since else ''}{silenced}"
            f"{more} order by {', '.join(key) or '1'} limit {AT_ONCE}",
            *asked, *(rows[-1][name] for name in key if more),
        )  # fmt: skip
        rows += found
        if len(found) < AT_ONCE or not key:
            return rows
        more = f" and ({', '.join(key)}) > ({beyond})"


@dataclass(frozen=True, slots=True)
class _Writing:
    """How one person's rows are written."""

    index: IndexKey
    scope: Scope
    box: Box
    written: set[str]
    """Keys of the categories of which something was written."""

    def rows(self, each: Reached, columns: _Columns, found: "Iterable[asyncpg.Record]") -> Iterable[dict[str, Any]]:
        """The rows in which there is anything."""
        for row in found:
            fields = {c.name: value for c, said, of in columns if (value := self._value(c, said, of, row[c.name]))}
            if fields:
                key = [str(row[c.name]) for c in each.table.primary_key if c.name != each.said.tenant]
                at = row[each.since] if each.since else None
                yield {
                    "table": each.table.name, "row": [self.coded("id", part) for part in key],
                    "at": at.astimezone(UTC).isoformat() if at else None, "fields": fields,
                }  # fmt: skip

    def coded(self, what: str, text: str) -> str:
        """An id as it goes out."""
        return self._code(what, text) if self.scope.pseudonymised else text

    def _value(self, column: "Column[Any]", said: Declaration, category: Category, value: object) -> str | None:
        if value in _NOTHING:
            return None
        text = str(value)
        if said.sealed is not None:
            try:
                text = self.box.open(attribute(column), value if isinstance(value, bytes) else None).open()
            except (KeyDestroyed, CannotOpen):
                return None
        self.written.add(category.key)
        says_who = category.identifies is Identifies.DIRECTLY or category in _SAYS_WHO
        return self._code(category.key, text) if self.scope.pseudonymised and says_who else text

    def _code(self, what: str, text: str) -> str:
        return self.index.letters(PLATFORM, f"disclosure.{self.scope.case_id}.{what}", text, _CODE_LETTERS)
