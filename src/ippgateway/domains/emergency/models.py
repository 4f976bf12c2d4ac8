"""The one table of emergency accesses. An hour is the most that the database takes, and the reviewer is another."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import (
    ERASURE,
    FREE_TEXT,
    LOOK_TERM,
    OWN_DATA,
    SERVICE,
    STAFF_ACCOUNT,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain
from ippgateway.privacy.vocabulary import HeldAs, Source, Words
from ippgateway.privacy.zones import PLATFORM

_AT = DateTime(timezone=True)


class EmergencyAccess(Table):
    """One. It belongs to a session, and nothing has to happen for it to end: whoever resumes the session compares."""

    __tablename__ = "emergency_access"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        CheckConstraint(
            "ends_at > began_at and ends_at <= began_at + interval '1 hour'", name="ck_emergency_access_one_hour"
        ),
        CheckConstraint("reviewed_by <> user_id", name="ck_emergency_access_another_reviews"),
        CheckConstraint(
            "(reviewed_by is null) = (reviewed_at is null) and (verdict is null) = (reviewed_at is null)",
            name="ck_emergency_access_reviewed",
        ),
        CheckConstraint("reviewed_at >= coalesce(ended_at, ends_at)", name="ck_emergency_access_over"),
        CheckConstraint("verdict in ('justified', 'not_justified')", name="ck_emergency_access_verdict"),
        Index("ix_emergency_access_session", "session_id"),
    )
    __declares__ = Declares(
        about=Words(en="emergency accesses", da="nødadgange"),
        tenant="tenant_id",
        owner="user_id",
        since="began_at",
        lapses=True,
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(OWN_DATA, never_of=PLATFORM),
            Access(ERASURE, never_of=PLATFORM),
            Access(
                STAFF_ACCOUNT, insert=True, only_of=PLATFORM,
                update=("ended_at", "reviewed_by", "reviewed_at", "verdict", "finding"),
            ),
        ),
    )  # fmt: skip
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID)
    session_id: Mapped[str] = plain(ID)
    began_at: Mapped[datetime] = plain(_AT)
    ends_at: Mapped[datetime] = plain(_AT)
    ended_at: Mapped[datetime | None] = plain(_AT)
    """When whoever used it ended it, if before `ends_at`."""
    reviewed_by: Mapped[str | None] = plain(ID)
    reviewed_at: Mapped[datetime | None] = plain(_AT)
    verdict: Mapped[str | None] = plain(String(16))
    reason: Mapped[bytes | None] = personal(FREE_TEXT, uses={STAFF_ACCOUNT}, keep=LOOK_TERM, sealed=SERVICE,
                                            source=Source.STAFF)  # fmt: skip
    finding: Mapped[bytes | None] = personal(FREE_TEXT, uses={STAFF_ACCOUNT}, keep=LOOK_TERM, sealed=SERVICE,
                                             source=Source.STAFF)  # fmt: skip
    """What the reviewer wrote."""
