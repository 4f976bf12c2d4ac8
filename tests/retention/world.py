"""A small world: shops that come and go, people who pay them, and whatever else leaves rows behind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import asyncpg
from sqlalchemy import ARRAY, Boolean, Column, Date, DateTime, Integer, LargeBinary, String

from ippgateway.app.settings import Settings
from ippgateway.core.clock import ManualClock
from ippgateway.core.money import currency
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.schemas import NewCheckout
from ippgateway.domains.companies import service as companies
from ippgateway.privacy.declare import MAIN
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.zones import Zone

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """One purchase and whose it is."""

    person: Person
    checkout_id: str
    payment_id: str = ""


@dataclass(kw_only=True)
class Shop:
    """A customer, its user, and who paid there."""

    company_id: str
    partner_id: str
    user_id: str
    opened_at: datetime
    purchases: list[Purchase] = field(default_factory=list)


@dataclass(kw_only=True)
class World:
    """Everything that there is. `main`, `keys`: the owner's connections, which see all."""

    clock: ManualClock
    zones: Mapping[Zone, Platform]
    main: Connection
    keys: Connection
    settings: Settings

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def worker(self) -> Platform:
        return self.zones[Zone.WORKER]

    @property
    def console(self) -> Platform:
        return self.zones[Zone.CONSOLE]

    @property
    def desk(self) -> Platform:
        return self.zones[Zone.DESK]

    def pass_days(self, days: float) -> None:
        self.clock.advance(timedelta(days=days).total_seconds())

    def new(self) -> str:
        return self.console.ids.new()

    # --- what people do ---

    async def shop(self) -> Shop:
        """A customer with a user who has everything that an account can have."""
        company = companies.sandbox_company(self.console, partner_id=self.new(), name="Kurve og kasser")
        await companies.add(self.console, company)
        user_id = await accounts.add(self.console, accounts.NewUser(
            audience=Audience.COMPANY, tenant_id=company.id, email=f"{company.id}@butik.example", name="Asta Ager",
            password=Secret("a hedgehog under 7 lamps"), rights=("ALL",),
        ))  # fmt: skip
        theirs = {"tenant_id": company.id, "user_id": user_id}
        await self.plant("second_factor", **theirs, kind="totp", secret=b"sealed")
        await self.plant("recovery_code", **theirs, digest=b"digest")
        await self.plant("known_device", **theirs, digest=b"digest")
        await self.plant("acceptance", **theirs, what="accepted", version="1")
        holder = await self.main.fetchval("select person_id from ipp.company where id = $1", company.id)
        await self.plant("company_key", company_id=company.id, person_id=holder, scope="read", digest=b"digest")
        return Shop(
            company_id=company.id, partner_id=company.partner_id, user_id=user_id, opened_at=self.now
        )  # fmt: skip

    async def leave(self, shop: Shop) -> None:
        """The customer leaves, and its user with it."""
        await companies.close(self.console, company_id=shop.company_id, partner_id=shop.partner_id, by="test")

    async def ordered(self, shop: Shop, email: str) -> Purchase:
        """A checkout, through the use case."""
        p = self.zones[Zone.PAY]
        order = NewCheckout(
            amount_text="12,50", amount_hundredths=1250, currency=currency("DKK"), order_id="a kite", payer_name="Ida",
            payer_email=email, notify_url="http://127.0.0.1:9/kite",
        )  # fmt: skip
        made = await checkouts.create(p, company_id=shop.company_id, order=order)
        found = await checkouts.find(p, checkout_id=made.checkout_id.open(), cryptogram=None)
        purchase = Purchase(person=Person(shop.company_id, found.person_id), checkout_id=found.id)
        shop.purchases.append(purchase)
        return purchase

    async def paid(self, shop: Shop, email: str) -> Purchase:
        """The same with a payment and everything that hangs on one."""
        made = await self.ordered(shop, email)
        theirs = {"company_id": shop.company_id, "person_id": made.person.person_id, "checkout_id": made.checkout_id}
        card = theirs | {"card_id": await self.plant("card", **theirs, number=b"sealed", last4="1111")}
        await self.plant("authentication", **card, status="Y", ds_transaction_id="a bank's word")
        payment_id = await self.plant(
            "payment", **card, state="DECLINED", method="AUTH", amount_minor=1250, order_id=b"sealed", holder=b"sealed"
        )  # fmt: skip
        its = theirs | {"payment_id": payment_id}
        await self.plant("payment_action", **its, method="AUTH", result="NOK", amount_minor=1250, comment=b"sealed")
        await self.plant("notification", **its, state="DELIVERED", url=b"sealed")
        await self.plant(
            "disclosure", tenant_id=shop.company_id, person_id=made.person.person_id, fields="card_number",
            subject_id=payment_id, recipient_id="test-acquirer", recipient="acquirer",
        )  # fmt: skip
        shop.purchases[-1] = Purchase(person=made.person, checkout_id=made.checkout_id, payment_id=payment_id)
        return shop.purchases[-1]

    async def came_by(self, shop: Shop) -> None:
        """What somebody leaves who only comes by, signs in, or fails to."""
        whose = {"tenant_id": shop.company_id, "person_id": shop.purchases[-1].person.person_id}
        visit_id = await self.plant("visit", **whose, surface="page", address="192.0.2.7")
        await self.plant("visit_page", **whose, visit_id=visit_id, number=1, page="pay")
        user = {"tenant_id": shop.company_id, "user_id": shop.user_id}
        await self.plant("sign_in_session", **user, stage="open", audience="company", digest=self._some_octets())
        await self.plant("sign_in_event", **user, what="signed_in", browser="Firefox 140")
        await self.plant("ticket", **user, kind="reset", digest=b"digest", ends_at=self.now + timedelta(days=7))
        await self.plant("letter", **whose, kind="welcome", state="SENT", address=b"sealed")
        await self.plant("sign_in_failure", username_code=b"code")
        await self.plant("decline_count", company_id=shop.company_id, network=b"code")
        await self.plant("idempotent_request", company_id=shop.company_id, person_id=self.new(), state="DONE",
                         scope="capture", key_code=self._some_octets())  # fmt: skip
        await self.plant("data_link", email_code=b"code", digest=b"digest", ends_at=self.now + timedelta(hours=1))
        await self.plant("look", **whose, why="ticket", purpose="support", shown="payer.email")
        await self.plant("data_request", **whose, kind="access", state="OPEN", identity="link", statement=b"sealed")
        reply_id = self.new()
        await self.plant("data_reply", tenant_id=reply_id, person_id=reply_id, address=b"sealed")
        await self.plant("data_notice", tenant_id=reply_id, person_id=reply_id, kind="acquirer", known_by=b"sealed")
        await self.plant("correction", **whose, field="payment.holder", said=b"sealed")
        person_id = self.new()
        await self.plant("consent", tenant_id=person_id, person_id=person_id, said="withdrawn", who_code=b"code")
        await self.plant("disclosure_case", tenant_id="platform", asker_id=self.new(), state="OPEN", place="DK",
                         kind="adviser", organisation="R", categories=["name"], contents=b"sealed")  # fmt: skip

    def _some_octets(self) -> bytes:
        return self.console.ids.letters(16).encode()

    async def plant(self, table: str, **given: Any) -> str:
        """A row with what is given that it has a column for; others that must hold something do. Its id."""
        it = MAIN.tables[f"ipp.{table}"]
        values = {name: value for name, value in given.items() if name in it.c}
        if "id" in it.c and "id" not in values:
            values["id"] = self.new()
        for column in it.c:
            if column.name not in values and not column.nullable and column.server_default is None:
                values[column.name] = self._filler(column)
        names = ", ".join(values)
        places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
        await self.main.execute(f"insert into ipp.{table} ({names}) values ({places})", *values.values())
        return str(values.get("id", ""))

    def _filler(self, column: "Column[Any]") -> Any:
        kinds: tuple[tuple[Any, Any], ...] = (
            (Boolean, False), (Integer, 0), (DateTime, self.now), (Date, self.now.date()), (LargeBinary, bytes(16)),
            (ARRAY, []), (String, ""),
        )  # fmt: skip
        return next(value for kind, value in kinds if isinstance(column.type, kind))
