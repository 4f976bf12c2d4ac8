"""Asking: the request is on record, with its clock, before anything is done about it."""

from functools import cache

from ippgateway.core.database import Tx
from ippgateway.domains.requests.errors import BadRequest
from ippgateway.domains.requests.models import DataReply, DataRequest
from ippgateway.domains.requests.schemas import LONGEST, Identity, Kind, New, Told
from ippgateway.domains.requests.service.reading import locked
from ippgateway.domains.requests.states import Act, State, after, due_on
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import OWN_DATA
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.vocabulary import Basis, Purpose
from ippgateway.privacy.zones import PLATFORM, PURPOSES

_NEEDS_WORDS = frozenset({Kind.RECTIFICATION, Kind.RESTRICTION})
_NEEDS_NOBODY = frozenset({Kind.ACCESS, Kind.COPY, Kind.ERASURE, Kind.CLOSURE})
"""Of our own people: who is known to be the person is answered at once. A shop decides for its payers."""
BY_ITSELF = "itself"
"""Stands where whoever decided does, when nobody had to."""


async def ask(p: Platform, new: New) -> str:
    """Put a request on record; its id. Raises BadRequest.

    `carry_out` does what follows from it; whoever does not call it leaves that to `look_after`.
    """
    _check(new)
    person, request_id, now = new.person, p.ids.new(), p.clock.now()
    payer = person.controller != PLATFORM
    at_once = not payer and new.kind in _NEEDS_NOBODY and new.identity is not Identity.NONE
    state = State.GRANTED if at_once else State.ASKED if new.identity is Identity.NONE else State.OPEN
    box = await p.persons.open(OWN_DATA, person.controller, person.person_id)
    reply = await p.persons.create(OWN_DATA, PLATFORM, request_id)
    said = new.statement.open()
    async with p.db.begin(OWN_DATA, tenants=[person.rows_of, request_id]) as tx:
        await tx.execute(
            "insert into ipp.data_request (tenant_id, id, person_id, payer, kind, state, identity, language, purpose, "
            "asked_at, due_on, decided_by, decided_at, to_tell, next_at, statement) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $10, $15)",
            person.rows_of, request_id, person.person_id, payer, new.kind.value, state.value, new.identity.value,
            new.language, new.purpose or None, now, due_on(now.date()), BY_ITSELF if at_once else None,
            now if at_once else None, None if at_once else Told.RECEIVED.value,
            box.seal(DataRequest.statement, said) if said and box.has(DataRequest.statement) else None,
        )  # fmt: skip
        await tx.execute(
            "insert into ipp.data_reply (tenant_id, person_id, created_at, address) values ($1, $1, $2, $3)",
            request_id, now, reply.seal(DataReply.address, new.reply_to.open()),
        )  # fmt: skip
        await _audited(tx, p, "request.asked", person.rows_of, request_id)
    return request_id


async def withdraw(p: Platform, *, tenant_id: str, request_id: str) -> None:
    """The person wants it no more. Raises NoSuchRequest, NoSuchStep."""
    now = p.clock.now()
    async with p.db.begin(OWN_DATA, tenants=[tenant_id]) as tx:
        row = await locked(tx, tenant_id, request_id)
        state = after(State(row["state"]), Act.WITHDRAW)
        await tx.execute(
            "update ipp.data_request set state = $3, ended_at = $4, to_tell = null, next_at = $4 "
            "where tenant_id = $1 and id = $2",
            tenant_id, request_id, state.value, now,
        )  # fmt: skip
        await _audited(tx, p, "request.withdrawn", tenant_id, request_id)


@cache
def objectable() -> tuple[Purpose, ...]:
    """What somebody may object to: uses that rest on a legitimate interest (Article 21(1)). A consent is withdrawn."""
    return tuple(purpose for purpose in PURPOSES if purpose.basis is Basis.LEGITIMATE_INTEREST)


def _check(new: New) -> None:
    said = new.statement.open().strip()
    if len(said) > LONGEST or (new.kind in _NEEDS_WORDS and not said):
        raise BadRequest("statement")
    objects = new.kind is Kind.OBJECTION
    if objects != bool(new.purpose) or (objects and new.purpose not in {each.key for each in objectable()}):
        raise BadRequest("purpose")
    if not new.reply_to.open().strip():
        raise BadRequest("reply_to")


async def _audited(tx: Tx, p: Platform, act: str, tenant_id: str, request_id: str) -> None:
    await audit.record(tx, actor=f"{p.zone.value}/person", act=act, on=f"{tenant_id}/{request_id}")
