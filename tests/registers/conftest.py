"""The desk and the console of the running Platform, two of compliance, and a clock that can be put forward."""

import dataclasses
from collections.abc import AsyncIterator

import pytest

from clocks import Shifted
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM, Zone
from signing import Member, member


@pytest.fixture(scope="package")
async def console(installation: Settings) -> AsyncIterator[Platform]:
    async with platform_for(Zone.CONSOLE, installation) as it:
        yield it


@pytest.fixture(scope="package")
async def now(installation: Settings) -> AsyncIterator[Platform]:
    async with platform_for(Zone.DESK, installation) as it:
        yield it


@pytest.fixture
def clock() -> Shifted:
    return Shifted()


@pytest.fixture
def desk(now: Platform, clock: Shifted) -> Platform:
    return dataclasses.replace(now, clock=clock)


@pytest.fixture
async def ada(now: Platform) -> Member:
    return await member(now, PLATFORM, Audience.STAFF, name="Ada", rights=("compliance",))


@pytest.fixture
async def bo(now: Platform) -> Member:
    return await member(now, PLATFORM, Audience.STAFF, name="Bo", rights=("compliance",))
