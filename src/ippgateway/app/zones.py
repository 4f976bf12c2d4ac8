"""`ippgateway zone NAME`: one zone's process, from its settings to its end."""

import asyncio
import sys
from collections.abc import Mapping

import asyncpg
import uvloop
from starlette.types import Receive, Scope, Send

from ippgateway import __version__
from ippgateway.app import worker
from ippgateway.app.database.access import as_zone, main_database
from ippgateway.app.local.refusal import REFUSED
from ippgateway.app.settings import Settings
from ippgateway.app.web.entrance import Entrance
from ippgateway.app.web.forward import Forward
from ippgateway.app.web.metrics import LinkCollector, Measured
from ippgateway.app.web.serve import serve
from ippgateway.app.wiring import gateway_for, origin, platform_for
from ippgateway.connectors.iso8583.link import Iso8583Link
from ippgateway.connectors.notify.sender import HttpSender
from ippgateway.core import log
from ippgateway.core.database import DatabaseUnavailable
from ippgateway.faces.classic.app import classic_app
from ippgateway.faces.classic.face import ClassicSettings
from ippgateway.faces.classic.paths import logical_path
from ippgateway.faces.classic.table import zone_of
from ippgateway.faces.console.app import console_app
from ippgateway.faces.site.app import SiteFacts, site_app
from ippgateway.privacy.catalogue import AUTHENTICATE
from ippgateway.privacy.grants import GrantsDiffer
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone
from ippsandbox.cards import DEMO_CARDS


def main(settings: Settings, *, name: str) -> int:
    """Run one zone until it is told to end. The exit code."""
    log.start(settings.log_level)
    zone = Zone(name)
    runs = {Zone.PAY: _pay, Zone.CONSOLE: _console, Zone.SITE: _site, Zone.WORKER: _worker}
    try:
        uvloop.run(runs[zone](settings))
    except GrantsDiffer as why:
        sys.stderr.write(f"{why}\n")
        return REFUSED
    return 0


async def _pay(settings: Settings) -> None:
    async with platform_for(Zone.PAY, settings) as platform, gateway_for(platform, settings) as wired:
        gateway, recovery, link = wired
        classic = classic_app(zone=Zone.PAY, platform=platform, gateway=gateway, settings=_classic(settings))
        forwards = {z: Forward(settings.zone_socket(z.value), platform.clock) for z in (Zone.CONSOLE, Zone.SITE)}

        async def ready() -> Mapping[str, bool]:
            return {"database": await _answers(platform), "acquirer": _signed_on(link)}

        LinkCollector(lambda: link.metrics)
        entrance = Measured(Entrance(classic, forwards, ready))
        recovering = asyncio.create_task(recovery.run())
        try:
            await serve(entrance, host=settings.host, port=settings.port)
        finally:
            recovering.cancel()
            await asyncio.gather(recovering, return_exceptions=True)
            for forward in forwards.values():
                await forward.close()


async def _answers(platform: Platform) -> bool:
    try:
        async with asyncio.timeout(2), platform.db.begin(AUTHENTICATE) as tx:
            return bool(await tx.value("select true"))
    except (DatabaseUnavailable, TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


def _signed_on(link: Iso8583Link) -> bool:
    return bool(link.metrics.signed_on)


def _api(settings: Settings) -> str:
    return f"http://{settings.host}:{settings.port}"


def _classic(settings: Settings) -> ClassicSettings:
    return ClassicSettings(pay_url=origin(settings, "pay"), console_version=settings.console_version)


async def _console(settings: Settings) -> None:
    async with platform_for(Zone.CONSOLE, settings) as platform:
        classic = classic_app(zone=Zone.CONSOLE, platform=platform, gateway=None, settings=_classic(settings))
        pages = console_app(api_url=_api(settings))

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            contract = zone_of(logical_path(scope["path"])) is Zone.CONSOLE
            await (classic if contract else pages)(scope, receive, send)

        await serve(app, socket=settings.zone_socket(Zone.CONSOLE.value))


async def _site(settings: Settings) -> None:
    async with platform_for(Zone.SITE, settings) as platform:
        # Starting means that the grants were compared with the declarations a moment ago: the page says so.
        facts = SiteFacts(
            cards=DEMO_CARDS if settings.sandbox else {}, version=__version__, api_url=_api(settings),
            console_url=origin(settings, "console"), sandbox=settings.sandbox, checked_at=platform.clock.now(),
        )  # fmt: skip
        await serve(site_app(facts), socket=settings.zone_socket(Zone.SITE.value))


async def _worker(settings: Settings) -> None:
    async with platform_for(Zone.WORKER, settings) as platform:
        ending = worker.ended_by_signals()
        sender = HttpSender(allow_private=settings.notify_private)
        await worker.run(platform, sender, as_zone(settings, Zone.WORKER, main_database(settings)), ending=ending)
