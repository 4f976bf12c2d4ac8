"""A shop's past: payments that are done, written by the server itself into the tables that a payment goes through."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import asyncpg

from ippgateway.app.database.access import as_admin, keys_database, main_database
from ippgateway.app.settings import Settings

_MAIN, _KEYS = (
    Path(__file__).with_name(name).read_text().split(";\n")[:-1] for name in ("grown.sql", "grown_keys.sql")
)
_AT_ONCE = 2
# Each table is filled by itself, so that nothing is looked up: what refers to what is right by construction. Ids sort
# before all that are made today, and the companies take turns.
_PAST = """
set session_replication_role = replica;
create function pg_temp.sealed(octets int) returns bytea language sql immutable
    return decode(repeat('ab', octets), 'hex');
create temp view past as
select ('{{{companies}}}'::text[])[1 + n % {count}] as company_id, n,
    overlay(overlay(lpad(to_hex(n), 12, '0') placing '-' from 9 for 0) placing '-' from 5 for 0) as id,
    now() - interval '1 day' - n * interval '1 second' as at
from generate_series({first}, {last}) as n
"""


async def grow(settings: Settings, companies: Sequence[str], *, there: int, to: int) -> None:
    """Payments number `there` + 1 to `to`, with everything that belongs to them."""
    past = _PAST.format(companies=",".join(companies), count=len(companies), first=there + 1, last=to)
    room = asyncio.Semaphore(_AT_ONCE)
    await asyncio.gather(
        *(_fill(settings, main_database(settings), room, past, rows) for rows in _MAIN),
        *(_fill(settings, keys_database(settings), room, past, rows) for rows in _KEYS),
    )
    await _look(settings)


async def _look(settings: Settings) -> None:
    """What autovacuum and the checkpointer do sooner or later; now, so that they don't while something is measured."""
    for database in (main_database(settings), keys_database(settings)):
        connection = await asyncpg.connect(**as_admin(settings, database))
        try:
            await connection.execute("vacuum (analyze)")
            await connection.execute("checkpoint")
        finally:
            await connection.close()


async def _fill(settings: Settings, database: str, room: asyncio.Semaphore, past: str, rows: str) -> None:
    async with room:
        connection = await asyncpg.connect(**as_admin(settings, database))
        try:
            await connection.execute(past)
            await connection.execute(rows)
        finally:
            await connection.close()
