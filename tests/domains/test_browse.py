"""What a company's console is told of its payments: pages, filters, search, days, and the story of one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from clocks import Shifted
from ippgateway.core.money import Money, currency
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.schemas import NewCheckout, TransactionType
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.errors import PaymentNotFound
from ippgateway.domains.payments.schemas import Method, PaymentPage, Result, Target, Told, Wanted
from ippgateway.domains.payments.service import Asked, browse
from ippgateway.domains.payments.states import State, status_of
from ippsandbox.cards import DEMO_CARDS
from shops import GOOD, Shop

DKK = currency("DKK")
HOME = ZoneInfo("Europe/Copenhagen")


@dataclass
class Till:
    """A shop that sells, and looks at what it sold."""

    shop: Shop
    clock: Shifted

    async def sold(self, order_id: str, *, hundredths: int = 10_000, number: str = GOOD, notify: str = "") -> str:
        """A purchase, paid; the payment's id. A second passes before the next one."""
        p = self.shop.gateway.platform
        order = NewCheckout(amount_text=str(hundredths), amount_hundredths=hundredths, currency=DKK, order_id=order_id,
                            transaction_type=TransactionType.MOTO, notify_url=notify)  # fmt: skip
        made = await checkouts.create(p, company_id=self.shop.company_id, order=order)
        ref = await checkouts.find(p, checkout_id=made.checkout_id.open(), cryptogram=None)
        paid = await self.shop.paid(ref, number)
        self.clock.advance(1)
        return paid.payment_id

    async def done(self, payment_id: str, method: Method, hundredths: int | None = None, comment: str = "") -> None:
        await payments.act(self.shop.gateway, Asked(
            company_id=self.shop.company_id, method=method, target=Target(payment_id=payment_id, action_id=None),
            hundredths=hundredths, comment=comment,
        ))  # fmt: skip
        self.clock.advance(1)

    async def listed(self, before: str | None = None, count: int = 25, **wanted: object) -> PaymentPage:
        return await browse(
            self.shop.gateway.platform, company_id=self.shop.company_id, wanted=Wanted(**wanted),  # type: ignore[arg-type]
            before=before, count=count,
        )  # fmt: skip


@pytest.fixture
async def till(
    gateway: payments.Gateway, new_company: Callable[[], Awaitable[str]], clock: Shifted
) -> Till:  # fmt: skip
    return Till(Shop(gateway, await new_company()), clock)


async def test_pages_follow_each_other_and_show_every_payment_once(till: Till) -> None:
    made = [await till.sold(f"order-{number}") for number in range(5)]
    seen: list[str] = []
    before = None
    while True:
        page = await till.listed(before=before, count=2)
        seen += [row.id for row in page.rows]
        if (before := page.after) is None:
            break
    assert seen == made[::-1]


async def test_a_search_finds_by_order_ids_holder_last_four_and_amount_and_no_other_shops(till: Till) -> None:
    wanted = await till.sold("Æble-77", hundredths=123_450)
    await till.sold("pære-78", number="5555555555554444")
    action_id = (await till.listed(text="æble")).rows[0].action_id
    for text in ("æble-77", "77", wanted, action_id, "1234.50", "1234,50"):
        assert [row.id for row in (await till.listed(text=text)).rows] == [wanted], text
    assert len((await till.listed(text="t. payer")).rows) == 2
    assert [row.last4 for row in (await till.listed(text="1111")).rows] == ["1111"]
    stranger = await browse(till.shop.gateway.platform, company_id=till.shop.gateway.platform.ids.new(),
                            wanted=Wanted(text=wanted))  # fmt: skip
    assert stranger.rows == ()


