"""Payments under a simulated clock with injected faults: what must be true is true for every seed."""

from typing import TYPE_CHECKING

import pytest

from .conftest import Simulator

if TYPE_CHECKING:
    from ippgateway.app.simulation.course import Outcome
    from running import Running

SEEDS, BLOCK = 50, 10


def told(outcome: "Outcome") -> str:
    """What is wrong, and how it came to that."""
    again = f"ippgateway simulate --seed {outcome.seed} --count 6 --trace"
    return "\n".join((again, *outcome.wrong, *outcome.last[-40:]))


@pytest.mark.parametrize("first", range(1, SEEDS + 1, BLOCK))
async def test_whatever_goes_wrong_the_books_are_right(simulator: Simulator, first: int) -> None:
    payments = approved = actions = calls = 0
    for seed in range(first, first + BLOCK):
        outcome = await simulator.run(seed)
        assert not outcome.wrong, told(outcome)
        figures = outcome.figures
        payments, approved = payments + figures.payments, approved + figures.approved
        actions, calls = actions + figures.actions, calls + figures.calls
    assert min(payments, calls) > 4 * BLOCK  # a simulation in which nothing happens would hold as well
    assert min(approved, actions) > BLOCK


async def test_a_seed_takes_the_same_course_again(simulator: Simulator) -> None:
    seeds = range(1, 4)
    first = [await simulator.run(seed) for seed in seeds]
    again = [await simulator.run(seed) for seed in reversed(seeds)]
    assert [each.digest for each in first] == [each.digest for each in reversed(again)]
    assert [each.last for each in first] == [each.last for each in reversed(again)]
    assert len({each.digest for each in first}) == len(seeds)


async def test_the_command_takes_the_same_course_in_another_process(simulator: Simulator, running: "Running") -> None:
    here = [await simulator.run(seed) for seed in (7, 8)]
    there = running.command("simulate", "--seed", "7", "--seeds", "2", "--count", "6")
    assert there.returncode == 0, there.stdout
    lines = there.stdout.splitlines()
    assert [line.split("; ")[1].split(",")[0] for line in lines[:2]] == [each.digest for each in here]
    assert lines[2] == "seeds: 2, failed: 0"
