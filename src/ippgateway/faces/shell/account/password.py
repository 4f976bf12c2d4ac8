"""Changing one's password."""

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import TooManyFailures, WeakPassword, WrongCredentials
from ippgateway.faces.shell.account import words
from ippgateway.faces.shell.account.common import page
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.door import words as door_words
from ippgateway.faces.shell.door.common import REFUSED, told_when, wait, weak
from ippgateway.faces.shell.house import House
from ippgateway.privacy.vocabulary import Words


async def show(house: House, ask: Ask) -> Response:
    """The form."""
    return _form(house, ask)


async def take(house: House, ask: Ask) -> Response:
    """The new password counts; other sessions end, this one stays."""
    try:
        await accounts.change_password(
            house.platform, ask.known, house.breaches, current=ask.secret("current"), new=ask.secret("password")
        )
    except WrongCredentials:
        return _form(house, ask, wrong={"current": words.CURRENT_WRONG}, status=REFUSED)
    except WeakPassword as error:
        return _form(house, ask, wrong={"password": weak(error)}, status=REFUSED)
    except TooManyFailures as error:
        return told_when(_form(house, ask, problem=wait(house, ask, error), status=429), error)
    return house.see_other("/account/security?done=password")


def _form(
    house: House, ask: Ask, *, wrong: dict[str, Words] | None = None, problem: Words | None = None, status: int = 200
) -> Response:
    rule = door_words.RULE if ask.known.second_factor else door_words.RULE_ALONE
    return page(
        house, ask, "password.html", title=words.CHANGE_PASSWORD, status=status, wrong=wrong or {}, rule=rule,
        problem=problem,
    )  # fmt: skip
