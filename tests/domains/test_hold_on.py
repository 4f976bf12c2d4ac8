"""An answer that the acquirer gave is held on to while the database can't take it."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from ippgateway.core.database import DatabaseUnavailable
from ippgateway.domains.payments.service.gateway import Limits, hold_on


class Hurried:
    """A clock whose sleeps are over at once."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def gateway() -> Any:
    return SimpleNamespace(platform=SimpleNamespace(clock=Hurried()), limits=Limits())


@pytest.mark.parametrize(
    "error",
    [DatabaseUnavailable(), ConnectionResetError(), asyncpg.InterfaceError("closed"), asyncpg.LockNotAvailableError(),
     asyncpg.QueryCanceledError(), asyncpg.DeadlockDetectedError(), asyncpg.DiskFullError(),
     asyncpg.AdminShutdownError()],
)  # fmt: skip
async def test_what_may_pass_is_waited_for(error: Exception) -> None:
    tries = 0

    async def record() -> str:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise error
        return "recorded"

    assert (await hold_on(gateway(), record), tries) == ("recorded", 4)


@pytest.mark.parametrize("error", [asyncpg.CheckViolationError(), KeyError(), DatabaseUnavailable()])
async def test_what_does_not_pass_is_no_failure_towards_the_shop(error: Exception) -> None:
    async def record() -> str:
        raise error

    assert await hold_on(gateway(), record) is None
