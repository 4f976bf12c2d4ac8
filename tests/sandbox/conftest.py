"""A host to start, and to start again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from hosting import Start, hosting


@pytest_asyncio.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts hosts on one directory."""
    async with hosting(tmp_path) as begin:
        yield begin
