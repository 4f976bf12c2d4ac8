"""Writing access records, and reading those of one person. Retention ends them."""

from collections.abc import Mapping, Sequence

from ippgateway.core.database import Tx
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.companies import service as companies
from ippgateway.domains.visits import browsers
from ippgateway.domains.visits.schemas import PageView, Record, Surface, VisitView
from ippgateway.privacy.catalogue import ACCESS_RECORDING, ACCESS_RECORDS
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

_MOST_READ = 1_000

recognised = browsers.recognised


async def write(p: Platform, records: Sequence[Record], kinds: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Write what changed, in one transaction; whose each visit is, by its id. `kinds`: browser and system of each
    agent among the new ones (`recognised`).

    A batch whose commit nobody heard of may come again. Set-based: as many statements for a thousand visits as for one.
    """
    async with p.db.begin(ACCESS_RECORDING, tenants=sorted({_tenant(record) for record in records})) as tx:
        persons = await _persons(tx, records)
        await _insert(tx, [record for record in records if record.new], persons, kinds)
        await _go_on(tx, [record for record in records if not record.new])
        await _pages(tx, records, persons)
    return persons


async def of_person(p: Platform, *, tenant_id: str, person_id: str) -> list[VisitView]:
    """The visits of one person, newest first, at most a thousand (they are shown to whom they concern)."""
    async with p.db.begin(ACCESS_RECORDS, tenants=[tenant_id]) as tx:
        visits = await tx.fetch(
            "select id, surface, address, browser, system, began_at, last_at, requests from ipp.visit "
            "where tenant_id = $1 and person_id = $2 order by began_at desc limit $3",
            tenant_id, person_id, _MOST_READ,
        )  # fmt: skip
        pages = await tx.fetch(
            "select visit_id, page, at, seconds from ipp.visit_page "
            "where tenant_id = $1 and visit_id = any($2::text[]) order by visit_id, number",
            tenant_id, [row["id"] for row in visits],
        )  # fmt: skip
    seen: dict[str, list[PageView]] = {row["id"]: [] for row in visits}
    for row in pages:
        seen[row["visit_id"]].append(PageView(page=row["page"], at=row["at"], seconds=row["seconds"]))
    return [
        VisitView(
            id=row["id"], surface=Surface(row["surface"]), address=row["address"], browser=row["browser"],
            system=row["system"], began_at=row["began_at"], last_at=row["last_at"], requests=row["requests"],
            pages=tuple(seen[row["id"]]),
        )
        for row in visits
    ]  # fmt: skip


def _tenant(record: Record) -> str:
    return record.company_id or PLATFORM


async def _persons(tx: Tx, records: Sequence[Record]) -> dict[str, str]:
    """Whose each visit is: looked up once, when it is new. Somebody who did not say who they are is the visit's own."""
    new = [record for record in records if record.new]
    payers = await checkouts.persons_of(tx, [(r.company_id, r.checkout_id) for r in new if r.checkout_id])
    owners = await companies.persons_of(tx, {r.company_id for r in new if r.company_id and not r.checkout_id})
    persons = {record.id: record.person_id or record.id for record in records}
    for record in new:
        whose = (record.company_id, record.checkout_id)
        persons[record.id] = (payers.get(whose) if record.checkout_id else owners.get(record.company_id)) or record.id
    return persons


async def _insert(
    tx: Tx, new: Sequence[Record], persons: Mapping[str, str], kinds: Mapping[str, tuple[str, str]]
) -> None:
    if not new:
        return
    rows = [
        (_tenant(r), r.id, persons[r.id], r.surface.value, r.began_at, r.last_at, r.requests, r.address,
         *kinds[r.agent], r.checkout_id or None)
        for r in new
    ]  # fmt: skip
    await tx.execute(
        "insert into ipp.visit (tenant_id, id, person_id, surface, began_at, last_at, requests, address, browser, "
        "system, checkout_id) select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], "
        "$6::timestamptz[], $7::int[], $8::text[], $9::text[], $10::text[], $11::text[]) on conflict do nothing",
        *map(list, zip(*rows, strict=True)),
    )


async def _go_on(tx: Tx, known: Sequence[Record]) -> None:
    if not known:
        return
    rows = sorted((_tenant(r), r.id, r.last_at, r.requests) for r in known)
    await tx.execute(
        "update ipp.visit v set last_at = n.last_at, requests = n.requests "
        "from unnest($1::text[], $2::text[], $3::timestamptz[], $4::int[]) as n(tenant_id, id, last_at, requests) "
        "where v.tenant_id = n.tenant_id and v.id = n.id",
        *map(list, zip(*rows, strict=True)),
    )


async def _pages(tx: Tx, records: Sequence[Record], persons: Mapping[str, str]) -> None:
    pages = [(record, page) for record in records for page in record.pages]
    new = [
        (_tenant(r), r.id, p.number, persons[r.id], p.page, p.at, p.seconds, r.checkout_id or None)
        for r, p in pages if p.new
    ]  # fmt: skip
    told = [(_tenant(r), r.id, p.number, p.seconds) for r, p in pages if not p.new]
    if new:
        await tx.execute(
            "insert into ipp.visit_page (tenant_id, visit_id, number, person_id, page, at, seconds, checkout_id) "
            "select * from unnest($1::text[], $2::text[], $3::smallint[], $4::text[], $5::text[], $6::timestamptz[], "
            "$7::int[], $8::text[]) on conflict do nothing",
            *map(list, zip(*new, strict=True)),
        )
    if told:
        await tx.execute(
            "update ipp.visit_page v set seconds = n.seconds "
            "from unnest($1::text[], $2::text[], $3::smallint[], $4::int[]) as n(tenant_id, visit_id, number, seconds) "
            "where v.tenant_id = n.tenant_id and v.visit_id = n.visit_id and v.number = n.number",
            *map(list, zip(*told, strict=True)),
        )
