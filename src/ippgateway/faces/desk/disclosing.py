"""Requests by somebody outside for data: entered, approved by two, put together, handed over."""

from datetime import date
from typing import Any

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.disclosures import service as disclosures
from ippgateway.domains.disclosures.errors import BadCase, Decided, NoSuchCase, NotAllowed, NotYours
from ippgateway.domains.disclosures.schemas import Case, Kind, NewCase
from ippgateway.domains.disclosures.service import disclosable, kinds
from ippgateway.faces.desk import disclosing_words as words
from ippgateway.faces.desk.places import STAFF
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import PAGE_HEADERS, House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.catalogue import DISCLOSURE
from ippgateway.privacy.disclosure.places import TOOLS
from ippgateway.privacy.vocabulary import Words
from ippgateway.privacy.zones import PLATFORM

_PATH = "/disclosures"
_TOOLS = [("", words.NO_TOOL), *((key, tool.words) for key, tool in TOOLS.items())]


async def listed(house: House, ask: Ask) -> Response:
    """Every case, those that are not ended first."""
    return house.page(
        ask, "disclosures.html", title=words.DISCLOSURES, w=words, cases=await disclosures.cases(house.platform),
        notice=words.DONE.get(ask.query.get("done", "")),
    )  # fmt: skip


async def choosing(house: House, ask: Ask) -> Response:
    """The kinds of requests."""
    return house.page(ask, "disclosure_kinds.html", title=words.NEW, w=words, kinds=kinds().values())


# --- a new one ---


async def asking(house: House, ask: Ask) -> Response:
    """The form of one kind."""
    return _form(house, ask, _kind(ask))


async def entered(house: House, ask: Ask) -> Response:
    """It stands from now on, for two others to approve."""
    kind = _kind(ask)
    try:
        case_id = await disclosures.add(house.platform, _typed(ask, kind), by=ask.known.user_id)
    except BadCase as why:
        return _form(house, ask, kind, wrong=why.field)
    except NotAllowed:
        return _form(house, ask, kind, wrong="transfer_tool")
    return house.see_other(f"{_PATH}/{case_id}?done=entered")


def _kind(ask: Ask) -> Kind:
    kind = kinds().get(ask.path["which"])
    if kind is None:
        raise Refused(404)
    return kind


def _typed(ask: Ask, kind: Kind) -> NewCase:
    """What the form says. Raises BadCase."""
    form = ask.form
    return NewCase(
        kind=kind.key, organisation=form.get("organisation", ""), place=form.get("place", "").upper(),
        contents={each.key: form.get(each.key, "") for each in kind.contents},
        subjects=tuple(filter(None, (" ".join(line.split()) for line in form.get("subjects", "").splitlines()))),
        categories=ask.every("categories"), transfer_tool=form.get("transfer_tool", ""),
        measures=form.get("measures", ""), begins=_day(form, "begins"), ends=_day(form, "ends"),
        due_on=_day(form, "due_on"), silent="silent" in form, silent_until=_day(form, "silent_until"),
        hold="hold" in form, pseudonymised="pseudonymised" in form,
    )  # fmt: skip


def _day(form: Any, name: str) -> date | None:
    text = form.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadCase(name) from None


def _form(house: House, ask: Ask, kind: Kind, *, wrong: str = "") -> Response:
    typed = dict(ask.form) or dict.fromkeys(_ticked(kind), "1")
    said = words.NOT_ALLOWED if wrong == "transfer_tool" else words.BAD.get(wrong, words.BAD_CONTENT)
    return house.page(
        ask, "disclosure_new.html", title=kind.words, w=words, kind=kind, typed=typed, tools=_TOOLS,
        categories=disclosable(), ticked=ask.every("categories"), status=422 if wrong else 200,
        wrong={wrong: said} if wrong else {},
    )  # fmt: skip


def _ticked(kind: Kind) -> list[str]:
    """The boxes that are ticked to begin with."""
    said = {"pseudonymised": kind.pseudonymised, "hold": kind.holds, "silent": kind.silent}
    return [name for name, on in said.items() if on]


# --- one of them ---


async def shown(house: House, ask: Ask) -> Response:
    """What is asked for, how it stands, and what whoever looks may do."""
    return await _page(house, ask)


