"""Who sees rows of our staff, and of everybody else beside them: by what is declared, and tried on the rows there are.

Most purposes see the rows of staff or of others, never of both. Three see both, each for what it can't do otherwise and
nothing more: whoever sends letters reads them, retention reads the moments that terms are counted from, and whoever
counts for a breach reads ids.
"""

import itertools
from collections.abc import Iterator

import asyncpg
from sqlalchemy import Table as SqlTable

from ippgateway.privacy.catalogue import MAIL, REGISTERS, RETENTION, STAFF_ACCOUNT
from ippgateway.privacy.declare import MAIN, Access, declaration_of, declared, readable
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import PLATFORM, RIGHTS, Zone
from ippgateway.promises.context import Context
from ippgateway.promises.looking import everybody

_LETTERS = "letter"
_HOMES = {STAFF_ACCOUNT: Zone.DESK, REGISTERS: Zone.DESK, MAIL: Zone.WORKER, RETENTION: Zone.WORKER}
"""The only zone that may work for each of the purposes that see staff's rows."""


async def seen_elsewhere(context: Context) -> tuple[list[str], int]:
    """Who sees rows of our staff and should not, or of others; how many ways to them were tried.

    What the database allows besides what is declared is not looked at here: see `looking.differences`.
    """
    tables = list(_with_staff(context))
    faults = [f"zone {zone.value} works for {purpose.key}" for zone, purpose in _strangers_at_home()]
    faults += [fault for table in tables for access in declared(table).access for fault in _declared(table, access)]
    seen, ways = await _tried(context, tables)
    return [*faults, *seen], ways


def _with_staff(context: Context) -> Iterator[SqlTable]:
    """The tables where our staff's rows stand beside everybody else's: whoever runs staff's accounts reaches those."""
    for table in context.tables(MAIN):
        about = declared(table)
        if about.tenant is not None and about.access_of(STAFF_ACCOUNT) is not None:
            yield table


def _strangers_at_home() -> Iterator[tuple[Zone, Purpose]]:
    for (zone, rights), (purpose, home) in itertools.product(RIGHTS.items(), _HOMES.items()):
        if purpose in rights.purposes and zone is not home:
            yield zone, purpose


def _declared(table: SqlTable, access: Access) -> Iterator[str]:
    """What a purpose is declared to see and should not."""
    purpose = access.purpose
    if _sees_both(table, purpose):
        yield from (f"{purpose.key} reads {table.name}.{name}" for name in _said(table, access))
    elif purpose == STAFF_ACCOUNT:
        yield from ([] if access.only_of == PLATFORM else [f"{purpose.key} sees others' rows of {table.name}"])
    elif access.never_of != PLATFORM:
        yield f"{purpose.key} sees our staff's rows of {table.name}"


def _sees_both(table: SqlTable, purpose: Purpose) -> bool:
    return purpose in (RETENTION, REGISTERS) or (purpose == MAIL and table.name == _LETTERS)


def _said(table: SqlTable, access: Access) -> list[str]:
    """What an access that sees everybody's rows reads and has no need of: of fields about somebody, all that is neither
    how rows are told apart nor, for retention, a moment that terms are counted from. Letters are read to be sent."""
    if access.purpose == MAIL:
        return []
    about = declared(table)
    needed = {about.since, *(name for names in about.moments.values() for name in names)}
    spared = {column.name for column in table.primary_key} | (needed if access.purpose == RETENTION else set())
    return [
        name for name in readable(table, access)
        if declaration_of(table.c[name]).category is not None and name not in spared
    ]  # fmt: skip


async def _tried(context: Context, tables: list[SqlTable]) -> tuple[list[str], int]:
    """Rows that are seen and should not be, whoever they are named for."""
    others = [tenant for tenant in await everybody(context) if tenant != PLATFORM]
    faults, ways = [], 0
    for zone, rights in RIGHTS.items():
        async with context.connect(zone, MAIN) as connection:
            for table, purpose in itertools.product(tables, sorted(rights.purposes, key=lambda p: p.key)):
                if declared(table).access_of(purpose) is None or _sees_both(table, purpose):
                    continue
                of_staff = purpose == STAFF_ACCOUNT
                seen = await _seen(context, connection, purpose, table, others, of_staff=of_staff)
                ways += seen is not None
                if seen:
                    whose = "others'" if of_staff else "our staff's"
                    faults.append(f"zone {zone.value} sees {whose} rows of {table.name} for {purpose.key}")
    return faults, ways


async def _seen(
    context: Context, connection: "asyncpg.Connection[asyncpg.Record]", purpose: Purpose, table: SqlTable,
    others: list[str], *, of_staff: bool,
) -> bool | None:  # fmt: skip
    """Whether a wrong row is seen: of others for whoever runs our staff's accounts, of our staff for everybody else;
    None where no row can be read at all. A purpose that can't read whose row it is names the wrong ones alone."""
    wrong = f"{declared(table).tenant} {'<>' if of_staff else '='} $1"
    try:
        async with context.acting(connection, purpose, [PLATFORM, *others]):
            return bool(
                await connection.fetchval(f"select exists (select from ipp.{table.name} where {wrong})", PLATFORM)
            )
    except asyncpg.InsufficientPrivilegeError:
        access = declared(table).access_of(purpose)
        if access is None or access.across_tenants:
            return None  # whom it names makes no difference to what it sees
    try:
        async with context.acting(connection, purpose, others if of_staff else [PLATFORM]):
            return bool(await connection.fetchval(f"select exists (select from ipp.{table.name})"))
    except asyncpg.InsufficientPrivilegeError:
        return None
