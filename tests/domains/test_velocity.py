"""Limits on declines: stolen cards can't be tested here, and an honest burst is not touched."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

import shops
from clocks import Shifted
from ippgateway.core.secret import Secret
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.errors import TooManyDeclines
from ippgateway.domains.payments.ports import Approved, AuthorisationRequest, Declined, DeclineReason, TryAgain
from ippgateway.domains.payments.schemas import Result
from ippgateway.domains.payments.service import velocity
from ippgateway.privacy.catalogue import PAYMENT
from shops import BAD, GOOD

LIMITS: dict[str, Any] = {"declines_per_network": 5, "declines_per_company": 12, "declines_while_attacked": 2}


class Acquirer:
    """Approves one card and declines the other; answers once as many are asked at once as there have to be."""

    def __init__(self) -> None:
        self.asked = self.most_at_once = self._at_once = 0
        self.together = 1
        self.enough, self.go = asyncio.Event(), asyncio.Event()
        self.go.set()

    async def authorise(self, request: AuthorisationRequest) -> Approved | Declined:
        self.asked += 1
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        if self._at_once >= self.together:
            self.enough.set()
        await self.enough.wait()
        await self.go.wait()
        self._at_once -= 1
        return self._ruling(request)

    def _ruling(self, request: AuthorisationRequest) -> Approved | Declined:
        if request.card.pan.open() == GOOD:
            return Approved(auth_code="123456", rrn=request.trace.rrn, response_code="00")
        return Declined(reason=DeclineReason.DO_NOT_HONOUR, again=TryAgain.LATER, response_code="05")


@dataclass(frozen=True)
class Shop(shops.Shop):
    """One whose payers may be stopped."""

    async def pays(self, number: str, address: str) -> str:
        """ACK, NOK, or `refused` when there were too many declines; a new checkout each time."""
        try:
            done = await self.paid(await self.checkout(), number, address)
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


async def test_who_is_stopped_is_let_in_again_a_quarter_of_an_hour_later(shop: Shop, clock: Shifted) -> None:
    await shop.all_pay(BAD, ["192.0.2.1"] * 5)
    assert await shop.pays(GOOD, "192.0.2.1") == "refused"
    clock.advance(1_250)
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


async def test_cards_tried_all_at_once_from_a_network_that_was_refused_before_meet_the_limit(shop: Shop) -> None:
    acquirer = shop.gateway.acquirer
    assert isinstance(acquirer, Acquirer)
    assert await shop.pays(BAD, "192.0.2.1") == "NOK"
    acquirer.together = 4  # as many as may still be refused: none is answered before they are all there
    acquirer.enough.clear()
    async with asyncio.timeout(30):
        told = await asyncio.gather(*(shop.pays(BAD, f"192.0.2.{n}") for n in range(60)))
    assert (told.count("NOK"), told.count("refused")) == (4, 56)
    assert (acquirer.asked, acquirer.most_at_once) == (5, 4)


async def test_an_honest_rush_after_a_refusal_waits_for_one_approval_and_no_longer(shop: Shop) -> None:
    await shop.pays(BAD, "192.0.2.1")
    assert set(await asyncio.gather(*(shop.pays(GOOD, f"192.0.2.{n}") for n in range(60)))) == {"ACK"}


async def test_a_rush_from_a_network_of_which_nothing_is_known_is_not_held_up(shop: Shop) -> None:
    acquirer = shop.gateway.acquirer
    assert isinstance(acquirer, Acquirer)
    acquirer.together = 60
    async with asyncio.timeout(30):
        assert set(await asyncio.gather(*(shop.pays(GOOD, "192.0.2.1") for _ in range(60)))) == {"ACK"}


async def test_who_waits_too_long_for_a_turn_is_not_charged(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    acquirer = shop.gateway.acquirer
    assert isinstance(acquirer, Acquirer)
    assert await shop.pays(BAD, "192.0.2.1") == "NOK"
    acquirer.together = 4
    acquirer.enough.clear()
    acquirer.go.clear()
    first = [asyncio.create_task(shop.pays(GOOD, "192.0.2.1")) for _ in range(4)]
    async with asyncio.timeout(30):
        await acquirer.enough.wait()
        monkeypatch.setattr(velocity, "_PATIENCE_S", 0.0)
        assert await shop.pays(GOOD, "192.0.2.1") == "refused"
        acquirer.go.set()
        assert await asyncio.gather(*first) == ["ACK"] * 4
    assert acquirer.asked == 5
