"""Cases as they are entered and shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ippgateway.domains.disclosures.kinds import Kind
from ippgateway.domains.disclosures.states import State

__all__ = ["MOST_SUBJECTS", "Case", "Kind", "Line", "NewCase", "State"]

MOST_SUBJECTS = 50


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class NewCase:
    """A request as staff enter it. `contents`: by the keys of its kind; `subjects`: whom it is about, a line each: a
    payment's id, a company's id and a payer's address, or a user's address; `categories`: keys, which fields go out;
    `silent`, `hold`, `pseudonymised`: None for what the kind says."""

    kind: str
    organisation: str
    place: str
    contents: Mapping[str, str]
    subjects: tuple[str, ...]
    categories: tuple[str, ...]
    transfer_tool: str = ""
    measures: str = ""
    begins: date | None = None
    ends: date | None = None
    due_on: date | None = None
    silent: bool | None = None
    silent_until: date | None = None
    hold: bool | None = None
    pseudonymised: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A case in a list."""

    id: str
    kind: Kind
    state: State
    organisation: str
    requested_by: str
    approvals: int
    created_at: datetime
    due_on: date | None
    overdue: bool


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Case:
    """One case, opened."""

    id: str
    kind: Kind
    state: State
    organisation: str
    place: str
    transfer_tool: str
    measures: str
    categories: tuple[str, ...]
    begins: date | None
    ends: date | None
    pseudonymised: bool
    due_on: date | None
    overdue: bool
    silent: bool
    silent_until: date | None
    hold: bool
    held_at: datetime | None
    requested_by: str
    created_at: datetime
    first_by: str | None
    first_at: datetime | None
    second_by: str | None
    second_at: datetime | None
    ready_at: datetime | None
    found: int | None
    digest: str | None
    told_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None
    contents: Mapping[str, str] = field(default_factory=dict)
    subjects: tuple[str, ...] = ()

    def may_approve(self, user_id: str) -> bool:
        """Whether this member of staff can be one of the two."""
        return self.state is State.OPEN and user_id not in (self.requested_by, self.first_by)
