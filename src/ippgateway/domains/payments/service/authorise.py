"""Take the money in three steps: record the attempt, ask the acquirer outside any transaction, record the outcome.

A crash after any step loses nothing: what was recorded and has no outcome is unknown, and the recovery clears it up.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.domains.cards import service as cards
from ippgateway.domains.cards.schemas import MaskedCard
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.models import Checkout
from ippgateway.domains.checkouts.schemas import CheckoutRef, TransactionType
from ippgateway.domains.checkouts.service import OpenCheckout
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.service import Contract
from ippgateway.domains.payments.errors import TooManyDeclines
from ippgateway.domains.payments.models import Payment
from ippgateway.domains.payments.ports import (
    AcquirerAnswer,
    Attempted,
    Authenticated,
    Authentication,
    AuthorisationRequest,
    CardData,
    ChargesStored,
    Declined,
    DeclineReason,
    Entry,
    Initiator,
    Kind,
    Merchant,
    NoAnswer,
    NotSent,
    Refused,
    StoredCredential,
    StoresCard,
    TryAgain,
    trace_for,
)
from ippgateway.domains.payments.schemas import AuthoriseResult, Browser, CardEntry
from ippgateway.domains.payments.service.gateway import Gateway, card_data, hold_on, merchant_for, payment_key
from ippgateway.domains.payments.service.outcome import Attempt, record, record_unknown
from ippgateway.domains.payments.service.secure import authenticate, proof_for
from ippgateway.domains.payments.states import State, result_of, status_of
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.persons import Box


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """Everything an attempt needs, read and checked; nothing was written yet."""

    opened: OpenCheckout
    contract: Contract
    card: CardEntry
    data: CardData
    card_id: str | None
    proof: Authentication | None
    refusal: Declined | None
    number: int
    merchant: Merchant
    box: Box
    """The keys of the payer whom the card is about; for a renewal the one who stored it."""
    checkout_box: Box
    """The keys of the payer whom the checkout was made for."""
    stored: StoredCredential | None = None
    recurring_of: str | None = None


async def authorise(g: Gateway, *, checkout: CheckoutRef, card: CardEntry, browser: Browser) -> AuthoriseResult:
    """The outcome for this checkout: the first one when it is approved or under way, else that of a new attempt.

    Raises BadCard, CheckoutNotFound, TooManyDeclines. A decline is a result; so is WAIT, when nobody knows yet.
    """
    data = card_data(card)

    async def prepared() -> Ready:
        return await _prepare(g, checkout, card, data, browser)

    return await attempt_once(g, checkout, prepared)


async def attempt_once(g: Gateway, checkout: CheckoutRef, prepare: Callable[[], Awaitable[Ready]]) -> AuthoriseResult:
    """One attempt at a time on a checkout: whoever comes while one is under way gets its answer."""
    place = (checkout.company_id, checkout.id)
    running = g.under_way.get(place)
    if running is not None:
        return await asyncio.shield(running)
    future: asyncio.Future[AuthoriseResult] = asyncio.get_running_loop().create_future()
    g.under_way[place] = future
    # The attempt is a task of its own: a payer who closes the browser must not leave it half done.
    task = asyncio.create_task(_attempt(g, checkout, prepare))
    task.add_done_callback(lambda done: _hand_on(g, place, future, done))
    return await asyncio.shield(future)


def _hand_on(
    g: Gateway, place: tuple[str, str], future: asyncio.Future[AuthoriseResult], done: asyncio.Task[AuthoriseResult]
) -> None:
    g.under_way.pop(place, None)
    if done.cancelled():
        future.cancel()
    elif error := done.exception():
        future.set_exception(error)
        future.exception()  # whoever asked may be gone
    else:
        future.set_result(done.result())


async def _attempt(g: Gateway, checkout: CheckoutRef, prepare: Callable[[], Awaitable[Ready]]) -> AuthoriseResult:
    earlier = await _earlier(g, checkout)
    if earlier is not None:
        return earlier
    ready = await prepare()
    attempt, shopper, first = await _record_attempt(g, ready)
    if first is not None:
        return first
    if ready.refusal is None:
        answer = await _ask(g, ready, attempt)
        state = await _record_outcome(g, ready, attempt, answer)
    else:
        answer, state = ready.refusal, State.DECLINED
    return _result(g, ready, attempt, shopper, state, answer)


# --- before: what is known already ---


async def _earlier(g: Gateway, checkout: CheckoutRef) -> AuthoriseResult | None:
    """The answer of an attempt that is approved, under way or unknown (wire contract R-47)."""
    async with g.platform.db.begin(PAYMENT, tenants=[checkout.company_id]) as tx:
        row = await _blocking(tx, checkout)
        opened = await checkouts.read(tx, company_id=checkout.company_id, checkout_id=checkout.id) if row else None
    if row is None or opened is None:
        return None
    box = await g.platform.persons.open(PAYMENT, opened.company_id, opened.person_id)
    return _as_result(g, opened, box, row, cards.masked_from(row))


async def _blocking(tx: Tx, checkout: CheckoutRef) -> asyncpg.Record | None:
    return await tx.row(
        f"select p.id, p.state, p.seen_before, p.purchases, a.id as action_id, a.reason, {cards.MASKED} "
        "from ipp.payment p join ipp.payment_action a on a.company_id = p.company_id and a.payment_id = p.id "
        "join ipp.card c on c.company_id = p.company_id and c.id = p.card_id "
        "where p.company_id = $1 and p.checkout_id = $2 and p.state in ('SENT', 'UNKNOWN', 'APPROVED') "
        "order by a.id limit 1",
        checkout.company_id, checkout.id,
    )  # fmt: skip


async def _prepare(g: Gateway, checkout: CheckoutRef, card: CardEntry, data: CardData, browser: Browser) -> Ready:
    async with g.platform.db.begin(PAYMENT, tenants=[checkout.company_id]) as tx:
        opened = await checkouts.read(tx, company_id=checkout.company_id, checkout_id=checkout.id)
        contract = await companies.contract(tx, company_id=checkout.company_id)
        found = None
        if opened.transaction_type is not TransactionType.MOTO:
            found = await proof_for(tx, g, opened, data)
        never = await never_again(tx, g, opened, data)
        number = int(await tx.value("select nextval('ipp.stan')"))
    check_declines(g, opened)
    merchant = await merchant_for(g, PAYMENT, contract)
    card_id, proof, refusal = await _authentication(g, opened, card, data, browser, found)
    box = await g.platform.persons.open(PAYMENT, opened.company_id, opened.person_id)
    return Ready(
        opened=opened, contract=contract, card=card, data=data, card_id=card_id, proof=proof,
        refusal=refusal or never or wrong_mode(opened, contract), number=number, merchant=merchant, box=box,
        checkout_box=box, stored=StoresCard() if opened.store_card else None,
    )  # fmt: skip


def check_declines(g: Gateway, opened: OpenCheckout) -> None:
    """Raises TooManyDeclines when this checkout had its share."""
    if opened.declines >= g.limits.declines_per_checkout:
        raise TooManyDeclines


def wrong_mode(opened: OpenCheckout, contract: Contract) -> Declined | None:
    """Tests go to a test acquirer and real money to a real one, never the other way round."""
    if contract.acquirer.test is opened.test:
        return None
    return Declined(reason=DeclineReason.MERCHANT_SETUP, again=TryAgain.LATER, response_code="")


async def never_again(tx: Tx, g: Gateway, opened: OpenCheckout, data: CardData) -> Declined | None:
    """An issuer's "never try again" for this card at this company is obeyed (facts, E.4). Our own refusal on that
    ground says "later": it is no new word of the issuer's."""
    row = await tx.row(
        "select a.reason, a.response_code from ipp.card c join ipp.payment p on p.company_id = c.company_id "
        "and p.card_id = c.id join ipp.payment_action a on a.company_id = p.company_id and a.payment_id = p.id "
        "where c.company_id = $1 and c.fingerprint = $2 and a.again = 'never' and a.created_at > $3 "
        "order by a.created_at limit 1",
        opened.company_id, g.vault.fingerprint(opened.company_id, data.pan),
        g.platform.clock.now() - timedelta(days=g.limits.never_again_days),
    )  # fmt: skip
    if row is None:
        return None
    return Declined(reason=DeclineReason(row["reason"]), again=TryAgain.LATER, response_code=row["response_code"])


