"""Two shops with a payer, a paid checkout and everything that hangs on it: what the attacks are after."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from ippgateway.app.database.access import as_owner, main_database
from ippgateway.app.gateway import gateway_for
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.core.money import currency
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.schemas import NewCheckout
from ippgateway.domains.companies import service as companies
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.schemas import Browser, CardEntry, Result
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone

NUMBER = "5555555555554444"
MAIL = "frida.kanin@borger.example"
HOLDER = "Frida Kanin"
ORDER = "wedding ring 7391"
_BROWSER = Browser(user_agent=Secret("t"), accept=Secret("*/*"), language="da", ip=Secret("192.0.2.7"))


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A company of ours and the ids of what belongs to it. Both shops were paid by the same payer."""

    company_id: str
    person_id: str
    checkout_id: str
    card_id: str
    payment_id: str
    action_id: str


@asynccontextmanager
async def paying(settings: Settings) -> AsyncIterator[payments.Gateway]:
    """The payment zone, signed on to the sandbox acquirer."""
    async with platform_for(Zone.PAY, settings) as platform, gateway_for(platform, settings) as (gateway, _, link):
        await link.ready()
        yield gateway


async def open_shop(console: Platform) -> str:
    """A company; its id."""
    company_id = console.ids.new()
    await companies.add(
        console,
        companies.NewCompany(
            id=company_id, partner_id=console.ids.new(), name="Ringe og mere", key1=Secret(console.ids.letters(42)),
            key2=Secret(console.ids.letters(14)), merchant_number="IPP000000000001", mcc="5999",
        ),
    )  # fmt: skip
    return company_id


async def pay_at(gateway: payments.Gateway, company_id: str) -> None:
    """One approved payment, through the use cases, the sandbox's acquirer and 3-D Secure servers."""
    order = NewCheckout(
        amount_text="12,50", amount_hundredths=1250, currency=currency("DKK"), order_id=ORDER, payer_name=HOLDER,
        payer_email=MAIL, notify_url="http://127.0.0.1:9/kanin",
    )  # fmt: skip
    made = await checkouts.create(gateway.platform, company_id=company_id, order=order)
    checkout = await checkouts.find(gateway.platform, checkout_id=made.checkout_id.open(), cryptogram=None)
    card = CardEntry(holder=Secret(HOLDER), number=Secret(NUMBER), month=12, year=2031, security_code=Secret("123"))
    await payments.secure(gateway, checkout=checkout, card=card, browser=_BROWSER)
    paid = await payments.authorise(gateway, checkout=checkout, card=card, browser=_BROWSER)
    assert paid.result is Result.ACK


async def two_shops(settings: Settings) -> tuple[Shop, Shop]:
    """Two companies, each with one payment of the same payer."""
    async with platform_for(Zone.CONSOLE, settings) as console:
        ids = [await open_shop(console), await open_shop(console)]
    async with paying(settings) as gateway:
        for company_id in ids:
            await pay_at(gateway, company_id)
    connection = await asyncpg.connect(**as_owner(settings, main_database(settings)))
    try:
        first, second = [await _shop(connection, company_id) for company_id in ids]
    finally:
        await connection.close()
    return first, second


async def _shop(connection: "asyncpg.Connection[asyncpg.Record]", company_id: str) -> Shop:
    row = await connection.fetchrow(
        "select p.company_id, p.person_id, p.checkout_id, p.card_id, p.id as payment_id, a.id as action_id "
        "from ipp.payment p join ipp.payment_action a on a.company_id = p.company_id and a.payment_id = p.id "
        "where p.company_id = $1", company_id,
    )  # fmt: skip
    assert row is not None
    return Shop(**dict(row))
