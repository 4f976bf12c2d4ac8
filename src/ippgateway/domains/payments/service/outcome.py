"""Recording how attempts ended, in one transaction: state, action, event, ledger, notification.

Everything here is done for many attempts at once; what is asked for one goes the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import asyncpg

from ippgateway.core.batch import Place
from ippgateway.core.database import Stage, Tx
from ippgateway.core.money import Money
from ippgateway.core.secret import Secret
from ippgateway.domains.cards import service as cards
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.events import service as events
from ippgateway.domains.ledger import service as ledger
from ippgateway.domains.notifications import service as notifications
from ippgateway.domains.payments.events import PAYMENT_APPROVED, PAYMENT_DECLINED, PAYMENT_REVERSED, PAYMENT_UNKNOWN
from ippgateway.domains.payments.ports import (
    ABOUT_A_PAYER,
    AcquirerAnswer,
    Approved,
    Declined,
    DeclineReason,
    Trace,
    TryAgain,
    reversal_trace,
)
from ippgateway.domains.payments.schemas import Method
from ippgateway.domains.payments.service import velocity
from ippgateway.domains.payments.states import Happened, State, after
from ippgateway.privacy.catalogue import ACQUIRER, PAYMENT
from ippgateway.privacy.disclosure import records
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.vocabulary import Category

_PERHAPS = records.named(ABOUT_A_PAYER)
"""Of an attempt whose process died: nobody knows whether it was sent, so it counts as sent."""
_NOBODY_REFUSED = frozenset({DeclineReason.ACQUIRER_UNREACHABLE, DeclineReason.MERCHANT_SETUP})
"""Declines that say nothing of the card: they do not count towards the limit against card testing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """An attempt on record."""

    company_id: str
    payment_id: str
    action_id: str
    checkout_id: str
    person_id: str
    method: str
    amount: Money
    trace: Trace
    notify_url: Secret[str]
    test: bool
    network: bytes = velocity.EVERYBODY
    """Where the payer is, as a code; see `velocity`."""


class Move(NamedTuple):
    """A payment's change of state, if it is still in the state `before`."""

    company_id: str
    payment_id: str
    before: str
    after: str
    held: int
    taken: int
    at: datetime


