"""Partners: their keys and data."""

import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.service.managing import By, recorded
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.acquirers import ACQUIRERS
from ippgateway.domains.companies.errors import BadKey
from ippgateway.domains.partners.errors import PartnerNotFound, TooMuchData
from ippgateway.domains.partners.models import Partner
from ippgateway.domains.partners.schemas import Changes, PartnerKeyMatch, PartnerKind, PartnerView
from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE
from ippgateway.privacy.persons import Box, Column
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

DENMARK = "DNK"
"""The id of a country towards partners is ISO 3166-1's alpha-3 code (wire contract R-37)."""
_LARGEST_META = 64_000


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPartner:
    """A partner to be made. `details`: texts of its settings by name, as `meta_data.meta` of wire contract 9.1."""

    id: str
    name: str
    key1: Secret[str]
    key2: Secret[str]
    kind: PartnerKind = PartnerKind.PARTNER
    country_id: str = DENMARK
    details: Mapping[str, str] | None = None


def new_partner(
    p: Platform, *, kind: PartnerKind, name: str, country_id: str, details: Mapping[str, str] | None = None
) -> NewPartner:
    """A partner with keys and an id of its own."""
    return NewPartner(
        id=p.ids.new(), name=name, kind=kind, country_id=country_id, details=details,
        key1=Secret(p.ids.letters(companies.KEY1_LETTERS)), key2=Secret(p.ids.letters(companies.KEY2_LETTERS)),
    )  # fmt: skip


async def add(p: Platform, partner: NewPartner) -> None:
    """Make a partner with its keys."""
    box = await p.persons.create(ACCOUNT, PLATFORM, p.ids.new())
    async with p.db.begin(ACCOUNT, tenants=[partner.id]) as tx:
        await insert(tx, p, partner, box)


async def insert(tx: Tx, p: Platform, partner: NewPartner, box: Box) -> None:
    """Make a partner in a transaction of this room."""
    details = json.dumps(dict(partner.details), ensure_ascii=False) if partner.details else ""
    await tx.execute(
        "insert into ipp.partner (id, person_id, status, kind, country_id, merchant_id, created_at, name, meta, "
        "key1, key2, key1_digest, key2_digest) values ($1, $2, 'active', $3, $4, '', $5, $6, $7, $8, $9, $10, $11)",
        partner.id, box.person_id, partner.kind.value, partner.country_id, p.clock.now(),
        box.seal(Partner.name, partner.name), box.seal(Partner.meta, details),
        box.seal(Partner.key1, partner.key1.open()), box.seal(Partner.key2, partner.key2.open()),
        companies.key_code(p, partner.id, partner.key1.open()), companies.key_code(p, partner.id, partner.key2.open()),
    )  # fmt: skip


async def match_keys(p: Platform, *, partner_id: str, secrets: Collection[str]) -> PartnerKeyMatch | None:
    """Which of the partner's keys are among `secrets`, in constant time; None when neither is."""
    async with p.db.begin(AUTHENTICATE) as tx:
        row = await tx.row("select status, key1_digest, key2_digest from ipp.partner where id = $1", partner_id)
    codes = [companies.key_code(p, partner_id, s) for s in secrets]
    stored = (row["key1_digest"], row["key2_digest"]) if row else (bytes(16), bytes(16))
    data, payment = (any([hmac.compare_digest(c, s) for c in codes]) for s in stored)
    if row is None or row["status"] != "active" or not (data or payment):
        return None
    return PartnerKeyMatch(partner_id=partner_id, data_key=data, payment_key=payment)


async def read(p: Platform, *, partner_id: str) -> PartnerView:
    """A partner as its own console sees it. Raises PartnerNotFound."""
    async with p.db.begin(ACCOUNT, tenants=[partner_id]) as tx:
        row = await tx.row(
            "select person_id, kind, name, meta, key1, key2, country_id, merchant_id, merchant_key from ipp.partner "
            "where id = $1 and status = 'active'",
            partner_id,
        )
    if row is None:
        raise PartnerNotFound
    box = await p.persons.open(ACCOUNT, PLATFORM, row["person_id"])
    return PartnerView(
        id=partner_id,
        kind=PartnerKind(row["kind"]),
        name=box.open(Partner.name, row["name"]).open(),
        key1=box.open(Partner.key1, row["key1"]),
        key2=box.open(Partner.key2, row["key2"]),
        country_id=row["country_id"],
        meta=json.loads(box.open(Partner.meta, row["meta"]).open() or "{}"),
        acquirers=tuple((a.id, a.name, a.url) for a in ACQUIRERS.values()),
        merchant_id=row["merchant_id"],
        merchant_key=box.open(Partner.merchant_key, row["merchant_key"]).open(),
    )


