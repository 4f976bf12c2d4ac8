"""What a shop's payers asked about their data: the shop decides, hands over what it holds, and erases."""

from starlette.responses import Response

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import rights
from ippgateway.domains.payments.service import people
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.errors import BadRequest
from ippgateway.domains.requests.schemas import Identity, Kind, New, Request
from ippgateway.faces.console.places import COMPANIES
from ippgateway.faces.shell.account.requests import certificate
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.cases import words
from ippgateway.faces.shell.cases.deciding import KINDS_OF_PAYERS, Cases
from ippgateway.faces.shell.house import PAGE_HEADERS, House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.catalogue import EMAIL
from ippgateway.privacy.rights.copy import access_copy, encoded, of_the_shop
from ippgateway.privacy.rights.held import Shown, held
from ippgateway.privacy.rights.plan import plan_of
from ippgateway.privacy.vocabulary import Words

_KINDS = [(kind.value, words.KINDS[kind]) for kind in KINDS_OF_PAYERS]


async def _every(house: House, ask: Ask) -> tuple[Request, ...]:
    return await requests.of_shop(house.platform, company_id=ask.known.tenant_id)


async def _more(house: House, request: Request) -> dict[str, object]:
    """A shop knows its payers by their addresses; and sees what an erasure would do before it decides."""
    found = await held(house.platform, request.person)
    emails = {f.value.open() for f in of_the_shop(found).fields if f.said.category == EMAIL and f.shown is Shown.OPEN}
    plan = plan_of(of_the_shop(found)) if request.kind is Kind.ERASURE else None
    return {"received": found.received, "export": True, "known_by": ", ".join(sorted(emails)), "plan": plan}


async def _follow(house: House, request: Request) -> None:
    await requests.carry_out(house.platform, ROOMS, tenant_id=request.tenant_id, request_id=request.id)


_CASES = Cases(
    every=_every, tenant=lambda ask: ask.known.tenant_id, path=lambda request: f"/requests/{request.id}", more=_more,
    follow=_follow, entering=True,
)  # fmt: skip


async def entering(house: House, ask: Ask) -> Response:
    """The form for what a payer asked of the shop itself."""
    return _form(house, ask)


async def entered(house: House, ask: Ask) -> Response:
    """It is on record, once for each payer whom the shop knows by the address."""
    p, form = house.platform, ask.form
    if form.get("kind") not in dict(_KINDS):
        return _form(house, ask, wrong={"kind": words.BAD["kind"]})
    payers = await people.payers_at(p, company_id=ask.known.tenant_id, email=form.get("email", ""))
    if not payers:
        return _form(house, ask, wrong={"email": words.BAD["email"]})
    asked = [
        New(
            person=person, kind=Kind(form["kind"]), identity=Identity.SHOP, language=ask.language.value,
            reply_to=ask.secret("email"), statement=Secret(form.get("statement", "")), purpose=form.get("purpose", ""),
        )
        for person in payers
    ]  # fmt: skip
    try:
        made = [await requests.ask(p, new) for new in asked]
    except BadRequest as why:
        return _form(house, ask, wrong={why.field: words.BAD[why.field]})
    for request_id in made:
        await requests.carry_out(p, ROOMS, tenant_id=ask.known.tenant_id, request_id=request_id)
    return house.see_other(f"/requests/{made[0]}?done=asked" if len(made) == 1 else "/requests")


async def exported(house: House, ask: Ask) -> Response:
    """Everything that is held for the shop about whoever asked."""
    request = await _CASES.found(house, ask)
    body = encoded(access_copy(of_the_shop(await held(house.platform, request.person, whole=True))))
    return Response(body, headers={
        **PAGE_HEADERS, "content-type": "application/json",
        "content-disposition": f'attachment; filename="{request.id}.json"',
    })  # fmt: skip


def _form(house: House, ask: Ask, *, wrong: dict[str, Words] | None = None) -> Response:
    uses = [("", words.NONE), *((purpose.key, purpose.words) for purpose in requests.objectable())]
    return house.page(
        ask, "cases/new.html", title=words.NEW, c=words, typed=ask.form, wrong=wrong or {}, kinds=_KINDS,
        purposes_open=uses, status=422 if wrong else 200,
    )  # fmt: skip


_RIGHT = rights.SETTINGS.key
ROUTES = (
    Route(path="/certificate/{tenant_id}/{request_id}", name="certificate", get=certificate, who=Who.ANYONE),
    Route(path="/requests", name="requests", get=_CASES.listed, audiences=COMPANIES, right=_RIGHT),
    Route(path="/requests/new", name="request new", get=entering, post=entered, audiences=COMPANIES, right=_RIGHT),
    Route(path="/requests/{request_id}", name="request", get=_CASES.shown, post=_CASES.taken, who=Who.STRONG,
          audiences=COMPANIES, right=_RIGHT),
    Route(path="/requests/{request_id}/export.json", name="request export", get=exported, who=Who.STRONG,
          audiences=COMPANIES, right=_RIGHT),
)  # fmt: skip
