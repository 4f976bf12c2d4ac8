"""A challenge of 3-D Secure from its beginning to its end: who may begin it, until when, and what ends it, once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import asyncpg
import pytest

from ippgateway.app.database.access import as_owner, main_database
from ippgateway.app.gateway import gateway_for
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.core.clock import SystemClock
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.core.money import currency
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.schemas import CheckoutRef, NewCheckout
from ippgateway.domains.companies import service as companies
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.errors import TooManyDeclines
from ippgateway.domains.payments.ports import (
    Attempted,
    Authenticated,
    Authentication,
    AuthenticationRequest,
    AuthenticationResult,
    ChallengeBegun,
    ChallengeNeeded,
    ChallengeResult,
    Refused,
    ResultTaken,
    Unavailable,
    UnavailableReason,
)
from ippgateway.domains.payments.schemas import AuthoriseResult, Browser, CardEntry, Result, SecureResult
from ippgateway.domains.payments.service import Closed
from ippgateway.privacy.catalogue import ERASURE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone

NUMBER = "4111111111111111"
ACS_URL = "https://acs.bank.example/challenge?who=payer"
VALUE = "QkJCQkJCQkJCQkJCQkJCQkJCQkI="
BROWSER = Browser(user_agent=Secret("t"), accept=Secret("*/*"), language="da", ip=Secret("192.0.2.7"))


class Shifted(SystemClock):
    """The machine's clock, put forward by hand."""

    def __init__(self) -> None:
        self.by = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by

    def advance(self, seconds: float) -> None:
        self.by += timedelta(seconds=seconds)


class Bank:
    """Fulfils `Authenticator`: asks the payer, or says what it is told to say."""

    def __init__(self) -> None:
        self.asked: list[AuthenticationRequest] = []
        self.says: AuthenticationResult | None = None

    async def authenticate(self, request: AuthenticationRequest) -> AuthenticationResult:
        self.asked.append(request)
        number = len(self.asked)
        return self.says or ChallengeNeeded(
            acs_url=ACS_URL, version="2.2.0", acs_transaction_id=f"00000000-0000-4000-8000-{number:012d}",
            ds_transaction_id=f"10000000-0000-4000-8000-{number:012d}",
        )  # fmt: skip


@dataclass
class Till:
    """A shop's checkout, its payer and the bank."""

    gateway: payments.Gateway
    clock: Shifted
    bank: Bank
    settings: Settings
    company_id: str
    checkout_id: str = ""

    async def begin(self) -> "Till":
        """Another checkout of the same shop."""
        order = NewCheckout(amount_text="1250", amount_hundredths=1250, currency=currency("DKK"))
        made = await checkouts.create(self.gateway.platform, company_id=self.company_id, order=order)
        return replace(self, checkout_id=made.checkout_id.open())

    async def ref(self) -> CheckoutRef:
        return await checkouts.find(self.gateway.platform, checkout_id=self.checkout_id, cryptogram=None)

    async def secure(self, number: str = NUMBER) -> SecureResult:
        return await payments.secure(self.gateway, checkout=await self.ref(), card=_card(number), browser=BROWSER)

    async def challenged(self, number: str = NUMBER) -> str:
        """The token of a new challenge."""
        told = await self.secure(number)
        assert (told.done, told.refused) == (False, False)
        assert told.challenge_url is not None
        origin, _, token = told.challenge_url.rpartition("/challenge/")
        assert origin == self.gateway.pay_url
        return token

    async def begun(self, number: str = NUMBER) -> ChallengeBegun:
        """A challenge that the payer's browser has begun."""
        begun = await payments.begin_challenge(self.gateway, await self.challenged(number))
        assert isinstance(begun, ChallengeBegun)
        return begun

    async def report(self, **changes: object) -> ResultTaken:
        """The bank's report of its newest challenge: confirmed, unless it says something else."""
        return await payments.record_result(self.gateway, self.result(**changes))

    def result(self, challenge: int = 0, **changes: object) -> ChallengeResult:
        number = challenge or len(self.bank.asked)
        proof = Authentication(
            eci="05", value=Secret(VALUE), version="2.2.0", ds_transaction_id=f"10000000-0000-4000-8000-{number:012d}"
        )
        acs_id = f"00000000-0000-4000-8000-{number:012d}"
        confirmed = ChallengeResult(
            transaction_id=self.bank.asked[number - 1].transaction_id, acs_transaction_id=acs_id,
            ds_transaction_id=proof.ds_transaction_id,
            outcome=Authenticated(authentication=proof, acs_transaction_id=acs_id),
        )  # fmt: skip
        return replace(confirmed, **changes)  # type: ignore[arg-type]

    async def ended(self) -> bool:
        return await payments.step_ended(self.gateway.platform, checkout=await self.ref())

    async def pay(self, number: str = NUMBER) -> AuthoriseResult:
        return await payments.authorise(self.gateway, checkout=await self.ref(), card=_card(number), browser=BROWSER)

    async def row(self) -> asyncpg.Record:
        """The checkout's newest 3-D Secure result as it is stored."""
        connection = await asyncpg.connect(**as_owner(self.settings, main_database(self.settings)))
        try:
            row = await connection.fetchrow(
                "select * from ipp.authentication where company_id = $1 and checkout_id = $2 "
                "order by created_at desc, id desc limit 1",
                self.company_id, (await self.ref()).id,
            )  # fmt: skip
        finally:
            await connection.close()
        assert row is not None
        return row


