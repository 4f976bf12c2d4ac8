"""Whether the limit is honest: one authorisation through HTTP and one of its transactions leave the same rows."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import asyncpg

from ippgateway.app.database.access import as_admin, main_database
from ippgateway.app.settings import Settings

_SCHEMAS = ("ipp", "jobs")
_BESIDE = frozenset({"ipp.visit", "ipp.visit_page"})
"""Access records: a task of its own writes them, some seconds later, and no payment waits for them."""
_NEARLY = 0.1
"""Rows of the same columns differ by some octets: an id's letters compress better or worse."""

Filled: TypeAlias = tuple[str, tuple[str, ...]]
"""A table, and the columns of a row that are not null."""


Write: TypeAlias = Callable[[], Awaitable[object]]


class NotTheSame(RuntimeError):
    """The limit writes other rows than an authorisation. Names tables and columns."""


async def compare(settings: Settings, ours: Write, limit: Write) -> str:
    """Run each once; what both left, for people. Nothing else may write meanwhile. Raises NotTheSame."""
    connection = await asyncpg.connect(**as_admin(settings, main_database(settings)))
    try:
        tables = await _tables(connection)
        left = []
        for write in (ours, limit):
            before = await _rows(connection, tables)
            await write()
            left.append(_difference(before, await _rows(connection, tables)))
    finally:
        await connection.close()
    return _same(*left)


async def _tables(connection: "asyncpg.Connection[asyncpg.Record]") -> list[str]:
    rows = await connection.fetch(
        "select schemaname, tablename from pg_tables where schemaname = any($1) order by 1, 2", _SCHEMAS
    )
    return [name for row in rows if (name := f"{row['schemaname']}.{row['tablename']}") not in _BESIDE]


async def _rows(connection: "asyncpg.Connection[asyncpg.Record]", tables: list[str]) -> dict[Filled, tuple[int, int]]:
    """How many rows of a kind there are, and their octets."""
    found: dict[Filled, tuple[int, int]] = {}
    for table in tables:
        rows = await connection.fetch(
            "select array(select jsonb_object_keys(jsonb_strip_nulls(to_jsonb(t))) order by 1) as filled, "
            f"count(*) as n, sum(pg_column_size(t.*)) as octets from {table} t group by 1"
        )
        found |= {(table, tuple(row["filled"])): (row["n"], row["octets"]) for row in rows}
    return found


def _difference(
    before: dict[Filled, tuple[int, int]], after: dict[Filled, tuple[int, int]]
) -> dict[Filled, tuple[int, int]]:
    changed = {}
    for kind in before.keys() | after.keys():
        (m, some), (n, all_) = before.get(kind, (0, 0)), after.get(kind, (0, 0))
        if (m, some) != (n, all_):
            changed[kind] = n - m, all_ - some
    return changed


def _same(ours: dict[Filled, tuple[int, int]], limit: dict[Filled, tuple[int, int]]) -> str:
    if Counter({k: n for k, (n, _) in ours.items()}) != Counter({k: n for k, (n, _) in limit.items()}):
        only = [f"{who} {n} {table} ({', '.join(columns)})"
                for who, some, other in (("ours", ours, limit), ("limit", limit, ours))
                for (table, columns), (n, _) in some.items()
                if other.get((table, columns), (0, 0))[0] != n]  # fmt: skip
        raise NotTheSame("; ".join(only))
    octets, written = sum(o for _, o in ours.values()), sum(o for _, o in limit.values())
    if abs(octets - written) > _NEARLY * octets:
        raise NotTheSame(f"{octets} octets of ours, {written} of the limit's")
    tables = ", ".join(f"{n} {table}" for (table, _), (n, _) in sorted(ours.items()))
    return f"{tables}; {octets} octets, {written} by the limit"
