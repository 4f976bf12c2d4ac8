"""One process and the task that keeps it running: started, started again when it dies, ended in order."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ippgateway.app.local import bonds, logs, remains
from ippgateway.app.local.ready import Ready
from ippgateway.app.local.refusal import StartRefused

_QUICK_S = 1.0
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0
_MOST_FAILED_STARTS = 5
_ASK_EVERY_S = 0.05
_KILL_PATIENCE_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Process:
    """What to run. `argv[0]` is a path. One that starts others must bind them to itself (`bonds.bound`)."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    run_as: bonds.RunAs | None = None
    ready: Ready | None = None  # None: running is enough
    patience_s: float = 30.0  # how long the first start may take until `ready`
    prepare: Callable[[], Awaitable[None]] | None = None  # before each start
    death_signal: signal.Signals = signal.SIGKILL  # what it gets when its supervisor dies
    end_signals: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGKILL)


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where process ids and logs are kept. The folders exist."""

    pids: Path
    logs: Path

    def log(self, name: str) -> Path:
        """The log file of a process."""
        return self.logs / f"{name}.log"


class Watch:
    """Keeps one process running."""

    def __init__(self, process: Process, places: Places, say: Callable[[str], None]) -> None:
        self.process = process
        self._places = places
        self._say = say
        self._child: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._failed_starts = 0
        self._was_ready = False

    @property
    def pid(self) -> int | None:
        """The process id, while it runs."""
        child = self._child
        return child.pid if child is not None and child.returncode is None else None

    def start(self) -> None:
        """Begin to keep it running, in the background."""
        self._task = asyncio.create_task(self._keep(), name=f"keep {self.process.name}")

    async def until_ready(self) -> None:
        """Wait for the first start. Raises StartRefused when it fails of its own accord or takes too long."""
        assert self._task is not None  # noqa: S101 - started before
        deadline = asyncio.get_running_loop().time() + self.process.patience_s
        while not await self._is_ready():
            if self._task.done():
                await self._task  # raises what ended it
            late = asyncio.get_running_loop().time() > deadline
            if late or self._failed_starts >= _MOST_FAILED_STARTS:
                raise StartRefused(f"{self.process.name} does not start; see {self._places.log(self.process.name)}")
            await asyncio.sleep(_ASK_EVERY_S)
        self._was_ready = True

    async def let_go(self) -> None:
        """Leave it running, but do not start it again."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def stop(self, patience_s: float) -> None:
        """End it: the first end signal, then after `patience_s` the next. Returns when it is gone."""
        await self.let_go()
        child = self._child
        if child is None:
            return
        for how in self.process.end_signals:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.send_signal(how)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(child.wait(), _KILL_PATIENCE_S if how == signal.SIGKILL else patience_s)
                break
        self._clear_up(child)

    async def run_to_end(self) -> int:
        """Run it once. Returns its exit code, negative for a signal; ends it when the caller is cancelled."""
        child = self._child = await self._born()
        try:
            return await child.wait()
        finally:
            self._clear_up(child)
            if child.returncode is None:
                await child.wait()

    async def _is_ready(self) -> bool:
        return self.pid is not None and (self.process.ready is None or await self.process.ready())

    async def _keep(self) -> None:
        pause_s = 0.0
        while True:
            begun = asyncio.get_running_loop().time()
            try:
                self._child = await self._born()
                code = await self._child.wait()
            except (OSError, subprocess.SubprocessError) as error:
                problem = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "refused"
            except StartRefused:
                if not self._was_ready:
                    raise
                problem = "refused"
            else:
                self._clear_up(self._child)
                problem = f"signal {-code}" if code < 0 else f"exit {code}"
                self._failed_starts += code >= 0 and not self._was_ready
            quick = asyncio.get_running_loop().time() - begun < _QUICK_S
            pause_s = min(max(2 * pause_s, _FIRST_PAUSE_S), _LONGEST_PAUSE_S) if quick else 0.0
            self._say(f"{self.process.name} stopped ({problem}), starting again")
            await asyncio.sleep(pause_s)

    async def _born(self) -> asyncio.subprocess.Process:
        process = self.process
        if process.prepare is not None:
            await process.prepare()
        log = logs.open_log(self._places.log(process.name))
        try:
            child = await asyncio.create_subprocess_exec(
                *process.argv, env=dict(process.env), cwd=process.cwd, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=bonds.bound(process.death_signal, process.run_as),
            )  # fmt: skip
        finally:
            os.close(log)
        remains.remember(self._places.pids, process.name, child.pid)
        return child

    def _clear_up(self, child: asyncio.subprocess.Process) -> None:
        """It is gone: what it started goes too, and its note."""
        remains.kill_group(child.pid)
        remains.forget(self._places.pids, self.process.name)
