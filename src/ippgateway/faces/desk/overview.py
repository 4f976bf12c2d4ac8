"""The desk's first page: what whoever signed in may open."""

from starlette.responses import Response

from ippgateway.domains.emergency import service as emergency
from ippgateway.faces.desk import disclosing_words, emergency_words, keeping_words, people_words, words
from ippgateway.faces.desk.places import PLACES, STAFF
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.cases import words as case_words
from ippgateway.faces.shell.house import House, may
from ippgateway.faces.shell.routes import Route
from ippgateway.privacy.catalogue import AUDIT_REVIEW
from ippgateway.privacy.vocabulary import Words

_ABOUT = {
    "/people": people_words.LEAD, "/requests": case_words.LEAD, "/audit": words.TRAIL_LEAD, "/disclosures": disclosing_words.LEAD,
    "/retention": keeping_words.RETENTION_LEAD, "/holds": keeping_words.HOLDS_LEAD, "/staff": words.STAFF_LEAD,
    "/reviews": emergency_words.REVIEWS_LEAD,
}  # fmt: skip


async def home(house: House, ask: Ask) -> Response:
    """The ways on that the role opens."""
    ways = [(place, _ABOUT[place.path]) for place in PLACES if place.right and may(ask.known, place.right)]
    return house.page(
        ask, "desk_home.html", title=words.OVERVIEW, w=words, ways_on=ways, late=await _late(house, ask)
    )  # fmt: skip


async def _late(house: House, ask: Ask) -> list[Words]:
    """What somebody should have done by now."""
    late = []
    if may(ask.known, AUDIT_REVIEW.key) and (count := await emergency.overdue(house.platform)):
        late.append(emergency_words.overdue(count))
    return late


ROUTES = (Route(path="/", name="home", get=home, audiences=STAFF),)
