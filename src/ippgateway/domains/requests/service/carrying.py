"""Carrying out what follows from a request: what binds, what goes, and the letters. Every step may be repeated, so that
whoever is killed anywhere is finished by `look_after`."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from ippgateway.core.log import Log
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import LastAdministrator, NoSuchUser
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.accounts.service.managing import By
from ippgateway.domains.companies import service as companies
from ippgateway.domains.requests.models import Correction
from ippgateway.domains.requests.schemas import Kind, New, Request, Told
from ippgateway.domains.requests.service.asking import ask
from ippgateway.domains.requests.service.notices import References, prepare, tell_shop
from ippgateway.domains.requests.service.reading import of_person, one
from ippgateway.domains.requests.service.telling import tell
from ippgateway.domains.requests.states import Act, State, after
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import ERASURE, OWN_DATA
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights import certificate
from ippgateway.privacy.rights.correct import CannotCorrect, Field, fields
from ippgateway.privacy.rights.erase import OPERATOR, PERSON, Room, UnderWay, erase
from ippgateway.privacy.rights.held import held
from ippgateway.privacy.rights.holds import OnHold
from ippgateway.privacy.rights.plan import plan_of
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.rights.restrict import object_to, overrule, restrict

_AT_ONCE = 50
_PAUSE = timedelta(minutes=1)
_WAITS = timedelta(minutes=10)

_log = Log("requests")


class Correct(Protocol):
    """How a room writes a value that a person says is right, in the table that is its own. Raises CannotCorrect."""

    async def __call__(self, p: Platform, person: Person, column: str, value: str, *, by: str) -> None: ...


async def _by_id(_p: Platform, _person: Person, _ids: Sequence[str]) -> Mapping[str, str]:
    """Nobody knows another number than ours."""
    return {}


Closing = Callable[[Platform, str, By], Awaitable[None]]
"""Closes a tenant with everybody's account of it; `by`: whoever asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rooms:
    """What higher rooms have to say: `erasing`, their parts of an erasure; `owes`, whether a shop has something that is
    not settled; `has_customers`, whether a partner does; `references`, by which numbers recipients know a record;
    `correcting`, by its table, how a field is corrected; `closing`, how a partner that leaves is closed, which a
    company is by its own room."""

    erasing: Sequence[Room]
    owes: Callable[[Platform, str], Awaitable[bool]]
    has_customers: Callable[[Platform, str], Awaitable[bool]]
    references: References = _by_id
    correcting: Mapping[str, Correct] = field(default_factory=dict)
    closing: Mapping[Audience, Closing] = field(default_factory=dict)