class Silence(NamedTuple):
    """Nobody answered to a payment's first action."""

    company_id: str
    action_id: str
    payment_id: str
    event_id: str
    at: datetime
    handed: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The event of a final outcome, and the call that the shop is owed for it (wire contract 8.7)."""

    event: events.Happened
    owed: notifications.Owed | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """An answer to an authorisation or sale, or that there was none, with everything that is to be written."""

    attempt: Attempt
    answer: AcquirerAnswer | None
    told: Told
    at: datetime
    handed: str = ""
    """What the acquirer was told about the payer, as a record has it; nothing where it was not asked."""


def ended(
    p: Platform, attempt: Attempt, answer: AcquirerAnswer | None, box: Box, *, handed: frozenset[Category] = frozenset()
) -> Ended:
    """What is to be recorded of an attempt, made ready outside the transaction."""
    kind = PAYMENT_APPROVED if isinstance(answer, Approved) else PAYMENT_DECLINED if answer else PAYMENT_UNKNOWN
    return Ended(attempt=attempt, answer=answer, told=told(p, attempt, box, kind), at=p.clock.now(),
                 handed=records.named(handed))  # fmt: skip


def told(p: Platform, attempt: Attempt, box: Box, kind: str) -> Told:
    """The event of an outcome and, where the shop gave an address, its notification."""
    now = p.clock.now()
    url = notifications.sealed(box, attempt.notify_url.open())
    owed = None
    if url is not None:
        owed = notifications.Owed(
            attempt.company_id, p.ids.new(), attempt.payment_id, attempt.person_id, attempt.test, now, url
        )
    return Told(event=events.Happened(attempt.company_id, p.ids.new(), kind, attempt.payment_id, now), owed=owed)


async def record_all(tx: Tx, ends: Sequence[Ended]) -> list[State]:
    """Record how attempts ended; the state of each after it.

    It is another one than was to be recorded when it was decided before: by the recovery, or by an earlier try whose
    commit was not heard of.
    """
    if not ends:
        return []
    moved = await _move_all(tx, [_move_by(end) for end in ends])  # all of them locked at once, in one order
    ours = [end for end in ends if _payment(end) in moved]
    lost = [end for end in ends if _payment(end) not in moved]
    found = {_payment(end): _state_by(end) for end in ours}
    if lost:
        found |= await _decided_before(tx, lost)
    answered = [end for end in ours if end.answer is not None]
    if answered:
        await _record_answers(tx, answered)
    silences = [_silence(end) for end in ours if end.answer is None]
    if silences:
        await _record_silences(tx, silences)
    await velocity.count(tx, _endings(answered), ends[0].at)
    return [found[_payment(end)] for end in ends]


RECORD_END: Stage[Ended, State] = Stage(
    run=record_all, place=lambda end: (end.attempt.company_id, end.attempt.checkout_id)
)
"""The third step of a payment: how the attempt ended."""


async def _record_answers(tx: Tx, ends: Sequence[Ended]) -> None:
    await _answer(tx, ends)
    await _post(tx, [end for end in ends if isinstance(end.answer, Approved)])
    await _decline(tx, [end for end in ends if isinstance(end.answer, Declined)])
    await _tell_all(tx, [end.told for end in ends])


def _payment(end: Ended) -> Place:
    return end.attempt.company_id, end.attempt.payment_id


def _silence(end: Ended) -> Silence:
    attempt = end.attempt
    return Silence(attempt.company_id, attempt.action_id, attempt.payment_id, end.told.event.id, end.at, end.handed)


def _endings(ends: Sequence[Ended]) -> list[velocity.Ending]:
    told = [(end.attempt, verdict(end.answer)) for end in ends]
    return [velocity.Ending(at.company_id, at.network, approved) for at, approved in told if approved is not None]


def verdict(answer: AcquirerAnswer | None) -> bool | None:
    """Whether the card was approved or refused; None when nothing was said of it."""
    if answer is None or (isinstance(answer, Declined) and answer.reason in _NOBODY_REFUSED):
        return None
    return isinstance(answer, Approved)


def _state_by(end: Ended) -> State:
    if end.answer is None:
        return after(State.SENT, Happened.SILENCE)
    return after(State.SENT, Happened.APPROVAL if isinstance(end.answer, Approved) else Happened.REFUSAL)


def _move_by(end: Ended) -> Move:
    attempt = end.attempt
    held = attempt.amount.amount_minor if isinstance(end.answer, Approved) else 0
    taken = held if attempt.method == Method.SALE else 0
    return Move(attempt.company_id, attempt.payment_id, State.SENT, _state_by(end), held, taken, end.at)


async def _decided_before(tx: Tx, ends: Sequence[Ended]) -> dict[Place, State]:
    """How attempts stand that were no longer open, by company and payment.

    One that was approved, or sent without an answer, after it was given up is reversed again: it may have overtaken its
    reversal, or its host forgotten that, and then money is held.
    """
    rows = await tx.fetch(
        "select p.company_id, p.id, p.state from unnest($1::text[], $2::text[]) as asked(company_id, id) "
        "join ipp.payment p on p.company_id = asked.company_id and p.id = asked.id",
        [end.attempt.company_id for end in ends], [end.attempt.payment_id for end in ends],
    )  # fmt: skip
    states = {(row["company_id"], row["id"]): State(row["state"]) for row in rows}
    again = [
        (end.attempt.company_id, end.attempt.action_id, end.at)
        for end in ends
        if not isinstance(end.answer, Declined) and states[_payment(end)] in (State.UNKNOWN, State.REVERSED)
    ]
    if again:
        await tx.execute(
            "update ipp.advice r set state = 'QUEUED', next_at = e.at from unnest($1::text[], $2::text[], "
            "  $3::timestamptz[]) as e(company_id, action_id, at) "
            "where r.company_id = e.company_id and r.action_id = e.action_id and r.kind = 'REVERSAL'",
            *zip(*sorted(again), strict=True),
        )
    return states


async def _answer(tx: Tx, ends: Sequence[Ended]) -> None:
    rows = [
        (
            end.attempt.company_id, end.attempt.action_id,
            *(("NOK", end.answer.reason.value, end.answer.again.value, end.answer.response_code, "")
              if isinstance(end.answer, Declined) else ("ACK", "", "", end.answer.response_code, end.answer.auth_code)),
            end.at, end.handed,
        )
        for end in ends if end.answer is not None
    ]  # fmt: skip
    await tx.execute(
        "with answered as (update ipp.payment_action a set result = e.result, reason = e.reason, again = e.again, "
        "response_code = e.response_code, auth_code = e.auth_code, settled_at = e.at from unnest("
        "  $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], "
        "  $9::text[]) as e(company_id, id, result, reason, again, response_code, auth_code, at, handed) "
        "where a.company_id = e.company_id and a.id = e.id "
        "returning a.company_id, a.person_id, a.id, a.acquirer_id, e.at, e.handed) "
        f"{records.INSERT}select company_id, person_id, id, acquirer_id, '{ACQUIRER.key}', '{PAYMENT.key}', at, handed "
        f"from answered where handed <> ''{records.ONCE}",
        *zip(*rows, strict=True),
    )


async def _post(tx: Tx, ends: Sequence[Ended]) -> None:
    if ends:
        await ledger.post_all(
            tx,
            [ledger.Approved(a.company_id, a.action_id, a.method, a.amount, e.at) for e in ends for a in (e.attempt,)],
        )


async def _decline(tx: Tx, ends: Sequence[Ended]) -> None:
    counted = [(end.attempt.company_id, end.attempt.checkout_id) for end in ends if verdict(end.answer) is False]
    if counted:
        await checkouts.count_declines(tx, counted)
    for end in ends:
        if isinstance(end.answer, Declined) and end.answer.again is TryAgain.NEVER:
            attempt = end.attempt
            card_id = await tx.value(
                "select card_id from ipp.payment where company_id = $1 and id = $2",
                attempt.company_id, attempt.payment_id,
            )  # fmt: skip
            await cards.refuse(
                tx, company_id=attempt.company_id, card_id=card_id, reason=end.answer.reason.value,
                code=end.answer.response_code, at=end.at,
            )  # fmt: skip


async def record_unknown(tx: Tx, p: Platform, *, company_id: str, action_id: str) -> bool:
    """Nobody waits for an answer any more: the state is unknown, and a reversal is owed from the same transaction on.
    Whether this call was the one to record it; not when the attempt is decided."""
    payment_id = await tx.value(
        "select payment_id from ipp.payment_action where company_id = $1 and id = $2", company_id, action_id
    )
    if payment_id is None:
        raise RuntimeError("a recorded attempt is gone")
    if not await _move(tx, p, company_id, payment_id, State.SENT, after(State.SENT, Happened.SILENCE)):
        return False
    await _record_silences(tx, [Silence(company_id, action_id, payment_id, p.ids.new(), p.clock.now(), _PERHAPS)])
    return True


async def _record_silences(tx: Tx, silences: Sequence[Silence]) -> None:
    """What follows from the unknown state of these payments, which was written in this transaction."""
    rows = await tx.fetch(
        "select a.company_id, a.id, a.person_id, a.acquirer_id, a.terminal, a.stan, a.rrn, a.sent_at, "
        "nextval('ipp.stan') as number "
        "from unnest($1::text[], $2::text[]) as asked(company_id, id) "
        "join ipp.payment_action a on a.company_id = asked.company_id and a.id = asked.id",
        [silence.company_id for silence in silences], [silence.action_id for silence in silences],
    )  # fmt: skip
    of = {(row["company_id"], row["id"]): row for row in rows}
    if len(of) < len(silences):
        raise RuntimeError("a recorded attempt is gone")
    await _owe_reversals(tx, [(silence, of[silence[:2]]) for silence in silences])
    await events.emit_all(
        tx, [events.Happened(s.company_id, s.event_id, PAYMENT_UNKNOWN, s.payment_id, s.at) for s in silences]
    )


async def _owe_reversals(tx: Tx, owed: "Sequence[tuple[Silence, asyncpg.Record]]") -> None:
    rows = []
    for silence, row in owed:
        original = Trace(terminal=row["terminal"], stan=row["stan"], transmitted_at=row["sent_at"], rrn=row["rrn"])
        own = reversal_trace(row["number"], silence.at, original)
        rows.append((*silence[:2], own.terminal, own.stan, own.rrn, own.transmitted_at, silence.at, row["person_id"],
                     row["acquirer_id"], silence.handed))  # fmt: skip
    await tx.execute(
        "with owed as (select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], "
        "  $6::timestamptz[], $7::timestamptz[], $8::text[], $9::text[], $10::text[]) as owed(company_id, action_id, "
        "  terminal, stan, rrn, sent_at, at, person_id, acquirer_id, handed)), "
        f"told as ({records.INSERT}select company_id, person_id, action_id, acquirer_id, '{ACQUIRER.key}', "
        f"  '{PAYMENT.key}', at, handed from owed where handed <> ''{records.ONCE}) "
        "insert into ipp.advice (company_id, action_id, kind, state, terminal, stan, rrn, sent_at, tries, next_at, "
        "created_at) select company_id, action_id, 'REVERSAL', 'QUEUED', terminal, stan, rrn, sent_at, 0, at, at "
        "from owed",
        *zip(*rows, strict=True),
    )


async def record_reversed(tx: Tx, p: Platform, attempt: Attempt, box: Box) -> bool:
    """The acquirer acknowledged the reversal: nothing is held or taken. Whether this call was the one to record it."""
    reversed_ = after(State.UNKNOWN, Happened.REVERSAL_ACKNOWLEDGED)
    if not await _move(tx, p, attempt.company_id, attempt.payment_id, State.UNKNOWN, reversed_):
        return False
    await tx.execute(
        "update ipp.payment_action set result = 'NOK', reason = $3, again = $4, settled_at = $5 "
        "where company_id = $1 and id = $2",
        attempt.company_id, attempt.action_id, DeclineReason.NO_ANSWER.value, TryAgain.NOW.value, p.clock.now(),
    )  # fmt: skip
    await _tell(tx, p, attempt, box, PAYMENT_REVERSED)
    return True


async def _move(
    tx: Tx, p: Platform, company_id: str, payment_id: str, before: State, state: State, *, held: int = 0, taken: int = 0
) -> bool:
    return bool(await _move_all(tx, [Move(company_id, payment_id, before, state, held, taken, p.clock.now())]))


async def _move_all(tx: Tx, moves: Sequence[Move]) -> set[Place]:
    """Change the state of those payments that are still in the state they are thought to be in; which they were.

    They are locked in the order of their ids, here as everywhere.
    """
    rows = await tx.fetch(
        "update ipp.payment p "
        "set state = m.after, state_at = m.at, authorised_minor = m.held, captured_minor = m.taken "
        "from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::timestamptz[]) "
        "as m(company_id, id, before, after, held, taken, at) "
        "where p.company_id = m.company_id and p.id = m.id and p.state = m.before returning p.company_id, p.id",
        *zip(*sorted(moves), strict=True),
    )
    return {(row["company_id"], row["id"]) for row in rows}


async def _tell(tx: Tx, p: Platform, attempt: Attempt, box: Box, kind: str) -> None:
    await _tell_all(tx, [told(p, attempt, box, kind)])


async def _tell_all(tx: Tx, telling: Sequence[Told]) -> None:
    await events.emit_all(tx, [each.event for each in telling])
    owed = [each.owed for each in telling if each.owed is not None]
    if owed:
        await notifications.owe_all(tx, owed)
