"""The worker zone: jobs, and the calls that shops are owed."""

from ippgateway.app import worker
from ippgateway.app.database.access import as_zone, main_database
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.connectors.notify.sender import HttpSender
from ippgateway.privacy.zones import Zone


async def run(settings: Settings) -> None:
    """Until a signal ends it."""
    async with platform_for(Zone.WORKER, settings) as platform:
        ending = worker.ended_by_signals()
        sender = HttpSender(allow_private=settings.notify_private)
        await worker.run(platform, sender, as_zone(settings, Zone.WORKER, main_database(settings)), ending=ending)
