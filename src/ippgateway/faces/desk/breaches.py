"""The register of breaches: the 72 hours, who is concerned, the notices, what was decided and when."""

from collections.abc import Coroutine
from datetime import datetime
from typing import Any

from starlette.responses import Response

from ippgateway.domains.registers import service as registers
from ippgateway.domains.registers.errors import BadEntry, NoSuchBreach, NotNow
from ippgateway.domains.registers.schemas import TEXTS, BreachView, Risk, Said
from ippgateway.faces.desk import breach_words as words
from ippgateway.faces.desk.breach_notices import From, to_authority, to_persons
from ippgateway.faces.desk.emergencies import names
from ippgateway.faces.desk.places import STAFF
from ippgateway.faces.pages.language import Language
from ippgateway.faces.pages.moments import HOME
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.catalogue import REGISTERS
from ippgateway.privacy.vocabulary import Words

_PATH = "/breaches"
_RISKS = [("", words.NOT_ASSESSED), *((risk.value, told) for risk, told in words.RISKS.items())]


async def listed(house: House, ask: Ask) -> Response:
    """Every breach, those that are not closed first."""
    return house.page(
        ask, "breaches.html", title=words.BREACHES, w=words, breaches=await registers.breaches(house.platform),
        notice=words.DONE.get(ask.query.get("done", "")),
    )  # fmt: skip


# --- entered and changed ---


async def asking(house: House, ask: Ask) -> Response:
    """The form for a new one."""
    return await _form(house, ask, typed={"aware_at": _local(house.platform.clock.now())})


async def entered(house: House, ask: Ask) -> Response:
    """It is open, and the hours run."""
    try:
        breach_id = await registers.open_breach(house.platform, _typed(ask), by=ask.known.user_id)
    except BadEntry as why:
        return await _form(house, ask, typed=dict(ask.form), wrong=why.field)
    return house.see_other(f"{_PATH}/{breach_id}?done=opened")


async def changing(house: House, ask: Ask) -> Response:
    """The form, as it stands."""
    breach = await _found(house, ask)
    return await _form(house, ask, typed=_fields(breach), breach=breach)


async def changed(house: House, ask: Ask) -> Response:
    """Another entry in its log."""
    breach, number = await _found(house, ask), ask.form.get("number", "")
    try:
        await registers.change(
            house.platform, breach_id=breach.id, said=_typed(ask), by=ask.known.user_id,
            number=int(number) if number.isascii() and number.isdigit() and len(number) < _MOST_DIGITS else 0,
        )  # fmt: skip
    except BadEntry as why:
        return await _form(house, ask, typed=dict(ask.form), breach=breach, wrong=why.field)
    except NotNow as why:
        return await _page(house, ask, problem=words.NOT_NOW[why.why], status=409)
    return _back(house, ask, "changed")


_MOST_DIGITS = 7


def _typed(ask: Ask) -> Said:
    """What the form says. Raises BadEntry."""
    form = ask.form
    aware_at = _moment(form.get("aware_at", ""), "aware_at")
    if aware_at is None:
        raise BadEntry("aware_at")
    if form.get("risk", "") not in ("", *Risk):
        raise BadEntry("risk")
    return Said(
        aware_at=aware_at, began_at=_moment(form.get("began_at", ""), "began_at"),
        ended_at=_moment(form.get("ended_at", ""), "ended_at"), categories=ask.every("categories"),
        of_tenant=form.get("of_tenant") or None, staff_id=form.get("staff_id") or None,
        recipient_id=form.get("recipient_id") or None, risk=Risk(form["risk"]) if form.get("risk") else None,
        texts={key: form.get(key, "") for key in TEXTS},
    )  # fmt: skip