async def _authentication(
    g: Gateway, opened: OpenCheckout, card: CardEntry, data: CardData, browser: Browser,
    found: tuple[str, str, Authentication | None] | None,
) -> tuple[str | None, Authentication | None, Declined | None]:  # fmt: skip
    """The vault's card, the proof to send along, or the refusal. A skipped step is made up for silently (R-47)."""
    if opened.transaction_type is TransactionType.MOTO:
        return None, None, None
    if found is not None and found[0] != "U":
        status, card_id, proof = found
        return card_id, proof, None if proof else _refusal(status)
    result, card_id = await authenticate(g, opened, card, data, browser)
    match result:
        case Authenticated(authentication=proof) | Attempted(authentication=proof):
            return card_id, proof, None
        case Refused():
            return card_id, None, _refusal("N")
        case _:
            return card_id, None, _refusal("C")


def _refusal(status: str) -> Declined:
    reason = DeclineReason.AUTHENTICATION_FAILED if status == "N" else DeclineReason.THREE_DS_REQUIRED
    return Declined(reason=reason, again=TryAgain.NOW, response_code="")


# --- step one: the attempt is on record before anything is sent ---


async def _record_attempt(g: Gateway, ready: Ready) -> tuple[Attempt, asyncpg.Record | None, AuthoriseResult | None]:
    """The attempt, now on record, with what is known of the shopper; or the answer of another one that blocks it."""
    p, opened, now = g.platform, ready.opened, g.platform.clock.now()
    trace = trace_for(ready.number, now, g.limits.terminals, g.limits.terminal_prefix)
    attempt = Attempt(
        company_id=opened.company_id, payment_id=p.ids.new(), action_id=p.ids.new(), checkout_id=opened.id,
        person_id=ready.box.person_id, method=ready.contract.authorise_as, amount=opened.amount, trace=trace,
        notify_url=ready.checkout_box.open(Checkout.notify_url, opened.notify_url), test=opened.test,
    )  # fmt: skip
    new = cards.NewCard(
        id=ready.card_id or p.ids.new(), company_id=opened.company_id, checkout_id=opened.id,
        person_id=ready.box.person_id, number=ready.data.pan, month=ready.data.expiry_month,
        year=ready.data.expiry_year,
    )  # fmt: skip
    async with p.db.begin(PAYMENT, tenants=[opened.company_id]) as tx:
        if ready.card_id is None:
            await cards.keep(tx, g.vault, new, at=now)
        shopper = await _insert(tx, ready, attempt, new.id, now)
        if shopper is None:
            row = await _blocking(tx, CheckoutRef(company_id=opened.company_id, id=opened.id, authenticated=True))
            if row is None:
                raise RuntimeError("an attempt that blocks this one is gone")
            return attempt, None, _as_result(g, opened, ready.checkout_box, row, cards.masked_from(row))
        if ready.refusal is not None:
            await record(tx, p, attempt, ready.refusal, ready.box)
    return attempt, shopper, None


