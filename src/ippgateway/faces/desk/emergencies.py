"""Emergency access: opened by whoever needs it, ended by the clock, reviewed by somebody else."""

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.emergency import service as emergency
from ippgateway.domains.emergency.errors import (
    AlreadyOpen,
    NoFinding,
    NoReason,
    NoSuchAccess,
    NotReviewable,
    NotStrong,
    NotYours,
)
from ippgateway.domains.emergency.schemas import AccessView, Verdict
from ippgateway.faces.desk import emergency_words as words
from ippgateway.faces.desk.places import STAFF
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.catalogue import AUDIT_REVIEW
from ippgateway.privacy.looks.looking import WHY
from ippgateway.privacy.vocabulary import Words
from ippgateway.privacy.zones import PLATFORM

_VERDICTS = [(each.value, told, None) for each, told in words.VERDICTS.items()]

# --- whoever needs it ---


async def asking(house: House, ask: Ask) -> Response:
    """What it is, and how long the one that is open lasts."""
    return await _form(house, ask)


async def begun(house: House, ask: Ask) -> Response:
    """It is open, and letters are owed."""
    try:
        await emergency.start(house.platform, ask.known, reason=ask.form.get("reason", ""))
    except NoReason:
        return await _form(house, ask, wrong=words.BAD_REASON)
    except (AlreadyOpen, NotStrong):
        return await _form(house, ask)
    return house.see_other("/emergency")


async def ended(house: House, ask: Ask) -> Response:
    """It opens nothing any more."""
    await emergency.end(house.platform, ask.known)
    return house.see_other("/emergency?done=ended")


async def _form(house: House, ask: Ask, *, wrong: Words | None = None) -> Response:
    mine = await emergency.of_session(house.platform, ask.known)
    return house.page(
        ask, "emergency.html", title=words.EMERGENCY, w=words, mine=mine, wrong=wrong, typed=ask.form,
        status=422 if wrong else 200, notice=words.DONE.get(ask.query.get("done", "")),
    )  # fmt: skip


# --- whoever reviews it ---


async def listed(house: House, ask: Ask) -> Response:
    """Every one, those to be reviewed first."""
    return house.page(
        ask, "reviews.html", title=words.REVIEWS, w=words, accesses=await emergency.every(house.platform),
        names=await names(house), notice=words.DONE.get(ask.query.get("done", "")),
    )  # fmt: skip


async def shown(house: House, ask: Ask) -> Response:
    """One of them, with what was looked at under it."""
    return await _one(house, ask)


async def reviewed(house: House, ask: Ask) -> Response:
    """It is closed."""
    form = ask.form
    if form.get("verdict") not in list(Verdict):
        return await _one(house, ask, wrong={"verdict": words.BAD_VERDICT}, status=422)
    try:
        await emergency.review(
            house.platform, access_id=ask.path["emergency_id"], by=ask.known.user_id,
            verdict=Verdict(form["verdict"]), finding=form.get("finding", ""),
        )  # fmt: skip
    except NoFinding:
        return await _one(house, ask, wrong={"finding": words.BAD_REASON}, status=422)
    except NoSuchAccess:
        raise Refused(404) from None
    except NotYours:
        return await _one(house, ask, problem=words.NOT_YOURS, status=403)
    except NotReviewable:
        return await _one(house, ask, problem=words.NOT_NOW, status=409)
    return house.see_other("/reviews?done=reviewed")


async def _one(
    house: House, ask: Ask, *, wrong: dict[str, Words] | None = None, problem: Words | None = None, status: int = 200
) -> Response:
    access = await _found(house, ask)
    return house.page(
        ask, "review.html", title=words.REVIEW, w=words, access=access, names=await names(house), wrong=wrong or {},
        typed=ask.form, problem=problem, status=status, verdicts=_VERDICTS, why={k.value: w for k, w in WHY.items()},
        mine=access.may_review(ask.known.user_id, house.platform.clock.now()),
    )  # fmt: skip


async def _found(house: House, ask: Ask) -> AccessView:
    try:
        return await emergency.one(house.platform, access_id=ask.path["emergency_id"])
    except NoSuchAccess:
        raise Refused(404) from None


async def names(house: House) -> dict[str, str]:
    """Our staff, by their ids."""
    staff = await accounts.users(house.platform, audience=Audience.STAFF, tenant_id=PLATFORM)
    return {user.user_id: user.name or user.email for user in staff}


_RIGHT = AUDIT_REVIEW.key
ROUTES = (
    Route(path="/emergency", name="emergency", get=asking, post=begun, who=Who.STRONG, audiences=STAFF),
    Route(path="/emergency/end", name="emergency end", post=ended, audiences=STAFF),
    Route(path="/reviews", name="reviews", get=listed, audiences=STAFF, right=_RIGHT),
    Route(path="/reviews/{emergency_id}", name="review", get=shown, post=reviewed, who=Who.STRONG, audiences=STAFF,
          right=_RIGHT),
)  # fmt: skip
