"""Running an ASGI application: uvicorn without a log of its own, on an address or a local socket."""

import gc
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ippgateway.core import tls

_DRAIN_S = 8
_KEEP_ALIVE_S = 75
_BACKLOG = 4096
_STRICT = "max-age=63072000; includeSubDomains"


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """What a listener proves itself with, as PEM files: the chain, and the private key."""

    chain: Path
    key: Path


class Strict:
    """Tells browsers to come back with TLS only (RFC 6797)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["strict-transport-security"] = _STRICT
            await send(message)

        await self._app(scope, receive, strictly)


async def serve(
    app: ASGIApp,
    *,
    host: str | None = None,
    port: int | None = None,
    socket: Path | None = None,
    certificate: Certificate | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; what is under way is finished first. With a certificate: TLS 1.2 or newer alone
    (CARD-2). Raises OSError when the certificate can't be read."""
    if socket is not None:
        socket.unlink(missing_ok=True)  # noqa: ASYNC240 - left by an earlier life; nothing else runs yet
    config = uvicorn.Config(
        Strict(app) if certificate else app, host=host or "127.0.0.1", port=port or 0,
        uds=str(socket) if socket else None, loop="none", http="httptools", ws="none", lifespan="off",
        log_config=None, access_log=False, server_header=False, proxy_headers=False, backlog=_BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE_S, timeout_graceful_shutdown=_DRAIN_S,
    )  # fmt: skip
    config.load()
    if certificate is not None:
        config.ssl = tls.listening(certificate.chain, certificate.key)
    # Everything imported lives for ever: the collector need not look at it again, and looks at the rest less often.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    await uvicorn.Server(config).serve()
