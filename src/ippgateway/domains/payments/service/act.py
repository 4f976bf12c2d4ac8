"""Capture, refund, void, increment: reserve in the database, ask the acquirer, settle.

Step one reserves the amount with one conditional update and stores the message; no row touched means that not enough is
open, whoever else is at it. Step two sends it. Step three turns the reservation into fact or gives it back. A capture,
refund or void that nobody answered stays reserved and is sent again until it is answered (`recover`): it is an advice,
which the acquirer takes in the end. An increment that nobody answered is reversed.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from hmac import compare_digest

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.core.log import Log
from ippgateway.core.money import LARGEST, BadAmount, Money, currency
from ippgateway.core.secret import Secret
from ippgateway.domains.cards.vault import number_place
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.service import Contract
from ippgateway.domains.payments.errors import (
    ActionRefused,
    ActionUnderWay,
    CardErased,
    FunctionSwitchedOff,
    NothingOpen,
    PaymentNotFound,
)
from ippgateway.domains.payments.models import Action
from ippgateway.domains.payments.ports import DeclineReason, NoAnswer, NotSent, Trace, increment_trace, reversal_trace
from ippgateway.domains.payments.schemas import ActionResult, Method, Result, Target
from ippgateway.domains.payments.service.gateway import Gateway, hold_on, payment_key
from ippgateway.domains.payments.service.message import Outgoing, send
from ippgateway.domains.payments.service.settle import Answer, settle
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.persons import Box

_log = Log("payments")

# What is open for each kind, and the column that reserves it. One place; the checks of the table hold it besides.
_UNTOUCHED = "authorised_minor - captured_minor - capturing_minor - voided_minor - voiding_minor"
_OPEN = {
    Method.CAPTURE: _UNTOUCHED,
    Method.VOID: _UNTOUCHED,
    Method.REFUND: "captured_minor - refunded_minor - refunding_minor",
    Method.INCREMENTAL: f"{LARGEST} - authorised_minor - increasing_minor",
}
_RESERVES = {Method.CAPTURE: "capturing_minor", Method.VOID: "voiding_minor", Method.REFUND: "refunding_minor",
             Method.INCREMENTAL: "increasing_minor"}  # fmt: skip
_ONLY_IF = {
    Method.CAPTURE: "method = 'AUTH'",
    Method.VOID: "method = 'AUTH' and capturing_minor + voiding_minor + increasing_minor = 0",
    Method.REFUND: "true",
    Method.INCREMENTAL: f"method = 'AUTH' and voiding_minor = 0 and {_UNTOUCHED} > 0",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """An action as somebody asked for it. `hundredths`: the wire's unit; None for everything that is open."""

    company_id: str
    method: Method
    target: Target
    hundredths: int | None
    comment: str = ""
    request_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reserved:
    """An action on record, its amount reserved, its message ready to be sent."""

    outgoing: Outgoing
    result: ActionResult


async def act(g: Gateway, asked: Asked) -> ActionResult:
    """Do it, or say why not; the same request twice is one action.

    Raises PaymentNotFound, NothingOpen, ActionUnderWay, FunctionSwitchedOff, ActionRefused, BadAmount, CardErased.
    """
    payment = await _find(g, asked)
    async with g.one_at_a_time(asked.company_id, payment["id"]):
        if asked.request_id is not None and (earlier := await _earlier(g, asked.company_id, asked.request_id)):
            return earlier
        reserved = await _reserve_once(g, asked, payment)
        if isinstance(reserved, ActionResult):
            return reserved
        answer = await _ask(g, reserved.outgoing)
        result = await _settle(g, reserved, answer)
    if result.result is Result.NOK:
        raise ActionRefused(answer.reason or DeclineReason.NO_ANSWER.value)
    return result


# --- which payment ---


async def _find(g: Gateway, asked: Asked) -> asyncpg.Record:
    """The payment that is meant. Raises PaymentNotFound, also for a key that does not fit."""
    target = asked.target
    async with g.platform.db.begin(PAYMENT, tenants=[asked.company_id]) as tx:
        row = await tx.row(
            "select p.id, p.person_id, p.currency, p.method from ipp.payment p where p.company_id = $1 "
            "and p.state = 'APPROVED' and ($2::text is null or p.id = $2) and ($3::text is null or exists "
            "(select 1 from ipp.payment_action a where a.company_id = $1 and a.id = $3 and a.payment_id = p.id)) "
            "and coalesce($2, $3) is not null limit 1",
            asked.company_id, target.payment_id, target.action_id,
        )  # fmt: skip
    if row is None:
        raise PaymentNotFound
    expected = payment_key(g.platform, asked.company_id, row["id"]).open()
    if target.payment_key and not compare_digest(target.payment_key.encode(), expected.encode()):
        raise PaymentNotFound
    return row


