"""The vault's table: a card as it was used in one checkout."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKeyConstraint, Index, Integer, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import (
    CARD_DETAILS,
    CARD_NUMBER,
    CARD_TERM,
    PAYMENT,
    PAYMENT_RECIPIENTS,
    PAYMENT_RECORDS,
    PAYMENT_RECOVERY,
    PSEUDONYM,
    SHOP,
    VAULT,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain, terms_over
from ippgateway.privacy.vocabulary import HeldAs, Words

_SEEN = frozenset({PAYMENT, PAYMENT_RECORDS})


class Card(Table):
    """A card. The number opens for payment alone (CARD-3); everybody else sees a token and the masked number.

    A row per checkout and card, not one shared per card: so each row is about one person and ends with them.
    """

    __tablename__ = "card"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "checkout_id"], ["ipp.checkout.company_id", "ipp.checkout.id"]),
        Index("ix_card_due", "created_at", postgresql_where=text("not ('card' = any (terms_over))")),
        Index("ix_card_checkout", "company_id", "checkout_id"),
        Index("ix_card_person", "company_id", "person_id"),
        Index("ix_card_refused", "company_id", "fingerprint", postgresql_where=text("refused_at is not null")),
    )
    __declares__ = Declares(
        about=Words(en="cards", da="kort"),
        tenant="company_id",
        owner="person_id",
        held_as=HeldAs.PROCESSOR,
        access=(Access(PAYMENT, insert=True,
                       update=("number", "number_key", "fingerprint", "refused_at", "refused_reason", "refused_code")),
                Access(PAYMENT_RECOVERY), Access(PAYMENT_RECORDS, stops=True)),
    )  # fmt: skip
    company_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    checkout_id: Mapped[str] = plain(ID)
    person_id: Mapped[str] = linking(ID)
    number_key: Mapped[int | None] = plain(Integer())
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    terms_over: Mapped[list[str]] = terms_over()
    refused_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    """When an issuer said never to try this card again. It stands here so that asking costs the same however many
    payments there were."""
    refused_reason: Mapped[str | None] = plain(String(40))
    refused_code: Mapped[str | None] = plain(String(2))
    number: Mapped[bytes | None] = personal(
        CARD_NUMBER,
        uses={PAYMENT, PAYMENT_RECOVERY},
        keep=CARD_TERM,
        sealed=VAULT,
        to=PAYMENT_RECIPIENTS,
        along=("number_key",),
    )
    fingerprint: Mapped[bytes] = personal(PSEUDONYM, LargeBinary(), uses={PAYMENT}, keep=CARD_TERM)
    first6: Mapped[str] = personal(CARD_DETAILS, String(6), uses=_SEEN, keep=CARD_TERM, to={SHOP})
    last4: Mapped[str] = personal(CARD_DETAILS, String(4), uses=_SEEN, keep=CARD_TERM, to={SHOP})
    length: Mapped[int] = plain(SmallInteger())
    brand: Mapped[str] = personal(CARD_DETAILS, String(20), uses=_SEEN, keep=CARD_TERM, to={SHOP})
    expiry_month: Mapped[int] = personal(
        CARD_DETAILS, SmallInteger(), uses=_SEEN, keep=CARD_TERM, to={SHOP, *PAYMENT_RECIPIENTS}
    )
    expiry_year: Mapped[int] = personal(
        CARD_DETAILS, SmallInteger(), uses=_SEEN, keep=CARD_TERM, to={SHOP, *PAYMENT_RECIPIENTS}
    )