def _card(number: str) -> CardEntry:
    return CardEntry(holder=Secret("T. Payer"), number=Secret(number), month=12, year=2031, security_code=Secret("123"))


@pytest.fixture(scope="session")
async def paying(installation: Settings) -> AsyncIterator[payments.Gateway]:
    """The payment zone, signed on to the sandbox acquirer."""
    async with platform_for(Zone.PAY, installation) as platform, gateway_for(platform, installation) as wired:
        await wired[2].ready()
        yield wired[0]


@pytest.fixture(scope="session")
async def company_id(installation: Settings) -> str:
    async with platform_for(Zone.CONSOLE, installation) as console:
        new = companies.NewCompany(
            id=console.ids.new(), partner_id=console.ids.new(), name="Shop", merchant_number="1", mcc="5999",
            key1=Secret(console.ids.letters(42)), key2=Secret(console.ids.letters(14)),
        )  # fmt: skip
        await companies.add(console, new)
    return new.id


@pytest.fixture
async def till(paying: payments.Gateway, company_id: str, installation: Settings) -> Till:
    clock, bank = Shifted(), Bank()
    platform: Platform = replace(paying.platform, clock=clock, ids=Ids(clock, SystemRandomness()))
    gateway = replace(paying, platform=platform, authenticator=bank, under_way={})
    return await Till(gateway, clock, bank, installation, company_id).begin()


async def test_a_confirmed_challenge_pays_with_its_proof(till: Till) -> None:
    begun = await till.begun()
    assert begun.acs_url.open() == ACS_URL
    assert (begun.transaction_id, begun.version) == (till.bank.asked[0].transaction_id, "2.2.0")
    assert not await till.ended()
    assert await till.report() is ResultTaken.TAKEN
    assert await till.ended()
    row = await till.row()
    assert (row["status"], row["eci"]) == ("Y", "05")
    assert VALUE.encode() not in row["value"]
    assert ACS_URL.encode() not in row["acs_url"]
    paid = await till.pay()
    assert (paid.result, paid.reason) == (Result.ACK, "")
    assert len(till.bank.asked) == 1


async def test_a_bank_that_vouches_for_the_attempt_is_enough(till: Till) -> None:
    await till.begun()
    confirmed = till.result().outcome
    assert isinstance(confirmed, Authenticated)
    proof = replace(confirmed.authentication, eci="06")
    await till.report(outcome=Attempted(authentication=proof, acs_transaction_id=confirmed.acs_transaction_id))
    assert (await till.row())["status"] == "A"
    assert (await till.pay()).result is Result.ACK


