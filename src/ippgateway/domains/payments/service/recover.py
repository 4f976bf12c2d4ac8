"""Clearing up what is unknown: reverse it until the acquirer acknowledges. Nothing is guessed.

Runs in the payment zone's process, because a reversal carries the card number. Its queue is the table of reversals:
stored before it is sent, sent until it is acknowledged, whoever dies in between.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from ippgateway.core.database import DatabaseUnavailable
from ippgateway.core.log import Log
from ippgateway.core.money import Money, currency
from ippgateway.core.secret import Secret
from ippgateway.domains.cards.vault import number_place
from ippgateway.domains.checkouts.models import Checkout
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.service import Contract
from ippgateway.domains.payments.ports import Kind, Merchant, NoAnswer, NotSent, ReversalRequest, Trace
from ippgateway.domains.payments.service.gateway import Gateway, merchant_for
from ippgateway.domains.payments.service.outcome import Attempt, record_reversed, record_unknown
from ippgateway.privacy.catalogue import PAYMENT_RECOVERY
from ippgateway.privacy.persons import Box

_log = Log("recovery")

_EVERY_S = 1.0
_AT_ONCE = 50
_LEASE_S = 30.0
_FIRST_DELAY_S = 1.0
_LONGEST_DELAY_S = 300.0
_TRIES_BEFORE_ALARM = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class _Owed:
    """A reversal that this process has claimed, with everything its message needs."""

    attempt: Attempt
    own: Trace
    tries: int
    contract: Contract
    number: Secret[str]
    box: Box


class Recovery:
    """Finds what is unknown and reverses it. `abandoned_after_s`: how long an attempt may be on record as sent before
    it counts as left behind by a process that died; longer than the acquirer's timer."""

    def __init__(self, gateway: Gateway, *, abandoned_after_s: float) -> None:
        self._g = gateway
        self._abandoned_after = timedelta(seconds=abandoned_after_s)

    async def run(self) -> None:
        """Look again and again, until cancelled. A database or acquirer that is away is waited for."""
        while True:
            try:
                await self.once()
            except (DatabaseUnavailable, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.error("recovery.interrupted", error)
            try:
                async with asyncio.timeout(_EVERY_S):
                    await self._g.woken.wait()
            except TimeoutError:
                pass
            self._g.woken.clear()

    async def once(self) -> int:
        """One round; how many payments it cleared up."""
        await self._find_abandoned()
        owed = await self._claim()
        cleared = await asyncio.gather(*(self._reverse(company_id, action_id) for company_id, action_id in owed))
        return sum(cleared)

    async def _find_abandoned(self) -> None:
        """Attempts on record as sent that no living process waits for have an unknown outcome."""
        g, p = self._g, self._g.platform
        async with p.db.begin(PAYMENT_RECOVERY) as tx:
            rows = await tx.fetch(
                "select company_id, id, checkout_id from ipp.payment where state = 'SENT' and state_at < $1 "
                "order by state_at limit $2",
                p.clock.now() - self._abandoned_after, _AT_ONCE,
            )  # fmt: skip
        for row in rows:
            if (row["company_id"], row["checkout_id"]) in g.under_way:
                continue
            async with p.db.begin(PAYMENT_RECOVERY, tenants=[row["company_id"]]) as tx:
                action_id = await tx.value(
                    "select id from ipp.payment_action where company_id = $1 and payment_id = $2 order by id limit 1",
                    row["company_id"], row["id"],
                )  # fmt: skip
                await record_unknown(tx, p, company_id=row["company_id"], action_id=action_id)
            _log.warning("payment.abandoned", payment=row["id"])

    async def _claim(self) -> list[tuple[str, str]]:
        """Reversals that are due, leased to this process: another one would take them up after the lease."""
        p = self._g.platform
        now = p.clock.now()
        async with p.db.begin(PAYMENT_RECOVERY) as tx:
            rows = await tx.fetch(
                "update ipp.advice r set next_at = $1, tries = r.tries + 1 from ("
                "  select company_id, action_id from ipp.advice where state = 'QUEUED' and next_at <= $2 "
                "  order by next_at limit $3 for update skip locked) d "
                "where r.company_id = d.company_id and r.action_id = d.action_id returning r.company_id, r.action_id",
                now + timedelta(seconds=_LEASE_S), now, _AT_ONCE,
            )  # fmt: skip
        return [(row["company_id"], row["action_id"]) for row in rows]

    async def _reverse(self, company_id: str, action_id: str) -> bool:
        owed = await self._read(company_id, action_id)
        merchant = await merchant_for(self._g, PAYMENT_RECOVERY, owed.contract)
        try:
            await self._g.acquirer.reverse(_request(owed, merchant))
        except (NotSent, NoAnswer):
            await self._again(owed)
            return False
        return await self._done(owed)

    async def _read(self, company_id: str, action_id: str) -> _Owed:
        g, p = self._g, self._g.platform
        async with p.db.begin(PAYMENT_RECOVERY, tenants=[company_id]) as tx:
            row = await tx.row(
                "select r.terminal, r.stan, r.rrn, r.sent_at, r.tries, a.terminal as o_terminal, a.stan as o_stan, "
                "a.rrn as o_rrn, a.sent_at as o_sent_at, a.payment_id, a.method, a.amount_minor, a.currency, "
                "p.person_id, p.checkout_id, p.card_id, p.test, c.number, c.number_key, k.notify_url "
                "from ipp.advice r "
                "join ipp.payment_action a on a.company_id = r.company_id and a.id = r.action_id "
                "join ipp.payment p on p.company_id = a.company_id and p.id = a.payment_id "
                "join ipp.card c on c.company_id = p.company_id and c.id = p.card_id "
                "join ipp.checkout k on k.company_id = p.company_id and k.id = p.checkout_id "
                "where r.company_id = $1 and r.action_id = $2",
                company_id, action_id,
            )  # fmt: skip
            contract = await companies.contract(tx, company_id=company_id)
        if row is None:
            raise RuntimeError("a claimed reversal is gone")
        box = await p.persons.open(PAYMENT_RECOVERY, company_id, row["person_id"])
        place = number_place(company_id, row["card_id"])
        attempt = Attempt(
            company_id=company_id, payment_id=row["payment_id"], action_id=action_id, checkout_id=row["checkout_id"],
            person_id=row["person_id"], method=row["method"],
            amount=Money(row["amount_minor"], currency(row["currency"])),
            trace=_trace(row["o_terminal"], row["o_stan"], row["o_rrn"], row["o_sent_at"]),
            notify_url=box.open(Checkout.notify_url, row["notify_url"]), test=row["test"],
        )  # fmt: skip
        return _Owed(
            attempt=attempt, own=_trace(row["terminal"], row["stan"], row["rrn"], row["sent_at"]), tries=row["tries"],
            contract=contract, box=box,
            number=await g.vault.open(PAYMENT_RECOVERY, row["number"], row["number_key"], place=place),
        )  # fmt: skip

    async def _again(self, owed: _Owed) -> None:
        p = self._g.platform
        if owed.tries >= _TRIES_BEFORE_ALARM:
            _log.error("reversal.not_acknowledged", payment=owed.attempt.payment_id, tries=owed.tries)
        delay = min(_FIRST_DELAY_S * 2 ** min(owed.tries - 1, 20), _LONGEST_DELAY_S)
        async with p.db.begin(PAYMENT_RECOVERY, tenants=[owed.attempt.company_id]) as tx:
            await tx.execute(
                "update ipp.advice set next_at = $3 where company_id = $1 and action_id = $2 and state = 'QUEUED'",
                owed.attempt.company_id, owed.attempt.action_id, p.clock.now() + timedelta(seconds=delay),
            )  # fmt: skip

    async def _done(self, owed: _Owed) -> bool:
        p, attempt = self._g.platform, owed.attempt
        async with p.db.begin(PAYMENT_RECOVERY, tenants=[attempt.company_id]) as tx:
            await tx.execute(
                "update ipp.advice set state = 'DONE', done_at = $3 where company_id = $1 and action_id = $2 "
                "and state = 'QUEUED'",
                attempt.company_id, attempt.action_id, p.clock.now(),
            )  # fmt: skip
            cleared = await record_reversed(tx, p, attempt, owed.box)
        _log.info("payment.reversed", payment=attempt.payment_id, tries=owed.tries)
        return cleared


def _request(owed: _Owed, merchant: Merchant) -> ReversalRequest:
    attempt = owed.attempt
    return ReversalRequest(
        trace=owed.own, original_kind=Kind.SALE if attempt.method == "SALE" else Kind.AUTHORISATION,
        original=attempt.trace, merchant=merchant, pan=owed.number, amount=attempt.amount, repeat=owed.tries > 1,
    )  # fmt: skip


def _trace(terminal: str, stan: str, rrn: str, at: datetime) -> Trace:
    return Trace(terminal=terminal, stan=stan, transmitted_at=at, rrn=rrn)