async def _insert(tx: Tx, ready: Ready, attempt: Attempt, card_id: str, now: datetime) -> asyncpg.Record | None:
    """What is known of the shopper, if the attempt is the only one under way, approved or unknown on its checkout; the
    database decides."""
    opened, box = ready.opened, ready.box
    holder = ready.card.holder.open()
    order_id = ready.checkout_box.open(Checkout.order_id, opened.order_id).open()
    inserted = await tx.row(
        "insert into ipp.payment (company_id, id, checkout_id, card_id, person_id, method, state, state_at, "
        "amount_minor, currency, test, created_at, order_id, holder, stores_card, recurring_of, "
        "purchases, seen_before) "
        "select $1, $2, $3, $4, $5, $6, 'SENT', $7, $8, $9, $10, $7, $11, $12, $13, $14::text, "
        "n + 1, n > 0 or $14::text is not null from ("
        "  select count(*)::int as n from ipp.payment"
        "  where company_id = $1 and person_id = $5 and state = 'APPROVED') s "
        "on conflict (company_id, checkout_id) where state in ('SENT', 'UNKNOWN', 'APPROVED') do nothing "
        "returning seen_before, purchases",
        attempt.company_id, attempt.payment_id, attempt.checkout_id, card_id, attempt.person_id, attempt.method, now,
        attempt.amount.amount_minor, attempt.amount.currency.code, attempt.test,
        box.seal(Payment.order_id, order_id), box.seal(Payment.holder, holder), opened.store_card, ready.recurring_of,
    )  # fmt: skip
    if inserted is None:
        return None
    await tx.execute(
        "insert into ipp.payment_action (company_id, id, payment_id, person_id, method, result, reason, again, "
        "amount_minor, currency, acquirer_id, terminal, stan, rrn, sent_at, response_code, auth_code, created_at) "
        "values ($1, $2, $3, $13, $4, 'WAIT', '', '', $5, $6, $7, $8, $9, $10, $11, '', '', $12)",
        attempt.company_id, attempt.action_id, attempt.payment_id, attempt.method, attempt.amount.amount_minor,
        attempt.amount.currency.code, ready.contract.acquirer.id, attempt.trace.terminal, attempt.trace.stan,
        attempt.trace.rrn, attempt.trace.transmitted_at, now, attempt.person_id,
    )  # fmt: skip
    return inserted


