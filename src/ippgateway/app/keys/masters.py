"""Master keys: a next generation, and what the former one wrapped wrapped anew."""

from datetime import datetime, timedelta

from ippgateway.app.database.keys import TABLES, stored
from ippgateway.app.keys.ways import Connection, audited, keys_owner
from ippgateway.app.settings import Settings
from ippgateway.core.clock import Clock
from ippgateway.core.ids import Randomness
from ippgateway.privacy.masterkeys import FileMasterKeys, MasterKey
from ippgateway.privacy.persons import wrapping_place
from ippgateway.privacy.sealing import CannotOpen

_MARGIN = timedelta(days=1)


async def rotate(settings: Settings, *, clock: Clock, randomness: Randomness) -> int:
    """Make the next generation of every master key and wrap anew what they wrap. How many keys that were.

    Killed in between, it leaves two generations that both open; the next time makes one more. From files to a token it
    works as well: what the token's keys don't open, the files' do.
    """
    store, wrapped = stored(settings, randomness), 0
    for name in TABLES:
        store.make(name, at=clock.now())
        wrapped += await _wrap_anew(settings, name, randomness)
        await audited(settings, "keys.master_made", name)
    return wrapped


async def retire(settings: Settings, *, clock: Clock, randomness: Randomness) -> int:
    """Destroy the generations that no kept backup needs any more. How many."""
    before: datetime = clock.now() - timedelta(days=settings.backup_days) - _MARGIN
    store, gone = stored(settings, randomness), 0
    for name in TABLES:
        await _wrap_anew(settings, name, randomness)  # a rotation that was killed may have left something
        gone += store.retire(name, before=before)
    if gone:
        await audited(settings, "keys.master_destroyed", str(gone))
    return gone


async def _wrap_anew(settings: Settings, name: str, randomness: Randomness) -> int:
    """Wrap every key of a master key under its newest generation, in one transaction."""
    table, _ = TABLES[name]
    store = stored(settings, randomness)
    openers: list[MasterKey] = [store.key(name)]
    files = FileMasterKeys(settings.keys_dir, randomness)
    if settings.master_keys != "file" and files.exists(name):
        openers.append(files.key(name))
    async with keys_owner(settings) as connection, connection.transaction():
        await connection.execute(f"lock table ipp.{table} in exclusive mode")
        return await _each(connection, table, openers)


async def _each(connection: Connection, table: str, openers: list[MasterKey]) -> int:
    rows = await connection.fetch(f"select id, kind, wrapped from ipp.{table}")
    for row in rows:
        place = wrapping_place(row["kind"], row["id"])
        fresh = openers[0].wrap(_opened(openers, row["wrapped"], place), place)
        await connection.execute(f"update ipp.{table} set wrapped = $2 where id = $1", row["id"], fresh)
    return len(rows)


def _opened(openers: list[MasterKey], wrapped: bytes, place: str) -> bytes:
    for opener in openers:
        try:
            return opener.unwrap(wrapped, place)
        except CannotOpen:
            continue
    raise CannotOpen
