"""The desk: our staff's house, and what each role may open in it."""

from pathlib import Path

from starlette.types import ASGIApp

from ippgateway.domains.accounts.ports import Breaches
from ippgateway.faces.desk import words
from ippgateway.faces.desk.places import PLACES
from ippgateway.faces.desk.routes import ROUTES
from ippgateway.faces.shell.app import shell_app
from ippgateway.faces.shell.house import About, House
from ippgateway.privacy.platform import Platform

ABOUT = About(
    name=words.NAME,
    places=PLACES,
    templates=(Path(__file__).parent / "templates",),
)


def desk_house(
    platform: Platform, *, origin: str, api_url: str, breaches: Breaches, mail_url: str = "", operator: str = "",
    contact: str = "",
) -> House:  # fmt: skip
    """The desk's house. `origin`: where it is, no slash at the end; the rest is told to `House`."""
    return House(
        platform=platform, about=ABOUT, origin=origin, api_url=api_url, breaches=breaches, mail_url=mail_url,
        operator=operator, contact=contact,
    )  # fmt: skip


def desk_app(house: House) -> ASGIApp:
    """The desk's pages in their house."""
    return shell_app(house, ROUTES)
