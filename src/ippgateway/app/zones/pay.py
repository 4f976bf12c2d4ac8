"""The payment zone: the entrance, payments, and the recovery of what has no outcome."""

import asyncio
from collections.abc import Mapping

import asyncpg

from ippgateway.app.gateway import gateway_for
from ippgateway.app.settings import Settings
from ippgateway.app.web.address import Addressed
from ippgateway.app.web.entrance import Entrance
from ippgateway.app.web.forward import Forward
from ippgateway.app.web.metrics import LinkCollector, Measured
from ippgateway.app.web.serve import Certificate, serve
from ippgateway.app.web.visits import Visited, recording
from ippgateway.app.wiring import origin, platform_for
from ippgateway.app.zones.contract import classic_settings
from ippgateway.connectors.iso8583.link import Iso8583Link
from ippgateway.connectors.threeds import challenges
from ippgateway.core import guard
from ippgateway.core.database import DatabaseUnavailable
from ippgateway.faces.classic.app import classic_app
from ippgateway.faces.pay.app import Payers, pay_app
from ippgateway.privacy.catalogue import AUTHENTICATE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone


async def run(settings: Settings) -> None:
    """Until a signal ends it."""
    async with (
        platform_for(Zone.PAY, settings) as platform,
        recording(platform) as visits,
        gateway_for(platform, settings) as wired,
    ):
        gateway, recovery, link = wired
        classic = classic_app(zone=Zone.PAY, platform=platform, gateway=gateway, settings=classic_settings(settings))
        forwards = {
            z: Forward(settings.zone_socket(z.value), platform.clock) for z in (Zone.CONSOLE, Zone.DESK, Zone.SITE)
        }

        async def ready() -> Mapping[str, bool]:
            return {
                "database": await _answers(platform), "acquirer": _signed_on(link), "guard": guard.standing(),
            }  # fmt: skip

        payers = pay_app(Payers(platform=platform, gateway=gateway, pay_url=gateway.pay_url, messages=challenges))
        LinkCollector(lambda: link.metrics)
        entrance = Measured(Entrance(classic, payers, forwards, ready, mine_url=origin(settings, "mine")))
        visited = Addressed(
            Visited(entrance, visits, platform.clock), settings.trusted_proxies,
            proxies_only=settings.is_plain_beyond_loopback,
        )  # fmt: skip
        recovering = asyncio.create_task(recovery.run())
        try:
            await serve(visited, host=settings.host, port=settings.port, certificate=_certificate(settings))
        finally:
            recovering.cancel()
            await asyncio.gather(recovering, return_exceptions=True)
            for forward in forwards.values():
                await forward.close()


def _certificate(settings: Settings) -> Certificate | None:
    chain, key = settings.tls_certificate, settings.tls_key
    return Certificate(chain=chain, key=key) if chain and key else None


async def _answers(platform: Platform) -> bool:
    try:
        async with asyncio.timeout(2), platform.db.begin(AUTHENTICATE) as tx:
            return bool(await tx.value("select true"))
    except (DatabaseUnavailable, TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


def _signed_on(link: Iso8583Link) -> bool:
    return bool(link.metrics.signed_on)
