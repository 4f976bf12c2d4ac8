"""Customers: their keys, data and settings."""

import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.companies.acquirers import ACQUIRERS, TEST_ACQUIRER, Acquirer
from ippgateway.domains.companies.errors import BadKey, BadMeta, CompanyNotFound, UnknownAcquirer
from ippgateway.domains.companies.models import Company, CompanyAcquirer
from ippgateway.domains.companies.schemas import AcquirerView, CompanyView, KeyMatch, Meta
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE, PAYMENT
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

KEY1_LETTERS = 42
KEY2_LETTERS = 14
_DEEPEST = 5
_LARGEST_META = 64_000
_SWITCHES = ("CAPTURE", "REFUND", "VOID")


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCompany:
    """A customer to be made."""

    id: str
    partner_id: str
    name: str
    key1: Secret[str]
    key2: Secret[str]
    merchant_number: str
    mcc: str
    live: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Contract:
    """What the payment path needs of a company: its contract with the acquirer, and its name, still sealed."""

    acquirer: Acquirer
    merchant_number: str
    mcc: str
    authorise_as: str
    switched_off: frozenset[str]
    person_id: str
    name: bytes


async def add(p: Platform, company: NewCompany) -> None:
    """Make a company with its keys and a contract with the test acquirer (wire contract R-53)."""
    box = await p.persons.create(ACCOUNT, PLATFORM, p.ids.new())
    meta: Meta = {"company": {"name": company.name}}
    async with p.db.begin(ACCOUNT, tenants=[company.id]) as tx:
        await tx.execute(
            "insert into ipp.company (id, partner_id, person_id, status, live, widget, authorise_as, channels, "
            "created_at, name, meta, key1, key2, key1_digest, key2_digest) "
            "values ($1, $2, $3, 'active', $4, not $4, 'AUTH', '{ecom}', $5, $6, $7, $8, $9, $10, $11)",
            company.id, company.partner_id, box.person_id, company.live, p.clock.now(),
            box.seal(Company.name, company.name), box.seal(Company.meta, json.dumps(meta)),
            box.seal(Company.key1, company.key1.open()), box.seal(Company.key2, company.key2.open()),
            key_code(p, company.id, company.key1.open()), key_code(p, company.id, company.key2.open()),
        )  # fmt: skip
        await tx.execute(
            "insert into ipp.company_acquirer (company_id, acquirer_id, person_id, merchant_number, mcc, settings) "
            "values ($1, $2, $3, $4, $5, $6)",
            company.id, TEST_ACQUIRER.id, box.person_id, company.merchant_number, company.mcc,
            box.seal(CompanyAcquirer.settings, json.dumps({"mid": company.merchant_number})),
        )  # fmt: skip


def key_code(p: Platform, tenant_id: str, key: str) -> bytes:
    """What is stored of a key to recognise it: a keyed code."""
    return p.persons.index.code(tenant_id, "api_key", key)


async def match_keys(p: Platform, *, company_id: str, secrets: Collection[str]) -> KeyMatch | None:
    """Which of the company's keys are among `secrets`, in constant time; None when neither (contract, section 5)."""
    async with p.db.begin(AUTHENTICATE) as tx:
        row = await tx.row("select status, key1_digest, key2_digest from ipp.company where id = $1", company_id)
    codes = [key_code(p, company_id, s) for s in secrets]
    key1 = row["key1_digest"] if row else bytes(16)
    key2 = row["key2_digest"] if row else bytes(16)
    data = any([hmac.compare_digest(c, key1) for c in codes])
    payment = any([hmac.compare_digest(c, key2) for c in codes])
    if row is None or row["status"] != "active" or not (data or payment):
        return None
    return KeyMatch(company_id=company_id, data_key=data, payment_key=payment)


