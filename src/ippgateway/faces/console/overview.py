"""The first page of each console."""

from starlette.responses import Response

from ippgateway.faces.console import words
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route


async def home(house: House, ask: Ask) -> Response:
    """What whoever signed in can do here."""
    return house.page(ask, "home.html", title=words.OVERVIEW, w=words)


ROUTES = (Route(path="/", name="home", get=home),)
