"""A client of the running Platform, a shop's server, and waiting for something to become true."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from .books import Books, read_books, unsettled
from .client import LONGEST_S, Client
from .shop import Shop, open_shop

pytest_plugins: list[str] = []

WITHIN_S = 75.0


async def until(holds: Callable[[], Awaitable[bool]], what: str, within_s: float = WITHIN_S) -> None:
    """Ask until it holds; fails after a bound that no healthy run comes near."""
    deadline = asyncio.get_running_loop().time() + within_s
    while not await holds():
        assert asyncio.get_running_loop().time() < deadline, f"never happened: {what}"
        await asyncio.sleep(0.05)
