"""What our own people asked about their data: the desk decides, the console's process carries it out."""

from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.schemas import Request
from ippgateway.faces.desk.places import STAFF
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.cases.deciding import Cases
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.catalogue import REQUESTS


async def _every(house: House, _ask: Ask) -> tuple[Request, ...]:
    return await requests.of_us(house.platform)


_CASES = Cases(
    every=_every, tenant=lambda ask: ask.path["tenant_id"],
    path=lambda request: f"/requests/{request.tenant_id}/{request.id}",
)  # fmt: skip
_RIGHT = REQUESTS.key
ROUTES = (
    Route(path="/requests", name="requests", get=_CASES.listed, audiences=STAFF, right=_RIGHT),
    Route(path="/requests/{tenant_id}/{request_id}", name="request", get=_CASES.shown, post=_CASES.taken,
          who=Who.STRONG, audiences=STAFF, right=_RIGHT),
)  # fmt: skip
