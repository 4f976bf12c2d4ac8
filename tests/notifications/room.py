"""What the tests do with the room: owe something, look at rows, and stand in for the network."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from ippgateway.core.clock import ManualClock
from ippgateway.core.secret import Secret
from ippgateway.domains.notifications import service
from ippgateway.domains.notifications.ports import Answer, Failure
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.platform import Platform

OK = Answer(status=200, failure=None)
BROKEN = Answer(status=500, failure=Failure.HTTP_STATUS)
WITHIN_S = 60.0


async def until(holds: Callable[[], bool | Awaitable[bool]], what: str) -> None:
    """Ask until it holds; fails after a bound that no healthy run comes near."""
    deadline = asyncio.get_running_loop().time() + WITHIN_S
    while True:
        answer = holds()
        if answer if isinstance(answer, bool) else await answer:
            return
        assert asyncio.get_running_loop().time() < deadline, f"never happened: {what}"
        await asyncio.sleep(0.03)


@dataclass(frozen=True)
class Owed:
    """A notification's ids."""

    company_id: str
    payment_id: str
    person_id: str
    id: str


@dataclass
class FakeSender:
    """Answers as it is told, and remembers what it was asked to call."""

    answer: Answer = OK
    timeout_s: float = 10.0
    called: list[str] = field(default_factory=list)
    plain: list[bool] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    holding: asyncio.Event | None = None

    async def get(self, url: Secret[str], *, allow_plain: bool) -> Answer:
        self.called.append(url.open())
        self.plain.append(allow_plain)
        self.arrived.set()
        answer = self.answer
        if self.holding is not None:
            await self.holding.wait()
        return answer


@dataclass(frozen=True)
class Room:
    """The room over a real database."""

    clock: ManualClock
    paying: Platform
    working: Platform
    admin: "asyncpg.Connection[asyncpg.Record]"

    async def owe(self, url: str, *, test: bool = True, company_id: str | None = None) -> Owed:
        """A payment that became final, and the notification of it that its shop is owed."""
        company_id = company_id or self.paying.ids.new()
        payment_id, person_id = self.paying.ids.new(), self.paying.ids.new()
        await self.pay(company_id, payment_id, person_id)
        box = await self.paying.persons.create(PAYMENT, company_id, person_id)
        url_sealed = service.sealed(box, url)
        assert url_sealed is not None
        async with self.paying.db.begin(PAYMENT, tenants=[company_id]) as tx:
            await service.owe(
                tx, self.paying.ids, company_id=company_id, payment_id=payment_id, person_id=person_id, test=test,
                url_sealed=url_sealed, at=self.clock.now(),
            )  # fmt: skip
        made = await self.admin.fetchval("select id from ipp.notification where payment_id = $1", payment_id)
        return Owed(company_id, payment_id, person_id, made)

    async def pay(self, company_id: str, payment_id: str, person_id: str) -> None:
        """A payment out of nowhere: no company, no checkout, no card."""
        async with self.admin.transaction():
            await self.admin.execute("set local session_replication_role = replica")
            await self.admin.execute(
                "insert into ipp.payment (company_id, id, checkout_id, card_id, person_id, method, state, state_at, "
                "amount_minor, currency, test, purchases, seen_before, created_at) "
                "values ($1, $2, $2, $2, $3, 'AUTH', 'APPROVED', $4, 1200, 'DKK', true, 1, false, $4)",
                company_id, payment_id, person_id, self.clock.now(),
            )  # fmt: skip

    async def deliver(self, owed: Owed, sender: FakeSender) -> service.Delivery:
        """Deliver as the worker would."""
        return await service.deliver(
            self.working, sender, company_id=owed.company_id, notification_id=owed.id
        )  # fmt: skip

    async def row(self, owed: Owed) -> asyncpg.Record:
        """The notification as it is now."""
        found = await self.admin.fetchrow("select * from ipp.notification where id = $1", owed.id)
        assert found is not None
        return found

    async def state(self, owed: Owed) -> str:
        """Its state."""
        return str((await self.row(owed))["state"])

    async def alarms(self, owed: Owed) -> list[datetime]:
        """When alarms are set for it."""
        rows = await self.admin.fetch(
            "select execute_after from jobs.pgqueuer where position($1::bytea in payload) > 0 order by 1",
            owed.id.encode(),
        )
        return [row["execute_after"] for row in rows]
