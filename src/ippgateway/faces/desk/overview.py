"""The desk's first page: what whoever signed in may open."""

from starlette.responses import Response

from ippgateway.domains.emergency import service as emergency
from ippgateway.domains.registers import service as registers
from ippgateway.domains.registers.schemas import Clock
from ippgateway.faces.desk import (
    breach_words,
    disclosing_words,
    emergency_words,
    keeping_words,
    paper_words,
    people_words,
    words,
)
from ippgateway.faces.desk.places import PLACES, STAFF
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.cases import words as case_words
from ippgateway.faces.shell.house import House, may
from ippgateway.faces.shell.routes import Route
from ippgateway.privacy.catalogue import AUDIT_REVIEW, REGISTERS
from ippgateway.privacy.vocabulary import Words

_ABOUT = {
    "/people": people_words.LEAD, "/requests": case_words.LEAD, "/audit": words.TRAIL_LEAD,
    "/disclosures": disclosing_words.LEAD, "/retention": keeping_words.RETENTION_LEAD,
    "/holds": keeping_words.HOLDS_LEAD, "/breaches": breach_words.LEAD, "/paper": paper_words.LEAD,
    "/reviews": emergency_words.REVIEWS_LEAD, "/staff": words.STAFF_LEAD,
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
    if may(ask.known, REGISTERS.key):
        late += await _hours(house)
    return late


async def _hours(house: House) -> list[Words]:
    """The 72 hours of every breach that the authority has not heard of."""
    now = house.platform.clock.now()
    return [
        breach_words.running(breach.hours_left(now)) for breach in await registers.breaches(house.platform)
        if breach.closed_at is None and breach.clock(now) in (Clock.RUNNING, Clock.OVERDUE)
    ]  # fmt: skip


ROUTES = (Route(path="/", name="home", get=home, audiences=STAFF),)
