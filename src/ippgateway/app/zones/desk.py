"""The desk zone: our staff's pages. It sees staff's own accounts, the audit trail and the registers; of a customer what
support may look at, with a reason and on record."""

from ippgateway.app.settings import Settings
from ippgateway.app.web.forward import Telling
from ippgateway.app.web.serve import serve
from ippgateway.app.wiring import api_address, breaches_for, gate_for, mailbox_address, origin, platform_for
from ippgateway.faces.desk.app import desk_app, desk_house
from ippgateway.privacy.catalogue import STAFF_ACCOUNT
from ippgateway.privacy.zones import Zone


async def run(settings: Settings) -> None:
    """Until a signal ends it."""
    async with platform_for(Zone.DESK, settings) as platform, gate_for(platform, STAFF_ACCOUNT) as gate:
        house = desk_house(
            platform, origin=origin(settings, "desk"), api_url=api_address(settings),
            breaches=breaches_for(settings, gate), mail_url=mailbox_address(settings),
            operator=settings.controller, contact=settings.support_address,
        )  # fmt: skip
        await serve(Telling(desk_app(house)), socket=settings.zone_socket(Zone.DESK.value))
