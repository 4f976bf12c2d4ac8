"""The worker zone: runs jobs, sets lost alarms again, and removes what has been kept long enough. It may notify shops
and send letters, and nothing else."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ippgateway.core import jobrunner
from ippgateway.core.jobrunner import Handler
from ippgateway.core.log import Log
from ippgateway.domains.consents import service as consents
from ippgateway.domains.mail import jobs as mail_jobs
from ippgateway.domains.mail import service as mail
from ippgateway.domains.mail.ports import Carrier
from ippgateway.domains.notifications import jobs as notification_jobs
from ippgateway.domains.notifications import service as notifications
from ippgateway.domains.notifications.ports import Sender
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights import retain

_log = Log("worker")

_Sweep = Callable[[Platform], Awaitable[int]]

SWEEPS: Mapping[str, _Sweep] = {
    "notifications": notifications.ring_again,
    "letters": mail.ring_again,
}
"""What is looked after besides the jobs, and what the log calls it."""


def handlers(p: Platform, sender: Sender, carrier: Carrier) -> dict[str, Handler]:
    """Every job that there is, by its name."""
    permits = consents.NewsDesk(p=p, origin=p.origins.get("mine", ""))
    return {**notification_jobs.handlers(p, sender), **mail_jobs.handlers(p, carrier, permits)}


async def run(
    p: Platform, sender: Sender, carrier: Carrier, connect: Mapping[str, Any], *, ending: asyncio.Event
) -> None:
    """Until `ending` is set; calls under way get some seconds to finish.

    `connect`: arguments of `asyncpg.connect` for this zone's login to the main database.
    """
    tasks = [asyncio.create_task(sweep(p)), asyncio.create_task(retain.sweep(p))]
    try:
        await jobrunner.run(connect, handlers(p, sender, carrier), ending=ending)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def sweep(p: Platform) -> None:
    """At once and every half minute: whatever is owed and overdue gets its alarm again. Runs until it is cancelled."""
    while True:
        for name, look in SWEEPS.items():
            await _look(p, name, look)
        await p.clock.sleep(notification_jobs.SWEEP_EVERY_S)


async def _look(p: Platform, name: str, look: _Sweep) -> None:
    try:
        found = await look(p)
    except Exception as error:  # the database may be away; the next round finds the same rows
        _log.error("sweep.failed", error)
    else:
        if found:
            _log.warning("sweep.found", **{name: found})


def ended_by_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    ending = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, ending.set)
    return ending
