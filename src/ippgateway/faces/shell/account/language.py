"""The language and the theme of one's pages."""

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.faces.pages.language import Language
from ippgateway.faces.shell.account import words
from ippgateway.faces.shell.account.common import page
from ippgateway.faces.shell.ask import THEMES, Ask, inside
from ippgateway.faces.shell.house import House


async def show(house: House, ask: Ask) -> Response:
    """The form; the menu at the top has the same one."""
    return page(house, ask, "language.html", title=words.LANGUAGE, done={"saved": words.SAVED})


async def take(house: House, ask: Ask) -> Response:
    """What they chose, and back to where they were. What is none of ours changes nothing."""
    language, theme = ask.form.get("language", ""), ask.form.get("theme", "")
    await accounts.change_preferences(
        house.platform, ask.known, language=language if language in list(Language) else None,
        theme=theme if theme in THEMES else None,
    )  # fmt: skip
    return house.see_other(inside(ask.form.get("to", ""), "/account/language?done=saved"))
