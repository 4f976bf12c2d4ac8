"""Take the money in three steps: record the attempt, ask the acquirer outside any transaction, record the outcome.

A crash after any step loses nothing: what was recorded and has no outcome is unknown, and the recovery clears it up.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg

from ippgateway.domains.cards import service as cards
from ippgateway.domains.cards.schemas import MaskedCard
from ippgateway.domains.checkouts.errors import CheckoutNotFound
from ippgateway.domains.checkouts.models import Checkout
from ippgateway.domains.checkouts.schemas import CheckoutRef, TransactionType
from ippgateway.domains.checkouts.service import OpenCheckout
from ippgateway.domains.companies.service import Contract
from ippgateway.domains.payments.errors import TooManyDeclines
from ippgateway.domains.payments.models import Payment
from ippgateway.domains.payments.ports import (
    ABOUT_A_PAYER,
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
from ippgateway.domains.payments.service import velocity
from ippgateway.domains.payments.service.attempt import RECORD_ATTEMPT, Recording, Shopper
from ippgateway.domains.payments.service.challenge import unproved
from ippgateway.domains.payments.service.gateway import Gateway, card_data, hold_on, merchant_for, payment_key
from ippgateway.domains.payments.service.known import Known, known
from ippgateway.domains.payments.service.outcome import RECORD_END, Attempt, ended, verdict
from ippgateway.domains.payments.service.secure import authenticate, proof_from
from ippgateway.domains.payments.states import State, result_of, status_of
from ippgateway.privacy.catalogue import CARD_AUTHENTICATION, PAYMENT
from ippgateway.privacy.persons import Box
from ippgateway.privacy.vocabulary import Category

_NOT_SENT = Declined(reason=DeclineReason.ACQUIRER_UNREACHABLE, again=TryAgain.NOW, response_code="")


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
    network: bytes = velocity.EVERYBODY
    tried: dict[velocity.Whose, velocity.Tried] = field(default_factory=dict)
    stored: StoredCredential | None = None
    recurring_of: str | None = None


async def authorise(g: Gateway, *, checkout: CheckoutRef, card: CardEntry, browser: Browser) -> AuthoriseResult:
    """The outcome for this checkout: the first one when it is approved or under way, else that of a new attempt.

    Raises BadCard, CheckoutNotFound, TooManyDeclines. A decline is a result; so is WAIT, when nobody knows yet.
    """
    data = card_data(card)

    async def prepared() -> Ready | AuthoriseResult:
        return await _prepare(g, checkout, card, data, browser)

    return await attempt_once(g, checkout, prepared)


Prepare = Callable[[], Awaitable[Ready | AuthoriseResult]]
"""What comes before an attempt; the answer of an earlier one where that stands."""


async def attempt_once(g: Gateway, checkout: CheckoutRef, prepare: Prepare) -> AuthoriseResult:
    """One attempt at a time on a checkout: whoever comes while one is under way gets its answer."""
    place = (checkout.company_id, checkout.id)
    attempt = g.under_way.get(place)
    if attempt is None:
        # A task of its own: a payer who closes the browser must not leave it half done.
        attempt = g.under_way[place] = asyncio.create_task(_attempt(g, prepare))
        attempt.add_done_callback(lambda done: _ended(g, place, done))
    return await asyncio.shield(attempt)


def _ended(g: Gateway, place: tuple[str, str], attempt: "asyncio.Future[AuthoriseResult]") -> None:
    g.under_way.pop(place, None)
    if not attempt.cancelled():
        attempt.exception()  # whoever asked may be gone, and then nobody else would look at it


async def _attempt(g: Gateway, prepare: Prepare) -> AuthoriseResult:
    ready = await prepare()
    if isinstance(ready, AuthoriseResult):
        return ready
    async with velocity.turn(g, (ready.opened.company_id, ready.network), ready.tried) as rush:
        return await _three_steps(g, ready, rush)


async def _three_steps(g: Gateway, ready: Ready, rush: velocity.Rush) -> AuthoriseResult:
    attempt, shopper = await _record_attempt(g, ready)
    if not isinstance(shopper, Shopper):
        return _as_result(g, ready.opened, ready.checkout_box, shopper, cards.masked_from(shopper))
    if ready.refusal is None:
        answer = await _ask(g, ready, attempt)
        state = await _record_outcome(g, ready, attempt, answer)
    else:
        answer, state = ready.refusal, State.DECLINED
    told = verdict(answer)
    if told is not None:
        rush.count(approved=told)
    return _result(g, ready, attempt, shopper, state, answer)


# --- before: what is known already ---


async def earlier(g: Gateway, known: Known) -> AuthoriseResult | None:
    """The answer of an attempt that is approved, under way or unknown (wire contract R-47)."""
    if known.standing is None:
        return None
    opened = known.opened
    box = await g.platform.persons.open(PAYMENT, opened.company_id, opened.person_id)
    return _as_result(g, opened, box, known.standing, cards.masked_from(known.standing))


async def _prepare(
    g: Gateway, checkout: CheckoutRef, card: CardEntry, data: CardData, browser: Browser
) -> Ready | AuthoriseResult:
    # The keys lie in another database: whoever asks for both at once waits for one.
    found, box = await asyncio.gather(
        known(g, checkout, data, browser.ip),
        g.platform.persons.open(PAYMENT, checkout.company_id, checkout.person_id),
    )
    if not box.has(Payment.holder):  # they had it restricted: a card has the vault's key, which that does not hide
        raise CheckoutNotFound
    first = await earlier(g, found)
    if first is not None:
        return first
    opened, contract = found.opened, found.contract
    check_declines(g, found)
    merchant = await merchant_for(g, PAYMENT, contract)
    card_id, proof, refusal = await _authentication(g, opened, card, data, browser, found.proof)
    return Ready(
        opened=opened, contract=contract, card=card, data=data, card_id=card_id, proof=proof,
        refusal=refusal or found.never or wrong_mode(opened, contract), number=found.number, merchant=merchant, box=box,
        checkout_box=box, stored=StoresCard() if opened.store_card else None, network=found.network,
        tried=found.tried,
    )  # fmt: skip


def check_declines(g: Gateway, known: Known) -> None:
    """Raises TooManyDeclines when this checkout, or the network that somebody asks from, had its share."""
    opened = known.opened
    if opened.declines >= g.limits.declines_per_checkout:
        raise TooManyDeclines
    if velocity.too_many(g.limits, known.tried, opened.company_id, known.network):
        raise TooManyDeclines


def wrong_mode(opened: OpenCheckout, contract: Contract) -> Declined | None:
    """Tests go to a test acquirer and real money to a real one, never the other way round."""
    if contract.acquirer.test is opened.test:
        return None
    return Declined(reason=DeclineReason.MERCHANT_SETUP, again=TryAgain.LATER, response_code="")


async def _authentication(
    g: Gateway, opened: OpenCheckout, card: CardEntry, data: CardData, browser: Browser,
    found: asyncpg.Record | None,
) -> tuple[str | None, Authentication | None, Declined | None]:  # fmt: skip
    """The vault's card, the proof to send along, or the refusal. A skipped step is made up for silently (R-47)."""
    if opened.transaction_type is TransactionType.MOTO:
        return None, None, None
    now = g.platform.clock.now()
    if found is not None and (found["status"] != "U" or found["ends_by"] is not None):
        proof = await proof_from(g, opened.company_id, found)
        return found["card_id"], proof, None if proof else unproved(found["status"], found["ends_by"], now=now)
    result, card_id, _ = await authenticate(g, opened, card, data, browser, may_ask=False)
    if isinstance(result, Authenticated | Attempted):
        return card_id, result.authentication, None
    return card_id, None, unproved("N" if isinstance(result, Refused) else "C", None, now=now)


