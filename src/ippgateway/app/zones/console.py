"""The console zone: the contract's management calls, the console's pages, and what people may ask about themselves."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from ippgateway.app.settings import Settings
from ippgateway.app.web.forward import Telling
from ippgateway.app.web.serve import serve
from ippgateway.app.wiring import api_address, breaches_for, ended, gate_for, mailbox_address, origin, platform_for
from ippgateway.app.zones.contract import classic_settings
from ippgateway.core.log import Log
from ippgateway.domains.disclosures import service as disclosures
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.domains.requests import service as requests
from ippgateway.faces.classic.app import classic_app
from ippgateway.faces.classic.paths import logical_path
from ippgateway.faces.classic.table import zone_of
from ippgateway.faces.console.app import console_app, console_house
from ippgateway.faces.mine import unsubscribe
from ippgateway.faces.mine.app import mine_app
from ippgateway.faces.mine.paths import HOST, of_a_purchase
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.erase import look_after
from ippgateway.privacy.zones import Zone

_LOOK_AFTER_EVERY_S = 20.0
_CARRY_OUT_EVERY_S = 2.0
_DISCLOSE_EVERY_S = 5.0

_log = Log("console")


async def run(settings: Settings) -> None:
    """Until a signal ends it."""
    async with platform_for(Zone.CONSOLE, settings) as platform, gate_for(platform, ACCOUNT) as gate:
        breaches = breaches_for(settings, gate)
        classic = classic_app(
            zone=Zone.CONSOLE, platform=platform, gateway=None, settings=classic_settings(settings), breaches=breaches
        )
        house = console_house(
            platform, origin=origin(settings, "console"), api_url=api_address(settings),
            breaches=breaches, mail_url=mailbox_address(settings),
        )  # fmt: skip
        pages = console_app(house)
        mine = mine_app(platform, mail_url=mailbox_address(settings))
        stopping = unsubscribe.unsubscribe_app(platform)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            path = logical_path(scope["path"])
            at_mine = Headers(scope=scope).get("host", "").partition(".")[0].lower() == HOST
            if at_mine and path.startswith(f"{unsubscribe.PATH}/"):
                await stopping(scope, receive, send)
            elif at_mine or of_a_purchase(path):
                await mine(scope, receive, send)
            else:
                await (classic if zone_of(path) is Zone.CONSOLE else pages)(scope, receive, send)

        erasing = asyncio.create_task(_look_after(platform))
        carrying_out = asyncio.create_task(_carry_out(platform))
        disclosing = asyncio.create_task(_disclose(platform))
        try:
            await serve(Telling(app), socket=settings.zone_socket(Zone.CONSOLE.value))
        finally:
            await ended(erasing)
            await ended(carrying_out)
            await ended(disclosing)


async def _disclose(platform: Platform) -> None:
    """Cases that two have approved, and whoever may be told of one by now."""
    while True:
        try:
            await disclosures.look_after(platform)
        except Exception as error:  # the database may be away; the cases stay as they are
            _log.error("disclosures.not_looked_after", error)
        await platform.clock.sleep(_DISCLOSE_EVERY_S)


async def _look_after(platform: Platform) -> None:
    """Erasures that were cut short, or are to be looked at once more; links whose day is over."""
    while True:
        try:
            await look_after(platform, ROOMS.erasing)
            await requests.forget_links(platform)
        except Exception as error:  # the database may be away; what is on record stays there
            _log.error("people.not_looked_after", error)
        await platform.clock.sleep(_LOOK_AFTER_EVERY_S)


async def _carry_out(platform: Platform) -> None:
    """What was decided about people's requests, here or at the desk: it binds within two seconds."""
    while True:
        try:
            await requests.look_after(platform, ROOMS)
        except Exception as error:  # the same
            _log.error("requests.not_looked_after", error)
        await platform.clock.sleep(_CARRY_OUT_EVERY_S)
