"""What an attacker says, and how it is heard whether the server answered."""

import io
import re
from collections.abc import Iterator

import asyncpg
import pytest
from sqlalchemy import MetaData
from sqlalchemy import Table as SqlTable

from ippgateway.app.settings import Settings
from ippgateway.privacy.declare import KEYS, MAIN, declared, readable
from ippgateway.privacy.registry import tables
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import RIGHTS, Zone, purpose_role

from .conftest import Connection

MEMBERS = [
    (zone, purpose) for zone, rights in RIGHTS.items() for purpose in sorted(rights.purposes, key=lambda p: p.key)
]
DATABASES = pytest.mark.parametrize("of", [MAIN, KEYS], ids=["main", "keys"])
ZONES = pytest.mark.parametrize("zone", list(Zone), ids=lambda z: z.value)
MEMBERSHIPS = pytest.mark.parametrize(("zone", "purpose"), MEMBERS, ids=[f"{z.value}-{p.key}" for z, p in MEMBERS])

COLUMN_FORMS = (
    "select {c} from ipp.{t}",
    "select x.{c} from ipp.{t} as x",
    "with y as (select {c} as z from ipp.{t}) select z from y",
    "with y as materialized (select x.{c} from ipp.{t} x) select count(*) from y",
    "select (select {c} from ipp.{t} limit 1)",
    "select z from (select {c} as z from ipp.{t}) as y",
    "select max({c}::text) from ipp.{t}",
    "select 1 from ipp.{t} where {c} is not null",
    "select 1 from ipp.{t} order by {c}",
    "select 1 from ipp.{t} group by {c}",
    "select 1 from ipp.{t} a join ipp.{t} b using ({c})",
    "select 1 from ipp.{t} x where exists (select x.{c})",
    "select x.y from ipp.{t} t, lateral (select t.{c} as y) x",
    "select query_to_xml('select {c} from ipp.{t}', true, true, '')",
    "explain select {c} from ipp.{t}",
    "explain analyze select 1 from ipp.{t} where {c} is null",
    "declare k cursor with hold for select {c} from ipp.{t}",
    "prepare q as select {c} from ipp.{t}; execute q",
    "do $$ begin perform {c} from ipp.{t}; end $$",
    "create temp table k as select {c} from ipp.{t}",
    "select {c} from ipp.{t} for update",
)
ROW_FORMS = (
    "select * from ipp.{t}",
    "select x.* from ipp.{t} x",
    "table ipp.{t}",
    "select row_to_json(x) from ipp.{t} x",
    "select to_jsonb(x) from ipp.{t} x",
    "select x::text from ipp.{t} x",
    "select x from ipp.{t} x",
    "select count(x) from ipp.{t} x",
    "select array_agg(x) from ipp.{t} x",
    "select (x).* from (select x from ipp.{t} x) y(x)",
    "select 1 from ipp.{t} x where x is not null",
    "select hash_record(x) from ipp.{t} x",
    "select table_to_xml('ipp.{t}', true, true, '')",
)


async def answers(connection: Connection, statement: str) -> bool:
    """Whether the server does as it is told instead of refusing for want of a privilege."""
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return False
    except asyncpg.FeatureNotSupportedError as error:
        # Our own server is built without XML; nobody becomes a member of pg_database_owner.
        return not re.search("XML|explicit members", str(error))
    finally:
        await connection.execute("deallocate all; close all")
    return True


async def copies(connection: Connection, what: str, columns: list[str] | None = None) -> bool:
    """The same for `COPY what (columns) TO STDOUT`, or `COPY (what) TO STDOUT` when it is a query."""
    try:
        if what.startswith("select"):
            await connection.copy_from_query(what, output=io.BytesIO())
        else:
            await connection.copy_from_table(what, schema_name="ipp", columns=columns, output=io.BytesIO())
    except asyncpg.InsufficientPrivilegeError:
        return False
    return True


async def become(connection: Connection, settings: Settings, purpose: Purpose, tenants: str = "{}") -> None:
    """What a use case does at the start of its transaction, but for the whole session."""
    await connection.execute(f"set role {purpose_role(settings.role_prefix, purpose)}; set ipp.tenants = '{tenants}'")


def may_read(table: SqlTable, purpose: Purpose) -> frozenset[str]:
    access = declared(table).access_of(purpose)
    return frozenset(readable(table, access)) if access else frozenset()


def columns(of: MetaData) -> Iterator[tuple[SqlTable, str]]:
    return ((table, column.name) for table in tables(of) for column in table.c)
