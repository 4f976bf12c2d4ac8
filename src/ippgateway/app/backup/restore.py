"""`ippgateway restore DIRECTORY [--to TIME]`: the data as it was, opened with today's keys.

While nothing runs. The newest backup before the moment is copied beside the data, the log is played up to the moment,
and only then the folders change places. What was logged here and not yet copied is played as well, so that nothing is
lost that can be read. Then the set-up runs, and with it the replay of erasures. With `--keys`, or when there is no key
database here, the newest backup of the keys is put in its place first.
"""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from ippgateway.app.backup import keyfile, places, programs
from ippgateway.app.backup.places import DataBackup
from ippgateway.app.database.migrate import migrate
from ippgateway.app.database.provision import provision
from ippgateway.app.keys import numbers, schedule
from ippgateway.app.keys.ways import keys_owner
from ippgateway.app.local import bonds, cluster, installation, keeper, postgres
from ippgateway.app.local.cluster import Cluster, Server
from ippgateway.app.local.refusal import REFUSED, StartRefused, say
from ippgateway.app.local.serving import served
from ippgateway.app.local.watch import Process, Watch
from ippgateway.app.settings import Settings
from ippgateway.app.setup import setup
from ippgateway.core.clock import Clock, SystemClock
from ippgateway.core.ids import Ids, Randomness, SystemRandomness

_LOG_FILE = re.compile(r"[0-9A-F]{24}|[0-9A-F]{8}\.history")
_HBA = "local all postgres trust\n"
_JOURNAL = "controller, person_id, tenant, epoch, first_at, last_at, erased"
_PATIENCE_S = 5.0
_LONGEST_S = 3600.0
_ASK_EVERY_S = 0.1


class EndsBefore(StartRefused):
    """The log ends before the moment that was asked for: nothing happened after that."""


def main(settings: Settings, *, directory: str, to: str | None, with_keys: bool) -> int:
    """Restore. The exit code."""
    try:
        held = keeper.lock(settings.data_dir)
        moment = None if to is None else _moment(to)
        asyncio.run(
            restore(
                settings, Path(directory).absolute(), moment, with_keys=with_keys, clock=SystemClock(),
                randomness=SystemRandomness(),
            )
        )  # fmt: skip
        os.close(held)
    except StartRefused as why:
        sys.stderr.write(f"{why}\n")
        return REFUSED
    return 0


def _moment(text: str) -> datetime:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise StartRefused("TIME is written 2026-03-01T12:00:00+01:00; without a zone it is UTC") from None
    return given.replace(tzinfo=given.tzinfo or UTC).astimezone(UTC)


async def restore(
    settings: Settings, directory: Path, to: datetime | None, *, with_keys: bool, clock: Clock, randomness: Randomness
) -> None:
    """See the module. Raises StartRefused; then the data is as it was."""
    if Server.DATA not in postgres.servers(settings):
        raise StartRefused("the data is in a PostgreSQL of your own, which is restored its own way")
    backup = _chosen(settings, directory, to, clock)
    installation.places(settings)
    where = cluster.prepare(settings, randomness, Server.DATA)
    await cluster.clear_remains(where)
    say(f"restoring the data of {backup.ended_at:%Y-%m-%d %H:%M:%S} UTC and what was logged after it")
    await programs.verified(settings, backup.files)
    fresh = await _recovered(settings, where, backup, to)
    _in_place(where, fresh)
    places.forget_note(settings)
    async with served(settings):
        await _keys(settings, directory, with_keys=with_keys, clock=clock, randomness=randomness)
        replayed = await setup(settings)
        await _cards(settings, directory, clock=clock, randomness=randomness)
    say(f"restored; erasures done again: {replayed.again}")
    if replayed.waiting:
        say(f"of these {replayed.waiting} wait for a payment under way and are finished by themselves")
    say(f"the data as it was before is in {_replaced(where)}; remove it when all is well")
    say("now make a backup: the log is not copied any more until then")


def _chosen(settings: Settings, directory: Path, to: datetime | None, clock: Clock) -> DataBackup:
    """The newest backup that can reach the moment, no older than the journal of erasures reaches."""
    fitting = [b for b in places.data_backups(directory) if to is None or b.ended_at <= to]
    if not fitting:
        raise StartRefused("there is no backup of the data here from before that moment")
    age = clock.now() - fitting[-1].ended_at
    if age.days > settings.backup_days:
        raise StartRefused(
            f"that backup is older than the {settings.backup_days} days of IPPGATEWAY_BACKUP_DAYS: the journal of "
            "erasures does not reach back to it"
        )
    return fitting[-1]


# --- the data ---


async def _recovered(settings: Settings, where: Cluster, backup: DataBackup, to: datetime | None) -> Path:
    """The data at the moment, in a folder beside today's."""
    fresh, log = where.data.with_suffix(".restoring"), where.data.parent / "log-to-play"
    try:
        await asyncio.to_thread(_copied_log, where, backup, log)
        try:
            await _played(settings, where, backup, fresh, log, to)
        except EndsBefore:
            await _played(settings, where, backup, fresh, log, None)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(log, ignore_errors=True)
    return fresh


def _copied_log(where: Cluster, backup: DataBackup, log: Path) -> None:
    """The log that goes on from a backup: what was copied, and what only lies here."""
    shutil.rmtree(log, ignore_errors=True)
    log.mkdir(mode=0o700)
    for path in backup.log.glob("*.partial"):
        shutil.copy(path, log / path.stem)
    for folder in (where.data / "pg_wal", backup.log):
        for path in _log_files(folder):
            shutil.copy(path, log / path.name)
    _hand_over(log, where.run_as)


