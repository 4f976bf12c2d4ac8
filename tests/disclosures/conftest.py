"""The desk and the console of the running Platform, and a payment of a shop of the test's own."""

from collections.abc import AsyncIterator

import pytest

from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.domains.payments import service as payments
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone
from privacy.shops import open_shop, paying


@pytest.fixture(scope="package")
async def gateway(installation: Settings) -> AsyncIterator[payments.Gateway]:
    async with paying(installation) as it:
        yield it


@pytest.fixture(scope="package")
async def console(installation: Settings) -> AsyncIterator[Platform]:
    async with platform_for(Zone.CONSOLE, installation) as it:
        yield it


@pytest.fixture(scope="package")
async def desk(installation: Settings) -> AsyncIterator[Platform]:
    async with platform_for(Zone.DESK, installation) as it:
        yield it


@pytest.fixture
async def shop(console: Platform) -> str:
    """A shop of this test alone; its id."""
    return await open_shop(console)
