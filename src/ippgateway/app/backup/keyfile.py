"""A backup of the key database: every declared table of it, encrypted under the master key.

Layout: a line that says what it is; a line of JSON with the moment, the file's own key (wrapped by the master key) and
the tables with their columns; then pieces, each a length of four bytes, one byte (1: the table's last piece) and the
piece sealed for its table, number and kind, so that none can be left out, doubled or moved.
"""

import base64
import json
import os
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from ippgateway.app.database.keys import master
from ippgateway.app.keys.ways import Connection, keys_owner
from ippgateway.app.settings import Settings
from ippgateway.core.ids import Randomness
from ippgateway.privacy import masterkeys, registry
from ippgateway.privacy.declare import KEYS
from ippgateway.privacy.sealing import KEY_OCTETS, CannotOpen, SealingKey

_WHAT = b"keys of the IPP Platform, version 1\n"
_PIECE_OCTETS = 1024 * 1024
_MORE, _LAST = 0, 1


class NotABackup(Exception):
    """The file is no backup of keys, is cut off, or was altered; or its master key is not here."""


class _Writer:
    """Takes a table's rows as they come and writes sealed pieces."""

    def __init__(self, file: IO[bytes], key: SealingKey, table: str, randomness: Randomness) -> None:
        self._file = file
        self._key = key
        self._table = table
        self._randomness = randomness
        self._held = bytearray()
        self._number = 0

    async def take(self, octets: bytes) -> None:
        self._held += octets
        while len(self._held) > _PIECE_OCTETS:
            self._write(bytes(self._held[:_PIECE_OCTETS]), _MORE)
            del self._held[:_PIECE_OCTETS]

    def end(self) -> None:
        self._write(bytes(self._held), _LAST)

    def _write(self, piece: bytes, kind: int) -> None:
        sealed = self._key.seal(piece, _place(self._table, self._number, kind), self._randomness)
        self._file.write(len(sealed).to_bytes(4) + bytes([kind]) + sealed)
        self._number += 1


async def dump(settings: Settings, path: Path, *, at: datetime, randomness: Randomness) -> None:
    """Write a backup, whole or not at all, from one snapshot."""
    own = randomness.octets(KEY_OCTETS)
    wrapped = master(settings, masterkeys.PERSONS, randomness).wrap(own, _own_place(at))
    tables = {table.name: [column.name for column in table.c] for table in registry.tables(KEYS)}
    head = {"at": at.isoformat(), "key": base64.b64encode(wrapped).decode(), "tables": tables}
    fresh = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(_WHAT + json.dumps(head).encode() + b"\n")
        async with (
            keys_owner(settings) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            for table, columns in tables.items():
                writer = _Writer(file, SealingKey(own), table, randomness)
                await connection.copy_from_query(f"select {', '.join(columns)} from ipp.{table}", output=writer.take)
                writer.end()
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)


async def load(settings: Settings, path: Path, *, randomness: Randomness) -> datetime:
    """Put a backup in the place of whatever the key database holds, all or nothing. Its moment. Raises NotABackup."""
    with path.open("rb") as file:
        at, key, tables = _head(settings, file, randomness)
        async with keys_owner(settings) as connection, connection.transaction():
            await connection.execute(f"truncate {', '.join(f'ipp.{t.name}' for t in registry.tables(KEYS))}")
            for table, columns in tables.items():
                await _into(connection, table, columns, _pieces(file, key, table))
            if file.read(1):
                raise NotABackup(path.name)
    return at


async def load_missing(settings: Settings, path: Path, numbers: set[int], *, randomness: Randomness) -> set[int]:
    """Bring back, out of a backup, keys of the vault that are not here, with the fingerprint keys that go with them;
    which. Raises NotABackup."""
    table = "vault_key"
    with path.open("rb") as file:
        _, key, tables = _head(settings, file, randomness)
        async with keys_owner(settings) as connection, connection.transaction():
            await connection.execute(f"create temporary table found (like ipp.{table}) on commit drop")
            for name, columns in tables.items():
                pieces = _pieces(file, key, name)
                if name == table:
                    await connection.copy_to_table("found", columns=columns, source=pieces)
                else:
                    async for _ in pieces:
                        pass
            rows = await connection.fetch(
                "with n as (select id from found where id = any($1::int[]) and kind = 'number') "
                f"insert into ipp.{table} select * from found where id in (select id from n) or id in "
                "(select (select max(f.id) from found f where f.kind = 'fingerprint' and f.id < n.id) from n) "
                "on conflict do nothing returning id, kind",
                sorted(numbers),
            )
    return {row["id"] for row in rows if row["kind"] == "number"}


async def _into(connection: Connection, table: str, columns: list[str], rows: AsyncIterator[bytes]) -> None:
    await connection.copy_to_table(table, schema_name="ipp", columns=columns, source=rows)


def _head(settings: Settings, file: IO[bytes], randomness: Randomness) -> tuple[datetime, SealingKey, dict[str, Any]]:
    if file.readline(len(_WHAT)) != _WHAT:
        raise NotABackup(file.name)
    try:
        said = json.loads(file.readline())
        at = datetime.fromisoformat(said["at"])
        wrapped = base64.b64decode(said["key"])
        own = master(settings, masterkeys.PERSONS, randomness).unwrap(wrapped, _own_place(at))
    except (ValueError, KeyError, CannotOpen, FileNotFoundError):
        raise NotABackup(file.name) from None
    known = {table.name for table in registry.tables(KEYS)}
    return at, SealingKey(own), {name: columns for name, columns in said["tables"].items() if name in known}


async def _pieces(file: IO[bytes], key: SealingKey, table: str) -> AsyncIterator[bytes]:
    number, kind = 0, _MORE
    while kind != _LAST:
        length, kinds = int.from_bytes(file.read(4)), file.read(1)
        if not kinds:
            raise NotABackup(file.name)
        kind = kinds[0]
        try:
            yield key.open(file.read(length), _place(table, number, kind))
        except CannotOpen:
            raise NotABackup(file.name) from None
        number += 1


def _own_place(at: datetime) -> str:
    return f"backup|{at.isoformat()}"


def _place(table: str, number: int, kind: int) -> str:
    return f"backup|{table}|{number}|{kind}"
