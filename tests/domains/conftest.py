"""The payment zone in this process, on the running Platform's databases and sandbox."""

import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from clocks import Shifted
from ippgateway.app.gateway import gateway_for
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.core.secret import Secret
from ippgateway.domains.companies import service as companies
from ippgateway.domains.payments import service as payments
from ippgateway.privacy.zones import Zone


@pytest.fixture(scope="session")
async def paying(installation: Settings) -> AsyncIterator[payments.Gateway]:
    """The payment zone, signed on to the sandbox acquirer."""
    async with platform_for(Zone.PAY, installation) as platform, gateway_for(platform, installation) as wired:
        await wired[2].ready()
        yield wired[0]


@pytest.fixture
def clock() -> Shifted:
    """What `gateway` goes by."""
    return Shifted()


@pytest.fixture
def gateway(paying: payments.Gateway, clock: Shifted) -> payments.Gateway:
    """The payment zone under `clock`."""
    platform = dataclasses.replace(paying.platform, clock=clock, ids=Ids(clock, SystemRandomness()))
    return dataclasses.replace(paying, platform=platform, under_way={})


@pytest.fixture
def new_company(installation: Settings) -> Callable[[], Awaitable[str]]:
    """Makes a shop; its id."""

    async def make() -> str:
        async with platform_for(Zone.CONSOLE, installation) as console:
            new = companies.NewCompany(
                id=console.ids.new(), partner_id=console.ids.new(), name="Shop", merchant_number="1", mcc="5999",
                key1=Secret(console.ids.letters(42)), key2=Secret(console.ids.letters(14)),
            )  # fmt: skip
            await companies.add(console, new)
        return new.id

    return make