async def read(p: Platform, *, company_id: str) -> CompanyView:
    """A company as its own console sees it. Raises CompanyNotFound."""
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        row = await tx.row(
            "select person_id, name, meta, key1, key2, channels, switched_off from ipp.company "
            "where id = $1 and status = 'active'",
            company_id,
        )
        contracts = await tx.fetch(
            "select acquirer_id, settings from ipp.company_acquirer where company_id = $1 order by acquirer_id",
            company_id,
        )
    if row is None:
        raise CompanyNotFound
    box = await p.persons.open(ACCOUNT, PLATFORM, row["person_id"])
    meta: Meta = json.loads(box.open(Company.meta, row["meta"]).open() or "{}")
    return CompanyView(
        id=company_id,
        name=box.open(Company.name, row["name"]).open(),
        key1=box.open(Company.key1, row["key1"]),
        key2=box.open(Company.key2, row["key2"]),
        meta=meta,
        acquirers=tuple(_acquirer(box, c["acquirer_id"], c["settings"]) for c in contracts),
        channels=tuple(row["channels"]),
        switched_off=frozenset(row["switched_off"]),
    )


def _acquirer(box: Box, acquirer_id: str, settings: bytes | None) -> AcquirerView:
    acquirer = ACQUIRERS[acquirer_id]
    return AcquirerView(
        id=acquirer.id, name=acquirer.name, url=acquirer.url, fields=acquirer.fields,
        settings=json.loads(box.open(CompanyAcquirer.settings, settings).open() or "{}"),
    )  # fmt: skip


async def merge_meta(p: Platform, *, company_id: str, tree: Meta) -> None:
    """Merge `tree` deeply into the settings; keys not mentioned stay. Raises BadMeta, CompanyNotFound.

    Two merges at once are kept apart by locking the company's row. What its partner switched off (`company.refund` and
    so on, wire contract 7.3) a company can't switch on again, neither by name nor by a text in place of the branch.
    """
    tree = _without_switches(tree)
    person_id = await _person(p, company_id)
    box = await p.persons.open(ACCOUNT, PLATFORM, person_id)
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        sealed = await tx.value("select meta from ipp.company where id = $1 for update", company_id)
        merged = _merge(json.loads(box.open(Company.meta, sealed).open() or "{}"), tree, 1)
        text = json.dumps(merged, ensure_ascii=False)
        if len(text) > _LARGEST_META:
            raise BadMeta("too large")
        await tx.execute("update ipp.company set meta = $2 where id = $1", company_id, box.seal(Company.meta, text))


def _without_switches(tree: Meta) -> Meta:
    company = tree.get("company")
    rest = {key: value for key, value in tree.items() if key != "company"}
    if not isinstance(company, dict):
        return rest
    switches = {switch.lower() for switch in _SWITCHES}
    return rest | {"company": {key: value for key, value in company.items() if key not in switches}}


def _merge(old: Meta, new: Meta, depth: int) -> Meta:
    if depth > _DEEPEST:
        raise BadMeta("too deep")
    merged = dict(old)
    for key, value in new.items():
        before = merged.get(key)
        if isinstance(value, dict):
            merged[key] = _merge(before if isinstance(before, dict) else {}, value, depth + 1)
        else:
            merged[key] = value
    return merged


async def replace_keys(p: Platform, *, company_id: str, key1: str | None, key2: str | None) -> None:
    """Replace the keys that are given. Raises BadKey when one does not fit the contract's 4.1."""
    for key, longest in ((key1, KEY1_LETTERS), (key2, KEY2_LETTERS)):
        if key is not None and not (0 < len(key) <= longest and key.isascii() and key.replace("-", "").isalnum()):
            raise BadKey("length or alphabet")
    box = await p.persons.open(ACCOUNT, PLATFORM, await _person(p, company_id))
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        if key1 is not None:
            await tx.execute(
                "update ipp.company set key1 = $2, key1_digest = $3 where id = $1",
                company_id, box.seal(Company.key1, key1), key_code(p, company_id, key1),
            )  # fmt: skip
        if key2 is not None:
            await tx.execute(
                "update ipp.company set key2 = $2, key2_digest = $3 where id = $1",
                company_id, box.seal(Company.key2, key2), key_code(p, company_id, key2),
            )  # fmt: skip
        await audit.record(tx, actor="console", act="company.keys_replaced", on=company_id)


