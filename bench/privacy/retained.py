"""Payments while retention removes what is over: what it does to their 99th percentile.

Payments come at half the rate that this machine can answer, whatever becomes of those before; a payment counts from the
moment when it was to be sent. Each run of retention is at another, later time, at which so many rows more are over:
checkouts, cards, notifications. It is the whole run, as the worker does it every hour, the search for keys of which
nothing is left included.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bench.course import Side as Payments
from bench.privacy.figures import Retained
from bench.privacy.filling import Filled
from bench.privacy.sides import Side
from ippgateway.privacy.rights import retain

TABLES = 3
"""Rows of one purchase that are over when its term is: its checkout, its card, its notification."""
_CLIENTS = 64
_SHARE = 0.5
_ROOM = 2.0
_TRY_S = 5.0
_FIRST_S = 240.0
"""How long the first run may take; the others take about as long as the one before."""


@dataclass(eq=False)
class Retention:
    """The rounds. `rows`: how many are over in each; `seconds`: how long payments run alone; `errors`: of payments, by
    kind."""

    filled: Filled
    rows: int
    seconds: float
    errors: Counter[str] = field(default_factory=Counter)
    _runs: int = 0
    _warm: set[str] = field(default_factory=set)
    _took_s: float = _FIRST_S

    async def measure(self, sides: Sequence[Side], number: int) -> list[Retained]:
        """One round: each side alone and with retention, in another order each time."""
        return [await self._one(side, first=number % 2 == 0) for side in (sides if number % 2 == 0 else sides[::-1])]

    async def _one(self, side: Side, *, first: bool) -> Retained:
        rate = await self._half(side)
        alone_ms = await self._alone(side, rate) if first else 0.0
        self._runs += 1
        later = side.later(self.filled.over_at(self._runs * self.rows // TABLES))
        done: list[retain.Run] = []

        async def removing() -> None:
            begun = time.perf_counter()
            done.append(await retain.remove(later))
            self._took_s = time.perf_counter() - begun

        with side.inside():
            during_ms = await self._pay(side.gateway, rate, self._took_s, removing)
        took_s = self._took_s
        return Retained(
            side=side.name, alone_ms=alone_ms if first else await self._alone(side, rate), during_ms=during_ms,
            rate=rate, removed=sum(done[0].removed.values()), took_s=took_s,
        )  # fmt: skip

    async def _half(self, side: Side) -> float:
        """Payments a second: half of what this side's gateway answers now; the machine may be busier than before."""
        for _ in range(1 if side.name in self._warm else 2):
            await side.gateway.make_for(_TRY_S)
            got = await side.gateway.load(_CLIENTS // 2, _TRY_S)
        self._warm.add(side.name)
        return float(got["rps"]) * _SHARE

    async def _alone(self, side: Side, rate: float) -> float:
        return await self._pay(side.gateway, rate, self.seconds, lambda: asyncio.sleep(self.seconds))

    async def _pay(
        self, gateway: Payments, rate: float, seconds: float, busy: Callable[[], Awaitable[object]]
    ) -> float:
        """The 99th percentile of payments until `busy` ends, milliseconds. `seconds`: how long that may be."""
        await gateway.make(int(rate * seconds * _ROOM) + 500)
        got = await gateway.load_while(_CLIENTS, rate, busy)
        self.errors.update(got["errors"])
        return float(got["p99_ms"])
