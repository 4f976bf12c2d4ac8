"""The sandbox's own processes, and a link to its acquirer."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from fake_host import BOUND_S
from samples import authorisation

from gates import way
from ippgateway.connectors.iso8583.link import Iso8583Link, LinkSettings
from ippgateway.core.clock import SystemClock
from ippgateway.core.ids import SystemRandomness
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.ports import AuthorisationRequest, CardData
from ippgateway.privacy.catalogue import ACQUIRER, PAYMENT
from ippsandbox.cards import DEMO_CARDS

TIMER_S = 1.0
Ports = dict[str, int]


@asynccontextmanager
async def program(module: str, *arguments: object) -> AsyncIterator[Ports]:
    """A sandbox program, ready; gives the ports of its start line."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *map(str, arguments), stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(BOUND_S):
            line = ""
            while " ready " not in line:
                line = (await process.stderr.readline()).decode()
                assert line, "the program ended"
        yield {name: int(port) for name, port in re.findall(r"(\w*port)=(\d+)", line)}
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


def paying(card: str, number: int, **changes: Any) -> AuthorisationRequest:
    card_data = CardData(pan=Secret(DEMO_CARDS[card]), expiry_month=12, expiry_year=2049, security_code=Secret("123"))
    return authorisation(number, card=card_data, **changes)


class Bench:
    """A link, the host it speaks to, and that host's books."""

    def __init__(self, link: Iso8583Link, books: Callable[[], Awaitable[list[dict[str, Any]]]]) -> None:
        self.link = link
        self.books = books

    async def state_of(self, request: AuthorisationRequest) -> list[str]:
        """What the host's books say of a payment, every booking of it."""
        trace = request.trace
        return [
            b["state"] for b in await self.books() if (b["terminal"].strip(), b["stan"]) == (trace.terminal, trace.stan)
        ]


@asynccontextmanager
async def sandboxed(data: Path) -> AsyncIterator[Bench]:
    """A link signed on to an acquirer host that keeps its books in a folder."""
    async with AsyncExitStack() as stack:
        ports = await stack.enter_async_context(
            program("ippsandbox.acquirer", "--port", 0, "--books-port", 0, "--data", data, "--late-s", TIMER_S * 1.5)
        )
        session = await stack.enter_async_context(ClientSession())
        link = Iso8583Link(
            way=way(ACQUIRER, PAYMENT),
            host="127.0.0.1",
            port=ports["port"],
            clock=SystemClock(),
            randomness=SystemRandomness(),
            settings=LinkSettings(timeout_s=TIMER_S, back_off_most_s=0.2),
        )
        await stack.enter_async_context(link)
        async with asyncio.timeout(BOUND_S):
            await link.ready()

        async def books() -> list[dict[str, Any]]:
            async with session.get(f"http://127.0.0.1:{ports['books_port']}/books") as answer:
                return await answer.json()  # type: ignore[no-any-return]

        yield Bench(link, books)
