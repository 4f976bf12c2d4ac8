"""Requests as they are seen: by the person, by the shop whose payers ask, by us."""

from collections.abc import Sequence

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.core.ids import is_id
from ippgateway.core.secret import Secret
from ippgateway.domains.requests.errors import NoSuchRequest
from ippgateway.domains.requests.models import Correction, DataRequest
from ippgateway.domains.requests.schemas import Identity, Kind, Request
from ippgateway.domains.requests.states import State
from ippgateway.privacy.catalogue import OWN_DATA, PAYMENT_RECORDS, REQUESTS
from ippgateway.privacy.persons import Box, KeyDestroyed
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.sealing import CannotOpen
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import Zone

MOST_SHOWN = 200
_GRANTED_FOR = "30 days"
"""So long may be read what a shop let its payer see."""
_PLAIN = (
    "tenant_id, id, person_id, payer, kind, state, identity, language, purpose, field, asked_at, due_on, extended_to, "
    "extension, decided_by, decided_at, reason, waits_for, ended_at, certificate"
)
_SEALED = {name: getattr(DataRequest, name) for name in ("statement", "old_value", "new_value", "answer")}


def hall(p: Platform) -> Purpose:
    """Under which purpose this process works with requests: the desk decides ours, the console answers people."""
    return REQUESTS if p.zone is Zone.DESK else OWN_DATA


async def one(p: Platform, *, tenant_id: str, request_id: str) -> Request:
    """One request with what was said. Raises NoSuchRequest."""
    async with p.db.begin(hall(p), tenants=[tenant_id]) as tx:
        row = await tx.row(
            f"select {_PLAIN}, {', '.join(_SEALED)} from ipp.data_request where tenant_id = $1 and id = $2",
            tenant_id, request_id,
        )  # fmt: skip
    if row is None:
        raise NoSuchRequest
    request = seen(row)
    box = await p.persons.open(hall(p), request.person.controller, request.person_id)
    return seen(row, box)


async def of_person(p: Platform, person: Person) -> tuple[Request, ...]:
    """What somebody asked, the newest first."""
    async with p.db.begin(hall(p), tenants=[person.rows_of]) as tx:
        rows = await tx.fetch(
            f"select {_PLAIN} from ipp.data_request where tenant_id = $1 and person_id = $2 "
            f"order by asked_at desc, id limit {MOST_SHOWN}",
            person.rows_of, person.person_id,
        )  # fmt: skip
    return _all(rows)


async def of_shop(p: Platform, *, company_id: str) -> tuple[Request, ...]:
    """What a shop's payers asked: what is open first, and of that what is due first."""
    async with p.db.begin(hall(p), tenants=[company_id]) as tx:
        return _all(await tx.fetch(f"{_LISTED} and tenant_id = $2 {_ORDER}", True, company_id))


async def of_us(p: Platform) -> tuple[Request, ...]:
    """What our own people asked, in the same order. For the desk."""
    async with p.db.begin(REQUESTS) as tx:
        return _all(await tx.fetch(f"{_LISTED} {_ORDER}", False))


_LISTED = f"select {_PLAIN} from ipp.data_request where payer = $1"
_ORDER = (
    "order by (ended_at is null) desc, case when ended_at is null then coalesce(extended_to, due_on) end, "
    f"asked_at desc, id limit {MOST_SHOWN}"
)


async def may_read(p: Platform, person: Person) -> bool:
    """Whether the shop let this payer read what it holds, within the last month."""
    async with p.db.begin(OWN_DATA, tenants=[person.rows_of]) as tx:
        found = await tx.value(
            "select exists (select from ipp.data_request where tenant_id = $1 and person_id = $2 and state = 'DONE' "
            f"and kind in ('access', 'copy') and ended_at > $3::timestamptz - interval '{_GRANTED_FOR}')",
            person.rows_of, person.person_id, p.clock.now(),
        )  # fmt: skip
    return bool(found)


async def corrections_of(p: Platform, person: Person) -> tuple[tuple[str, Secret[str]], ...]:
    """What a payer said is right beside records that must stand, the newest first: field and value, for the shop that
    is shown those records."""
    async with p.db.begin(PAYMENT_RECORDS, tenants=[person.rows_of]) as tx:
        rows = await tx.fetch(
            "select field, said from ipp.correction where tenant_id = $1 and person_id = $2 order by created_at desc",
            person.rows_of, person.person_id,
        )  # fmt: skip
    box = await p.persons.open(PAYMENT_RECORDS, person.controller, person.person_id)
    told = ((row["field"], _opened(box, Correction.said, row["said"])) for row in rows)
    return tuple((field, said) for field, said in told if said is not None)


async def certificate(p: Platform, *, tenant_id: str, request_id: str) -> str:
    """The certificate of an erasure, which says nothing about anybody. Raises NoSuchRequest."""
    if not (is_id(request_id) and is_id(tenant_id)):
        raise NoSuchRequest
    async with p.db.begin(OWN_DATA, tenants=[tenant_id]) as tx:
        found = await tx.value(
            "select certificate from ipp.data_request where tenant_id = $1 and id = $2 and certificate is not null",
            tenant_id, request_id,
        )  # fmt: skip
    if found is None:
        raise NoSuchRequest
    return str(found)


async def locked(tx: Tx, tenant_id: str, request_id: str) -> asyncpg.Record:
    """A request's row, for whoever changes it. Raises NoSuchRequest."""
    row = await tx.row(
        f"select {_PLAIN} from ipp.data_request where tenant_id = $1 and id = $2 for update", tenant_id, request_id
    )
    if row is None:
        raise NoSuchRequest
    return row


def seen(row: asyncpg.Record, box: Box | None = None) -> Request:
    """A row as others see it; with its texts for whoever has the keys."""
    told = dict(row)
    sealed = {name: told.pop(name, None) for name in _SEALED}
    opened = {name: _opened(box, column, sealed[name]) for name, column in _SEALED.items()}
    words = {"kind": Kind(told["kind"]), "state": State(told["state"]), "identity": Identity(told["identity"])}
    return Request(**{**told, **words, **opened})


def _all(rows: Sequence[asyncpg.Record]) -> tuple[Request, ...]:
    return tuple(seen(row) for row in rows)


def _opened(box: Box | None, column: object, sealed: bytes | None) -> Secret[str] | None:
    if box is None or not sealed:
        return None
    try:
        return box.open(column, sealed)  # type: ignore[arg-type]
    except (KeyDestroyed, CannotOpen):
        return None
