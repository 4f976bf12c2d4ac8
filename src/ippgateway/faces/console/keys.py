"""A company's keys: two that every shop has, and further ones for single programs."""

from datetime import date, datetime, time, timedelta

from starlette.responses import Response

from ippgateway.domains.accounts import rights
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import BadKey, NoSuchKey, TooManyKeys
from ippgateway.domains.companies.schemas import KeyScope
from ippgateway.faces.console import company_words as words
from ippgateway.faces.console.places import COMPANIES
from ippgateway.faces.pages.moments import HOME
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.vocabulary import Words

_DONE = {"replaced": words.REPLACED, "ended": words.ENDED}
_LAST_YEAR = 2999


async def listed(house: House, ask: Ask) -> Response:
    """All keys. Those that take real money are shown to somebody who proved the second factor a moment ago."""
    company = await companies.read(house.platform, company_id=ask.known.tenant_id)
    return house.page(
        ask, "keys.html", title=words.KEYS, w=words, company=company, seen=not company.live or house.strong(ask),
        further=await companies.keys(house.platform, company_id=company.id),
        notice=_DONE.get(ask.query.get("done", "")),
    )  # fmt: skip


async def revealed(house: House, ask: Ask) -> Response:
    """The way to the second factor, and back to the keys."""
    return house.see_other("/keys")


async def replacing(house: House, ask: Ask) -> Response:
    """What replacing a key means."""
    return house.page(ask, "key_replace.html", title=words.REPLACE_TITLE, w=words, which=_which(ask), problem=None)


async def replaced(house: House, ask: Ask) -> Response:
    """A new key, and the old one for as long as was chosen."""
    which, overlap = _which(ask), ask.form.get("overlap", "")
    if overlap not in map(str, words.OVERLAPS):
        raise Refused(419)
    try:
        await companies.rotate_key(
            house.platform, company_id=ask.known.tenant_id, which=int(which), overlap_s=int(overlap), by=ask.known
        )
    except TooManyKeys:
        return house.page(
            ask, "key_replace.html", title=words.REPLACE_TITLE, w=words, which=which, problem=words.TOO_MANY, status=409
        )
    return house.see_other("/keys?done=replaced")


def _which(ask: Ask) -> str:
    which = ask.path["which"]
    if which not in words.WHICH:
        raise Refused(404)
    return which


async def drafting(house: House, ask: Ask) -> Response:
    """The form for a further key."""
    return _form(house, ask)


async def added(house: House, ask: Ask) -> Response:
    """A further key, shown this once."""
    try:
        scope, ends_at = KeyScope(ask.form.get("scope", "")), _end(ask.form.get("ends", ""))
        _, secret = await companies.add_key(
            house.platform, company_id=ask.known.tenant_id, scope=scope, label=ask.form.get("label", ""),
            ends_at=ends_at, by=ask.known,
        )  # fmt: skip
    except (BadKey, ValueError):
        return _form(house, ask, words.BAD_KEY, 422)
    except TooManyKeys:
        return _form(house, ask, words.TOO_MANY, 409)
    return house.page(ask, "key_added.html", title=words.ADDED, w=words, secret=secret.open(), scope=scope.value)


def _form(house: House, ask: Ask, problem: Words | None = None, status: int = 200) -> Response:
    return house.page(
        ask, "key_new.html", title=words.ADD, w=words, typed=ask.form, problem=problem, status=status,
        options=[(key, *told) for key, told in words.SCOPES.items()],
    )  # fmt: skip


def _end(text: str) -> datetime | None:
    """The end of the day that was chosen. Raises ValueError."""
    if not text:
        return None
    day = date.fromisoformat(text)
    if day.year > _LAST_YEAR:  # the very last days there are have no day after them
        raise ValueError("not of our time")
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=HOME)


async def ended(house: House, ask: Ask) -> Response:
    """A further key opens nothing any more."""
    try:
        await companies.end_key(
            house.platform, company_id=ask.known.tenant_id, key_id=ask.path["key_id"], by=ask.known
        )  # fmt: skip
    except NoSuchKey:
        raise Refused(404) from None
    return house.see_other("/keys?done=ended")


_RIGHT = rights.KEYS.key
ROUTES = (
    Route(path="/keys", name="keys", get=listed, audiences=COMPANIES, right=_RIGHT),
    Route(path="/keys/show", name="keys show", get=revealed, who=Who.STRONG, audiences=COMPANIES, right=_RIGHT),
    Route(path="/keys/new", name="key new", get=drafting, post=added, who=Who.STRONG, audiences=COMPANIES,
          right=_RIGHT),
    Route(path="/keys/{which}/replace", name="key replace", get=replacing, post=replaced, who=Who.STRONG,
          audiences=COMPANIES, right=_RIGHT),
    Route(path="/keys/{key_id}/end", name="key end", post=ended, who=Who.STRONG, audiences=COMPANIES, right=_RIGHT),
)  # fmt: skip
