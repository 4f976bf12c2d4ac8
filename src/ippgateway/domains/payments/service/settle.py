"""Settling an action: its reservation becomes fact or is given back, once, whoever hears of the answer first."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ippgateway.core.database import Tx
from ippgateway.domains.events import service as events
from ippgateway.domains.ledger import service as ledger
from ippgateway.domains.payments.events import ACTION_REFUSED, ACTION_SETTLED
from ippgateway.domains.payments.ports import AdviceRefused, Approved, Declined, DeclineReason, TryAgain
from ippgateway.domains.payments.schemas import Method, Result
from ippgateway.privacy.catalogue import ACQUIRER, CARD_DETAILS, CARD_NUMBER, PAYMENT
from ippgateway.privacy.disclosure import records
from ippgateway.privacy.platform import Platform

if TYPE_CHECKING:
    from ippgateway.domains.payments.service.message import Outgoing

_BECOMES = {
    Method.CAPTURE: ("capturing_minor", "captured_minor"),
    Method.VOID: ("voiding_minor", "voided_minor"),
    Method.REFUND: ("refunding_minor", "refunded_minor"),
    Method.INCREMENTAL: ("increasing_minor", "authorised_minor"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the acquirer said of an action, in one shape for all kinds. `known` false: nothing."""

    known: bool
    result: Result = Result.WAIT
    reason: str = ""
    again: str = ""
    response_code: str = ""
    auth_code: str = ""

    @classmethod
    def none(cls) -> "Answer":
        """Nobody answered."""
        return cls(known=False)

    @classmethod
    def accepted(cls) -> "Answer":
        """The acquirer took the advice."""
        return cls(known=True, result=Result.ACK, response_code="00")

    @classmethod
    def approved(cls, answer: Approved) -> "Answer":
        """The acquirer approved an increment."""
        return cls(known=True, result=Result.ACK, response_code=answer.response_code, auth_code=answer.auth_code)

    @classmethod
    def refused(cls, answer: AdviceRefused | Declined) -> "Answer":
        """The acquirer refused it for good."""
        again = answer.again.value if isinstance(answer, Declined) else TryAgain.LATER.value
        return cls(known=True, result=Result.NOK, reason=answer.reason.value, again=again,
                   response_code=answer.response_code)  # fmt: skip

    @classmethod
    def not_sent(cls) -> "Answer":
        """Certain that nothing left."""
        return cls(known=True, result=Result.NOK, reason=DeclineReason.ACQUIRER_UNREACHABLE.value,
                   again=TryAgain.NOW.value)  # fmt: skip

    @classmethod
    def undone(cls) -> "Answer":
        """What had no answer was reversed, and the acquirer acknowledged that."""
        return cls(known=True, result=Result.NOK, reason=DeclineReason.NO_ANSWER.value, again=TryAgain.NOW.value)


async def settle(tx: Tx, p: Platform, out: "Outgoing", answer: Answer, *, first: bool) -> Result:
    """Record the answer. `first`: by the call that asked, which loses when the recovery has begun to undo an increment.

    The action's result after it, which is an earlier one when somebody else was here before.
    """
    now = p.clock.now()
    untried = " and tries = 0" if first and out.method is Method.INCREMENTAL else ""
    done = await tx.execute(
        "update ipp.advice set state = 'DONE', done_at = $3 where company_id = $1 and action_id = $2 "
        f"and state = 'QUEUED'{untried}",
        out.company_id, out.action_id, now,
    )  # fmt: skip
    if done != 1:
        found = await tx.value(
            "select result from ipp.payment_action where company_id = $1 and id = $2", out.company_id, out.action_id
        )
        return Result(found)
    await tx.execute(
        "with settled as (update ipp.payment_action set result = $3, reason = $4, again = $5, response_code = $6, "
        "settled_at = $7 where company_id = $1 and id = $2 and result = 'WAIT' "
        "returning company_id, person_id, id, acquirer_id) "
        f"{records.INSERT}select company_id, person_id, id, acquirer_id, '{ACQUIRER.key}', '{PAYMENT.key}', $7, "
        f"$8::text from settled where $8::text <> ''{records.ONCE}",
        out.company_id, out.action_id, answer.result.value, answer.reason, answer.again, answer.response_code, now,
        _handed(out, answer),
    )  # fmt: skip
    await _balance(tx, out, answer)
    if answer.result is Result.ACK:
        await ledger.post(
            tx, company_id=out.company_id, action_id=out.action_id, kind=out.method.value, amount=out.amount, at=now
        )
    await events.emit(
        tx, p.ids, company_id=out.company_id, kind=ACTION_SETTLED if answer.result is Result.ACK else ACTION_REFUSED,
        subject_id=out.action_id, at=now,
    )  # fmt: skip
    return answer.result


def _handed(out: "Outgoing", answer: Answer) -> str:
    """What the acquirer was told about the payer; nothing when nothing left."""
    if answer.reason == DeclineReason.ACQUIRER_UNREACHABLE.value:
        return ""
    return records.named({CARD_NUMBER, CARD_DETAILS} if out.method is Method.INCREMENTAL else {CARD_NUMBER})


async def _balance(tx: Tx, out: "Outgoing", answer: Answer) -> None:
    approved = answer.result is Result.ACK
    reserved, fact = _BECOMES[out.method]
    changes = f"{reserved} = {reserved} - $3" + (f", {fact} = {fact} + $3" if approved else "")
    await tx.execute(
        f"update ipp.payment set {changes} where company_id = $1 and id = $2 and $3::bigint > 0",
        out.company_id, out.payment_id, out.amount.amount_minor,
    )  # fmt: skip
