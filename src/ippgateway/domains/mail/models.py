"""Letters: e-mail that is owed, and whether it was sent."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, Integer, String
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import (
    ACCOUNT,
    CONSENT,
    EMAIL,
    ERASURE,
    FREE_TEXT,
    HAND_OVER,
    MAIL,
    MAIL_PROVIDER,
    MAIL_TERM,
    OWN_DATA,
    SERVICE,
    STAFF_ACCOUNT,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain
from ippgateway.privacy.vocabulary import HeldAs, Words
from ippgateway.privacy.zones import PLATFORM

_WRITTEN = ("tenant_id", "id", "person_id", "kind", "state", "created_at", "sent_at")


class Letter(Table):
    """One e-mail. `told` is emptied once it is sent or given up: it may hold a link that opens something."""

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("state in ('DUE', 'SENT', 'FAILED', 'VOID')"),
        Index("ix_letter_due", "next_at", postgresql_where="state = 'DUE'"),
        Index("ix_letter_person", "tenant_id", "person_id"),
        Index("ix_letter_age", "created_at"),
    )
    __declares__ = Declares(
        about=Words(en="e-mail we sent", da="e-mail, vi har sendt"),
        tenant="tenant_id",
        owner="person_id",
        held_as=HeldAs.CONTROLLER,
        goes=True,
        access=(
            Access(ACCOUNT, insert=True, only=_WRITTEN, never_of=PLATFORM),
            Access(STAFF_ACCOUNT, insert=True, only=_WRITTEN, only_of=PLATFORM),
            Access(OWN_DATA, insert=True, never_of=PLATFORM),
            Access(HAND_OVER, insert=True, never_of=PLATFORM),
            Access(ERASURE, never_of=PLATFORM),
            Access(CONSENT, update=("state", "next_at", "told"), only=("tenant_id", "person_id", "kind", "state"),
                   never_of=PLATFORM),
            Access(MAIL, update=("state", "tries", "next_at", "sent_at", "told"), across_tenants=True),
        ),
    )  # fmt: skip
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID)
    kind: Mapped[str] = plain(String(30))
    """Which letter it is: a value of `letters.Kind`."""
    language: Mapped[str] = plain(String(2))
    state: Mapped[str] = plain(String(6))
    tries: Mapped[int] = plain(Integer(), server_default="0")
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    next_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    sent_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    address: Mapped[bytes] = personal(EMAIL, uses={MAIL}, keep=MAIL_TERM, sealed=SERVICE, to={MAIL_PROVIDER})
    told: Mapped[bytes | None] = personal(FREE_TEXT, uses={MAIL}, keep=MAIL_TERM, sealed=SERVICE, to={MAIL_PROVIDER})
    """What the letter says besides its own words, as JSON of texts by name."""
