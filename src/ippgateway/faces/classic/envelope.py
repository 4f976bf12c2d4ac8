"""The envelope around every answer (wire contract 2.5 and 3)."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from ippgateway.faces.classic.refusals import ACCOUNT_UNAVAILABLE, Refusal

# The text is compared strictly by both consoles after login and after the data calls.
PERFORMED = "Request performed successfully"

Content = Mapping[str, Any] | list[Any]

_HEADERS = {
    "access-control-allow-origin": "*",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}
_PREFLIGHT = {
    "access-control-allow-methods": "GET, POST, OPTIONS",
    "access-control-allow-headers": "content-type, idempotency-key",
    "access-control-max-age": "86400",
}


def success(content: Content) -> Response:
    """The request was carried out."""
    return _answer(200, {"success": True, "code": 200, "message": PERFORMED, "content": content})


def refused(refusal: Refusal) -> Response:
    """The request was not carried out. The HTTP status is the code, or 403 for the code that is no HTTP status."""
    status = 403 if refusal.code == ACCOUNT_UNAVAILABLE else refusal.code
    answer = _answer(status, {"success": False, "code": refusal.code, "message": refusal.message, "content": {}})
    if refusal.retry_after_s is not None:
        answer.headers["retry-after"] = str(refusal.retry_after_s)
    return answer


def preflight() -> Response:
    """The answer to OPTIONS: any origin may read what it has the credentials for; there are no cookies here."""
    answer = success({})
    answer.headers.update(_PREFLIGHT)
    return answer


def _answer(status: int, envelope: dict[str, Any]) -> Response:
    # A body in one piece has a length and is never chunked, which HTTP/1.0 clients need (2.2).
    body = msgspec.json.encode(envelope)
    return Response(body, status_code=status, headers=_HEADERS, media_type="application/json; charset=utf-8")
