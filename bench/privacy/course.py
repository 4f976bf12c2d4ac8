"""The course: fill, then each part in rounds, both sides in turns."""

import os
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bench import course
from bench.privacy import mix, single
from bench.privacy.figures import COPY, ERASURE, Figures
from bench.privacy.filling import BARE, OURS, SHOPS_OF, Filled, fill
from bench.privacy.retained import TABLES, Retention
from bench.privacy.sides import Side, side, stand_ins
from ippgateway.app.local.refusal import StartRefused

_PAYMENTS_OF_ONE = 3


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How much is measured. `single`: times of each verb in a round; `operations`: of each role in a round; `rows`: due
    in each run of retention; `seconds`: payments alone."""

    payers: int
    rounds: int
    single: int
    operations: int
    rows: int
    seconds: float

    @property
    def payments(self) -> int:
        """Some for each payer."""
        return _PAYMENTS_OF_ONE * self.payers

    def check(self) -> None:
        """Whether there are payers enough. Raises StartRefused."""
        erased = self.rounds * (single.WARM_UP + self.single + self.operations)
        if self.payers % SHOPS_OF or self.payers // SHOPS_OF // 2 < erased:
            raise StartRefused(f"the payers must be a multiple of {SHOPS_OF}, and {2 * SHOPS_OF * erased} at least")
        if 2 * self.rounds * self.rows // TABLES > self.payers:
            raise StartRefused(f"so many rows are not over: {self.rounds} times {self.rows} on each side")


@dataclass(eq=False)
class Course:
    """All parts at one place. `payments`: the other bench's course, for its gateways."""

    payments: course.Course
    extent: Extent

    async def run(self) -> Figures:
        """All of it. Raises StartRefused, and NotDurable."""
        extent = self.extent
        extent.check()
        figures = Figures(payers=extent.payers, payments=extent.payments, load=os.getloadavg())
        await self.payments.check_durable()
        async with AsyncExitStack() as stack:
            ours, plain = await stack.enter_async_context(self.payments.sides())
            course.say(f"filling in {extent.payers:,d} payers with {extent.payments:,d} payments")
            settings = self.payments.place.settings
            filled = await fill(settings, ours.stock, plain.stock, payers=extent.payers, payments=extent.payments)
            sides = [
                await stack.enter_async_context(side(settings, filled, OURS, ours)),
                await stack.enter_async_context(side(settings, filled, BARE, plain, stand_ins)),
            ]
            await self._measure(sides, filled, figures)
        return figures

    async def _measure(self, sides: list[Side], filled: Filled, figures: Figures) -> None:
        extent, settings = self.extent, self.payments.place.settings
        for number in range(extent.rounds):
            figures.rounds.append(await single.measure(settings, sides, count=extent.single))
            told = ", ".join(f"{name} {figures.updates(number, name):.1f}" for name in (COPY, ERASURE))
            course.say(f"round {number + 1}, in primary-key updates: {told}")
        for number in range(extent.rounds):
            mixed = await mix.measure(sides, number, operations=extent.operations, verbs=figures.verbs)
            figures.mixed += mixed
            course.say(f"round {number + 1}, share of the throughput: "
                       + ", ".join(f"{each.role} {each.ratio:.2f}" for each in mixed))  # fmt: skip
        retention = Retention(filled=filled, rows=extent.rows, seconds=extent.seconds, errors=figures.errors)
        for number in range(extent.rounds):
            for each in await retention.measure(sides, number):
                figures.retained.append(each)
                course.say(f"round {number + 1}, {each.side}: {each.removed:,d} rows in {each.took_s:.1f} s; p99 "
                           f"{each.alone_ms:.1f} ms, with retention {each.during_ms:.1f} ms")  # fmt: skip
