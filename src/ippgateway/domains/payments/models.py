"""Payments, what was done with them, the 3-D Secure results before them, and reversals under way."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Sequence,
    String,
    text,
)
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import (
    ACQUIRER,
    AUTHENTICATE,
    BOOKKEEPING,
    BOOKKEEPING_TERM,
    BOOKS,
    CARD_AUTHENTICATION,
    CARD_TERM,
    CREDENTIAL,
    DIRECTORY_SERVER,
    ERASURE,
    FAILURES_TERM,
    FREE_TEXT,
    NAME,
    PAYMENT,
    PAYMENT_RECORDS,
    PAYMENT_RECOVERY,
    PSEUDONYM,
    PURCHASE,
    SERVICE,
    SHOP,
    VAULT,
)
from ippgateway.privacy.declare import ID, MAIN, Access, Declares, Table, linking, personal, plain, terms_over
from ippgateway.privacy.vocabulary import HeldAs, Words

_BALANCES = (
    "authorised_minor", "increasing_minor", "captured_minor", "capturing_minor", "voided_minor", "voiding_minor",
    "refunded_minor", "refunding_minor",
)  # fmt: skip

STAN = Sequence("stan", metadata=MAIN, schema="ipp", start=1, maxvalue=9_000_000_000, cycle=True, cache=20)
"""One run of numbers for all messages to the acquirer; terminal and STAN are made from it."""


class Authentication(Table):
    """A 3-D Secure result, bound to card, amount, currency, company and time; or a challenge that has none yet."""

    __tablename__ = "authentication"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "checkout_id"], ["ipp.checkout.company_id", "ipp.checkout.id"]),
        ForeignKeyConstraint(["company_id", "card_id"], ["ipp.card.company_id", "ipp.card.id"]),
        CheckConstraint("status in ('Y', 'A', 'N', 'U', 'C')"),
        CheckConstraint("(challenge_digest is null) = (ends_by is null)", name="ck_authentication_challenge"),
        Index("ix_authentication_due", "created_at", postgresql_where=text("not ('card' = any (terms_over))")),
        Index("ix_authentication_checkout", "company_id", "checkout_id"),
        Index("ix_authentication_time", "company_id", "created_at"),
        Index("ix_authentication_person", "company_id", "person_id"),
        Index(
            "ix_authentication_challenge", "challenge_digest",
            postgresql_where=text("challenge_digest is not null"),
        ),
        Index(
            "ix_authentication_transaction", "transaction_id",
            postgresql_where=text("challenge_digest is not null"),
        ),
    )  # fmt: skip
    __declares__ = Declares(
        about=Words(en="3-D Secure results", da="3-D Secure-resultater"),
        tenant="company_id",
        owner="person_id",
        held_as=HeldAs.PROCESSOR,
        access=(
            Access(
                AUTHENTICATE, only=("company_id", "id", "challenge_digest", "transaction_id"), across_tenants=True
            ),
            Access(PAYMENT, insert=True,
                   update=("status", "eci", "value", "value_key", "started_at", "ends_by")),
            Access(PAYMENT_RECORDS),
        ),
    )  # fmt: skip
    company_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    checkout_id: Mapped[str] = plain(ID)
    card_id: Mapped[str] = plain(ID)
    person_id: Mapped[str] = linking(ID)
    status: Mapped[str] = plain(String(1))
    amount_minor: Mapped[int] = plain(BigInteger())
    currency: Mapped[str] = plain(String(3))
    eci: Mapped[str] = plain(String(2))
    version: Mapped[str] = plain(String(8))
    value_key: Mapped[int | None] = plain(Integer())
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    terms_over: Mapped[list[str]] = terms_over()
    started_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    """When the payer's browser was sent to the bank."""
    ends_by: Mapped[datetime | None] = plain(DateTime(timezone=True))
    """Of a challenge: without a result at this moment it has timed out, whether or not it was begun."""
    challenge_digest: Mapped[bytes | None] = personal(
        CREDENTIAL, LargeBinary(), uses={AUTHENTICATE}, keep=CARD_TERM, along=("ends_by",)
    )
    transaction_id: Mapped[str | None] = personal(
        CARD_AUTHENTICATION, String(36), uses={AUTHENTICATE, PAYMENT}, keep=CARD_TERM, to={DIRECTORY_SERVER}
    )
    acs_transaction_id: Mapped[str | None] = personal(
        CARD_AUTHENTICATION, String(36), uses={PAYMENT}, keep=CARD_TERM, to={DIRECTORY_SERVER}
    )
    acs_url: Mapped[bytes | None] = personal(CARD_AUTHENTICATION, uses={PAYMENT}, keep=CARD_TERM, sealed=SERVICE)
    """Where the card's bank asks: it tells which bank that is."""
    value: Mapped[bytes | None] = personal(
        CARD_AUTHENTICATION, uses={PAYMENT}, keep=CARD_TERM, sealed=VAULT, to={ACQUIRER}, along=("value_key",)
    )
    ds_transaction_id: Mapped[str] = personal(
        CARD_AUTHENTICATION,
        String(36),
        uses={PAYMENT},
        keep=CARD_TERM,
        to={ACQUIRER, DIRECTORY_SERVER},
        nullable=False,
    )


