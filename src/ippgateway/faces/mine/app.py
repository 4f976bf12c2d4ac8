"""The people's page as an ASGI application, at an origin of its own.

Served by the console's process: it has no card key to lose, and the payment zone answers nobody's questions about
people. Works without script and sets no cookie. Whoever looks at what is held about them leaves no access record.
"""

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ippgateway.faces.mine.asked import asked
from ippgateway.faces.mine.link import Link
from ippgateway.faces.mine.paper import Paper, refused
from ippgateway.faces.mine.paths import of_a_purchase
from ippgateway.faces.mine.purchase import Purchase
from ippgateway.privacy.platform import Platform

_METHODS = frozenset({"GET", "HEAD", "POST"})


def mine_app(platform: Platform, *, mail_url: str = "") -> ASGIApp:
    """`/pay/mine` with its files, `/`, `/link/…` and `/held`. `mail_url`: where a sandbox shows the mail that it sent.
    Handles `http` only."""
    paper = Paper(platform.clock, platform.operator, site=platform.origins.get("site", ""), trust=platform.trust)
    purchase = Purchase(platform, paper)
    link = Link(platform, paper, mail_url=mail_url, console_url=platform.origins.get("console", ""))

    async def answer(scope: Scope, receive: Receive) -> Response:
        file = paper.file(scope)
        if file is not None:
            return file
        if scope["method"] not in _METHODS:
            return refused()
        it = await asked(scope, receive)
        return await (purchase if of_a_purchase(it.path) else link)(it)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await answer(scope, receive)
        await response(scope, receive, send)

    return app
