"""An event loop in which nothing comes from outside and time jumps to whatever happens next.

What is ready runs in the order in which it became ready, timers in the order of their times: the same program takes the
same course each time. Each task and timer belongs to the process (see `processes`) whose code started it; when that
process is dead, it does not run, and while it is stalled, it waits.
"""

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context, ContextVar, copy_context
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar, TypeVarTuple

BEGINNING = datetime(2026, 3, 1, tzinfo=UTC)
"""When every simulation begins."""

_MOST_ROUNDS_OF_BURIAL = 1_000

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


Work = Callable[[], object]


class Mortal(Protocol):
    """Whoever a task belongs to."""

    alive: bool
    stalled: bool
    left: "list[Work]"
    """What would have run while it was stalled, in order."""


here: ContextVar[Mortal | None] = ContextVar("here", default=None)
"""Whose code is running; None for the world outside of the program."""


class StandsStill(RuntimeError):
    """Somebody waits for what can never happen: nothing is ready and no timer is set."""


class _Instant(selectors.DefaultSelector):
    """Waits by letting the simulated time pass."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise StandsStill
        if timeout > 0:
            self.now_s += timeout
        return []


class _Mine:
    """The handle that was given out for a callback, known to the callback."""

    handle: asyncio.Handle | None = None


class SimulatedLoop(asyncio.SelectorEventLoop):
    """See above. `time()` is in simulated seconds since the beginning."""

    def __init__(self) -> None:
        self._instant = _Instant()
        self._burying = False
        self._kept: dict[asyncio.Task[Any], None] = {}
        self._dropped: list[Work] = []
        super().__init__(self._instant)
        self.set_task_factory(self._new_task)
        self.set_exception_handler(lambda _loop, _context: None)

    def time(self) -> float:
        return self._instant.now_s

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:  # fmt: skip
        context, mine = copy_context() if context is None else context, _Mine()
        mine.handle = super().call_soon(self._if_alive, mine, context, callback, *args, context=context)
        return mine.handle

    def call_at(
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        context, mine = copy_context() if context is None else context, _Mine()
        mine.handle = handle = super().call_at(when, self._if_alive, mine, context, callback, *args, context=context)
        return handle

    def outside(self, delay_s: float, callback: Callable[..., object], *args: Any) -> None:
        """Have the world do something later, whoever asks and whether or not they are alive then."""
        self.call_later(delay_s, callback, *args, context=Context())

    def _if_alive(self, mine: "_Mine", context: Context, callback: Callable[[*Ts], object], *args: *Ts) -> None:
        owner = context.get(here)
        if owner is None or self._burying or (owner.alive and not owner.stalled):
            callback(*args)
            return
        again = functools.partial(self._again, mine, context, callback, *args)
        (owner.left if owner.alive else self._dropped).append(again)

    def _again(self, mine: "_Mine", context: Context, callback: Callable[[*Ts], object], *args: *Ts) -> None:
        super().call_soon(self._unless_cancelled, mine, context, callback, *args, context=context)

    def _unless_cancelled(self, mine: "_Mine", context: Context, callback: Callable[[*Ts], object], *args: *Ts) -> None:
        if mine.handle is None or not mine.handle.cancelled():
            self._if_alive(mine, context, callback, *args)

    def _new_task(
        self, loop: asyncio.AbstractEventLoop,
        coro: Coroutine[Any, Any, T] | Generator[Any, None, T], context: Context | None = None, **more: Any,
    ) -> "asyncio.Task[T]":  # fmt: skip
        owner = here.get()
        if context is not None and owner is not None:
            context.run(here.set, owner)  # a context of its own does not make it anybody else's
        task: asyncio.Task[T] = asyncio.Task(coro, loop=loop, context=context, **more)
        self._kept[task] = None  # a task of the dead is not collected, which would run some of it at any time
        task.add_done_callback(self._kept.pop, context=Context())
        return task

    def bury(self) -> None:
        """Let all that is left unwind, now that it can have no effect any more."""
        self._burying = True
        for task in tuple(self._kept):
            task.cancel()
        for again in self._dropped:
            again()
        for _ in range(_MOST_ROUNDS_OF_BURIAL):
            if not self._kept:
                break
            self.run_until_complete(asyncio.sleep(1.0))
        self._kept.clear()


class SimulatedClock:
    """The loop's time as a clock."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self._loop = loop

    def now(self) -> datetime:
        """The simulated moment."""
        return BEGINNING + timedelta(seconds=self._loop.time())

    async def sleep(self, seconds: float) -> None:
        """Wait in simulated time."""
        await asyncio.sleep(seconds)


def course(main: Callable[[SimulatedLoop], Coroutine[Any, Any, T]]) -> T:
    """Run `main` to its end in a loop of its own. Raises StandsStill, and what it raises."""
    loop = SimulatedLoop()
    try:
        return loop.run_until_complete(main(loop))
    finally:
        loop.bury()
        loop.close()
