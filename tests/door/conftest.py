"""The door and one's own account in a real browser, on the running Platform."""

from collections.abc import AsyncIterator

import pytest
from visitor import Visitor, employed, newcomer

from browser import browser, open_page
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import breaches_for, origin, platform_for
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone
from running import Running

__all__ = ["browser", "open_page"]


@pytest.fixture(scope="session")
def console_url(installation: Settings) -> str:
    """Where the consoles are."""
    return origin(installation, "console")


@pytest.fixture(scope="session")
def mail_url(running: Running) -> str:
    """Where the sandbox shows what was mailed."""
    return str(running.demo()["mail_url"])


@pytest.fixture
async def clerk(installation: Settings) -> AsyncIterator[Visitor]:
    """Somebody new among our staff, who has a password and nothing else yet."""
    async with platform_for(Zone.DESK, installation) as platform:
        yield await employed(platform, origin(installation, "desk"))


@pytest.fixture
async def visitor(console: Platform, installation: Settings, console_url: str) -> Visitor:
    """Somebody who has just opened a shop's account, from a network of their own."""
    return await newcomer(console, breaches_for(installation), console_url)
