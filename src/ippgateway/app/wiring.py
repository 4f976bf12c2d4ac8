"""Putting a zone together: the only place that sees every room."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import asyncpg

from ippgateway.app.database.access import as_zone, keys_database, main_database
from ippgateway.app.database.keys import master
from ippgateway.app.settings import Settings
from ippgateway.connectors.iso8583.link import Iso8583Link, LinkSettings
from ippgateway.connectors.threeds.authenticator import DirectoryClient
from ippgateway.connectors.threeds.messages import Server
from ippgateway.core import log
from ippgateway.core.clock import Clock, SystemClock
from ippgateway.core.database import Database, DatabaseUnavailable
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.domains.cards.vault import Vault
from ippgateway.domains.payments.service import Gateway, Recovery
from ippgateway.privacy import grants, masterkeys
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.declare import KEYS, MAIN
from ippgateway.privacy.persons import Persons
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import RIGHTS, Zone

_ABANDONED_MARGIN_S = 10.0
_LONGEST_REQUEST_S = 15.0
_NEWER_KEYS_EVERY_S = 30.0

_log = log.Log("wiring")


def origin(settings: Settings, name: str) -> str:
    """Where a face is: names under localhost are origins of their own and need no hosts file in a browser."""
    return f"http://{name}.localhost:{settings.port}"


async def check_grants(zone: Zone, settings: Settings) -> None:
    """Compare what the databases allow with what is declared. Raises GrantsDiffer; the zone does not start."""
    for of, name in ((MAIN, main_database(settings)), (KEYS, keys_database(settings))):
        connection = await asyncpg.connect(**as_zone(settings, zone, name))
        try:
            await grants.require_equal(connection, of, settings.role_prefix)
        finally:
            await connection.close()


@asynccontextmanager
async def platform_for(zone: Zone, settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Platform]:
    """One zone's view of the running system, with its own login roles. Raises GrantsDiffer."""
    await check_grants(zone, settings)
    clock, randomness = clock or SystemClock(), SystemRandomness()
    main, keys = _databases(zone, settings)
    persons = Persons(keys, master(settings, masterkeys.PERSONS, randomness), clock, randomness)
    purposes = RIGHTS[zone].purposes
    if purposes:
        await persons.start(_any(purposes))
    refreshing = asyncio.create_task(_refresh(clock, persons, purposes))
    try:
        yield Platform(
            zone=zone, db=main, clock=clock, ids=Ids(clock, randomness), persons=persons,
            checkout_ttl_s=settings.checkout_ttl_s, session_idle_s=settings.session_idle_s,
        )  # fmt: skip
    finally:
        await _ended(refreshing)
        await main.close()
        await keys.close()


def _any(purposes: frozenset[Purpose]) -> Purpose:
    """One of a zone's purposes: each may read the wrapped wrapping keys."""
    return min(purposes, key=lambda p: p.key)


async def _refresh(clock: Clock, keys: Persons | Vault, purposes: frozenset[Purpose]) -> None:
    """Look for newer keys now and then, so that a rotation reaches every zone while it runs."""
    while purposes:
        await clock.sleep(_NEWER_KEYS_EVERY_S)
        try:
            await keys.start(_any(purposes))
        except (DatabaseUnavailable, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            _log.warning("keys.not_refreshed", **log.where(error))


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _databases(zone: Zone, settings: Settings) -> tuple[Database, Database]:
    main, keys = (
        Database(as_zone(settings, zone, name), role_prefix=settings.role_prefix)
        for name in (main_database(settings), keys_database(settings))
    )
    return main, keys


@asynccontextmanager
async def gateway_for(platform: Platform, settings: Settings) -> AsyncIterator[tuple[Gateway, Recovery, Iso8583Link]]:
    """The payment zone's gateway: vault, acquirer link, 3-D Secure, recovery (which the caller runs)."""
    randomness = SystemRandomness()
    keys = Database(as_zone(settings, Zone.PAY, keys_database(settings)), role_prefix=settings.role_prefix, pool_size=2)
    vault = Vault(keys, master(settings, masterkeys.VAULT, randomness), randomness)
    await vault.start(PAYMENT)
    link = Iso8583Link(
        host=settings.acquirer_host, port=settings.acquirer_port, clock=platform.clock, randomness=randomness,
        settings=LinkSettings(timeout_s=settings.acquirer_timeout_s, echo_idle_s=settings.acquirer_echo_s),
    )  # fmt: skip
    pay_url = origin(settings, "pay")
    server = Server(reference="IPP-3DSS-SANDBOX", operator="IPP-SANDBOX", url=f"{pay_url}/3ds/result",
                    notification_url=f"{pay_url}/3ds/return")  # fmt: skip
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=False) as session, link:
        directory = DirectoryClient(
            session=session, directory_url=settings.directory_url, server=server, timeout_s=settings.directory_timeout_s
        )
        longest = settings.acquirer_timeout_s + _ABANDONED_MARGIN_S + _LONGEST_REQUEST_S
        gateway = Gateway(
            platform=platform, vault=vault, acquirer=link, authenticator=directory, public_url=origin(settings, "site"),
        )  # fmt: skip
        refreshing = asyncio.create_task(_refresh(platform.clock, vault, frozenset({PAYMENT})))
        try:
            yield gateway, Recovery(gateway, abandoned_after_s=longest), link
        finally:
            await _ended(refreshing)
            await keys.close()
