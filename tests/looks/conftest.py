"""The desk and the console of the running Platform, and a shop with a user of the test's own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.zones import PLATFORM, Zone
from privacy.shops import open_shop
from signing import Member, member


@pytest.fixture(scope="package")
async def console(installation: Settings) -> AsyncIterator[Platform]:
    async with platform_for(Zone.CONSOLE, installation) as it:
        yield it


@pytest.fixture(scope="package")
async def desk(installation: Settings) -> AsyncIterator[Platform]:
    async with platform_for(Zone.DESK, installation) as it:
        yield it


@dataclass(frozen=True, kw_only=True, slots=True)
class Asks:
    """Somebody who asks our support: a shop's user."""

    member: Member
    person: Person
    shop: str


@pytest.fixture
async def asks(console: Platform) -> Asks:
    shop = await open_shop(console)
    who = await member(console, shop, Audience.COMPANY, name="Liva Lind")
    return Asks(member=who, person=await accounts.person_of(console, await who.session()), shop=shop)


@pytest.fixture
async def helper(desk: Platform) -> Member:
    """A member of our support."""
    return await member(desk, PLATFORM, Audience.STAFF, rights=("support",))
