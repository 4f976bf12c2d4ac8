"""What the connector tests share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sandbox_bench import Bench, sandboxed


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with sandboxed(tmp_path) as bench:
        yield bench
