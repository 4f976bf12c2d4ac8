"""The way from the entrance to a zone: what it takes along, and what it does not bring back."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from ippgateway.app.web.forward import Forward
from ippgateway.core.clock import SystemClock
from ippgateway.domains.visits.schemas import visitor_of

BACK = {
    "service-worker-allowed": "/",
    "content-type": "text/javascript",
    "x-own": "1",
    "ippgateway-company": "comp-any0-0001",
}


@pytest.fixture
async def way(tmp_path: Path) -> Any:
    """A zone that answers with a script and asks for the whole origin, and the way to it."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=b"1", headers=BACK)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.UnixSite(runner, str(tmp_path / "zone.sock")).start()
    forward = Forward(tmp_path / "zone.sock", SystemClock())
    yield forward
    await forward.close()
    await runner.cleanup()


async def test_no_zone_can_put_a_worker_before_the_pages_of_another(way: Forward) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http", "method": "GET", "raw_path": b"/x.js", "query_string": b"", "headers": [(b"host", b"a")],
    }  # fmt: skip
    await way(scope, None, send)  # type: ignore[arg-type]
    names = {name for name, _ in sent[0]["headers"]}
    assert {b"content-type", b"x-own"} <= names
    assert not names & {b"service-worker-allowed", b"ippgateway-company"}
    assert visitor_of(scope).acting
