"""`ippgateway keys ...`: keys are replaced and destroyed while payments run.

| | |
|---|---|
| `rotate` | a new epoch and new vault keys, and everything under them wrapped and sealed anew; takes a minute |
| `rotate-master` | the next generation of the master keys; from files to a token, when that was set |
| `rotate-persons` | every person's key replaced, and their fields sealed anew |
| `retire` | destroy for good what is superseded |

The running zones notice a newer key within half a minute, or at once when they meet it. A key that sealed something
until then stays until `retire` finds it unused and long enough superseded. The schedule does the same (`keep`).
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from ippgateway.app.keys import epochs, keep, masters, schedule, turn
from ippgateway.app.settings import Settings
from ippgateway.core import log
from ippgateway.core.clock import Clock, SystemClock
from ippgateway.core.ids import Randomness, SystemRandomness

_Act = Callable[[Settings, Clock, Randomness], Coroutine[Any, Any, list[str]]]


def main(settings: Settings, *, what: str) -> int:
    """Do it, and say in sentences what was done. The exit code."""
    clock, randomness = SystemClock(), SystemRandomness()
    if what == "keep":
        log.start(settings.log_level)
        asyncio.run(keep.run(settings, clock=clock, randomness=randomness))
        return 0
    for line in asyncio.run(_ACTS[what](settings, clock, randomness)):
        sys.stdout.write(f"{line}\n")
    return 0


async def rotate(settings: Settings, clock: Clock, randomness: Randomness) -> list[str]:
    """Make a new epoch and new vault keys and seal everything anew."""
    return await schedule.rotate(settings, clock=clock, randomness=randomness)


async def rotate_master(settings: Settings, clock: Clock, randomness: Randomness) -> list[str]:
    """Make the next generation of the master keys."""
    wrapped = await masters.rotate(settings, clock=clock, randomness=randomness)
    await epochs.leave_nothing(settings)
    return [f"master keys: a new generation, {wrapped} keys wrapped anew"]


async def rotate_persons(settings: Settings, clock: Clock, randomness: Randomness) -> list[str]:
    """Replace every person's keys."""
    count, sealed = await turn.turn(settings, clock=clock, randomness=randomness)
    return [f"persons: {count} keys replaced, {sealed} fields sealed anew"]


async def retire(settings: Settings, clock: Clock, randomness: Randomness) -> list[str]:
    """Destroy superseded keys that nothing uses any more, and leave nothing of them."""
    gone = await schedule.retire(settings, clock=clock, randomness=randomness)
    generations = await masters.retire(settings, clock=clock, randomness=randomness)
    return [*gone, f"generations of master keys destroyed: {generations}"]


_ACTS: dict[str, _Act] = {
    "rotate": rotate, "rotate-master": rotate_master, "rotate-persons": rotate_persons, "retire": retire,
}  # fmt: skip