async def approved(house: House, ask: Ask) -> Response:
    """One of the two approvals."""
    try:
        await disclosures.approve(house.platform, case_id=ask.path["case_id"], by=ask.known.user_id)
    except NoSuchCase:
        raise Refused(404) from None
    except NotYours:
        return await _page(house, ask, problem=words.NOT_YOURS, status=403)
    except Decided:
        return await _page(house, ask, problem=words.DECIDED, status=409)
    return _back(house, ask, "approved")


async def refusing(house: House, ask: Ask) -> Response:
    """What refusing means."""
    return house.page(
        ask, "disclosure_refuse.html", title=words.REFUSE_TITLE, w=words, case=await _found(house, ask)
    )  # fmt: skip


async def refused(house: House, ask: Ask) -> Response:
    """It ends here."""
    try:
        await disclosures.refuse(house.platform, case_id=ask.path["case_id"], by=ask.known.user_id)
    except NoSuchCase:
        raise Refused(404) from None
    except Decided:
        return await _page(house, ask, problem=words.DECIDED, status=409)
    return _back(house, ask, "refused")


async def handed_over(house: House, ask: Ask) -> Response:
    """The file, once."""
    case_id = ask.path["case_id"]
    try:
        file = await disclosures.hand_over(house.platform, case_id=case_id, by=ask.known.user_id)
    except NoSuchCase:
        raise Refused(404) from None
    except Decided:
        return await _page(house, ask, problem=words.DECIDED, status=409)
    return Response(file, headers={
        **PAGE_HEADERS, "content-type": "application/json",
        "content-disposition": f'attachment; filename="disclosure-{case_id}.json"',
    })  # fmt: skip


async def silenced(house: House, ask: Ask) -> Response:
    """Until when nobody is told."""
    try:
        until = _day(ask.form, "silent_until")
        await disclosures.set_silence(house.platform, case_id=ask.path["case_id"], by=ask.known.user_id, until=until)
    except NoSuchCase:
        raise Refused(404) from None
    except BadCase as why:
        return await _page(house, ask, problem=words.BAD[why.field], status=422)
    except Decided:
        return await _page(house, ask, problem=words.DECIDED, status=409)
    return _back(house, ask, "silence")


def _back(house: House, ask: Ask, done: str) -> Response:
    return house.see_other(f"{_PATH}/{ask.path['case_id']}?done={done}")


async def _found(house: House, ask: Ask) -> Case:
    try:
        return await disclosures.case(house.platform, case_id=ask.path["case_id"])
    except NoSuchCase:
        raise Refused(404) from None


async def _page(house: House, ask: Ask, *, problem: Words | None = None, status: int = 200) -> Response:
    case = await _found(house, ask)
    staff = await accounts.users(house.platform, audience=Audience.STAFF, tenant_id=PLATFORM)
    known = {category.key: category.words for category in disclosable()}
    return house.page(
        ask, "disclosure.html", title=f"{case.organisation}", w=words, case=case, problem=problem, status=status,
        names={user.user_id: user.name or user.email for user in staff}, tools=TOOLS,
        fields=[known.get(key, key) for key in case.categories], mine=case.may_approve(ask.known.user_id),
        notice=words.DONE.get(ask.query.get("done", "")) if problem is None else None,
    )  # fmt: skip


_RIGHT = DISCLOSURE.key
ROUTES = (
    Route(path=_PATH, name="disclosures", get=listed, audiences=STAFF, right=_RIGHT),
    Route(path=f"{_PATH}/new", name="disclosure kinds", get=choosing, audiences=STAFF, right=_RIGHT),
    Route(path=f"{_PATH}/new/{{which}}", name="disclosure new", get=asking, post=entered, who=Who.STRONG,
          audiences=STAFF, right=_RIGHT),
    Route(path=f"{_PATH}/{{case_id}}", name="disclosure", get=shown, audiences=STAFF, right=_RIGHT),
    Route(path=f"{_PATH}/{{case_id}}/approve", name="disclosure approve", post=approved, who=Who.STRONG,
          audiences=STAFF, right=_RIGHT),
    Route(path=f"{_PATH}/{{case_id}}/refuse", name="disclosure refuse", get=refusing, post=refused, who=Who.STRONG,
          audiences=STAFF, right=_RIGHT),
    Route(path=f"{_PATH}/{{case_id}}/file", name="disclosure file", post=handed_over, who=Who.STRONG,
          audiences=STAFF, right=_RIGHT),
    Route(path=f"{_PATH}/{{case_id}}/silence", name="disclosure silence", post=silenced, who=Who.STRONG,
          audiences=STAFF, right=_RIGHT),
)  # fmt: skip
