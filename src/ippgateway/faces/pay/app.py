"""The payer's pages as one ASGI application; which of its parts a request is for follows from the path."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ippgateway.domains.payments.service import Gateway
from ippgateway.privacy.platform import Platform


@dataclass(frozen=True, kw_only=True, slots=True)
class Payers:
    """What the payer's pages are given. `pay_url`: their own origin, no slash at its end."""

    platform: Platform
    gateway: Gateway
    pay_url: str


def pay_app(payers: Payers) -> ASGIApp:
    """Serves `/` (hosted page), `pay.js`, `/pay/…`, `/challenge/…` and `/3ds/…`. Handles `http` only."""
    parts: Mapping[str, ASGIApp] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        first = scope["path"].strip("/").partition("/")[0]
        part = parts.get(first, _absent)
        await part(scope, receive, send)

    return app


async def _absent(scope: Scope, receive: Receive, send: Send) -> None:
    await Response(status_code=404)(scope, receive, send)
