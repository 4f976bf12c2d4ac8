"""Processes to be killed: `python -m storms.victims` forks one for each line that it reads.

The parent has everything imported, so that a victim costs a fork and its connections. A victim that comes to the
boundary that it is to die at says which one it is and kills itself: nothing is rolled back, handed back or said.
"""

import asyncio
import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path as File
from typing import Any

from ippgateway.app.settings import Settings
from ippgateway.core import log

from .path import Watch, open_path
from .stories import STORIES, Scene

ENDS_WITHIN_S = 60.0


@dataclass(frozen=True)
class Death:
    """Where a victim died: the boundary's place in the code, before or after it. None of it when it lived."""

    module: str = ""
    function: str = ""
    line: int = 0
    moment: str = ""
    crossed: int = 0
    said: str = ""

    @property
    def died(self) -> bool:
        return bool(self.moment)

    @property
    def where(self) -> tuple[str, str, int]:
        """The place in the code."""
        return self.module, self.function, self.line


class Executioner(Watch):
    """Kills this process at the `number`th boundary, counted from one, `before` it or `after`."""

    def __init__(self, number: int, moment: str) -> None:
        self._number, self._moment, self.crossed = number, moment, 0

    def before(self, module: str, function: str, line: int) -> Callable[[], None]:
        """See `Watch`."""
        self.crossed += 1
        if self.crossed != self._number:
            return lambda: None
        death = Death(module, function, line, self._moment, self.crossed)
        if self._moment == "before":
            _die(death)
        return lambda: _die(death)


def _say(death: Death) -> None:
    os.write(1, json.dumps(asdict(death)).encode() + b"\n")


def _die(death: Death) -> None:
    _say(death)
    os.kill(os.getpid(), signal.SIGKILL)


async def _live(settings: Settings, task: dict[str, Any]) -> None:
    watch = Executioner(task["number"], task["moment"])
    async with open_path(
        settings, port=task["port"], at=datetime.fromisoformat(task["at"]), watch=watch
    ) as path:  # fmt: skip
        said = await next(s for s in STORIES if s.name == task["story"]).play(path, Scene(**task["scene"]))
    _say(Death(crossed=watch.crossed, said=said))


def main(prefix: str) -> None:
    """Fork a victim for each line, and tell when it is gone by a line of its own."""
    log.start("critical")
    settings = dataclasses.replace(Settings.from_env(os.environ), role_prefix=prefix, sandbox=False)
    for line in sys.stdin.buffer:
        victim = os.fork()
        if victim == 0:
            asyncio.run(_live(settings, json.loads(line)))
            os._exit(0)
        _, status = os.waitpid(victim, 0)
        os.write(1, b"%d\n" % status)


# --- the other side ---


class Nursery:
    """Where victims come from."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def kill(
        self, story: str, scene: Scene, *, number: int, moment: str, port: int, at: datetime
    ) -> Death:  # fmt: skip
        """Have a victim play a story until its end or its death."""
        assert self._process.stdin is not None
        task = {"story": story, "scene": asdict(scene), "number": number, "moment": moment, "port": port,
                "at": at.isoformat()}  # fmt: skip
        self._process.stdin.write(json.dumps(task).encode() + b"\n")
        said = await self._line()
        assert isinstance(said, dict), f"{story}: a victim failed at {number} {moment}"
        status, death = await self._line(), Death(**said)
        assert status == (signal.SIGKILL if death.died else 0), f"{story}: a victim ended with {status}"
        return death

    async def _line(self) -> Any:
        assert self._process.stdout is not None
        async with asyncio.timeout(ENDS_WITHIN_S):
            return json.loads(await self._process.stdout.readline())


@asynccontextmanager
async def nursery(env: dict[str, str], prefix: str) -> AsyncIterator[Nursery]:
    """A parent of victims. `env`: of the installation; `prefix`: of the roles that the victims work under."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "storms.victims", prefix, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=env, cwd=File(__file__).parents[1],
    )  # fmt: skip
    try:
        yield Nursery(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


if __name__ == "__main__":
    main(sys.argv[1])
