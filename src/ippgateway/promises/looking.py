"""What several checks look at: what a role may read, what the database itself demands, sealed values as they lie there,
the declared fields, what a page says."""

import itertools
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import asyncpg
from sqlalchemy import Column, DateTime, MetaData
from sqlalchemy import Table as SqlTable

from ippgateway.privacy import grants
from ippgateway.privacy.catalogue import (
    AUTHENTICATE,
    MAIL,
    REGISTERS,
    RETENTION,
    STAFF_ACCOUNT,
    SUPPORT,
    SUPPORT_SEARCH,
)
from ippgateway.privacy.declare import KEYS, MAIN, Access, Declaration, declaration_of, declared, readable
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


async def staff_seen_elsewhere(context: Context) -> tuple[list[str], int]:
    """Rows of our staff that another zone than the desk sees, or its support; of others that the rest of the desk sees;
    how many ways to them were tried. (The worker reads letters, whoever they go to, to send them. What ends rows or
    counts them reaches all of them, and may read nothing that they say.)"""
    others = [tenant for tenant in await context.tenants() if tenant != PLATFORM]
    faults, ways = [], 0
    for zone, rights in RIGHTS.items():
        async with context.connect(zone, MAIN) as connection:
            for table, purpose in itertools.product(_with_staff(context), sorted(rights.purposes, key=lambda p: p.key)):
                tenant, access = declared(table).tenant, declared(table).access_of(purpose)
                if purpose == MAIL or access is None:
                    continue
                if purpose in _WHOSE_EVER:
                    faults += [f"{purpose.key} reads {said}" for said in _says(table, access)]
                    continue
                wrong = "<> $1" if zone is Zone.DESK and purpose not in _OF_CUSTOMERS else "= $1"
                sql = f"select exists (select from ipp.{table.name} where {tenant} {wrong})"
                try:
                    async with context.acting(connection, purpose, [PLATFORM, *others]):
                        seen = await connection.fetchval(sql, PLATFORM)
                except asyncpg.InsufficientPrivilegeError:
                    continue  # it may write rows and read none
                ways += 1
                if seen:
                    faults.append(f"zone {zone.value} sees {table.name} of others than it should for {purpose.key}")
    return faults, ways


_OF_CUSTOMERS = frozenset({SUPPORT, SUPPORT_SEARCH})
_WHOSE_EVER = frozenset({RETENTION, REGISTERS})


def _says(table: SqlTable, access: Access) -> list[str]:
    """The columns that say something of somebody, ids and moments apart, among those that an access reads."""
    return [
        f"{table.name}.{name}"
        for name in readable(table, access)
        if declaration_of(table.c[name]).category is not None
        and not (isinstance(table.c[name].type, DateTime) or table.c[name].primary_key)
    ]


def _with_staff(context: Context) -> list[SqlTable]:
    """The tables where our staff's rows stand beside everybody else's."""
    staffs = ((table, declared(table).access_of(STAFF_ACCOUNT)) for table in context.tables(MAIN))
    return [table for table, access in staffs if access is not None and access.only_of == PLATFORM]


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
