"""What is removed at the end of its term, and what a legal hold keeps."""

from datetime import date

from starlette.responses import Response

from ippgateway.faces.desk import keeping_words as words
from ippgateway.faces.desk.places import STAFF
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.catalogue import LEGAL_HOLD
from ippgateway.privacy.rights import holds
from ippgateway.privacy.rights.endings import Ending, endings
from ippgateway.privacy.rights.grounds import KEPT_FOR
from ippgateway.privacy.rights.holds import BadHold, Hold, NewHold, NoSuchHold, Scope
from ippgateway.privacy.rights.runs import ran
from ippgateway.privacy.vocabulary import KeptFor

_REASONS = [(reason.value, told) for reason, told in KEPT_FOR.items()]
_SCOPES = [(scope.value, told, hint) for scope, (told, hint) in words.SCOPES.items()]


# --- retention ---


async def retention(house: House, ask: Ask) -> Response:
    """What the worker did, day by day and part by part, and every term with what it ends."""
    told = await ran(house.platform)
    found = {part.part: part for part in told.parts}
    terms = [(each, found.get(each.part)) for each in sorted(endings(), key=_reading_order)]
    points = [(day, count, str(count)) for day, count in told.days]
    return house.page(ask, "retention.html", title=words.RETENTION, w=words, ran=told, terms=terms, points=points)


def _reading_order(ending: Ending) -> tuple[int, str]:
    return (ending.terms[-1].days, ending.part)


# --- holds ---


async def listed(house: House, ask: Ask) -> Response:
    """Every hold, those that stand first."""
    found, today = await holds.every(house.platform), house.platform.clock.now().date()
    return house.page(
        ask, "holds.html", title=words.HOLDS, w=words, holds=found, today=today, why=KEPT_FOR, scopes=words.SCOPES,
        notice=words.DONE.get(ask.query.get("done", "")),
    )  # fmt: skip


async def asking(house: House, ask: Ask) -> Response:
    """The form for a new one."""
    return _form(house, ask)


async def placed(house: House, ask: Ask) -> Response:
    """It stands from now on."""
    try:
        await holds.place(house.platform, _typed(ask), by=ask.known.user_id)
    except BadHold as why:
        return _form(house, ask, why.field)
    return house.see_other("/holds?done=placed")


def _typed(ask: Ask) -> NewHold:
    """What the form says. Raises BadHold."""
    form = ask.form
    if form.get("reason") not in list(KeptFor):
        raise BadHold("reason")
    if form.get("scope") not in list(Scope):
        raise BadHold("scope")
    try:
        ends_on = date.fromisoformat(form.get("ends_on", ""))
    except ValueError:
        raise BadHold("ends_on") from None
    return NewHold(
        reason=KeptFor(form["reason"]), scope=Scope(form["scope"]), tenant_id=form.get("tenant_id") or None,
        named=form.get("named", ""), reference=form.get("reference", ""), ends_on=ends_on,
    )  # fmt: skip


def _form(house: House, ask: Ask, wrong: str = "") -> Response:
    return house.page(
        ask, "hold_new.html", title=words.NEW, w=words, typed=ask.form, reasons=_REASONS, scopes=_SCOPES,
        status=422 if wrong else 200, wrong={wrong: words.BAD[wrong]} if wrong else {},
    )  # fmt: skip


async def releasing(house: House, ask: Ask) -> Response:
    """What releasing it means."""
    return house.page(
        ask, "hold_release.html", title=words.RELEASE_TITLE, w=words, hold=await _standing(house, ask), why=KEPT_FOR
    )


async def released(house: House, ask: Ask) -> Response:
    """It keeps nothing any more."""
    hold = await _standing(house, ask)
    try:
        await holds.release(house.platform, hold.id, by=ask.known.user_id)
    except NoSuchHold:
        raise Refused(404) from None
    return house.see_other("/holds?done=released")


async def _standing(house: House, ask: Ask) -> Hold:
    found = next((h for h in await holds.every(house.platform) if h.id == ask.path["hold_id"]), None)
    if found is None or found.released_at is not None:
        raise Refused(404)
    return found


_RIGHT = LEGAL_HOLD.key
ROUTES = (
    Route(path="/retention", name="retention", get=retention, audiences=STAFF, right=_RIGHT),
    Route(path="/holds", name="holds", get=listed, audiences=STAFF, right=_RIGHT),
    Route(path="/holds/new", name="hold new", get=asking, post=placed, who=Who.STRONG, audiences=STAFF, right=_RIGHT),
    Route(path="/holds/{hold_id}/release", name="hold release", get=releasing, post=released, who=Who.STRONG,
          audiences=STAFF, right=_RIGHT),
)  # fmt: skip