OUTCOMES = [
    (Refused(reason_code="01", by_issuer=False, ds_transaction_id=""), "authentication_failed"),
    (Refused(reason_code="11", by_issuer=True, ds_transaction_id=""), "authentication_failed"),
    (Unavailable(reason=UnavailableReason.NOT_PERFORMED), "authentication_unavailable"),
]


@pytest.mark.parametrize(("outcome", "reason"), OUTCOMES)
async def test_what_is_not_confirmed_is_declined_by_its_name_and_nobody_is_asked_again(
    till: Till, outcome: object, reason: str
) -> None:
    await till.begun()
    assert await till.report(outcome=outcome) is ResultTaken.TAKEN
    assert await till.ended()
    for _ in range(2):
        declined = await till.pay()
        assert (declined.result, declined.reason) == (Result.NOK, reason)
    assert len(till.bank.asked) == 1


async def test_after_a_refusal_another_challenge_may_be_begun_and_confirmed(till: Till) -> None:
    await till.begun()
    await till.report(outcome=OUTCOMES[0][0])
    await till.begun()
    assert not await till.ended()  # though the first step had ended
    assert (await till.pay()).reason == "three_ds_required"
    assert await till.report() is ResultTaken.TAKEN
    assert (await till.pay()).result is Result.ACK


async def test_while_the_bank_asks_payments_are_declined_and_no_second_bank_is_asked(till: Till) -> None:
    await till.begun()
    for _ in range(3):
        declined = await till.pay()
        assert (declined.result, declined.reason) == (Result.NOK, "three_ds_required")
    assert len(till.bank.asked) == 1
    assert not await till.ended()
    assert await till.report() is ResultTaken.TAKEN
    assert (await till.pay()).result is Result.ACK


async def test_a_challenge_is_begun_within_thirty_seconds_or_not_at_all(till: Till) -> None:
    token = await till.challenged()
    till.clock.advance(29)
    assert not await till.ended()
    assert isinstance(await payments.begin_challenge(till.gateway, token), ChallengeBegun)
    till = await till.begin()
    token = await till.challenged()
    till.clock.advance(31)
    assert await till.ended()
    assert await payments.begin_challenge(till.gateway, token) is Closed.TIMED_OUT
    assert (await till.pay()).reason == "authentication_timed_out"
    assert (await till.row())["started_at"] is None


async def test_a_begun_challenge_opens_again_until_ten_minutes_are_over(till: Till) -> None:
    token = await till.challenged()
    begun = await payments.begin_challenge(till.gateway, token)
    assert isinstance(begun, ChallengeBegun)
    till.clock.advance(599)
    again = await payments.begin_challenge(till.gateway, token)
    assert isinstance(again, ChallengeBegun)
    assert again.acs_transaction_id == begun.acs_transaction_id
    assert not await till.ended()
    till.clock.advance(2)
    assert await payments.begin_challenge(till.gateway, token) is Closed.TIMED_OUT
    assert await till.ended()


async def test_a_challenge_of_somebody_who_had_it_restricted_is_not_begun(till: Till, console: Platform) -> None:
    token, checkout = await till.challenged(), await till.ref()
    await console.persons.pause(ERASURE, checkout.company_id, checkout.person_id)
    till.gateway.platform.persons.forget_all()
    assert await payments.begin_challenge(till.gateway, token) is Closed.UNKNOWN


async def test_a_result_that_comes_too_late_changes_nothing(till: Till) -> None:
    await till.begun()
    till.clock.advance(601)
    assert await till.report() is ResultTaken.LATE
    row = await till.row()
    assert (row["status"], row["value"]) == ("C", None)
    declined = await till.pay()
    assert (declined.result, declined.reason) == (Result.NOK, "authentication_timed_out")
    await till.begun()  # a new step may be taken
    assert await till.report() is ResultTaken.TAKEN
    assert (await till.pay()).result is Result.ACK


