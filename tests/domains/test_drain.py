"""A process that ends waits for what it asked the acquirer, and not for ever."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from ippgateway.domains.payments.service.gateway import Gateway


class Stepping:
    """A clock that a sleep moves on; `then` happens during the second one."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, tzinfo=UTC)
        self.slept = 0
        self.then: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.slept += 1
        if self.slept == 2:
            self.then()


def gateway(clock: Stepping) -> Gateway:
    absent = cast("Any", None)
    return Gateway(
        platform=cast("Any", SimpleNamespace(clock=clock)), vault=absent, acquirer=absent, authenticator=absent
    )


async def test_attempts_and_actions_under_way_are_waited_for() -> None:
    clock = Stepping()
    g = gateway(clock)
    assert await g.drain(8.0)
    assert clock.slept == 0
    g.under_way["company", "checkout"] = asyncio.get_running_loop().create_future()
    clock.then = g.under_way.clear
    assert await g.drain(8.0)
    assert clock.slept == 2
    lock = g.one_at_a_time("company", "payment")
    await lock.acquire()
    clock.slept, clock.then = 0, lock.release
    assert await g.drain(8.0)
    assert clock.slept == 2


async def test_what_never_ends_is_left_to_the_recovery() -> None:
    clock = Stepping()
    g, begun = gateway(clock), clock.at
    g.under_way["company", "checkout"] = asyncio.get_running_loop().create_future()
    assert not await g.drain(8.0)
    assert timedelta(seconds=8) <= clock.at - begun < timedelta(seconds=9)
