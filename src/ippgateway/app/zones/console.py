"""The console zone: the contract's management calls, and the console's pages."""

from starlette.types import Receive, Scope, Send

from ippgateway.app.settings import Settings
from ippgateway.app.web.serve import serve
from ippgateway.app.wiring import api_address, platform_for
from ippgateway.app.zones.contract import classic_settings
from ippgateway.faces.classic.app import classic_app
from ippgateway.faces.classic.paths import logical_path
from ippgateway.faces.classic.table import zone_of
from ippgateway.faces.console.app import console_app
from ippgateway.privacy.zones import Zone


async def run(settings: Settings) -> None:
    """Until a signal ends it."""
    async with platform_for(Zone.CONSOLE, settings) as platform:
        classic = classic_app(zone=Zone.CONSOLE, platform=platform, gateway=None, settings=classic_settings(settings))
        pages = console_app(api_url=api_address(settings))

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            contract = zone_of(logical_path(scope["path"])) is Zone.CONSOLE
            await (classic if contract else pages)(scope, receive, send)

        await serve(app, socket=settings.zone_socket(Zone.CONSOLE.value))
