"""The consoles of customers, partners and members of the public: one house, and what each may open in it."""

from pathlib import Path

from starlette.types import ASGIApp

from ippgateway.domains.accounts.ports import Breaches
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.faces.console import words
from ippgateway.faces.console.places import PLACES
from ippgateway.faces.console.routes import ROUTES
from ippgateway.faces.shell.app import shell_app
from ippgateway.faces.shell.house import About, House, Search
from ippgateway.faces.shell.look import LOOK
from ippgateway.privacy.platform import Platform

ABOUT = About(
    name=words.NAME,
    places=PLACES,
    searches={
        Audience.COMPANY: Search(path="/payments", label=words.FIND_PAYMENT),
        Audience.PARTNER: Search(path="/customers", label=words.FIND_CUSTOMER),
    },
    templates=(Path(__file__).parent / "templates",),
    asks_terms=True,
)


def console_house(platform: Platform, *, origin: str, api_url: str, breaches: Breaches, mail_url: str = "") -> House:
    """The consoles' house. `origin`: where they are, no slash at the end; the rest is told to `House`."""
    return House(platform=platform, about=ABOUT, origin=origin, api_url=api_url, breaches=breaches, mail_url=mail_url)


def console_app(house: House) -> ASGIApp:
    """The consoles' pages in their house; on a sandbox with the page that shows the look."""
    return shell_app(house, (*ROUTES, *(LOOK if house.sandbox else ())))
