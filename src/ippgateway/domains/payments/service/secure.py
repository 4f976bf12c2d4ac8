"""The 3-D Secure step: ask the payer's bank before asking for the money."""

from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from ippgateway.domains.cards import service as cards
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.schemas import CheckoutRef, TransactionType
from ippgateway.domains.checkouts.service import OpenCheckout
from ippgateway.domains.companies import service as companies
from ippgateway.domains.payments.errors import TooManyDeclines
from ippgateway.domains.payments.ports import (
    Attempted,
    Authenticated,
    Authentication,
    AuthenticationRequest,
    AuthenticationResult,
    CardData,
    ChallengeNeeded,
    Refused,
)
from ippgateway.domains.payments.schemas import Browser, CardEntry, SecureResult
from ippgateway.domains.payments.service.gateway import Gateway, card_data, merchant_for
from ippgateway.privacy.catalogue import PAYMENT

if TYPE_CHECKING:
    from ippgateway.core.database import Tx

SUCCESS = "Transaction has been executed successfully."
"""Wire contract 8.3, compared strictly by clients."""

_REFUSED = "The card's bank did not confirm the cardholder. Nothing was charged."
_CHALLENGE = "The card's bank asks the cardholder to confirm, which is not possible here yet. Nothing was charged."
_UNAVAILABLE = "The card's bank could not be asked. Nothing was charged; try again."


async def secure(g: Gateway, *, checkout: CheckoutRef, card: CardEntry, browser: Browser) -> SecureResult:
    """Authenticate the payer for this checkout. Raises BadCard, CheckoutNotFound, TooManyDeclines."""
    data = card_data(card)
    async with g.platform.db.begin(PAYMENT, tenants=[checkout.company_id]) as tx:
        opened = await checkouts.read(tx, company_id=checkout.company_id, checkout_id=checkout.id)
    if opened.declines >= g.limits.declines_per_checkout:
        raise TooManyDeclines
    if opened.transaction_type is TransactionType.MOTO:
        await _mark(g, opened)
        return SecureResult(done=True, refused=False, text=SUCCESS)
    result, _ = await authenticate(g, opened, card, data, browser)
    return _told(result)


def _told(result: AuthenticationResult) -> SecureResult:
    match result:
        case Authenticated() | Attempted():
            return SecureResult(done=True, refused=False, text=SUCCESS)
        case Refused():
            return SecureResult(done=True, refused=True, text=_REFUSED)
        case ChallengeNeeded():
            return SecureResult(done=True, refused=True, text=_CHALLENGE)
        case _:
            return SecureResult(done=True, refused=True, text=_UNAVAILABLE)


async def _mark(g: Gateway, opened: OpenCheckout) -> None:
    async with g.platform.db.begin(PAYMENT, tenants=[opened.company_id]) as tx:
        await checkouts.mark_authenticated(tx, company_id=opened.company_id, checkout_id=opened.id)


async def authenticate(
    g: Gateway, opened: OpenCheckout, entry: CardEntry, data: CardData, browser: Browser
) -> tuple[AuthenticationResult, str]:
    """Ask the directory server, keep the card and the result; the result and the card's id."""
    p = g.platform
    async with p.db.begin(PAYMENT, tenants=[opened.company_id]) as tx:
        contract = await companies.contract(tx, company_id=opened.company_id)
        if not await checkouts.count_authentication(
            tx, company_id=opened.company_id, checkout_id=opened.id, most=g.limits.authentications_per_checkout
        ):
            raise TooManyDeclines
    merchant = await merchant_for(g, PAYMENT, contract)
    now = p.clock.now()
    result = await g.authenticator.authenticate(
        AuthenticationRequest(
            transaction_id=str(UUID(bytes=p.ids.randomness.octets(16), version=4)), card=data, holder=entry.holder,
            amount=opened.amount, merchant=merchant, shop_url=g.public_url, purchased_at=now, browser=browser,
        )
    )  # fmt: skip
    card_id = p.ids.new()
    async with p.db.begin(PAYMENT, tenants=[opened.company_id]) as tx:
        await cards.keep(
            tx, g.vault,
            cards.NewCard(id=card_id, company_id=opened.company_id, checkout_id=opened.id, person_id=opened.person_id,
                          number=data.pan, month=data.expiry_month, year=data.expiry_year),
            at=now,
        )  # fmt: skip
        await _keep(tx, g, opened, card_id, result)
        await checkouts.mark_authenticated(tx, company_id=opened.company_id, checkout_id=opened.id)
    return result, card_id


async def _keep(tx: "Tx", g: Gateway, opened: OpenCheckout, card_id: str, result: AuthenticationResult) -> None:
    authentication_id = g.platform.ids.new()
    proof = result.authentication if isinstance(result, Authenticated | Attempted) else None
    sealed, key = None, None
    if proof is not None and proof.value is not None:
        sealed, key = g.vault.seal(proof.value, place=value_place(opened.company_id, authentication_id))
    reported = proof.ds_transaction_id if proof else getattr(result, "ds_transaction_id", "")
    await tx.execute(
        "insert into ipp.authentication (company_id, id, checkout_id, card_id, person_id, status, amount_minor, "
        "currency, eci, version, value_key, value, ds_transaction_id, created_at) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        opened.company_id, authentication_id, opened.id, card_id, opened.person_id, _status(result),
        opened.amount.amount_minor, opened.amount.currency.code,
        proof.eci if proof else "", proof.version if proof else "",
        key, sealed, reported, g.platform.clock.now(),
    )  # fmt: skip


def _status(result: AuthenticationResult) -> str:
    match result:
        case Authenticated():
            return "Y"
        case Attempted():
            return "A"
        case Refused():
            return "N"
        case ChallengeNeeded():
            return "C"
        case _:
            return "U"


def value_place(company_id: str, authentication_id: str) -> str:
    """Where an authentication value is stored; bound into its seal."""
    return f"authentication.value|{company_id}|{authentication_id}"


async def proof_from(g: Gateway, company_id: str, row: asyncpg.Record) -> Authentication | None:
    """What a stored 3-D Secure result proves; None when it proves nothing."""
    if row["status"] not in ("Y", "A"):
        return None
    value = None
    if row["value"] is not None:
        value = await g.vault.open(PAYMENT, row["value"], row["value_key"], place=value_place(company_id, row["id"]))
    return Authentication(
        eci=row["eci"], value=value, ds_transaction_id=row["ds_transaction_id"], version=row["version"]
    )
