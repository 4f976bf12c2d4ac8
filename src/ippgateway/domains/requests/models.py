"""What people ask about their data, and links for those who have no account."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, Index, String, Text, text
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import (
    ACCOUNT,
    BOOKKEEPING,
    BOOKKEEPING_TERM,
    BOOKS,
    CREDENTIAL,
    DATA_REQUEST_TERM,
    DISCLOSED,
    EMAIL,
    ERASURE,
    FREE_TEXT,
    LINK_TERM,
    OWN_DATA,
    PAYMENT_RECORDS,
    PSEUDONYM,
    REPLY_TERM,
    REQUESTS,
    SERVICE,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain
from ippgateway.privacy.vocabulary import HeldAs, Source, Words


class DataLink(Table):
    """A link that was mailed. The address is not stored: whoever opens the link types it once more, and it is compared
    by its keyed code. Its id also names the key under which its letter is sealed."""

    __tablename__ = "data_link"
    __table_args__ = (Index("ix_data_link_digest", "digest"), Index("ix_data_link_created", "created_at"))
    __declares__ = Declares(
        about=Words(en="links to what is held about an address", da="links til, hvad der er gemt om en adresse"),
        tenant=None,
        owner="email_code",
        since="ends_at",
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(OWN_DATA, insert=True, update=("used_at", "ends_at", "digest"), delete=True, across_tenants=True),
        ),
    )
    id: Mapped[str] = plain(ID, primary_key=True)
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    ends_at: Mapped[datetime] = plain(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    email_code: Mapped[bytes] = personal(PSEUDONYM, uses={OWN_DATA}, keep=LINK_TERM)
    digest: Mapped[bytes] = personal(CREDENTIAL, uses={OWN_DATA}, keep=LINK_TERM)


_WORK = (
    "state", "extended_to", "extension", "decided_by", "decided_at", "reason", "answer", "to_tell", "next_at",
)  # fmt: skip


class DataRequest(Table):
    """What somebody asked about their data, and what became of it. Rows of payers are their shop's, who decides; all
    others are ours. What was asked and answered is sealed under the person's own key, and ends with it; ids, days and
    decisions stay, so that it can be shown that the request was answered in time."""

    __tablename__ = "data_request"
    __table_args__ = (
        CheckConstraint("state in ('ASKED', 'OPEN', 'GRANTED', 'REFUSED', 'DONE', 'WITHDRAWN')"),
        CheckConstraint(
            "kind in ('access', 'copy', 'rectification', 'restriction', 'objection', 'erasure', 'closure')"
        ),
        CheckConstraint("identity in ('none', 'session', 'strong', 'link', 'receipt', 'operator', 'shop')"),
        CheckConstraint("(extended_to is null) = (extension is null)", name="ck_data_request_extension"),
        CheckConstraint("(state in ('REFUSED', 'DONE', 'WITHDRAWN')) = (ended_at is not null)",
                        name="ck_data_request_ended"),
        CheckConstraint("(state = 'REFUSED') = (reason is not null)", name="ck_data_request_refused"),
        CheckConstraint("field is null or kind = 'rectification'", name="ck_data_request_field"),
        Index("ix_data_request_person", "tenant_id", "person_id"),
        Index("ix_data_request_time", "tenant_id", "asked_at"),
        Index("ix_data_request_open", "due_on", postgresql_where=text("ended_at is null")),
        Index("ix_data_request_next", "next_at", postgresql_where=text("next_at is not null")),
    )  # fmt: skip
    __declares__ = Declares(
        about=Words(en="requests about data", da="anmodninger om data"),
        tenant="tenant_id",
        owner="person_id",
        since="asked_at",
        lapses=True,
        held_as=HeldAs.CONTROLLER,
        about_payers=True,
        access=(
            Access(OWN_DATA, insert=True,
                   update=(*_WORK, "identity", "purpose", "waits_for", "ended_at", "certificate")),
            Access(ERASURE, only=("tenant_id", "id", "person_id", "payer", "kind", "state", "purpose", "asked_at",
                                  "next_at", "to_tell", "ended_at"), across_tenants=True),
            Access(REQUESTS, update=(*_WORK, "identity", "ended_at"), across_tenants=True),
        ),
    )  # fmt: skip
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID)
    payer: Mapped[bool] = plain(Boolean())
    """Whether the shop is the controller, and decides; else we are."""
    kind: Mapped[str] = plain(String(16))
    state: Mapped[str] = plain(String(10))
    identity: Mapped[str] = plain(String(10))
    """How it was shown who asks."""
    language: Mapped[str] = plain(String(2))
    purpose: Mapped[str | None] = plain(String(40))
    """The key of the purpose that an objection is against."""
    field: Mapped[str | None] = plain(String(60))
    """Of a correction, the field that it is about: `table.column`."""
    asked_at: Mapped[datetime] = plain(DateTime(timezone=True))
    due_on: Mapped[date] = plain(Date())
    extended_to: Mapped[date | None] = plain(Date())
    extension: Mapped[str | None] = plain(String(12))
    decided_by: Mapped[str | None] = plain(String(14))
    """A user's id, or a word of ours for what needs nobody."""
    decided_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    reason: Mapped[str | None] = plain(String(16))
    """Why it was refused: a key of `schemas.REASONS`."""
    waits_for: Mapped[str | None] = plain(String(20))
    """What keeps something granted from being carried out."""
    to_tell: Mapped[str | None] = plain(String(10))
    """The letter that is still to be written: received, extended or answered."""
    next_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    """When there is something to carry out or to tell."""
    ended_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    certificate: Mapped[str | None] = plain(Text())
    """Of an erasure: counts, grounds and days, and nothing about anybody."""
    statement: Mapped[bytes | None] = personal(
        FREE_TEXT, uses={REQUESTS}, keep=DATA_REQUEST_TERM, sealed=SERVICE, source=Source.PERSON
    )
    old_value: Mapped[bytes | None] = personal(
        FREE_TEXT, uses={REQUESTS}, keep=DATA_REQUEST_TERM, sealed=SERVICE, source=Source.DERIVED
    )
    """What that field said when it was asked, for whoever decides: they read it nowhere else."""
    new_value: Mapped[bytes | None] = personal(
        FREE_TEXT, uses={REQUESTS}, keep=DATA_REQUEST_TERM, sealed=SERVICE, source=Source.PERSON
    )
    answer: Mapped[bytes | None] = personal(
        FREE_TEXT, uses={REQUESTS}, keep=DATA_REQUEST_TERM, sealed=SERVICE, source=Source.STAFF
    )


