"""What several checks look at: what a role may read, sealed values as they lie in the database, the declared fields."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import Column, MetaData
from sqlalchemy import Table as SqlTable

from ippgateway.privacy import grants
from ippgateway.privacy.declare import KEYS, MAIN, Declaration, declaration_of, declared, readable
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import RIGHTS, Zone
from ippgateway.promises.context import Context

_MOST_ROWS = 500


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


async def may_read(context: Context, zone: Zone, purpose: Purpose | None, sql: str, *, of: MetaData = MAIN) -> bool:
    """Whether the server carries the statement out. Anything but a plain refusal is raised."""
    try:
        async with context.under(zone, purpose, of=of) as tx:
            await tx.fetch(sql)
    except asyncpg.InsufficientPrivilegeError:
        return False
    return True


async def sealed_values(context: Context) -> AsyncIterator[tuple[StoredField, bytes]]:
    """Sealed values as they lie in the main database: the newest of each column, read as a zone that may read them."""
    tenants = await context.tenants()
    for field in fields(context):
        reader = _reader(field)
        if field.said.sealed is None or reader is None:
            continue
        name, order = field.column.name, ", ".join(c.name for c in field.table.primary_key)
        async with context.under(*reader, tenants=tenants) as tx:
            rows = await tx.fetch(
                f"select {name} as value from ipp.{field.table.name} where {name} is not null "
                f"order by ({order}) desc limit {_MOST_ROWS}"
            )
        for row in rows:
            yield field, row["value"]


def _reader(field: StoredField) -> tuple[Zone, Purpose] | None:
    for access in declared(field.table).access:
        for zone, rights in RIGHTS.items():
            if access.purpose in rights.purposes and field.column.name in readable(field.table, access):
                return zone, access.purpose
    return None
