"""Making and finding checkouts."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from ippgateway.core.batch import Place
from ippgateway.core.database import Stage, Tx
from ippgateway.core.ids import ID_LENGTH, is_id
from ippgateway.core.money import Currency, Money, currency
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts.errors import BadCheckout, CheckoutNotFound
from ippgateway.domains.checkouts.models import Checkout, Payer
from ippgateway.domains.checkouts.schemas import CheckoutRef, CreatedCheckout, NewCheckout, TransactionType
from ippgateway.domains.companies import service as companies
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import AUTHENTICATE, OWN_DATA, PAYMENT
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.correct import CannotCorrect
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.sealing import digest

_SECRET_LETTERS = 24  # 143 bits; the wire contract asks for 128
_LONGEST_TEXT = 4000
_LONGEST_AMOUNT = 16
_NEWEST = 10
"""So many payers of one address are tried before there is another one."""
_ID_LETTERS = ID_LENGTH - 2


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenCheckout:
    """A checkout as the payment path reads it; its texts stay sealed until they are needed."""

    company_id: str
    id: str
    person_id: str
    amount_text: str
    amount: Money
    transaction_type: TransactionType
    test: bool
    store_card: bool
    declines: int
    authenticated: bool
    order_id: bytes | None
    notify_url: bytes | None
    accept_url: bytes | None


async def create(p: Platform, *, company_id: str, order: NewCheckout) -> CreatedCheckout:
    """Make a checkout for a payer: a new one, or the one whom this shop knows by the same e-mail address (R-45); of
    several, the newest whose keys open.

    Raises BadCheckout, CompanyNotFound, and BadAmount for a fraction that the currency can't express.
    """
    _check(order)
    box = await _payer(p, company_id, order)
    checkout_id, secret, cryptogram = p.ids.new(), p.ids.letters(_SECRET_LETTERS), p.ids.letters(_SECRET_LETTERS)
    token = checkout_id.replace("-", "") + secret
    now = p.clock.now()
    extra = {"origin": order.origin, "theme": order.theme, "method": order.method, **order.extra}
    async with p.db.begin(PAYMENT, tenants=[company_id]) as tx:
        live = await companies.is_live(tx, company_id=company_id)
        await tx.execute(
            "insert into ipp.checkout (company_id, id, person_id, amount_text, amount_hundredths, currency, "
            "transaction_type, test, store_card, authenticated, declines, created_at, expires_at, digest, "
            "cryptogram_digest, order_id, notify_url, accept_url, extra) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, false, 0, $10, $11, $12, $13, $14, $15, $16, $17)",
            company_id, checkout_id, box.person_id, order.amount_text, order.amount_hundredths, order.currency.code,
            order.transaction_type.value, order.test or not live, order.store_card, now,
            now + timedelta(seconds=p.checkout_ttl_s), digest(token),
            digest(cryptogram), box.seal(Checkout.order_id, order.order_id),
            box.seal(Checkout.notify_url, order.notify_url),
            box.seal(Checkout.accept_url, order.accept_url), box.seal(Checkout.extra, json.dumps(extra)),
        )  # fmt: skip
    return CreatedCheckout(checkout_id=Secret(token), cryptogram=Secret(cryptogram))


def _check(order: NewCheckout) -> None:
    if order.amount_hundredths <= 0:
        raise BadCheckout("amount", "must be larger than zero")
    Money.from_hundredths(order.amount_hundredths, order.currency)
    if len(order.amount_text) > _LONGEST_AMOUNT:
        raise BadCheckout("amount", "is too long")
    texts = {"order_id": order.order_id, "ipn": order.notify_url, "accepturl": order.accept_url,
             "billing[name]": order.payer_name, "billing[email]": order.payer_email, "origin": order.origin,
             "theme": order.theme, "method": order.method}  # fmt: skip
    for field, text in texts.items():
        if len(text) > _LONGEST_TEXT:
            raise BadCheckout(field, "is too long")


async def _payer(p: Platform, company_id: str, order: NewCheckout) -> Box:
    """The opened keys of the payer; keys are stored before anything is sealed under them."""
    email = order.payer_email.strip().lower()
    code = _code(p, company_id, email) if email else None
    new: Box | None = None
    while True:
        known = await _known(p, company_id, code) if code is not None else []
        for each in known:
            box = await p.persons.open(PAYMENT, company_id, each["person_id"])
            if box.has(Payer.name):
                return box
        # Nobody yet, or nobody whose keys open: those had them restricted, and whoever buys again is another payer.
        new = new or await p.persons.create(PAYMENT, company_id, p.ids.new())
        async with p.db.begin(PAYMENT, tenants=[company_id]) as tx:
            made = await tx.execute(
                "insert into ipp.payer (company_id, person_id, created_at, email_code, earlier, email, name) "
                "values ($1, $2, $3, $4, $5, $6, $7) "
                "on conflict (company_id, email_code, earlier) where email_code is not null do nothing",
                company_id, new.person_id, p.clock.now(), code, known[0]["earlier"] + 1 if known else 0,
                new.seal(Payer.email, email), new.seal(Payer.name, order.payer_name),
            )  # fmt: skip
        if made:
            return new
        # Somebody made the same payer a moment ago; the keys just made are never used.


def _code(p: Platform, company_id: str, email: str) -> bytes:
    """What a payer is looked up by at one shop."""
    return p.persons.index.code(company_id, "payer.email", email.strip().lower())


async def correct(p: Platform, person: Person, column: str, value: str, *, by: str) -> None:
    """Write what a payer says is right (GDPR Article 16). Raises CannotCorrect: of an address by which the shop knows
    somebody else, and of somebody whose keys are gone."""
    box = await p.persons.open(OWN_DATA, person.controller, person.person_id)
    attribute = getattr(Payer, column)
    if not box.has(attribute):
        raise CannotCorrect("restricted")
    whose = (person.controller, person.person_id)
    async with p.db.begin(OWN_DATA, tenants=[person.controller]) as tx:
        if column == Payer.email.key:
            value, code = value.strip().lower(), _code(p, person.controller, value)
            known = await tx.fetch(
                "select person_id from ipp.payer where company_id = $1 and email_code = $2", person.controller, code
            )
            if not known:
                await tx.execute(
                    "update ipp.payer set email_code = $3, earlier = 0 where company_id = $1 and person_id = $2",
                    *whose, code,
                )  # fmt: skip
            elif person.person_id not in {row["person_id"] for row in known}:
                raise CannotCorrect("taken")
        await tx.execute(
            f"update ipp.payer set {attribute.key} = $3 where company_id = $1 and person_id = $2",
            *whose, box.seal(attribute, value),
        )  # fmt: skip
        await audit.record(tx, actor=f"{p.zone.value}/{by}", act="payer.corrected", on=str(person))


async def _known(p: Platform, company_id: str, code: bytes) -> "list[asyncpg.Record]":
    """The payers of an address, the newest first: more than one when somebody bought again while restricted."""
    async with p.db.begin(PAYMENT, tenants=[company_id]) as tx:
        return await tx.fetch(
            "select person_id, earlier from ipp.payer where company_id = $1 and email_code = $2 "
            "order by earlier desc limit $3",
            company_id, code, _NEWEST,
        )  # fmt: skip


async def find(p: Platform, *, checkout_id: str, cryptogram: str | None, expired_too: bool = False) -> CheckoutRef:
    """A checkout by its bearer secret; the cryptogram must fit when it is given. One whose time is over is not found,
    except by those who only show it (`expired_too`). Raises CheckoutNotFound."""
    letters = checkout_id[:_ID_LETTERS]
    name = f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
    if not is_id(name):
        raise CheckoutNotFound
    row = await p.db.together(AUTHENTICATE, _BY_NAME, name)
    if row is None or not hmac.compare_digest(row["digest"], digest(checkout_id)):
        raise CheckoutNotFound
    if cryptogram and not hmac.compare_digest(row["cryptogram_digest"], digest(cryptogram)):
        raise CheckoutNotFound
    expired = row["expires_at"] <= p.clock.now()
    if expired and not expired_too:
        raise CheckoutNotFound
    return CheckoutRef(
        company_id=row["company_id"], id=row["id"], person_id=row["person_id"], authenticated=row["authenticated"],
        expired=expired,
    )  # fmt: skip


async def _by_name(tx: Tx, names: Sequence[str]) -> "list[asyncpg.Record | None]":
    rows = await tx.fetch(
        "select company_id, id, person_id, authenticated, expires_at, digest, cryptogram_digest "
        "from ipp.checkout where id = any($1::text[])",
        names,
    )
    found = {row["id"]: row for row in rows}
    return [found.get(name) for name in names]


_BY_NAME: "Stage[str, asyncpg.Record | None]" = Stage(run=_by_name, place=lambda name: ("", name), once=False)


async def read(tx: Tx, *, company_id: str, checkout_id: str) -> OpenCheckout:
    """A checkout for the payment path. Raises CheckoutNotFound."""
    place = (company_id, checkout_id)
    found = await read_all(tx, [place])
    if place not in found:
        raise CheckoutNotFound
    return found[place]


async def read_all(tx: Tx, places: Sequence[Place]) -> dict[Place, OpenCheckout]:
    """The checkouts that exist of those asked for by company and id."""
    rows = await tx.fetch(
        "select k.company_id, k.id, k.person_id, k.amount_text, k.amount_hundredths, k.currency, k.transaction_type, "
        "k.test, k.store_card, k.declines, k.authenticated, k.order_id, k.notify_url, k.accept_url "
        "from unnest($1::text[], $2::text[]) as asked(company_id, id) "
        "join ipp.checkout k on k.company_id = asked.company_id and k.id = asked.id",
        *zip(*places, strict=True),
    )
    return {(row["company_id"], row["id"]): _opened(row) for row in rows}


def _opened(row: asyncpg.Record) -> OpenCheckout:
    of: Currency = currency(row["currency"])
    return OpenCheckout(
        company_id=row["company_id"], id=row["id"], person_id=row["person_id"], amount_text=row["amount_text"],
        amount=Money.from_hundredths(row["amount_hundredths"], of),
        transaction_type=TransactionType(row["transaction_type"]), test=row["test"],
        store_card=row["store_card"], declines=row["declines"],
        authenticated=row["authenticated"], order_id=row["order_id"], notify_url=row["notify_url"],
        accept_url=row["accept_url"],
    )  # fmt: skip


async def persons_of(tx: Tx, places: Sequence[Place]) -> dict[Place, str]:
    """Whose these checkouts are, of those that exist, asked for by company and id."""
    rows = await tx.fetch(
        "select k.company_id, k.id, k.person_id from unnest($1::text[], $2::text[]) as asked(company_id, id) "
        "join ipp.checkout k on k.company_id = asked.company_id and k.id = asked.id",
        [company_id for company_id, _ in places], [checkout_id for _, checkout_id in places],
    )  # fmt: skip
    return {(row["company_id"], row["id"]): row["person_id"] for row in rows}


async def mark_authenticated(tx: Tx, *, company_id: str, checkout_id: str, ended: bool = True) -> None:
    """The 3-D Secure step has ended, whichever way; or, not `ended`, the payer's bank is asking the payer."""
    await tx.execute(
        "update ipp.checkout set authenticated = $3 where company_id = $1 and id = $2", company_id, checkout_id, ended
    )


