"""Master keys, wherever they are, and the keys wrapped under them: made on first start, never replaced silently."""

from datetime import datetime
from pathlib import Path

import asyncpg

from ippgateway.app.database.access import as_owner, keys_database
from ippgateway.app.settings import Settings
from ippgateway.core.ids import Randomness
from ippgateway.privacy import masterkeys
from ippgateway.privacy.masterkeys import FileMasterKeys, MasterKey, MasterKeys
from ippgateway.privacy.persons import wrapping_place
from ippgateway.privacy.sealing import KEY_OCTETS

TABLES = {
    masterkeys.PERSONS: ("wrapping_key", ("index", "epoch")),
    masterkeys.VAULT: ("vault_key", ("fingerprint", "number")),
}
"""By master key: the table of what it wraps, and the kinds of which there is one at first."""


class MasterKeyMissing(RuntimeError):
    """The key database holds keys, but the master key that wrapped them is not here. A new one would open nothing."""


async def ensure_keys(settings: Settings, randomness: Randomness, *, at: datetime) -> None:
    """Make what is missing: master keys, the first epoch, index, vault and fingerprint keys. Raises MasterKeyMissing,
    UnsafeKeyFile, TokenUnavailable."""
    store = stored(settings, randomness)
    connection = await asyncpg.connect(**as_owner(settings, keys_database(settings)))
    try:
        for name, (table, kinds) in TABLES.items():
            held = await connection.fetchval(f"select count(*) from ipp.{table}")
            if held and not store.exists(name):
                raise MasterKeyMissing(_missing(settings, name))
            if not store.exists(name):
                store.make(name, at=at)
            if not held:
                await _first(connection, table, kinds, store.key(name), randomness, at)
    finally:
        await connection.close()


def _missing(settings: Settings, name: str) -> str:
    if settings.master_keys == "file":
        return f"the master key file {name}.key is missing; restore it from its backup"
    return f"the token has no master key {name}; `ippgateway keys rotate-master` puts one there, if its file is here"


async def _first(
    connection: "asyncpg.Connection[asyncpg.Record]", table: str, kinds: tuple[str, ...], master: MasterKey,
    randomness: Randomness, at: datetime,
) -> None:  # fmt: skip
    async with connection.transaction():
        for number, kind in enumerate(kinds):
            wrapped = master.wrap(randomness.octets(KEY_OCTETS), wrapping_place(kind, number))
            await connection.execute(
                f"insert into ipp.{table} (id, kind, wrapped, created_at) values ($1, $2, $3, $4)",
                number, kind, wrapped, at,
            )  # fmt: skip


def stored(settings: Settings, randomness: Randomness) -> MasterKeys:
    """Where this installation keeps its master keys. Raises TokenUnavailable, UnsafeKeyFile."""
    if settings.master_keys == "file":
        return FileMasterKeys(settings.keys_dir, randomness)
    # Installations with files do without the library.
    from ippgateway.connectors.pkcs11.masterkeys import TokenMasterKeys  # noqa: PLC0415

    return TokenMasterKeys(
        module=settings.pkcs11_module or Path(), label=settings.pkcs11_token,
        pin_file=settings.pkcs11_pin_file or Path(), installation=settings.role_prefix, randomness=randomness,
    )  # fmt: skip


def master(settings: Settings, name: str, randomness: Randomness) -> MasterKey:
    """A master key of this installation. Raises UnsafeKeyFile, FileNotFoundError, TokenUnavailable."""
    return stored(settings, randomness).key(name)
