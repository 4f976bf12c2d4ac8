"""The payer's pages as one ASGI application; which of its parts a request is for follows from the path."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ippgateway.domains.payments.service import ChallengeMessages, Gateway
from ippgateway.faces.pay.challenge import challenge_part, result_part
from ippgateway.faces.pay.files import Files
from ippgateway.faces.pay.page import Page
from ippgateway.faces.pay.widget import Widget
from ippgateway.privacy.platform import Platform

PARTS = ("", "pay.js", "pay", "challenge", "3ds")
"""First parts of the paths that are served, so that whoever wants to know every way in can read them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Payers:
    """What the payer's pages are given. `pay_url`: their own origin, no slash at its end; `messages`: those of 3-D
    Secure challenges."""

    platform: Platform
    gateway: Gateway
    pay_url: str
    messages: ChallengeMessages


def pay_app(payers: Payers) -> ASGIApp:
    """Serves `/` (hosted page), `pay.js`, `/pay/…`, `/challenge/…` and `/3ds/…`. Handles `http` only."""
    files = Files(
        checked_at=payers.platform.clock.now(), site_url=payers.platform.origins.get("site", ""),
        operator=payers.platform.operator, trust=payers.platform.trust,
    )  # fmt: skip
    served = (
        Page(payers.gateway, files, payers.pay_url), Widget(payers.platform, files, payers.pay_url), files,
        challenge_part(payers.gateway, payers.messages, files.press), result_part(payers.gateway, payers.messages),
    )  # fmt: skip
    parts: Mapping[str, ASGIApp] = dict(zip(PARTS, served, strict=True))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        part = parts.get(scope["path"].strip("/").partition("/")[0], _absent)
        await part(scope, receive, send)

    return app


async def _absent(scope: Scope, receive: Receive, send: Send) -> None:
    await Response(status_code=404)(scope, receive, send)
