"""What the live tables themselves refuse, found out on rows that are made up: each condition that the database keeps is
read from its catalogue and tried by the server on a row that nobody stores. A condition that was dropped, loosened or
suspended is noticed by what it lets through."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ARRAY, Boolean, Column, Date, DateTime, Integer, LargeBinary, String

from ippgateway.core.connections import Connection
from ippgateway.privacy.declare import MAIN
from ippgateway.privacy.zones import Zone
from ippgateway.promises.context import Context

Made = Mapping[str, Any]
"""A row by column, each value as JSON has it."""

_CHECKS = (
    "select c.conname as name, pg_get_expr(c.conbin, c.conrelid) as condition from pg_constraint c "
    "where c.conrelid = $1::regclass and c.contype = 'c' and c.convalidated "
    # Newer servers know conditions that are written down and not enforced.
    "and coalesce((to_jsonb(c) ->> 'conenforced')::boolean, true) order by c.conname"
)
_NEEDED = "select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and attnotnull"
_FILLERS: tuple[tuple[type, Any], ...] = (
    (Boolean, False), (Integer, 1), (DateTime, "2030-06-01T12:00:00Z"), (Date, "2030-06-01"), (LargeBinary, "\\x01"),
    (ARRAY, []),
)  # fmt: skip
_SAID = "made up"


@dataclass(frozen=True, slots=True)
class _Rules:
    """The conditions of one table by name, and the columns that must hold something."""

    table: str
    checks: Mapping[str, str]
    needed: frozenset[str]

    @classmethod
    async def of(cls, connection: Connection, table: str) -> Self:
        checks = await connection.fetch(_CHECKS, f"ipp.{table}")
        needed = await connection.fetch(_NEEDED, f"ipp.{table}")
        return cls(table, {row["name"]: row["condition"] for row in checks}, frozenset(r["attname"] for r in needed))

    async def refuse(self, connection: Connection, row: Made) -> list[str]:
        """The names of those that a row breaks; of a column that may not be empty, its own."""
        empty = sorted(name for name in self.needed if row.get(name) is None)
        if not self.checks:
            return empty
        # A condition whose outcome is unknown lets a row through.
        tried = ", ".join(f"coalesce(({condition}), true)" for condition in self.checks.values())
        kept = await connection.fetchval(
            f"select array[{tried}] from jsonb_populate_record(null::ipp.{self.table}, $1::jsonb)", json.dumps(row)
        )
        return [*(name for name, holds in zip(self.checks, kept, strict=True) if not holds), *empty]


async def let_through(context: Context, zone: Zone, table: str, whole: Made, wrong: Mapping[str, Made]) -> list[str]:
    """What the live table would take though it should not. `wrong`: changes to a row that is `whole`, by what each of
    them is, in words; columns that `whole` does not name hold anything."""
    row = {**_anything(table), **whole}
    async with context.connect(zone, MAIN) as connection:
        rules = await _Rules.of(connection, table)
        faults = [f"{table} refuses what is in order ({name})" for name in await rules.refuse(connection, row)]
        for words, change in wrong.items():
            if not await rules.refuse(connection, {**row, **change}):
                faults.append(f"the database takes {words}")
    return faults


def _anything(table: str) -> dict[str, Any]:
    """Something in each column that must hold something."""
    return {column.name: _filler(column) for column in MAIN.tables[f"ipp.{table}"].c if not column.nullable}


def _filler(column: "Column[Any]") -> Any:
    if isinstance(column.type, String):
        return _SAID[: column.type.length]
    return next(value for kind, value in _FILLERS if isinstance(column.type, kind))
