"""A company's data and settings, as its own console sees and changes them."""

import json
import re

from ippgateway.domains.companies.acquirers import ACQUIRERS
from ippgateway.domains.companies.errors import BadContact, BadMeta, CompanyNotFound, UnknownAcquirer
from ippgateway.domains.companies.models import Company, CompanyAcquirer
from ippgateway.domains.companies.schemas import AcquirerView, CompanyView, Meta
from ippgateway.domains.companies.service.holder import person_of_active
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

_DEEPEST = 5
_LARGEST_META = 64_000
_LONGEST_CONTACT = 120
_REACHED_BY = re.compile(r"\S@\S|\w\.\w{2}|\d(?:[ ()./-]{0,3}\d){5}")
"""An e-mail address, an address on the web, or a telephone number stands in it."""
_SWITCHES = ("CAPTURE", "REFUND", "VOID")


async def read(p: Platform, *, company_id: str) -> CompanyView:
    """A company as its own console sees it. Raises CompanyNotFound."""
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        row = await tx.row(
            "select person_id, name, meta, payers_contact, key1, key2, channels, switched_off, live, widget, "
            "partner_id from ipp.company where id = $1 and status = 'active'",
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
        live=row["live"],
        widget=row["widget"],
        partner_id=None if row["partner_id"] == PLATFORM else row["partner_id"],
        payers_contact=box.open(Company.payers_contact, row["payers_contact"]).open(),
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
    person_id = await person_of_active(p, company_id)
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


async def set_widget(p: Platform, *, company_id: str, on: bool, by: str) -> None:
    """Whether card fields may stand in the company's own pages, which makes its part of PCI DSS larger. `by`: the
    user's id. Raises CompanyNotFound."""
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        changed = await tx.execute(
            "update ipp.company set widget = $2 where id = $1 and status = 'active'", company_id, on
        )
        if changed != 1:
            raise CompanyNotFound
        act = f"company.widget_{'on' if on else 'off'}"
        await audit.record(tx, actor=f"{p.zone.value}/{by}", act=act, on=company_id)


async def set_payers_contact(p: Platform, *, company_id: str, text: str, by: str) -> None:
    """Where payers reach the company about their data: an e-mail address, a telephone number or an address on the web,
    on one line; empty: payers see its name alone. `by`: the user's id. Raises BadContact, CompanyNotFound."""
    text = text.strip()
    if text and not (len(text) <= _LONGEST_CONTACT and text.isprintable() and _REACHED_BY.search(text)):
        raise BadContact
    box = await p.persons.open(ACCOUNT, PLATFORM, await person_of_active(p, company_id))
    sealed = box.seal(Company.payers_contact, text) if text else None
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        await tx.execute("update ipp.company set payers_contact = $2 where id = $1", company_id, sealed)
        await audit.record(tx, actor=f"{p.zone.value}/{by}", act="company.payers_contact", on=company_id)


async def save_acquirer_settings(p: Platform, *, company_id: str, acquirer_id: str, settings: dict[str, str]) -> None:
    """Keep what a company entered for an acquirer. Raises UnknownAcquirer, BadMeta."""
    text = json.dumps(settings, ensure_ascii=False)
    if len(text) > _LARGEST_META:
        raise BadMeta("too large")
    box = await p.persons.open(ACCOUNT, PLATFORM, await person_of_active(p, company_id))
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        touched = await tx.execute(
            "update ipp.company_acquirer set settings = $3 where company_id = $1 and acquirer_id = $2",
            company_id, acquirer_id, box.seal(CompanyAcquirer.settings, text),
        )  # fmt: skip
    if touched != 1:
        raise UnknownAcquirer
