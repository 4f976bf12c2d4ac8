"""The top process: starts the supervisor, starts it again when it dies, passes signals on, holds the lock.

It does so little that nothing but a signal can end it. When it is killed itself, the supervisor dies with it, and
everything below dies with the supervisor.
"""

import contextlib
import fcntl
import os
import resource
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from ippgateway.app.local import bonds
from ippgateway.app.local.refusal import ENDED, MISUSED, REFUSED, StartRefused, say

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LAST_RESORT_S = 15  # the supervisor bounds its own end at ten
_REST_S = 5.0
_QUICK_S = 10.0
_PAUSE_S = 1.0
_MOST_QUICK_ENDS = 5
_LOCK_PATIENCE_S = 3.0  # after a kill -9 the one before may still be leaving


def lock(data_dir: Path, patience_s: float = _LOCK_PATIENCE_S) -> int:
    """Hold the data directory for as long as this process lives. Returns the descriptor. Raises StartRefused."""
    try:
        if not data_dir.exists():
            data_dir.mkdir(parents=True)
            # Another user's server may live inside; everything that is ours alone is closed by itself.
            data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
        held = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StartRefused(f"IPPGATEWAY_DATA_DIR can't be used: {os.strerror(error.errno or 0)}") from None
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(held)
                raise StartRefused("another instance is running on this IPPGATEWAY_DATA_DIR; end it first") from None
            time.sleep(0.1)
        else:
            return held


class Keeper:
    """Keeps one command alive."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._child: int | None = None
        self._ending = False
        self._quick_ends = 0

    def run(self) -> int:
        """Until a signal or the command's own decision ends it. Returns the exit code."""
        for each in _ENDING:
            signal.signal(each, self._on_signal)
        signal.signal(signal.SIGALRM, self._on_alarm)
        again: list[str] = []
        while True:
            begun = time.monotonic()
            code = self._once(again)
            if self._ending:
                _reap_rest()
                return ENDED if code in {0, -signal.SIGTERM} else 1
            if code in {ENDED, MISUSED, REFUSED}:
                return code
            how = f"signal {-code}" if code < 0 else f"exit {code}"
            if code > 0 and self._failed_often(time.monotonic() - begun):
                say(f"the supervisor stopped ({how}) again and again; giving up")
                return 1
            say(f"the supervisor stopped ({how}), starting again")
            again = ["--again"]

    def _once(self, again: list[str]) -> int:
        child = subprocess.Popen(  # noqa: S603 - our own command
            self._command + again,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the keeper alone, which passes it on once
            preexec_fn=bonds.bound(signal.SIGKILL),  # noqa: PLW1509 - one thread; see bonds
        )
        self._child = child.pid
        if self._ending:  # the signal came before there was a child to tell
            self._tell(signal.SIGTERM)
        child.returncode = _reap_until(child.pid)
        self._child = None
        return child.returncode

    def _tell(self, how: signal.Signals) -> None:
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._child, how)  # not through Popen, which would reap behind our back

    def _failed_often(self, lived_s: float) -> bool:
        """A defect must not turn into an endless loop; a kill from outside is no defect."""
        self._quick_ends = self._quick_ends + 1 if lived_s < _QUICK_S else 0
        if self._quick_ends:
            time.sleep(_PAUSE_S)
        return self._quick_ends >= _MOST_QUICK_ENDS

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if not self._ending:
            self._ending = True
            signal.alarm(_LAST_RESORT_S)
            self._tell(signal.SIGTERM)

    def _on_alarm(self, _number: int, _frame: FrameType | None) -> None:
        self._tell(signal.SIGKILL)


def _reap_until(child: int) -> int:
    """Wait for `child`, and meanwhile for whatever came to us when its parent died below. Returns its exit code."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == child:
            return os.waitstatus_to_exitcode(status)


def _reap_rest() -> None:
    """A supervisor that was killed while it ended has left children, which end by themselves. Bounded."""
    deadline = time.monotonic() + _REST_S
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.02)


def keep(command: Sequence[str], data_dir: Path) -> int:
    """Lock the data directory and keep `command` alive. Returns the exit code."""
    # A core file of any process below would hold card numbers.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    bonds.adopt_orphans()
    try:
        lock(data_dir)
    except StartRefused as why:
        say(str(why))
        return REFUSED
    return Keeper(command).run()
