"""The way of a case. Pure."""

from enum import StrEnum


class State(StrEnum):
    """How a case stands. `APPROVED`: by two. `READY`: put together, for somebody to hand over."""

    OPEN = "OPEN"
    APPROVED = "APPROVED"
    READY = "READY"
    DONE = "DONE"
    REFUSED = "REFUSED"


class Act(StrEnum):
    """What is done with a case."""

    APPROVE_LAST = "approve_last"
    PREPARE = "prepare"
    HAND_OVER = "hand_over"
    REFUSE = "refuse"


class NoSuchStep(ValueError):
    """A case can't go that way."""


_STEPS = {
    (State.OPEN, Act.APPROVE_LAST): State.APPROVED,
    (State.APPROVED, Act.PREPARE): State.READY,
    (State.READY, Act.HAND_OVER): State.DONE,
    (State.OPEN, Act.REFUSE): State.REFUSED,
    (State.APPROVED, Act.REFUSE): State.REFUSED,
    (State.READY, Act.REFUSE): State.REFUSED,
}


def after(before: State, act: Act) -> State:
    """The next state. Raises NoSuchStep."""
    try:
        return _STEPS[before, act]
    except KeyError:
        raise NoSuchStep(f"{act.value} is no step of {before.value}") from None