class Payment(Table):
    """One attempt to take a checkout's amount. At most one per checkout is under way, unknown or approved; no more is
    captured and released than was authorised, no more refunded than captured. The database holds all of that: what is
    under way is reserved in the `…ing` columns before anybody is asked."""

    __tablename__ = "payment"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "checkout_id"], ["ipp.checkout.company_id", "ipp.checkout.id"]),
        ForeignKeyConstraint(["company_id", "card_id"], ["ipp.card.company_id", "ipp.card.id"]),
        CheckConstraint("state in ('SENT', 'UNKNOWN', 'APPROVED', 'DECLINED', 'REVERSED')"),
        CheckConstraint("method in ('AUTH', 'SALE')"),
        CheckConstraint("amount_minor > 0"),
        CheckConstraint(
            "least(authorised_minor, captured_minor, capturing_minor, voided_minor, "
            "voiding_minor, refunded_minor, refunding_minor) >= 0",
            name="ck_payment_not_negative",
        ),
        CheckConstraint(
            "captured_minor + capturing_minor + voided_minor + voiding_minor <= authorised_minor",
            name="ck_payment_no_more_than_authorised",
        ),
        CheckConstraint("authorised_minor + increasing_minor <= 999999999999", name="ck_payment_no_more_than_fits"),
        CheckConstraint("increasing_minor >= 0", name="ck_payment_increasing"),
        CheckConstraint("refunded_minor + refunding_minor <= captured_minor", name="ck_payment_no_more_than_captured"),
        Index(
            "uq_payment_checkout", "company_id", "checkout_id", unique=True,
            postgresql_where=text("state in ('SENT', 'UNKNOWN', 'APPROVED')"),
        ),
        Index("ix_payment_due", "created_at", postgresql_where=text("not ('bookkeeping' = any (terms_over))")),
        Index("ix_payment_person", "company_id", "person_id"),
        Index("ix_payment_id", "id"),
        Index("ix_payment_unsettled", "state_at", postgresql_where=text("state in ('SENT', 'UNKNOWN')")),
    )  # fmt: skip
    __declares__ = Declares(
        about=Words(en="payments", da="betalinger"),
        tenant="company_id",
        owner="person_id",
        held_as=HeldAs.PROCESSOR,
        access=(
            Access(AUTHENTICATE, only=("company_id", "id"), across_tenants=True),
            Access(PAYMENT, insert=True, update=("state", "state_at", *_BALANCES)),
            Access(PAYMENT_RECOVERY, update=("state", "state_at", *_BALANCES), across_tenants=True),
            Access(PAYMENT_RECORDS),
            Access(BOOKS),
            Access(ERASURE, update=("stores_card",)),
        ),
    )
    company_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    checkout_id: Mapped[str] = plain(ID)
    card_id: Mapped[str] = plain(ID)
    person_id: Mapped[str] = linking(ID)
    method: Mapped[str] = plain(String(11))
    state: Mapped[str] = plain(String(8), told=PURCHASE)
    state_at: Mapped[datetime] = plain(DateTime(timezone=True))
    amount_minor: Mapped[int] = plain(BigInteger(), told=PURCHASE)
    currency: Mapped[str] = plain(String(3), told=PURCHASE)
    authorised_minor: Mapped[int] = plain(BigInteger(), server_default="0")
    increasing_minor: Mapped[int] = plain(BigInteger(), server_default="0")
    captured_minor: Mapped[int] = plain(BigInteger(), server_default="0", told=PURCHASE)
    capturing_minor: Mapped[int] = plain(BigInteger(), server_default="0")
    voided_minor: Mapped[int] = plain(BigInteger(), server_default="0")
    voiding_minor: Mapped[int] = plain(BigInteger(), server_default="0")
    refunded_minor: Mapped[int] = plain(BigInteger(), server_default="0", told=PURCHASE)
    refunding_minor: Mapped[int] = plain(BigInteger(), server_default="0")
    test: Mapped[bool] = plain(Boolean())
    stores_card: Mapped[bool] = plain(Boolean(), server_default="false")
    recurring_of: Mapped[str | None] = plain(ID)
    purchases: Mapped[int] = plain(Integer())
    seen_before: Mapped[bool] = plain(Boolean())
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    terms_over: Mapped[list[str]] = terms_over()
    order_id: Mapped[bytes | None] = personal(
        PURCHASE, uses={PAYMENT_RECORDS, BOOKS}, keep=BOOKKEEPING_TERM, sealed=BOOKKEEPING, to={SHOP}
    )
    holder: Mapped[bytes | None] = personal(
        NAME, uses={PAYMENT, PAYMENT_RECORDS, BOOKS}, keep=BOOKKEEPING_TERM, sealed=BOOKKEEPING,
        to={SHOP, DIRECTORY_SERVER},
    )  # fmt: skip


