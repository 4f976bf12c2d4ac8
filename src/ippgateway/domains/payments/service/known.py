"""What is known before an attempt: read for many checkouts at once, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg

from ippgateway.core.batch import Place
from ippgateway.core.database import Stage, Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.cards import service as cards
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.errors import CheckoutNotFound
from ippgateway.domains.checkouts.schemas import CheckoutRef, TransactionType
from ippgateway.domains.checkouts.service import OpenCheckout
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.companies.service import Contract
from ippgateway.domains.payments.ports import CardData, Declined, DeclineReason, TryAgain
from ippgateway.domains.payments.service import velocity
from ippgateway.domains.payments.service.gateway import Gateway
from ippgateway.privacy.catalogue import PAYMENT


class Asked(NamedTuple):
    """A checkout, and the card that somebody wants to pay it with; without one there is nothing to know of cards, and
    no fingerprint (`Vault.fingerprints`).

    3-D Secure results count from `proved_since` on, an issuer's "never again" from `refused_since` on.
    """

    company_id: str
    checkout_id: str
    fingerprints: tuple[bytes, ...]
    month: int
    year: int
    proved_since: datetime
    refused_since: datetime
    network: bytes
    now: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """All that the database says before an attempt. `standing`: the attempt that is approved, under way or unknown on
    this checkout, with its card; `proof`: the newest 3-D Secure result that fits; `number`: one of the trace's run;
    `network`: the code of where somebody is, and `tried` what came from there lately."""

    standing: asyncpg.Record | None
    number: int
    proof: asyncpg.Record | None
    never: Declined | None
    tried: dict[velocity.Whose, velocity.Tried]
    network: bytes
    _opened: OpenCheckout | None
    _contract: Contract | None

    @property
    def opened(self) -> OpenCheckout:
        """The checkout. Raises CheckoutNotFound."""
        if self._opened is None:
            raise CheckoutNotFound
        return self._opened

    @property
    def contract(self) -> Contract:
        """The company's contract. Raises CompanyNotFound."""
        if self._contract is None:
            raise CompanyNotFound
        return self._contract


async def known(g: Gateway, checkout: CheckoutRef, card: CardData | None, address: Secret[str]) -> Known:
    """What is known of a checkout, of the card that somebody wants to pay it with, and of where they are."""
    now = g.platform.clock.now()
    asked = Asked(
        checkout.company_id, checkout.id, g.vault.fingerprints(checkout.company_id, card.pan) if card else (),
        card.expiry_month if card else 0, card.expiry_year if card else 0,
        now - timedelta(seconds=g.limits.authentication_valid_s), now - timedelta(days=g.limits.never_again_days),
        velocity.network_code(g.platform, checkout.company_id, address), now,
    )  # fmt: skip
    return await g.platform.db.together(PAYMENT, _KNOWN, asked)


async def _known(tx: Tx, asked: Sequence[Asked]) -> list[Known]:
    places = [_place(one) for one in asked]
    opened = await checkouts.read_all(tx, places)
    contracts = await companies.contracts(tx, {one.company_id for one in asked})
    first, numbers = await _standing(tx, places)
    never = await _never(tx, [(one.company_id, one.fingerprints, one.refused_since) for one in asked])
    proofs = await _proofs(tx, [
        (one, opened[_place(one)]) for one in asked
        if one.fingerprints and _place(one) in opened
        and opened[_place(one)].transaction_type is not TransactionType.MOTO
    ])  # fmt: skip
    tried = await velocity.tried(tx, [(one.company_id, one.network) for one in asked], asked[0].now)
    return [
        Known(
            standing=first.get(place), number=numbers[place], proof=proofs.get(place),
            never=refusal, tried=tried, network=one.network,
            _opened=opened.get(place), _contract=contracts.get(one.company_id),
        )
        for one, place, refusal in zip(asked, places, never, strict=True)
    ]  # fmt: skip


def _place(asked: Asked) -> Place:
    return asked.company_id, asked.checkout_id


_KNOWN: Stage[Asked, Known] = Stage(run=_known, place=_place)


async def standing(tx: Tx, places: Sequence[Place]) -> dict[Place, asyncpg.Record]:
    """The attempt that stands on each checkout, where there is one, with its first action and its card."""
    return (await _standing(tx, places))[0]


