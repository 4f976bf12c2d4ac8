"""What the registers take and give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

NOTIFY_WITHIN = timedelta(hours=72)
"""From becoming aware to telling the authority (GDPR Article 33(1))."""
LONGEST = 4000


class How(StrEnum):
    """How a paper file was destroyed."""

    SHREDDED = "shredded"
    BURNT = "burnt"
    CONTRACTOR = "contractor"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewFile:
    """A paper file to be entered. `country`: ISO 3166-1, two letters."""

    label: str
    country: str
    place: str
    categories: tuple[str, ...]
    destroy_by: date


@dataclass(frozen=True, kw_only=True, slots=True)
class FileView:
    """A paper file."""

    id: str
    label: str
    country: str
    place: str
    categories: tuple[str, ...]
    destroy_by: date
    entered_by: str
    created_at: datetime
    destroyed_at: datetime | None
    destroyed_by: str | None
    how: How | None
    confirmed_at: datetime | None
    confirmed_by: str | None

    def overdue(self, today: date) -> bool:
        """Whether it should be destroyed by now and is not, as two people say."""
        return self.confirmed_at is None and self.destroy_by < today

    def may_confirm(self, user_id: str) -> bool:
        """Whether somebody may be the second of the two; the database decides the same."""
        return self.destroyed_at is not None and self.confirmed_at is None and self.destroyed_by != user_id


# --- breaches ---


class Risk(StrEnum):
    """What it can mean for the persons concerned (GDPR Articles 33(1) and 34(1))."""

    UNLIKELY = "unlikely"
    RISK = "risk"
    HIGH = "high"


class Act(StrEnum):
    """What an entry did."""

    OPENED = "opened"
    CHANGED = "changed"
    COUNTED = "counted"
    NOTIFIED = "notified"
    TOLD = "told"
    CLOSED = "closed"


TEXTS = ("nature", "effects", "consequences", "measures", "assessment", "late", "untold")
"""What is written about a breach. `late`: why the authority hears of it after 72 hours; `untold`: why the persons are
not told though the risk is high (Article 34(3))."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Said:
    """What a form says of a breach."""

    aware_at: datetime
    began_at: datetime | None = None
    ended_at: datetime | None = None
    categories: tuple[str, ...] = ()
    of_tenant: str | None = None
    staff_id: str | None = None
    recipient_id: str | None = None
    risk: Risk | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


class Clock(StrEnum):
    """How the 72 hours stand. `NOT_NEEDED`: a risk is unlikely, so nobody outside has to hear of it."""

    RUNNING = "running"
    OVERDUE = "overdue"
    IN_TIME = "in_time"
    LATE = "late"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One line of a breach's log."""

    number: int
    at: datetime
    by_id: str
    act: Act
    risk: Risk | None
    persons: int | None


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class BreachView:
    """A breach as it stands, with its log, oldest first. Not printable: it has what somebody typed."""

    id: str
    number: int
    said: Said
    persons: int | None
    records: int | None
    notified_at: datetime | None
    told_at: datetime | None
    closed_at: datetime | None
    log: tuple[Step, ...] = ()

    @property
    def due_at(self) -> datetime:
        """Until when the authority hears of it."""
        return self.said.aware_at + NOTIFY_WITHIN

    def clock(self, now: datetime) -> Clock:
        """How the 72 hours stand."""
        if self.notified_at is not None:
            return Clock.IN_TIME if self.notified_at <= self.due_at else Clock.LATE
        if self.said.risk is Risk.UNLIKELY:
            return Clock.NOT_NEEDED
        return Clock.OVERDUE if now > self.due_at else Clock.RUNNING

    def hours_left(self, now: datetime) -> int:
        """Whole hours until the end, negative after it."""
        return int((self.due_at - now).total_seconds() // 3600)


@dataclass(frozen=True, kw_only=True, slots=True)
class Concerned:
    """Who is concerned in one place. `place`: a table, or `look` and `disclosure` for what a member of staff saw and a
    recipient got. `since`: whether only rows of the breach's time were counted."""

    place: str
    persons: int
    records: int
    timed: bool
