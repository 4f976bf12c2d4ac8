"""Ways to ask a process whether it serves. Each is a function that answers yes or no at once."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path

Ready = Callable[[], Awaitable[bool]]

_PATIENCE_S = 1.0


def tcp(host: str, port: int) -> Ready:
    """Something accepts connections there."""
    return lambda: _accepts(asyncio.open_connection(host, port))


def socket(path: Path) -> Ready:
    """Something accepts connections on this local socket."""
    return lambda: _accepts(asyncio.open_unix_connection(path))


async def _accepts(connecting: Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]) -> bool:
    try:
        _, writer = await asyncio.wait_for(connecting, _PATIENCE_S)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True
