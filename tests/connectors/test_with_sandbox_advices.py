"""Captures, refunds, voids, increments and stored cards against the sandbox's own host and its books."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from fake_host import until
from samples import LATER, advice_of, charge_of_stored, increment_of, reversal_of, void_of
from sandbox_bench import Bench, paying

from ippgateway.domains.payments.ports import (
    AdviceAccepted,
    AdviceKind,
    AdviceRefused,
    Approved,
    AuthorisationRequest,
    ChargesStored,
    Declined,
    DeclineReason,
    Kind,
    NoAnswer,
    StoresCard,
    UnknownReason,
    trace_for,
)

CAPTURE, REFUND = AdviceKind.CAPTURE, AdviceKind.REFUND
TOO_MUCH = AdviceRefused(reason=DeclineReason.EXCEEDS_OPEN_AMOUNT, response_code="61")


class Payment:
    """An approved payment of 12.00, and what is done with it."""

    def __init__(self, bench: Bench, request: AuthorisationRequest, auth_code: str) -> None:
        self.bench, self.request, self.auth_code = bench, request, auth_code
        self._numbers = iter(range(1000, 2000))

    @classmethod
    async def made(cls, bench: Bench, card: str = "approve_visa", **changes: Any) -> "Payment":
        request = paying(card, 1, **changes)
        answer = await bench.link.authorise(request)
        assert isinstance(answer, Approved)
        return cls(bench, request, answer.auth_code)

    async def advise(self, kind: AdviceKind, minor: int) -> object:
        advice = advice_of(self.request, kind, number=next(self._numbers), minor=minor, auth_code=self.auth_code)
        return await self.bench.link.advise(advice)

    async def money(self) -> tuple[int, int, int]:
        """What the host's books say is held, captured and given back."""
        trace = self.request.trace
        (booked,) = [b for b in await self.bench.books() if (b["stan"], b["rrn"]) == (trace.stan, trace.rrn)]
        return booked["held_minor"], booked["captured_minor"], booked["refunded_minor"]


async def test_captures_and_refunds_up_to_what_there_is(bench: Bench) -> None:
    payment = await Payment.made(bench)
    told = [await payment.advise(kind, minor) for kind, minor in
            ((CAPTURE, 700), (CAPTURE, 600), (CAPTURE, 500), (REFUND, 1100), (REFUND, 200), (REFUND, 100))]  # fmt: skip
    yes, no = AdviceAccepted(), TOO_MUCH
    assert told == [yes, no, yes, yes, no, yes]
    assert await payment.money() == (0, 1200, 1200)


async def test_of_many_refunds_at_once_no_more_are_booked_than_was_sold(bench: Bench) -> None:
    sale = await Payment.made(bench, kind=Kind.SALE)
    told = await asyncio.gather(*(sale.advise(REFUND, 500) for _ in range(20)))
    assert sorted(map(type, told), key=str) == sorted([AdviceAccepted] * 2 + [AdviceRefused] * 18, key=str)
    assert await sale.money() == (0, 1200, 1000)


@pytest.mark.parametrize(("card", "kind"), [("capture_silent", CAPTURE), ("refund_silent", REFUND)])
async def test_a_silent_host_books_an_advice_once_and_acknowledges_its_repeat(
    bench: Bench, card: str, kind: AdviceKind
) -> None:
    payment = await Payment.made(bench, card, kind=Kind.AUTHORISATION if kind is CAPTURE else Kind.SALE)
    advice = advice_of(payment.request, kind, minor=700, auth_code=payment.auth_code)
    with pytest.raises(NoAnswer) as caught:
        await bench.link.advise(advice)
    assert caught.value.reason is UnknownReason.TIMEOUT
    for _ in range(2):
        assert await bench.link.advise(replace(advice, repeat=True)) == AdviceAccepted()
    assert await payment.money() == ((500, 700, 0) if kind is CAPTURE else (0, 1200, 700))


@pytest.mark.parametrize(("card", "kind"), [("capture_refused", CAPTURE), ("refund_refused", REFUND)])
async def test_a_refusal_is_for_good(bench: Bench, card: str, kind: AdviceKind) -> None:
    payment = await Payment.made(bench, card, kind=Kind.AUTHORISATION if kind is CAPTURE else Kind.SALE)
    before = await payment.money()
    assert await payment.advise(kind, 700) == AdviceRefused(reason=DeclineReason.NOT_PERMITTED, response_code="57")
    assert await payment.money() == before


