"""A house of its own for the shell: a face with a few pages, served in this process."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from face import BEARER, Door, face, house

from browser import browser, open_page
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Session

__all__ = ["browser", "open_page"]


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    """The door of this test."""
    it = Door()

    async def resume(_: object, *, bearer: Secret[str]) -> Session | None:
        return it.session if bearer.open() == BEARER else None

    monkeypatch.setattr(accounts, "resume_browser", resume, raising=False)
    return it


@pytest.fixture
async def address(door: Door) -> AsyncIterator[str]:
    """Where the face is, for a browser."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        origin = f"http://look.localhost:{listening.getsockname()[1]}"
        config = uvicorn.Config(face(house(origin=origin)), log_level="warning", lifespan="off", http="h11")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield origin
        server.should_exit = True
        await serving
