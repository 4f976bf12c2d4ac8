"""What the room gives."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LASTS = timedelta(hours=1)
REVIEWED_WITHIN = timedelta(days=3)
LONGEST = 1000


class Verdict(StrEnum):
    """What a review finds."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """One look under an emergency access, in ids and words of ours."""

    at: datetime
    tenant_id: str
    person_id: str
    why: str
    shown: str


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class AccessView:
    """One emergency access. Not printable: it has what somebody typed."""

    id: str
    user_id: str
    began_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    verdict: Verdict | None
    reason: str
    finding: str
    looks: tuple[Looked, ...] = ()

    @property
    def over_at(self) -> datetime:
        """When it ended, or will."""
        return min(self.ended_at or self.ends_at, self.ends_at)

    @property
    def due_at(self) -> datetime:
        """Until when somebody else has to have reviewed it."""
        return self.over_at + REVIEWED_WITHIN

    def open(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.over_at > now

    def overdue(self, now: datetime) -> bool:
        """Whether its review is late."""
        return self.reviewed_at is None and self.due_at <= now

    def may_review(self, user_id: str, now: datetime) -> bool:
        """Whether somebody may review it now; the database decides the same."""
        return self.reviewed_at is None and not self.open(now) and user_id != self.user_id
