"""What shops and consoles read of payments. Under the purpose *payment records*: no card number, ever."""

import hmac
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.core.money import Money, currency
from ippgateway.domains.cards import service as cards
from ippgateway.domains.checkouts.models import Checkout
from ippgateway.domains.payments.errors import PaymentNotFound
from ippgateway.domains.payments.models import Payment
from ippgateway.domains.payments.schemas import ActionDetail, ActionRow, Method, PaymentStatus, Result, StoredCard
from ippgateway.domains.payments.service.gateway import payment_key as key_of
from ippgateway.domains.payments.states import Balance, State, result_of, status_of
from ippgateway.privacy.catalogue import AUTHENTICATE, PAYMENT_RECORDS
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform

MOST_ROWS = 5000
_BALANCE = "p.authorised_minor, p.captured_minor, p.voided_minor, p.refunded_minor"


@dataclass(frozen=True, slots=True)
class _Branch:
    """One source of lines. `{where}` and the limit go inside it, so that the server reads no more than it shows."""

    methods: frozenset[Method]
    payment: str
    action: str
    at: str
    result: str
    sql: str


# One line per action; a checkout made (CRYPT) and a 3-D Secure step (SECURE) are lines too. `from_payment` tells which
# declaration the two sealed columns follow.
_BRANCHES = (
    _Branch(
        frozenset(Method) - {Method.SECURE, Method.CRYPT}, "a.payment_id", "a.id", "a.created_at", "a.result",
        "select p.id as payment_id, a.id as action_id, a.method, a.result, a.created_at, a.amount_minor, "
        "null::bigint as hundredths, a.currency, a.reason, p.person_id, p.holder, p.order_id, true as from_payment "
        "from ipp.payment_action a join ipp.payment p on p.company_id = a.company_id and p.id = a.payment_id "
        "where a.company_id = $1",
    ),
    _Branch(
        frozenset({Method.SECURE}), "s.checkout_id", "s.id", "s.created_at",
        "case when s.status in ('Y', 'A') then 'ACK' else 'NOK' end",
        "select s.checkout_id as payment_id, s.id as action_id, 'SECURE' as method, "
        "case when s.status in ('Y', 'A') then 'ACK' else 'NOK' end as result, s.created_at, s.amount_minor, "
        "null::bigint as hundredths, s.currency, '' as reason, s.person_id, null::bytea as holder, k.order_id, "
        "false as from_payment "
        "from ipp.authentication s join ipp.checkout k on k.company_id = s.company_id and k.id = s.checkout_id "
        "where s.company_id = $1",
    ),
    _Branch(
        frozenset({Method.CRYPT}), "k.id", "k.id", "k.created_at", "'ACK'",
        "select k.id as payment_id, k.id as action_id, 'CRYPT' as method, 'ACK' as result, k.created_at, "
        "null::bigint as amount_minor, k.amount_hundredths as hundredths, k.currency, '' as reason, k.person_id, "
        "null::bytea as holder, k.order_id, false as from_payment from ipp.checkout k where k.company_id = $1",
    ),
)  # fmt: skip


async def _lines(
    tx: Tx, company_id: str, *, methods: frozenset[Method] | None = None, result: Result | None = None,
    earliest: datetime | None = None, latest: datetime | None = None, payment_id: str | None = None,
    action_id: str | None = None,
) -> list[asyncpg.Record]:  # fmt: skip
    """The lines within the bounds, newest first. A filter that is not given is not part of the statement."""
    asked: list[object] = [company_id]
    branches = []
    for branch in _BRANCHES:
        wanted = branch.methods if methods is None else branch.methods & methods
        if not wanted:
            continue
        filters: list[tuple[str, object]] = [
            (f"{branch.at} >= ", earliest), (f"{branch.at} <= ", latest), (f"{branch.result} = ", result),
            (f"{branch.payment} = ", payment_id), (f"{branch.action} = ", action_id),
        ]  # fmt: skip
        sql = branch.sql
        if wanted != branch.methods:
            filters.append(("a.method = any", [m.value for m in wanted]))
        for condition, value in filters:
            if value is not None:
                asked.append(value)
                sql += f" and {condition}(${len(asked)})"
        branches.append(f"({sql} order by {branch.at} desc, {branch.action} desc limit {MOST_ROWS})")
    if not branches:
        return []
    return await tx.fetch(
        f"select * from ({' union all '.join(branches)}) line "
        f"order by created_at desc, action_id desc limit {MOST_ROWS}",
        *asked,
    )


async def actions(
    p: Platform, *, company_id: str, methods: frozenset[Method] | None, result: Result | None,
    earliest: datetime | None, latest: datetime | None, payment_id: str | None = None,
) -> list[ActionRow]:  # fmt: skip
    """The company's actions within the bounds, newest first, at most 5000 (wire contract 7.5)."""
    async with p.db.begin(PAYMENT_RECORDS, tenants=[company_id]) as tx:
        rows = await _lines(
            tx, company_id, methods=methods, result=result, earliest=earliest, latest=latest, payment_id=payment_id
        )
    boxes = await p.persons.open_many(PAYMENT_RECORDS, company_id, {r["person_id"] for r in rows})
    return [_row(company_id, r, boxes[r["person_id"]]) for r in rows]


def _row(company_id: str, row: asyncpg.Record, box: Box) -> ActionRow:
    of = currency(row["currency"])
    amount = (
        Money(row["amount_minor"], of) if row["hundredths"] is None else Money.from_hundredths(row["hundredths"], of)
    )
    return ActionRow(
        payment_id=row["payment_id"], action_id=row["action_id"], company_id=company_id, method=Method(row["method"]),
        result=Result(row["result"]), at=row["created_at"], holder=box.read(Payment.holder, row["holder"]),
        order_id=box.read(Payment.order_id if row["from_payment"] else Checkout.order_id, row["order_id"]),
        amount=amount, reason=row["reason"],
    )  # fmt: skip


