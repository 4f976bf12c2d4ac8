"""The supervisor: starts what a plan lists, keeps all of it running, ends it in order.

Order of a start: what needs no database at once, the databases, the set-up, the zones. Order of an end: the zones (they
finish what they have begun), then the others, the databases last. Every end is bounded.
"""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ippgateway.app.local import logs, remains
from ippgateway.app.local.refusal import ENDED, MISUSED, REFUSED, StartRefused
from ippgateway.app.local.watch import Places, Process, Watch

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_ZONES_PATIENCE_S, _OTHERS_PATIENCE_S, _DATABASES_PATIENCE_S = 5.0, 1.5, 3.0
_ROTATE_EVERY_S = 1.0
_PORT_PATIENCE_S = 2.0
_SETUP_PAUSES_S = (0.1, 0.5, 1.0, 1.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What one installation runs. Each part may be missing."""

    beside: Sequence[Process] = ()  # needs no database
    databases: Sequence[Process] = ()
    setup: Process | None = None  # runs once, with the databases, before the zones
    zones: Sequence[Process] = ()
    ports: Sequence[tuple[str, int]] = ()  # must be free


class Supervisor:
    """Runs one plan."""

    def __init__(self, plan: Plan, places: Places, say: Callable[[str], None], *, serving: Callable[[], str]) -> None:
        """`serving` makes what is said once everything answers."""
        self._plan = plan
        self._places = places
        self._say = say
        self._serving = serving
        self._beside = [Watch(p, places, say) for p in plan.beside]
        self._databases = [Watch(p, places, say) for p in plan.databases]
        self._zones = [Watch(p, places, say) for p in plan.zones]

    async def run(self) -> int:
        """Until a signal ends it or the start is refused. Returns the exit code; nothing is left running."""
        loop = asyncio.get_running_loop()
        ending = asyncio.Event()
        for each in _ENDING:
            loop.add_signal_handler(each, ending.set)
        os.umask(0o077)
        rotation = asyncio.create_task(self._rotate())
        starting = asyncio.create_task(self._start())
        waiting = asyncio.create_task(ending.wait())
        try:
            await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                self._say(self._serving())
                await waiting
            self._say("stopping")
        except StartRefused as why:
            self._say(str(why))
            return REFUSED
        finally:
            for task in (starting, waiting, rotation):
                task.cancel()
            await asyncio.gather(starting, waiting, rotation, return_exceptions=True)
            await self._stop()
        self._say("stopped")
        return ENDED

    async def _start(self) -> None:
        await remains.sweep(self._places.pids)
        for host, port in self._plan.ports:
            await _must_be_free(host, port)
        for watch in self._beside:
            watch.start()
        if self._databases:
            self._say("starting the databases")
            for watch in self._databases:
                watch.start()
            await asyncio.gather(*(w.until_ready() for w in self._databases))
        if self._plan.setup:
            await self._set_up(self._plan.setup)
        self._say("starting the processes")
        for watch in self._zones:
            watch.start()
        await asyncio.gather(*(w.until_ready() for w in (*self._beside, *self._zones)))

    async def _set_up(self, setup: Process) -> None:
        """Run it to its end. It may fail because something below it was killed meanwhile: then once more."""
        log = self._places.log(setup.name)
        for pause_s in _SETUP_PAUSES_S:
            code = await Watch(setup, self._places, self._say).run_to_end()
            if code == 0:
                return
            if code in {MISUSED, REFUSED}:
                raise StartRefused(logs.last_line(log) or f"the set-up of the database was refused; see {log}")
            await asyncio.sleep(pause_s)
            await asyncio.gather(*(w.until_ready() for w in self._databases))
        raise StartRefused(f"the set-up of the database failed; see {log}")

    async def _stop(self) -> None:
        everything = [*self._zones, *self._beside, *self._databases]
        await asyncio.gather(*(w.let_go() for w in everything))
        await asyncio.gather(*(w.stop(_ZONES_PATIENCE_S) for w in self._zones))
        await asyncio.gather(*(w.stop(_OTHERS_PATIENCE_S) for w in self._beside))
        await asyncio.gather(*(w.stop(_DATABASES_PATIENCE_S) for w in self._databases))

    async def _rotate(self) -> None:
        while True:
            for log in self._places.logs.glob("*.log"):
                logs.rotate(log)
            await asyncio.sleep(_ROTATE_EVERY_S)


async def _must_be_free(host: str, port: int) -> None:
    """A process of an earlier life may need a moment to leave; anybody else's is a reason to refuse."""
    deadline = asyncio.get_running_loop().time() + _PORT_PATIENCE_S
    while (reason := _taken(host, port)) is not None:
        if asyncio.get_running_loop().time() > deadline:
            raise StartRefused(f"port {port} can't be used ({reason}); choose another with IPPGATEWAY_PORT")
        await asyncio.sleep(0.05)


def _taken(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return os.strerror(error.errno or 0).lower()
    return None


def make_folders(*folders: Path, passable: bool = False) -> None:
    """Folders that only we may read. `passable`: another user may go through to what he owns below, as root.

    Raises StartRefused when one of them is a link or belongs to somebody else.
    """
    mode = 0o711 if passable and os.geteuid() == 0 else 0o700
    for folder in folders:
        folder.mkdir(exist_ok=True, parents=True, mode=mode)
        about = folder.lstat()
        if folder.is_symlink() or about.st_uid != os.geteuid():
            raise StartRefused(f"{folder} belongs to somebody else")
        folder.chmod(mode)
