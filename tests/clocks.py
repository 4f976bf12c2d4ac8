"""Clocks for tests."""

import asyncio
from datetime import datetime, timedelta

from ippgateway.core.clock import ManualClock, SystemClock


class Shifted(SystemClock):
    """The machine's clock, put forward by hand."""

    def __init__(self) -> None:
        self.by = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by

    def advance(self, seconds: float) -> None:
        self.by += timedelta(seconds=seconds)


class Passing(ManualClock):
    """A clock on which waiting takes no time."""

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
        await asyncio.sleep(0)
