"""The 3-D Secure step: ask the payer's bank before asking for the money. When the bank wants to ask the payer, the
result is a challenge, which `challenge` carries to its end."""

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import asyncpg

from ippgateway.domains.cards import service as cards
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.errors import CheckoutNotFound
from ippgateway.domains.checkouts.schemas import CheckoutRef, TransactionType
from ippgateway.domains.checkouts.service import OpenCheckout
from ippgateway.domains.companies import service as companies
from ippgateway.domains.payments import models
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
    Unavailable,
    UnavailableReason,
)
from ippgateway.domains.payments.schemas import Browser, CardEntry, SecureResult
from ippgateway.domains.payments.service import velocity
from ippgateway.domains.payments.service.gateway import Gateway, card_data, merchant_for
from ippgateway.domains.payments.service.known import standing
from ippgateway.privacy.catalogue import DIRECTORY_SERVER, PAYMENT
from ippgateway.privacy.disclosure import records
from ippgateway.privacy.persons import Box
from ippgateway.privacy.sealing import digest

if TYPE_CHECKING:
    from ippgateway.core.database import Tx

SUCCESS = "Transaction has been executed successfully."
"""Wire contract 8.3, compared strictly by clients."""

_REFUSED = "The card's bank did not confirm the cardholder. Nothing was charged."
_CHALLENGE = "The card's bank asks the cardholder to confirm the payment."
_NOT_ASKED = Unavailable(reason=UnavailableReason.NOT_ALLOWED)
_TOKEN_LETTERS = 32  # 190 bits
_UNAVAILABLE = "The card's bank could not be asked. Nothing was charged; try again."


async def secure(g: Gateway, *, checkout: CheckoutRef, card: CardEntry, browser: Browser) -> SecureResult:
    """Authenticate the payer for this checkout. Where an attempt is approved or under way there is nothing to confirm:
    nobody is asked and no card is kept, for the authorisation answers with that attempt. Raises BadCard,
    CheckoutNotFound, TooManyDeclines."""
    data = card_data(card)
    async with g.platform.db.begin(PAYMENT, tenants=[checkout.company_id]) as tx:
        opened = await checkouts.read(tx, company_id=checkout.company_id, checkout_id=checkout.id)
        stands = await standing(tx, [(checkout.company_id, checkout.id)])
        network = velocity.network_code(g.platform, checkout.company_id, browser.ip)
        tried = await velocity.tried(tx, [(checkout.company_id, network)], g.platform.clock.now())
    if stands:
        return SecureResult(done=True, refused=False, text=SUCCESS)
    if checkout.expired:
        raise CheckoutNotFound
    if opened.declines >= g.limits.declines_per_checkout:
        raise TooManyDeclines
    if velocity.too_many(g.limits, tried, checkout.company_id, network):
        raise TooManyDeclines
    if opened.transaction_type is TransactionType.MOTO:
        await _mark(g, opened)
        return SecureResult(done=True, refused=False, text=SUCCESS)
    return _told(g, await authenticate(g, opened, card, data, browser, may_ask=True))


class Step(NamedTuple):
    """What came of asking the directory server. `token`: what begins the challenge, in the payer's hands alone."""

    result: AuthenticationResult
    card_id: str
    token: str | None


def _told(g: Gateway, step: Step) -> SecureResult:
    match step.result:
        case Authenticated() | Attempted():
            return SecureResult(done=True, refused=False, text=SUCCESS)
        case Refused():
            return SecureResult(done=True, refused=True, text=_REFUSED)
        case ChallengeNeeded():
            url = f"{g.pay_url}/challenge/{step.token}"
            return SecureResult(done=False, refused=False, text=_CHALLENGE, challenge_url=url)
        case _:
            return SecureResult(done=True, refused=True, text=_UNAVAILABLE)


async def _mark(g: Gateway, opened: OpenCheckout) -> None:
    async with g.platform.db.begin(PAYMENT, tenants=[opened.company_id]) as tx:
        await checkouts.mark_authenticated(tx, company_id=opened.company_id, checkout_id=opened.id)


