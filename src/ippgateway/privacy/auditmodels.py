"""The trail of what staff and the system did: append-only, each entry bound to the one before it."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, LargeBinary, String
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import AUDIT_REVIEW
from ippgateway.privacy.declare import Access, Declares, Table, plain
from ippgateway.privacy.vocabulary import HeldAs, Words


class AuditEntry(Table):
    """One act. No role may write the table; `ipp.audit_append` adds an entry and nothing else can."""

    __tablename__ = "audit_entry"
    __declares__ = Declares(
        about=Words(en="audit trail of staff and system", da="revisionsspor for medarbejdere og system"),
        tenant=None,
        held_as=HeldAs.CONTROLLER,
        access=(Access(AUDIT_REVIEW),),
    )
    seq: Mapped[int] = plain(BigInteger(), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = plain(DateTime(timezone=True), nullable=False)
    actor: Mapped[str] = plain(String(40), nullable=False)
    act: Mapped[str] = plain(String(60), nullable=False)
    object: Mapped[str] = plain(String(60), nullable=False)
    previous: Mapped[bytes] = plain(LargeBinary(), nullable=False)
    hash: Mapped[bytes] = plain(LargeBinary(), nullable=False)
