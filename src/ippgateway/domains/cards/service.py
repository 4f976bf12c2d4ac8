"""Keeping and finding cards. Helpers take the transaction of their caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

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


class SealedCard(NamedTuple):
    """A card as the vault's table keeps it: its columns, in the order in which `keep_all` writes them."""

    company_id: str
    id: str
    checkout_id: str
    person_id: str
    number: bytes
    number_key: int
    fingerprint: bytes
    first6: str
    last4: str
    length: int
    brand: str
    expiry_month: int
    expiry_year: int
    created_at: datetime


def sealed(vault: Vault, card: NewCard, *, at: datetime) -> SealedCard:
    """The card as it may be stored."""
    number, key = vault.seal(card.number, place=number_place(card.company_id, card.id))
    seen = masked(card.number, month=card.month, year=card.year)
    return SealedCard(
        card.company_id, card.id, card.checkout_id, card.person_id, number, key,
        vault.fingerprint(card.company_id, card.number), seen.first6, seen.last4, seen.length, seen.brand, card.month,
        card.year, at,
    )  # fmt: skip


async def keep(tx: Tx, vault: Vault, card: NewCard, *, at: datetime) -> None:
    """Put a card into the vault."""
    await keep_all(tx, [sealed(vault, card, at=at)])


async def keep_all(tx: Tx, cards: Sequence[SealedCard]) -> None:
    """Put cards into the vault."""
    await tx.execute(
        f"insert into ipp.card ({', '.join(SealedCard._fields)}) select * from unnest("
        "$1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::int[], $7::bytea[], $8::text[], "
        "$9::text[], $10::smallint[], $11::text[], $12::smallint[], $13::smallint[], $14::timestamptz[])",
        *zip(*cards, strict=True),
    )


async def refuse(tx: Tx, *, company_id: str, card_id: str, reason: str, code: str, at: datetime) -> None:
    """Remember an issuer's "never try again" for a card (facts, E.4): its reason and its response code."""
    await tx.execute(
        "update ipp.card set refused_at = $3, refused_reason = $4, refused_code = $5 where company_id = $1 and id = $2",
        company_id, card_id, at, reason, code,
    )  # fmt: skip


async def refused(tx: Tx, asked: Sequence[tuple[str, bytes, datetime]]) -> dict[tuple[str, bytes], tuple[str, str]]:
    """Of the cards asked for, by company and each of their fingerprints: those that an issuer refused for ever after a
    moment, with reason and response code of the first time."""
    rows = await tx.fetch(
        "select asked.company_id, asked.fingerprint, c.refused_reason, c.refused_code "
        "from unnest($1::text[], $2::bytea[], $3::timestamptz[]) as asked(company_id, fingerprint, since) "
        "cross join lateral (select n.refused_reason, n.refused_code from ipp.card n "
        "  where n.company_id = asked.company_id and n.fingerprint = asked.fingerprint "
        "  and n.refused_at > asked.since order by n.refused_at limit 1) c",
        *zip(*asked, strict=True),
    )
    return {(row["company_id"], row["fingerprint"]): (row["refused_reason"], row["refused_code"]) for row in rows}


def masked_from(row: asyncpg.Record) -> MaskedCard:
    """The masked card in a row that joined `ipp.card as c` and has the columns of MASKED. A card that is hidden from
    whoever asks, because the payer had everything restricted, is told of as one that was erased: by nothing."""
    return MaskedCard(
        first6=row["first6"] or "", last4=row["last4"] or "", length=row["length"] or SHOWN_FIRST + SHOWN_LAST,
        brand=row["brand"] or "", month=row["expiry_month"] or 0, year=row["expiry_year"] or 0,
    )  # fmt: skip


MASKED = "c.first6, c.last4, c.length, c.brand, c.expiry_month, c.expiry_year"
"""The columns that `masked_from` reads."""