async def test_a_second_report_gets_the_same_answer_and_changes_nothing(till: Till) -> None:
    await till.begun()
    same = till.result()
    together = await asyncio.gather(*(payments.record_result(till.gateway, same) for _ in range(4)))
    assert set(together) == {ResultTaken.TAKEN}
    first = await till.row()
    assert await till.report(outcome=OUTCOMES[0][0]) is ResultTaken.TAKEN
    till.clock.advance(3_000)
    assert await till.report() is ResultTaken.TAKEN
    assert await till.row() == first


async def test_a_forged_report_changes_nothing(till: Till) -> None:
    await till.begun()
    other = "20000000-0000-4000-8000-000000000000"
    for name in ("transaction_id", "acs_transaction_id", "ds_transaction_id"):
        assert await till.report(**{name: other}) is ResultTaken.UNKNOWN
    assert (await till.row())["status"] == "C"
    assert not await till.ended()


async def test_nobody_is_vouched_for_before_they_were_asked(till: Till) -> None:
    await till.challenged()
    assert await till.report() is ResultTaken.LATE
    assert (await till.row())["status"] == "C"


async def test_of_two_challenges_of_a_checkout_the_newer_one_counts(till: Till) -> None:
    first = await till.challenged()
    assert isinstance(await payments.begin_challenge(till.gateway, first), ChallengeBegun)
    await till.begun()
    assert await payments.begin_challenge(till.gateway, first) is Closed.TIMED_OUT
    assert await payments.record_result(till.gateway, till.result(1)) is ResultTaken.LATE
    assert not await till.ended()
    assert (await till.pay()).reason == "three_ds_required"
    assert await payments.record_result(till.gateway, till.result(2)) is ResultTaken.TAKEN
    assert (await till.pay()).result is Result.ACK


async def test_two_challenges_at_once_leave_one_open(till: Till) -> None:
    tokens = await asyncio.gather(*(till.challenged() for _ in range(4)))
    begun = [await payments.begin_challenge(till.gateway, token) for token in tokens]
    assert sum(isinstance(one, ChallengeBegun) for one in begun) == 1


async def test_a_result_is_about_one_card(till: Till) -> None:
    await till.begun()
    await till.report()
    till.bank.says = Refused(reason_code="01", by_issuer=False, ds_transaction_id="")
    assert (await till.pay("5555555555554444")).reason == "authentication_failed"
    assert (await till.pay()).result is Result.ACK


async def test_where_the_payer_can_not_be_asked_the_step_ends_and_nothing_can_be_begun(till: Till) -> None:
    assert (await till.pay()).reason == "three_ds_required"
    assert await till.ended()
    row = await till.row()
    assert (row["status"], row["challenge_digest"], row["acs_url"]) == ("C", None, None)
    assert (await till.pay()).reason == "three_ds_required"
    assert len(till.bank.asked) == 1
    await till.begun()
    assert await till.report() is ResultTaken.TAKEN


async def test_challenges_have_a_limit(till: Till) -> None:
    till.gateway = replace(till.gateway, limits=replace(till.gateway.limits, authentications_per_checkout=2))
    await till.challenged()
    await till.challenged()
    with pytest.raises(TooManyDeclines):
        await till.secure()
    assert len(till.bank.asked) == 2


async def test_an_unknown_token_begins_nothing(till: Till) -> None:
    assert await payments.begin_challenge(till.gateway, "x" * 32) is Closed.UNKNOWN


async def test_an_answered_challenge_is_not_begun_again(till: Till) -> None:
    token = await till.challenged()
    await payments.begin_challenge(till.gateway, token)
    await till.report()
    assert await payments.begin_challenge(till.gateway, token) is Closed.ANSWERED


async def test_a_payment_that_is_taken_ends_the_step(till: Till) -> None:
    await till.begun()
    till.bank.says = till.result().outcome  # another card, whose bank asks nobody
    assert (await till.pay("5555555555554444")).result is Result.ACK
    assert await till.ended()
