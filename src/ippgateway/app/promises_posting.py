"""What the checks of the promises find, shown on the site: by hand (`ippgateway promises --publish`), and by a process
of its own at each start and then by schedule, which nobody can reach.

It acts as the command does, with the logins of every zone and requests to our own address, and leaves one small file
(`privacy.trustfile`), which is all that the site's process knows of it.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from ippgateway.app.local.bonds import keep_memory_private
from ippgateway.app.local.supervisor import make_folders
from ippgateway.app.settings import Settings
from ippgateway.core.clock import Clock
from ippgateway.core.log import Log
from ippgateway.privacy import trustfile
from ippgateway.privacy.trust import Promise, Result
from ippgateway.promises.finding import Finding
from ippgateway.promises.report import for_all

_POLITE = 10
"""Payments go first: what this process computes may wait for the processor."""
_ASK_EVERY_S = 1.0
_ASK_TIMES = 60
_AGAIN_S = 60.0

_log = Log("promises")

Findings = Sequence[tuple[Promise, Finding]]


def post(settings: Settings, found: Findings, *, at: datetime) -> Result:
    """Show what was found from now on. Raises OSError, StartRefused."""
    make_folders(settings.trust_file.parent)
    return trustfile.post(
        settings.trust_file, [for_all(*each) for each in found], at=at, every_s=settings.promises_every_s
    )


async def run(
    settings: Settings, find: Callable[[], Awaitable[Findings]], ready: Callable[[], Awaitable[bool]], *, clock: Clock
) -> None:
    """By schedule, until a signal ends it; at once when the schedule says by hand alone."""
    if not settings.promises_every_s:
        return
    keep_memory_private()
    os.nice(_POLITE)
    ending = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, ending.set)
    working = asyncio.create_task(rounds(settings, find, ready, clock=clock))
    await ending.wait()
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working


async def rounds(
    settings: Settings, find: Callable[[], Awaitable[Findings]], ready: Callable[[], Awaitable[bool]], *, clock: Clock
) -> None:
    """Check and post, again and again. Whatever fails, the last whole result stays, and grows old."""
    while True:
        await _until(ready, clock)
        begun, pause_s = clock.now(), float(settings.promises_every_s)
        try:
            result = post(settings, await find(), at=begun)
        except Exception as error:  # a full disk, or a check that took the whole report with it
            _log.error("promises.not_posted", error)
            pause_s = min(pause_s, _AGAIN_S)
        else:
            newest = result.days[-1]
            _log.info("promises.posted", kept=newest.kept, broken=newest.broken, unchecked=newest.unchecked)
        await clock.sleep(pause_s)


async def _until(ready: Callable[[], Awaitable[bool]], clock: Clock) -> None:
    """Wait for a platform that is still starting; one that does not come is what the checks then find."""
    for _ in range(_ASK_TIMES):
        with contextlib.suppress(OSError, TimeoutError):
            if await ready():
                return
        await clock.sleep(_ASK_EVERY_S)
