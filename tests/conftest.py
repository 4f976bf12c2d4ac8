"""The running Platform, once for the whole test run."""

import dataclasses
import itertools
from collections.abc import AsyncIterator, Iterator

import pytest

from ippgateway.app.settings import Settings
from ippgateway.app.setup import setup
from ippgateway.app.wiring import platform_for
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone
from running import Running, Scratch

_prefixes = (f"scratch{n}" for n in itertools.count(1))


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The whole Platform with its sandbox, as a newcomer starts it."""
    it = Running(tmp_path_factory.mktemp("platform") / "var")
    it.start()
    yield it
    assert it.stop() == 0


@pytest.fixture(scope="session")
def installation(running: Running) -> Settings:
    """The settings of the running Platform; its database answers."""
    return running.settings


@pytest.fixture
def scratch(installation: Settings) -> Scratch:
    """Makes another installation in the same server, to be damaged: other roles, other databases, no demo."""

    async def make() -> Settings:
        settings = dataclasses.replace(installation, role_prefix=next(_prefixes), sandbox=False)
        await setup(settings)
        return settings

    return make


@pytest.fixture
async def console(installation: Settings) -> AsyncIterator[Platform]:
    """The console zone's view of the running Platform."""
    async with platform_for(Zone.CONSOLE, installation) as platform:
        yield platform
