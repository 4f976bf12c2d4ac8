"""Pure transitions of a payment. Unknown is a state: it ends only by an answer, never by a guess."""

from dataclasses import dataclass
from enum import StrEnum

from ippgateway.domains.payments.schemas import Result


class State(StrEnum):
    """Where an attempt stands."""

    SENT = "SENT"
    """Recorded and perhaps on its way; nobody has answered yet."""
    UNKNOWN = "UNKNOWN"
    """No answer came in time; a reversal is owed."""
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    REVERSED = "REVERSED"
    """Was unknown; the acquirer acknowledged the reversal, so nothing is held or taken."""


class Happened(StrEnum):
    """What can happen to an attempt."""

    APPROVAL = "approval"
    REFUSAL = "refusal"
    SILENCE = "silence"
    REVERSAL_ACKNOWLEDGED = "reversal_acknowledged"


class ImpossibleTransition(RuntimeError):
    """The program is wrong: this can't happen to an attempt in this state."""


_AFTER: dict[tuple[State, Happened], State] = {
    (State.SENT, Happened.APPROVAL): State.APPROVED,
    (State.SENT, Happened.REFUSAL): State.DECLINED,
    (State.SENT, Happened.SILENCE): State.UNKNOWN,
    (State.UNKNOWN, Happened.REVERSAL_ACKNOWLEDGED): State.REVERSED,
}


def after(state: State, event: Happened) -> State:
    """The next state. Raises ImpossibleTransition."""
    try:
        return _AFTER[state, event]
    except KeyError:
        raise ImpossibleTransition(f"{event.value} in {state.value}") from None


def result_of(state: State) -> Result:
    """The wire's word for it: unknown is WAIT, on purpose."""
    match state:
        case State.SENT | State.UNKNOWN:
            return Result.WAIT
        case State.APPROVED:
            return Result.ACK
        case State.DECLINED | State.REVERSED:
            return Result.NOK


@dataclass(frozen=True, kw_only=True, slots=True)
class Balance:
    """What of a payment is fact, in minor units."""

    authorised_minor: int
    captured_minor: int
    voided_minor: int
    refunded_minor: int


def status_of(state: State, balance: Balance | None = None) -> str:
    """The status word of the wire contract's section 6 (R-14). Without a balance: that of a fresh authorisation."""
    match state:
        case State.SENT | State.UNKNOWN:
            return "WAIT"
        case State.DECLINED | State.REVERSED:
            return "DECLINED"
        case State.APPROVED:
            return "NEW" if balance is None else _approved(balance)


def _approved(balance: Balance) -> str:
    if balance.refunded_minor:
        return "REFUNDED" if balance.refunded_minor == balance.captured_minor else "PARTIAL"
    if balance.captured_minor:
        released = balance.captured_minor + balance.voided_minor == balance.authorised_minor
        return "CAPTURED" if released else "PARTIAL"
    if balance.voided_minor:
        return "VOIDED" if balance.voided_minor == balance.authorised_minor else "PARTIAL"
    return "NEW"
