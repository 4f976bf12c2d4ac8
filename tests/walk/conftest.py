"""A stranger's walk on the running Platform: somebody who owns things, and others who have no business with them."""

from collections.abc import AsyncIterator

import pytest
from owner import Owner, planted
from walker import Walker, set_out

from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone


@pytest.fixture(scope="session")
async def consoles(installation: Settings) -> AsyncIterator[Platform]:
    """The console zone, for the whole walk."""
    async with platform_for(Zone.CONSOLE, installation) as platform:
        yield platform


@pytest.fixture(scope="session")
async def desk(installation: Settings) -> AsyncIterator[Platform]:
    """The desk zone, for the whole walk."""
    async with platform_for(Zone.DESK, installation) as platform:
        yield platform


@pytest.fixture(scope="session")
async def owner(consoles: Platform, desk: Platform, installation: Settings) -> Owner:
    """Somebody whose rows carry a canary in every text."""
    return await planted(consoles, desk, installation)


@pytest.fixture(scope="session")
async def walker(consoles: Platform, desk: Platform, installation: Settings) -> AsyncIterator[Walker]:
    """Whoever walks."""
    async with set_out(consoles, desk, installation) as it:
        yield it
