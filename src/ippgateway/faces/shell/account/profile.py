"""Who somebody is: name, telephone, and the e-mail address that they sign in with."""

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import BadProfile, NotStrong, TooManyFailures, WrongCredentials
from ippgateway.domains.accounts.rights import ROLES
from ippgateway.faces.shell.account import words
from ippgateway.faces.shell.account.common import me, page, proof_due
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.door import words as door_words
from ippgateway.faces.shell.door.common import REFUSED, told_when, wait
from ippgateway.faces.shell.house import House
from ippgateway.privacy.vocabulary import Words

_DONE = {
    "saved": words.SAVED,
    "sent": words.VERIFY_SENT,
    "email": door_words.NEW_EMAIL_TAKEN,
    "verified": door_words.VERIFIED,
    "asked": words.NEW_EMAIL_SENT,
}
_WRONG = {"name": words.NAME_BAD, "phone": words.PHONE_BAD}


async def show(house: House, ask: Ask) -> Response:
    """Who we think they are."""
    return await _form(house, ask)


async def take(house: House, ask: Ask) -> Response:
    """A new name or telephone number."""
    name = ask.form.get("name", "")
    if not name:
        return await _form(house, ask, wrong={"name": words.NAME_BAD}, status=REFUSED)
    try:
        await accounts.change_profile(house.platform, ask.known, name=name, phone=ask.form.get("phone", ""))
    except BadProfile as error:
        return await _form(house, ask, wrong={error.field: _WRONG[error.field]}, status=REFUSED)
    return house.see_other("/account/profile?done=saved")


async def verify_again(house: House, ask: Ask) -> Response:
    """The letter that confirms the address, once more."""
    try:
        await accounts.ask_verify(house.platform, ask.known)
    except TooManyFailures as error:
        return told_when(await _form(house, ask, problem=wait(house, ask, error), status=429), error)
    return house.see_other("/account/profile?done=sent")


async def show_email(house: House, ask: Ask) -> Response:
    """The form for another address."""
    return proof_due(house, ask) or _email_form(house, ask)


async def take_email(house: House, ask: Ask) -> Response:
    """A letter to the new address; nothing changes before its link is opened."""
    current = None if ask.known.second_factor else ask.secret("current")
    try:
        await accounts.ask_new_email(house.platform, ask.known, email=ask.form.get("email", ""), current=current)
    except NotStrong:
        return proof_due(house, ask) or _email_form(house, ask)
    except BadProfile:
        return _email_form(house, ask, wrong={"email": words.EMAIL_BAD}, status=REFUSED)
    except WrongCredentials:
        return _email_form(house, ask, wrong={"current": words.CURRENT_WRONG}, status=REFUSED)
    except TooManyFailures as error:
        return told_when(_email_form(house, ask, problem=wait(house, ask, error), status=429), error)
    return house.see_other("/account/profile?done=asked")


async def _form(
    house: House, ask: Ask, *, wrong: dict[str, Words] | None = None, problem: Words | None = None, status: int = 200
) -> Response:
    user = await me(house, ask)
    return page(
        house, ask, "profile.html", title=words.PROFILE, done=_DONE, status=status, user=user, wrong=wrong or {},
        problem=problem, role=ROLES[user.role].words if user.role in ROLES else "", path="/account/profile",
    )  # fmt: skip


def _email_form(
    house: House, ask: Ask, *, wrong: dict[str, Words] | None = None, problem: Words | None = None, status: int = 200
) -> Response:
    return page(house, ask, "email.html", title=words.CHANGE_EMAIL, status=status, wrong=wrong or {}, problem=problem)
