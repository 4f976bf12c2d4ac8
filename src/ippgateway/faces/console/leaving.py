"""A customer or a partner leaves: it takes its data with it, and is closed with everybody's account of it."""

from starlette.responses import Response, StreamingResponse

from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.companies import service as companies
from ippgateway.domains.partners import service as partners
from ippgateway.domains.payments.service.returning import returned
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.domains.requests import service as requests
from ippgateway.faces.console import leaving_words as words
from ippgateway.faces.console.places import BUSINESSES
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import PAGE_HEADERS, House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.vocabulary import Words


async def shown(house: House, ask: Ask) -> Response:
    """What is taken along, and what happens."""
    return await _page(house, ask)


async def left(house: House, ask: Ask) -> Response:
    """It is closed; whoever asked is signed out with everybody else."""
    known = ask.known
    if ask.form.get("company", "").strip().casefold() != (await _name(house, ask)).strip().casefold():
        return await _page(house, ask, wrong=words.OTHER_NAME, status=422)
    why = await requests.leave(
        house.platform, ROOMS, tenant_id=known.tenant_id, audience=known.audience, by=known
    )  # fmt: skip
    if why is not None:
        return await _page(house, ask, problem=words.NOT_YET[why], status=409)
    response = house.see_other("/sign-in")
    house.cookies.let_out(response)
    return response


async def exported(house: House, ask: Ask) -> Response:
    """Everything that is held of them and for them."""
    known = ask.known
    pieces = returned(house.platform, tenant_id=known.tenant_id, audience=known.audience)
    return StreamingResponse(pieces, headers={
        **PAGE_HEADERS, "content-type": "application/json",
        "content-disposition": f'attachment; filename="{known.tenant_id}.json"',
    })  # fmt: skip


async def _page(
    house: House, ask: Ask, *, wrong: Words | None = None, problem: Words | None = None, status: int = 200
) -> Response:
    partner = ask.known.audience is Audience.PARTNER
    return house.page(
        ask, "closing.html", title=words.LEAVE, w=words, wrong=wrong, problem=problem, status=status,
        happens=words.PARTNER_HAPPENS if partner else words.HAPPENS, name=await _name(house, ask),
    )  # fmt: skip


async def _name(house: House, ask: Ask) -> str:
    p, tenant_id = house.platform, ask.known.tenant_id
    if ask.known.audience is Audience.PARTNER:
        return (await partners.read(p, partner_id=tenant_id)).name
    return (await companies.read(p, company_id=tenant_id)).name


_RIGHT = rights.ALL
"""Whoever runs all of it."""
ROUTES = (
    Route(path="/closing", name="closing", get=shown, post=left, who=Who.STRONG, audiences=BUSINESSES, right=_RIGHT),
    Route(path="/closing/export.json", name="closing export", get=exported, who=Who.STRONG, audiences=BUSINESSES,
          right=_RIGHT),
)  # fmt: skip
