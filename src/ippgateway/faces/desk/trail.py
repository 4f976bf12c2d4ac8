"""The audit trail: newest first, a page at a time, and recomputed on demand."""

from starlette.responses import Response

from ippgateway.faces.desk import words
from ippgateway.faces.desk.places import STAFF
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route
from ippgateway.privacy import audit
from ippgateway.privacy.audit import Verified
from ippgateway.privacy.catalogue import AUDIT_REVIEW

_MOST_DIGITS = 18


async def listed(house: House, ask: Ask) -> Response:
    """A page of the trail; `before` is the cursor."""
    return await _page(house, ask, None)


async def verified(house: House, ask: Ask) -> Response:
    """The chain, recomputed. That somebody did it stands on the trail afterwards."""
    return await _page(house, ask, await audit.verify(house.platform, by=ask.known.user_id))


async def _page(house: House, ask: Ask, found: Verified | None) -> Response:
    before = ask.query.get("before")
    if before is not None and not (before.isascii() and before.isdigit() and len(before) <= _MOST_DIGITS):
        raise Refused(404)
    page = await audit.trail(house.platform, before=int(before) if before else None)
    return house.page(
        ask, "audit.html", title=words.TRAIL, w=words, page=page, first=before is None, found=found, act=words.act,
        after=str(page.after) if page.after else None,
        problem=words.broken(found.broken_at) if found and found.broken_at is not None else None,
    )  # fmt: skip


ROUTES = (
    Route(path="/audit", name="audit", get=listed, audiences=STAFF, right=AUDIT_REVIEW.key),
    Route(path="/audit/verify", name="audit verify", post=verified, audiences=STAFF, right=AUDIT_REVIEW.key),
)
