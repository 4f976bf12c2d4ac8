"""Clearing up what is unknown. An authorisation or sale without an answer is reversed, a capture, refund or void is
sent again, until the acquirer answers. Nothing is guessed.

Runs in the payment zone's process, because these messages carry the card number. Its queue is the table of advices:
stored before they are sent, sent until they are answered, whoever dies in between.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from ippgateway.core.batch import Place
from ippgateway.core.database import may_pass
from ippgateway.core.log import Log
from ippgateway.core.money import Money, currency
from ippgateway.core.secret import Secret
from ippgateway.domains.cards.vault import number_place
from ippgateway.domains.checkouts.models import Checkout
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.service import Contract
from ippgateway.domains.payments.ports import NoAnswer, NotSent, Trace
from ippgateway.domains.payments.schemas import Method
from ippgateway.domains.payments.service.gateway import Gateway
from ippgateway.domains.payments.service.message import Outgoing, send
from ippgateway.domains.payments.service.outcome import Attempt, record_reversed, record_unknown
from ippgateway.domains.payments.service.settle import Answer, settle
from ippgateway.privacy.catalogue import PAYMENT_RECOVERY
from ippgateway.privacy.persons import Box

_log = Log("recovery")

_EVERY_S = 1.0
_AT_ONCE = 50
_FIRST_DELAY_S = 1.0
_LONGEST_DELAY_S = 300.0
_TRIES_BEFORE_ALARM = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class _Owed:
    """An advice that this process has claimed, with everything its message and its outcome need."""

    outgoing: Outgoing
    attempt: Attempt
    tries: int
    box: Box


class Recovery:
    """Finds what is unknown and clears it up. `abandoned_after_s`: how long an attempt may be on record as sent before
    it counts as left behind by a process that died; longer than the acquirer's timer."""

    def __init__(self, gateway: Gateway, *, abandoned_after_s: float) -> None:
        self._g = gateway
        self._abandoned_after = timedelta(seconds=abandoned_after_s)
        self._stuck: set[Place] = set()
        """Abandoned attempts whose recording failed: left out until the others had their turn."""

    async def run(self) -> None:
        """Look again and again, until cancelled. A database or acquirer that is away is waited for."""
        while True:
            try:
                if await self.once() == _AT_ONCE:
                    continue  # a backlog is not made to wait
            except Exception as error:  # whatever it was, the queue is still there: the next round looks again
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
        cleared = await asyncio.gather(*(self._deliver(*one) for one in owed), return_exceptions=True)
        for error in cleared:
            if isinstance(error, BaseException):
                _log.error("advice.failed", error)
        return sum(one is True for one in cleared)

    async def _find_abandoned(self) -> None:
        """Attempts on record as sent that no living process waits for have an unknown outcome. One that can't be
        recorded keeps nobody else waiting."""
        g, p = self._g, self._g.platform
        left_out = {*g.under_way, *self._stuck}
        async with p.db.begin(PAYMENT_RECOVERY) as tx:
            rows = await tx.fetch(
                "select company_id, id, checkout_id from ipp.payment where state = 'SENT' and state_at < $1 "
                "and company_id || ' ' || checkout_id <> all($3::text[]) order by state_at limit $2",
                p.clock.now() - self._abandoned_after, _AT_ONCE, [" ".join(place) for place in left_out],
            )  # fmt: skip
        if not rows:
            self._stuck.clear()
        for row in rows:
            try:
                await self._give_up(row)
            except Exception as error:
                if may_pass(error):
                    raise
                self._stuck.add((row["company_id"], row["checkout_id"]))
                _log.error("payment.stuck", error, payment=row["id"])

    async def _give_up(self, row: asyncpg.Record) -> None:
        p = self._g.platform
        async with p.db.begin(PAYMENT_RECOVERY, tenants=[row["company_id"]]) as tx:
            action_id = await tx.value(
                "select id from ipp.payment_action where company_id = $1 and payment_id = $2 order by id limit 1",
                row["company_id"], row["id"],
            )  # fmt: skip
            await record_unknown(tx, p, company_id=row["company_id"], action_id=action_id)
        _log.warning("payment.abandoned", payment=row["id"])

    async def _claim(self) -> list[tuple[str, str, int]]:
        """Advices that are due, leased to this process: another one would take them up after the lease."""
        p = self._g.platform
        now = p.clock.now()
        async with p.db.begin(PAYMENT_RECOVERY) as tx:
            rows = await tx.fetch(
                "update ipp.advice r set next_at = $1, tries = r.tries + 1 from ("
                "  select company_id, action_id from ipp.advice where state = 'QUEUED' and next_at <= $2 "
                "  order by next_at limit $3 for update skip locked) d "
                "where r.company_id = d.company_id and r.action_id = d.action_id "
                "returning r.company_id, r.action_id, r.tries",
                now + timedelta(seconds=self._g.limits.advice_lease_s), now, _AT_ONCE,
            )  # fmt: skip
        return [(row["company_id"], row["action_id"], row["tries"]) for row in rows]

    async def _deliver(self, company_id: str, action_id: str, tries: int) -> bool:
        """Send one and record what comes of it. Whatever goes wrong, it is tried again later, and that is noticed."""
        try:
            owed = await self._read(company_id, action_id)
            async with self._g.one_at_a_time(company_id, owed.attempt.payment_id):
                return await self._done(owed, await send(self._g, PAYMENT_RECOVERY, owed.outgoing))
        except NotSent as error:
            reason = error.reason.value
        except NoAnswer as error:
            reason = error.response_code or error.reason.value
        except Exception as error:
            _log.error("advice.failed", error, action=action_id)
            reason = "failed"
        await self._again(company_id, action_id, tries, reason)
        return False

    async def _read(self, company_id: str, action_id: str) -> _Owed:
        g, p = self._g, self._g.platform
        async with p.db.begin(PAYMENT_RECOVERY, tenants=[company_id]) as tx:
            row = await tx.row(
                "select v.kind, v.terminal, v.stan, v.rrn, v.sent_at, v.tries, a.terminal as a_terminal, "
                "a.stan as a_stan, a.rrn as a_rrn, a.sent_at as a_sent_at, a.method as a_method, a.amount_minor, "
                "o.terminal as o_terminal, o.stan as o_stan, o.rrn as o_rrn, o.sent_at as o_sent_at, o.auth_code, "
                "p.id as payment_id, p.method, p.currency, v.authorised_minor as v_authorised_minor, v.stays_minor, "
                "a.acquirer_id, k.person_id as k_person_id, p.person_id, p.checkout_id, p.card_id, p.test, c.number, "
                "c.number_key, k.notify_url from ipp.advice v "
                "join ipp.payment_action a on a.company_id = v.company_id and a.id = v.action_id "
                "join ipp.payment p on p.company_id = a.company_id and p.id = a.payment_id "
                "join ipp.payment_action o on o.company_id = p.company_id and o.payment_id = p.id "
                "and o.method in ('AUTH', 'SALE') "
                "join ipp.card c on c.company_id = p.company_id and c.id = p.card_id "
                "join ipp.checkout k on k.company_id = p.company_id and k.id = p.checkout_id "
                "where v.company_id = $1 and v.action_id = $2",
                company_id, action_id,
            )  # fmt: skip
            if row is None:
                raise RuntimeError("a claimed advice is gone")
            contract = await companies.contract(
                tx, company_id=company_id, acquirer_id=row["acquirer_id"], closed_too=True
            )
        box = await p.persons.open(PAYMENT_RECOVERY, company_id, row["person_id"])
        place = number_place(company_id, row["card_id"])
        number = await g.vault.open(PAYMENT_RECOVERY, row["number"], row["number_key"], place=place)
        outgoing = _outgoing(company_id, action_id, row, contract, number)
        attempt = Attempt(
            company_id=company_id, payment_id=row["payment_id"], action_id=action_id, checkout_id=row["checkout_id"],
            person_id=row["person_id"], method=row["method"], amount=outgoing.amount, trace=outgoing.original,
            notify_url=await self._address(company_id, row), test=row["test"],
        )  # fmt: skip
        return _Owed(outgoing=outgoing, attempt=attempt, tries=row["tries"], box=box)

    async def _address(self, company_id: str, row: asyncpg.Record) -> Secret[str]:
        """Where the shop wants to hear of it; nowhere once the key that kept the address is destroyed."""
        box = await self._g.platform.persons.open(PAYMENT_RECOVERY, company_id, row["k_person_id"])
        return Secret(box.read(Checkout.notify_url, row["notify_url"]))

    async def _again(self, company_id: str, action_id: str, tries: int, reason: str) -> None:
        p = self._g.platform
        if tries >= _TRIES_BEFORE_ALARM:
            _log.error("advice.not_answered", action=action_id, tries=tries, reason=reason)
        delay = min(_FIRST_DELAY_S * 2 ** min(tries - 1, 20), _LONGEST_DELAY_S)
        async with p.db.begin(PAYMENT_RECOVERY, tenants=[company_id]) as tx:
            await tx.execute(
                "update ipp.advice set next_at = $3, reason = $4 "
                "where company_id = $1 and action_id = $2 and state = 'QUEUED'",
                company_id, action_id, p.clock.now() + timedelta(seconds=delay), reason,
            )  # fmt: skip

    async def _done(self, owed: _Owed, answer: Answer) -> bool:
        """Record it. An authorisation or sale that was undone ends its attempt; anything else settles its action."""
        p, attempt, out = self._g.platform, owed.attempt, owed.outgoing
        async with p.db.begin(PAYMENT_RECOVERY, tenants=[attempt.company_id]) as tx:
            if out.method in (Method.AUTH, Method.SALE):
                await tx.execute(
                    "update ipp.advice set state = 'DONE', done_at = $3 where company_id = $1 and action_id = $2 "
                    "and state = 'QUEUED'",
                    attempt.company_id, attempt.action_id, p.clock.now(),
                )  # fmt: skip
                cleared = await record_reversed(tx, p, attempt, owed.box)
            else:
                await settle(tx, p, out, answer, first=False)
                cleared = True
        _log.info("advice.answered", payment=attempt.payment_id, kind=out.method.value.lower(), tries=owed.tries)
        return cleared


