"""`pay.js` (wire contract 10.1): a small loader with one checkout's two values written in (R-60)."""

import re
from urllib.parse import parse_qsl

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.errors import CheckoutNotFound
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.schemas import Result
from ippgateway.domains.visits.schemas import visitor_of
from ippgateway.faces.pay.files import Files
from ippgateway.privacy.platform import Platform

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_LONGEST_QUERY = 8_192
_HEADERS = {
    "content-type": "application/javascript; charset=utf-8",
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


class Widget:
    """The ASGI application. What the loader builds depends on the company's switch: `form`, the card form in the shop's
    page; `page`, a button that leads to ours. `paid` and `waiting`, a sentence with such a button, when an attempt
    stands on the checkout already; `gone`, a sentence, when there is nothing to pay."""

    def __init__(self, platform: Platform, files: Files, pay_url: str) -> None:
        self._p = platform
        self._files = files
        self._pay_url = pay_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await (await self._answer(scope))(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return Response(status_code=405, headers={**_HEADERS, "allow": "GET, HEAD"})
        query = dict(parse_qsl(scope["query_string"][:_LONGEST_QUERY].decode("latin-1")))
        checkout = query.get("checkoutId") or query.get("checkout_id") or ""
        cryptogram = query.get("cryptogram", "")
        if not _TOKEN.fullmatch(checkout) or not _TOKEN.fullmatch(cryptogram):
            # What has another alphabet can't exist and must not be written into a script (4.1, 10.1).
            return Response(b"/* no such checkout */\n", headers=_HEADERS)
        mode = await self._mode(scope, checkout, cryptogram)
        body = self._files.loader(origin=self._pay_url, mode=mode, checkout=checkout, cryptogram=cryptogram)
        return Response(body, headers=_HEADERS)

    async def _mode(self, scope: Scope, checkout_id: str, cryptogram: str) -> str:
        try:
            found = await checkouts.find(self._p, checkout_id=checkout_id, cryptogram=cryptogram, expired_too=True)
            visitor_of(scope).pays(found)
            if (stands := await payments.standing_result(self._p, found)) is not None:
                return "paid" if stands is Result.ACK else "waiting"
            if found.expired:
                return "gone"
            on = await companies.has_widget(self._p, company_id=found.company_id)
        except (CheckoutNotFound, CompanyNotFound):
            return "gone"
        return "form" if on else "page"
