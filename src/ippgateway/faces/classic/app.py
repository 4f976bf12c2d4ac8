"""The classic face as an ASGI application: one for each zone that serves a part of the contract."""

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ippgateway.core.log import Log
from ippgateway.domains.accounts.ports import Breaches
from ippgateway.domains.payments.service import Gateway
from ippgateway.faces.classic.envelope import preflight, refused, success
from ippgateway.faces.classic.face import ClassicSettings, Face
from ippgateway.faces.classic.paths import logical_path
from ippgateway.faces.classic.refusals import Refusal, not_found, refusal_for
from ippgateway.faces.classic.request import ClientGone, read_call
from ippgateway.faces.classic.table import Endpoint, find
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone

log = Log("classic")


def classic_app(
    *,
    zone: Zone,
    platform: Platform,
    gateway: Gateway | None,
    settings: ClassicSettings,
    breaches: Breaches | None = None,
) -> ASGIApp:
    """The endpoints of `zone`; every other path, method and failure gets the contract's envelope too. `breaches`: for
    the console zone, where passwords are set.

    Handles `http` only; start and stop of the process are the caller's. Raises ValueError when the payment zone comes
    without its gateway.
    """
    if zone is Zone.PAY and gateway is None:
        raise ValueError("the payment zone needs a gateway")
    face = Face(zone=zone, platform=platform, gateway=gateway, settings=settings, breaches=breaches)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            response = await _answer(face, scope, receive)
        except ClientGone:
            return
        await response(scope, receive, send)

    return app


async def _answer(face: Face, scope: Scope, receive: Receive) -> Response:
    if scope["method"] == "OPTIONS":
        return preflight()
    try:
        endpoint = _endpoint(face, scope)
        call = await read_call(scope, receive)
        return success(await endpoint.run(face, call))
    except ClientGone:
        raise
    except Exception as error:
        return refused(refusal_for(error) or _unforeseen(face, error))


def _endpoint(face: Face, scope: Scope) -> Endpoint:
    endpoint = find(logical_path(scope["path"]))
    if endpoint is None or endpoint.zone is not face.zone or not endpoint.built:
        raise not_found()
    method = scope["method"]
    if method != "POST" and (method != "GET" or endpoint.post_only):
        raise Refusal(400, "Use POST" if method == "GET" else "Use POST or GET")  # R-02 knows no 405
    return endpoint


def _unforeseen(face: Face, error: Exception) -> Refusal:
    """What was not expected is told to nobody: the caller gets a reference, the log the type and place (SCOPE-4)."""
    reference = face.platform.ids.new()
    log.error("classic.unforeseen", error=error, reference=reference)
    return Refusal(500, f"Internal error, reference {reference}")