def _outgoing(
    company_id: str, action_id: str, row: asyncpg.Record, contract: Contract, number: Secret[str]
) -> Outgoing:  # fmt: skip
    """The message that is owed. A reversal undoes the action itself; everything else is about the first message."""
    undo, of = row["kind"] == "REVERSAL", currency(row["currency"])
    about = "a" if undo else "o"
    return Outgoing(
        company_id=company_id, payment_id=row["payment_id"], action_id=action_id, method=Method(row["a_method"]),
        own=_trace(row, ""), original=_trace(row, f"{about}_"), original_method=Method(row["method"]),
        auth_code=row["auth_code"], amount=Money(row["amount_minor"], of),
        authorised=Money(row["v_authorised_minor"] or row["amount_minor"], of), stays_minor=row["stays_minor"] or 0,
        contract=contract, number=number, expiry=None,
        # A reversal goes out here for the first time; everything else was perhaps sent by whoever asked for it.
        repeat=row["tries"] > 1 or not undo, undo=undo,
    )  # fmt: skip


def _trace(row: asyncpg.Record, which: str) -> Trace:
    return Trace(
        terminal=row[f"{which}terminal"], stan=row[f"{which}stan"], transmitted_at=row[f"{which}sent_at"],
        rrn=row[f"{which}rrn"],
    )  # fmt: skip
