"""What a payer's page shows of a checkout: the amount, the shop, and how far the payment is. What has happened is told
as long as the checkout exists: after its time, and when its shop has closed."""

import json

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.cards import service as cards
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.errors import CheckoutNotFound
from ippgateway.domains.checkouts.models import Checkout
from ippgateway.domains.checkouts.schemas import CheckoutRef
from ippgateway.domains.checkouts.service import OpenCheckout
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.companies.service import Contract
from ippgateway.domains.payments.schemas import AuthoriseResult, Presented, Progress, Result, Shown
from ippgateway.domains.payments.service.authorise import attempt_once, earlier
from ippgateway.domains.payments.service.gateway import Gateway, payment_key
from ippgateway.domains.payments.service.known import known, standing
from ippgateway.domains.payments.states import State, result_of
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

_DECLINED = (
    f"select p.id, p.state, a.reason, {cards.MASKED} from ipp.payment p "
    "join ipp.payment_action a on a.company_id = p.company_id and a.payment_id = p.id and a.method = p.method "
    "join ipp.card c on c.company_id = p.company_id and c.id = p.card_id "
    "where p.company_id = $1 and p.person_id = $2 and p.checkout_id = $3 order by p.created_at desc, p.id desc limit 1"
)


async def present(g: Gateway, checkout: CheckoutRef) -> Presented:
    """How a checkout stands, from one transaction. Raises CheckoutNotFound, and CompanyNotFound when there is something
    to pay and nobody can pay this shop any more."""
    p = g.platform
    async with p.db.begin(PAYMENT, tenants=[checkout.company_id]) as tx:
        opened = await checkouts.read(tx, company_id=checkout.company_id, checkout_id=checkout.id)
        extra = await checkouts.told_along(tx, company_id=checkout.company_id, checkout_id=checkout.id)
        contract, closed = await _contract(tx, checkout.company_id)
        latest = await _latest(tx, opened)
    shown = _shown(g, opened, latest) if latest else None
    progress = _progress(g, checkout, opened, shown)
    if closed and progress is Progress.OPEN:
        raise CompanyNotFound
    shop = await p.persons.open(PAYMENT, PLATFORM, contract.person_id)
    payer = await p.persons.open(PAYMENT, opened.company_id, opened.person_id)
    told = json.loads(payer.read(Checkout.extra, extra) or "{}")
    return Presented(
        progress=progress, amount=opened.amount, shop=companies.name_of(shop, contract),
        payers_contact=companies.payers_contact_of(shop, contract), test=opened.test,
        theme=_text(told, "theme"), accept_url=payer.read(Checkout.accept_url, opened.accept_url),
        origin=_text(told, "origin"), latest=shown,
    )  # fmt: skip


async def standing_result(p: Platform, checkout: CheckoutRef) -> Result | None:
    """ACK when this checkout is paid, WAIT while an attempt is under way or unknown; None when none stands on it."""
    place = (checkout.company_id, checkout.id)
    async with p.db.begin(PAYMENT, tenants=[checkout.company_id]) as tx:
        row = (await standing(tx, [place])).get(place)
    return result_of(State(row["state"])) if row else None


async def answer_after_time(g: Gateway, *, checkout: CheckoutRef) -> AuthoriseResult:
    """What whoever asks to pay after a checkout's time is told: the answer of the attempt that stands. Raises
    CheckoutNotFound when none does; a new one is never begun."""

    async def prepared() -> AuthoriseResult:
        first = await earlier(g, await known(g, checkout, None, Secret("")))
        if first is None:
            raise CheckoutNotFound
        return first

    return await attempt_once(g, checkout, prepared)


async def _contract(tx: Tx, company_id: str) -> tuple[Contract, bool]:
    """The company's contract, and whether it has closed since."""
    found = await companies.contracts(tx, [company_id], for_payer=True)
    if company_id in found:
        return found[company_id], False
    return await companies.contract(tx, company_id=company_id, closed_too=True, for_payer=True), True


async def _latest(tx: Tx, opened: OpenCheckout) -> asyncpg.Record | None:
    """The attempt that stands, else the newest of those that came to nothing."""
    place = (opened.company_id, opened.id)
    stands = (await standing(tx, [place])).get(place)
    return stands or await tx.row(_DECLINED, opened.company_id, opened.person_id, opened.id)


def _shown(g: Gateway, opened: OpenCheckout, row: asyncpg.Record) -> Shown:
    return Shown(
        payment_id=row["id"], payment_key=payment_key(g.platform, opened.company_id, row["id"]),
        result=result_of(State(row["state"])), reason=row["reason"], card_masked=cards.masked_from(row).masked,
    )  # fmt: skip


def _progress(g: Gateway, checkout: CheckoutRef, opened: OpenCheckout, latest: Shown | None) -> Progress:
    """What has happened comes before what may happen: a payment that was made is shown after its checkout's time."""
    match latest.result if latest else None:
        case Result.ACK:
            return Progress.PAID
        case Result.WAIT:
            return Progress.UNDER_WAY
    if checkout.expired:
        return Progress.EXPIRED
    if opened.declines >= g.limits.declines_per_checkout:
        return Progress.TOO_MANY_DECLINES
    return Progress.OPEN


def _text(told: dict[str, object], name: str) -> str:
    text = told.get(name, "")
    return text if isinstance(text, str) else ""