async def authenticate(
    g: Gateway, opened: OpenCheckout, entry: CardEntry, data: CardData, browser: Browser, *, may_ask: bool
) -> Step:
    """Ask the directory server, keep the card and the result. Nobody can begin a challenge where the payer is not to be
    asked (`may_ask`), so there it ends the step (R-47)."""
    p = g.platform
    box = await p.persons.open(PAYMENT, opened.company_id, opened.person_id)
    if not box.has(models.Authentication.acs_url):  # they had it restricted, and nobody is asked about them
        raise CheckoutNotFound
    async with p.db.begin(PAYMENT, tenants=[opened.company_id]) as tx:
        contract = await companies.contract(tx, company_id=opened.company_id)
        if not await checkouts.count_authentication(
            tx, company_id=opened.company_id, checkout_id=opened.id, most=g.limits.authentications_per_checkout
        ):
            raise TooManyDeclines
    merchant = await merchant_for(g, PAYMENT, contract)
    now, transaction_id = p.clock.now(), str(UUID(bytes=p.ids.randomness.octets(16), version=4))
    asking = AuthenticationRequest(
        transaction_id=transaction_id, card=data, holder=entry.holder, amount=opened.amount, merchant=merchant,
        shop_url=g.public_url, purchased_at=now, browser=browser,
    )  # fmt: skip
    result = await g.authenticator.authenticate(asking)
    card = cards.NewCard(
        id=p.ids.new(), company_id=opened.company_id, checkout_id=opened.id, person_id=opened.person_id,
        number=data.pan, month=data.expiry_month, year=data.expiry_year,
    )  # fmt: skip
    asked = _challenge(g, box, result) if may_ask and isinstance(result, ChallengeNeeded) else None
    async with p.db.begin(PAYMENT, tenants=[opened.company_id]) as tx:
        await cards.keep(tx, g.vault, card, at=now)
        await checkouts.mark_authenticated(tx, company_id=opened.company_id, checkout_id=opened.id, ended=asked is None)
        await _close_earlier(tx, g, opened)
        await _keep(tx, g, opened, card.id, result, asking, asked)
    return Step(result, card.id, asked.token if asked else None)


class _Asked(NamedTuple):
    """A challenge that may be begun: its bearer secret, and where the bank asks, sealed."""

    token: str
    acs_url: bytes | None


def _challenge(g: Gateway, box: Box, needed: ChallengeNeeded) -> _Asked:
    token = g.platform.ids.letters(_TOKEN_LETTERS)
    return _Asked(token, box.seal(models.Authentication.acs_url, needed.acs_url))


async def _close_earlier(tx: "Tx", g: Gateway, opened: OpenCheckout) -> None:
    """At most one challenge of a checkout is open; whoever begins another step has given up the first."""
    await tx.execute(
        "update ipp.authentication set ends_by = $3 "
        "where company_id = $1 and checkout_id = $2 and status = 'C' and ends_by > $3",
        opened.company_id, opened.id, g.platform.clock.now(),
    )  # fmt: skip


async def _keep(
    tx: "Tx", g: Gateway, opened: OpenCheckout, card_id: str, result: AuthenticationResult,
    asking: AuthenticationRequest, asked: _Asked | None,
) -> None:  # fmt: skip
    authentication_id, now = g.platform.ids.new(), g.platform.clock.now()
    proof = result.authentication if isinstance(result, Authenticated | Attempted) else None
    sealed, key = sealed_proof(g, opened.company_id, authentication_id, proof)
    version = result.version if isinstance(result, ChallengeNeeded) else proof.version if proof else ""
    await tx.execute(
        "with kept as (insert into ipp.authentication (company_id, id, checkout_id, card_id, person_id, status, "
        "amount_minor, currency, eci, version, value_key, value, created_at, transaction_id, "
        "ds_transaction_id, acs_transaction_id, challenge_digest, ends_by, acs_url) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) "
        "returning company_id, person_id, id, created_at) "
        f"{records.INSERT}select company_id, person_id, id, {records.in_force(DIRECTORY_SERVER, 'created_at')}, "
        f"'{DIRECTORY_SERVER.key}', '{PAYMENT.key}', created_at, $20::text from kept where $20::text <> ''",
        opened.company_id, authentication_id, opened.id, card_id, opened.person_id, status_of(result),
        opened.amount.amount_minor, opened.amount.currency.code, proof.eci if proof else "", version, key, sealed, now,
        asking.transaction_id, proof.ds_transaction_id if proof else getattr(result, "ds_transaction_id", ""),
        getattr(result, "acs_transaction_id", None), digest(asked.token) if asked else None,
        now + timedelta(seconds=g.limits.challenge_begins_within_s) if asked else None,
        asked.acs_url if asked else None, "" if result == _NOT_ASKED else records.named(asking.carries),
    )  # fmt: skip


def sealed_proof(
    g: Gateway, company_id: str, authentication_id: str, proof: Authentication | None
) -> tuple[bytes | None, int | None]:
    """The authentication value under the vault's key, and the number of that key; nothing where nothing was proved."""
    if proof is None or proof.value is None:
        return None, None
    return g.vault.seal(proof.value, place=value_place(company_id, authentication_id))


def status_of(result: AuthenticationResult) -> str:
    """The letter that is kept of a result: its transStatus, with one for every refusal."""
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
