"""Group work: whatever is asked while the last batch runs goes into the next one. No timer; nobody waits for company.

A batch is one call for all of its items, as set-based statements in one transaction, and one batch of a group runs at a
time: a second one beside it makes both smaller. Small ones cost a round trip for each statement again and again; with
unlimited ones all clients would march through in one convoy, and half of the machine would idle.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")

Place: TypeAlias = tuple[str, str]
"""Whose row an item is about and which: the tenant (empty before it is known), and an id."""

_WORKERS = 1
_MOST = 64
"""Measured side by side: with one worker this beats smaller and larger caps, at 32 clients and at 256."""
_MOST_WAITING = 20_000


class TooMuchWaiting(RuntimeError):
    """As much waits for the database as may. Nothing was begun."""


class Miscounted(RuntimeError):
    """A stage gave another number of answers than it was asked for: nobody knows which is whose."""


class Stopped(RuntimeError):
    """Whoever did the work was stopped in the middle of it. Perhaps it was done, perhaps not."""


@dataclass(slots=True)
class _Waiting(Generic[In, Out]):
    item: In
    place: Place
    answer: "asyncio.Future[Out]"


class Group(Generic[In, Out]):
    """A queue and the workers that empty it.

    `do` gets items in the order of their places, so that rows are locked in one order everywhere, and with `once` each
    place once, so that two items can't both believe that a row is theirs. It returns an outcome for each, in the same
    order; an exception among them is raised to the one who asked. When it raises instead, nothing was written, and
    `alone` says whether a single item may be to blame: then the batch is split until that item stands alone. Any other
    error goes to everybody in the batch. Nobody is left waiting: a worker that is stopped says so to all who wait.
    """

    def __init__(
        self,
        do: Callable[[Sequence[In]], Awaitable[Sequence[Out | Exception]]],
        *,
        place: Callable[[In], Place],
        alone: Callable[[Exception], bool],
        once: bool = True,
    ) -> None:
        self._do = do
        self._place = place
        self._alone = alone
        self._once = once
        self._queue: deque[_Waiting[In, Out]] = deque()
        self._workers: set[asyncio.Task[None]] = set()

    async def join(self, item: In) -> Out:
        """The outcome for `item`. Whoever is cancelled while waiting hurts nobody else. Raises TooMuchWaiting."""
        if len(self._queue) >= _MOST_WAITING:
            raise TooMuchWaiting("the database has fallen behind")
        answer: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(item, self._place(item), answer))
        if len(self._workers) < _WORKERS:
            # A context of its own: a batch belongs to nobody's request.
            worker = asyncio.create_task(self._work(), context=Context())
            self._workers.add(worker)
        return await answer

    async def _work(self) -> None:
        batch: list[_Waiting[In, Out]] = []
        try:
            while batch := self._take():
                await self._serve(batch)
        except BaseException:
            for waiting in (*batch, *self._queue):
                if not waiting.answer.done():
                    waiting.answer.set_exception(Stopped("the work was stopped"))
            self._queue.clear()
            raise
        finally:
            # Nothing was awaited since the queue was seen empty, so nobody is left behind.
            self._workers.discard(asyncio.current_task())

    def _take(self) -> list[_Waiting[In, Out]]:
        """The next batch, in the order of its places; a place that may not come twice stays for the one after it."""
        taken: list[_Waiting[In, Out]] = []
        places: set[Place] = set()
        again: list[_Waiting[In, Out]] = []
        while self._queue and len(taken) < _MOST:
            waiting = self._queue.popleft()
            if waiting.answer.done():
                continue  # whoever asked has gone before anything was begun
            if self._once and waiting.place in places:
                again.append(waiting)
                continue
            places.add(waiting.place)
            taken.append(waiting)
        self._queue.extendleft(reversed(again))
        taken.sort(key=_place_of)
        return taken

    async def _serve(self, batch: list[_Waiting[In, Out]]) -> None:
        try:
            outcomes = await self._do([waiting.item for waiting in batch])
        except Exception as error:
            if len(batch) > 1 and self._alone(error):
                middle = len(batch) // 2
                await self._serve(batch[:middle])
                await self._serve(batch[middle:])
                return
            outcomes = [error] * len(batch)
        if len(outcomes) != len(batch):  # it is not done again, for perhaps it was written
            outcomes = [Miscounted(f"{len(outcomes)} answers for {len(batch)} questions")] * len(batch)
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if waiting.answer.done():
                continue
            if isinstance(outcome, Exception):
                waiting.answer.set_exception(outcome)
            else:
                waiting.answer.set_result(outcome)


def _place_of(waiting: _Waiting[Any, Any]) -> Place:
    return waiting.place
