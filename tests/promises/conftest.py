"""The installation that the switches damage, once for all of them."""

from collections.abc import AsyncIterator

import pytest

from ippgateway.app.settings import Settings

from .bench import Bench, made


@pytest.fixture(scope="session")
async def bench(installation: Settings) -> AsyncIterator[Bench]:
    async with made(installation) as it:
        yield it
