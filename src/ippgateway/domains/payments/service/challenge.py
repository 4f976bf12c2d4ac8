"""A challenge of 3-D Secure: the card's bank asks the payer, in a page of its own, and reports the result to us.

It has a result at most once. What the browser says when it comes back proves nothing; the report of the directory
server does (RReq). A challenge that has none in time counts as timed out from that moment on, without anybody's doing.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

import asyncpg

from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.schemas import CheckoutRef
from ippgateway.domains.payments.models import Authentication
from ippgateway.domains.payments.ports import (
    Attempted,
    Authenticated,
    ChallengeBegun,
    ChallengeResult,
    Declined,
    DeclineReason,
    ResultTaken,
    TryAgain,
)
from ippgateway.domains.payments.service.gateway import Gateway
from ippgateway.domains.payments.service.secure import sealed_proof, status_of
from ippgateway.privacy.catalogue import AUTHENTICATE, PAYMENT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import digest


class Closed(StrEnum):
    """Why a challenge can't be begun."""

    UNKNOWN = "unknown"
    ANSWERED = "answered"
    TIMED_OUT = "timed_out"


async def begin_challenge(g: Gateway, token: str) -> ChallengeBegun | Closed:
    """Where the payer's browser goes, when it comes in time: within 30 s of the bank's answer the first time, until the
    challenge ends when it comes again (EMV 3-D Secure 2.2.0; facts, D.4)."""
    p = g.platform
    async with p.db.begin(AUTHENTICATE) as tx:
        found = await tx.row("select company_id, id from ipp.authentication where challenge_digest = $1", digest(token))
    if found is None:
        return Closed.UNKNOWN
    now = p.clock.now()
    async with p.db.begin(PAYMENT, tenants=[found["company_id"]]) as tx:
        await tx.execute(
            "update ipp.authentication set started_at = $3, ends_by = $4 "
            "where company_id = $1 and id = $2 and status = 'C' and started_at is null and ends_by > $3",
            found["company_id"], found["id"], now, now + timedelta(seconds=g.limits.challenge_lasts_s),
        )  # fmt: skip
        row = await tx.row(
            "select person_id, checkout_id, status, ends_by, acs_url, acs_transaction_id, transaction_id, version "
            "from ipp.authentication where company_id = $1 and id = $2", found["company_id"], found["id"],
        )  # fmt: skip
    if row is None:
        return Closed.UNKNOWN
    if row["status"] != "C":
        return Closed.ANSWERED
    if row["ends_by"] <= now:
        return Closed.TIMED_OUT
    box = await p.persons.open(PAYMENT, found["company_id"], row["person_id"])
    if not box.has(Authentication.acs_url):  # they had it restricted meanwhile
        return Closed.UNKNOWN
    return ChallengeBegun(
        acs_url=box.open(Authentication.acs_url, row["acs_url"]), acs_transaction_id=row["acs_transaction_id"],
        transaction_id=row["transaction_id"], version=row["version"],
        checkout=CheckoutRef(
            company_id=found["company_id"], id=row["checkout_id"], authenticated=False, person_id=row["person_id"]
        ),
    )  # fmt: skip


async def record_result(g: Gateway, result: ChallengeResult) -> ResultTaken:
    """Keep what the bank reports, once; a second report gets the same answer and changes nothing.

    All three ids must be those of the challenge. The payer's browser knows two of them, but never that of the directory
    server, so that nobody can vouch for themselves.
    """
    p = g.platform
    async with p.db.begin(AUTHENTICATE) as tx:
        found = await tx.row(
            "select company_id, id from ipp.authentication "
            "where transaction_id = $1 and challenge_digest is not null", result.transaction_id,
        )  # fmt: skip
    if found is None:
        return ResultTaken.UNKNOWN
    company_id, authentication_id = found["company_id"], found["id"]
    proof = result.outcome.authentication if isinstance(result.outcome, Authenticated | Attempted) else None
    value, key = sealed_proof(g, company_id, authentication_id, proof)
    async with p.db.begin(PAYMENT, tenants=[company_id]) as tx:
        row = await tx.row(
            "select checkout_id, status, acs_transaction_id, ds_transaction_id from ipp.authentication "
            "where company_id = $1 and id = $2", company_id, authentication_id,
        )  # fmt: skip
        if row is None or not _belongs(result, row):
            return ResultTaken.UNKNOWN
        await checkouts.hold(tx, company_id=company_id, checkout_id=row["checkout_id"])
        recorded = await tx.execute(
            "update ipp.authentication set status = $3, eci = $4, value = $5, value_key = $6 "
            "where company_id = $1 and id = $2 and status = 'C' and started_at is not null and ends_by > $7",
            company_id, authentication_id, status_of(result.outcome), proof.eci if proof else "", value, key,
            p.clock.now(),
        )  # fmt: skip
        if recorded:
            await checkouts.mark_authenticated(tx, company_id=company_id, checkout_id=row["checkout_id"])
            return ResultTaken.TAKEN
        status = await tx.value(
            "select status from ipp.authentication where company_id = $1 and id = $2", company_id, authentication_id
        )
    return ResultTaken.LATE if status == "C" else ResultTaken.TAKEN


def _belongs(result: ChallengeResult, row: asyncpg.Record) -> bool:
    pairs = (
        (result.acs_transaction_id, row["acs_transaction_id"]),
        (result.ds_transaction_id, row["ds_transaction_id"]),
    )
    return all([compare_digest(told.encode(), kept.encode()) for told, kept in pairs])


async def step_ended(p: Platform, *, checkout: CheckoutRef) -> bool:
    """Whether the 3-D Secure step of a checkout has ended (contract 8.2): with a result, because its challenge timed
    out, or because an attempt to take the money has begun."""
    if checkout.authenticated:
        return True
    async with p.db.begin(PAYMENT, tenants=[checkout.company_id]) as tx:
        row = await tx.row(
            "select (select max(ends_by) from ipp.authentication "
            "  where company_id = $1 and checkout_id = $2 and status = 'C') as ends_by, "
            "exists(select 1 from ipp.payment where company_id = $1 and checkout_id = $2 "
            "  and state in ('SENT', 'UNKNOWN', 'APPROVED')) as paying", checkout.company_id, checkout.id,
        )  # fmt: skip
    return row is not None and (row["paying"] or (row["ends_by"] is not None and row["ends_by"] <= p.clock.now()))


def unproved(status: str, ends_by: datetime | None, *, now: datetime) -> Declined:
    """Why a 3-D Secure result that proves nothing does not let a payment through."""
    match status:
        case "N":
            reason = DeclineReason.AUTHENTICATION_FAILED
        case "U":
            reason = DeclineReason.AUTHENTICATION_UNAVAILABLE
        case "C" if ends_by is not None and ends_by <= now:
            reason = DeclineReason.AUTHENTICATION_TIMED_OUT
        case _:
            reason = DeclineReason.THREE_DS_REQUIRED
    return Declined(reason=reason, again=TryAgain.NOW, response_code="")