class _Waits(Exception):
    """It can't be carried out now. `why`: a key of `schemas.WAITS`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


async def look_after(p: Platform, rooms: Rooms) -> int:
    """Carry out and tell whatever is due. How many there were."""
    async with p.db.begin(ERASURE) as tx:
        rows = await tx.fetch(
            "select tenant_id, id from ipp.data_request where next_at <= $1 order by next_at limit $2",
            p.clock.now(), _AT_ONCE,
        )  # fmt: skip
    for row in rows:
        try:
            await carry_out(p, rooms, tenant_id=row["tenant_id"], request_id=row["id"])
        except Exception as error:  # the others have their turn; this one is tried again
            _log.error("request.not_carried_out", error, request=row["id"])
            await _again(p, row["tenant_id"], row["id"], at=p.clock.now() + _PAUSE)
    return len(rows)


async def at_once(p: Platform, rooms: Rooms, new: New) -> Request:
    """Ask for what nobody has to decide any more, and do it; what was granted before and still waits is gone on with.
    The request afterwards: `waits_for` says what it waits for. Raises BadRequest."""
    waiting = [
        each.id for each in await of_person(p, new.person) if each.kind is new.kind and each.state is State.GRANTED
    ]
    request_id = waiting[0] if waiting and not new.field else await ask(p, new)
    return await carry_out(p, rooms, tenant_id=new.person.rows_of, request_id=request_id)


async def carry_out(p: Platform, rooms: Rooms, *, tenant_id: str, request_id: str) -> Request:
    """Do now what follows from a request as it stands; the request afterwards. Raises NoSuchRequest."""
    request = await one(p, tenant_id=tenant_id, request_id=request_id)
    await _bind(p, request)
    if request.state is State.GRANTED:
        try:
            await _done(p, rooms, request)
        except _Waits as waiting:
            await _again(p, tenant_id, request_id, at=p.clock.now() + _WAITS, why=waiting.why)
    await tell_shop(p, await one(p, tenant_id=tenant_id, request_id=request_id))
    await tell(p, tenant_id=tenant_id, request_id=request_id)
    return await one(p, tenant_id=tenant_id, request_id=request_id)


async def _bind(p: Platform, request: Request) -> None:
    """An objection binds from when it is made, and ends when it is not upheld (Articles 18(1)(d), 21(1)) and no other
    one stands."""
    if request.kind is not Kind.OBJECTION or request.purpose is None:
        return
    person = request.person
    if request.state in (State.OPEN, State.GRANTED):
        await object_to(p, person, request.purpose)
    elif request.state in (State.REFUSED, State.WITHDRAWN) and not await _stands(p, request):
        await overrule(p, person, request.purpose)


async def _stands(p: Platform, request: Request) -> bool:
    """Whether the person has another objection to the same purpose, made or upheld."""
    return any(
        each.kind is Kind.OBJECTION and each.purpose == request.purpose
        and each.state in (State.OPEN, State.GRANTED, State.DONE)
        for each in await of_person(p, request.person)
    )  # fmt: skip


async def _done(p: Platform, rooms: Rooms, request: Request) -> None:
    person = request.person
    await prepare(p, request, rooms.references)
    match request.kind:
        case Kind.RECTIFICATION:
            await _correct(p, rooms, request)
        case Kind.RESTRICTION:
            await restrict(p, person, asked_by=_asked_by(request))
        case Kind.CLOSURE:
            await _leave(p, rooms, request)
        case Kind.ERASURE:
            if not request.payer:
                await _leave(p, rooms, request)
            await _erase(p, rooms, request)
    await _ended(p, request)


async def _correct(p: Platform, rooms: Rooms, request: Request) -> None:
    """The value is written where it is the person's own word about themselves, and noted beside a record that a law
    keeps as it was made. Of anything else, and of what was said in words alone, the request is the note."""
    about, value = fields().get(request.field or ""), request.new_value
    if about is None or value is None:
        return
    if about.correctable:
        correct = rooms.correcting[about.each.table.name]
        try:
            await correct(p, request.person, about.column.name, value.open(), by=request.decided_by or "")
        except CannotCorrect as why:
            raise _Waits(why.why) from None
    elif about.stands:
        await _beside(p, request, about, value.open())


async def _beside(p: Platform, request: Request, about: Field, value: str) -> None:
    box = await p.persons.open(OWN_DATA, request.person.controller, request.person_id)
    if not box.has(Correction.said):
        return
    async with p.db.begin(OWN_DATA, tenants=[request.tenant_id]) as tx:
        await tx.execute(
            "insert into ipp.correction (tenant_id, id, person_id, field, created_at, said) "
            "values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            request.tenant_id, request.id, request.person_id, about.name, p.clock.now(),
            box.seal(Correction.said, value),
        )  # fmt: skip


async def _leave(p: Platform, rooms: Rooms, request: Request) -> None:
    """The account is closed, and with its last user the company or partner, when nothing of it is left to settle."""
    person = request.person
    try:
        whom = await accounts.member(p, person)
        if whom.alone and (why := await keeps_open(p, rooms, tenant_id=person.tenant, audience=whom.audience)):
            raise _Waits(why)
        await accounts.depart(p, person)
    except LastAdministrator:
        raise _Waits("administrator") from None
    except NoSuchUser:
        return
    if whom.alone:
        await _close(p, rooms, person.tenant, whom.audience, whom.user_id)


async def keeps_open(p: Platform, rooms: Rooms, *, tenant_id: str, audience: Audience) -> str | None:
    """What a customer or partner has to settle before it can leave, a key of `schemas.WAITS`; None: nothing."""
    if audience is Audience.COMPANY and await rooms.owes(p, tenant_id):
        return "payment"
    if audience is Audience.PARTNER and await rooms.has_customers(p, tenant_id):
        return "customers"
    return None


async def leave(p: Platform, rooms: Rooms, *, tenant_id: str, audience: Audience, by: By) -> str | None:
    """A customer or partner leaves: it is closed with everybody's account of it, and the terms of what is held of it
    are counted from now. None; else what it has to settle first, and nothing was done."""
    why = await keeps_open(p, rooms, tenant_id=tenant_id, audience=audience)
    if why is None:
        await _close(p, rooms, tenant_id, audience, by)
    return why


async def _close(p: Platform, rooms: Rooms, tenant_id: str, audience: Audience, by: By) -> None:
    if audience is Audience.COMPANY:
        await companies.close_own(p, company_id=tenant_id, by=by)
    elif audience in rooms.closing:
        await rooms.closing[audience](p, tenant_id, by)


async def _erase(p: Platform, rooms: Rooms, request: Request) -> None:
    said = request.certificate
    if said is None:
        planned = certificate.planned(request.id, plan_of(await held(p, request.person)))
        said = await _certified(p, request, certificate.encoded(planned))
    try:
        await erase(p, request.person, asked_by=_asked_by(request), rooms=rooms.erasing)
    except UnderWay:
        raise _Waits("payment") from None
    except OnHold:
        raise _Waits("hold") from None
    whole = certificate.completed(json.loads(said), erased_at=p.clock.now(), lifetimes=p.lifetimes)
    await _certified(p, request, certificate.encoded(whole))


def _asked_by(request: Request) -> str:
    return OPERATOR if request.decided_by == OPERATOR else PERSON


async def _certified(p: Platform, request: Request, said: str) -> str:
    async with p.db.begin(OWN_DATA, tenants=[request.tenant_id]) as tx:
        await tx.execute(
            "update ipp.data_request set certificate = $3 where tenant_id = $1 and id = $2",
            request.tenant_id, request.id, said,
        )  # fmt: skip
    return said


async def _ended(p: Platform, request: Request) -> None:
    state, now = after(request.state, Act.CARRY_OUT), p.clock.now()
    async with p.db.begin(OWN_DATA, tenants=[request.tenant_id]) as tx:
        done = await tx.execute(
            "update ipp.data_request set state = $3, ended_at = $4, waits_for = null, to_tell = $5, next_at = $4 "
            "where tenant_id = $1 and id = $2 and state = $6",
            request.tenant_id, request.id, state.value, now, Told.ANSWERED.value, State.GRANTED.value,
        )  # fmt: skip
        if done:
            await audit.record(
                tx, actor=f"{p.zone.value}/requests", act="request.done", on=f"{request.tenant_id}/{request.id}"
            )


async def _again(p: Platform, tenant_id: str, request_id: str, *, at: datetime, why: str | None = None) -> None:
    async with p.db.begin(OWN_DATA, tenants=[tenant_id]) as tx:
        await tx.execute(
            "update ipp.data_request set next_at = $3, waits_for = $4 where tenant_id = $1 and id = $2",
            tenant_id, request_id, at, why,
        )  # fmt: skip
