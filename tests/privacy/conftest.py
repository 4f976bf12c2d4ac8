"""Two shops with payments in the running Platform, and ways in as each zone's login role."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TypeAlias

import asyncpg
import pytest
from sqlalchemy import MetaData

from ippgateway.app.database.access import as_owner, as_zone, keys_database, main_database
from ippgateway.app.settings import Settings
from ippgateway.privacy.declare import MAIN
from ippgateway.privacy.zones import Zone

from .shops import Shop, two_shops

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Login = Callable[..., Awaitable[Connection]]


@pytest.fixture(scope="session")
async def shops(installation: Settings) -> tuple[Shop, Shop]:
    """Two companies, paid by the same person with the same card."""
    return await two_shops(installation)


@pytest.fixture
async def login(installation: Settings) -> AsyncIterator[Login]:
    """Connects as a zone's login role: what somebody has who took over that zone's process."""
    async with AsyncExitStack() as open_ones:

        async def connect(zone: Zone, of: MetaData = MAIN, settings: Settings = installation) -> Connection:
            name = main_database(settings) if of is MAIN else keys_database(settings)
            connection: Connection = await asyncpg.connect(**as_zone(settings, zone, name))
            open_ones.push_async_callback(connection.close)
            return connection

        yield connect


@pytest.fixture
async def owner(installation: Settings) -> AsyncIterator[Callable[..., Awaitable[Connection]]]:
    """Connects as the owner, which no zone can."""
    async with AsyncExitStack() as open_ones:

        async def connect(of: MetaData = MAIN, settings: Settings = installation) -> Connection:
            name = main_database(settings) if of is MAIN else keys_database(settings)
            connection: Connection = await asyncpg.connect(**as_owner(settings, name))
            open_ones.push_async_callback(connection.close)
            return connection

        yield connect
