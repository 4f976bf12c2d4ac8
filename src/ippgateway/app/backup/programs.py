"""PostgreSQL's own programs, run as ourselves against the data server."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ippgateway.app.local import bonds, cluster, postgres
from ippgateway.app.local.cluster import Server
from ippgateway.app.local.refusal import StartRefused
from ippgateway.app.settings import Settings
from ippgateway.core.ids import SystemRandomness

SLOT = "ippgateway"
"""The replication slot that keeps the log until it was copied."""


def receiver(settings: Settings, into: Path) -> tuple[tuple[str, ...], dict[str, str]]:
    """How the log is copied as it is written: command and environment."""
    where = cluster.prepare(settings, SystemRandomness())
    return (where.program("pg_receivewal"), *_way(settings), "-D", str(into), "-S", SLOT), _environment(settings, where)


async def base_backup(settings: Settings, into: Path, label: str) -> None:
    """A copy of the data server's files, with the log that it needs to be whole. Raises StartRefused."""
    where = cluster.prepare(settings, SystemRandomness())
    await run(
        (where.program("pg_basebackup"), *_way(settings), "-D", str(into), "-X", "stream", "-c", "fast", "-l", label),
        _environment(settings, where), "the copy of the data failed",
    )  # fmt: skip


async def verified(settings: Settings, files: Path) -> None:
    """Compare a copy with its own list of checksums. Raises StartRefused."""
    where = cluster.prepare(settings, SystemRandomness())
    await run(
        (where.program("pg_verifybackup"), "--no-parse-wal", "--quiet", str(files)), _environment(settings, where),
        "the backup of the data is damaged",
    )  # fmt: skip


async def run(argv: Sequence[str], environment: dict[str, str], failed: str) -> None:
    """Run a program to its end, bound to us. Raises StartRefused with `failed`; what it said may name files alone."""
    child = await asyncio.create_subprocess_exec(
        *argv, env=environment, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, start_new_session=True, preexec_fn=bonds.bound(signal.SIGTERM),
    )  # fmt: skip
    _, said = await child.communicate()
    if child.returncode:
        last = said.decode(errors="replace").strip().splitlines()[-1:] or [""]
        raise StartRefused(f"{failed}: {last[0]}")


def _way(settings: Settings) -> tuple[str, ...]:
    return ("-h", str(settings.postgres_socket_dir), "-U", cluster.SUPERUSER, "-w")


def _environment(settings: Settings, where: cluster.Cluster) -> dict[str, str]:
    password = str(postgres.admin_dsn(settings, Server.DATA)["password"])
    return {**where.environment, "PGPASSWORD": password, "HOME": os.devnull}