async def test_an_advice_about_nothing_finds_no_original(bench: Bench) -> None:
    never_sent = Payment(bench, paying("approve_visa", 9), "AB1234")
    told = await never_sent.advise(CAPTURE, 700)
    assert told == AdviceRefused(reason=DeclineReason.ORIGINAL_NOT_FOUND, response_code="25")


async def test_a_void_releases_what_is_held_and_keeps_what_stays(bench: Bench) -> None:
    payment = await Payment.made(bench)
    await payment.advise(CAPTURE, 700)
    for repeat in (False, True):
        await bench.link.void(void_of(payment.request, stays_minor=700, repeat=repeat))
    assert await payment.money() == (0, 700, 0)
    assert await payment.advise(CAPTURE, 1) == TOO_MUCH
    await bench.link.void(void_of(payment.request, number=101, stays_minor=700))  # nothing is held any more


async def test_a_void_of_the_whole(bench: Bench) -> None:
    payment = await Payment.made(bench)
    await bench.link.void(void_of(payment.request))
    assert (await payment.money())[:2] == (0, 0)


async def test_an_increment_is_captured_with_its_original_and_voided_with_it(bench: Bench) -> None:
    payment = await Payment.made(bench)
    assert isinstance(await bench.link.authorise(increment_of(payment.request)), Approved)
    assert await payment.money() == (1700, 0, 0)
    assert await payment.advise(CAPTURE, 1600) == AdviceAccepted()
    await bench.link.void(void_of(payment.request, more_minor=500, stays_minor=1600))
    assert await payment.money() == (0, 1600, 0)


async def test_a_reversed_increment_leaves_its_original(bench: Bench) -> None:
    payment = await Payment.made(bench)
    increment = increment_of(payment.request)
    await bench.link.authorise(increment)
    await bench.link.reverse(reversal_of(increment))
    assert await payment.money() == (1200, 0, 0)


async def test_a_declined_increment_changes_nothing(bench: Bench) -> None:
    payment = await Payment.made(bench, "increment_declined")
    answer = await bench.link.authorise(increment_of(payment.request))
    assert isinstance(answer, Declined)
    assert answer.reason is DeclineReason.INSUFFICIENT_FUNDS
    assert await payment.money() == (1200, 0, 0)


async def test_an_increment_of_nothing_is_declined(bench: Bench) -> None:
    answer = await bench.link.authorise(increment_of(paying("approve_visa", 9)))
    assert isinstance(answer, Declined)
    assert answer.reason is DeclineReason.ORIGINAL_NOT_FOUND


async def test_a_stored_card_is_charged_again_and_again(bench: Bench) -> None:
    first = await Payment.made(bench, stored=StoresCard())
    charges = [charge_of_stored(first.request, 200 + n, kind=list(Kind)[n % 2]) for n in range(4)]
    answers = await asyncio.gather(*map(bench.link.authorise, charges))
    assert all(isinstance(answer, Approved) for answer in answers)


async def test_a_card_that_was_not_stored_is_not_charged(bench: Bench) -> None:
    first = await Payment.made(bench)
    charge = charge_of_stored(first.request, 200)
    other = replace(charge, trace=trace_for(201, LATER, 100, "IPP"), stored=ChargesStored(reference_rrn="0" * 12))
    for request in (charge, other):
        assert isinstance(await bench.link.authorise(request), Declined)


async def test_an_advice_whose_connection_is_lost_is_booked_once(bench: Bench) -> None:
    payment = await Payment.made(bench)
    advice = advice_of(payment.request, CAPTURE, minor=700, auth_code=payment.auth_code)
    asking = asyncio.create_task(bench.link.advise(advice))
    await asyncio.sleep(0)
    bench.link._connection.abort()  # type: ignore[union-attr]
    with pytest.raises(NoAnswer):
        await asking
    await until(lambda: bench.link.metrics.reconnects == 1)
    assert await bench.link.advise(replace(advice, repeat=True)) == AdviceAccepted()
    assert await payment.money() == (500, 700, 0)
