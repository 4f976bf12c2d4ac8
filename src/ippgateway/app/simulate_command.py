"""`ippgateway simulate`: payments under a simulated clock with injected faults, from seeds; then the invariants.

It has databases of its own beside the installation's, on the same servers, and starts these for itself when nothing
runs. The same seed takes the same course again, so a failing one can be looked at as often as one likes.
"""

import asyncio
import dataclasses
import sys
from collections.abc import Callable

from ippgateway.app.local.refusal import REFUSED, StartRefused
from ippgateway.app.local.serving import served
from ippgateway.app.settings import Settings
from ippgateway.app.setup import setup
from ippgateway.app.simulation import course
from ippgateway.app.simulation.database import Server
from ippgateway.core import log

_LINES_SHOWN = 60


def main(settings: Settings, *, seed: int, seeds: int, days: float, count: int | None, trace: bool) -> int:
    """Run `seeds` seeds from `seed` on. Exit code 0 when all invariants held in all of them, 1 otherwise."""

    def work(own: Settings) -> list[int]:
        return _run(own, range(seed, seed + seeds), days, count, trace=trace)

    try:
        failed = asyncio.run(_beside(settings, work))
    except StartRefused as why:
        sys.stderr.write(f"{why}\n")
        return REFUSED
    sys.stdout.write(f"seeds: {seeds}, failed: {len(failed)}{''.join(f' {each}' for each in failed)}\n")
    return 1 if failed else 0


def scratch(settings: Settings) -> Settings:
    """The settings of the installation that simulations damage: other roles, other databases, no demo."""
    return dataclasses.replace(settings, role_prefix=f"{settings.role_prefix}_sim", sandbox=False)


async def _beside(settings: Settings, work: Callable[[Settings], list[int]]) -> list[int]:
    own = scratch(settings)
    async with served(settings):
        await setup(own)
        return await asyncio.to_thread(work, own)


def _run(settings: Settings, seeds: range, days: float, count: int | None, *, trace: bool) -> list[int]:
    """The seeds that failed, each told about as it ends."""
    failed = []
    server = Server(settings)
    try:
        for seed in seeds:
            try:
                outcome = course.run(server, seed, days=days, count=count)
            except Exception as error:  # of the simulation itself; what the program does wrong is in the outcome
                sys.stdout.write(f"seed {seed}: broken off, {' '.join(map(str, log.where(error).values()))}\n")
                failed.append(seed)
                break
            if outcome.wrong:
                failed.append(seed)
            shown = len(outcome.last) if trace else _LINES_SHOWN if outcome.wrong else 0
            _tell(outcome, shown)
    finally:
        server.close()
    return failed


def _tell(outcome: course.Outcome, shown: int) -> None:
    f = outcome.figures
    sys.stdout.write(
        f"seed {outcome.seed}: {'WRONG' if outcome.wrong else 'holds'}, {f.payments} payments, {f.approved} approved, "
        f"{f.actions} actions, {f.calls} calls; {outcome.digest}, {outcome.took_s:.2f} s\n"
    )
    for each in outcome.wrong:
        sys.stdout.write(f"  {each}\n")
    for line in outcome.last[len(outcome.last) - min(shown, len(outcome.last)) :]:
        sys.stdout.write(f"  {line}\n")
    sys.stdout.flush()
