"""A company's payments as its console lists them: by page, filtered, searched, and summed up by day.

Order ids and holders are sealed for each payer, so a search opens them row by row: newest first, a bounded number at a
time, and says how far it came.
"""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta, tzinfo

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.core.ids import is_id
from ippgateway.core.money import Money, currency
from ippgateway.domains.cards import service as cards
from ippgateway.domains.payments.models import Payment
from ippgateway.domains.payments.schemas import Attention, Balances, DayTotal, Method, PaymentPage, PaymentRow, Wanted
from ippgateway.domains.payments.states import Balance, State, status_of
from ippgateway.privacy.catalogue import PAYMENT_RECORDS
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform

LOOKED_THROUGH = 5_000
"""So many payments a search opens before it shows what it has found."""
_AT_ONCE = 500
_MOST_SHOWN = 100

COLUMNS = (
    "p.id, p.state, p.method, p.amount_minor, p.currency, p.test, p.person_id, p.order_id, p.holder, p.stores_card, "
    "p.recurring_of, p.checkout_id, p.authorised_minor, p.increasing_minor, p.captured_minor, p.capturing_minor, "
    "p.voided_minor, p.voiding_minor, p.refunded_minor, p.refunding_minor, a.id as action_id, a.created_at as at, "
    f"a.reason, {cards.MASKED}"
)
"""What `row_from` reads, of a payment `p`, its first action `a` and its card `c`."""
SOURCE = (
    "from ipp.payment_action a "
    "join ipp.payment p on p.company_id = a.company_id and p.id = a.payment_id "
    "left join ipp.card c on c.company_id = p.company_id and c.id = p.card_id "
    "where a.company_id = $1 and a.method in ('AUTH', 'SALE')"
)

_APPROVED = "p.state = 'APPROVED' and"
STATUSES: dict[str, str] = {
    "WAIT": "p.state in ('SENT', 'UNKNOWN')",
    "DECLINED": "p.state in ('DECLINED', 'REVERSED')",
    "NEW": f"{_APPROVED} p.captured_minor = 0 and p.voided_minor = 0",
    "CAPTURED": f"{_APPROVED} p.captured_minor > 0 and p.refunded_minor = 0 "
    "and p.captured_minor + p.voided_minor = p.authorised_minor",
    "REFUNDED": f"{_APPROVED} p.refunded_minor > 0 and p.refunded_minor = p.captured_minor",
    "VOIDED": f"{_APPROVED} p.captured_minor = 0 and p.voided_minor > 0 and p.voided_minor = p.authorised_minor",
    "PARTIAL": f"{_APPROVED} ((p.refunded_minor > 0 and p.refunded_minor < p.captured_minor) "
    "or (p.refunded_minor = 0 and p.captured_minor + p.voided_minor > 0 "
    "and p.captured_minor + p.voided_minor < p.authorised_minor))",
}
"""The status words of the contract's section 6 as conditions; `states.status_of` says the same of a row."""


async def browse(
    p: Platform, *, company_id: str, wanted: Wanted, before: str | None = None, count: int = 25
) -> PaymentPage:
    """One page of the company's payments, newest first, from the cursor `before` on (`PaymentPage.after` of the page
    before). At most a hundred at a time."""
    count = min(count, _MOST_SHOWN)
    found: list[PaymentRow] = []
    looked = 0
    async for row in _opened_rows(p, company_id, wanted, before, _AT_ONCE if wanted.text else count + 1):
        looked += 1
        if not wanted.text or _matches(row, wanted.text):
            if len(found) == count:
                return PaymentPage(rows=tuple(found), after=found[-1].action_id)
            found.append(row)
        if wanted.text and looked == LOOKED_THROUGH:
            return PaymentPage(rows=tuple(found), after=row.action_id, looked_back_to=row.at)
    return PaymentPage(rows=tuple(found), after=None)


