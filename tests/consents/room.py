"""What the tests do with the room: somebody who says yes and no, and letters of news that wait for them."""

from dataclasses import dataclass
from typing import Any

import asyncpg

from ippgateway.core.clock import ManualClock
from ippgateway.core.secret import Secret
from ippgateway.domains.consents import service as consents
from ippgateway.domains.consents.schemas import How, Shown, Whose
from ippgateway.domains.mail import service as mail
from ippgateway.domains.mail.ports import Carrier, Handed, Outgoing
from ippgateway.domains.mail.schemas import Kind, Sending
from ippgateway.privacy.catalogue import ACCOUNT, NEWS
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

ADDRESS = "canary-maja@borger.example"
SHOWN = Shown(version="2026-11-30-abcdef01", language="da", text="Ja tak, send mig nyheder. Jeg kan sige nej igen.")


class Letterbox:
    """Takes every letter."""

    timeout_s = 1.0

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []

    async def send(self, letter: Outgoing) -> Handed:
        self.taken.append(letter)
        return Handed(status=250, failure=None)


@dataclass(frozen=True)
class Room:
    """The room over a real database."""

    clock: ManualClock
    console: Platform
    working: Platform
    admin: "asyncpg.Connection[asyncpg.Record]"
    owner: dict[str, Any]

    @property
    def desk(self) -> consents.NewsDesk:
        return consents.NewsDesk(p=self.working, origin="https://mine.example")

    def somebody(self, address: str = ADDRESS) -> Whose:
        """A user's tenant and person."""
        ids = self.console.ids
        return Whose(tenant_id=ids.new(), person_id=ids.new(), code=consents.code_of(self.console, address))

    async def says_yes(self, whose: Whose, shown: Shown = SHOWN) -> None:
        await consents.give(self.console, whose, purpose=NEWS, shown=shown, how=How.ACCOUNT)

    async def says_no(self, whose: Whose) -> None:
        await consents.withdraw(self.console, whose, purpose=NEWS, how=How.ACCOUNT)

    async def somebody_accepts(self) -> None:
        """A line of a user who is not there: what is tried on it is what matters."""
        await self.admin.execute("set session_replication_role = replica")
        await self.admin.execute(
            "insert into ipp.acceptance values ('Comp-0000-0001', $1, 'User-0000-0001', now(), 'terms', 'accepted', "
            "'v', 'en', 'sign_up')",
            self.console.ids.new(),
        )
        await self.admin.execute("set session_replication_role = origin")

    async def stands(self, whose: Whose) -> bool:
        return await consents.stands(self.working, tenant_id=whose.tenant_id, person_id=whose.person_id, purpose=NEWS)

    async def owe_news(self, whose: Whose) -> str:
        """A letter of news that waits for the worker; its id."""
        box = await self.console.persons.create(ACCOUNT, PLATFORM, whose.person_id)
        async with self.console.db.begin(ACCOUNT, tenants=[whose.tenant_id]) as tx:
            return await mail.owe(
                tx, self.console, box=box, tenant_id=whose.tenant_id, person_id=whose.person_id, kind=Kind.NEWS,
                language="en", address=ADDRESS, told={"what": "A new thing.", "link": "https://site.example/new"},
            )  # fmt: skip

    async def send(self, whose: Whose, letter_id: str, box: Carrier) -> Sending:
        return await mail.send(self.working, box, self.desk, tenant_id=whose.tenant_id, letter_id=letter_id)

    async def state(self, letter_id: str) -> str:
        return str(await self.admin.fetchval("select state from ipp.letter where id = $1", letter_id))

    async def link(self, whose: Whose) -> Secret[str]:
        """What follows the last slash of the address in a letter."""
        stop = await self.desk(tenant_id=whose.tenant_id, person_id=whose.person_id)
        assert stop is not None
        return Secret(stop.open().rpartition("/")[2])
