"""What somebody asks about their own data: asking, following it, withdrawing it; and erasing or closing the account."""

import json

from starlette.responses import Response

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.errors import BadRequest, NoSuchRequest, NoSuchStep
from ippgateway.domains.requests.schemas import EXTENSIONS, REASONS, WAITS, Identity, Kind, New, Request, State
from ippgateway.faces.pages.held import field_options
from ippgateway.faces.shell.account.common import me, page, proof_due
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.cases import words
from ippgateway.faces.shell.cases.deciding import PURPOSE_WORDS, corrected
from ippgateway.faces.shell.house import House
from ippgateway.privacy.rights.held import held
from ippgateway.privacy.rights.plan import plan_of
from ippgateway.privacy.vocabulary import Words

_PATH = "/account/data/requests"
_BY_FORM = (Kind.RECTIFICATION, Kind.RESTRICTION, Kind.OBJECTION)
_LEAVING = {"erase": Kind.ERASURE, "close": Kind.CLOSURE}


async def listed(house: House, ask: Ask) -> Response:
    """What they asked, and the form for more."""
    return await _list(house, ask)


async def taken(house: House, ask: Ask) -> Response:
    """Something is asked."""
    kind = ask.form.get("kind", "")
    if kind not in _BY_FORM:
        return await _list(house, ask, wrong={"kind": words.BAD["kind"]})
    try:
        request = await _asked(house, ask, Kind(kind))
    except BadRequest as why:
        return await _list(house, ask, wrong={why.field: words.BAD[why.field]})
    return house.see_other(f"{_PATH}/{request.id}?done=asked")


async def shown(house: House, ask: Ask) -> Response:
    """How one of them stands."""
    return await _one(house, ask)


async def withdrawn(house: House, ask: Ask) -> Response:
    """They want it no more."""
    request = await _found(house, ask)
    place = {"tenant_id": request.tenant_id, "request_id": request.id}
    try:
        await requests.withdraw(house.platform, **place)
    except NoSuchStep:
        return await _one(house, ask, problem=words.GONE_ON, status=409)
    await requests.carry_out(house.platform, ROOMS, **place)
    return house.see_other(f"{_PATH}/{request.id}?done=withdrawn")


async def leaving(house: House, ask: Ask) -> Response:
    """What erasing, or closing, would do."""
    if (due := proof_due(house, ask)) is not None:
        return due
    person = await accounts.person_of(house.platform, ask.known)
    way = ask.path["way"]
    if way not in _LEAVING:
        raise Refused(404)
    plan = plan_of(await held(house.platform, person, whole=True)) if way == "erase" else None
    title = words.ERASE if way == "erase" else words.CLOSE
    return page(house, ask, "leave.html", title=title, c=words, plan=plan)


async def left(house: House, ask: Ask) -> Response:
    """It is done now, or as soon as what it waits for has ended."""
    if (due := proof_due(house, ask)) is not None:
        return due
    if (kind := _LEAVING.get(ask.path["way"])) is None:
        raise Refused(404)
    request = await _asked(house, ask, kind)
    if request.state is not State.DONE:
        return house.see_other(f"{_PATH}/{request.id}")
    to = f"/certificate/{request.tenant_id}/{request.id}" if kind is Kind.ERASURE else "/sign-in"
    response = house.see_other(to)
    house.cookies.let_out(response)
    return response


async def certificate(house: House, ask: Ask) -> Response:
    """The certificate of an erasure: it says nothing about anybody, so it needs nobody's account."""
    place = {"tenant_id": ask.path["tenant_id"], "request_id": ask.path["request_id"]}
    try:
        said = await requests.certificate(house.platform, **place)
    except NoSuchRequest:
        raise Refused(404) from None
    return house.page(ask, "cases/certificate.html", title=words.CERTIFICATE, c=words, certificate=json.loads(said),
                      told=lambda both: both[ask.language.value])  # fmt: skip


async def _asked(house: House, ask: Ask, kind: Kind) -> Request:
    """It is on record, and what follows at once is done."""
    p, whom, form = house.platform, await me(house, ask), ask.form
    person = await accounts.person_of(p, ask.known)
    request_id = await requests.ask(p, New(
        person=person, kind=kind, identity=Identity.STRONG if house.strong(ask) else Identity.SESSION,
        language=ask.language.value, reply_to=Secret(whom.email), statement=Secret(form.get("statement", "")),
        purpose=form.get("purpose", ""), field=form.get("field", ""), new_value=Secret(form.get("new_value", "")),
    ))  # fmt: skip
    return await requests.carry_out(p, ROOMS, tenant_id=person.rows_of, request_id=request_id)


async def _list(house: House, ask: Ask, *, wrong: dict[str, Words] | None = None) -> Response:
    person = await accounts.person_of(house.platform, ask.known)
    found = await held(house.platform, person)
    held_for = {purpose for field in found.fields for purpose in field.uses}
    uses = [("", words.NONE), *((each.key, each.words) for each in requests.objectable() if each in held_for)]
    told = [("", words.NONE), *field_options(found)]
    return page(
        house, ask, "requests.html", title=words.MINE, c=words, purposes=uses, fields=told, wrong=wrong or {},
        kinds=[(kind.value, words.KINDS[kind]) for kind in _BY_FORM], status=422 if wrong else 200,
        cases=[(each, f"{_PATH}/{each.id}") for each in await requests.of_person(house.platform, person)],
    )  # fmt: skip


async def _one(house: House, ask: Ask, *, problem: Words | None = None, status: int = 200) -> Response:
    request = await _found(house, ask)
    return page(
        house, ask, "request.html", title=words.KINDS[request.kind], c=words, case=request, problem=problem,
        status=status, done=words.DONE, waits=WAITS, purposes=PURPOSE_WORDS, extension_words=EXTENSIONS,
        why=REASONS[request.reason] if request.reason else None, open=request.state in (State.ASKED, State.OPEN),
        late=request.late(house.platform.clock.now().date()), path=f"{_PATH}/{request.id}",
        certificate_at=f"/certificate/{request.tenant_id}/{request.id}", telling="", **corrected(request),
        notices=await requests.notices(house.platform, request.id),
    )  # fmt: skip


async def _found(house: House, ask: Ask) -> Request:
    person = await accounts.person_of(house.platform, ask.known)
    try:
        found = await requests.one(
            house.platform, tenant_id=person.rows_of, request_id=ask.path["request_id"]
        )  # fmt: skip
    except NoSuchRequest:
        raise Refused(404) from None
    if found.person != person:
        raise Refused(404)
    return found
