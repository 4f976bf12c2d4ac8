"""The site zone: the public pages."""

from ippgateway import __version__
from ippgateway.app.settings import Settings
from ippgateway.app.web.serve import serve
from ippgateway.app.wiring import api_address, origin, platform_for, shop_address
from ippgateway.faces.site.app import SiteFacts, site_app
from ippgateway.privacy.papers.versions import today
from ippgateway.privacy.zones import Zone
from ippgateway.promises.register import SECTIONS
from ippsandbox.cards import DEMO_CARDS


async def run(settings: Settings) -> None:
    """Until a signal ends it."""
    async with platform_for(Zone.SITE, settings) as platform:
        # Starting means that the grants were compared with the declarations a moment ago: the page says so.
        facts = SiteFacts(
            cards=DEMO_CARDS if settings.sandbox else {}, version=__version__,
            api_url=api_address(settings), console_url=origin(settings, "console"),
            mine_url=origin(settings, "mine"), shop_url=shop_address(settings), sandbox=settings.sandbox,
            checked_at=platform.clock.now(), operator=settings.operator_name, controller=settings.controller,
            support=settings.support_address, today=lambda: today(platform.clock.now()), promises=SECTIONS,
            trust=platform.trust,
        )  # fmt: skip
        await serve(site_app(facts), socket=settings.zone_socket(Zone.SITE.value))
