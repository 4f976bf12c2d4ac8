"""A worker as a process of its own, to be killed: `python -m notifications.process`."""

import os

import uvloop

from gates import gate, way
from ippgateway.app import worker
from ippgateway.app.database.access import as_zone, main_database
from ippgateway.app.settings import Settings
from ippgateway.app.zones.worker import carrier
from ippgateway.connectors.notify.sender import HttpSender
from ippgateway.core import log
from ippgateway.core.clock import SystemClock
from ippgateway.privacy.catalogue import NOTIFY, SHOP
from ippgateway.privacy.zones import Zone

from .conftest import platform


async def main() -> None:
    log.start()
    settings = Settings.from_env(os.environ)
    async with platform(settings, Zone.WORKER, SystemClock()) as p:
        sender = HttpSender(way(SHOP, NOTIFY), allow_private=settings.notify_private)
        connect = as_zone(settings, Zone.WORKER, main_database(settings))
        await worker.run(p, sender, carrier(settings, gate()), connect, ending=worker.ended_by_signals())


if __name__ == "__main__":
    uvloop.run(main())