async def _earlier(g: Gateway, company_id: str, request_id: str) -> ActionResult | None:
    """The action that the same request caused before. Raises ActionRefused when the acquirer refused it."""
    async with g.platform.db.begin(PAYMENT, tenants=[company_id]) as tx:
        row = await tx.row(
            "select id, payment_id, result, reason, amount_minor, currency from ipp.payment_action "
            "where company_id = $1 and request_id = $2",
            company_id, request_id,
        )  # fmt: skip
    if row is None:
        return None
    if row["result"] == Result.NOK:
        raise ActionRefused(row["reason"])
    return ActionResult(
        result=Result(row["result"]), action_id=row["id"], payment_id=row["payment_id"],
        amount=Money(row["amount_minor"], currency(row["currency"])),
    )  # fmt: skip


# --- step one: reserved and on record ---


async def _reserve_once(g: Gateway, asked: Asked, payment: asyncpg.Record) -> _Reserved | ActionResult:
    """Reserve; or the action of another process that took this request over while we stood still, and was quicker."""
    try:
        return await _reserve(g, asked, payment)
    except (asyncpg.UniqueViolationError, NothingOpen, ActionUnderWay):
        earlier = asked.request_id and await _earlier(g, asked.company_id, asked.request_id)
        if not earlier:
            raise
        return earlier


async def _reserve(g: Gateway, asked: Asked, payment: asyncpg.Record) -> _Reserved:
    p, of = g.platform, currency(payment["currency"])
    wanted = None if asked.hundredths is None else Money.from_hundredths(asked.hundredths, of).amount_minor
    box = await p.persons.open(PAYMENT, asked.company_id, payment["person_id"])
    async with p.db.begin(PAYMENT, tenants=[asked.company_id]) as tx:
        row = await _original(tx, asked.company_id, payment["id"])
        contract = await companies.contract(tx, company_id=asked.company_id, acquirer_id=row["acquirer_id"])
        if asked.method.value in contract.switched_off:
            raise FunctionSwitchedOff
        if asked.method is Method.INCREMENTAL and not wanted:
            raise BadAmount("an increment needs an amount")
        minor = await _hold(tx, asked, payment["id"], wanted)
        row = await _original(tx, asked.company_id, payment["id"])  # as it is now that the row is locked
        if row["number"] is None:
            raise CardErased
        return await _write(tx, g, asked, box, contract, row, Money(minor, of))


async def _hold(tx: Tx, asked: Asked, payment_id: str, wanted: int | None) -> int:
    """Reserve the amount, or everything that is open; how much it was. Raises NothingOpen, ActionUnderWay: as long as
    something else is under way nobody knows what will be open, so that refusal is no final one."""
    column, room = _RESERVES[asked.method], _OPEN[asked.method]
    minor = await tx.value(
        f"with open as (select company_id, id, coalesce($3::bigint, {room}) as minor from ipp.payment "
        "where company_id = $1 and id = $2 for update) "
        f"update ipp.payment p set {column} = p.{column} + o.minor from open o "
        f"where p.company_id = o.company_id and p.id = o.id and p.state = 'APPROVED' and {_ONLY_IF[asked.method]} "
        f"and o.minor > 0 and o.minor <= {room} returning o.minor",
        asked.company_id, payment_id, wanted,
    )  # fmt: skip
    if minor is not None:
        return int(minor)
    passing = await tx.value(
        # Or what was in the way has just ended.
        f"select {' + '.join(_RESERVES.values())} > 0 or (state = 'APPROVED' and {_ONLY_IF[asked.method]} "
        f"and {room} > 0 and coalesce($3::bigint, {room}) between 1 and {room}) "
        "from ipp.payment where company_id = $1 and id = $2",
        asked.company_id, payment_id, wanted,
    )  # fmt: skip
    raise ActionUnderWay if passing else NothingOpen


async def _original(tx: Tx, company_id: str, payment_id: str) -> asyncpg.Record:
    row = await tx.row(
        "select a.terminal, a.stan, a.rrn, a.sent_at, a.auth_code, a.method, a.acquirer_id, p.id as payment_id, "
        "p.person_id, p.card_id, p.test, p.authorised_minor, p.voided_minor, p.voiding_minor, c.number, c.number_key, "
        "c.expiry_month, c.expiry_year from ipp.payment p "
        "join ipp.payment_action a on a.company_id = p.company_id and a.payment_id = p.id "
        "and a.method in ('AUTH', 'SALE') join ipp.card c on c.company_id = p.company_id and c.id = p.card_id "
        "where p.company_id = $1 and p.id = $2 order by a.id limit 1",
        company_id, payment_id,
    )  # fmt: skip
    if row is None:
        raise PaymentNotFound
    return row


