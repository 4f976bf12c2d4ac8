"""`python -m ippsandbox.threeds.acs`: the access-control server of every issuer in the sandbox.

What it answers depends on the card alone (`ippsandbox.cards`). The challenge itself has its place in `_challenge`.
"""

import argparse
import asyncio
import base64
import re
import secrets
import sys
from collections.abc import Callable
from uuid import uuid4

from aiohttp import web

from ippsandbox.cards import Authentication, outcome_of
from ippsandbox.process import log, port_of, run, serve
from ippsandbox.threeds.messages import (
    ELEMENT_FORMAT,
    INVALID_MESSAGE,
    LARGEST_MESSAGE,
    UUID,
    VERSION,
    Fields,
    ProtocolError,
    erro,
    read_message,
)

REFERENCE = "IPPSANDBOX_ACS_0220"
OPERATOR = "IPPSANDBOX"

_AUTHENTICATION_FAILED = "01"  # transStatusReason
# Mastercard's own ranges and Maestro's; Dankort's 5019 lies inside Maestro's and keeps the usual values.
_MASTERCARD = re.compile("(?!5019)(5|63|67|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)")


def acs_app(
    *,
    base_url: Callable[[], str],
    new_id: Callable[[], str] = lambda: str(uuid4()),
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> web.Application:
    """`POST /acs/areq`, `GET /health`. `base_url` tells where a browser reaches this server."""

    async def areq(request: web.Request) -> web.Response:
        message: Fields = {}
        try:
            message = await read_message(request)
            _check(message)
            answer = _common(message, new_id()) | _verdict(message, base_url(), random_bytes)
        except ProtocolError as error:
            answer = erro(error, component="A", about=message)
        return web.json_response(answer)

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app = web.Application(client_max_size=LARGEST_MESSAGE)
    app.add_routes([web.post("/acs/areq", areq), web.get("/health", health)])
    return app


def _check(areq: Fields) -> None:
    """The directory server has checked the rest; this server needs the card and the ids. Raises ProtocolError."""
    if areq.get("messageType") != "AReq":
        raise ProtocolError(INVALID_MESSAGE, "messageType")
    forms = {"acctNumber": "[0-9]{13,19}", "threeDSServerTransID": UUID, "dsTransID": UUID}
    wrong = [name for name, form in forms.items() if not re.fullmatch(form, str(areq.get(name)))]
    if wrong:
        raise ProtocolError(ELEMENT_FORMAT, ",".join(wrong))


def _common(areq: Fields, acs_trans_id: str) -> Fields:
    return {
        "messageType": "ARes",
        "messageVersion": VERSION,
        "threeDSServerTransID": areq["threeDSServerTransID"],
        "dsTransID": areq["dsTransID"],
        "dsReferenceNumber": areq.get("dsReferenceNumber", ""),
        "acsTransID": acs_trans_id,
        "acsReferenceNumber": REFERENCE,
        "acsOperatorID": OPERATOR,
    }


def _verdict(areq: Fields, base_url: str, random_bytes: Callable[[int], bytes]) -> Fields:
    pan = areq["acctNumber"]
    match outcome_of(pan).authentication:
        case Authentication.FRICTIONLESS:
            value = base64.b64encode(random_bytes(20)).decode()
            return {"transStatus": "Y", "eci": "02" if _is_mastercard(pan) else "05", "authenticationValue": value}
        case Authentication.REFUSED:
            eci = "00" if _is_mastercard(pan) else "07"
            return {"transStatus": "N", "transStatusReason": _AUTHENTICATION_FAILED, "eci": eci}
        case Authentication.CHALLENGE:
            return _challenge(base_url)


def _challenge(base_url: str) -> Fields:
    """A challenge with a one-time code (authenticationType 02) at this server's own page, which is yet to be built."""
    return {
        "transStatus": "C",
        "acsChallengeMandated": "Y",
        "authenticationType": "02",
        "acsURL": f"{base_url}/acs/challenge",
    }


def _is_mastercard(pan: str) -> bool:
    return _MASTERCARD.match(pan) is not None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ippsandbox.threeds.acs", description="A 3-D Secure access-control server.")
    parser.add_argument("--port", type=int, required=True, help="HTTP port on loopback; 0 takes a free one")
    parser.add_argument("--base-url", help="where browsers reach this server (default: its own address)")
    return parser.parse_args()


async def _main(arguments: argparse.Namespace, stop: asyncio.Event) -> int:
    own_port = arguments.port

    def base_url() -> str:
        return str(arguments.base_url or f"http://127.0.0.1:{own_port}").rstrip("/")

    runner = await serve(acs_app(base_url=base_url), host="127.0.0.1", port=arguments.port)
    own_port = port_of(runner)
    log.info("ippsandbox.threeds.acs ready port=%d", own_port)
    await stop.wait()
    await runner.cleanup()
    return 0


if __name__ == "__main__":
    given = _arguments()
    sys.exit(run(lambda stop: _main(given, stop)))
