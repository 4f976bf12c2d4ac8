"""What several checks look at: what a role may read, what the database itself demands, sealed values as they lie there,
the declared fields, what a page says."""

import itertools
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import asyncpg
from sqlalchemy import Column, MetaData
from sqlalchemy import Table as SqlTable

from ippgateway.privacy import grants
from ippgateway.privacy.catalogue import AUTHENTICATE
from ippgateway.privacy.declare import KEYS, MAIN, Declaration, declaration_of, declared, readable
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.wanted import bare
from ippgateway.privacy.zones import PLATFORM, RIGHTS, Zone
from ippgateway.promises.context import Answer, Context

_MOST_ROWS = 500
_MOST_USERS = 5_000
_MARK = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class StoredField:
    """A declared column of the main database or the key database."""

    table: SqlTable
    column: "Column[Any]"
    said: Declaration

    def __str__(self) -> str:
        return f"{self.table.name}.{self.column.name}"


def fields(context: Context) -> Iterator[StoredField]:
    """Every declared column."""
    for of in (MAIN, KEYS):
        for table in context.tables(of):
            for column in table.c:
                yield StoredField(table, column, declaration_of(column))


async def differences(context: Context) -> list[str]:
    """How the live databases differ from the declarations."""
    found = []
    for of in (MAIN, KEYS):
        async with context.connect(Zone.SITE, of) as connection:
            found += await grants.differences(connection, of, context.role_prefix)
    return found


async def tried(
    context: Context, zone: Zone, purposes: Iterable[Purpose | None], statements: Iterable[str], *, of: MetaData = MAIN
) -> AsyncIterator[tuple[Purpose | None, str, bool]]:
    """Each statement under each purpose: whether the server carries it out. What is no plain refusal is raised."""
    async with context.connect(zone, of) as connection:
        for purpose, sql in itertools.product(purposes, statements):
            try:
                async with context.acting(connection, purpose):
                    await connection.fetch(sql)
            except asyncpg.InsufficientPrivilegeError:
                yield purpose, sql, False
            else:
                yield purpose, sql, True


async def everybody(context: Context) -> list[str]:
    """Whose users there are but ours: customers, partners, and members of the public, who are their own."""
    async with context.under(Zone.CONSOLE, AUTHENTICATE, tenants=[PLATFORM]) as tx:
        rows = await tx.fetch(f"select distinct tenant_id from ipp.app_user limit {_MOST_USERS}")
    return [row["tenant_id"] for row in rows]


async def demanded(context: Context, zone: Zone, table: str) -> set[str]:
    """The conditions that the database itself demands of every row of a table, as `bare` writes them."""
    async with context.connect(zone, MAIN) as connection:
        rows = await connection.fetch(
            "select pg_get_constraintdef(oid) as told from pg_constraint "
            "where conrelid = $1::regclass and contype = 'c' and convalidated",
            f"ipp.{table}",
        )
    return {bare(row["told"]).removeprefix("check") for row in rows}


async def not_demanded(context: Context, zone: Zone, table: str, conditions: Iterable[str]) -> list[str]:
    """Which of these conditions it does not demand."""
    found = await demanded(context, zone, table)
    return [f"the database does not demand of {table}: {each}" for each in conditions if bare(each) not in found]


def text_of(answer: Answer) -> str:
    """What a page says, without its marks and with single spaces."""
    return in_one_line(unescape(_MARK.sub("", answer.text)))


def in_one_line(text: str) -> str:
    """Words as `text_of` gives them."""
    return " ".join(text.replace("`", "").split())


async def sealed_values(context: Context) -> AsyncIterator[tuple[StoredField, bytes]]:
    """Sealed values as they lie in the main database: the newest of each column, read as a zone that may read them."""
    tenants = await context.tenants()
    by_zone: dict[Zone, list[tuple[Purpose, StoredField]]] = {}
    for field in fields(context):
        reader = _reader(field)
        if field.said.sealed is not None and reader is not None:
            by_zone.setdefault(reader[0], []).append((reader[1], field))
    for zone, sealed in by_zone.items():
        async with context.connect(zone, MAIN) as connection:
            for purpose, field in sealed:
                async with context.acting(connection, purpose, tenants):
                    rows = await connection.fetch(_newest(field))
                for row in rows:
                    yield field, row["value"]


def _newest(field: StoredField) -> str:
    name, key = field.column.name, ", ".join(c.name for c in field.table.primary_key)
    return (
        f"select {name} as value from ipp.{field.table.name} where octet_length({name}) > 0 "
        f"order by ({key}) desc limit {_MOST_ROWS}"
    )


def _reader(field: StoredField) -> tuple[Zone, Purpose] | None:
    for access in declared(field.table).access:
        for zone, rights in RIGHTS.items():
            if access.purpose in rights.purposes and field.column.name in readable(field.table, access):
                return zone, access.purpose
    return None