class Action(Table):
    """One thing done with a payment: what was asked of the acquirer, and how that ended."""

    __tablename__ = "payment_action"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "payment_id"], ["ipp.payment.company_id", "ipp.payment.id"]),
        CheckConstraint("result in ('WAIT', 'ACK', 'NOK')"),
        CheckConstraint("amount_minor > 0"),
        Index("ix_action_due", "created_at", postgresql_where=text("not ('bookkeeping' = any (terms_over))")),
        Index("ix_action_payment", "company_id", "payment_id"),
        Index("ix_action_time", "company_id", "created_at"),
        Index("ix_action_person", "company_id", "person_id"),
        Index(
            "uq_action_request", "company_id", "request_id", unique=True,
            postgresql_where=text("request_id is not null"),
        ),
    )  # fmt: skip
    __declares__ = Declares(
        about=Words(en="what was done with payments", da="hvad der er gjort med betalinger"),
        tenant="company_id",
        owner="person_id",
        held_as=HeldAs.PROCESSOR,
        access=(
            Access(
                PAYMENT, insert=True, update=("result", "reason", "again", "response_code", "auth_code", "settled_at")
            ),
            Access(PAYMENT_RECOVERY, update=("result", "reason", "again", "response_code", "settled_at")),
            Access(PAYMENT_RECORDS),
            Access(BOOKS),
        ),
    )
    company_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    payment_id: Mapped[str] = plain(ID)
    person_id: Mapped[str] = linking(ID)
    request_id: Mapped[str | None] = plain(ID)
    """The idempotent request that caused it, so that a repeat after a crash finds it instead of doing it twice."""
    method: Mapped[str] = plain(String(11))
    result: Mapped[str] = plain(String(4))
    reason: Mapped[str] = plain(String(40))
    again: Mapped[str] = plain(String(5))
    amount_minor: Mapped[int] = plain(BigInteger())
    currency: Mapped[str] = plain(String(3))
    acquirer_id: Mapped[str] = plain(ID)
    terminal: Mapped[str] = plain(String(8))
    stan: Mapped[str] = plain(String(6))
    rrn: Mapped[str] = plain(String(12))
    sent_at: Mapped[datetime] = plain(DateTime(timezone=True))
    response_code: Mapped[str] = plain(String(2))
    auth_code: Mapped[str] = plain(String(6))
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    settled_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    terms_over: Mapped[list[str]] = terms_over()
    comment: Mapped[bytes | None] = personal(
        FREE_TEXT, uses={PAYMENT_RECORDS, BOOKS}, keep=BOOKKEEPING_TERM, sealed=BOOKKEEPING, to={SHOP}
    )


