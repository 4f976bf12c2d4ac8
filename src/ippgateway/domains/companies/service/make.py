"""A new company, and its end."""

import json
from dataclasses import dataclass

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.service.leaving import depart_all
from ippgateway.domains.accounts.service.managing import By, recorded
from ippgateway.domains.companies.acquirers import TEST_ACQUIRER
from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.companies.models import Company, CompanyAcquirer
from ippgateway.domains.companies.schemas import Meta
from ippgateway.domains.companies.service.keys import KEY1_LETTERS, KEY2_LETTERS, key_code
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

SANDBOX_MCC = "5999"
"""Miscellaneous and specialty retail (ISO 18245), until the company says what it sells."""
_MERCHANT_DIGITS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCompany:
    """A customer to be made. `details`: what goes into its settings besides the name (wire contract 7.3)."""

    id: str
    partner_id: str
    name: str
    key1: Secret[str]
    key2: Secret[str]
    merchant_number: str
    mcc: str
    live: bool = False
    details: Meta | None = None


def sandbox_company(p: Platform, *, partner_id: str, name: str, details: Meta | None = None) -> NewCompany:
    """A customer with keys, a merchant number and an id of its own, for tests until it is approved."""
    number = p.ids.randomness.below(10**_MERCHANT_DIGITS)
    return NewCompany(
        id=p.ids.new(), partner_id=partner_id, name=name, details=details,
        key1=Secret(p.ids.letters(KEY1_LETTERS)), key2=Secret(p.ids.letters(KEY2_LETTERS)),
        merchant_number=f"IPP{number:0{_MERCHANT_DIGITS}d}", mcc=SANDBOX_MCC,
    )  # fmt: skip


async def add(p: Platform, company: NewCompany) -> None:
    """Make a company with its keys and a contract with the test acquirer (wire contract R-53)."""
    box = await holder(p)
    async with p.db.begin(ACCOUNT, tenants=[company.id]) as tx:
        await insert(tx, p, company, box)


async def holder(p: Platform) -> Box:
    """The keys of a company that is about to be made; they are stored before they are used."""
    return await p.persons.create(ACCOUNT, PLATFORM, p.ids.new())


async def insert(tx: Tx, p: Platform, company: NewCompany, box: Box) -> None:
    """Make a company in somebody else's transaction (purpose `account`, the company's tenant); `box`: `holder`'s."""
    details = dict(company.details or {})
    named = details.get("company")
    meta: Meta = details | {"company": {"name": company.name, **(named if isinstance(named, dict) else {})}}
    await tx.execute(
        "insert into ipp.company (id, partner_id, person_id, status, live, widget, authorise_as, channels, "
        "created_at, name, meta, key1, key2, key1_digest, key2_digest) "
        "values ($1, $2, $3, 'active', $4, not $4, 'AUTH', '{ecom}', $5, $6, $7, $8, $9, $10, $11)",
        company.id, company.partner_id, box.person_id, company.live, p.clock.now(),
        box.seal(Company.name, company.name), box.seal(Company.meta, json.dumps(meta, ensure_ascii=False)),
        box.seal(Company.key1, company.key1.open()), box.seal(Company.key2, company.key2.open()),
        key_code(p, company.id, company.key1.open()), key_code(p, company.id, company.key2.open()),
    )  # fmt: skip
    await tx.execute(
        "insert into ipp.company_acquirer (company_id, acquirer_id, person_id, merchant_number, mcc, settings) "
        "values ($1, $2, $3, $4, $5, $6)",
        company.id, TEST_ACQUIRER.id, box.person_id, company.merchant_number, company.mcc,
        box.seal(CompanyAcquirer.settings, json.dumps({"mid": company.merchant_number})),
    )  # fmt: skip


async def close(p: Platform, *, company_id: str, partner_id: str, by: By) -> None:
    """Close a customer of this partner: its keys and sign-ins open nothing from now on. What is open with its acquirer
    is still cleared up. `by`: the session. Raises CompanyNotFound."""
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        if not await _closed(tx, p, company_id, by, partner_id=partner_id):
            raise CompanyNotFound


async def close_own(p: Platform, *, company_id: str, by: By) -> None:
    """Close a customer because it leaves, or the last of its own users does. A closed one stays so."""
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        await _closed(tx, p, company_id, by)


async def _closed(tx: Tx, p: Platform, company_id: str, by: By, *, partner_id: str | None = None) -> bool:
    """The contract ends, and with it everybody's account: from here the terms of all of it are counted. Whether it was
    open."""
    closed = await tx.execute(
        "update ipp.company set status = 'closed', closed_at = $3 "
        "where id = $1 and ($2::text is null or partner_id = $2) and status <> 'closed'",
        company_id, partner_id, p.clock.now(),
    )  # fmt: skip
    if closed:
        await depart_all(tx, p, tenant_id=company_id, by=by)
        await recorded(tx, p, by, "company.closed", company_id)
    return bool(closed)
