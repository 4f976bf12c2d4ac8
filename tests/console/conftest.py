"""The consoles and the desk in a real browser, on the running Platform."""

from collections.abc import AsyncIterator

import pytest
from shopkeeper import Shopkeeper, opened

from browser import browser, open_page
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone
from running import Running

__all__ = ["browser", "open_page"]


@pytest.fixture
async def desk(installation: Settings) -> AsyncIterator[Platform]:
    """The desk zone's view of the running Platform."""
    async with platform_for(Zone.DESK, installation) as platform:
        yield platform


@pytest.fixture
async def keeper(console: Platform, running: Running) -> Shopkeeper:
    """A new shop with an owner who is signed in, and a partner that it came by."""
    return await opened(console, running)