class Advice(Table):
    """A message that the acquirer must take in the end: a reversal, a void, a capture or a refund. Stored before it is
    sent, sent until it is answered, whoever dies in between."""

    __tablename__ = "advice"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "action_id"], ["ipp.payment_action.company_id", "ipp.payment_action.id"]),
        CheckConstraint("kind in ('REVERSAL', 'VOID', 'CAPTURE', 'REFUND')"),
        CheckConstraint("state in ('QUEUED', 'DONE')"),
        Index("ix_advice_due", "next_at", postgresql_where=text("state = 'QUEUED'")),
    )
    __declares__ = Declares(
        about=Words(en="messages owed to the acquirer", da="beskeder, indløseren har til gode"),
        tenant="company_id",
        held_as=HeldAs.PROCESSOR,
        access=(
            Access(PAYMENT, insert=True, update=("state", "next_at", "done_at")),
            Access(
                PAYMENT_RECOVERY,
                insert=True,
                update=("state", "tries", "next_at", "done_at", "reason"),
                across_tenants=True,
            ),
            Access(PAYMENT_RECORDS),
            Access(ERASURE),
        ),
    )
    company_id: Mapped[str] = plain(ID, primary_key=True)
    action_id: Mapped[str] = plain(ID, primary_key=True)
    kind: Mapped[str] = plain(String(8))
    state: Mapped[str] = plain(String(6))
    terminal: Mapped[str] = plain(String(8))
    stan: Mapped[str] = plain(String(6))
    rrn: Mapped[str] = plain(String(12))
    sent_at: Mapped[datetime] = plain(DateTime(timezone=True))
    authorised_minor: Mapped[int | None] = plain(BigInteger())
    stays_minor: Mapped[int | None] = plain(BigInteger())
    tries: Mapped[int] = plain(Integer())
    reason: Mapped[str | None] = plain(String(40))
    """Why it was not taken the last time: a response code of the acquirer, or a word for why there was none."""
    next_at: Mapped[datetime] = plain(DateTime(timezone=True))
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    done_at: Mapped[datetime | None] = plain(DateTime(timezone=True))


class DeclineCount(Table):
    """How attempts from one network at one company ended, in spans of five minutes; of the whole company where the
    network is empty. The network is a keyed code, another one at each company."""

    __tablename__ = "decline_count"
    __table_args__ = (Index("ix_decline_count_time", "began_at"),)
    __declares__ = Declares(
        about=Words(en="counts of declined attempts", da="antal afviste forsøg"),
        tenant="company_id",
        owner="network",
        since="began_at",
        held_as=HeldAs.CONTROLLER,
        access=(Access(PAYMENT, insert=True, update=("declined", "approved")),),
    )
    company_id: Mapped[str] = plain(ID, primary_key=True)
    network: Mapped[bytes] = personal(PSEUDONYM, LargeBinary(), uses={PAYMENT}, keep=FAILURES_TERM, primary_key=True)
    began_at: Mapped[datetime] = plain(DateTime(timezone=True), primary_key=True)
    declined: Mapped[int] = plain(Integer())
    approved: Mapped[int] = plain(Integer())
