"""Step one of a payment: attempts are on record before anything is sent. Many at once, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import asyncpg

from ippgateway.core.batch import Place
from ippgateway.core.database import Stage, Tx
from ippgateway.domains.cards import service as cards
from ippgateway.domains.payments.service.known import standing
from ippgateway.domains.payments.service.outcome import Attempt, Ended, record_all


@dataclass(frozen=True, kw_only=True, slots=True)
class Recording:
    """An attempt that is to be recorded. `card`: the one to put into the vault, when it is not there yet; `refusal`:
    the outcome, when it is refused before the acquirer is asked."""

    attempt: Attempt
    at: datetime
    card_id: str
    card: cards.SealedCard | None
    acquirer_id: str
    stores_card: bool
    recurring_of: str | None
    order_id: bytes | None
    holder: bytes | None
    refusal: Ended | None


class Shopper(NamedTuple):
    """What is known of whoever pays: whether they bought here before, and how often, this time included."""

    seen_before: bool
    purchases: int


async def _record(tx: Tx, recordings: Sequence[Recording]) -> "list[Shopper | asyncpg.Record | Exception]":
    """For each what is known of the shopper; or the attempt that stands in its way."""
    new = [one.card for one in recordings if one.card is not None]
    if new:
        await cards.keep_all(tx, new)
    shoppers = await _insert(tx, recordings)
    blocked = [_place(one) for one in recordings if _place(one) not in shoppers]
    first = await standing(tx, blocked) if blocked else {}
    refused = [one.refusal for one in recordings if one.refusal is not None and _place(one) in shoppers]
    if refused:
        await record_all(tx, refused)
    found: dict[Place, Shopper | asyncpg.Record] = {**first, **shoppers}
    gone = RuntimeError("an attempt that blocks this one is gone")
    return [found.get(_place(one), gone) for one in recordings]


def _place(recording: Recording) -> Place:
    return recording.attempt.company_id, recording.attempt.checkout_id


RECORD_ATTEMPT: "Stage[Recording, Shopper | asyncpg.Record]" = Stage(run=_record, place=_place)


async def _insert(tx: Tx, recordings: Sequence[Recording]) -> dict[Place, Shopper]:
    """Those attempts that are the only ones under way, approved or unknown on their checkout; the database decides."""
    rows = await tx.fetch(
        "with asked as materialized (select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], "
        "  $6::text[], $7::timestamptz[], $8::bigint[], $9::text[], $10::bool[], $11::bytea[], $12::bytea[], "
        "  $13::bool[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], "
        "  $20::timestamptz[]) "
        "as asked(company_id, id, checkout_id, card_id, person_id, method, at, amount_minor, currency, test, order_id, "
        "  holder, stores_card, recurring_of, action_id, acquirer_id, terminal, stan, rrn, sent_at)), "
        "made as (insert into ipp.payment (company_id, id, checkout_id, card_id, person_id, method, state, state_at, "
        "  amount_minor, currency, test, created_at, order_id, holder, stores_card, recurring_of, purchases, "
        "  seen_before) "
        "  select company_id, id, checkout_id, card_id, person_id, method, 'SENT', at, amount_minor, currency, test, "
        "  at, order_id, holder, stores_card, recurring_of, n + 1, n > 0 or recurring_of is not null "
        "  from asked cross join lateral (select count(*)::int as n from ipp.payment p where p.company_id = "
        "  asked.company_id and p.person_id = asked.person_id and p.state = 'APPROVED') before "
        "  on conflict (company_id, checkout_id) where state in ('SENT', 'UNKNOWN', 'APPROVED') do nothing "
        "  returning company_id, id, checkout_id, seen_before, purchases), "
        "acted as (insert into ipp.payment_action (company_id, id, payment_id, person_id, method, result, reason, "
        "  again, amount_minor, currency, acquirer_id, terminal, stan, rrn, sent_at, response_code, auth_code, "
        "  created_at) "
        "  select a.company_id, a.action_id, a.id, a.person_id, a.method, 'WAIT', '', '', a.amount_minor, a.currency, "
        "  a.acquirer_id, a.terminal, a.stan, a.rrn, a.sent_at, '', '', a.at "
        "  from asked a join made m on m.company_id = a.company_id and m.id = a.id) "
        "select company_id, checkout_id, seen_before, purchases from made",
        *zip(*map(_columns, recordings), strict=True),
    )  # fmt: skip
    return {(row["company_id"], row["checkout_id"]): Shopper(row["seen_before"], row["purchases"]) for row in rows}


def _columns(recording: Recording) -> tuple[object, ...]:
    attempt, trace = recording.attempt, recording.attempt.trace
    return (
        attempt.company_id, attempt.payment_id, attempt.checkout_id, recording.card_id, attempt.person_id,
        attempt.method, recording.at, attempt.amount.amount_minor, attempt.amount.currency.code, attempt.test,
        recording.order_id, recording.holder, recording.stores_card, recording.recurring_of, attempt.action_id,
        recording.acquirer_id, trace.terminal, trace.stan, trace.rrn, trace.transmitted_at,
    )  # fmt: skip
