"""With the machinery and without it: what is compared.

*With* is the Platform as it is. *Without* is the same work, by the same functions, as one role that owns the tables:
no change of role and no tenants named when a transaction begins, no row security, values in clear in tables of the same
shape, so no keys to fetch, open or destroy, and no record of disclosure written or read (`bench.bare`). What stays on
both sides is what any careful program would do: one transaction, the walk over all tables that may hold somebody, the
record of the erasure, the audit trail. So the difference is the price of enforcing; what the walk costs is told by the
number of primary-key updates that an erasure takes.
"""

import contextlib
import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

from bench import bare, course
from bench.privacy.filling import Filled
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.core.clock import SystemClock
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.zones import Zone

WITH, WITHOUT = "with", "without"


@dataclasses.dataclass(eq=False, kw_only=True)
class Side:
    """One of the two. `people`: payers to read of; `leaving`: those who are erased, each once; `payments`: ids."""

    name: str
    company_id: str
    pay: Platform
    console: Platform
    worker: Platform
    gateway: course.Side
    inside: Callable[[], contextlib.AbstractContextManager[None]]
    people: list[Person]
    leaving: list[Person]
    payments: list[str]

    def next_leaving(self) -> Person:
        """Somebody who was not erased yet. Raises IndexError when all were."""
        return self.leaving.pop()

    def later(self, by: timedelta) -> Platform:
        """The worker's Platform when so much time has passed."""
        return dataclasses.replace(self.worker, clock=_Later(by))


class _Later(SystemClock):
    """The machine's clock, ahead of it."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return super().now() + self._by


@asynccontextmanager
async def side(
    settings: Settings, filled: Filled, place: int, gateway: course.Side,
    inside: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext,
) -> AsyncIterator[Side]:  # fmt: skip
    """One of them, put together. `inside`: within what everything of this side happens."""
    company_id = gateway.stock.company_id
    people = [Person(company_id, person_id) for person_id in filled.people_of(place)]
    half = len(people) // 2
    async with AsyncExitStack() as stack:
        with inside():
            pay, console, worker = [
                await stack.enter_async_context(platform_for(zone, settings))
                for zone in (Zone.PAY, Zone.CONSOLE, Zone.WORKER)
            ]
        yield Side(
            name=WITH if inside is contextlib.nullcontext else WITHOUT, company_id=company_id, pay=pay,
            console=console, worker=worker, gateway=gateway, inside=inside, people=people[:half],
            leaving=people[half:], payments=filled.payments_of(place),
        )  # fmt: skip


def stand_ins() -> contextlib.AbstractContextManager[None]:
    """Within this it is without."""
    return bare.stand_ins()