async def _opened_rows(
    p: Platform, company_id: str, wanted: Wanted, before: str | None, size: int
) -> AsyncIterator[PaymentRow]:
    """The payments that a statement can pick, opened, newest first."""
    async for batch in _batches(p, company_id, wanted, before, size):
        boxes = await p.persons.open_many(PAYMENT_RECORDS, company_id, {row["person_id"] for row in batch})
        for row in batch:
            yield row_from(row, boxes[row["person_id"]])


async def _batches(
    p: Platform, company_id: str, wanted: Wanted, before: str | None, size: int
) -> AsyncIterator[list[asyncpg.Record]]:
    """The payments that a statement can pick, newest first, each batch from a transaction of its own."""
    cursor = before if before and is_id(before) else None
    while True:
        async with p.db.begin(PAYMENT_RECORDS, tenants=[company_id]) as tx:
            rows = await _rows(tx, company_id, wanted, cursor, size)
        if rows:
            yield rows
        if len(rows) < size:
            return
        cursor = rows[-1]["action_id"]


async def _rows(tx: Tx, company_id: str, wanted: Wanted, cursor: str | None, size: int) -> list[asyncpg.Record]:
    asked: list[object] = [company_id]
    sql = f"select {COLUMNS} {SOURCE}"
    for condition, value in (
        ("a.created_at >= ", wanted.since), ("a.created_at < ", wanted.until),
        ("(a.created_at, a.id) < (select created_at, id from ipp.payment_action where company_id = $1 and id = ",
         cursor),
    ):  # fmt: skip
        if value is not None:
            asked.append(value)
            sql += f" and {condition}${len(asked)}{')' if '(select' in condition else ''}"
    if wanted.status in STATUSES:
        sql += f" and {STATUSES[wanted.status]}"
    if is_id(wanted.text):
        asked.append(wanted.text)
        sql += (
            f" and (p.id = ${len(asked)} or exists (select from ipp.payment_action o where o.company_id = p.company_id "
            f"and o.payment_id = p.id and o.id = ${len(asked)}))"
        )
    return await tx.fetch(f"{sql} order by a.created_at desc, a.id desc limit {size}", *asked)


def _matches(row: PaymentRow, text: str) -> bool:
    """Whether a search finds a payment (R-35); one by an id was picked by the statement already."""
    wanted = text.strip().casefold()
    return (
        is_id(text) or wanted in row.order_id.casefold() or wanted in row.holder.casefold() or wanted == row.last4
        or wanted in {_plain(row.amount, mark) for mark in ".,"}
    )  # fmt: skip


def _plain(amount: Money, mark: str) -> str:
    """An amount as somebody types it: `1250.00`."""
    whole, rest = divmod(amount.amount_minor, amount.currency.minor_per_major)
    decimals = amount.currency.decimals
    return f"{whole}{mark}{rest:0{decimals}d}" if decimals else str(whole)


def row_from(row: asyncpg.Record, box: Box) -> PaymentRow:
    """A payment from a row of COLUMNS and its payer's keys."""
    of = currency(row["currency"])
    state = State(row["state"])
    card = cards.masked_from(row)
    return PaymentRow(
        id=row["id"], action_id=row["action_id"], status=status_of(state, balance_of(row)), state=state.value,
        at=row["at"], amount=Money(row["amount_minor"], of), method=Method(row["method"]), test=row["test"],
        order_id=box.read(Payment.order_id, row["order_id"]), holder=box.read(Payment.holder, row["holder"]),
        brand=card.brand, last4=card.last4, reason=row["reason"], balances=_balances(row),
    )  # fmt: skip


def balance_of(row: asyncpg.Record) -> Balance:
    """What of a payment is fact."""
    return Balance(
        authorised_minor=row["authorised_minor"], captured_minor=row["captured_minor"],
        voided_minor=row["voided_minor"], refunded_minor=row["refunded_minor"],
    )  # fmt: skip


