"""`python -m ippsandbox.threeds.acs`: the access-control server of every issuer in the sandbox.

What it answers depends on the card alone (`ippsandbox.cards`). A challenge goes on in the payer's browser; its
result is reported through the directory server, before the browser is sent back.
"""

import argparse
import asyncio
import base64
import re
import secrets
import sys
from collections.abc import AsyncIterator, Callable
from uuid import uuid4

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, web

from ippsandbox.cards import Authentication, outcome_of
from ippsandbox.process import log, port_of, run, serve
from ippsandbox.threeds import challenge, pages
from ippsandbox.threeds.challenge import Challenge, Challenges, End
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

REPORT_TIMEOUT_S = 10
_REPORTS = 2
_LONGEST_SESSION_DATA = 1_024
_SESSION = web.AppKey("session", ClientSession)
_NO_STORE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}

_AUTHENTICATION_FAILED = "01"  # transStatusReason
# Mastercard's own ranges and Maestro's; Dankort's 5019 lies inside Maestro's and keeps the usual values.
_MASTERCARD = re.compile("(?!5019)(5|63|67|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)")


def acs_app(
    *,
    base_url: Callable[[], str],
    new_id: Callable[[], str] = lambda: str(uuid4()),
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> web.Application:
    """`POST /acs/areq` for the directory server, `POST /acs/challenge` and `/acs/answer` for browsers, and what their
    pages load; `GET /health`. `base_url` tells where a browser reaches this server."""
    challenges = Challenges()

    async def areq(request: web.Request) -> web.Response:
        message: Fields = {}
        try:
            message = await read_message(request)
            _check(message)
            answer = _common(message, new_id()) | _verdict(message, base_url(), random_bytes)
            if answer["transStatus"] == "C":
                pan = str(message["acctNumber"])
                how = outcome_of(pan).authentication
                challenges.add(challenge.new(message, answer["acsTransID"], how, mastercard=_is_mastercard(pan)))
        except ProtocolError as error:
            answer = erro(error, component="A", about=message)
        return web.json_response(answer)

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app = web.Application(client_max_size=LARGEST_MESSAGE)
    app.cleanup_ctx.append(_session)
    app.add_routes([web.post("/acs/areq", areq), web.get("/health", health), *_for_browsers(challenges, random_bytes)])
    return app


def _for_browsers(challenges: Challenges, random_bytes: Callable[[int], bytes]) -> list[web.RouteDef]:
    """The question, the answer, and what their pages load."""

    async def creq(request: web.Request) -> web.Response:
        form = await request.post()
        try:
            found = challenges.asked(str(form.get("creq", "")))
        except ProtocolError:
            return _page(pages.gone(), None, status=404)
        found.session_data = str(form.get("threeDSSessionData", ""))[:_LONGEST_SESSION_DATA]
        return _page(pages.ended(found) if found.end else pages.question(found), found)

    async def answer(request: web.Request) -> web.Response:
        form = await request.post()
        try:
            found = challenges.get(str(form.get("transaction", "")))
        except ProtocolError:
            return _page(pages.gone(), None, status=404)
        if found.end is None:
            end = found.cancel() if form.get("do") == "cancel" else found.answer(str(form.get("code", "")).strip())
            if end not in (None, End.UNFINISHED):
                await _report(request.app[_SESSION], found, random_bytes)
        return _page(pages.ended(found) if found.end else pages.question(found), found)

    async def script(_: web.Request) -> web.Response:
        return web.Response(text=pages.SCRIPT, content_type="text/javascript")

    async def style(_: web.Request) -> web.Response:
        return web.Response(text=pages.STYLE, content_type="text/css")

    return [
        web.post("/acs/challenge", creq), web.post("/acs/answer", answer), web.get("/acs/back.js", script),
        web.get("/acs/bank.css", style),
    ]  # fmt: skip


async def _session(app: web.Application) -> AsyncIterator[None]:
    timeout = ClientTimeout(total=REPORT_TIMEOUT_S, connect=2)
    async with ClientSession(timeout=timeout, cookie_jar=DummyCookieJar()) as session:
        app[_SESSION] = session
        yield


def _page(text: str, about: Challenge | None, *, status: int = 200) -> web.Response:
    fields = _NO_STORE | {"Content-Security-Policy": pages.policy(about)}
    return web.Response(text=text, status=status, content_type="text/html", headers=fields)


async def _report(session: ClientSession, ended: Challenge, random_bytes: Callable[[int], bytes]) -> None:
    """Tell the directory server how it ended; once more when nobody says that it was taken."""
    message = challenge.rreq(ended, base64.b64encode(random_bytes(20)).decode())
    for _ in range(_REPORTS):
        try:
            async with session.post(ended.ds_url, json=message, allow_redirects=False) as response:
                said = await response.json()
        except (ClientError, TimeoutError, ValueError):
            continue
        if isinstance(said, dict) and said.get("messageType") == "RRes":
            return
    log.warning("a challenge's result was not taken")


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
        case Authentication.CHALLENGE | Authentication.UNFINISHED | Authentication.UNAVAILABLE:
            return _challenge(base_url)


def _challenge(base_url: str) -> Fields:
    """A challenge with a one-time code (authenticationType 02) at this server's own page."""
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
