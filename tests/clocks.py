"""Clocks for tests."""

from datetime import datetime, timedelta

from ippgateway.core.clock import SystemClock


class Shifted(SystemClock):
    """The machine's clock, put forward by hand."""

    def __init__(self) -> None:
        self.by = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by

    def advance(self, seconds: float) -> None:
        self.by += timedelta(seconds=seconds)
