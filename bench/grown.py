"""A shop's past: payments that are done, written by the server itself into the tables that a payment goes through."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
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
create function pg_temp.named(n bigint) returns text language sql immutable
    return overlay(overlay(lpad(to_hex(n), 12, '0') placing '-' from 9 for 0) placing '-' from 5 for 0);
create temp view past as
select ('{{{companies}}}'::text[])[1 + payer % {count}] as company_id, n, pg_temp.named(n) as id,
    pg_temp.named(payer) as person_id, n = payer as first,
    timestamptz '{begins}' + n * interval '{every_s} seconds' as at
from (select n, 1 + (n - 1) % {payers} as payer from generate_series({first}::bigint, {last}) as n)
"""

_ASIDE = """
select c.relname as name, pg_get_indexdef(i.indexrelid) as made_by
from pg_index i join pg_class c on c.oid = i.indexrelid
where c.relnamespace = 'ipp'::regnamespace and i.indpred is null
and not exists (select from pg_constraint k where k.conindid = i.indexrelid) order by i.indrelid, name
"""
_ROOMY = "set maintenance_work_mem = '512MB'"


@dataclass(frozen=True, kw_only=True)
class Past:
    """Who paid whom, and when. `companies`: the payer number k pays the one at k modulo their number; `payers`: how
    many there are, who take turns; the n-th payment was made `n * every_s` seconds after `begins`."""

    companies: Sequence[str]
    begins: datetime
    every_s: float = 1.0
    payers: int = 10**12


def id_of(number: int) -> str:
    """The id of the payer or payment with this number."""
    text = f"{number:012x}"
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


async def grow(settings: Settings, past: Past, *, there: int, to: int) -> None:
    """Payments number `there` + 1 to `to`, with everything that belongs to them. `look` comes after it."""
    view = _PAST.format(
        companies=",".join(past.companies), count=len(past.companies), begins=past.begins.isoformat(),
        every_s=past.every_s, payers=past.payers, first=there + 1, last=to,
    )  # fmt: skip
    room = asyncio.Semaphore(_AT_ONCE)
    await asyncio.gather(
        *(_fill(settings, main_database(settings), room, view, rows) for rows in _MAIN),
        *(_fill(settings, keys_database(settings), room, view, rows) for rows in _KEYS),
    )


@asynccontextmanager
async def indexes_aside(settings: Settings) -> AsyncIterator[None]:
    """Within this the main database has no index but those of its constraints and those over some rows, by which
    processes that run find what is to be done; at the end all are built at once."""
    connection = await asyncpg.connect(**as_admin(settings, main_database(settings)))
    try:
        aside = await connection.fetch(_ASIDE)
        for each in aside:
            await connection.execute(f"drop index ipp.{each['name']}")
        yield
    finally:
        await connection.close()
    room = asyncio.Semaphore(_AT_ONCE)
    await asyncio.gather(*(_fill(settings, main_database(settings), room, _ROOMY, each["made_by"]) for each in aside))


async def look(settings: Settings) -> None:
    """What autovacuum and the checkpointer do sooner or later; now, so that they don't while something is measured."""
    for database in (main_database(settings), keys_database(settings)):
        connection = await asyncpg.connect(**as_admin(settings, database))
        try:
            await connection.execute("vacuum (analyze)")
            await connection.execute("checkpoint")
        finally:
            await connection.close()


async def _fill(settings: Settings, database: str, room: asyncio.Semaphore, before: str, rows: str) -> None:
    async with room:
        connection = await asyncpg.connect(**as_admin(settings, database))
        try:
            await connection.execute(before)
            await connection.execute(rows)
        finally:
            await connection.close()
