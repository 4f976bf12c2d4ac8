"""Both connectors against the sandbox's own processes: two readings of the same page meet on a real socket."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiohttp import TCPConnector
from fake_host import until
from samples import reversal_of
from sandbox_bench import Bench, paying, program

from gates import way
from ippgateway.connectors.threeds.authenticator import DirectoryClient
from ippgateway.connectors.threeds.messages import Server
from ippgateway.core.money import Money, currency
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.ports import (
    Approved,
    Authenticated,
    AuthenticationRequest,
    ChallengeNeeded,
    Declined,
    DeclineReason,
    Entry,
    Kind,
    NoAnswer,
    NotSent,
    NotSentReason,
    Refused,
    TryAgain,
    UnknownReason,
)
from ippgateway.privacy.catalogue import DIRECTORY_SERVER, PAYMENT
from ippsandbox.cards import DEMO_CARDS

SERVER = Server(reference="TEST", operator="TEST", url="http://127.0.0.1/r", notification_url="http://127.0.0.1/return")


async def test_many_payments_of_all_kinds_are_approved_and_booked_once(bench: Bench) -> None:
    cards = [name for name in DEMO_CARDS if name.startswith("approve_")]
    plain = [paying(cards[n % len(cards)], n, kind=[Kind.AUTHORISATION, Kind.SALE][n % 2]) for n in range(100)]
    by_telephone = [paying(cards[0], 100 + n, entry=Entry.MOTO, authentication=None) for n in range(5)]
    yen = [paying(cards[0], 200, amount=Money(5000, currency("JPY")))]
    requests = plain + by_telephone + yen
    answers = await asyncio.gather(*(bench.link.authorise(request) for request in requests))
    assert all(isinstance(answer, Approved) for answer in answers)
    booked = await bench.books()
    assert sorted((b["stan"], b["amount_minor"], b["kind"]) for b in booked) == sorted(
        (r.trace.stan, r.amount.amount_minor, r.kind.value) for r in requests
    )


@pytest.mark.parametrize(
    ("card", "reason", "again"),
    [
        ("decline_do_not_honour", DeclineReason.DO_NOT_HONOUR, TryAgain.LATER),
        ("decline_insufficient_funds", DeclineReason.INSUFFICIENT_FUNDS, TryAgain.LATER),
        ("decline_expired_card", DeclineReason.EXPIRED_CARD, TryAgain.NOW),
        ("decline_lost_card", DeclineReason.LOST_CARD, TryAgain.NEVER),
        ("decline_security_code", DeclineReason.SECURITY_CODE, TryAgain.NOW),
        ("decline_authentication_required", DeclineReason.AUTHENTICATION_REQUIRED, TryAgain.NOW),
    ],
)
async def test_declines(bench: Bench, card: str, reason: DeclineReason, again: TryAgain) -> None:
    answer = await bench.link.authorise(paying(card, 0))
    assert isinstance(answer, Declined)
    assert (answer.reason, answer.again) == (reason, again)


async def test_unknown_outcomes_are_undone_and_the_books_agree(bench: Bench) -> None:
    silent, late = paying("timeout", 1), paying("late", 2, kind=Kind.SALE)
    for request in (silent, late):
        with pytest.raises(NoAnswer) as caught:
            await bench.link.authorise(request)
        assert caught.value.reason is UnknownReason.TIMEOUT
        assert await bench.state_of(request) == ["approved"]
        await bench.link.reverse(reversal_of(request, number=10 + int(request.trace.stan)))
        await bench.link.reverse(reversal_of(request, number=10 + int(request.trace.stan), repeat=True))
        assert await bench.state_of(request) == ["reversed"]
    await until(lambda: bench.link.metrics.late == 1)
    assert await bench.state_of(late) == ["reversed"]


async def test_an_answer_sent_twice_books_and_counts_once(bench: Bench) -> None:
    request = paying("twice", 1)
    assert isinstance(await bench.link.authorise(request), Approved)
    await until(lambda: bench.link.metrics.duplicates == 1)
    assert await bench.state_of(request) == ["approved"]


async def test_a_request_that_comes_after_its_reversal_holds_no_money(bench: Bench) -> None:
    request = paying("approve_visa", 1)
    await bench.link.reverse(reversal_of(request))
    with pytest.raises(NoAnswer) as caught:
        await bench.link.authorise(request)
    assert caught.value.reason is UnknownReason.UNUSABLE_ANSWER
    assert "approved" not in await bench.state_of(request)


async def test_a_format_that_the_host_refuses_is_a_decline(bench: Bench) -> None:
    request = paying("approve_visa", 1)
    assert request.authentication is not None
    odd = replace(request, authentication=replace(request.authentication, eci="99"))
    answer = await bench.link.authorise(odd)
    assert isinstance(answer, Declined)
    assert answer.reason is DeclineReason.FORMAT_ERROR


async def test_closing_signs_off(bench: Bench) -> None:
    await bench.link.close()
    with pytest.raises(NotSent) as caught:
        await bench.link.authorise(paying("approve_visa", 1))
    assert caught.value.reason is NotSentReason.LINK_DOWN


async def test_3d_secure_by_card() -> None:
    async with AsyncExitStack() as stack:
        acs = await stack.enter_async_context(program("ippsandbox.threeds.acs", "--port", 0))
        acs_url = f"http://127.0.0.1:{acs['port']}"
        directory = await stack.enter_async_context(
            program("ippsandbox.threeds.directory", "--port", 0, "--acs-url", acs_url)
        )
        session = await stack.enter_async_context(way(DIRECTORY_SERVER, PAYMENT).http(TCPConnector()))
        client = DirectoryClient(session=session, directory_url=f"http://127.0.0.1:{directory['port']}", server=SERVER)

        def about(card: str) -> AuthenticationRequest:
            paid = paying(card, 0)
            return AuthenticationRequest(
                transaction_id="8a880dc0-d2d2-4067-bcb1-b08d1690b26e",
                card=paid.card,
                holder=Secret("Test Customer"),
                amount=paid.amount,
                merchant=paid.merchant,
                shop_url="https://shop.example/",
                purchased_at=datetime.now(UTC),
            )

        for card, eci in (("approve_visa", "05"), ("approve_mastercard", "02"), ("frictionless", "05")):
            found = await client.authenticate(about(card))
            assert isinstance(found, Authenticated)
            assert found.authentication.eci == eci
        refused = await client.authenticate(about("authentication_refused"))
        assert isinstance(refused, Refused)
        assert refused.reason_code == "01"
        assert isinstance(await client.authenticate(about("challenge")), ChallengeNeeded)