# --- step two: ask, outside any transaction ---


async def _ask(g: Gateway, ready: Ready, attempt: Attempt) -> AcquirerAnswer | None:
    """The acquirer's answer; None when there is none, which means that the outcome is unknown."""
    moto = ready.opened.transaction_type is TransactionType.MOTO
    by_merchant = isinstance(ready.stored, ChargesStored)
    try:
        return await g.acquirer.authorise(
            AuthorisationRequest(
                kind=Kind.SALE if attempt.method == "SALE" else Kind.AUTHORISATION, trace=attempt.trace,
                merchant=ready.merchant, card=ready.data, amount=attempt.amount,
                entry=Entry.MOTO if moto else Entry.ECOM, authentication=ready.proof, stored=ready.stored,
                initiator=Initiator.MERCHANT if by_merchant else Initiator.CARDHOLDER,
            )
        )  # fmt: skip
    except NotSent:
        return Declined(reason=DeclineReason.ACQUIRER_UNREACHABLE, again=TryAgain.NOW, response_code="")
    except NoAnswer:
        return None


# --- step three: the outcome ---


async def _record_outcome(g: Gateway, ready: Ready, attempt: Attempt, answer: AcquirerAnswer | None) -> State:
    """Record the outcome, for the money has moved. When the database stays away the attempt stays on record as sent:
    unknown, for the recovery to clear up."""

    async def outcome() -> State:
        async with g.platform.db.begin(PAYMENT, tenants=[attempt.company_id]) as tx:
            if answer is None:
                return await record_unknown(tx, g.platform, company_id=attempt.company_id, action_id=attempt.action_id)
            return await record(tx, g.platform, attempt, answer, ready.box)

    state = await hold_on(g, outcome) or State.UNKNOWN
    if state is State.UNKNOWN:
        g.woken.set()
    return state


# --- after: the answer, as often as it is asked for ---


def _result(
    g: Gateway, ready: Ready, attempt: Attempt, shopper: asyncpg.Record | None, state: State,
    answer: AcquirerAnswer | None,
) -> AuthoriseResult:  # fmt: skip
    """The answer, from memory: whoever waits hears it though the database may be away."""
    declined = answer.reason if isinstance(answer, Declined) and state is State.DECLINED else None
    reason = DeclineReason.NO_ANSWER if state is State.REVERSED else declined
    told = {
        "id": attempt.payment_id, "action_id": attempt.action_id, "state": state.value,
        "reason": reason.value if reason else "", "seen_before": bool(shopper and shopper["seen_before"]),
        "purchases": shopper["purchases"] if shopper else 1,
    }  # fmt: skip
    seen = cards.masked(ready.data.pan, month=ready.data.expiry_month, year=ready.data.expiry_year)
    return _as_result(g, ready.opened, ready.checkout_box, told, seen)


def _as_result(
    g: Gateway, opened: OpenCheckout, box: Box, row: "asyncpg.Record | dict[str, object]", seen: MaskedCard
) -> AuthoriseResult:
    state = State(str(row["state"]))
    payment_id = str(row["id"])
    return AuthoriseResult(
        result=result_of(state), status=status_of(state), reason=str(row["reason"]), payment_id=payment_id,
        action_id=str(row["action_id"]), payment_key=payment_key(g.platform, opened.company_id, payment_id),
        seen_before=bool(row["seen_before"]), purchases=int(str(row["purchases"])), amount_text=opened.amount_text,
        currency_code=opened.amount.currency.code,
        accept_url=box.open(Checkout.accept_url, opened.accept_url).open(),
        card_month=seen.month, card_year=seen.year, card_masked=seen.masked, card_brand=seen.brand,
    )  # fmt: skip
