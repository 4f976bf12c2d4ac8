"""A payment in full, as its shop's console tells it: how it stands, and every step from the checkout on."""

from collections.abc import Iterator

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.core.ids import is_id
from ippgateway.core.money import Money, currency
from ippgateway.domains.cards import service as cards
from ippgateway.domains.notifications import service as notifications
from ippgateway.domains.payments.errors import PaymentNotFound
from ippgateway.domains.payments.models import Action, Payment
from ippgateway.domains.payments.schemas import Method, Result, Step, Story, Told
from ippgateway.domains.payments.service.browse import COLUMNS, SOURCE, row_from
from ippgateway.privacy.catalogue import PAYMENT_RECORDS
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform

_MOST_STEPS = 200
_FIRST = frozenset({Method.AUTH, Method.SALE})


async def story(p: Platform, *, company_id: str, payment_id: str) -> Story:
    """What happened with a payment, oldest first. Raises PaymentNotFound, also for another company's."""
    if not is_id(payment_id):
        raise PaymentNotFound
    async with p.db.begin(PAYMENT_RECORDS, tenants=[company_id]) as tx:
        row = await tx.row(f"select {COLUMNS} {SOURCE} and p.id = $2 order by a.id limit 1", company_id, payment_id)
        if row is None:
            raise PaymentNotFound
        place = (company_id, payment_id, row["checkout_id"])
        checkout = await tx.row(
            "select id, created_at, amount_hundredths, currency from ipp.checkout where company_id = $1 and id = $2",
            company_id, row["checkout_id"],
        )  # fmt: skip
        secured = await tx.fetch(_SECURED, company_id, row["checkout_id"])
        earlier = await tx.fetch(_EARLIER, *place, row["at"])
        done = await _done(tx, company_id, payment_id)
        related = await tx.fetch(_RELATED, company_id, row["person_id"], payment_id)
        told = await notifications.of_payment(tx, company_id=company_id, payment_id=payment_id)
    box = await p.persons.open(PAYMENT_RECORDS, company_id, row["person_id"])
    card = cards.masked_from(row)
    steps = [
        *([_made(checkout)] if checkout else []), *map(_secure, secured), *map(_tried, earlier),
        *(step for each in done for step in _acted(box, each)), *([_notified(told)] if told else []),
    ]  # fmt: skip
    return Story(
        row=row_from(row, box), person_id=row["person_id"], card_month=card.month, card_year=card.year,
        stores_card=row["stores_card"], recurring_of=row["recurring_of"],
        related={each["id"]: box.read(Payment.order_id, each["order_id"]) for each in related},
        steps=tuple(sorted(steps, key=lambda step: (step.at, step.told is Told.NOTIFICATION))),
    )  # fmt: skip


_SECURED = (
    f"select s.id, s.status, s.created_at, s.ends_by, {cards.MASKED} from ipp.authentication s "
    "left join ipp.card c on c.company_id = s.company_id and c.id = s.card_id "
    f"where s.company_id = $1 and s.checkout_id = $2 order by s.created_at limit {_MOST_STEPS}"
)
_EARLIER = (
    f"select p.id, a.created_at, a.reason, a.amount_minor, a.currency, {cards.MASKED} from ipp.payment p "
    "join ipp.payment_action a on a.company_id = p.company_id and a.payment_id = p.id and a.method in ('AUTH', 'SALE') "
    "left join ipp.card c on c.company_id = p.company_id and c.id = p.card_id "
    "where p.company_id = $1 and p.id <> $2 and p.checkout_id = $3 and a.created_at <= $4 "
    f"order by a.created_at limit {_MOST_STEPS}"
)
# The same shopper's other orders (wire contract, R-27).
_RELATED = (
    "select id, order_id from ipp.payment where company_id = $1 and person_id = $2 and id <> $3 "
    "and state = 'APPROVED' order by id desc limit 20"
)


async def _done(tx: Tx, company_id: str, payment_id: str) -> list[asyncpg.Record]:
    """The payment's own actions, each with the message that was owed for it, if there was one."""
    return await tx.fetch(
        "select a.id, a.method, a.result, a.reason, a.response_code, a.amount_minor, a.currency, a.created_at, "
        "a.settled_at, a.comment, v.kind, v.state as advice, v.tries, v.created_at as owed_at, v.next_at, v.done_at, "
        "v.reason as refused from ipp.payment_action a "
        "left join ipp.advice v on v.company_id = a.company_id and v.action_id = a.id "
        f"where a.company_id = $1 and a.payment_id = $2 order by a.created_at, a.id limit {_MOST_STEPS}",
        company_id, payment_id,
    )  # fmt: skip


def _made(row: asyncpg.Record) -> Step:
    amount = Money.from_hundredths(row["amount_hundredths"], currency(row["currency"]))
    return Step(told=Told.CHECKOUT, at=row["created_at"], id=row["id"], amount=amount)


def _secure(row: asyncpg.Record) -> Step:
    return Step(
        told=Told.SECURE, at=row["created_at"], id=row["id"], state=row["status"], next_at=row["ends_by"],
        card=cards.masked_from(row).last4,
    )  # fmt: skip


def _tried(row: asyncpg.Record) -> Step:
    return Step(
        told=Told.EARLIER, at=row["created_at"], id=row["id"], reason=row["reason"],
        amount=Money(row["amount_minor"], currency(row["currency"])), card=cards.masked_from(row).last4,
    )  # fmt: skip


def _acted(box: Box, row: asyncpg.Record) -> Iterator[Step]:
    """The action, and what was owed to the acquirer beyond its first message."""
    method = Method(row["method"])
    yield Step(
        told=Told.ATTEMPT if method in _FIRST else Told.ACTION, at=row["created_at"], id=row["id"], method=method,
        result=Result(row["result"]), amount=Money(row["amount_minor"], currency(row["currency"])),
        reason=row["reason"], response_code=row["response_code"], ended_at=row["settled_at"],
        comment=box.read(Action.comment, row["comment"]),
    )  # fmt: skip
    if row["advice"] is not None and (row["kind"] == "REVERSAL" or row["tries"] or row["refused"]):
        yield Step(
            told=Told.OWED, at=row["done_at"] or row["owed_at"], id=row["id"], method=method, state=row["advice"],
            reason=row["kind"], tries=row["tries"], next_at=row["next_at"], ended_at=row["done_at"],
        )  # fmt: skip


def _notified(row: notifications.Told) -> Step:
    return Step(
        told=Told.NOTIFICATION, at=row.last_at or row.created_at, id=row.id, state=row.state, tries=row.tries,
        next_at=row.next_at, http_status=row.last_status,
    )  # fmt: skip