async def hold(tx: Tx, *, company_id: str, checkout_id: str) -> None:
    """Let nobody else begin or end a 3-D Secure step of this checkout before this transaction is over."""
    await tx.execute(
        "select 1 from ipp.checkout where company_id = $1 and id = $2 for no key update", company_id, checkout_id
    )


async def count_authentication(tx: Tx, *, company_id: str, checkout_id: str, most: int) -> bool:
    """One more 3-D Secure attempt on this checkout, unless it had `most` already; whether there was room."""
    counted = await tx.execute(
        "update ipp.checkout set authentications = authentications + 1 "
        "where company_id = $1 and id = $2 and authentications < $3",
        company_id, checkout_id, most,
    )  # fmt: skip
    return counted == 1


async def count_decline(tx: Tx, *, company_id: str, checkout_id: str) -> None:
    """One more decline on this checkout."""
    await count_declines(tx, [(company_id, checkout_id)])


async def count_declines(tx: Tx, places: Sequence[Place]) -> None:
    """One more decline on each of these checkouts, which are named once."""
    await tx.execute(
        "update ipp.checkout k set declines = k.declines + 1 from ("
        "  select c.company_id, c.id from unnest($1::text[], $2::text[]) as declined(company_id, id) "
        "  join ipp.checkout c on c.company_id = declined.company_id and c.id = declined.id "
        "  order by c.company_id, c.id for no key update of c) d where k.company_id = d.company_id and k.id = d.id",
        *zip(*places, strict=True),
    )


async def told_along(tx: Tx, *, company_id: str, checkout_id: str) -> bytes | None:
    """What else the shop told when it made the checkout, sealed as it is stored (`Checkout.extra`)."""
    found: bytes | None = await tx.value(
        "select extra from ipp.checkout where company_id = $1 and id = $2", company_id, checkout_id
    )
    return found


async def agree(p: Platform, checkout: CheckoutRef, *, version: str) -> None:
    """Record that the payer agreed to this version of the policy, which names the places where data is handled. The
    newest agreement stands (PLACE-1)."""
    async with p.db.begin(PAYMENT, tenants=[checkout.company_id]) as tx:
        await tx.execute(
            "update ipp.checkout set policy_version = $3, agreed_at = $4 where company_id = $1 and id = $2 "
            "and policy_version is distinct from $3",
            checkout.company_id, checkout.id, version, p.clock.now(),
        )  # fmt: skip