def _balance(row: asyncpg.Record) -> Balance:
    return Balance(
        authorised_minor=row["authorised_minor"], captured_minor=row["captured_minor"],
        voided_minor=row["voided_minor"], refunded_minor=row["refunded_minor"],
    )  # fmt: skip


async def detail(p: Platform, *, company_id: str, action_id: str) -> ActionDetail:
    """One action in full (wire contract 7.6). Raises PaymentNotFound."""
    async with p.db.begin(PAYMENT_RECORDS, tenants=[company_id]) as tx:
        lines = await _lines(tx, company_id, action_id=action_id)
        if not lines:
            raise PaymentNotFound
        line = lines[0]
        more = await tx.row(
            f"select p.state, p.recurring_of, {_BALANCE}, a.response_code, {cards.MASKED} from ipp.payment p "
            "join ipp.payment_action a on a.company_id = p.company_id and a.payment_id = p.id and a.id = $2 "
            "left join ipp.card c on c.company_id = p.company_id and c.id = p.card_id where p.company_id = $1",
            company_id, action_id,
        )  # fmt: skip
        others = await _related(tx, company_id, line["person_id"], line["payment_id"])
    box = await p.persons.open(PAYMENT_RECORDS, company_id, line["person_id"])
    card = cards.masked_from(more) if more else None
    return ActionDetail(
        row=_row(company_id, line, box),
        status=status_of(State(more["state"]), _balance(more)) if more else line["result"],
        card_masked=card.masked if card else "", card_month=card.month or None if card else None,
        card_year=card.year or None if card else None, acquirer_response=more["response_code"] if more else "",
        recurring_of=more["recurring_of"] if more else None,
        related={r["id"]: box.read(Payment.order_id, r["order_id"]) for r in others},
    )  # fmt: skip


async def stored_cards(p: Platform, *, company_id: str, result: Result | None) -> list[StoredCard]:
    """Cards that payers let the shop store, newest first, at most 5000 (wire contract 7.8)."""
    async with p.db.begin(PAYMENT_RECORDS, tenants=[company_id]) as tx:
        rows = await tx.fetch(
            f"select p.id, p.state, p.person_id, p.holder, {cards.MASKED} from ipp.payment p "
            "left join ipp.card c on c.company_id = p.company_id and c.id = p.card_id "
            f"where p.company_id = $1 and p.stores_card order by p.created_at desc, p.id desc limit {MOST_ROWS}",
            company_id,
        )
    boxes = await p.persons.open_many(PAYMENT_RECORDS, company_id, {r["person_id"] for r in rows})
    found = [
        StoredCard(
            payment_id=r["id"], holder=boxes[r["person_id"]].read(Payment.holder, r["holder"]),
            masked=card.masked, month=card.month, year=card.year,
            result=result_of(State(r["state"])),
        )
        for r, card in ((row, cards.masked_from(row)) for row in rows)
    ]  # fmt: skip
    return [stored for stored in found if result is None or stored.result is result]


async def _related(tx: Tx, company_id: str, person_id: str, payment_id: str) -> list[asyncpg.Record]:
    """The same shopper's other orders (R-27); a shopper without an e-mail address has none."""
    return await tx.fetch(
        "select id, order_id from ipp.payment where company_id = $1 and person_id = $2 and id <> $3 "
        "and checkout_id <> $3 and state = 'APPROVED' order by id desc limit 100",
        company_id, person_id, payment_id,
    )  # fmt: skip


async def status(p: Platform, *, payment_id: str, payment_key: str | None, company_id: str | None) -> PaymentStatus:
    """How a payment stands, for a shop that verifies a notification (wire contract 8.2).

    The key must fit when it is given; without the company the key must be given. Raises PaymentNotFound.
    """
    async with p.db.begin(AUTHENTICATE) as tx:
        owner = await tx.value("select company_id from ipp.payment where id = $1", payment_id)
    expected = key_of(p, owner or "", payment_id).open()
    fits = hmac.compare_digest((payment_key or "").encode(), expected.encode())
    if owner is None or (payment_key and not fits) or (company_id is None and not fits):
        raise PaymentNotFound
    if company_id is not None and company_id != owner:
        raise PaymentNotFound
    async with p.db.begin(PAYMENT_RECORDS, tenants=[owner]) as tx:
        row = await tx.row(
            f"select p.state, p.method, p.amount_minor, p.currency, p.person_id, p.order_id, "
            f"{_BALANCE}, a.id as action_id, {cards.MASKED} from ipp.payment p "
            "join ipp.payment_action a on a.company_id = p.company_id and a.payment_id = p.id "
            "left join ipp.card c on c.company_id = p.company_id and c.id = p.card_id "
            "where p.company_id = $1 and p.id = $2 order by a.id limit 1",
            owner, payment_id,
        )  # fmt: skip
    if row is None:
        raise PaymentNotFound
    box = await p.persons.open(PAYMENT_RECORDS, owner, row["person_id"])
    state = State(row["state"])
    return PaymentStatus(
        result=result_of(state), status=status_of(state, _balance(row)), method=Method(row["method"]),
        payment_id=payment_id,
        action_id=row["action_id"], order_id=box.read(Payment.order_id, row["order_id"]),
        amount=Money(row["amount_minor"], currency(row["currency"])), card_masked=cards.masked_from(row).masked,
    )  # fmt: skip
