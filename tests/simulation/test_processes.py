"""Simulated programs die and stall as real ones do, with everything that they began."""

import asyncio
from collections.abc import Sequence

import pytest

from ippgateway.app.simulation.loop import SimulatedLoop, StandsStill, course
from ippgateway.app.simulation.processes import Died, Process
from ippgateway.app.simulation.trace import Trace
from ippgateway.core.batch import Group


def process(loop: SimulatedLoop, name: str = "pay") -> Process:
    """A living one."""
    return Process(loop, Trace(loop), name)


async def test_the_workers_of_a_group_die_with_their_process() -> None:
    """They have a context of their own, and still belong to whoever started them."""

    async def main(loop: SimulatedLoop) -> tuple[list[str], list[str]]:
        done: list[str] = []

        async def slowly(items: Sequence[str]) -> list[str]:
            await asyncio.sleep(1.0)
            done.extend(items)
            return list(items)

        def group() -> Group[str, str]:
            return Group(slowly, place=lambda item: ("", item), alone=lambda _: False)

        lives, dies = process(loop), process(loop, "pay2")
        asked = [loop.create_task(each.call(group().join(each.name)), name=each.name) for each in (lives, dies)]
        await asyncio.sleep(0.5)
        dies.die()
        await asyncio.sleep(600)
        return done, [type(each.exception()).__name__ if each.exception() else each.result() for each in asked]

    done, answered = await asyncio.to_thread(course, main)
    assert done == ["pay"]
    assert answered == ["pay", "Died"]


async def test_the_dead_run_no_handler() -> None:
    async def main(loop: SimulatedLoop) -> list[str]:
        said: list[str] = []

        async def work() -> None:
            try:
                said.append("begun")
                await asyncio.sleep(10)
                said.append("ended")
            except BaseException:
                said.append("cancelled")
                raise
            finally:
                said.append("left")

        it = process(loop)
        it.start(work())
        loop.outside(5.0, it.die)
        await asyncio.sleep(100)
        with pytest.raises(Died):
            await it.call(asyncio.sleep(1))
        return list(said)  # what is buried afterwards has no effect

    assert await asyncio.to_thread(course, main) == ["begun"]


async def test_a_stalled_process_goes_on_and_the_world_did_not_wait() -> None:
    async def main(loop: SimulatedLoop) -> list[tuple[str, float]]:
        said: list[tuple[str, float]] = []
        it = process(loop)

        async def patient() -> None:
            answer: asyncio.Future[str] = loop.create_future()
            loop.outside(5.0, answer.set_result, "in time")
            try:
                async with asyncio.timeout(12):
                    said.append((await it.outside(answer, None), loop.time()))
                async with asyncio.timeout(12):
                    await loop.create_future()
            except TimeoutError:
                said.append(("too late", loop.time()))

        it.start(patient())
        loop.outside(1.0, it.stall, 60.0)
        await asyncio.sleep(1_000)
        return said

    # The answer was there before the timer, though both were noticed at once; the next timer begins anew.
    assert await asyncio.to_thread(course, main) == [("in time", 61.0), ("too late", 73.0)]


async def test_waiting_for_what_never_comes_is_an_error() -> None:
    async def main(loop: SimulatedLoop) -> None:
        await loop.create_future()

    with pytest.raises(StandsStill):
        await asyncio.to_thread(course, main)
