"""Whom a payment is about, and what payments have to say when somebody is to be erased."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from ippgateway.core.database import Tx
from ippgateway.core.ids import is_id
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.payments.errors import PaymentNotFound
from ippgateway.domains.payments.service.gateway import payment_key as key_of
from ippgateway.privacy.catalogue import AUTHENTICATE, OWN_DATA, PAYMENT_RECORDS
from ippgateway.privacy.disclosure.records import Received, received
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.erase import Standing
from ippgateway.privacy.rights.reach import Person

_MOST_NAMED = 10
_SHOPS_AT_ONCE = 200
_DECIDED_FOR = timedelta(minutes=2)
"""So long a late approval of what was reversed may still call for another reversal, which needs the card number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Payer:
    """Whom a payment is about. `of`: ids of the purchase; the person may have made others. `only_tests`: nothing of
    theirs was ever live."""

    person: Person
    of: frozenset[str]
    only_tests: bool


async def payer_by_key(p: Platform, *, payment_id: str, payment_key: str) -> Payer:
    """Whom the holder of a payment's key may ask about. Raises PaymentNotFound."""
    company_id = await _company(p, payment_id)
    expected = key_of(p, company_id or "", payment_id).open()
    if not hmac.compare_digest(payment_key.encode(), expected.encode()) or company_id is None:
        raise PaymentNotFound
    return await _payer(p, company_id, payment_id)


async def payer_of(p: Platform, *, payment_id: str) -> Payer:
    """Whom a payment is about, for the operator. Raises PaymentNotFound."""
    company_id = await _company(p, payment_id)
    if company_id is None:
        raise PaymentNotFound
    return await _payer(p, company_id, payment_id)


async def payers_at(p: Platform, *, company_id: str, email: str) -> tuple[Person, ...]:
    """The payers whom a shop knows by this address, found by its keyed code, the newest first: more than one when
    somebody bought again while they were restricted."""
    return tuple(each.person for each in await known_at(p, company_id=company_id, email=email))


@dataclass(frozen=True, kw_only=True, slots=True)
class AtShop:
    """Somebody as one shop knows them. `only_tests`: nothing of their address there was ever live."""

    person: Person
    since: datetime
    only_tests: bool


async def payers_by_email(p: Platform, *, email: str) -> tuple[AtShop, ...]:
    """Everybody whom any shop knows by this address: for whoever has proved that it is theirs. Codes differ for each
    shop, so every shop is asked, some hundred at a time."""
    found: list[AtShop] = []
    after = ""
    while shops := await _shops(p, after):
        found += await _known_there(p, shops, email)
        after = shops[-1]
    return tuple(found)


async def known_at(p: Platform, *, company_id: str, email: str) -> tuple[AtShop, ...]:
    """Whom one shop knows by this address, the newest first."""
    return tuple(await _known_there(p, [company_id], email) if is_id(company_id) else ())


async def received_of(p: Platform, payer: Payer) -> tuple[Received, ...]:
    """Who outside was given what of this purchase, and of no other."""
    person, of = payer.person, sorted(payer.of)
    async with p.db.begin(OWN_DATA, tenants=[person.controller]) as tx:
        rows = await tx.fetch(
            "select id from ipp.payment_action where company_id = $1 and payment_id = any($2) union all "
            "select id from ipp.authentication where company_id = $1 and checkout_id = any($2) union all "
            "select id from ipp.notification where company_id = $1 and payment_id = any($2)",
            person.controller, of,
        )  # fmt: skip
        return await received(tx, person, of=frozenset(row["id"] for row in rows))


@dataclass(frozen=True, kw_only=True, slots=True)
class Shop:
    """What whoever paid at a shop is told of it."""

    name: str = ""
    payers_contact: str = ""


async def shop(p: Platform, company_id: str) -> Shop:
    """The shop, for whoever paid there; nothing of it once it is closed."""
    try:
        company = await companies.read(p, company_id=company_id)
    except CompanyNotFound:
        return Shop()
    return Shop(name=company.name, payers_contact=company.payers_contact)


async def _shops(p: Platform, after: str) -> list[str]:
    async with p.db.begin(AUTHENTICATE) as tx:
        rows = await tx.fetch("select id from ipp.company where id > $1 order by id limit $2", after, _SHOPS_AT_ONCE)
    return [row["id"] for row in rows]


async def _known_there(p: Platform, shops: list[str], email: str) -> list[AtShop]:
    text = email.strip().lower()
    codes = [p.persons.index.code(company_id, "payer.email", text) for company_id in shops]
    async with p.db.begin(OWN_DATA, tenants=shops) as tx:
        rows = await tx.fetch(
            "select r.company_id, r.person_id, r.created_at "
            "from unnest($1::text[], $2::bytea[]) as asked(company_id, code) "
            "join ipp.payer r on r.company_id = asked.company_id and r.email_code = asked.code "
            "order by r.company_id, r.earlier desc",
            shops, codes,
        )  # fmt: skip
        people = {Person(row["company_id"], row["person_id"]): row["created_at"] for row in rows}
        live = {each.controller for each in people if not await _only_tests(tx, each)}
    return [AtShop(person=each, since=since, only_tests=each.controller not in live) for each, since in people.items()]


