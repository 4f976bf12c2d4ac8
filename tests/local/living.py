"""What the tests of starting and ending share: waiting for a condition, and who is alive."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil

WITHIN_S = 20.0


async def until(holds: Callable[[], bool | Awaitable[bool]], what: str, *, within_s: float = WITHIN_S) -> None:
    """Ask until it holds; fails after a bound that no healthy run comes near."""
    deadline = asyncio.get_running_loop().time() + within_s
    while True:
        answer = holds()
        if answer if isinstance(answer, bool) else await answer:
            return
        assert asyncio.get_running_loop().time() < deadline, f"never happened: {what}"
        await asyncio.sleep(0.03)


def alive(mark: Path, *words: str) -> set[int]:
    """Living processes whose command line or working directory names `mark`, and all of `words`."""
    found = set()
    for process in psutil.process_iter():
        try:
            line, cwd = process.cmdline(), process.cwd()
            dead = process.status() == psutil.STATUS_ZOMBIE
        except psutil.Error:
            continue
        if not dead and (any(str(mark) in part for part in line) or cwd.startswith(str(mark))):
            found |= {process.pid} if set(words) <= set(line) else set()
    return found
