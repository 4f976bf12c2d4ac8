"""`python -m ippsandbox.threeds.directory`: the directory server, between the gateway and the access-control server.

It passes requests on, and the results of challenges back to whoever asked; of those it remembers the ids and where the
result belongs, for as long as there is room.

Every answer is HTTP 200; what went wrong is in the `Erro` message.
"""

import argparse
import asyncio
import re
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple
from uuid import uuid4

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, web

from ippsandbox.process import log, port_of, run, serve
from ippsandbox.threeds.messages import (
    CONNECTION_FAILURE,
    ELEMENT_FORMAT,
    INVALID_MESSAGE,
    LARGEST_MESSAGE,
    NOT_RECOGNISED,
    SYSTEM_FAILURE,
    TIMED_OUT,
    UNSUPPORTED_VERSION,
    UUID,
    VERSION,
    Fields,
    ProtocolError,
    check_areq,
    erro,
    read_message,
)

REFERENCE = "IPPSANDBOX_DS_0220"
ACS_TIMEOUT_S = 10
MOST_ACS_CONNECTIONS = 64
MOST_CHALLENGES = 10_000

_SESSION = web.AppKey("session", ClientSession)

# Card ranges taking part; none names a 3DS Method URL.
_RANGES = (
    ("3400000000000000000", "3499999999999999999"),
    ("3528000000000000000", "3589999999999999999"),
    ("3600000000000000000", "3999999999999999999"),
    ("4000000000000000000", "4999999999999999999"),
    ("5000000000000000000", "5999999999999999999"),
    ("6000000000000000000", "6999999999999999999"),
    ("2221000000000000000", "2720999999999999999"),
    ("3000000000000000000", "3059999999999999999"),
)


def directory_app(*, acs_url: str, new_id: Callable[[], str] = lambda: str(uuid4())) -> web.Application:
    """`POST /3ds/areq`, `/3ds/preq` and `/3ds/rreq`, `GET /health`; authentication requests go on to `acs_url`, results
    to the address that the request named."""
    challenged: OrderedDict[str, _Challenged] = OrderedDict()

    async def areq(request: web.Request) -> web.Response:
        message: Fields = {}
        try:
            message = await read_message(request)
            check_areq(message)
            own = {"dsReferenceNumber": REFERENCE, "dsTransID": new_id(), "dsURL": f"{request.url.origin()}/3ds/rreq"}
            answer = await _ask(request.app[_SESSION], f"{acs_url}/acs/areq", message | own)
            if answer.get("transStatus") == "C":
                _remember(challenged, answer, str(message.get("threeDSServerURL", "")))
        except ProtocolError as error:
            answer = erro(error, component="D", about=message)
        return web.json_response(answer)

    async def rreq(request: web.Request) -> web.Response:
        message: Fields = {}
        try:
            message = await read_message(request)
            address = _address(challenged, message)
            answer = await _ask(request.app[_SESSION], address, message)
        except ProtocolError as error:
            answer = erro(error, component="D", about=message)
        return web.json_response(answer)

    async def preq(request: web.Request) -> web.Response:
        message: Fields = {}
        try:
            message = await read_message(request)
            answer = _card_ranges(message, new_id())
        except ProtocolError as error:
            answer = erro(error, component="D", about=message)
        return web.json_response(answer)

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app = web.Application(client_max_size=LARGEST_MESSAGE)
    app.cleanup_ctx.append(_session)
    app.add_routes([web.post("/3ds/areq", areq), web.post("/3ds/preq", preq), web.post("/3ds/rreq", rreq),
                    web.get("/health", health)])  # fmt: skip
    return app


async def _session(app: web.Application) -> AsyncIterator[None]:
    timeout = ClientTimeout(total=ACS_TIMEOUT_S, connect=2)
    async with ClientSession(timeout=timeout, connector=TCPConnector(limit=MOST_ACS_CONNECTIONS)) as session:
        app[_SESSION] = session
        yield


async def _ask(session: ClientSession, address: str, message: Fields) -> Fields:
    """The answer of the next component. Raises ProtocolError when there is none that belongs to this message."""
    try:
        async with session.post(address, json=message, allow_redirects=False) as response:
            answer = await response.json()
    except TimeoutError:
        raise ProtocolError(TIMED_OUT, "next") from None
    except (ClientError, ValueError):
        raise ProtocolError(CONNECTION_FAILURE, "next") from None
    ids = ("threeDSServerTransID", "dsTransID")
    if not isinstance(answer, dict) or any(answer.get(name) != message[name] for name in ids):
        raise ProtocolError(SYSTEM_FAILURE, "next")
    return answer


class _Challenged(NamedTuple):
    """Whose challenge it is, and where its result goes."""

    server_id: str
    acs_id: str
    address: str


def _remember(challenged: "OrderedDict[str, _Challenged]", ares: Fields, address: str) -> None:
    challenged[ares["dsTransID"]] = _Challenged(ares["threeDSServerTransID"], ares["acsTransID"], address)
    while len(challenged) > MOST_CHALLENGES:
        challenged.popitem(last=False)


def _address(challenged: "OrderedDict[str, _Challenged]", rreq: Fields) -> str:
    """Where an RReq goes on to. Raises ProtocolError."""
    if rreq.get("messageType") != "RReq":
        raise ProtocolError(INVALID_MESSAGE, "messageType")
    found = challenged.get(str(rreq.get("dsTransID")))
    if found is None or (rreq.get("threeDSServerTransID"), rreq.get("acsTransID")) != (found.server_id, found.acs_id):
        raise ProtocolError(NOT_RECOGNISED, "dsTransID")
    return found.address


def _card_ranges(preq: Fields, ds_trans_id: str) -> Fields:
    """The PRes to a PReq: all ranges, with the protocol versions both sides speak. Raises ProtocolError."""
    if preq.get("messageType") != "PReq":
        raise ProtocolError(INVALID_MESSAGE, "messageType")
    if preq.get("messageVersion") != VERSION:
        raise ProtocolError(UNSUPPORTED_VERSION, "messageVersion")
    if not re.fullmatch(UUID, str(preq.get("threeDSServerTransID"))):
        raise ProtocolError(ELEMENT_FORMAT, "threeDSServerTransID")
    versions = {
        "acsStartProtocolVersion": VERSION,
        "acsEndProtocolVersion": VERSION,
        "dsStartProtocolVersion": VERSION,
        "dsEndProtocolVersion": VERSION,
    }
    return {
        "messageType": "PRes",
        "messageVersion": VERSION,
        "threeDSServerTransID": preq["threeDSServerTransID"],
        "dsTransID": ds_trans_id,
        "serialNum": "1",
        "cardRangeData": [{"startRange": a, "endRange": b, "actionInd": "A", **versions} for a, b in _RANGES],
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ippsandbox.threeds.directory", description="A 3-D Secure directory server.")
    parser.add_argument("--port", type=int, required=True, help="HTTP port on loopback; 0 takes a free one")
    parser.add_argument("--acs-url", required=True, help="address of the access-control server, without a path")
    return parser.parse_args()


async def _main(arguments: argparse.Namespace, stop: asyncio.Event) -> int:
    app = directory_app(acs_url=arguments.acs_url.rstrip("/"))
    runner = await serve(app, host="127.0.0.1", port=arguments.port)
    log.info("ippsandbox.threeds.directory ready port=%d", port_of(runner))
    await stop.wait()
    await runner.cleanup()
    return 0


if __name__ == "__main__":
    given = _arguments()
    sys.exit(run(lambda stop: _main(given, stop)))