async def test_each_status_is_the_same_word_as_a_statement_and_as_a_sum(till: Till) -> None:
    held, captured, partly, refunded, voided = [await till.sold(str(number)) for number in range(5)]
    await till.done(captured, Method.CAPTURE)
    await till.done(partly, Method.CAPTURE, 4_000)
    await till.done(refunded, Method.CAPTURE)
    await till.done(refunded, Method.REFUND)
    await till.done(voided, Method.VOID)
    declined = await till.sold("no", number=DEMO_CARDS["decline_insufficient_funds"])
    expected = {"NEW": held, "CAPTURED": captured, "PARTIAL": partly, "REFUNDED": refunded, "VOIDED": voided,
                "DECLINED": declined}  # fmt: skip
    for status, payment_id in expected.items():
        page = await till.listed(status=status)
        assert [(row.id, row.status) for row in page.rows] == [(payment_id, status)]
    assert set(payments.STATUSES) == {"WAIT", "DECLINED", "NEW", "PARTIAL", "CAPTURED", "REFUNDED", "VOIDED"}
    assert status_of(State.UNKNOWN) == "WAIT"


async def test_dates_are_bounds(till: Till) -> None:
    first = await till.sold("first")
    between = till.clock.now()
    second = await till.sold("second")
    assert [row.id for row in (await till.listed(until=between)).rows] == [first]
    assert [row.id for row in (await till.listed(since=between)).rows] == [second]


async def test_what_may_be_done_follows_from_what_was(till: Till) -> None:
    payment_id = await till.sold("one")
    [row] = (await till.listed()).rows
    assert (row.balances.held, row.balances.taken) == (Money(10_000, DKK), Money(0, DKK))
    await till.done(payment_id, Method.CAPTURE, 6_000)
    await till.done(payment_id, Method.REFUND, 1_000)
    [row] = (await till.listed()).rows
    assert (row.balances.held, row.balances.taken) == (Money(4_000, DKK), Money(5_000, DKK))


async def test_a_story_tells_every_step_in_order_and_is_its_shops_alone(till: Till) -> None:
    payment_id = await till.sold("tale", notify="http://127.0.0.1:9/told")
    await till.done(payment_id, Method.CAPTURE, 6_000)
    await till.done(payment_id, Method.REFUND, 1_000, comment="A cup was cracked")
    p = till.shop.gateway.platform
    told = await payments.story(p, company_id=till.shop.company_id, payment_id=payment_id)
    steps = [(step.told, step.method, step.result) for step in told.steps if step.told is not Told.NOTIFICATION]
    assert steps == [
        (Told.CHECKOUT, None, None), (Told.ATTEMPT, Method.AUTH, Result.ACK),
        (Told.ACTION, Method.CAPTURE, Result.ACK), (Told.ACTION, Method.REFUND, Result.ACK),
    ]  # fmt: skip
    assert told.steps[-1].comment == "A cup was cracked" or told.steps[-1].told is Told.NOTIFICATION
    assert [step.state for step in told.steps if step.told is Told.NOTIFICATION]
    assert (told.row.order_id, told.row.holder, told.card_year) == ("tale", "T. Payer", 2031)
    for company_id, asked in ((p.ids.new(), payment_id), (till.shop.company_id, p.ids.new()), (p.ids.new(), "x")):
        with pytest.raises(PaymentNotFound):
            await payments.story(p, company_id=company_id, payment_id=asked)


async def test_days_are_the_readers_and_count_captures_refunds_and_declines(till: Till) -> None:
    since = till.clock.now() - timedelta(hours=1)
    payment_id = await till.sold("day")
    await till.done(payment_id, Method.CAPTURE)
    await till.done(payment_id, Method.REFUND, 2_500)
    asked = {"company_id": till.shop.company_id, "since": since, "zone": HOME}
    days = await payments.totals(till.shop.gateway.platform, **asked, test=True)  # type: ignore[arg-type]
    assert sum(day.captured.amount_minor for day in days) == 10_000
    assert sum(day.refunded.amount_minor for day in days) == 2_500
    assert (sum(day.approved for day in days), {day.day for day in days} <= {
        since.astimezone(HOME).date(), till.clock.now().astimezone(HOME).date()}) == (1, True)  # fmt: skip
    assert await payments.totals(till.shop.gateway.platform, **asked, test=False) == ()  # type: ignore[arg-type]
