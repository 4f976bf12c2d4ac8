"""Master key files and the keys wrapped under them: made on first start, never replaced silently."""

from datetime import datetime

import asyncpg

from ippgateway.app.database.access import as_owner, keys_database
from ippgateway.app.settings import Settings
from ippgateway.core.ids import Randomness
from ippgateway.privacy import masterkeys
from ippgateway.privacy.masterkeys import FileMasterKey
from ippgateway.privacy.persons import wrapping_place
from ippgateway.privacy.sealing import KEY_OCTETS

_TABLES = {
    masterkeys.PERSONS: ("wrapping_key", ("index", "epoch")),
    masterkeys.VAULT: ("vault_key", ("fingerprint", "number")),
}


class MasterKeyMissing(RuntimeError):
    """The key database holds keys, but the master key that wrapped them is not here. A new one would open nothing."""


async def ensure_keys(settings: Settings, randomness: Randomness, *, at: datetime) -> None:
    """Make what is missing: master key files, the first epoch, index, vault and fingerprint keys."""
    connection = await asyncpg.connect(**as_owner(settings, keys_database(settings)))
    try:
        for name, (table, kinds) in _TABLES.items():
            held = await connection.fetchval(f"select count(*) from ipp.{table}")
            if held and not (settings.keys_dir / f"{name}.key").exists():
                raise MasterKeyMissing(f"the master key file {name}.key is missing; restore it from its backup")
            masterkeys.ensure_file(settings.keys_dir, name, randomness)
            if not held:
                await _first(connection, table, kinds, master(settings, name, randomness), randomness, at)
    finally:
        await connection.close()


async def _first(
    connection: "asyncpg.Connection[asyncpg.Record]", table: str, kinds: tuple[str, ...], master: FileMasterKey,
    randomness: Randomness, at: datetime,
) -> None:  # fmt: skip
    async with connection.transaction():
        for number, kind in enumerate(kinds):
            wrapped = master.wrap(randomness.octets(KEY_OCTETS), wrapping_place(kind, number))
            await connection.execute(
                f"insert into ipp.{table} (id, kind, wrapped, created_at) values ($1, $2, $3, $4)",
                number, kind, wrapped, at,
            )  # fmt: skip


def master(settings: Settings, name: str, randomness: Randomness) -> FileMasterKey:
    """A master key of this installation. Raises UnsafeKeyFile, FileNotFoundError."""
    return FileMasterKey(settings.keys_dir / f"{name}.key", randomness)
