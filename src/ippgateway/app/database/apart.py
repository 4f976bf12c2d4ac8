"""An earlier version kept the key database beside the data. It moves to its own server once, whole, and is removed."""

from collections.abc import AsyncIterator

import asyncpg

from ippgateway.app.database.access import as_admin, keys_database
from ippgateway.app.keys.ways import Connection, keys_owner
from ippgateway.app.local.cluster import Server
from ippgateway.app.settings import Settings
from ippgateway.core.log import Log
from ippgateway.privacy import registry
from ippgateway.privacy.declare import KEYS

_log = Log("setup")


async def move_keys(settings: Settings) -> None:
    """Copy the keys out of the data server, if they still lie there, and drop their database.

    What the data server's files and log, and backups from before, have kept of it ends with the next epoch.
    """
    if not settings.is_keys_apart:
        return
    name = keys_database(settings)
    admin = await asyncpg.connect(**as_admin(settings, server=Server.DATA))
    try:
        if not await admin.fetchval("select 1 from pg_database where datname = $1", name):
            return
        former = await asyncpg.connect(**as_admin(settings, name, server=Server.DATA))
        try:
            async with keys_owner(settings) as keys, keys.transaction():
                if not await keys.fetchval("select count(*) from ipp.wrapping_key"):
                    for table in registry.tables(KEYS):
                        await _copied(former, keys, table.name)
        finally:
            await former.close()
        await admin.execute(f"drop database {name} with (force)")
    finally:
        await admin.close()
    _log.info("keys.moved")


async def _copied(former: Connection, keys: Connection, table: str) -> None:
    rows = await former.fetch(
        "select column_name from information_schema.columns where table_schema = 'ipp' and table_name = $1", table
    )
    columns = [row["column_name"] for row in rows]
    if not columns:
        return
    held = bytearray()

    async def take(octets: bytes) -> None:
        held.extend(octets)

    async def given() -> AsyncIterator[bytes]:
        yield bytes(held)

    await former.copy_from_query(f"select {', '.join(columns)} from ipp.{table}", output=take)
    await keys.copy_to_table(table, schema_name="ipp", columns=columns, source=given())
