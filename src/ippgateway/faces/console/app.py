"""The consoles' pages as an ASGI application. They are being built; until then one page says so."""

from pathlib import Path

from starlette.types import ASGIApp

from ippgateway.faces.console import words
from ippgateway.faces.pages.app import pages_app
from ippgateway.faces.pages.press import Sheet


def console_app(*, api_url: str) -> ASGIApp:
    """The consoles' pages. `api_url`: where the wire contract is spoken, without a slash at its end."""
    home = Sheet(template="home.html", title=words.TITLE, facts={"w": words, "api_url": api_url})
    return pages_app(home, templates=Path(__file__).parent / "templates")
