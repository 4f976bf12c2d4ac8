"""`ippgateway backup DIRECTORY`: the data and the keys, apart, while everything runs.

The first one begins to copy the data server's log as well, so that the data can be restored to any moment after it. A
backup of the data holds no key, wrapped or not: these lie in a server of their own. Without it a backup of the keys
opens nothing; without a backup of the keys, or the key database itself, that of the data doesn't.
"""

import asyncio
import shutil
import sys
from pathlib import Path

import asyncpg

from ippgateway.app.backup import keyfile, places, programs
from ippgateway.app.backup.places import Note
from ippgateway.app.database.access import as_admin
from ippgateway.app.keys.ways import audited
from ippgateway.app.local import postgres
from ippgateway.app.local.cluster import Server
from ippgateway.app.local.refusal import REFUSED, StartRefused
from ippgateway.app.settings import Settings
from ippgateway.core.clock import Clock, SystemClock
from ippgateway.core.ids import Randomness, SystemRandomness

KEYS, DATA, BOTH = "keys", "data", "both"


def main(settings: Settings, *, directory: str, what: str) -> int:
    """Make a backup. The exit code."""
    try:
        done = asyncio.run(
            backup(settings, Path(directory).absolute(), what, clock=SystemClock(), randomness=SystemRandomness())
        )
    except StartRefused as why:
        sys.stderr.write(f"{why}\n")
        return REFUSED
    sys.stdout.write("".join(f"{line}\n" for line in done))
    return 0


async def backup(settings: Settings, directory: Path, what: str, *, clock: Clock, randomness: Randomness) -> list[str]:
    """Back up what is asked for, and remove what is past its term. What was done, in sentences. Raises StartRefused."""
    await _running(settings, what)
    for name in ("data", "wal", "keys"):
        (directory / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    done = []
    if what != KEYS:
        done.append(f"data: {await _data(settings, directory, clock)}")
    if what != DATA:
        done.append(f"keys: {await _keys(settings, directory, clock, randomness)}")
    gone = places.remove_old(settings, directory, now=clock.now())
    await audited(settings, "backup.made", what)
    return [*done, f"removed, past their {settings.backup_days} days: {gone}"]


async def _running(settings: Settings, what: str) -> None:
    if what != KEYS and Server.DATA not in postgres.servers(settings):
        raise StartRefused(
            "the data is in a PostgreSQL of your own, which has its own backups; `--only keys` backs up the keys"
        )
    for server in Server:
        try:
            answers = await postgres.answers(settings, server)
        except FileNotFoundError:
            answers = False
        if not answers:
            raise StartRefused("nothing runs here; `ippgateway run` starts it")


async def _keys(settings: Settings, directory: Path, clock: Clock, randomness: Randomness) -> Path:
    now = clock.now()
    path = places.key_file(directory, now)
    await keyfile.dump(settings, path, at=now, randomness=randomness)
    return path


async def _data(settings: Settings, directory: Path, clock: Clock) -> Path:
    begun_at = clock.now()
    note = await _log_is_copied(settings, directory, places.stamp(begun_at))
    folder = directory / "data" / places.stamp(begun_at)
    fresh = folder.with_name(f".{folder.name}.new")
    _cleared(fresh)
    await programs.base_backup(settings, fresh / "base", folder.name)
    places.write(
        fresh / "about.json",
        {"ended_at": clock.now().isoformat(), "log": note.log, "segment": _first_segment(fresh / "base")},
    )
    fresh.rename(folder)
    return folder


def _cleared(fresh: Path) -> None:
    """A new folder, without those that a killed backup left."""
    for left in fresh.parent.glob(".*.new"):
        shutil.rmtree(left)
    fresh.mkdir(mode=0o700)


def _first_segment(files: Path) -> str:
    """The file of the log that a copy begins with; its label says so: `START WAL LOCATION: 0/2000028 (file 0000...)`"""
    first = (files / "backup_label").read_text().splitlines()[0]
    return first.rpartition("(file ")[2].rstrip(")")


async def _log_is_copied(settings: Settings, directory: Path, name: str) -> Note:
    """See to it that the server keeps its log until it was copied, and that it is copied to this directory."""
    note = places.noted(settings)
    connection = await asyncpg.connect(**as_admin(settings, server=Server.DATA))
    try:
        state = await connection.fetchval(
            "select wal_status from pg_replication_slots where slot_name = $1", programs.SLOT
        )
        if note is not None and note.directory == directory and note.folder.exists() and state not in (None, "lost"):
            return note
        note = Note(directory, name)
        note.folder.mkdir(mode=0o700)
        places.forget_note(settings)  # whoever copies to the former place lets go of the slot
        if state is not None:
            await _let_go(connection)
        await connection.execute("select pg_create_physical_replication_slot($1, true)", programs.SLOT)
        places.note(settings, note)
    finally:
        await connection.close()
    return note


async def _let_go(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await connection.execute(
        "select pg_terminate_backend(active_pid, 5000) from pg_replication_slots "
        "where slot_name = $1 and active_pid is not null",
        programs.SLOT,
    )
    await connection.execute("select pg_drop_replication_slot($1)", programs.SLOT)
