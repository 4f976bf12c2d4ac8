"""What the pages at the door share: whose users come here, the way back, and answers that say when to try again."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from ippgateway.domains.accounts.errors import TooManyFailures, Weakness, WeakPassword
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.faces.pages.language import Language
from ippgateway.faces.pages.moments import told_in
from ippgateway.faces.shell.ask import Ask, inside
from ippgateway.faces.shell.door import words
from ippgateway.faces.shell.house import House
from ippgateway.privacy.vocabulary import Words
from ippgateway.privacy.zones import Zone

_SECRETS = frozenset({"password", "code", "recovery", "token", "answer", "options"})
REFUSED = 422
"""A form whose fields do not do (RFC 9110, 15.5.21)."""


def at_the_desk(house: House) -> bool:
    """Whether this is our staff's door."""
    return house.platform.zone is Zone.DESK


def audiences(house: House) -> tuple[Audience, ...]:
    """Whose users sign in here, in the order in which one address is tried."""
    return (Audience.STAFF,) if at_the_desk(house) else (Audience.COMPANY, Audience.PARTNER, Audience.PUBLIC)


def wanted(ask: Ask) -> str:
    """Where whoever asks was going."""
    return inside(ask.form.get("to", "") or ask.query.get("to", ""))


def on_the_way(path: str, to: str) -> str:
    """A page on the way to another."""
    return path if to == "/" else f"{path}?{urlencode({'to': to})}"


def page(house: House, ask: Ask, template: str, *, title: Words, status: int = 200, **facts: Any) -> Response:
    """A page of the door: also told `w`, its words, `path`, where its form goes, `typed`, what was
    typed into it, secrets aside, and `first`, the first field that is wrong."""
    typed = {name: value for name, value in ask.form.items() if name not in _SECRETS}
    return house.page(ask, f"door/{template}", title=title, status=status, **{
        "w": words, "typed": typed, "wrong": {}, "desk": at_the_desk(house), "to": wanted(ask),
        "path": ask.url.partition("?")[0], "first": next(iter(facts.get("wrong") or {}), ""), **facts,
    })  # fmt: skip


def wait(house: House, ask: Ask, error: TooManyFailures) -> Words:
    """When to try again, in words."""
    after = house.platform.clock.now() + timedelta(seconds=error.retry_after_s, minutes=1)
    return words.wait_until(told_in(Language.EN).clock(after), told_in(Language.DA).clock(after))


def told_when(response: Response, error: TooManyFailures) -> Response:
    """The same answer, for programs as well (RFC 9110, 10.2.3)."""
    response.headers["retry-after"] = str(error.retry_after_s)
    return response


def weak(error: WeakPassword) -> Words:
    """Why a password is not taken."""
    match error.why:
        case Weakness.TOO_SHORT:
            return words.too_short(error.at_least)
        case Weakness.TOO_LONG:
            return words.TOO_LONG
        case Weakness.NO_LETTER_OR_DIGIT:
            return words.NO_LETTER_OR_DIGIT
        case Weakness.KNOWN:
            return words.KNOWN
