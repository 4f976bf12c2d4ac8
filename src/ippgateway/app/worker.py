"""The worker zone: runs jobs, and sets lost alarms again. It may notify shops and nothing else."""

import asyncio
import signal
from collections.abc import Mapping
from typing import Any

from ippgateway.core import jobrunner
from ippgateway.core.log import Log
from ippgateway.domains.notifications import jobs, service
from ippgateway.domains.notifications.ports import Sender
from ippgateway.privacy.platform import Platform

_log = Log("worker")


async def run(p: Platform, sender: Sender, connect: Mapping[str, Any], *, ending: asyncio.Event) -> None:
    """Until `ending` is set; calls under way get some seconds to finish.

    `connect`: arguments of `asyncpg.connect` for this zone's login to the main database.
    """
    sweeping = asyncio.create_task(sweep(p))
    try:
        await jobrunner.run(connect, jobs.handlers(p, sender), ending=ending)
    finally:
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)


async def sweep(p: Platform) -> None:
    """At once and every half minute: whatever is owed and overdue gets its alarm again. Runs until it is cancelled."""
    while True:
        try:
            late = await service.ring_again(p)
        except Exception as error:  # the database may be away; the next round finds the same rows
            _log.error("sweep.failed", error)
        else:
            if late:
                _log.warning("sweep.late", notifications=late)
        await p.clock.sleep(jobs.SWEEP_EVERY_S)


def ended_by_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    ending = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, ending.set)
    return ending
