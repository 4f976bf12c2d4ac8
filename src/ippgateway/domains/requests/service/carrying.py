"""Carrying out what follows from a request: what binds, what goes, and the letters. Every step may be repeated, so that
whoever is killed anywhere is finished by `look_after`."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ippgateway.core.log import Log
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import LastAdministrator, NoSuchUser
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.companies import service as companies
from ippgateway.domains.requests.schemas import Kind, Request, Told
from ippgateway.domains.requests.service.reading import one
from ippgateway.domains.requests.service.telling import tell
from ippgateway.domains.requests.states import Act, State, after
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import ERASURE, OWN_DATA
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights import certificate
from ippgateway.privacy.rights.erase import PERSON, Room, UnderWay, erase
from ippgateway.privacy.rights.held import held
from ippgateway.privacy.rights.holds import OnHold
from ippgateway.privacy.rights.plan import plan_of

_AT_ONCE = 50
_PAUSE = timedelta(minutes=1)
_WAITS = timedelta(minutes=10)

_log = Log("requests")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rooms:
    """What higher rooms have to say: `erasing`, their parts of an erasure; `owes`, whether a shop has something that is
    not settled; `has_customers`, whether a partner does."""

    erasing: Sequence[Room]
    owes: Callable[[Platform, str], Awaitable[bool]]
    has_customers: Callable[[Platform, str], Awaitable[bool]]


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


async def carry_out(p: Platform, rooms: Rooms, *, tenant_id: str, request_id: str) -> Request:
    """Do now what follows from a request as it stands; the request afterwards. Raises NoSuchRequest."""
    request = await one(p, tenant_id=tenant_id, request_id=request_id)
    await _bind(p, request)
    if request.state is State.GRANTED:
        try:
            await _done(p, rooms, request)
        except _Waits as waiting:
            await _again(p, tenant_id, request_id, at=p.clock.now() + _WAITS, why=waiting.why)
    await tell(p, tenant_id=tenant_id, request_id=request_id)
    return await one(p, tenant_id=tenant_id, request_id=request_id)


async def _bind(p: Platform, request: Request) -> None:
    """An objection binds from when it is made, and ends when it is not upheld (Articles 18(1)(d), 21(1))."""
    if request.kind is not Kind.OBJECTION or request.purpose is None:
        return
    person = request.person
    if request.state in (State.OPEN, State.GRANTED):
        await p.persons.object_to(ERASURE, person.controller, person.person_id, request.purpose)
    elif request.state in (State.REFUSED, State.WITHDRAWN):
        await p.persons.overrule(ERASURE, person.controller, person.person_id, request.purpose)


async def _done(p: Platform, rooms: Rooms, request: Request) -> None:
    person = request.person
    match request.kind:
        case Kind.RESTRICTION:
            await p.persons.pause(ERASURE, person.controller, person.person_id)
        case Kind.CLOSURE:
            await _leave(p, rooms, request)
        case Kind.ERASURE:
            if not request.payer:
                await _leave(p, rooms, request)
            await _erase(p, rooms, request)
    await _ended(p, request)


async def _leave(p: Platform, rooms: Rooms, request: Request) -> None:
    """The account is closed, and with its last user the company, when nothing of it is left to settle."""
    person = request.person
    try:
        whom = await accounts.member(p, person)
        if whom.alone and whom.audience is Audience.COMPANY and await rooms.owes(p, person.tenant):
            raise _Waits("payment")
        if whom.alone and whom.audience is Audience.PARTNER and await rooms.has_customers(p, person.tenant):
            raise _Waits("customers")
        await accounts.depart(p, person)
    except LastAdministrator:
        raise _Waits("administrator") from None
    except NoSuchUser:
        return
    if whom.alone and whom.audience is Audience.COMPANY:
        await companies.close_own(p, company_id=person.tenant, by=whom.user_id)


async def _erase(p: Platform, rooms: Rooms, request: Request) -> None:
    said = request.certificate
    if said is None:
        planned = certificate.planned(request.id, plan_of(await held(p, request.person)))
        said = await _certified(p, request, certificate.encoded(planned))
    try:
        await erase(p, request.person, asked_by=PERSON, rooms=rooms.erasing)
    except UnderWay:
        raise _Waits("payment") from None
    except OnHold:
        raise _Waits("hold") from None
    whole = certificate.completed(json.loads(said), erased_at=p.clock.now(), lifetimes=p.lifetimes)
    await _certified(p, request, certificate.encoded(whole))


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
