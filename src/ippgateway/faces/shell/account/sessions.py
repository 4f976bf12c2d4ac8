"""Where somebody is signed in, and ending it."""

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.faces.shell.account import words
from ippgateway.faces.shell.account.common import page
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House

_DONE = {"one": words.SESSION_ENDED, "others": words.OTHERS_ENDED}


async def show(house: House, ask: Ask) -> Response:
    """All of them, this one first."""
    found = sorted(await accounts.sessions(house.platform, ask.known), key=lambda each: not each.here)
    return page(house, ask, "sessions.html", title=words.SESSIONS, done=_DONE, sessions=found)


async def take(house: House, ask: Ask) -> Response:
    """One ends, or all others do; an id that is somebody else's ends nothing."""
    if "others" in ask.form:
        await accounts.end_others(house.platform, ask.known)
        return house.see_other("/account/sessions?done=others")
    await accounts.end(house.platform, ask.known, ask.form.get("end", ""))
    return house.see_other("/account/sessions?done=one")
