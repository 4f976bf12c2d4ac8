"""Every way out speaks TLS 1.2 or newer (CARD-2): each is led to a server that speaks one version alone."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from gates import way
from handshakes import VERSIONS, certificate, only
from ippgateway.connectors.iso8583.link import Iso8583Link, LinkSettings
from ippgateway.connectors.notify.sender import HttpSender
from ippgateway.core import tls as encryption
from ippgateway.core.clock import SystemClock
from ippgateway.core.ids import SystemRandomness
from ippgateway.core.secret import Secret
from ippgateway.privacy.catalogue import ACQUIRER, NOTIFY, PAYMENT, SHOP

Call = Callable[[int, ssl.SSLContext], Awaitable[object]]


@dataclass
class Server:
    """Speaks one version; notes who came through the handshake."""

    port: int = 0
    came: asyncio.Event = field(default_factory=asyncio.Event)
    refused: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def server(version: str, files: tuple[Path, Path]) -> AsyncIterator[Server]:
    """A server on this machine that speaks `version` alone."""
    it = Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await writer.start_tls(only(context, version))
            it.came.set()
        except (ssl.SSLError, ConnectionError):
            it.refused.set()
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as listening:
        it.port = listening.sockets[0].getsockname()[1]
        yield it


async def acquirer(port: int, tls: ssl.SSLContext) -> None:
    """The acquirer link tries to sign on."""
    link = Iso8583Link(way=way(ACQUIRER, PAYMENT), host="127.0.0.1", port=port, clock=SystemClock(),
                       randomness=SystemRandomness(),
                       settings=LinkSettings(back_off_first_s=60), tls=tls)  # fmt: skip
    async with link:
        await asyncio.sleep(30)


async def shop(port: int, tls: ssl.SSLContext) -> None:
    """A notification is sent."""
    await HttpSender(way(SHOP, NOTIFY), allow_private=True, tls=tls).get(
        Secret(f"https://127.0.0.1:{port}/"), allow_plain=False
    )


async def directory(port: int, tls: ssl.SSLContext) -> None:
    """The directory server is asked, through a session as the payment zone makes it."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls)) as session:
        with suppress(aiohttp.ClientError):
            await session.post(f"https://127.0.0.1:{port}/3ds/areq", data=b"{}")


@pytest.mark.parametrize(("version", "wanted"), VERSIONS.items())
@pytest.mark.parametrize("way_out", [acquirer, shop, directory])
async def test_nothing_below_tls_1_2_is_spoken(way_out: Call, version: str, wanted: bool, tmp_path: Path) -> None:
    files = certificate(tmp_path)
    async with server(version, files) as it, asyncio.timeout(20):
        calling = asyncio.ensure_future(way_out(it.port, encryption.calling(files[0])))
        await (it.came if wanted else it.refused).wait()
        assert it.came.is_set() is wanted
        assert it.refused.is_set() is not wanted
        calling.cancel()
        await asyncio.gather(calling, return_exceptions=True)


async def test_a_careless_client_would_have_come_through(tmp_path: Path) -> None:
    """The old server above is refused by us, not for want of a common cipher."""
    files = certificate(tmp_path)
    careless = ssl.create_default_context(cafile=files[0])
    async with server("TLSv1", files) as it, asyncio.timeout(20):
        await directory(it.port, only(careless, "TLSv1"))
        assert it.came.is_set()
