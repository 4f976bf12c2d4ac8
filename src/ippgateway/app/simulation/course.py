"""One seed, from its beginning to its end."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from ippgateway.app.simulation import loop as simulated
from ippgateway.app.simulation.database import Server
from ippgateway.app.simulation.invariants import NOTHING, OWED, UNSETTLED, Figures, examine, regretted
from ippgateway.app.simulation.processes import Process
from ippgateway.app.simulation.programs import World, payment_zone, worker
from ippgateway.app.simulation.shops import Inbox, Shops
from ippgateway.core import log
from ippgateway.core.ids import Ids
from ippgateway.core.secret import Secret
from ippgateway.domains.companies import service as companies
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.zones import Zone

PURCHASES_A_DAY = 12
_A_RUSH = 6
"""Purchases that begin at nearly the same time."""
_DAY_S = 86_400.0
_LONGEST_STORY_S = 6 * 3_600.0
_QUIET_AFTER_S = 600.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a seed. `digest` is the same whenever the same program runs the same seed."""

    seed: int
    digest: str
    events: int
    figures: Figures
    wrong: Sequence[str]
    last: Sequence[str]
    """The course of events, or its end."""
    took_s: float
    """Of real time."""


def run(server: Server, seed: int, *, days: float = 1.0, count: int | None = None) -> Outcome:
    """Simulate `days` in which `count` purchases begin, then clear up and look.

    Everything in the database is lost, and the process's log is ours from here on.
    """
    began = time.perf_counter()
    server.empty()
    purchases = max(1, round(PURCHASES_A_DAY * days)) if count is None else count
    worlds: list[World] = []
    said = StringIO()
    log.start("error", said)

    async def main(loop: simulated.SimulatedLoop) -> tuple[Figures, list[str]]:
        lasts_s = days * _DAY_S
        world = World(loop, server, seed, lasts_s=lasts_s, most_rushes=max(1, purchases // _A_RUSH))
        worlds.append(world)
        return await _days(world, purchases, lasts_s)

    try:
        figures, wrong = simulated.course(main)
    except simulated.StandsStill:
        figures, wrong = NOTHING, ["somebody waits for what never comes"]
    (world,) = worlds
    wrong += regretted(said.getvalue())
    return Outcome(
        seed=seed, digest=world.trace.digest, events=world.trace.events, figures=figures, wrong=wrong,
        last=tuple(world.trace.lines), took_s=time.perf_counter() - began,
    )  # fmt: skip


async def _days(world: World, purchases: int, lasts_s: float) -> tuple[Figures, list[str]]:
    companies = [await _company(world, number) for number in (1, 2)]
    zones = [payment_zone(world, name) for name in ("pay", "pay2")]
    shops = Shops(world, zones, companies)
    caller = worker(world, lambda process: Inbox(world.clock, world.faults, process, shops.memory))
    try:
        async with asyncio.timeout(lasts_s + _LONGEST_STORY_S):
            await shops.run(purchases)
    except TimeoutError:
        world.wrong.append("a shop was never answered")
    await world.clock.sleep(_QUIET_AFTER_S)
    world.faults.on = False
    world.trace.tell("faults.stop")
    await _clear_up(world)
    figures, wrong = examine(world, shops.memory)
    world.trace.tell("end", wrong=len(wrong))
    for program in (*zones, caller):
        program.end()
    return figures, wrong


async def _company(world: World, number: int) -> str:
    """A shop of this seed alone, made before anything goes wrong; now and then one that sells at once."""
    world.faults.on = False
    process = Process(world.loop, world.trace, f"console.{number}")
    platform = await world.platform(Zone.CONSOLE, process, ACCOUNT)
    ids: Ids = platform.ids
    company = companies.NewCompany(
        id=ids.new(), partner_id=ids.new(), name="Shop", key1=Secret(ids.letters(42)), key2=Secret(ids.letters(14)),
        merchant_number=f"IPP{number:012d}", mcc="5999",
    )  # fmt: skip
    await process.call(companies.add(platform, company))
    if world.faults.random.random() < 0.2:
        server = world.server
        server.do(server.main.execute("update ipp.company set authorise_as = 'SALE' where id = $1", company.id))
    world.faults.on = True
    return company.id


async def _clear_up(world: World) -> None:
    """Until nothing is unknown and nothing owed, or as long as the longest schedules take."""
    for sql, steps, step_s in ((UNSETTLED, 20, 600.0), (OWED, 48, 3_600.0)):
        for _ in range(steps):
            if not world.server.do(world.server.main.fetchval(sql)):
                break
            await world.clock.sleep(step_s)
        else:
            return
    await world.clock.sleep(_QUIET_AFTER_S)
