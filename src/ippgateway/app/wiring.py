"""Putting a zone together: its databases, keys, time. What the payment zone has besides is in `gateway`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

import asyncpg

from ippgateway.app.database.access import as_zone, keys_database, main_database
from ippgateway.app.database.keys import master
from ippgateway.app.forgetting import listen
from ippgateway.app.settings import Settings, SettingsError
from ippgateway.core import log
from ippgateway.core.clock import Clock, SystemClock
from ippgateway.core.database import Database, DatabaseUnavailable, PurposeLike
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.domains.accounts.ports import Breaches
from ippgateway.privacy import grants, masterkeys
from ippgateway.privacy.catalogue import AUTHENTICATE, NEWS, SECURITY_PROVIDER
from ippgateway.privacy.declare import KEYS, MAIN, declared
from ippgateway.privacy.disclosure.register import Register
from ippgateway.privacy.lifetimes import Lifetimes
from ippgateway.privacy.persons import Persons
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.endings import endings
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.trustfile import Posted
from ippgateway.privacy.vocabulary import Category, Purpose
from ippgateway.privacy.zones import RIGHTS, Zone

if TYPE_CHECKING:
    from ippgateway.connectors.gate import Gate

_NEWER_KEYS_EVERY_S = 30.0
_REGISTER_EVERY_S = 5.0
_HTTPS = 443
_FACES = ("console", "desk", "mine", "pay", "site")

_log = log.Log("wiring")


class Keys(Protocol):
    """Keys that are read when a process starts, and again when there may be newer ones."""

    async def start(self, purpose: PurposeLike) -> None:
        """Read them under `purpose`."""
        ...


def origin(settings: Settings, name: str) -> str:
    """Where a face is: names under localhost are origins of their own and need no hosts file in a browser. Any other
    domain is reached with TLS, ours or that of the proxy in front."""
    host = f"{name}.{settings.domain}"
    if settings.tls_certificate is not None:
        return f"https://{host}" if settings.port == _HTTPS else f"https://{host}:{settings.port}"
    return f"http://{host}:{settings.port}" if settings.domain == "localhost" else f"https://{host}"


def shop_address(settings: Settings) -> str:
    """Where a browser finds the demo shop, which is on this machine alone and no part of ours."""
    return f"http://shop.localhost:{settings.sandbox_shop_port}"


def mailbox_address(settings: Settings) -> str:
    """Where a sandbox shows the mail that it sent; empty without one."""
    return f"http://mail.localhost:{settings.sandbox_mailbox_port}" if settings.sandbox else ""


def mail_address(settings: Settings) -> str:
    """Where a browser finds the letters that the sandbox's mail server took."""
    return f"http://mail.localhost:{settings.sandbox_mailbox_port}"


def api_address(settings: Settings) -> str:
    """Where clients of the wire contract call."""
    if settings.domain == "localhost" and settings.tls_certificate is None:
        return f"http://{settings.host}:{settings.port}"
    return origin(settings, "api")


def breaches_for(settings: Settings, gate: "Gate | None" = None) -> Breaches:
    """Who knows which passwords leaked; without a gate it is the list on this machine.

    Raises SettingsError when the file that is named is no list of them."""
    # Zones where nobody chooses a password do without it.
    from ippgateway.connectors.breaches.local import LocalList, NotAList  # noqa: PLC0415
    from ippgateway.connectors.breaches.online import KAnonymity  # noqa: PLC0415

    try:
        local = LocalList(settings.breached_passwords)
    except (OSError, NotAList):
        raise SettingsError("breached_passwords", "must be a file of SHA-1 hashes that can be read") from None
    if settings.breaches_url is None or gate is None:
        return local
    return KAnonymity(settings.breaches_url, local, gate.to(SECURITY_PROVIDER, AUTHENTICATE))


