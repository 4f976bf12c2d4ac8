"""When a letter is sent again, and when no more. Pure: the clock is an argument."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ippgateway.domains.mail.ports import Handed

PAUSES: tuple[timedelta, ...] = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
)
"""The pause after the first failed attempt, the second, and so on; the last one is used for all that follow."""

GIVEN_UP_AFTER = timedelta(days=5)
"""How long a letter is owed at most (RFC 5321, 4.5.4.1: four to five days)."""

LEASE = timedelta(seconds=60)
"""How long one worker has a letter to itself. Longer than handing it over may take."""

EARLY = timedelta(seconds=1)
"""The database's clock rings the alarm, ours says what is due; they may differ by this much."""


class State(StrEnum):
    """DUE is owed; the others are final. VOID: whoever should have had it withdrew their consent before it was sent."""

    DUE = "DUE"
    SENT = "SENT"
    FAILED = "FAILED"
    VOID = "VOID"


@dataclass(frozen=True, kw_only=True, slots=True)
class After:
    """What is known after an attempt. `next_at` is None when there will be no other."""

    state: State
    tries: int
    next_at: datetime | None


def after(handed: Handed, *, tries: int, owed_since: datetime, now: datetime) -> After:
    """What follows from an attempt, when `tries` were made before it."""
    made = tries + 1
    if handed.failure is None:
        return After(state=State.SENT, tries=made, next_at=None)
    again = now + PAUSES[min(made, len(PAUSES)) - 1]
    if handed.failure.for_good or again > owed_since + GIVEN_UP_AFTER:
        return After(state=State.FAILED, tries=made, next_at=None)
    return After(state=State.DUE, tries=made, next_at=again)
