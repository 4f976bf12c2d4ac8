"""Telling whoever got the data that it was corrected, restricted or erased (GDPR Article 19).

Who they are, and by which numbers they know the record, is noted before anything is carried out: afterwards nothing
says so any more. A shop is told by a letter of ours; everybody else is a task for our staff, with a notice to send.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.mail.schemas import Kind as Letter
from ippgateway.domains.requests.errors import NoSuchRequest, NoSuchStep
from ippgateway.domains.requests.models import DataNotice
from ippgateway.domains.requests.schemas import BY_ITSELF, TELLS, How, Kind, Notice, Request
from ippgateway.domains.requests.service.reading import hall
from ippgateway.domains.requests.states import State
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import ACCOUNT, OWN_DATA, REQUESTS, SHOP
from ippgateway.privacy.disclosure.records import Receiver, receivers
from ippgateway.privacy.disclosure.register import KINDS
from ippgateway.privacy.persons import Box, KeyDestroyed
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.correct import fields
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.sealing import CannotOpen
from ippgateway.privacy.zones import PLATFORM

_MOST = 200
_READ = (
    "select n.tenant_id, n.id, n.of_tenant, n.kind, n.recipient_id, n.created_at, n.told_at, n.how, n.known_by, "
    "r.name, r.place from ipp.data_notice n left join ipp.recipient r on r.id = n.recipient_id "
)


class References(Protocol):
    """A higher room's answer: by which numbers recipients know the rows with these ids."""

    async def __call__(self, p: Platform, person: Person, ids: Sequence[str], /) -> Mapping[str, str]: ...


async def prepare(p: Platform, request: Request, references: References) -> None:
    """Note who has to hear of it, before it is carried out. A second time it changes nothing."""
    if request.kind not in TELLS:
        return
    async with p.db.begin(OWN_DATA, tenants=[request.tenant_id]) as tx:
        found = _concerned(request, await receivers(tx, request.person, since=await _erased_at(tx, request)))
    if not found:
        return
    known = await references(p, request.person, sorted({name for each in found for name in each.subject_ids}))
    box = await p.persons.open(OWN_DATA, PLATFORM, request.id)
    async with p.db.begin(OWN_DATA, tenants=[request.id]) as tx:
        for each in found:
            lines = list(dict.fromkeys(known.get(name, name) for name in each.subject_ids))
            await tx.execute(
                "insert into ipp.data_notice (tenant_id, id, person_id, of_tenant, kind, recipient_id, created_at, "
                "known_by) values ($1, $2, $1, $3, $4, $5, $6, $7) on conflict (tenant_id, kind, recipient_id) "
                "do nothing",
                request.id, p.ids.new(), request.tenant_id, each.kind.key, each.recipient_id, p.clock.now(),
                box.seal(DataNotice.known_by, "\n".join(lines)),
            )  # fmt: skip


def _concerned(request: Request, found: Sequence[Receiver]) -> list[Receiver]:
    """Of a correction, those alone who got a field of that kind; nobody has to hear of a note beside a record."""
    field = fields().get(request.field or "")
    if request.kind is not Kind.RECTIFICATION or field is None:
        return list(found)
    if not field.correctable or field.said.category is None:
        return []
    return [each for each in found if field.said.category.key in each.categories]


async def _erased_at(tx: Tx, request: Request) -> datetime | None:
    """Whoever got something before an earlier erasure has heard of that one."""
    found: datetime | None = await tx.value(
        "select max(ended_at) from ipp.data_request where tenant_id = $1 and person_id = $2 and id <> $3 "
        "and kind = 'erasure' and state = 'DONE'",
        request.tenant_id, request.person_id, request.id,
    )  # fmt: skip
    return found