async def _standing(tx: Tx, places: Sequence[Place]) -> tuple[dict[Place, asyncpg.Record], dict[Place, int]]:
    """The same, and a fresh number for each place's trace: one that is not used is no loss."""
    rows = await tx.fetch(
        "select asked.company_id, asked.checkout_id, nextval('ipp.stan') as number, p.id "
        "from unnest($1::text[], $2::text[]) as asked(company_id, checkout_id) left join ipp.payment p "
        "on p.company_id = asked.company_id and p.checkout_id = asked.checkout_id "
        "and p.state in ('SENT', 'UNKNOWN', 'APPROVED')",
        *zip(*places, strict=True),
    )
    there = [(row["company_id"], row["id"]) for row in rows if row["id"] is not None]
    found = await _details(tx, there) if there else {}
    return found, {(row["company_id"], row["checkout_id"]): row["number"] for row in rows}


async def _details(tx: Tx, payments: Sequence[Place]) -> dict[Place, asyncpg.Record]:
    # Sorted and not cut short: with a limit the server may walk an index from its beginning.
    rows = await tx.fetch(
        "select p.company_id, p.checkout_id, p.id, p.state, p.seen_before, p.purchases, a.id as action_id, a.reason, "
        f"{cards.MASKED} from unnest($1::text[], $2::text[]) as asked(company_id, id) "
        "join ipp.payment p on p.company_id = asked.company_id and p.id = asked.id "
        "join ipp.payment_action a on a.company_id = p.company_id and a.payment_id = p.id "
        "join ipp.card c on c.company_id = p.company_id and c.id = p.card_id order by a.id desc",
        *zip(*payments, strict=True),
    )
    return {(row["company_id"], row["checkout_id"]): row for row in rows}


async def never_again(tx: Tx, g: Gateway, company_id: str, card: CardData) -> Declined | None:
    """An issuer's "never try again" for this card at this company is obeyed (facts, E.4)."""
    since = g.platform.clock.now() - timedelta(days=g.limits.never_again_days)
    return (await _never(tx, [(company_id, g.vault.fingerprints(company_id, card.pan), since)]))[0]


async def _never(tx: Tx, asked: Sequence[tuple[str, tuple[bytes, ...], datetime]]) -> list[Declined | None]:
    """For each company, fingerprints of a card and moment: the refusal for ever after it."""
    each = [(company_id, fingerprint, since) for company_id, codes, since in asked for fingerprint in codes]
    found = await cards.refused(tx, each) if each else {}
    return [
        next((_refusal(*found[company_id, code]) for code in codes if (company_id, code) in found), None)
        for company_id, codes, _ in asked
    ]


def _refusal(reason: str, code: str) -> Declined:
    """Our own refusal says "later": it is no new word of the issuer's."""
    return Declined(reason=DeclineReason(reason), again=TryAgain.LATER, response_code=code)


async def _proofs(tx: Tx, asked: Sequence[tuple[Asked, OpenCheckout]]) -> dict[Place, asyncpg.Record]:
    """The newest 3-D Secure result of each checkout that is about its card, amount and currency and not too old."""
    if not asked:
        return {}
    each = [
        (one.company_id, one.checkout_id, fingerprint, one.month, one.year, one.proved_since, of.amount.amount_minor,
         of.amount.currency.code)
        for one, of in asked for fingerprint in one.fingerprints
    ]  # fmt: skip
    rows = await tx.fetch(
        "select a.company_id, a.checkout_id, a.id, a.card_id, a.status, a.eci, a.version, a.value, a.value_key, "
        "a.ds_transaction_id, a.ends_by from unnest($1::text[], $2::text[], $3::bytea[], $4::int[], $5::int[], "
        "  $6::timestamptz[], $7::bigint[], $8::text[]) "
        "as asked(company_id, checkout_id, fingerprint, month, year, since, amount_minor, currency) "
        "join ipp.authentication a on a.company_id = asked.company_id and a.checkout_id = asked.checkout_id "
        "join ipp.card c on c.company_id = a.company_id and c.id = a.card_id "
        "where c.fingerprint = asked.fingerprint and c.expiry_month = asked.month and c.expiry_year = asked.year "
        "and a.amount_minor = asked.amount_minor and a.currency = asked.currency and a.created_at > asked.since "
        "order by a.created_at, a.id",
        *zip(*each, strict=True),
    )
    return {(row["company_id"], row["checkout_id"]): row for row in rows}
