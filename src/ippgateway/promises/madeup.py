"""People who do not exist, for trying out what our own functions do with somebody's data: every table has one row about
them, with a word of its own in each field, sealed or not as it is declared."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Column, Date, DateTime

from ippgateway.core.clock import Clock
from ippgateway.core.ids import Ids, Randomness
from ippgateway.privacy.catalogue import BOOKKEEPING, SERVICE, VAULT
from ippgateway.privacy.declare import MAIN, declaration_of
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person, attribute
from ippgateway.privacy.sealing import KEY_OCTETS, IndexKey, SealingKey
from ippgateway.privacy.zones import PLATFORM

if TYPE_CHECKING:
    import asyncpg

SOMEBODY = Person(PLATFORM, "made-up-0001", "made-up-0000")
_SELECT = re.compile(r"select (.+?) from ipp\.(\w+) ", re.DOTALL)
_MOMENT = datetime(2030, 6, 1, tzinfo=UTC)


def word(category: str) -> str:
    """What stands in each field of a category."""
    return f"canary-{category}-canary"


class Rows:
    """Stands for a transaction: reads find rows about somebody who does not exist; what is written goes into
    `written`, unless it may not be: then nothing can be."""

    def __init__(self, randomness: Randomness, *, writable: bool = True) -> None:
        keys = {ground.key: SealingKey(randomness.octets(KEY_OCTETS)) for ground in (SERVICE, BOOKKEEPING, VAULT)}
        self.box = Box(SOMEBODY.controller, SOMEBODY.person_id, keys, randomness)
        self.index = IndexKey(randomness.octets(KEY_OCTETS))
        self.read: list[str] = []
        self.written: list[tuple[str, tuple[object, ...]]] = []
        self._writable = writable

    async def fetch(self, sql: str, *_: object) -> "list[asyncpg.Record]":
        """One row with what is asked for."""
        found = _SELECT.match(sql)
        if found is None:
            raise ValueError("only a plain select finds somebody who does not exist")
        columns, table = found.group(1).split(", "), MAIN.tables[f"ipp.{found.group(2)}"]
        self.read += [f"{table.name}.{name}" for name in columns]
        return cast("list[asyncpg.Record]", [{name: self._value(table.c[name]) for name in columns}])

    async def execute(self, sql: str, *said: object) -> int:
        """Note it."""
        if not self._writable:
            raise OSError("nothing can be written")
        self.written.append((sql, said))
        return 1

    def _value(self, column: "Column[Any]") -> Any:
        said = declaration_of(column)
        if isinstance(column.type, DateTime | Date):
            return _MOMENT
        if said.category is None:
            return column.name
        text = word(said.category.key)
        return text if said.sealed is None else self.box.seal(attribute(column), text)

    def platform(self, clock: Clock, randomness: Randomness) -> Platform:
        """A Platform whose only transaction this is."""

        @asynccontextmanager
        async def begin(_purpose: object, *, tenants: Sequence[str] = ()) -> AsyncIterator[Rows]:
            yield self

        async def open_(_purpose: object, _controller: str, _person_id: str) -> Box:
            return self.box

        return cast("Platform", SimpleNamespace(
            db=SimpleNamespace(begin=begin), persons=SimpleNamespace(open=open_, index=self.index), clock=clock,
            ids=Ids(clock, randomness),
        ))  # fmt: skip