async def _company(p: Platform, payment_id: str) -> str | None:
    if not is_id(payment_id):
        return None
    async with p.db.begin(AUTHENTICATE) as tx:
        found = await tx.value("select company_id from ipp.payment where id = $1", payment_id)
    return None if found is None else str(found)


async def _payer(p: Platform, company_id: str, payment_id: str) -> Payer:
    async with p.db.begin(OWN_DATA, tenants=[company_id]) as tx:
        row = await tx.row(
            "select person_id, checkout_id from ipp.payment where company_id = $1 and id = $2", company_id, payment_id
        )
        if row is None:
            raise PaymentNotFound
        person_id, checkout_id = row["person_id"], row["checkout_id"]
        attempts = await tx.fetch(
            "select id from ipp.payment where company_id = $1 and person_id = $2 and checkout_id = $3",
            company_id, person_id, checkout_id,
        )  # fmt: skip
        only_tests = await _only_tests(tx, Person(company_id, person_id))
    of = frozenset({checkout_id, *(attempt["id"] for attempt in attempts)})
    return Payer(person=Person(company_id, person_id), of=of, only_tests=only_tests)


async def _only_tests(tx: Tx, person: Person) -> bool:
    made = await tx.value(
        "select bool_and(test) from ("
        "  select test from ipp.checkout where company_id = $1 and person_id = $2 union all "
        "  select test from ipp.payment where company_id = $1 and person_id = $2) made",
        person.controller, person.person_id,
    )  # fmt: skip
    return bool(made)


async def let_go(tx: Tx, person: Person, *, at: datetime, last: bool) -> Standing:
    """Payments' part of an erasure (`privacy.rights.erase.Room`): their rows are locked, so that whoever wants to move
    money meanwhile comes before or after; stored cards are no longer charged.

    A payment without an outcome, or for which something is owed to the acquirer, is under way: that needs the card.
    The card of a checkout that is not settled may be in the hands of a request, and is spared until the last look.
    """
    whose = (person.controller, person.person_id)
    locked = await tx.fetch(
        "select p.id from ipp.payment p where p.company_id = $1 and p.id in ("
        "  select id from ipp.payment where company_id = $1 and person_id = $2 union "
        "  select o.id from ipp.checkout k join ipp.payment o on o.company_id = k.company_id and o.checkout_id = k.id "
        "  and o.state in ('SENT', 'UNKNOWN', 'APPROVED') where k.company_id = $1 and k.person_id = $2) "
        "order by p.id for no key update",
        *whose,
    )
    await tx.execute(
        "update ipp.payment set stores_card = false where company_id = $1 and person_id = $2 and stores_card", *whose
    )
    under_way = await tx.fetch(
        "select p.id from ipp.payment p where p.company_id = $1 and p.id = any($2::text[]) "
        "and (p.state in ('SENT', 'UNKNOWN') or exists ("
        "  select from ipp.payment_action a where a.company_id = p.company_id and a.payment_id = p.id "
        "  and (a.result = 'WAIT' or exists (select from ipp.advice v where v.company_id = a.company_id "
        f"    and v.action_id = a.id and v.state = 'QUEUED')))) order by p.id limit {_MOST_NAMED}",
        person.controller, [row["id"] for row in locked],
    )  # fmt: skip
    spared = () if last else tuple(row["id"] for row in await tx.fetch(
        "select c.id from ipp.card c where c.company_id = $1 and c.person_id = $2 and (not exists ("
        "  select from ipp.payment p where p.company_id = c.company_id and p.checkout_id = c.checkout_id "
        "  and p.state = 'APPROVED') or exists ("
        "  select from ipp.payment p where p.company_id = c.company_id and p.checkout_id = c.checkout_id "
        "  and p.person_id = c.person_id and p.state = 'REVERSED' and p.state_at > $3))",
        *whose, at - _DECIDED_FOR,
    ))  # fmt: skip
    return Standing(under_way=tuple(row["id"] for row in under_way), spared={"card": spared})


async def owes(p: Platform, company_id: str) -> bool:
    """Whether something of a shop's payments is not settled: one without an outcome, or a message that is owed."""
    async with p.db.begin(PAYMENT_RECORDS, tenants=[company_id]) as tx:
        open_ones = await tx.value(
            "select exists (select from ipp.payment p where p.company_id = $1 and p.state in ('SENT', 'UNKNOWN')) or "
            "exists (select from ipp.payment_action a where a.company_id = $1 and a.result = 'WAIT')",
            company_id,
        )  # fmt: skip
    return bool(open_ones)
