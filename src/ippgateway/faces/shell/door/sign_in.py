"""Signing in with a password, and out again. Who exists is told to nobody: one answer for whatever does not fit."""

from urllib.parse import urlencode

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import AccountUnavailable, TooManyFailures, WrongCredentials
from ippgateway.domains.accounts.schemas import Stage
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.door import words
from ippgateway.faces.shell.door.common import REFUSED, audiences, on_the_way, page, told_when, wait, wanted
from ippgateway.faces.shell.house import House
from ippgateway.privacy.vocabulary import Words

_DONE = {
    "out": words.OUT,
    "password": words.NEW_PASSWORD_SET,
    "email": words.NEW_EMAIL_TAKEN,
}


async def show(house: House, ask: Ask) -> Response:
    """The form; whoever is signed in already goes on."""
    if ask.session is not None and ask.session.stage is Stage.OPEN:
        return house.see_other(wanted(ask))
    done, problem = ask.query.get("done", ""), words.TRIES if ask.query.get("done") == "tries" else None
    ended = words.ENDED if "ended" in ask.query else None
    return _form(house, ask, problem=problem, notice=_DONE.get(done) or ended)


async def take(house: House, ask: Ask) -> Response:
    """A session for whoever knows the password: an open one, or one that awaits the second factor."""
    try:
        signed_in = await accounts.sign_in_browser(
            house.platform, audiences=audiences(house), username=ask.form.get("email", ""),
            password=ask.secret("password"), arrival=ask.arrival,
        )  # fmt: skip
    except WrongCredentials:
        return _form(house, ask, problem=words.WRONG, status=REFUSED)
    except AccountUnavailable:
        return _form(house, ask, problem=words.UNAVAILABLE, status=403)
    except TooManyFailures as error:
        return told_when(_form(house, ask, problem=wait(house, ask, error), status=429), error)
    if ask.session is not None:  # somebody else's, or one that got stuck halfway
        await accounts.sign_out(house.platform, ask.session)
    halfway = signed_in.stage is Stage.FACTOR
    return house.let_in(signed_in, on_the_way(house.about.factor, wanted(ask)) if halfway else wanted(ask))


async def leave(house: House, ask: Ask) -> Response:
    """The end of the session, here and with us."""
    await accounts.sign_out(house.platform, ask.known)
    return house.let_out(f"{house.about.sign_in}?{urlencode({'done': 'out', 'lang': ask.language.value})}")


def _form(
    house: House, ask: Ask, *, problem: Words | None = None, notice: Words | None = None, status: int = 200
) -> Response:
    return page(house, ask, "sign_in.html", title=words.SIGN_IN, status=status, problem=problem, notice=notice)
