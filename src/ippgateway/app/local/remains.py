"""What an earlier life may have left running: found by process id and start time, ended and waited for.

A process id alone says nothing, because the kernel gives it away again; together with the moment at which the process
was started it names one process for as long as the machine runs.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

_PATIENCE_S = 10.0
_STEP_S = 0.02
_DEAD = frozenset({b"Z", b"X"})


def started_at(pid: int) -> int | None:
    """When a process was started, in the kernel's ticks since boot; None when it is gone or only waits to be reaped.

    Source: proc_pid_stat(5), fields 3 (state) and 22 (starttime). Without /proc nothing is ever found.
    """
    stat = _stat(pid)
    return None if stat is None or stat[0] in _DEAD else int(stat[19])


def unreaped(pid: int) -> bool:
    """Whether a process is dead and its id not yet given back. Signals still seem to reach such a one."""
    stat = _stat(pid)
    return stat is not None and stat[0] in _DEAD


def _stat(pid: int) -> list[bytes] | None:
    """The fields after the command's name, which may hold blanks itself."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None


def remember(pids: Path, name: str, pid: int) -> None:
    """Write down a child, so that a later life can find it."""
    begun = started_at(pid)
    if begun is None:
        return
    fresh = pids / f"{name}.new"
    fresh.write_text(f"{pid} {begun}\n")
    fresh.replace(pids / f"{name}.pid")


def forget(pids: Path, name: str) -> None:
    """A child has been reaped."""
    (pids / f"{name}.pid").unlink(missing_ok=True)


async def sweep(pids: Path) -> None:
    """Kill what an earlier life wrote down and wait until it is gone."""
    left = _written_down(pids)
    for pid in left:
        kill_group(pid)
    await gone(left)


def _written_down(pids: Path) -> list[int]:
    found = []
    for note in sorted(pids.glob("*.pid")):
        with contextlib.suppress(OSError, ValueError):
            pid, begun = map(int, note.read_text().split())
            if started_at(pid) == begun:
                found.append(pid)
        note.unlink(missing_ok=True)
    return found


def kill_group(pid: int, how: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to a child and to what it started. Every child of ours leads a group of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, how)


async def gone(pids: Iterable[int], patience_s: float = _PATIENCE_S) -> bool:
    """Wait, bounded, for processes that are not our children. Returns whether they are gone."""
    left = [pid for pid in pids if started_at(pid) is not None]
    deadline = time.monotonic() + patience_s
    while left and time.monotonic() < deadline:
        await asyncio.sleep(_STEP_S)
        left = [pid for pid in left if started_at(pid) is not None]
    return not left


def living_in(folder: Path) -> list[int]:
    """Processes whose working directory is `folder` or below it (every process of a PostgreSQL is in its data)."""
    inside = str(folder.resolve())
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            where = os.readlink(entry / "cwd")  # noqa: PTH115 - text; a deleted folder's name is no path
            if where == inside or where.startswith(inside + "/"):
                found.append(int(entry.name))
    return found
