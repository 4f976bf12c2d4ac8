"""Recording how an attempt ended, in one transaction: state, action, event, ledger, notification."""

from dataclasses import dataclass

from ippgateway.core.database import Tx
from ippgateway.core.money import Money
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.events import service as events
from ippgateway.domains.ledger import service as ledger
from ippgateway.domains.notifications import service as notifications
from ippgateway.domains.payments.events import PAYMENT_APPROVED, PAYMENT_DECLINED, PAYMENT_REVERSED, PAYMENT_UNKNOWN
from ippgateway.domains.payments.ports import (
    AcquirerAnswer,
    Approved,
    Declined,
    DeclineReason,
    Trace,
    TryAgain,
    reversal_trace,
)
from ippgateway.domains.payments.schemas import Method
from ippgateway.domains.payments.states import Happened, State, after
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform

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


async def record(tx: Tx, p: Platform, attempt: Attempt, answer: AcquirerAnswer, box: Box) -> State:
    """Record the answer to an authorisation or sale, unless the attempt was given up as unknown meanwhile: then the
    reversal stands.

    The state after it, which is another one when it was decided before: by the recovery, or by an earlier call of this
    whose commit was not heard of.
    """
    approved = isinstance(answer, Approved)
    state = after(State.SENT, Happened.APPROVAL if approved else Happened.REFUSAL)
    held = attempt.amount.amount_minor if approved else 0
    taken = held if attempt.method == Method.SALE else 0
    if not await _move(tx, p, attempt.company_id, attempt.payment_id, State.SENT, state, held=held, taken=taken):
        found = await _state(tx, attempt.company_id, attempt.payment_id)
        if approved and found in (State.UNKNOWN, State.REVERSED):
            await _reverse_again(tx, p, attempt)
        return found
    await _answer(tx, p, attempt, answer)
    if approved:
        await ledger.post(
            tx, company_id=attempt.company_id, action_id=attempt.action_id, kind=attempt.method, amount=attempt.amount,
            at=p.clock.now(),
        )  # fmt: skip
    elif isinstance(answer, Declined) and answer.reason not in _NOBODY_REFUSED:
        await checkouts.count_decline(tx, company_id=attempt.company_id, checkout_id=attempt.checkout_id)
    kind = PAYMENT_APPROVED if approved else PAYMENT_DECLINED
    await _tell(tx, p, attempt, box, kind)
    return state


async def _answer(tx: Tx, p: Platform, attempt: Attempt, answer: AcquirerAnswer) -> None:
    declined = answer if isinstance(answer, Declined) else None
    await tx.execute(
        "update ipp.payment_action set result = $3, reason = $4, again = $5, response_code = $6, auth_code = $7, "
        "settled_at = $8 where company_id = $1 and id = $2",
        attempt.company_id, attempt.action_id, "NOK" if declined else "ACK",
        declined.reason.value if declined else "", declined.again.value if declined else "", answer.response_code,
        answer.auth_code if isinstance(answer, Approved) else "", p.clock.now(),
    )  # fmt: skip


async def record_unknown(tx: Tx, p: Platform, *, company_id: str, action_id: str) -> State:
    """Nobody answered: the state is unknown, and a reversal is owed from the same transaction on."""
    row = await tx.row(
        "select p.id, p.state, a.terminal, a.stan, a.rrn, a.sent_at from ipp.payment_action a join ipp.payment p "
        "on p.company_id = a.company_id and p.id = a.payment_id where a.company_id = $1 and a.id = $2",
        company_id, action_id,
    )  # fmt: skip
    if row is None:
        raise RuntimeError("a recorded attempt is gone")
    if not await _move(tx, p, company_id, row["id"], State.SENT, after(State.SENT, Happened.SILENCE)):
        return State(row["state"])
    now = p.clock.now()
    original = Trace(terminal=row["terminal"], stan=row["stan"], transmitted_at=row["sent_at"], rrn=row["rrn"])
    own = reversal_trace(int(await tx.value("select nextval('ipp.stan')")), now, original)
    await tx.execute(
        "insert into ipp.advice (company_id, action_id, kind, state, terminal, stan, rrn, sent_at, tries, next_at, "
        "created_at) "
        "values ($1, $2, 'REVERSAL', 'QUEUED', $3, $4, $5, $6, 0, $7, $7)",
        company_id, action_id, own.terminal, own.stan, own.rrn, own.transmitted_at, now,
    )  # fmt: skip
    await events.emit(tx, p.ids, company_id=company_id, kind=PAYMENT_UNKNOWN, subject_id=row["id"], at=now)
    return State.UNKNOWN


async def record_reversed(tx: Tx, p: Platform, attempt: Attempt, box: Box) -> bool:
    """The acquirer acknowledged the reversal: nothing is held or taken. Whether this call was the one to record it."""
    if not await _move(
        tx,
        p,
        attempt.company_id,
        attempt.payment_id,
        State.UNKNOWN,
        after(State.UNKNOWN, Happened.REVERSAL_ACKNOWLEDGED),
    ):
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
    moved = await tx.execute(
        "update ipp.payment set state = $4, state_at = $5, authorised_minor = $6, captured_minor = $7 "
        "where company_id = $1 and id = $2 and state = $3",
        company_id, payment_id, before.value, state.value, p.clock.now(), held, taken,
    )  # fmt: skip
    return moved == 1


async def _reverse_again(tx: Tx, p: Platform, attempt: Attempt) -> None:
    """An approval came after its reversal: a host that forgot the reversal may hold the money, so it is told again."""
    await tx.execute(
        "update ipp.advice set state = 'QUEUED', next_at = $3 where company_id = $1 and action_id = $2 "
        "and kind = 'REVERSAL'",
        attempt.company_id, attempt.action_id, p.clock.now(),
    )  # fmt: skip


async def _state(tx: Tx, company_id: str, payment_id: str) -> State:
    return State(
        await tx.value("select state from ipp.payment where company_id = $1 and id = $2", company_id, payment_id)
    )


async def _tell(tx: Tx, p: Platform, attempt: Attempt, box: Box, kind: str) -> None:
    """The event, and the call that the shop is owed after every final outcome (wire contract 8.7)."""
    now = p.clock.now()
    await events.emit(tx, p.ids, company_id=attempt.company_id, kind=kind, subject_id=attempt.payment_id, at=now)
    url = notifications.sealed(box, attempt.notify_url.open())
    if url is not None:
        await notifications.owe(
            tx, p.ids, company_id=attempt.company_id, payment_id=attempt.payment_id, person_id=attempt.person_id,
            test=attempt.test, url_sealed=url, at=now,
        )  # fmt: skip
