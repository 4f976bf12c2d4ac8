"""Somebody who pays, and ways to look at everything that is stored."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg

from ippgateway.app.database.access import as_owner, keys_database, main_database
from ippgateway.app.settings import Settings
from ippgateway.core.money import currency
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.schemas import CheckoutRef, NewCheckout
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.schemas import AuthoriseResult, Browser, CardEntry, Result
from ippgateway.domains.payments.service import people
from ippgateway.privacy.declare import KEYS, MAIN
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.registry import tables
from ippgateway.privacy.rights.erase import OPERATOR, erase
from ippgateway.privacy.rights.reach import Person

NUMBER, LAST4, HOLDER, ORDER = "5555555555554444", "4444", "Signe Svane", "swan no. 52817"
ROOMS = (people.let_go,)
BROWSER = Browser(user_agent=Secret("t"), accept=Secret("*/*"), language="da", ip=Secret("192.0.2.9"))

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def ordered(p: Platform, company_id: str, email: str, *, store_card: bool = False) -> CheckoutRef:
    """A checkout for whoever has this address."""
    order = NewCheckout(
        amount_text="12,50", amount_hundredths=1250, currency=currency("DKK"), order_id=ORDER, payer_name=HOLDER,
        payer_email=email, notify_url="http://127.0.0.1:9/swan", accept_url="https://shop.example/swan",
        store_card=store_card,
    )  # fmt: skip
    made = await checkouts.create(p, company_id=company_id, order=order)
    return await checkouts.find(p, checkout_id=made.checkout_id.open(), cryptogram=None)


def a_card(number: str = NUMBER) -> CardEntry:
    return CardEntry(holder=Secret(HOLDER), number=Secret(number), month=11, year=2032, security_code=Secret("737"))


async def paid(
    g: payments.Gateway, company_id: str, email: str, *, store_card: bool = False
) -> tuple[CheckoutRef, AuthoriseResult]:
    """An approved payment."""
    checkout = await ordered(g.platform, company_id, email, store_card=store_card)
    await payments.secure(g, checkout=checkout, card=a_card(), browser=BROWSER)
    result = await payments.authorise(g, checkout=checkout, card=a_card(), browser=BROWSER)
    assert result.result is Result.ACK
    return checkout, result


async def erased(console: Platform, person: Person) -> None:
    await erase(console, person, asked_by=OPERATOR, rooms=ROOMS)


@asynccontextmanager
async def owner(settings: Settings, of: Any = MAIN) -> AsyncIterator[Connection]:
    """Sees everything; no zone is that."""
    name = main_database(settings) if of is MAIN else keys_database(settings)
    connection = await asyncpg.connect(**as_owner(settings, name))
    try:
        yield connection
    finally:
        await connection.close()


async def dump(settings: Settings, of: Any = MAIN) -> list[tuple[str, dict[str, Any]]]:
    """Every row of every declared table, and of the job library's."""
    names = [f"ipp.{t.name}" for t in tables(of)] + (["jobs.pgqueuer", "jobs.pgqueuer_log"] if of is MAIN else [])
    async with owner(settings, of) as connection:
        return [(name, dict(row)) for name in names for row in await connection.fetch(f"select * from {name}")]


async def rows_of(settings: Settings, person: Person) -> dict[str, Sequence[dict[str, Any]]]:
    """A person's rows, by table, whatever they hold; without how often the shop was called meanwhile."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, row in await dump(settings):
        if row.get("person_id") == person.person_id:
            kept = {k: v for k, v in row.items() if name != "ipp.notification" or k in ("id", "payment_id", "url")}
            found.setdefault(name.removeprefix("ipp."), []).append(kept)
    return found


async def keys_of(settings: Settings, person: Person) -> dict[str, dict[str, Any]]:
    """A person's keys by their ground."""
    return {
        row["ground"]: row
        for name, row in await dump(settings, KEYS)
        if name == "ipp.person_key" and row["person_id"] == person.person_id
    }
