"""Running an ASGI application: uvicorn without a log of its own, on an address or a local socket."""

import gc
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

_DRAIN_S = 8
_KEEP_ALIVE_S = 75
_BACKLOG = 4096


async def serve(app: ASGIApp, *, host: str | None = None, port: int | None = None, socket: Path | None = None) -> None:
    """Serve until SIGTERM or SIGINT; what is under way is finished first."""
    if socket is not None:
        socket.unlink(missing_ok=True)  # noqa: ASYNC240 - left by an earlier life; nothing else runs yet
    config = uvicorn.Config(
        app, host=host or "127.0.0.1", port=port or 0, uds=str(socket) if socket else None, loop="none",
        http="httptools", ws="none", lifespan="off", log_config=None, access_log=False, server_header=False,
        proxy_headers=False, backlog=_BACKLOG, timeout_keep_alive=_KEEP_ALIVE_S, timeout_graceful_shutdown=_DRAIN_S,
    )  # fmt: skip
    # Everything imported lives for ever: the collector need not look at it again, and looks at the rest less often.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    await uvicorn.Server(config).serve()