async def save_acquirer_settings(p: Platform, *, company_id: str, acquirer_id: str, settings: dict[str, str]) -> None:
    """Keep what a company entered for an acquirer. Raises UnknownAcquirer, BadMeta."""
    text = json.dumps(settings, ensure_ascii=False)
    if len(text) > _LARGEST_META:
        raise BadMeta("too large")
    box = await p.persons.open(ACCOUNT, PLATFORM, await _person(p, company_id))
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        touched = await tx.execute(
            "update ipp.company_acquirer set settings = $3 where company_id = $1 and acquirer_id = $2",
            company_id, acquirer_id, box.seal(CompanyAcquirer.settings, text),
        )  # fmt: skip
    if touched != 1:
        raise UnknownAcquirer


async def _person(p: Platform, company_id: str) -> str:
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        found = await tx.value("select person_id from ipp.company where id = $1 and status = 'active'", company_id)
    if found is None:
        raise CompanyNotFound
    return str(found)


async def is_live(tx: Tx, *, company_id: str) -> bool:
    """Whether the company takes real money; a sandbox company's payments are all tests. Raises CompanyNotFound."""
    live = await tx.value("select live from ipp.company where id = $1 and status = 'active'", company_id)
    if live is None:
        raise CompanyNotFound
    return bool(live)


async def has_widget(p: Platform, *, company_id: str) -> bool:
    """Whether card fields may stand in the company's own pages: on for tests, off for a new company that takes real
    money, because they make its part of PCI DSS larger. Raises CompanyNotFound."""
    async with p.db.begin(PAYMENT, tenants=[company_id]) as tx:
        on = await tx.value("select widget from ipp.company where id = $1 and status = 'active'", company_id)
    if on is None:
        raise CompanyNotFound
    return bool(on)


async def person_of(tx: Tx, *, company_id: str) -> str:
    """The holder of the company's own key. Raises CompanyNotFound."""
    found = await tx.value("select person_id from ipp.company where id = $1", company_id)
    if found is None:
        raise CompanyNotFound
    return str(found)


async def persons_of(tx: Tx, company_ids: Collection[str]) -> dict[str, str]:
    """The holders of the companies' own keys, of those companies that exist."""
    rows = await tx.fetch("select id, person_id from ipp.company where id = any($1::text[])", list(company_ids))
    return {row["id"]: row["person_id"] for row in rows}


async def contract(tx: Tx, *, company_id: str, acquirer_id: str | None = None, closed_too: bool = False) -> Contract:
    """The company's contract with its acquirer, for the payment path. Raises CompanyNotFound, also for one that is
    closed or has no contract: nobody can pay it. `acquirer_id`: the one that an earlier message went to; `closed_too`:
    for what is still owed to it."""
    found = await contracts(tx, [company_id], acquirer_id=acquirer_id, closed_too=closed_too)
    if company_id not in found:
        raise CompanyNotFound
    return found[company_id]


async def contracts(
    tx: Tx, company_ids: Collection[str], *, acquirer_id: str | None = None, closed_too: bool = False
) -> dict[str, Contract]:
    """The contracts of those companies that can be paid. See `contract`."""
    rows = await tx.fetch(
        "select distinct on (c.id) c.id, c.person_id, c.name, c.authorise_as, c.switched_off, a.acquirer_id, "
        "a.merchant_number, a.mcc from ipp.company c join ipp.company_acquirer a on a.company_id = c.id "
        "where c.id = any($1::text[]) and ($2::text is null or a.acquirer_id = $2) and (c.status = 'active' or $3) "
        "order by c.id, a.acquirer_id",
        company_ids, acquirer_id, closed_too,
    )  # fmt: skip
    return {
        row["id"]: Contract(
            acquirer=ACQUIRERS[row["acquirer_id"]], merchant_number=row["merchant_number"], mcc=row["mcc"],
            authorise_as=row["authorise_as"], switched_off=frozenset(row["switched_off"]),
            person_id=row["person_id"], name=row["name"],
        )
        for row in rows
    }  # fmt: skip


def name_of(box: Box, contract: Contract) -> str:
    """The company's name, opened with its own key."""
    return box.open(Company.name, contract.name).open()
