"""Putting the payment zone's gateway together: vault, acquirer link, 3-D Secure, recovery.

Apart from `wiring`, so that the other zones start without importing any of it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from ippgateway.app.database.access import as_zone, keys_database
from ippgateway.app.database.keys import master
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import api_address, ended, gate_for, origin, refresh
from ippgateway.connectors.gate import Gate
from ippgateway.connectors.iso8583.link import Iso8583Link, LinkSettings
from ippgateway.connectors.threeds.authenticator import DirectoryClient
from ippgateway.connectors.threeds.messages import Server
from ippgateway.core import tls
from ippgateway.core.database import Database
from ippgateway.core.ids import SystemRandomness
from ippgateway.core.log import Log
from ippgateway.domains.cards.vault import Vault
from ippgateway.domains.companies.acquirers import TEST_ACQUIRER
from ippgateway.domains.payments.service import Gateway, Limits, Recovery
from ippgateway.privacy import masterkeys
from ippgateway.privacy.catalogue import ACQUIRER, DIRECTORY_SERVER, PAYMENT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone

_ABANDONED_MARGIN_S = 10.0
_LONGEST_REQUEST_S = 15.0
_DRAIN_S = 8.0

_log = Log("gateway")


@asynccontextmanager
async def gateway_for(platform: Platform, settings: Settings) -> AsyncIterator[tuple[Gateway, Recovery, Iso8583Link]]:
    """The payment zone's gateway: vault, acquirer link, 3-D Secure, recovery (which the caller runs)."""
    async with gate_for(platform, PAYMENT) as gate, _gateway(platform, settings, gate) as wired:
        yield wired


@asynccontextmanager
async def _gateway(
    platform: Platform, settings: Settings, gate: Gate
) -> AsyncIterator[tuple[Gateway, Recovery, Iso8583Link]]:
    randomness = SystemRandomness()
    keys = Database(as_zone(settings, Zone.PAY, keys_database(settings)), role_prefix=settings.role_prefix, pool_size=2)
    vault = Vault(keys, master(settings, masterkeys.VAULT, randomness), randomness)
    await vault.start(PAYMENT)
    link = Iso8583Link(
        way=gate.to(ACQUIRER, PAYMENT, named=TEST_ACQUIRER.id),
        host=settings.acquirer_host, port=settings.acquirer_port, clock=platform.clock, randomness=randomness,
        settings=LinkSettings(timeout_s=settings.acquirer_timeout_s, echo_idle_s=settings.acquirer_echo_s),
        tls=tls.calling(settings.acquirer_ca) if settings.acquirer_tls else None,
    )  # fmt: skip
    pay_url = origin(settings, "pay")
    server = Server(reference="IPP-3DSS-SANDBOX", operator="IPP-SANDBOX", url=f"{api_address(settings)}/3ds/result",
                    notification_url=f"{pay_url}/challenge/return")  # fmt: skip
    session = gate.to(DIRECTORY_SERVER, PAYMENT).http(aiohttp.TCPConnector(ssl=tls.calling()))
    async with session, link:
        directory = DirectoryClient(
            session=session, directory_url=settings.directory_url, server=server, timeout_s=settings.directory_timeout_s
        )
        longest = settings.acquirer_timeout_s + _ABANDONED_MARGIN_S + _LONGEST_REQUEST_S
        gateway = Gateway(
            platform=platform, vault=vault, acquirer=link, authenticator=directory, public_url=origin(settings, "site"),
            pay_url=pay_url,
            limits=Limits(advice_lease_s=longest),
        )  # fmt: skip
        refreshing = asyncio.create_task(refresh(platform.clock, vault, frozenset({PAYMENT})))
        try:
            yield gateway, Recovery(gateway, abandoned_after_s=longest), link
        finally:
            if not await gateway.drain(_DRAIN_S):
                _log.warning("gateway.not_drained", attempts=len(gateway.under_way))
            await ended(refreshing)
            await keys.close()
