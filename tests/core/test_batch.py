"""Group work: who shares a batch, in which order, and that nobody pays for another's bad row or change of mind."""

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest

from ippgateway.core.batch import Group, Miscounted, Place, Stopped
from ippgateway.core.database import DatabaseUnavailable, TransactionAborted, _of_an_item


class Refused(Exception):
    """What a stage says about one item."""


class BadRow(Exception):
    """What a server says of a whole statement because of one row."""


class Recorder:
    """A stage that notes its batches and can be held up. Items are (tenant, id, what)."""

    def __init__(self) -> None:
        self.batches: list[list[tuple[str, str, str]]] = []
        self.go = asyncio.Event()
        self.go.set()
        self.most_at_once = 0
        self._at_once = 0

    async def __call__(self, items: Sequence[tuple[str, str, str]]) -> list[str | Exception]:
        self.batches.append(list(items))
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await self.go.wait()
            if any(what == "bad" for _, _, what in items):
                raise BadRow
            if any(what == "down" for _, _, what in items):
                raise OSError
            if any(what == "short" for _, _, what in items):
                return []
            return [Refused() if what == "no" else f"{key} {what}" for _, key, what in items]
        finally:
            self._at_once -= 1


def place(item: tuple[str, str, str]) -> Place:
    return item[:2]


def group(do: Recorder) -> Group[tuple[str, str, str], str]:
    return Group(do, place=place, alone=lambda error: isinstance(error, BadRow))


async def held(do: Recorder, it: Group[tuple[str, str, str], str]) -> list[asyncio.Task[str]]:
    """The worker busy, so that what comes next waits together."""
    do.go.clear()
    busy = [asyncio.create_task(it.join(("", "busy", "")))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(do.batches) == 1
    return busy


async def asked(it: Group[tuple[str, str, str], str], *items: tuple[str, str, str]) -> list[asyncio.Task[str]]:
    tasks = [asyncio.create_task(it.join(item)) for item in items]
    await asyncio.sleep(0)
    return tasks


async def test_what_waits_goes_together_in_the_order_of_its_places() -> None:
    do = Recorder()
    it = group(do)
    busy = await held(do, it)
    tasks = await asked(it, ("b", "1", "x"), ("a", "2", "y"), ("a", "1", "z"))
    do.go.set()
    assert await asyncio.gather(*tasks, *busy) == ["1 x", "2 y", "1 z", "busy "]
    assert do.batches[1:] == [[("a", "1", "z"), ("a", "2", "y"), ("b", "1", "x")]]
    assert do.most_at_once == 1


async def test_nobody_waits_for_company() -> None:
    do = Recorder()
    assert await group(do).join(("a", "1", "x")) == "1 x"
    assert do.batches == [[("a", "1", "x")]]


async def test_a_row_is_in_a_batch_once() -> None:
    do = Recorder()
    it = group(do)
    busy = await held(do, it)
    tasks = await asked(it, ("a", "1", "first"), ("a", "1", "second"), ("a", "2", "other"))
    do.go.set()
    assert await asyncio.gather(*tasks) == ["1 first", "1 second", "2 other"]
    assert do.batches[1:] == [[("a", "1", "first"), ("a", "2", "other")], [("a", "1", "second")]]
    await asyncio.gather(*busy)


async def test_a_batch_has_a_limit() -> None:
    do = Recorder()
    it = group(do)
    busy = await held(do, it)
    tasks = await asked(it, *(("a", f"{n:03}", "") for n in range(1000)))
    do.go.set()
    await asyncio.gather(*tasks, *busy)
    assert [len(batch) for batch in do.batches[1:]] == [64] * 15 + [40]


async def test_a_bad_row_fails_alone() -> None:
    do = Recorder()
    it = group(do)
    busy = await held(do, it)
    tasks = await asked(it, *(("a", str(n), "bad" if n == 3 else "x") for n in range(8)))
    do.go.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [n for n, outcome in enumerate(outcomes) if isinstance(outcome, BadRow)] == [3]
    assert [o for o in outcomes if isinstance(o, str)] == [f"{n} x" for n in range(8) if n != 3]
    await asyncio.gather(*busy)


async def test_a_refusal_is_its_own_askers_alone() -> None:
    do = Recorder()
    it = group(do)
    busy = await held(do, it)
    tasks = await asked(it, ("a", "1", "x"), ("a", "2", "no"))
    do.go.set()
    assert await tasks[0] == "1 x"
    with pytest.raises(Refused):
        await tasks[1]
    await asyncio.gather(*busy)


async def test_a_lost_connection_is_everybodys() -> None:
    do = Recorder()
    it = group(do)
    busy = await held(do, it)
    tasks = await asked(it, ("a", "1", "x"), ("a", "2", "down"))
    do.go.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OSError, OSError]
    assert len(do.batches) == 2  # not tried again: nobody knows what was written
    await asyncio.gather(*busy)


async def test_one_who_gives_up_hurts_nobody() -> None:
    do = Recorder()
    it = group(do)
    busy = await held(do, it)
    begun, waiting = busy[0], await asked(it, ("a", "1", "x"), ("a", "2", "gone"), ("a", "3", "z"))
    waiting[1].cancel()
    begun.cancel()
    await asyncio.sleep(0)
    do.go.set()
    assert await waiting[0] == "1 x"
    assert await waiting[2] == "3 z"
    assert ("a", "2", "gone") not in [item for batch in do.batches for item in batch]
    assert await it.join(("a", "4", "later")) == "4 later"


async def test_answers_that_do_not_fit_the_questions_are_nobodys() -> None:
    do = Recorder()
    it = group(do)
    busy = await held(do, it)
    tasks = await asked(it, ("a", "1", "x"), ("a", "2", "short"))
    do.go.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Miscounted, Miscounted]
    assert len(do.batches) == 2  # not done again
    await asyncio.gather(*busy)
    assert await it.join(("a", "3", "later")) == "3 later"


async def test_a_worker_that_is_stopped_leaves_nobody_waiting() -> None:
    do = Recorder()
    it = group(do)
    busy = await held(do, it)
    waiting = await asked(it, ("a", "1", "x"), ("a", "2", "y"))
    (worker,) = it._workers
    worker.cancel()
    async with asyncio.timeout(5):
        outcomes = await asyncio.gather(*busy, *waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Stopped] * 3
    do.go.set()
    assert await it.join(("a", "3", "later")) == "3 later"


@pytest.mark.parametrize(
    "error",
    [asyncpg.DataError("invalid input"), asyncpg.UniqueViolationError("twice"), asyncpg.DeadlockDetectedError(),
     asyncpg.InsufficientPrivilegeError("new row violates row-level security policy"), KeyError("name"),
     asyncpg.UndefinedColumnError("the program is wrong"), LookupError(), RuntimeError()],
)  # fmt: skip
def test_one_item_may_be_to_blame(error: Exception) -> None:
    assert _of_an_item(error)


@pytest.mark.parametrize(
    "error",
    [asyncpg.ConnectionDoesNotExistError("gone"), asyncpg.AdminShutdownError("going"), asyncpg.DiskFullError(),
     asyncpg.QueryCanceledError(), asyncpg.InterfaceError("closed"), ConnectionResetError(), TimeoutError(),
     DatabaseUnavailable(), TransactionAborted()],
)  # fmt: skip
def test_a_server_that_is_away_is_everybodys(error: Exception) -> None:
    assert not _of_an_item(error)
