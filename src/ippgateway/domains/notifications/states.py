"""When a shop is called again, and when no more (wire contract R-48). Pure: the clock is an argument."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ippgateway.domains.notifications.ports import Answer

PAUSES: tuple[timedelta, ...] = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""The pause after the first failed call, the second, and so on; after the seventh there is none."""

LEASE = timedelta(seconds=15)
"""How long one worker has a notification to itself. Longer than a call may take."""

EARLY = timedelta(seconds=1)
"""The database's clock rings the alarm, ours says what is due; they may differ by this much."""


class State(StrEnum):
    """PENDING is owed; the others are final."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


@dataclass(frozen=True, kw_only=True, slots=True)
class After:
    """What is known after a call. `next_at` is None when there will be no other."""

    state: State
    tries: int
    next_at: datetime | None


def after(answer: Answer, *, tries: int, now: datetime) -> After:
    """What follows from the answer to a call, when `tries` calls were made before it."""
    made = tries + 1
    if answer.failure is None:
        return After(state=State.DELIVERED, tries=made, next_at=None)
    if answer.failure.for_good or made > len(PAUSES):
        return After(state=State.FAILED, tries=made, next_at=None)
    return After(state=State.PENDING, tries=made, next_at=now + PAUSES[made - 1])
