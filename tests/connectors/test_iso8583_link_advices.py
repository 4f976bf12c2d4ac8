"""Captures, refunds, voids and increments over the link: what is certain, what is repeated, what a repeat says."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
from fake_host import BOUND_S, FakeHost, until
from link_bench import CALM, HASTY, link_to, linked
from samples import PAN, advice_of, authorisation, charge_of_stored, increment_of, reversal_of, void_of

from ippgateway.domains.payments.ports import (
    AcquirerLink,
    AdviceAccepted,
    AdviceAnswer,
    AdviceKind,
    AdviceRefused,
    Approved,
    Declined,
    DeclineReason,
    NoAnswer,
    NotSent,
    NotSentReason,
    UnknownReason,
)

OF_AN_ADVICE = (4, 7, 11, 32, 37, 38, 41, 42, 90)


async def _no_answer(asking: Awaitable[object]) -> UnknownReason:
    with pytest.raises(NoAnswer) as caught:
        await asyncio.wait_for(asking, BOUND_S)
    return caught.value.reason


def _advise(link: AcquirerLink, **changes: Any) -> "asyncio.Task[AdviceAnswer]":
    return asyncio.create_task(link.advise(advice_of(authorisation(), **changes)))


@pytest.mark.parametrize("kind", list(AdviceKind))
async def test_an_advice_is_accepted_or_refused(kind: AdviceKind) -> None:
    async with linked() as (link, host):
        accepted, refused = _advise(link, kind=kind, number=1), _advise(link, kind=kind, number=2)
        one, other = await host.all_arrived(2)
        other.answer("61")
        one.answer()
        assert await accepted == AdviceAccepted()
        assert await refused == AdviceRefused(reason=DeclineReason.EXCEEDS_OPEN_AMOUNT, response_code="61")


async def test_an_unanswered_advice_is_repeated_as_the_same_advice() -> None:
    async with linked(HASTY) as (link, host):
        task = _advise(link)
        first = await host.arrived()
        assert await _no_answer(task) is UnknownReason.TIMEOUT
        again = _advise(link, repeat=True)
        second = await host.arrived()
        second.answer()
        assert await again == AdviceAccepted()
    assert (first.mti, second.mti) == ("0220", "0221")
    assert second.fields == first.fields


async def test_a_late_answer_to_an_advice_is_counted_and_ignored() -> None:
    async with linked(HASTY) as (link, host):
        task = _advise(link)
        request = await host.arrived()
        assert await _no_answer(task) is UnknownReason.TIMEOUT
        request.answer()
        await until(lambda: link.metrics.late == 1)
        assert (link.metrics.duplicates, link.metrics.unmatched, link.metrics.in_flight) == (0, 0, 0)


async def test_a_late_answer_answers_the_repeat_that_waits_and_the_next_is_a_duplicate() -> None:
    async with linked() as (link, host):
        task = _advise(link)
        first = await host.arrived()
        task.cancel()
        await asyncio.wait({task})
        again = _advise(link, repeat=True)
        second = await host.arrived()
        first.answer()
        assert await again == AdviceAccepted()
        second.answer()
        await until(lambda: link.metrics.duplicates == 1)
        assert link.metrics.late == 0


async def test_an_advice_survives_a_lost_connection_by_its_repeat() -> None:
    async with linked() as (link, host):
        task = _advise(link, kind=AdviceKind.REFUND)
        request = await host.arrived()
        request.writer.transport.abort()
        assert await _no_answer(task) is UnknownReason.CONNECTION_LOST
        await until(lambda: len(host.lines) == 2 and link.metrics.signed_on)
        again = _advise(link, kind=AdviceKind.REFUND, repeat=True)
        repeated = await host.arrived()
        assert [repeated.fields[n] for n in OF_AN_ADVICE] == [request.fields[n] for n in OF_AN_ADVICE]
        repeated.answer()
        assert await again == AdviceAccepted()


@pytest.mark.parametrize("code", ["96", "68", "11"])
async def test_an_advice_without_a_decision_is_no_answer(code: str) -> None:
    async with linked() as (link, host):
        task = _advise(link)
        (await host.arrived()).answer(code)
        assert await _no_answer(task) is UnknownReason.UNUSABLE_ANSWER


async def test_the_answer_to_a_sale_is_none_to_an_advice() -> None:
    async with linked() as (link, host):
        task = _advise(link)
        request = await host.arrived()
        request.writer.write(request.reply().replace(b"0230", b"0210", 1))
        assert await _no_answer(task) is UnknownReason.UNUSABLE_ANSWER


async def test_a_void_and_its_repeat_are_acknowledged() -> None:
    async with linked() as (link, host):
        for repeat, mti in ((False, "0420"), (True, "0421")):
            task = asyncio.create_task(link.void(void_of(authorisation(), stays_minor=700, repeat=repeat)))
            request = await host.arrived()
            assert (request.mti, request.fields[95][:12]) == (mti, "000000000700")
            request.answer()
            await task


async def test_a_void_that_is_not_acknowledged_is_no_answer() -> None:
    async with linked() as (link, host):
        task = asyncio.create_task(link.void(void_of(authorisation())))
        (await host.arrived()).answer("96")
        assert await _no_answer(task) is UnknownReason.UNUSABLE_ANSWER


async def test_an_increment_is_approved_or_declined_and_reversed_alone_when_unknown() -> None:
    original = authorisation()
    async with linked() as (link, host):
        approved = asyncio.create_task(link.authorise(increment_of(original, 1)))
        (await host.arrived()).answer()
        assert isinstance(await approved, Approved)
        declined = asyncio.create_task(link.authorise(increment_of(original, 2)))
        (await host.arrived()).answer("51")
        assert isinstance(await declined, Declined)
        unknown = asyncio.create_task(link.authorise(increment_of(original, 3)))
        request = await host.arrived()
        request.answer("68")
        assert await _no_answer(unknown) is UnknownReason.UNUSABLE_ANSWER
        undone = asyncio.create_task(link.reverse(reversal_of(increment_of(original, 3))))
        reversal = await host.arrived()
        assert reversal.fields[90][4:20] == request.fields[11] + request.fields[7]
        reversal.answer()
        await undone


async def test_a_charge_of_a_stored_card_is_an_authorisation() -> None:
    async with linked() as (link, host):
        task = asyncio.create_task(link.authorise(charge_of_stored(authorisation())))
        (await host.arrived()).answer()
        assert isinstance(await task, Approved)


async def test_without_a_connection_and_beyond_the_wire_nothing_is_sent() -> None:
    async with linked() as (link, host):
        with pytest.raises(NotSent) as caught:
            await link.advise(advice_of(authorisation(), auth_code="TOOLONG"))
        assert caught.value.reason is NotSentReason.UNREPRESENTABLE
        assert PAN not in repr(caught.value)
        assert host.requests.empty()
    async with FakeHost() as host:
        link = link_to(host.port, CALM)
        for asking in (link.advise(advice_of(authorisation())), link.void(void_of(authorisation()))):
            with pytest.raises(NotSent) as caught:
                await asking
            assert caught.value.reason is NotSentReason.LINK_DOWN
