"""Keeping and finding cards. Helpers take the transaction of their caller."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.cards.brands import brand_of
from ippgateway.domains.cards.schemas import SHOWN_FIRST, SHOWN_LAST, MaskedCard
from ippgateway.domains.cards.vault import Vault, number_place


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCard:
    """A card as a payer typed it, for one checkout."""

    id: str
    company_id: str
    checkout_id: str
    person_id: str
    number: Secret[str]
    month: int
    year: int


def masked(number: Secret[str], *, month: int, year: int) -> MaskedCard:
    """What others may see of a card."""
    digits = number.open()
    return MaskedCard(
        first6=digits[:SHOWN_FIRST], last4=digits[-SHOWN_LAST:], length=len(digits), brand=brand_of(digits),
        month=month, year=year,
    )  # fmt: skip


async def keep(tx: Tx, vault: Vault, card: NewCard, *, at: datetime) -> None:
    """Put a card into the vault."""
    sealed, key = vault.seal(card.number, place=number_place(card.company_id, card.id))
    seen = masked(card.number, month=card.month, year=card.year)
    await tx.execute(
        "insert into ipp.card (company_id, id, checkout_id, person_id, number, number_key, fingerprint, "
        "first6, last4, length, brand, expiry_month, expiry_year, created_at) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        card.company_id, card.id, card.checkout_id, card.person_id, sealed, key,
        vault.fingerprint(card.company_id, card.number), seen.first6, seen.last4, seen.length, seen.brand,
        card.month, card.year, at,
    )  # fmt: skip


def masked_from(row: asyncpg.Record) -> MaskedCard:
    """The masked card in a row that joined `ipp.card as c` and has the columns of MASKED."""
    return MaskedCard(
        first6=row["first6"], last4=row["last4"], length=row["length"], brand=row["brand"],
        month=row["expiry_month"], year=row["expiry_year"],
    )  # fmt: skip


MASKED = "c.first6, c.last4, c.length, c.brand, c.expiry_month, c.expiry_year"
"""The columns that `masked_from` reads."""
