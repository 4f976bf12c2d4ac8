"""The register of paper files: entered, destroyed by one, confirmed by another."""

from collections.abc import Coroutine
from datetime import UTC, date

from starlette.responses import Response

from ippgateway.domains.registers import service as registers
from ippgateway.domains.registers.errors import BadEntry, NoSuchFile, NotNow, NotYours
from ippgateway.domains.registers.schemas import FileView, How, NewFile
from ippgateway.faces.desk import paper_words as words
from ippgateway.faces.desk.emergencies import names
from ippgateway.faces.desk.places import STAFF
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.catalogue import REGISTERS
from ippgateway.privacy.vocabulary import Words

_HOWS = [(how.value, told) for how, told in words.HOWS.items()]


async def listed(house: House, ask: Ask) -> Response:
    """Every file, those that are still there first."""
    return house.page(
        ask, "papers.html", title=words.PAPER, w=words, files=await registers.files(house.platform),
        today=house.platform.clock.now().astimezone(UTC).date(), notice=words.DONE.get(ask.query.get("done", "")),
    )  # fmt: skip


async def asking(house: House, ask: Ask) -> Response:
    """The form for one."""
    return _form(house, ask)


async def entered(house: House, ask: Ask) -> Response:
    """It stands in the register."""
    form = ask.form
    try:
        ends = date.fromisoformat(form.get("destroy_by", ""))
    except ValueError:
        return _form(house, ask, "destroy_by")
    new = NewFile(
        label=form.get("label", ""), country=form.get("country", "").upper(), place=form.get("place", ""),
        categories=ask.every("categories"), destroy_by=ends,
    )  # fmt: skip
    try:
        file_id = await registers.enter(house.platform, new, by=ask.known.user_id)
    except BadEntry as why:
        return _form(house, ask, why.field)
    return house.see_other(f"/paper/{file_id}?done=entered")


def _form(house: House, ask: Ask, wrong: str = "") -> Response:
    return house.page(
        ask, "paper_new.html", title=words.NEW, w=words, typed=ask.form, categories=registers.categories(),
        ticked=ask.every("categories"), status=422 if wrong else 200, wrong={wrong: words.BAD[wrong]} if wrong else {},
    )  # fmt: skip


async def shown(house: House, ask: Ask) -> Response:
    """One of them."""
    return await _page(house, ask)


async def destroyed(house: House, ask: Ask) -> Response:
    """Somebody destroyed it; another confirms."""
    if ask.form.get("how") not in list(How):
        return await _page(house, ask, wrong=words.BAD_HOW, status=422)
    return await _done(house, ask, registers.destroy(
        house.platform, file_id=ask.path["file_id"], how=How(ask.form["how"]), by=ask.known.user_id
    ), "destroyed")  # fmt: skip


async def confirmed(house: House, ask: Ask) -> Response:
    """Somebody else saw it."""
    made = registers.confirm(house.platform, file_id=ask.path["file_id"], by=ask.known.user_id)
    return await _done(house, ask, made, "confirmed")


async def _done(house: House, ask: Ask, made: Coroutine[None, None, None], told: str) -> Response:
    try:
        await made
    except NoSuchFile:
        raise Refused(404) from None
    except NotYours:
        return await _page(house, ask, problem=words.NOT_YOURS, status=403)
    except NotNow:
        return await _page(house, ask, problem=words.NOT_NOW, status=409)
    return house.see_other(f"/paper/{ask.path['file_id']}?done={told}")


async def _page(
    house: House, ask: Ask, *, wrong: Words | None = None, problem: Words | None = None, status: int = 200
) -> Response:
    file = await _found(house, ask)
    return house.page(
        ask, "paper.html", title=file.label, w=words, it=file, wrong=wrong, problem=problem, status=status,
        names=await names(house), hows=_HOWS, mine=file.may_confirm(ask.known.user_id),
        kinds={each.key: each.words for each in registers.categories()},
        today=house.platform.clock.now().astimezone(UTC).date(),
        notice=words.DONE.get(ask.query.get("done", "")) if problem is None else None,
    )  # fmt: skip


async def _found(house: House, ask: Ask) -> FileView:
    try:
        return await registers.file(house.platform, file_id=ask.path["file_id"])
    except NoSuchFile:
        raise Refused(404) from None


_RIGHT = REGISTERS.key
ROUTES = (
    Route(path="/paper", name="paper", get=listed, audiences=STAFF, right=_RIGHT),
    Route(path="/paper/new", name="paper new", get=asking, post=entered, audiences=STAFF, right=_RIGHT),
    Route(path="/paper/{file_id}", name="paper file", get=shown, audiences=STAFF, right=_RIGHT),
    Route(path="/paper/{file_id}/destroy", name="paper destroy", post=destroyed, who=Who.STRONG, audiences=STAFF,
          right=_RIGHT),
    Route(path="/paper/{file_id}/confirm", name="paper confirm", post=confirmed, who=Who.STRONG, audiences=STAFF,
          right=_RIGHT),
)  # fmt: skip
