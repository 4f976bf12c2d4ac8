"""The desk's pages as an ASGI application."""

from starlette.responses import Response
from starlette.types import ASGIApp

from ippgateway.privacy.platform import Platform


def desk_app(platform: Platform, *, origin: str, secure: bool, api_url: str) -> ASGIApp:
    """The desk's pages. `origin`: where they are, no slash at the end; `secure`: whether it is reached with TLS."""
    return Response(status_code=404)
