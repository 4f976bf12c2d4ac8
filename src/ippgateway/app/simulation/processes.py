"""Programs that may die or stall at any await. Dying drops every task where it stands: no handler runs, no block is
left. A stalled one goes on after a while, as if nothing had been, and finds that the world did not wait."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import copy_context
from typing import Any, TypeVar

from ippgateway.app.simulation.faults import Mishap
from ippgateway.app.simulation.loop import SimulatedLoop, Work, here
from ippgateway.app.simulation.trace import Trace

T = TypeVar("T")


class Died(Exception):
    """The process died before it answered: whoever asked does not know what came of it."""


class Process:
    """One life of a program."""

    def __init__(self, loop: SimulatedLoop, trace: Trace, name: str) -> None:
        self.alive = True
        self.stalled = False
        self.left: list[Work] = []
        self.name = name
        self._loop = loop
        self._trace = trace
        self._waiting: dict[asyncio.Future[Any], None] = {}
        self.at_death: list[Callable[[], None]] = []

    def start(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Have the program do something."""
        context = copy_context()
        context.run(here.set, self)
        return self._loop.create_task(work, context=context)

    async def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Ask the program from outside and wait for what comes of it. Raises Died, and what `work` raises."""
        if not self.alive:
            work.close()
            raise Died
        answer: asyncio.Future[T] = self._loop.create_future()
        self._waiting[answer] = None
        self.start(work).add_done_callback(lambda done: _hand_on(done, answer))
        try:
            return await answer
        finally:
            del self._waiting[answer]

    async def outside(self, waiting: Awaitable[T], mishap: Mishap | None) -> T:
        """Wait for the outside, perhaps not to the end."""
        if mishap is not None and mishap.stalls_s is None:
            self._loop.outside(mishap.after_s, self.die)
        elif mishap is not None:
            self._loop.outside(mishap.after_s, self.stall, mishap.stalls_s)
        return await waiting

    def stall(self, for_s: float) -> None:
        """Do nothing for a while, from the next await on."""
        if self.alive and not self.stalled:
            self.stalled = True
            self._trace.tell("stalled", process=self.name, for_s=f"{for_s:.1f}")
            self._loop.outside(for_s, self._go_on)

    def _go_on(self) -> None:
        self.stalled = False
        left, self.left = self.left, []
        for each in left:
            each()

    def die(self) -> None:
        """Now, wherever its tasks are."""
        if not self.alive:
            return
        self.alive = False
        self._trace.tell("died", process=self.name)
        for answer in self._waiting:
            if not answer.done():
                answer.set_exception(Died())
        for each in self.at_death:
            each()

    def never(self) -> "asyncio.Future[Any]":
        """What the dead wait for."""
        return self._loop.create_future()


def _hand_on(done: "asyncio.Task[T]", answer: "asyncio.Future[T]") -> None:
    if answer.done():
        return
    if done.cancelled():
        answer.cancel()
    elif error := done.exception():
        answer.set_exception(error)
    else:
        answer.set_result(done.result())
