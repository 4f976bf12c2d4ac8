"""The customers that a partner brought in: those, and no others."""

from collections.abc import Mapping, Sequence

import asyncpg

from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.companies.models import Company
from ippgateway.domains.companies.schemas import CustomerPage, CustomerRow
from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

MOST_AT_ONCE = 200


async def customers(
    p: Platform, *, partner_id: str, before: str | None = None, count: int = 50, open_only: bool = False
) -> CustomerPage:
    """A page of a partner's customers, newest first. `before`: a page's `after`; `count`: at most MOST_AT_ONCE;
    `open_only`: without those that are closed (wire contract R-51)."""
    count = max(1, min(count, MOST_AT_ONCE))
    async with p.db.begin(AUTHENTICATE) as tx:
        rows = await tx.fetch(
            "select id from ipp.company where partner_id = $1 and ($2::text is null or id < $2) "
            "and (status <> 'closed' or not $4) order by id desc limit $3",
            partner_id, before, count + 1, open_only,
        )  # fmt: skip
    ids = [row["id"] for row in rows[:count]]
    return CustomerPage(rows=await _shown(p, partner_id, ids), after=ids[-1] if len(rows) > count else None)


async def customer(p: Platform, *, partner_id: str, company_id: str) -> CustomerRow:
    """One customer of a partner, whatever its status. Raises CompanyNotFound, also for somebody else's."""
    shown = await _shown(p, partner_id, [company_id])
    if not shown:
        raise CompanyNotFound
    return shown[0]


async def _shown(p: Platform, partner_id: str, ids: Sequence[str]) -> tuple[CustomerRow, ...]:
    async with p.db.begin(ACCOUNT, tenants=ids) as tx:
        rows = await tx.fetch(
            "select c.id, c.person_id, c.name, c.status, c.live, c.created_at, exists (select from ipp.partner_grant g "
            "where g.company_id = c.id and g.partner_id = $1 and g.withdrawn_at is null and g.ends_at > $3) as allowed "
            "from ipp.company c where c.partner_id = $1 and c.id = any($2::text[]) order by c.id desc",
            partner_id, list(ids), p.clock.now(),
        )  # fmt: skip
    boxes = await p.persons.open_many(ACCOUNT, PLATFORM, [row["person_id"] for row in rows])
    return tuple(_row(row, boxes) for row in rows)


def _row(row: asyncpg.Record, boxes: Mapping[str, Box]) -> CustomerRow:
    return CustomerRow(
        id=row["id"], name=boxes[row["person_id"]].open(Company.name, row["name"]).open(), status=row["status"],
        live=row["live"], allowed=row["allowed"], created_at=row["created_at"],
    )  # fmt: skip