def _balances(row: asyncpg.Record) -> Balances:
    of = currency(row["currency"])
    under_way = any(row[name] for name in ("increasing_minor", "capturing_minor", "voiding_minor", "refunding_minor"))
    may = row["state"] == State.APPROVED and not under_way
    held = row["authorised_minor"] - row["captured_minor"] - row["voided_minor"]
    taken = row["captured_minor"] - row["refunded_minor"]
    return Balances(
        authorised=Money(row["authorised_minor"], of), captured=Money(row["captured_minor"], of),
        voided=Money(row["voided_minor"], of), refunded=Money(row["refunded_minor"], of),
        held=Money(held if may and row["method"] == Method.AUTH else 0, of), taken=Money(taken if may else 0, of),
        under_way=under_way,
    )  # fmt: skip


# --- by day ---


async def totals(p: Platform, *, company_id: str, since: datetime, zone: tzinfo, test: bool) -> tuple[DayTotal, ...]:
    """What was captured and refunded, approved and declined since a moment, by day of `zone` and currency, oldest
    first. `test`: of test payments or of live ones. Days without anything are left out."""
    async with p.db.begin(PAYMENT_RECORDS, tenants=[company_id]) as tx:
        rows = await tx.fetch(_BY_HOUR, company_id, since, test)
    days: dict[tuple[date, str], list[int]] = {}
    for row in rows:
        day = row["hour"].astimezone(zone).date()
        sums = days.setdefault((day, row["currency"]), [0, 0, 0, 0])
        for number, name in enumerate(("captured", "refunded", "approved", "declined")):
            sums[number] += int(row[name])
    return tuple(
        DayTotal(day=day, captured=Money(sums[0], currency(code)), refunded=Money(sums[1], currency(code)),
                 approved=sums[2], declined=sums[3])
        for (day, code), sums in sorted(days.items())
    )  # fmt: skip


# By hour, and into days here: which hour a day begins with is a matter of the reader's zone.
_BY_HOUR = (
    "select date_trunc('hour', a.created_at) as hour, a.currency, "
    "coalesce(sum(a.amount_minor) filter (where a.method in ('CAPTURE', 'SALE') and a.result = 'ACK'), 0) as captured, "
    "coalesce(sum(a.amount_minor) filter (where a.method = 'REFUND' and a.result = 'ACK'), 0) as refunded, "
    "count(*) filter (where a.method in ('AUTH', 'SALE') and a.result = 'ACK') as approved, "
    "count(*) filter (where a.method in ('AUTH', 'SALE') and a.result = 'NOK') as declined "
    "from ipp.payment_action a join ipp.payment p on p.company_id = a.company_id and p.id = a.payment_id "
    "where a.company_id = $1 and a.created_at >= $2 and p.test = $3 group by 1, 2"
)


# --- what needs doing ---

_LOOKED_AT = 2_000
_WAITS_AFTER = timedelta(minutes=5)
_HELD_FOR = timedelta(days=5)
"""Banks let go of what they hold after a week or so; before that somebody should have captured it."""

_NEWEST = (
    "select a.payment_id from ipp.payment_action a where a.company_id = $1 and a.method in ('AUTH', 'SALE') "
    f"and a.created_at < $2 order by a.created_at desc limit {_LOOKED_AT}"
)


async def attention(p: Platform, *, company_id: str) -> Attention:
    """What of the company's payments somebody should look at."""
    now = p.clock.now()
    async with p.db.begin(PAYMENT_RECORDS, tenants=[company_id]) as tx:
        waiting = await tx.value(
            "select count(*) from ipp.payment where company_id = $1 and state in ('SENT', 'UNKNOWN') and state_at < $2",
            company_id, now - _WAITS_AFTER,
        )  # fmt: skip
        held = await tx.value(
            f"select count(*) from ({_NEWEST}) a join ipp.payment p on p.company_id = $1 and p.id = a.payment_id "
            f"where {STATUSES['NEW']}",
            company_id, now - _HELD_FOR,
        )  # fmt: skip
        untold = await tx.value(
            f"select count(*) from ({_NEWEST}) a join ipp.notification n on n.company_id = $1 "
            "and n.payment_id = a.payment_id where n.state = 'FAILED'",
            company_id, now,
        )  # fmt: skip
    return Attention(without_outcome=waiting, held=held, untold=untold)