@asynccontextmanager
async def gate_for(platform: Platform, purpose: Purpose) -> AsyncIterator["Gate"]:
    """The way to the outside, with the register as it is now and a few seconds from now. `purpose`: one of the zone's,
    under which the register is read. A zone that can't ask whether a yes stands hands over nothing that needs one."""
    from ippgateway.connectors.gate import Gate  # noqa: PLC0415 - zones that call nobody do without it

    register = Register()
    await register.start(platform.db, purpose)
    refreshing = asyncio.create_task(_reread(platform, register, purpose))
    try:
        yield Gate(register, platform.clock, consents=_consents(platform))
    finally:
        await ended(refreshing)


class _Agreed:
    """What people said yes to, from the room that keeps it (`connectors.gate.Consents`)."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    async def given(self, about: Person, purpose: Purpose, categories: frozenset[Category]) -> bool:
        """See Consents."""
        from ippgateway.domains.consents import service  # noqa: PLC0415 - zones that ask nobody do without it

        try:
            return await service.given(
                self._platform, tenant_id=about.rows_of, person_id=about.person_id, purpose=purpose,
                categories=categories,
            )  # fmt: skip
        except (DatabaseUnavailable, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            _log.warning("consent.not_asked", **log.where(error))
            return False


def _consents(platform: Platform) -> _Agreed | None:
    return _Agreed(platform) if NEWS in RIGHTS[platform.zone].purposes else None


async def _reread(platform: Platform, register: Register, purpose: Purpose) -> None:
    while True:
        await platform.clock.sleep(_REGISTER_EVERY_S)
        try:
            await register.start(platform.db, purpose)
        except (DatabaseUnavailable, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            _log.warning("register.not_read", **log.where(error))


async def check_grants(zone: Zone, settings: Settings) -> None:
    """Compare what the databases allow with what is declared, and see that every term can be decided. Raises
    GrantsDiffer and Undeclared; the zone does not start."""
    endings()
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
    refreshing = asyncio.create_task(refresh(clock, persons, purposes))
    forgetting = asyncio.create_task(listen(persons, as_zone(settings, zone, keys_database(settings)), SystemClock()))
    try:
        yield Platform(
            zone=zone, db=main, clock=clock, ids=Ids(clock, randomness), persons=persons,
            checkout_ttl_s=settings.checkout_ttl_s, session_idle_s=settings.session_idle_s,
            browser_idle_s=settings.browser_idle_s, lifetimes=lifetimes(settings),
            origins={name: origin(settings, name) for name in _FACES}, operator=settings.operator_name,
            trust=Posted(settings.trust_file, clock),
        )  # fmt: skip
    finally:
        await ended(refreshing)
        await ended(forgetting)
        await main.close()
        await keys.close()


def lifetimes(settings: Settings) -> Lifetimes:
    """Until when something may live on that was destroyed."""
    return Lifetimes(epoch_days=settings.key_epoch_days, backup_days=settings.backup_days, apart=settings.is_keys_apart)


def _any(purposes: frozenset[Purpose]) -> Purpose:
    """One of a zone's purposes that may read the wrapped wrapping keys."""
    readers = {access.purpose for access in declared(KEYS.tables["ipp.wrapping_key"]).access}
    return min(purposes & readers, key=lambda p: p.key)


async def refresh(clock: Clock, keys: Keys, purposes: frozenset[Purpose]) -> None:
    """Look for newer keys now and then, so that a rotation reaches every zone while it runs."""
    while purposes:
        await clock.sleep(_NEWER_KEYS_EVERY_S)
        try:
            await keys.start(_any(purposes))
        except (DatabaseUnavailable, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            _log.warning("keys.not_refreshed", **log.where(error))


async def ended(task: "asyncio.Task[None]") -> None:
    """Cancel a task and wait until it has ended."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _databases(zone: Zone, settings: Settings) -> tuple[Database, Database]:
    main, keys = (
        Database(as_zone(settings, zone, name), role_prefix=settings.role_prefix, by_index=by_index)
        for name, by_index in ((main_database(settings), zone is Zone.PAY), (keys_database(settings), True))
    )
    return main, keys
