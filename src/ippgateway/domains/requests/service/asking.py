"""Asking: the request is on record, with its clock, before anything is done about it."""

from functools import cache

from ippgateway.core.database import Tx
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import BadProfile
from ippgateway.domains.requests.errors import BadRequest
from ippgateway.domains.requests.models import DataReply, DataRequest
from ippgateway.domains.requests.schemas import BY_ITSELF, LONGEST, LONGEST_VALUE, Identity, Kind, New, Told
from ippgateway.domains.requests.service.reading import locked
from ippgateway.domains.requests.states import Act, State, after, due_on
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import OWN_DATA
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.correct import Field, as_stored, askable, fields, name_of
from ippgateway.privacy.rights.held import held
from ippgateway.privacy.vocabulary import Basis, Purpose
from ippgateway.privacy.zones import PLATFORM, PURPOSES

_NEEDS_WORDS = frozenset({Kind.RECTIFICATION, Kind.RESTRICTION})
_NEEDS_NOBODY = frozenset({Kind.ACCESS, Kind.COPY, Kind.ERASURE, Kind.CLOSURE})
"""Of our own people: who is known to be the person is answered at once. A shop decides for its payers."""


async def ask(p: Platform, new: New) -> str:
    """Put a request on record; its id. Raises BadRequest.

    `carry_out` does what follows from it; whoever does not call it leaves that to `look_after`.
    """
    _check(new)
    old = await _old_value(p, new) if new.field else None
    person, request_id, now = new.person, p.ids.new(), p.clock.now()
    by = _decided_by(new)
    state = State.GRANTED if by else State.ASKED if new.identity is Identity.NONE else State.OPEN
    box = await p.persons.open(OWN_DATA, person.controller, person.person_id)
    reply = await p.persons.create(OWN_DATA, PLATFORM, request_id)
    async with p.db.begin(OWN_DATA, tenants=[person.rows_of, request_id]) as tx:
        await tx.execute(
            "insert into ipp.data_request (tenant_id, id, person_id, payer, kind, state, identity, language, purpose, "
            "field, asked_at, due_on, decided_by, decided_at, to_tell, next_at, statement, old_value, new_value) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $11, $16, $17, $18)",
            person.rows_of, request_id, person.person_id, person.controller != PLATFORM, new.kind.value, state.value,
            new.identity.value, new.language, new.purpose or None, new.field or None, now, due_on(now.date()),
            by or None, now if by else None, None if by else Told.RECEIVED.value, *_sealed(box, new, old),
        )  # fmt: skip
        await _keep_address(tx, p, request_id, reply, new)
        await _audited(tx, p, "request.asked", person.rows_of, request_id)
    return request_id


def _decided_by(new: New) -> str:
    """Who decided it already; nobody, when somebody has to."""
    ours = new.person.controller == PLATFORM
    known = ours and new.kind in _NEEDS_NOBODY and new.identity is not Identity.NONE
    return new.decided_by or (BY_ITSELF if known else "")


def _sealed(box: Box, new: New, old: str | None) -> tuple[bytes | None, ...]:
    """What was said, what the field says, and what it should say; nothing where the person's key is gone."""
    texts = (
        (DataRequest.statement, new.statement.open()), (DataRequest.old_value, old or ""),
        (DataRequest.new_value, new.new_value.open().strip()),
    )  # fmt: skip
    return tuple(box.seal(column, text) if text and box.has(column) else None for column, text in texts)


async def _keep_address(tx: Tx, p: Platform, request_id: str, reply: Box, new: New) -> None:
    address = new.reply_to.open().strip()
    if address:
        await tx.execute(
            "insert into ipp.data_reply (tenant_id, person_id, created_at, address) values ($1, $1, $2, $3)",
            request_id, p.clock.now(), reply.seal(DataReply.address, address),
        )  # fmt: skip


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
    said, names_it = new.statement.open().strip(), bool(new.field)
    if names_it != bool(new.new_value.open().strip()):
        raise BadRequest("new_value" if names_it else "field")
    needs_words = new.kind in _NEEDS_WORDS and not (names_it or new.decided_by)
    if len(said) > LONGEST or (needs_words and not said):
        raise BadRequest("statement")
    if new.kind is Kind.RECTIFICATION and new.decided_by and not names_it:
        raise BadRequest("field")  # nobody reads it, so nothing else could be carried out
    objects = new.kind is Kind.OBJECTION
    if objects != bool(new.purpose) or (objects and new.purpose not in {each.key for each in objectable()}):
        raise BadRequest("purpose")
    known = new.identity in (Identity.OPERATOR, Identity.RECEIPT)
    if not (known or new.reply_to.open().strip()):
        raise BadRequest("reply_to")
    if names_it:
        _check_value(new)


def _check_value(new: New) -> None:
    """A field that can be named, and a value that it could have."""
    field = fields().get(new.field)
    if field is None or new.kind is not Kind.RECTIFICATION:
        raise BadRequest("field")
    value = new.new_value.open().strip()
    if len(value) > LONGEST_VALUE or not value.isprintable() or not _could_be(field, value):
        raise BadRequest("new_value")


def _could_be(field: Field, value: str) -> bool:
    try:
        accounts.require_kind(field.said.category, value)
    except BadProfile:
        return False
    return True


async def _old_value(p: Platform, new: New) -> str | None:
    """What the field says now. Raises BadRequest when nothing of it is held."""
    found = await held(p, new.person)
    if new.field not in {name_of(each.table, each.column) for each in askable(found)}:
        raise BadRequest("field")
    return as_stored(found, new.field)


async def _audited(tx: Tx, p: Platform, act: str, tenant_id: str, request_id: str) -> None:
    await audit.record(tx, actor=f"{p.zone.value}/person", act=act, on=f"{tenant_id}/{request_id}")