class DataReply(Table):
    """Where a request is answered to. It is sealed under keys of the request's own, so that whoever is erased, or has
    everything restricted, still gets the answer."""

    __tablename__ = "data_reply"
    __declares__ = Declares(
        about=Words(en="addresses that requests are answered to", da="adresser, som anmodninger besvares til"),
        tenant="tenant_id",
        owner="person_id",
        goes=True,
        held_as=HeldAs.CONTROLLER,
        access=(Access(OWN_DATA, insert=True, delete=True),),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    """The request's id, as the next one: nobody is looked up by it."""
    person_id: Mapped[str] = linking(ID, primary_key=True)
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    address: Mapped[bytes] = personal(EMAIL, uses={OWN_DATA}, keep=REPLY_TERM, sealed=SERVICE)


class Correction(Table):
    """What a payer says is right, beside a record of the shop's that a law keeps as it was made. It is sealed with the
    key of that ground, and lasts as long as the record."""

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_person", "tenant_id", "person_id"),)
    __declares__ = Declares(
        about=Words(en="corrections beside records that must stand", da="rettelser ved poster, der skal blive stående"),
        tenant="tenant_id",
        owner="person_id",
        lapses=True,
        held_as=HeldAs.PROCESSOR,
        access=(Access(OWN_DATA, insert=True), Access(PAYMENT_RECORDS), Access(BOOKS)),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    """The request's."""
    person_id: Mapped[str] = linking(ID)
    field: Mapped[str] = plain(String(60))
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    said: Mapped[bytes | None] = personal(
        FREE_TEXT, uses={PAYMENT_RECORDS, BOOKS}, keep=BOOKKEEPING_TERM, sealed=BOOKKEEPING, source=Source.PERSON
    )


_PUT_RIGHT = ("told_at", "told_by", "how")


class DataNotice(Table):
    """Somebody outside who got the data, and has to hear what became of it (Article 19). Made before anything is
    carried out, because afterwards nothing says any more by which numbers they know the record; these are sealed under
    the request's own keys, and go once they were told."""

    __tablename__ = "data_notice"
    __table_args__ = (
        CheckConstraint("(told_at is null) = (told_by is null) and (told_at is null) = (how is null)",
                        name="ck_data_notice_told"),
        CheckConstraint("how in ('letter', 'email', 'post', 'phone', 'portal', 'not_possible')",
                        name="ck_data_notice_how"),
        Index("uq_data_notice_recipient", "tenant_id", "kind", "recipient_id", unique=True),
        Index("ix_data_notice_open", "created_at", postgresql_where=text("told_at is null")),
    )  # fmt: skip
    __declares__ = Declares(
        about=Words(en="recipients who are told of corrections, restrictions and erasures",
                    da="modtagere, der får besked om rettelser, begrænsninger og sletninger"),
        tenant="tenant_id",
        owner="person_id",
        lapses=True,
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(OWN_DATA, insert=True),
            Access(ACCOUNT, update=_PUT_RIGHT),
            Access(REQUESTS, update=(*_PUT_RIGHT, "known_by"), across_tenants=True),
        ),
    )  # fmt: skip
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    """The request's id, as `person_id`: nobody is looked up by it."""
    id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID)
    of_tenant: Mapped[str] = plain(ID)
    """Whose request it is."""
    kind: Mapped[str] = plain(String(30))
    recipient_id: Mapped[str] = plain(ID)
    """The entry of the register; empty when it had none in force."""
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    told_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    told_by: Mapped[str | None] = plain(String(14))
    """A member of staff, or a word of ours for a letter that wrote itself."""
    how: Mapped[str | None] = plain(String(12))
    known_by: Mapped[bytes | None] = personal(DISCLOSED, uses={REQUESTS}, keep=DATA_REQUEST_TERM, sealed=SERVICE)
    """By which numbers the recipient knows the record, a line each."""
