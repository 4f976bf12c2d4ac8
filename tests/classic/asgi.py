"""A caller of ASGI applications: one request, one answer, no socket."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Scope

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def content(self) -> Any:
        return self.json["content"]


async def call(
    app: ASGIApp,
    method: str,
    path: str,
    *,
    body: bytes | Iterable[bytes] = b"",
    kind: str | None = FORM,
    headers: dict[str, str] | None = None,
    hang_up: bool = False,
) -> Answer | None:
    """Send a request; `body` may come in chunks. None when the application sent nothing."""
    chunks = [body] if isinstance(body, bytes) else list(body)
    incoming: list[Message] = [{"type": "http.request", "body": c, "more_body": True} for c in chunks]
    incoming.append({"type": "http.disconnect"} if hang_up else {"type": "http.request", "body": b""})
    sent: list[Message] = []

    async def receive() -> Message:
        if not incoming:
            await asyncio.Event().wait()  # the caller stays, and says nothing more
        return incoming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await app(_scope(method, path, kind, headers or {}), receive, send)
    if not sent:
        return None
    start, *rest = sent
    return Answer(
        status=start["status"],
        headers={k.decode(): v.decode() for k, v in start["headers"]},
        body=b"".join(m.get("body", b"") for m in rest),
    )


def _scope(method: str, path: str, kind: str | None, headers: dict[str, str]) -> Scope:
    route, _, query = path.partition("?")
    sent = {"host": "127.0.0.1", **headers}
    if kind is not None:
        sent["content-type"] = kind
    return {
        "type": "http",
        "method": method,
        "path": unquote_to_bytes(route).decode("utf-8", "replace"),
        "query_string": query.encode("utf-8", "replace"),
        "headers": [(k.lower().encode(), v.encode("latin-1", "replace")) for k, v in sent.items()],
        "client": ("192.0.2.7", 50_000),
    }