# --- step one: the attempt is on record before anything is sent ---


async def _record_attempt(g: Gateway, ready: Ready) -> tuple[Attempt, Shopper | asyncpg.Record]:
    """The attempt, now on record, with what is known of the shopper; or the row of another one that blocks it."""
    p, opened, now = g.platform, ready.opened, g.platform.clock.now()
    attempt = Attempt(
        company_id=opened.company_id, payment_id=p.ids.new(), action_id=p.ids.new(), checkout_id=opened.id,
        person_id=ready.box.person_id, method=ready.contract.authorise_as, amount=opened.amount,
        trace=trace_for(ready.number, now, g.limits.terminals, g.limits.terminal_prefix),
        notify_url=ready.checkout_box.open(Checkout.notify_url, opened.notify_url), test=opened.test,
        network=ready.network,
    )  # fmt: skip
    card = None if ready.card_id else cards.NewCard(
        id=p.ids.new(), company_id=opened.company_id, checkout_id=opened.id, person_id=ready.box.person_id,
        number=ready.data.pan, month=ready.data.expiry_month, year=ready.data.expiry_year,
    )  # fmt: skip
    order_id = ready.checkout_box.open(Checkout.order_id, opened.order_id).open()
    recording = Recording(
        attempt=attempt, at=now, card_id=card.id if card else ready.card_id or "",
        card=cards.sealed(g.vault, card, at=now) if card else None, acquirer_id=ready.contract.acquirer.id,
        stores_card=opened.store_card, recurring_of=ready.recurring_of,
        order_id=ready.box.seal(Payment.order_id, order_id),
        holder=ready.box.seal(Payment.holder, ready.card.holder.open()),
        refusal=ended(p, attempt, ready.refusal, ready.box) if ready.refusal else None,
    )  # fmt: skip
    return attempt, await p.db.together(PAYMENT, RECORD_ATTEMPT, recording)


