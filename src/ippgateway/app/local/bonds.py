"""A child that dies with its parent, and a child that runs as another user.

Both are done between fork and exec (`preexec_fn`), where only simple system calls are safe: everything else is
prepared before. The kernel's parent-death signal exists on Linux only; elsewhere `remains` clears up at the next start.
"""

import ctypes
import os
import pwd
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 47, 2
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
_FRESH = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP)

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilityData(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


@dataclass(frozen=True, kw_only=True)
class RunAs:
    """Another user for a child. `reach`: it may pass folders that are closed to that user (Linux capabilities)."""

    uid: int
    gid: int
    reach: bool = False


def adopt_orphans() -> None:
    """Whoever loses its parent anywhere below this process becomes its child, and is its to reap."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def keep_memory_private() -> None:
    """No core file of this process, and nobody of the same user reads its memory: it may hold keys and card numbers."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if _libc is not None:
        _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def bound(death_signal: signal.Signals, run_as: RunAs | None = None) -> Callable[[], None]:
    """A `preexec_fn`: the child gets `death_signal` when this process dies, whatever the reason.

    A process that was started in the background has SIGINT and SIGQUIT ignored, and passes that on; a child begins
    afresh. Files that it makes are its own (umask 077).
    """
    parent = os.getpid()

    def before_exec() -> None:
        for each in _FRESH:
            signal.signal(each, signal.SIG_DFL)
        os.umask(0o077)
        if run_as is not None:
            _become(run_as)
        if _libc is not None:
            # Only now: the kernel forgets the signal when the user changes.
            _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:  # it died while we were being born
                os._exit(1)

    return before_exec


def _become(user: RunAs) -> None:
    os.setgroups([])
    os.setgid(user.gid)
    if not user.reach:
        os.setuid(user.uid)
        return
    if _libc is None:
        raise OSError("capabilities exist on Linux only")
    _libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setuid(user.uid)
    # Reading and searching is enough; a container that was not given it may still have the wider one.
    if not any(_keep_only(capability) for capability in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE)):
        raise PermissionError("no capability to reach the data directory")


def _keep_only(capability: int) -> bool:
    assert _libc is not None  # noqa: S101 - the caller has asked
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    bit = 1 << capability
    data = (_CapabilityData * 2)(_CapabilityData(bit, bit, bit), _CapabilityData(0, 0, 0))
    if _libc.capset(ctypes.byref(header), ctypes.byref(data)) != 0:
        return False
    return bool(_libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0) == 0)


def service_user() -> RunAs:
    """Who runs what refuses to run as root: `postgres` where it exists, else `nobody`."""
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return RunAs(uid=entry.pw_uid, gid=entry.pw_gid)
    return RunAs(uid=65_534, gid=65_534)


def can_enter(folder: Path, user: RunAs) -> bool:
    """Whether `user` may pass every folder from the root down to `folder`, which exists. Looks at modes only."""
    folder = folder.resolve()
    return all(_may_search(place, user) for place in (folder, *folder.parents))


def _may_search(folder: Path, user: RunAs) -> bool:
    about = folder.stat()
    if about.st_uid == user.uid:
        return bool(about.st_mode & 0o100)
    if about.st_gid == user.gid:
        return bool(about.st_mode & 0o010)
    return bool(about.st_mode & 0o001)
