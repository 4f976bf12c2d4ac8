"""What a process leaves behind that died or stood still: found, given up once, reversed, and never overtaken."""

import dataclasses
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from clocks import Shifted
from ippgateway.core.database import Stage
from ippgateway.domains.checkouts.schemas import CheckoutRef
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.ports import Approved, AuthorisationRequest, NoAnswer, ReversalRequest, UnknownReason
from ippgateway.domains.payments.schemas import Result
from ippgateway.domains.payments.service import recover
from ippgateway.domains.payments.service.attempt import RECORD_ATTEMPT
from ippgateway.domains.payments.service.outcome import RECORD_END, record_unknown
from ippgateway.privacy.catalogue import PAYMENT, PAYMENT_RECORDS
from shops import Shop

_AFTER_S = 40.0


class Crashes(Exception):
    """The process is gone in the middle of it."""


class Acquirer:
    """Does what it is told to; acknowledges reversals."""

    def __init__(self, does: Exception | None = None) -> None:
        self.does = does
        self.asked = self.reversed = 0

    async def authorise(self, request: AuthorisationRequest) -> Approved:
        self.asked += 1
        if self.does is not None:
            raise self.does
        return Approved(auth_code="123456", rrn=request.trace.rrn, response_code="00")

    async def reverse(self, request: ReversalRequest) -> None:
        del request
        self.reversed += 1


class StandsStill:
    """The database, behind which the clock runs on when an attempt was recorded or is about to have its outcome."""

    def __init__(self, db: Any, before: Callable[[], Awaitable[None]], stage: Stage[Any, Any]) -> None:
        self._db, self._before, self._stage = db, before, stage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    async def together(self, purpose: Any, stage: Stage[Any, Any], item: Any) -> Any:
        if stage is RECORD_END and self._stage is stage:
            await self._before()
        done = await self._db.together(purpose, stage, item)
        if stage is RECORD_ATTEMPT and self._stage is stage:
            await self._before()
        return done


def shop_with(gateway: payments.Gateway, acquirer: Acquirer, company_id: str) -> Shop:
    limits = dataclasses.replace(gateway.limits, advice_lease_s=_AFTER_S)
    return Shop(dataclasses.replace(gateway, acquirer=acquirer, limits=limits), company_id)  # type: ignore[arg-type]


def standing_still(shop: Shop, before: Callable[[], Awaitable[None]], stage: Stage[Any, Any]) -> Shop:
    db: Any = StandsStill(shop.gateway.platform.db, before, stage)
    platform = dataclasses.replace(shop.gateway.platform, db=db)
    return Shop(dataclasses.replace(shop.gateway, platform=platform), shop.company_id)


async def left_behind(shop: Shop, n: int) -> list[CheckoutRef]:
    checkouts = [await shop.checkout() for _ in range(n)]
    for checkout in checkouts:
        with pytest.raises(Crashes):
            await shop.paid(checkout)
    return checkouts


async def states(shop: Shop) -> list[str]:
    async with shop.gateway.platform.db.begin(PAYMENT, tenants=[shop.company_id]) as tx:
        rows = await tx.fetch("select state from ipp.payment where company_id = $1 order by id", shop.company_id)
    return [row["state"] for row in rows]


async def advices(shop: Shop) -> list[str]:
    async with shop.gateway.platform.db.begin(PAYMENT_RECORDS, tenants=[shop.company_id]) as tx:
        rows = await tx.fetch("select state from ipp.advice where company_id = $1", shop.company_id)
    return [row["state"] for row in rows]


async def test_one_attempt_that_cant_be_recorded_keeps_no_other_waiting(
    gateway: payments.Gateway, new_company: Callable[[], Awaitable[str]], clock: Shifted,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    shop = shop_with(gateway, Acquirer(Crashes()), await new_company())
    await left_behind(shop, 3)
    clock.advance(_AFTER_S + 1)
    met: list[str] = []

    async def poisoned(tx: Any, p: Any, *, company_id: str, action_id: str) -> bool:
        met.append(action_id)
        if action_id == met[0]:
            raise asyncpg.CheckViolationError
        return await record_unknown(tx, p, company_id=company_id, action_id=action_id)

    monkeypatch.setattr(recover, "record_unknown", poisoned)
    monkeypatch.setattr(recover, "_AT_ONCE", 1)
    recovery = recover.Recovery(shop.gateway, abandoned_after_s=_AFTER_S)
    for _ in range(200):
        if (await states(shop)).count("SENT") == 1:
            break
        await recovery._find_abandoned()
    assert sorted(await states(shop)) == ["SENT", "UNKNOWN", "UNKNOWN"]
    monkeypatch.setattr(recover, "record_unknown", record_unknown)
    for _ in range(3):
        await recovery._find_abandoned()
    assert await states(shop) == ["UNKNOWN"] * 3


async def test_attempts_that_are_waited_for_take_no_place_from_those_left_behind(
    gateway: payments.Gateway, new_company: Callable[[], Awaitable[str]], clock: Shifted,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    shop = shop_with(gateway, Acquirer(Crashes()), await new_company())
    first, _ = await left_behind(shop, 2)
    clock.advance(_AFTER_S + 1)
    monkeypatch.setattr(recover, "_AT_ONCE", 1)
    waited: Any = None
    shop.gateway.under_way[first.company_id, first.id] = waited
    recovery = recover.Recovery(shop.gateway, abandoned_after_s=_AFTER_S)
    for _ in range(50):
        await recovery._find_abandoned()
    assert await states(shop) == ["SENT", "UNKNOWN"]


async def test_what_may_count_as_abandoned_is_not_sent_any_more(
    gateway: payments.Gateway, new_company: Callable[[], Awaitable[str]], clock: Shifted
) -> None:
    acquirer = Acquirer()
    shop = shop_with(gateway, acquirer, await new_company())

    async def an_hour() -> None:
        clock.advance(3_600)

    done = await standing_still(shop, an_hour, RECORD_ATTEMPT).paid(await shop.checkout())
    assert (done.result, acquirer.asked, await states(shop)) == (Result.NOK, 0, ["DECLINED"])


async def test_a_silence_that_is_heard_of_after_the_reversal_is_reversed_again(
    gateway: payments.Gateway, new_company: Callable[[], Awaitable[str]], clock: Shifted
) -> None:
    """The process stood still and sent only after another one had given the attempt up."""
    acquirer = Acquirer(NoAnswer(UnknownReason.TIMEOUT))
    shop = shop_with(gateway, acquirer, await new_company())
    other = recover.Recovery(dataclasses.replace(shop.gateway, under_way={}), abandoned_after_s=_AFTER_S)

    async def given_up_and_reversed() -> None:
        clock.advance(_AFTER_S + 2)
        await other.once()
        clock.by += timedelta(seconds=1)
        await other.once()
        assert await states(shop) == ["REVERSED"]
        assert await advices(shop) == ["DONE"]

    done = await standing_still(shop, given_up_and_reversed, RECORD_END).paid(await shop.checkout())
    assert done.result is Result.NOK
    assert await advices(shop) == ["QUEUED"]
    reversals = acquirer.reversed
    await other.once()
    assert (acquirer.reversed > reversals, await advices(shop), await states(shop)) == (True, ["DONE"], ["REVERSED"])
