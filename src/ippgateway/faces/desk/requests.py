"""What our own people asked about their data: the desk decides, the console's process carries it out. And recipients
outside who have to hear what became of what they got, whoever asked."""

from starlette.responses import Response

from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.errors import NoSuchRequest, NoSuchStep
from ippgateway.domains.requests.schemas import Notice, Request
from ippgateway.faces.desk.places import STAFF
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.cases import words
from ippgateway.faces.shell.cases.deciding import Cases
from ippgateway.faces.shell.cases.drafting import draft
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.catalogue import REQUESTS
from ippgateway.privacy.vocabulary import Words

_TELLING = "/requests/tell"


async def _every(house: House, _ask: Ask) -> tuple[Request, ...]:
    return await requests.of_us(house.platform)


async def _to_tell(house: House) -> tuple[Notice, ...]:
    return await requests.to_tell(house.platform)


_CASES = Cases(
    every=_every, tenant=lambda ask: ask.path["tenant_id"],
    path=lambda request: f"/requests/{request.tenant_id}/{request.id}", to_tell=_to_tell, telling=_TELLING,
)  # fmt: skip


async def telling(house: House, ask: Ask) -> Response:
    """One recipient, with the notice to send."""
    return await _recipient(house, ask)


async def told(house: House, ask: Ask) -> Response:
    """They were told."""
    notice_id = ask.path["notice_id"]
    try:
        await requests.mark_told(
            house.platform, notice_id=notice_id, how=ask.form.get("how", ""), by=ask.known.user_id
        )  # fmt: skip
    except NoSuchRequest:
        raise Refused(404) from None
    except NoSuchStep:
        return await _recipient(house, ask, problem=words.GONE_ON, status=409)
    return house.see_other("/requests?done=told")


async def _recipient(house: House, ask: Ask, *, problem: Words | None = None, status: int = 200) -> Response:
    p = house.platform
    try:
        notice = await requests.notice(p, ask.path["notice_id"])
        request = await requests.one(p, tenant_id=notice.of_tenant, request_id=notice.request_id)
    except NoSuchRequest:
        raise Refused(404) from None
    return house.page(
        ask, "cases/tell.html", title=words.TELL, c=words, recipient=notice, case=request, status=status,
        draft=draft(request, notice, p.operator), problem=problem, path=f"{_TELLING}/{notice.id}",
    )  # fmt: skip


_RIGHT = REQUESTS.key
ROUTES = (
    Route(path="/requests", name="requests", get=_CASES.listed, audiences=STAFF, right=_RIGHT),
    Route(path=f"{_TELLING}/{{notice_id}}", name="request telling", get=telling, post=told, who=Who.STRONG,
          audiences=STAFF, right=_RIGHT),
    Route(path="/requests/{tenant_id}/{request_id}", name="request", get=_CASES.shown, post=_CASES.taken,
          who=Who.STRONG, audiences=STAFF, right=_RIGHT),
)  # fmt: skip
