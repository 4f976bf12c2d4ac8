"""Requests that carried an idempotency key, for a day."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import FREE_TEXT, PAYMENT, PSEUDONYM, REQUEST_TERM, SERVICE
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain
from ippgateway.privacy.vocabulary import HeldAs, Words


class IdempotentRequest(Table):
    """One request and, once there is one, its answer, sealed. The key and the body are kept as keyed codes; the body's
    code takes the masked card for its number and leaves the security code out."""

    __tablename__ = "idempotent_request"
    __table_args__ = (
        ForeignKeyConstraint(["company_id"], ["ipp.company.id"]),
        CheckConstraint("state in ('RUNNING', 'DONE')"),
        Index("uq_idempotent_request_key", "company_id", "scope", "key_code", unique=True),
        Index("ix_idempotent_request_age", "created_at"),
        Index("ix_idempotent_request_person", "company_id", "person_id"),
    )
    __declares__ = Declares(
        about=Words(en="requests with an idempotency key", da="forespørgsler med idempotensnøgle"),
        tenant="company_id",
        owner="person_id",
        lapses=True,
        held_as=HeldAs.PROCESSOR,
        access=(Access(PAYMENT, insert=True, update=("state", "running_until", "answer"), delete=True),),
    )
    company_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID)
    """The company's own key holder: an answer may name whoever the company's payer is."""
    scope: Mapped[str] = plain(String(60))
    state: Mapped[str] = plain(String(7))
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    running_until: Mapped[datetime] = plain(DateTime(timezone=True))
    key_code: Mapped[bytes] = personal(PSEUDONYM, LargeBinary(), uses={PAYMENT}, keep=REQUEST_TERM)
    body_code: Mapped[bytes] = personal(PSEUDONYM, LargeBinary(), uses={PAYMENT}, keep=REQUEST_TERM)
    answer: Mapped[bytes | None] = personal(FREE_TEXT, uses={PAYMENT}, keep=REQUEST_TERM, sealed=SERVICE)
