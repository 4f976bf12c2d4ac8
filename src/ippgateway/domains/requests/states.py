"""The way of a request, and its clock (GDPR Article 12(3)). Pure: days are arguments."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

from ippgateway.domains.requests.errors import NoSuchStep

MONTHS, EXTENDED_MONTHS = 1, 3
"""From the day on which it was received: one month, and two further ones after an extension."""


class State(StrEnum):
    """How a request stands. `ASKED`: it is not shown yet who asks. `GRANTED`: decided, and still to be carried out."""

    ASKED = "ASKED"
    OPEN = "OPEN"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"
    DONE = "DONE"
    WITHDRAWN = "WITHDRAWN"

    @property
    def ended(self) -> bool:
        """Whether nothing follows."""
        return self in (State.REFUSED, State.DONE, State.WITHDRAWN)


class Act(StrEnum):
    """What is done with a request."""

    IDENTIFY = "identify"
    GRANT = "grant"
    REFUSE = "refuse"
    CARRY_OUT = "carry_out"
    WITHDRAW = "withdraw"


_STEPS = {
    (State.ASKED, Act.IDENTIFY): State.OPEN,
    (State.ASKED, Act.REFUSE): State.REFUSED,
    (State.ASKED, Act.WITHDRAW): State.WITHDRAWN,
    (State.OPEN, Act.GRANT): State.GRANTED,
    (State.OPEN, Act.REFUSE): State.REFUSED,
    (State.OPEN, Act.WITHDRAW): State.WITHDRAWN,
    (State.GRANTED, Act.CARRY_OUT): State.DONE,
}


def after(before: State, act: Act) -> State:
    """The next state. Raises NoSuchStep."""
    try:
        return _STEPS[before, act]
    except KeyError:
        raise NoSuchStep(f"{act.value} is no step of {before.value}") from None


def due_on(asked_on: date, *, extended: bool = False) -> date:
    """The last day for an answer: the same day of a later month, or that month's last one.

    A day that falls on a holiday is not put off: the law would allow it, and nobody waits longer for it here.
    """
    months = asked_on.month - 1 + (EXTENDED_MONTHS if extended else MONTHS)
    year, month = asked_on.year + months // 12, months % 12 + 1
    return date(year, month, min(asked_on.day, monthrange(year, month)[1]))


def may_extend(state: State, *, today: date, due: date, extended: bool) -> bool:
    """Whether the time may be made longer: once, inside the first month, while nothing is decided."""
    return state in (State.ASKED, State.OPEN) and not extended and today <= due


def overdue(state: State, *, today: date, due: date, extended_to: date | None) -> bool:
    """Whether an answer is late. What is granted and waits for something else is answered."""
    return state in (State.ASKED, State.OPEN) and today > (extended_to or due)