async def change(p: Platform, *, partner_id: str, changes: Changes, by: By) -> None:
    """Change what is given; texts of the settings that are not mentioned stay (wire contract 9.1). `by`: the session.

    Raises PartnerNotFound, BadKey, TooMuchData. Two changes at once are kept apart by locking the partner's row.
    """
    for key, longest in ((changes.key1, companies.KEY1_LETTERS), (changes.key2, companies.KEY2_LETTERS)):
        if key and not _fits(key, longest):
            raise BadKey("length or alphabet")
    box = await p.persons.open(ACCOUNT, PLATFORM, await _person(p, partner_id))
    async with p.db.begin(ACCOUNT, tenants=[partner_id]) as tx:
        row = await tx.row("select key1, key2, meta from ipp.partner where id = $1 for update", partner_id)
        if row is None:
            raise PartnerNotFound
        await _change_data(tx, box, partner_id, changes, row["meta"])
        if await _change_keys(tx, p, box, partner_id, changes, row):
            await recorded(tx, p, by, "partner.keys_replaced", partner_id)


async def rotate_key(p: Platform, *, partner_id: str, which: int, by: By) -> Secret[str]:
    """A new key 1 or 2 of a partner; the old one stops at once. `by`: the session. Raises PartnerNotFound, BadKey."""
    if which not in (1, 2):
        raise BadKey("which key")
    fresh = p.ids.letters(companies.KEY1_LETTERS if which == 1 else companies.KEY2_LETTERS)
    changes = Changes(key1=fresh) if which == 1 else Changes(key2=fresh)
    await change(p, partner_id=partner_id, changes=changes, by=by)
    return Secret(fresh)


async def _change_data(tx: Tx, box: Box, partner_id: str, changes: Changes, meta: bytes | None) -> None:
    merged = json.loads(box.open(Partner.meta, meta).open() or "{}") | dict(changes.meta)
    text = json.dumps(merged, ensure_ascii=False) if merged else ""
    if len(text) > _LARGEST_META:
        raise TooMuchData
    await tx.execute(
        "update ipp.partner set name = coalesce($2, name), meta = $3, country_id = coalesce($4, country_id), "
        "merchant_id = coalesce($5, merchant_id), merchant_key = case when $7 then $6 else merchant_key end "
        "where id = $1",
        partner_id, box.seal(Partner.name, changes.name), box.seal(Partner.meta, text), changes.country_id or None,
        changes.merchant_id, box.seal(Partner.merchant_key, changes.merchant_key or ""),
        changes.merchant_key is not None,
    )  # fmt: skip


async def _change_keys(
    tx: Tx, p: Platform, box: Box, partner_id: str, changes: Changes, before: asyncpg.Record
) -> bool:
    """Whether one was given that is another than before."""
    changed = False
    for name, column, key in _keys(changes):
        if key and key != box.open(column, before[name]).open():
            await tx.execute(
                f"update ipp.partner set {name} = $2, {name}_digest = $3 where id = $1",
                partner_id, box.seal(column, key), companies.key_code(p, partner_id, key),
            )  # fmt: skip
            changed = True
    return changed


def _keys(changes: Changes) -> tuple[tuple[str, Column, str], ...]:
    return ("key1", Partner.key1, changes.key1), ("key2", Partner.key2, changes.key2)


def _fits(key: str, longest: int) -> bool:
    return len(key) <= longest and key.isascii() and key.replace("-", "").isalnum()


async def _person(p: Platform, partner_id: str) -> str:
    async with p.db.begin(ACCOUNT, tenants=[partner_id]) as tx:
        found = await tx.value("select person_id from ipp.partner where id = $1 and status = 'active'", partner_id)
    if found is None:
        raise PartnerNotFound
    return str(found)
