"""Links on an installation of their own, whose letters nobody sends: they are read here. And a browser, on the running
Platform."""

import dataclasses
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from asker import Asker, Post, letters_to

from browser import browser, open_page
from ippgateway.app.settings import Settings
from ippgateway.app.setup import setup
from ippgateway.app.wiring import platform_for
from ippgateway.core.clock import ManualClock
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone

__all__ = ["browser", "open_page"]

_NOW = datetime(2031, 5, 1, 12, tzinfo=UTC)
_days = itertools.count(step=2)


@pytest.fixture(scope="session")
async def home(installation: Settings) -> Settings:
    """An installation of their own, without the demo and without a worker."""
    settings = dataclasses.replace(installation, role_prefix="links", sandbox=False)
    await setup(settings)
    return settings


@pytest.fixture(scope="session")
async def zones(home: Settings) -> AsyncIterator[dict[Zone, Platform]]:
    async with (
        platform_for(Zone.CONSOLE, home) as console,
        platform_for(Zone.PAY, home) as pay,
        platform_for(Zone.WORKER, home) as worker,
    ):
        yield {each.zone: each for each in (console, pay, worker)}


@pytest.fixture
def clock() -> ManualClock:
    """What every zone goes by. Each test has days of its own, for what is asked is counted over all addresses."""
    return ManualClock(_NOW + timedelta(days=next(_days)))


@pytest.fixture
def p(zones: dict[Zone, Platform], clock: ManualClock) -> Platform:
    """The console zone under `clock`."""
    return _under(zones[Zone.CONSOLE], clock)


@pytest.fixture
def pay(zones: dict[Zone, Platform], clock: ManualClock) -> Platform:
    """The payment zone under `clock`."""
    return _under(zones[Zone.PAY], clock)


@pytest.fixture
def post(zones: dict[Zone, Platform]) -> Post:
    """The links that were mailed to an address, the oldest first."""
    return letters_to(zones[Zone.WORKER])


@pytest.fixture
def asker(p: Platform) -> Asker:
    """Somebody who asks the pages without a socket."""
    return Asker(p)


def _under(platform: Platform, clock: ManualClock) -> Platform:
    return dataclasses.replace(platform, clock=clock, ids=Ids(clock, SystemRandomness()))
