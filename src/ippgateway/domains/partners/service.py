"""Partners: their keys and data."""

import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass

from ippgateway.core.secret import Secret
from ippgateway.domains.companies.acquirers import ACQUIRERS
from ippgateway.domains.companies.service import key_code
from ippgateway.domains.partners.errors import PartnerNotFound
from ippgateway.domains.partners.models import Partner
from ippgateway.domains.partners.schemas import PartnerView
from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

DENMARK = "Cntr-y000-0208"
"""The id of a country towards partners: ISO 3166-1's number in the shape of an id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPartner:
    """A partner to be made."""

    id: str
    name: str
    key1: Secret[str]
    key2: Secret[str]


async def add(p: Platform, partner: NewPartner) -> None:
    """Make a partner with its keys."""
    box = await p.persons.create(ACCOUNT, PLATFORM, p.ids.new())
    async with p.db.begin(ACCOUNT, tenants=[partner.id]) as tx:
        await tx.execute(
            "insert into ipp.partner (id, person_id, status, country_id, merchant_id, created_at, name, meta, "
            "key1, key2, "
            "key1_digest, key2_digest) values ($1, $2, 'active', $3, '', $4, $5, $6, $7, $8, $9, $10)",
            partner.id, box.person_id, DENMARK, p.clock.now(), box.seal(Partner.name, partner.name),
            None,
            box.seal(Partner.key1, partner.key1.open()), box.seal(Partner.key2, partner.key2.open()),
            key_code(p, partner.id, partner.key1.open()), key_code(p, partner.id, partner.key2.open()),
        )  # fmt: skip


async def match_keys(p: Platform, *, partner_id: str, secrets: Collection[str]) -> bool:
    """Whether one of the partner's keys is among `secrets`, in constant time."""
    async with p.db.begin(AUTHENTICATE) as tx:
        row = await tx.row("select status, key1_digest, key2_digest from ipp.partner where id = $1", partner_id)
    codes = [key_code(p, partner_id, s) for s in secrets]
    stored = (row["key1_digest"], row["key2_digest"]) if row else (bytes(16), bytes(16))
    fits = any([hmac.compare_digest(c, s) for c in codes for s in stored])
    return row is not None and row["status"] == "active" and fits


async def read(p: Platform, *, partner_id: str) -> PartnerView:
    """A partner as its own console sees it. Raises PartnerNotFound."""
    async with p.db.begin(ACCOUNT, tenants=[partner_id]) as tx:
        row = await tx.row(
            "select person_id, name, meta, key1, key2, country_id, merchant_id, merchant_key from ipp.partner "
            "where id = $1 and status = 'active'",
            partner_id,
        )
    if row is None:
        raise PartnerNotFound
    box = await p.persons.open(ACCOUNT, PLATFORM, row["person_id"])
    return PartnerView(
        id=partner_id,
        name=box.open(Partner.name, row["name"]).open(),
        key1=box.open(Partner.key1, row["key1"]),
        key2=box.open(Partner.key2, row["key2"]),
        country_id=row["country_id"],
        meta=json.loads(box.open(Partner.meta, row["meta"]).open() or "{}"),
        acquirers=tuple((a.id, a.name, a.url) for a in ACQUIRERS.values()),
        merchant_id=row["merchant_id"],
        merchant_key=box.open(Partner.merchant_key, row["merchant_key"]).open(),
    )
