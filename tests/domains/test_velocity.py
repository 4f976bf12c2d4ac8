"""Limits on declines: stolen cards can't be tested here, and an honest burst is not touched."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import pytest

from clocks import Shifted
from ippgateway.core.money import currency
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.schemas import CheckoutRef, NewCheckout, TransactionType
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.errors import TooManyDeclines
from ippgateway.domains.payments.ports import Approved, AuthorisationRequest, Declined, DeclineReason, TryAgain
from ippgateway.domains.payments.schemas import Browser, CardEntry, Result
from ippgateway.domains.payments.service import velocity
from ippgateway.privacy.catalogue import PAYMENT

GOOD, BAD = "4111111111111111", "5555555555554444"
LIMITS = {"declines_per_network": 5, "declines_per_company": 12, "declines_while_attacked": 2}


class Acquirer:
    """Approves one card and declines the other."""

    async def authorise(self, request: AuthorisationRequest) -> Approved | Declined:
        if request.card.pan.open() == GOOD:
            return Approved(auth_code="123456", rrn=request.trace.rrn, response_code="00")
        return Declined(reason=DeclineReason.DO_NOT_HONOUR, again=TryAgain.LATER, response_code="05")


@dataclass
class Shop:
    """One shop, whose payers come from anywhere."""

    gateway: payments.Gateway
    company_id: str

    async def checkout(self) -> CheckoutRef:
        order = NewCheckout(amount_text="100", amount_hundredths=100, currency=currency("DKK"),
                            transaction_type=TransactionType.MOTO)  # fmt: skip
        made = await checkouts.create(self.gateway.platform, company_id=self.company_id, order=order)
        return await checkouts.find(self.gateway.platform, checkout_id=made.checkout_id.open(), cryptogram=None)

    async def pays(self, number: str, address: str) -> str:
        """ACK, NOK, or `refused` when there were too many declines; a new checkout each time."""
        card = CardEntry(holder=Secret("T. Payer"), number=Secret(number), month=12, year=2031,
                         security_code=Secret("123"))  # fmt: skip
        browser = Browser(user_agent=Secret("t"), accept=Secret("*/*"), language="da", ip=Secret(address))
        try:
            done = await payments.authorise(self.gateway, checkout=await self.checkout(), card=card, browser=browser)
        except TooManyDeclines:
            return "refused"
        assert done.result is not Result.WAIT
        return done.result.value

    async def all_pay(self, number: str, addresses: Sequence[str]) -> list[str]:
        return [await self.pays(number, address) for address in addresses]


@pytest.fixture
async def shop(gateway: payments.Gateway, new_company: Callable[[], Awaitable[str]]) -> Shop:
    limits = replace(gateway.limits, **LIMITS)
    return Shop(replace(gateway, acquirer=Acquirer(), limits=limits), await new_company())  # type: ignore[arg-type]


async def test_a_network_that_only_meets_declines_is_stopped_and_the_next_one_is_not(shop: Shop) -> None:
    told = await shop.all_pay(BAD, [f"192.0.2.{n}" for n in range(7)])
    assert told == ["NOK"] * 5 + ["refused"] * 2
    assert await shop.pays(GOOD, "192.0.2.200") == "refused"
    assert await shop.pays(GOOD, "198.51.100.1") == "ACK"
    assert await shop.all_pay(BAD, ["2001:db8:1::1"] * 6) == ["NOK"] * 5 + ["refused"]
    assert await shop.pays(BAD, "2001:db8:2::1") == "NOK"


async def test_who_is_stopped_is_let_in_again_an_hour_later(shop: Shop, clock: Shifted) -> None:
    await shop.all_pay(BAD, ["192.0.2.1"] * 5)
    assert await shop.pays(GOOD, "192.0.2.1") == "refused"
    clock.advance(3_900)
    assert await shop.pays(GOOD, "192.0.2.1") == "ACK"


async def test_an_honest_burst_from_one_network_is_not_touched(shop: Shop) -> None:
    """A server that pays for many, as the contract's clients do: some are always declined."""
    told = await asyncio.gather(*(shop.pays(BAD if n % 3 == 0 else GOOD, "192.0.2.1") for n in range(60)))
    assert told.count("refused") == 0
    assert told.count("NOK") == 20


async def test_while_a_shop_is_attacked_from_everywhere_each_network_has_less(shop: Shop) -> None:
    told = await shop.all_pay(BAD, [f"10.0.{n}.1" for n in range(12)])
    assert told == ["NOK"] * 12
    assert await shop.all_pay(BAD, ["10.1.0.1"] * 3) == ["NOK"] * 2 + ["refused"]
    assert await shop.pays(GOOD, "10.2.0.1") == "ACK"  # whoever was not refused before may pay


async def test_another_shop_is_another_count(shop: Shop, new_company: Callable[[], Awaitable[str]]) -> None:
    await shop.all_pay(BAD, ["192.0.2.1"] * 5)
    assert await replace(shop, company_id=await new_company()).pays(GOOD, "192.0.2.1") == "ACK"


async def test_a_storm_of_declines_is_counted_exactly(shop: Shop) -> None:
    """Batches, side by side, on the same rows: nothing is lost and nothing waits for ever."""
    many = replace(shop, gateway=replace(shop.gateway, limits=replace(shop.gateway.limits, declines_per_network=1_000,
                                                                      declines_per_company=1_000)))  # fmt: skip
    await asyncio.gather(*(many.pays(BAD, f"10.{n % 5}.0.1") for n in range(100)))
    p = many.gateway.platform
    codes = [velocity.network_code(p, many.company_id, Secret(f"10.{n}.0.1")) for n in range(5)]
    async with p.db.begin(PAYMENT, tenants=[many.company_id]) as tx:
        found = await velocity.tried(tx, [(many.company_id, code) for code in codes], p.clock.now())
    assert [found[many.company_id, code].declined for code in codes] == [20] * 5
    assert found[many.company_id, velocity.EVERYBODY].declined == 100


async def test_counts_are_forgotten_after_a_day(shop: Shop, clock: Shifted) -> None:
    await shop.pays(BAD, "192.0.2.1")
    clock.advance(90_000)
    assert await velocity.forget(shop.gateway.platform) >= 2
    assert await velocity.forget(shop.gateway.platform) == 0
