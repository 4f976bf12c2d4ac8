"""A client of the running Platform, a shop's server, and the books of one test."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import aiohttp
import pytest

from .books import Ledgers
from .client import LONGEST_S, Client
from .shop import Shop, open_shop

if TYPE_CHECKING:
    from ippgateway.app.settings import Settings
    from running import Running


@pytest.fixture(scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Connections that end with each answer, no cookies, no redirects of its own."""
    connector = aiohttp.TCPConnector(force_close=True, limit=0)
    timeout = aiohttp.ClientTimeout(total=LONGEST_S)
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
    ) as session:
        yield session


@pytest.fixture(scope="session")
def client(running: "Running", http: aiohttp.ClientSession) -> Client:
    """A client that knows the demo's credentials and cards."""
    return Client(http, running.url, running.demo())


@pytest.fixture(scope="session")
async def session(client: Client) -> dict[str, str]:
    """A company session's parameters."""
    return await client.login()


@pytest.fixture(scope="session")
async def partner_session(client: Client) -> dict[str, str]:
    """A partner session's parameters."""
    return await client.login("partner")


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """A shop that takes notifications."""
    async with open_shop() as it:
        yield it


@pytest.fixture
async def ledgers(installation: "Settings") -> Ledgers:
    """Both books, from the beginning of this test on."""
    return await Ledgers.begin(installation)