# --- step two: ask, outside any transaction ---


async def _ask(g: Gateway, ready: Ready, attempt: Attempt) -> AcquirerAnswer | None:
    """The acquirer's answer; None when there is none, which means that the outcome is unknown.

    Nothing is sent when this process stood still for so long that the attempt may count as abandoned: its reversal may
    be there already, and must not be overtaken.
    """
    moto = ready.opened.transaction_type is TransactionType.MOTO
    by_merchant = isinstance(ready.stored, ChargesStored)
    try:
        if g.platform.clock.now() - attempt.trace.transmitted_at > timedelta(seconds=g.limits.advice_lease_s):
            return _NOT_SENT
        return await g.acquirer.authorise(
            AuthorisationRequest(
                kind=Kind.SALE if attempt.method == "SALE" else Kind.AUTHORISATION, trace=attempt.trace,
                merchant=ready.merchant, card=ready.data, amount=attempt.amount,
                entry=Entry.MOTO if moto else Entry.ECOM, authentication=ready.proof, stored=ready.stored,
                initiator=Initiator.MERCHANT if by_merchant else Initiator.CARDHOLDER,
            )
        )  # fmt: skip
    except NotSent:
        return _NOT_SENT
    except NoAnswer:
        return None


# --- step three: the outcome ---


async def _record_outcome(g: Gateway, ready: Ready, attempt: Attempt, answer: AcquirerAnswer | None) -> State:
    """Record the outcome, for the money has moved. When the database stays away the attempt stays on record as sent:
    unknown, for the recovery to clear up."""

    end = ended(g.platform, attempt, answer, ready.box, handed=frozenset() if answer is _NOT_SENT else _handed(ready))

    async def outcome() -> State:
        return await g.platform.db.together(PAYMENT, RECORD_END, end)

    state = await hold_on(g, outcome) or State.UNKNOWN
    if state is State.UNKNOWN:
        g.woken.set()
    return state


def _handed(ready: Ready) -> frozenset[Category]:
    """What the acquirer was told about the payer."""
    return ABOUT_A_PAYER if ready.proof else ABOUT_A_PAYER - {CARD_AUTHENTICATION}


# --- after: the answer, as often as it is asked for ---


def _result(
    g: Gateway, ready: Ready, attempt: Attempt, shopper: Shopper, state: State, answer: AcquirerAnswer | None
) -> AuthoriseResult:
    """The answer, from memory: whoever waits hears it though the database may be away."""
    declined = answer.reason if isinstance(answer, Declined) and state is State.DECLINED else None
    reason = DeclineReason.NO_ANSWER if state is State.REVERSED else declined
    told: dict[str, object] = {
        "id": attempt.payment_id, "action_id": attempt.action_id, "state": state.value,
        "reason": reason.value if reason else "", "seen_before": shopper.seen_before, "purchases": shopper.purchases,
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
        accept_url=box.read(Checkout.accept_url, opened.accept_url),
        card_month=seen.month, card_year=seen.year, card_masked=seen.masked, card_brand=seen.brand,
    )  # fmt: skip
