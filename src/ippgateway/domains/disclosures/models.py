"""The one table of cases (DISC-3 to DISC-10)."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ARRAY, Boolean, CheckConstraint, Date, DateTime, Index, Integer, String, text
from sqlalchemy.orm import Mapped

from ippgateway.domains.disclosures.kinds import KINDS
from ippgateway.privacy.catalogue import CASE_TERM, DISCLOSURE, FREE_TEXT, HAND_OVER, SERVICE
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain
from ippgateway.privacy.disclosure.places import EEA
from ippgateway.privacy.vocabulary import HeldAs, Place, Words
from ippgateway.privacy.zones import PLATFORM

_TO_DECIDE = (
    "state", "first_by", "first_at", "second_by", "second_at", "ended_by", "ended_at", "export", "silent_until",
)  # fmt: skip
_TO_PREPARE = ("state", "held_at", "ready_at", "export", "found", "digest", "told_at", "ended_at")


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


_BEYOND = [kind.key for kind in KINDS.values() if kind.recipient.places != {Place.EU}]
"""The kinds whose recipient may be outside the EEA."""


class DisclosureCase(Table):
    """One request. Two people approve it, neither of them the one who entered it: the database refuses anything else,
    whoever asks it. What is in the request, and what is handed over, is sealed under keys of whoever asks."""

    __tablename__ = "disclosure_case"
    __table_args__ = (
        CheckConstraint("state in ('OPEN', 'APPROVED', 'READY', 'DONE', 'REFUSED')", name="ck_disclosure_case_state"),
        CheckConstraint(
            "first_by <> requested_by and second_by <> requested_by and first_by <> second_by",
            name="ck_disclosure_case_three_people",
        ),
        CheckConstraint(
            "state in ('OPEN', 'REFUSED') or (first_by is not null and second_by is not null)",
            name="ck_disclosure_case_two_approvals",
        ),
        CheckConstraint("second_by is null or first_by is not null", name="ck_disclosure_case_first_before_second"),
        CheckConstraint("(state in ('DONE', 'REFUSED')) = (ended_at is not null)", name="ck_disclosure_case_ended"),
        CheckConstraint(f"kind in ({_listed(KINDS)})", name="ck_disclosure_case_kind"),
        CheckConstraint("organisation <> '' and cardinality(categories) > 0", name="ck_disclosure_case_says"),
        CheckConstraint(
            f"place in ({_listed(EEA)}) or (kind in ({_listed(_BEYOND)}) and transfer_tool <> '' and measures <> '')",
            name="ck_disclosure_case_place",
        ),
        CheckConstraint("kind <> 'authority' or due_on is not null", name="ck_disclosure_case_deadline"),
        Index("ix_disclosure_case_time", "created_at"),
        Index("ix_disclosure_case_to_do", "state", postgresql_where=text("state in ('APPROVED', 'READY')")),
    )
    __declares__ = Declares(
        about=Words(en="cases of disclosure", da="udleveringssager"),
        tenant="tenant_id",
        owner="asker_id",
        lapses=True,
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(DISCLOSURE, insert=True, update=_TO_DECIDE, only_of=PLATFORM),
            Access(HAND_OVER, update=_TO_PREPARE, only_of=PLATFORM),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    asker_id: Mapped[str] = linking(ID)
    """Whoever asks, outside: a person with keys of their own, so that the case is sealed like anything else."""
    kind: Mapped[str] = plain(String(20))
    state: Mapped[str] = plain(String(8))
    organisation: Mapped[str] = plain(String(120))
    place: Mapped[str] = plain(String(2))
    transfer_tool: Mapped[str] = plain(String(20))
    measures: Mapped[str] = plain(String(400))
    categories: Mapped[list[str]] = plain(ARRAY(String(40)))
    begins: Mapped[date | None] = plain(Date())
    ends: Mapped[date | None] = plain(Date())
    """The scope in time: what was stored before or after these days stays."""
    pseudonymised: Mapped[bool] = plain(Boolean())
    due_on: Mapped[date | None] = plain(Date())
    silent: Mapped[bool] = plain(Boolean())
    """Whether the people concerned are not told at all."""
    silent_until: Mapped[date | None] = plain(Date())
    """Until when the law or the authority forbids to tell them."""
    hold: Mapped[bool] = plain(Boolean())
    """Whether what it is about may not be erased meanwhile."""
    held_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    """When the holds were placed."""
    requested_by: Mapped[str] = plain(ID)
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    first_by: Mapped[str | None] = plain(ID)
    first_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    second_by: Mapped[str | None] = plain(ID)
    second_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    ready_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    found: Mapped[int | None] = plain(Integer())
    """How many people were found."""
    digest: Mapped[str | None] = plain(String(64))
    """SHA-256 of what was handed over, which itself is kept no longer."""
    told_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    ended_by: Mapped[str | None] = plain(ID)
    ended_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    contents: Mapped[bytes | None] = personal(FREE_TEXT, uses={DISCLOSURE, HAND_OVER}, keep=CASE_TERM, sealed=SERVICE)
    """What the request says, as JSON of texts by the keys of `kinds`."""
    subjects: Mapped[bytes | None] = personal(FREE_TEXT, uses={DISCLOSURE, HAND_OVER}, keep=CASE_TERM, sealed=SERVICE)
    """Whom it is about, as it was asked: a line each."""
    export: Mapped[bytes | None] = personal(FREE_TEXT, uses={DISCLOSURE}, keep=CASE_TERM, sealed=SERVICE)
    """What is handed over, from when it is put together until it is handed over."""