async def tell_shop(p: Platform, request: Request) -> None:
    """Once it is done, owe a letter to those who run the shop, in the transaction that notes it as told. A shop that
    has nobody left is a task for our staff, as the others are."""
    if request.state is not State.DONE or request.kind not in TELLS or not request.payer:
        return
    async with p.db.begin(ACCOUNT, tenants=[request.tenant_id, request.id]) as tx:
        waiting = await tx.value(
            "select id from ipp.data_notice where tenant_id = $1 and kind = $2 and told_at is null for update",
            request.id, SHOP.key,
        )  # fmt: skip
        told = {"what": request.id, "link": f"{p.origins['console']}/requests/{request.id}"}
        if waiting is None or not await accounts.tell_managers(
            tx, p, request.tenant_id, Letter.RECIPIENT_TOLD, told=told
        ):
            return
        await tx.execute(
            "update ipp.data_notice set told_at = $3, told_by = $4, how = $5 where tenant_id = $1 and kind = $2",
            request.id, SHOP.key, p.clock.now(), BY_ITSELF, How.LETTER.value,
        )  # fmt: skip


async def mark_told(p: Platform, *, notice_id: str, how: str, by: str) -> None:
    """Our staff told a recipient; the numbers by which it knows the record are emptied. Raises NoSuchRequest, and
    NoSuchStep for a way that there is none, and when somebody noted it before."""
    if how not in set(How):
        raise NoSuchStep("there is no such way")
    async with p.db.begin(REQUESTS) as tx:
        row = await tx.row("select tenant_id, told_at from ipp.data_notice where id = $1 for update", notice_id)
        if row is None:
            raise NoSuchRequest
        if row["told_at"] is not None:
            raise NoSuchStep("they were told")
        await tx.execute(
            "update ipp.data_notice set told_at = $3, told_by = $4, how = $5, known_by = null "
            "where tenant_id = $1 and id = $2",
            row["tenant_id"], notice_id, p.clock.now(), by, how,
        )  # fmt: skip
        await audit.record(tx, actor=f"{p.zone.value}/{by}", act="recipient.told", on=f"{row['tenant_id']}/{notice_id}")


async def notices(p: Platform, request_id: str, *, numbers: bool = False) -> tuple[Notice, ...]:
    """Who has to hear of what a request asked, and who did. `numbers`: with those by which they know the record."""
    async with p.db.begin(hall(p), tenants=[request_id]) as tx:
        rows = await tx.fetch(f"{_READ} where n.tenant_id = $1 order by n.kind, n.recipient_id", request_id)
    box = await p.persons.open(hall(p), PLATFORM, request_id) if numbers and rows else None
    return tuple(_notice(row, box) for row in rows)


async def notice(p: Platform, notice_id: str) -> Notice:
    """One of them with its numbers, for our staff, once what was asked is done. Raises NoSuchRequest."""
    async with p.db.begin(REQUESTS) as tx:
        row = await tx.row(
            f"{_READ} join ipp.data_request q on q.tenant_id = n.of_tenant and q.id = n.tenant_id "
            "where n.id = $1 and q.state = 'DONE'",
            notice_id,
        )  # fmt: skip
    if row is None:
        raise NoSuchRequest
    return _notice(row, await p.persons.open(REQUESTS, PLATFORM, row["tenant_id"]))


async def to_tell(p: Platform) -> tuple[Notice, ...]:
    """Those whom our staff have to tell, who have waited longest first; of what is done, whoever asked it."""
    async with p.db.begin(REQUESTS) as tx:
        rows = await tx.fetch(
            f"{_READ} join ipp.data_request q on q.tenant_id = n.of_tenant and q.id = n.tenant_id "
            f"where n.told_at is null and q.state = 'DONE' order by n.created_at, n.id limit {_MOST}"
        )
    return tuple(_notice(row, None) for row in rows)


def _notice(row: asyncpg.Record, box: Box | None) -> Notice:
    return Notice(
        id=row["id"], request_id=row["tenant_id"], of_tenant=row["of_tenant"], kind=KINDS[row["kind"]],
        name=row["name"] or "", place=row["place"] or "", created_at=row["created_at"], told_at=row["told_at"],
        how=How(row["how"]) if row["how"] else None, known_by=_numbers(row["known_by"], box),
    )  # fmt: skip


def _numbers(sealed: bytes | None, box: Box | None) -> tuple[str, ...]:
    if box is None or not sealed:
        return ()
    try:
        return tuple(box.open(DataNotice.known_by, sealed).open().split("\n"))
    except (KeyDestroyed, CannotOpen):
        return ()
