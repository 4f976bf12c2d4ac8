"""Passwords for programs that speak the wire contract: made, shown once, removed."""

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import BadProfile
from ippgateway.domains.accounts.schemas import ApplicationPassword
from ippgateway.faces.shell.account import words
from ippgateway.faces.shell.account.common import page
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.door.common import REFUSED
from ippgateway.faces.shell.house import House
from ippgateway.privacy.vocabulary import Words

_HERE = "/account/security/programs"


async def show(house: House, ask: Ask) -> Response:
    """All of them, and the form for another."""
    return await _list(house, ask)


async def take(house: House, ask: Ask) -> Response:
    """A new one, in answer to the form itself: it is on no page that could be opened again."""
    label = ask.form.get("label", "")
    if not label:
        return await _list(house, ask, wrong={"label": words.PROGRAM_BAD}, status=REFUSED)
    try:
        _, password = await accounts.add_application(house.platform, ask.known, label=label)
    except BadProfile as error:
        if error.field == "label":
            return await _list(house, ask, wrong={"label": words.PROGRAM_BAD}, status=REFUSED)
        return await _list(house, ask, problem=words.PROGRAM_ENOUGH, status=409)
    return page(house, ask, "program.html", title=words.PROGRAM_SHOWN, label=label, password=password.open())


async def show_one(house: House, ask: Ask) -> Response:
    """What removing one means."""
    found = await _found(house, ask)
    return page(
        house, ask, "remove.html", title=words.PROGRAM_REMOVE, happens=[words.PROGRAM_HAPPENS], does=words.REMOVE,
        named=found.label, since=found.created_at, back=_HERE,
    )  # fmt: skip


async def take_one(house: House, ask: Ask) -> Response:
    """It is removed."""
    await accounts.remove_application(house.platform, ask.known, (await _found(house, ask)).id)
    return house.see_other(f"{_HERE}?done=removed")


async def _found(house: House, ask: Ask) -> ApplicationPassword:
    for each in await accounts.applications(house.platform, ask.known):
        if each.id == ask.path["program_id"]:
            return each
    raise Refused(404)


async def _list(
    house: House, ask: Ask, *, wrong: dict[str, Words] | None = None, problem: Words | None = None, status: int = 200
) -> Response:
    return page(
        house, ask, "programs.html", title=words.PROGRAMS, done={"removed": words.PROGRAM_REMOVED}, status=status,
        programs=await accounts.applications(house.platform, ask.known), wrong=wrong or {}, problem=problem,
    )  # fmt: skip