def _moment(text: str, name: str) -> datetime | None:
    """A moment as a browser types it, in the time of our house. Raises BadEntry."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=HOME) if text else None
    except ValueError:
        raise BadEntry(name) from None


def _local(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(HOME).strftime("%Y-%m-%dT%H:%M")


def _fields(breach: BreachView) -> dict[str, str]:
    said = breach.said
    return {
        "aware_at": _local(said.aware_at), "began_at": _local(said.began_at), "ended_at": _local(said.ended_at),
        "of_tenant": said.of_tenant or "", "staff_id": said.staff_id or "", "recipient_id": said.recipient_id or "",
        "risk": said.risk.value if said.risk else "", **said.texts,
    }  # fmt: skip


async def _form(
    house: House, ask: Ask, *, typed: dict[str, str], breach: BreachView | None = None, wrong: str = ""
) -> Response:
    ticked = ask.every("categories") or (breach.said.categories if breach else ())
    recipients = await registers.recipients(house.platform)
    return house.page(
        ask, "breach_form.html", title=words.CHANGE if breach else words.NEW, w=words, typed=typed, breach=breach,
        categories=registers.categories(), ticked=ticked, risks=_RISKS, status=422 if wrong else 200,
        staff=[("", words.NOBODY), *(await names(house)).items()],
        recipients=[("", words.NOBODY), *recipients.items()],
        wrong={wrong: words.BAD.get(wrong, words.BAD_TEXT)} if wrong else {},
    )  # fmt: skip


# --- one of them ---


async def shown(house: House, ask: Ask) -> Response:
    """How it stands: the hours, who is concerned, what is left to do, and its log."""
    return await _page(house, ask)


async def counted(house: House, ask: Ask) -> Response:
    """Who is concerned, place by place, counted now."""
    try:
        found = await registers.count(house.platform, breach_id=ask.path["breach_id"], by=ask.known.user_id)
    except NoSuchBreach:
        raise Refused(404) from None
    except NotNow as why:
        return await _page(house, ask, problem=words.NOT_NOW[why.why], status=409)
    return await _page(house, ask, concerned=found)


async def notified(house: House, ask: Ask) -> Response:
    """The authority has heard of it."""
    return await _done(house, ask, registers.notified(
        house.platform, breach_id=ask.path["breach_id"], by=ask.known.user_id
    ), "notified")  # fmt: skip


async def told(house: House, ask: Ask) -> Response:
    """The persons have heard of it."""
    return await _done(house, ask, registers.told(
        house.platform, breach_id=ask.path["breach_id"], by=ask.known.user_id
    ), "told")  # fmt: skip


async def closed(house: House, ask: Ask) -> Response:
    """Nothing is left to do."""
    return await _done(house, ask, registers.close(
        house.platform, breach_id=ask.path["breach_id"], by=ask.known.user_id
    ), "closed")  # fmt: skip


async def notices(house: House, ask: Ask) -> Response:
    """Drafts of both notices, in both languages."""
    breach, now = await _found(house, ask), house.platform.clock.now()
    kinds, sender = _kinds(), From(operator=house.operator, contact=house.contact)
    drafts = [
        (words.LANGUAGES[language], to_authority(breach, kinds, sender, language, now),
         to_persons(breach, kinds, sender, language))
        for language in (Language.DA, Language.EN)
    ]  # fmt: skip
    return house.page(ask, "breach_notices.html", title=words.NOTICES, w=words, breach=breach, drafts=drafts)


async def _done(house: House, ask: Ask, made: Coroutine[Any, Any, None], done: str) -> Response:
    try:
        await made
    except NoSuchBreach:
        raise Refused(404) from None
    except NotNow as why:
        return await _page(house, ask, problem=words.NOT_NOW[why.why], status=409)
    return _back(house, ask, done)


def _back(house: House, ask: Ask, done: str) -> Response:
    return house.see_other(f"{_PATH}/{ask.path['breach_id']}?done={done}")


async def _page(
    house: House, ask: Ask, *, concerned: Any = None, problem: Words | None = None, status: int = 200
) -> Response:
    breach = await _found(house, ask)
    missing = registers.missing_of(breach)
    return house.page(
        ask, "breach.html", title=words.BREACH, w=words, breach=breach, names=await names(house), problem=problem,
        kinds=_kinds(), concerned=concerned, status=status, recipients=await registers.recipients(house.platform),
        missing=words.NOT_NOW[missing] if missing else None,
        notice=words.DONE.get(ask.query.get("done", "")) if problem is None else None,
    )  # fmt: skip


def _kinds() -> dict[str, Words]:
    return {category.key: category.words for category in registers.categories()}


async def _found(house: House, ask: Ask) -> BreachView:
    try:
        return await registers.breach(house.platform, breach_id=ask.path["breach_id"])
    except NoSuchBreach:
        raise Refused(404) from None


_RIGHT = REGISTERS.key
_ONE = f"{_PATH}/{{breach_id}}"
ROUTES = (
    Route(path=_PATH, name="breaches", get=listed, audiences=STAFF, right=_RIGHT),
    Route(path=f"{_PATH}/new", name="breach new", get=asking, post=entered, audiences=STAFF, right=_RIGHT),
    Route(path=_ONE, name="breach", get=shown, audiences=STAFF, right=_RIGHT),
    Route(path=f"{_ONE}/change", name="breach change", get=changing, post=changed, audiences=STAFF, right=_RIGHT),
    Route(path=f"{_ONE}/count", name="breach count", post=counted, audiences=STAFF, right=_RIGHT),
    Route(path=f"{_ONE}/notices", name="breach notices", get=notices, audiences=STAFF, right=_RIGHT),
    Route(path=f"{_ONE}/notified", name="breach notified", post=notified, who=Who.STRONG, audiences=STAFF,
          right=_RIGHT),
    Route(path=f"{_ONE}/told", name="breach told", post=told, who=Who.STRONG, audiences=STAFF, right=_RIGHT),
    Route(path=f"{_ONE}/close", name="breach close", post=closed, who=Who.STRONG, audiences=STAFF, right=_RIGHT),
)  # fmt: skip