def _log_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob("*") if _LOG_FILE.fullmatch(path.name))


def _hand_over(folder: Path, to: bonds.RunAs | None) -> None:
    if to is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, to.uid, to.gid, follow_symlinks=False)


async def _played(
    settings: Settings, where: Cluster, backup: DataBackup, fresh: Path, log: Path, to: datetime | None
) -> None:
    """Copy the backup and play the log up to the moment. Raises StartRefused, EndsBefore."""
    shutil.rmtree(fresh, ignore_errors=True)
    await asyncio.to_thread(shutil.copytree, backup.files, fresh)
    (fresh / "recovery.signal").touch()
    hba = log / "hba"
    hba.write_text(_HBA)
    for path, mode in ((fresh, 0o700), (hba, 0o644)):
        path.chmod(mode)
    _hand_over(fresh, where.run_as)
    _hand_over(log, where.run_as)
    more = {"restore_command": f'cp "{log}/%f" "%p"', "hba_file": str(hba), "recovery_target_action": "promote"}
    if to is not None:
        more["recovery_target_time"] = to.isoformat(sep=" ")
    playing = replace(where, data=fresh)
    process = Process(
        name="restore", argv=postgres.command(playing, **more), env=playing.environment, cwd=Path("/"),
        run_as=playing.run_as, end_signals=postgres.END_SIGNALS,
    )  # fmt: skip
    settings.log_dir.joinpath("restore.log").unlink(missing_ok=True)
    watch = Watch(process, installation.places(settings), lambda _: None)
    running = asyncio.create_task(watch.run_to_end())
    try:
        await asyncio.wait_for(_until_open(settings, running), _LONGEST_S)
    finally:
        await watch.stop(_PATIENCE_S)
        await asyncio.gather(running, return_exceptions=True)


async def _until_open(settings: Settings, running: "asyncio.Task[int]") -> None:
    """Wait until the server has played the log and takes over; then our password is the superuser's."""
    while True:
        if running.done():
            said = (settings.log_dir / "restore.log").read_text()
            if "recovery ended before configured recovery target" in said:
                raise EndsBefore("the log ends before that moment")
            raise StartRefused(f"the log could not be played; see {settings.log_dir / 'restore.log'}")
        try:
            connection = await asyncpg.connect(**postgres.admin_dsn(settings), timeout=_PATIENCE_S)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await asyncio.sleep(_ASK_EVERY_S)
            continue
        try:
            if not await connection.fetchval("select pg_is_in_recovery()"):
                password = postgres.admin_dsn(settings)["password"]
                await connection.execute(f"alter role {cluster.SUPERUSER} password '{password}'; checkpoint")
                return
        finally:
            await connection.close()
        await asyncio.sleep(_ASK_EVERY_S)


def _in_place(where: Cluster, fresh: Path) -> None:
    """The restored data becomes the data; what was there steps aside."""
    old = _replaced(where)
    shutil.rmtree(old, ignore_errors=True)
    if where.data.exists():
        where.data.rename(old)
    fresh.rename(where.data)


def _replaced(where: Cluster) -> Path:
    return where.data.with_suffix(".replaced")


# --- the keys ---


async def _keys(settings: Settings, directory: Path, *, with_keys: bool, clock: Clock, randomness: Randomness) -> None:
    """Put the newest backup of the keys in place, when asked to or when there are none. What was destroyed after it is
    remembered by the journal here, if there is one, and by the data's record of erasures."""
    await provision(settings, Ids(clock, randomness))
    await migrate(settings)
    async with keys_owner(settings) as keys:
        held = await keys.fetchval("select count(*) from ipp.wrapping_key")
        journal = await keys.fetch(f"select {_JOURNAL} from ipp.destroyed_key")
    if held and not with_keys:
        return
    backups = places.key_backups(directory)
    if not backups:
        raise StartRefused("there is no backup of the keys here, and without keys the data can't be opened")
    try:
        at = await keyfile.load(settings, backups[-1], randomness=randomness)
    except keyfile.NotABackup:
        raise StartRefused(
            f"{backups[-1].name} is damaged, or the master key that it was made under is not here"
        ) from None
    async with keys_owner(settings) as keys:
        for row in journal:
            await keys.execute(
                f"insert into ipp.destroyed_key ({_JOURNAL}) values ($1, $2, $3, $4, $5, $6, $7) "
                "on conflict do nothing",
                *row.values(),
            )
            await keys.execute(
                "delete from ipp.person_key where controller = $1 and person_id = $2 and ground = 'service'",
                row["controller"], row["person_id"],
            )  # fmt: skip
    say(f"restored the keys of {at:%Y-%m-%d %H:%M:%S} UTC")


async def _cards(settings: Settings, directory: Path, *, clock: Clock, randomness: Randomness) -> None:
    """Card numbers in the data may be under keys of the vault that were destroyed since. The backups of the keys have
    them: everything is sealed anew under today's, and they are destroyed again. Those who were erased are already."""
    missing, found = await numbers.missing(settings), set[int]()
    for path in reversed(places.key_backups(directory)):
        if missing - found:
            try:
                found |= await keyfile.load_missing(settings, path, missing - found, randomness=randomness)
            except keyfile.NotABackup:
                say(f"{path.name} is damaged, or made under another master key; passed over")
    if found:
        await schedule.retire(settings, clock=clock, randomness=randomness)
    if missing - found:
        say("some card numbers can't be opened: no backup of the keys has the vault's key that they are under")