async def _write(
    tx: Tx, g: Gateway, asked: Asked, box: Box, contract: Contract, row: asyncpg.Record, amount: Money
) -> _Reserved:  # fmt: skip
    p, now = g.platform, g.platform.clock.now()
    original = Trace(terminal=row["terminal"], stan=row["stan"], transmitted_at=row["sent_at"], rrn=row["rrn"])
    number = int(await tx.value("select nextval('ipp.stan')"))
    made = increment_trace if asked.method is Method.INCREMENTAL else reversal_trace
    own, action_id = made(number, now, original), p.ids.new()
    await tx.execute(
        "insert into ipp.payment_action (company_id, id, payment_id, person_id, request_id, method, result, reason, "
        "again, amount_minor, currency, acquirer_id, terminal, stan, rrn, sent_at, response_code, auth_code, "
        "created_at, comment) "
        "values ($1, $2, $3, $4, $5, $6, 'WAIT', '', '', $7, $8, $9, $10, $11, $12, $13, '', '', $14, $15)",
        asked.company_id, action_id, row["payment_id"], row["person_id"], asked.request_id, asked.method.value,
        amount.amount_minor, amount.currency.code, row["acquirer_id"], own.terminal, own.stan, own.rrn,
        own.transmitted_at, now, box.seal(Action.comment, asked.comment) if box.has(Action.comment) else None,
    )  # fmt: skip
    authorised = int(row["authorised_minor"])
    stays = authorised - int(row["voided_minor"]) - int(row["voiding_minor"])
    await _store(tx, g, asked, action_id, own, authorised, stays)
    outgoing = Outgoing(
        company_id=asked.company_id, payment_id=row["payment_id"], action_id=action_id, method=asked.method, own=own,
        original=original, original_method=Method(row["method"]), auth_code=row["auth_code"], amount=amount,
        authorised=replace(amount, amount_minor=authorised), stays_minor=stays, contract=contract, repeat=False,
        number=await _number(g, asked.company_id, row), expiry=(row["expiry_month"], row["expiry_year"]),
    )  # fmt: skip
    result = ActionResult(result=Result.WAIT, action_id=action_id, payment_id=row["payment_id"], amount=amount)
    return _Reserved(outgoing=outgoing, result=result)


async def _store(
    tx: Tx, g: Gateway, asked: Asked, action_id: str, own: Trace, authorised: int, stays: int
) -> None:  # fmt: skip
    """What is owed to the acquirer if this process dies now: the advice again, or the increment's reversal."""
    now = g.platform.clock.now()
    kind = asked.method.value
    if asked.method is Method.INCREMENTAL:
        kind = "REVERSAL"
        own = reversal_trace(int(await tx.value("select nextval('ipp.stan')")), now, own)
    await tx.execute(
        "insert into ipp.advice (company_id, action_id, kind, state, terminal, stan, rrn, sent_at, tries, next_at, "
        "created_at, authorised_minor, stays_minor) values ($1, $2, $3, 'QUEUED', $4, $5, $6, $7, 0, $8, $9, $10, $11)",
        asked.company_id, action_id, kind, own.terminal, own.stan, own.rrn, own.transmitted_at,
        now + timedelta(seconds=g.limits.advice_lease_s), now, authorised, stays,
    )  # fmt: skip


async def _number(g: Gateway, company_id: str, row: asyncpg.Record) -> Secret[str]:
    place = number_place(company_id, row["card_id"])
    return await g.vault.open(PAYMENT, row["number"], row["number_key"], place=place)


# --- step two: ask, outside any transaction ---


async def _ask(g: Gateway, outgoing: Outgoing) -> Answer:
    try:
        return await send(g, PAYMENT, outgoing)
    except NoAnswer:
        return Answer.none()
    except NotSent:
        # Nothing left for an increment to be undone; an advice is sent again all the same.
        return Answer.not_sent() if outgoing.method is Method.INCREMENTAL else Answer.none()
    except Exception as error:
        # It is on record, and nobody may be told that it failed: what is owed is sent by the recovery.
        _log.error("action.not_asked", error, payment=outgoing.payment_id)
        return Answer.none()


# --- step three: settled, or owed ---


async def _settle(g: Gateway, reserved: _Reserved, answer: Answer) -> ActionResult:
    """Record the answer, or leave what is owed to the recovery. From here on nothing is raised: the money may have
    moved, and a shop that hears of a failure asks again."""
    outgoing = reserved.outgoing

    async def record() -> Result:
        async with g.platform.db.begin(PAYMENT, tenants=[outgoing.company_id]) as tx:
            if answer.known:
                return await settle(tx, g.platform, outgoing, answer, first=True)
            await tx.execute(
                "update ipp.advice set next_at = $3 where company_id = $1 and action_id = $2 and state = 'QUEUED'",
                outgoing.company_id, outgoing.action_id, g.platform.clock.now(),
            )  # fmt: skip
            return Result.WAIT

    result = await hold_on(g, record) or Result.WAIT
    if result is Result.WAIT:
        g.woken.set()
    return replace(reserved.result, result=result)
