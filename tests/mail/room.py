"""What the tests do with the room: owe a letter, look at rows, send as the worker would."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from ippgateway.core.clock import ManualClock
from ippgateway.domains.mail import service
from ippgateway.domains.mail.ports import Carrier
from ippgateway.domains.mail.schemas import Kind, Sending
from ippgateway.privacy.catalogue import ACCOUNT, STAFF_ACCOUNT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

ADDRESS = "canary-jens@borger.example"
SECRET = "canary4929000000006"
LINK = f"http://console.localhost:8000/reset/{SECRET}"


async def nobody_agreed(*, tenant_id: str, person_id: str) -> None:
    """What is asked of marketing alone; consents have tests of their own."""
    raise AssertionError("these letters are no marketing")


@dataclass(frozen=True)
class Owed:
    """A letter's ids."""

    tenant_id: str
    person_id: str
    id: str


@dataclass(frozen=True)
class Room:
    """The room over a real database."""

    clock: ManualClock
    console: Platform
    desk: Platform
    working: Platform
    admin: "asyncpg.Connection[asyncpg.Record]"

    async def owe(
        self,
        kind: Kind = Kind.RESET,
        *,
        address: str = ADDRESS,
        told: Mapping[str, str] | None = None,
        staff: bool = False,
    ) -> Owed:
        """A letter that somebody is owed, as accounts would owe it."""
        p, purpose = (self.desk, STAFF_ACCOUNT) if staff else (self.console, ACCOUNT)
        tenant_id, person_id = PLATFORM if staff else p.ids.new(), p.ids.new()
        box = await p.persons.create(purpose, PLATFORM, person_id)
        async with p.db.begin(purpose, tenants=[tenant_id]) as tx:
            made = await service.owe(
                tx, p, box=box, tenant_id=tenant_id, person_id=person_id, kind=kind, language="da", address=address,
                told={"link": LINK, "device": "Firefox, Linux"} if told is None else told,
            )  # fmt: skip
        return Owed(tenant_id, person_id, made)

    async def send(self, owed: Owed, carrier: Carrier) -> Sending:
        """Send as the worker would."""
        return await service.send(self.working, carrier, nobody_agreed, tenant_id=owed.tenant_id, letter_id=owed.id)

    async def row(self, owed: Owed) -> asyncpg.Record:
        """The letter as it is now."""
        found = await self.admin.fetchrow("select * from ipp.letter where id = $1", owed.id)
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
