"""What every change of keys needs: connections as the owner, the audit trail, the epochs in the open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg

from ippgateway.app.database.access import as_owner, keys_database, main_database
from ippgateway.app.database.keys import master
from ippgateway.app.settings import Settings
from ippgateway.core.ids import Randomness
from ippgateway.privacy import audit, masterkeys
from ippgateway.privacy.persons import wrapping_place
from ippgateway.privacy.sealing import SealingKey

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@asynccontextmanager
async def keys_owner(settings: Settings) -> AsyncIterator[Connection]:
    """A connection to the key database as its owner."""
    connection = await asyncpg.connect(**as_owner(settings, keys_database(settings)))
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def main_owner(settings: Settings) -> AsyncIterator[Connection]:
    """A connection to the main database as its owner."""
    connection = await asyncpg.connect(**as_owner(settings, main_database(settings)))
    try:
        yield connection
    finally:
        await connection.close()


async def audited(settings: Settings, act: str, on: str) -> None:
    """An entry in the audit trail; the operator did it, or the schedule that the operator set."""
    async with main_owner(settings) as connection:
        await audit.record(connection, actor="operator", act=act, on=on)


async def epochs(settings: Settings, connection: Connection, randomness: Randomness) -> dict[int, SealingKey]:
    """Every epoch there is, unwrapped. Raises CannotOpen."""
    holder = master(settings, masterkeys.PERSONS, randomness)
    rows = await connection.fetch("select id, wrapped from ipp.wrapping_key where kind = 'epoch' order by id")
    return {r["id"]: SealingKey(holder.unwrap(r["wrapped"], wrapping_place("epoch", r["id"]))) for r in rows}
