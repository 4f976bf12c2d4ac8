"""The 3-D Secure connector against a scripted directory server."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import TCPConnector, web
from aiohttp.test_utils import TestServer
from samples import AT, CARD, DS_ID, MERCHANT, PAN, SECURITY_CODE, VALUE

from gates import way
from ippgateway.connectors.threeds.authenticator import DirectoryClient
from ippgateway.connectors.threeds.messages import Server
from ippgateway.core import log
from ippgateway.core.money import Money, currency
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.ports import (
    Attempted,
    Authenticated,
    Authentication,
    AuthenticationRequest,
    AuthenticationResult,
    Authenticator,
    CardData,
    ChallengeNeeded,
    Refused,
    Unavailable,
    UnavailableReason,
)
from ippgateway.domains.payments.schemas import Browser, Screen
from ippgateway.privacy.catalogue import DIRECTORY_SERVER, PAYMENT

OUR_ID = "8a880dc0-d2d2-4067-bcb1-b08d1690b26e"
ACS_ID = "d7c1ee99-9478-44a6-b1f2-391e29c6b340"
HOLDER = "Søren Kanarie"
SERVER = Server(
    reference="3DS_LOA_SER_TEST_020200_00001",
    operator="IPPGATEWAY",
    url="http://127.0.0.1/3ds/result",
    notification_url="http://127.0.0.1/3ds/return",
)
REQUEST = AuthenticationRequest(
    transaction_id=OUR_ID,
    card=CARD,
    holder=Secret(HOLDER),
    amount=Money(1200, currency("KWD")),
    merchant=MERCHANT,
    shop_url="https://shop.example/",
    purchased_at=AT,
    browser=Browser(
        user_agent=Secret("Mozilla/5.0 ✈ (X11)"), accept=Secret("text/html"), language="da-DK", ip=Secret("192.0.2.7")
    ),
)


@dataclass
class Directory:
    """Answers with what a test scripts: fields of an ARes to change, or a handler."""

    changes: dict[str, Any] = field(default_factory=dict)
    handler: Callable[[web.Request], Any] | None = None
    seen: list[dict[str, Any]] = field(default_factory=list)

    async def areq(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(json.loads(await request.read()))
        if self.handler is not None:
            return await self.handler(request)  # type: ignore[no-any-return]
        fields = {
            "messageType": "ARes",
            "messageVersion": "2.2.0",
            "threeDSServerTransID": self.seen[-1]["threeDSServerTransID"],
            "dsTransID": DS_ID,
            "acsTransID": ACS_ID,
            "acsReferenceNumber": "ACS1",
            "transStatus": "Y",
            "eci": "05",
            "authenticationValue": VALUE,
        } | self.changes
        return web.json_response({name: value for name, value in fields.items() if value is not None})


@asynccontextmanager
async def asking(directory: Directory, timeout_s: float = 10.0) -> AsyncIterator[Authenticator]:
    app = web.Application()
    app.add_routes([web.post("/3ds/areq", directory.areq)])
    async with TestServer(app) as server, way(DIRECTORY_SERVER, PAYMENT).http(TCPConnector()) as session:
        yield DirectoryClient(
            session=session, directory_url=str(server.make_url("/")), server=SERVER, timeout_s=timeout_s
        )


async def result_of(request: AuthenticationRequest = REQUEST, **changes: Any) -> AuthenticationResult:
    async with asking(Directory(changes)) as client:
        return await client.authenticate(request)


async def test_every_field_of_the_request() -> None:
    directory = Directory()
    async with asking(directory) as client:
        await client.authenticate(REQUEST)
    assert directory.seen == [
        {
            "messageType": "AReq",
            "messageVersion": "2.2.0",
            "messageCategory": "01",
            "deviceChannel": "02",
            "threeDSServerTransID": OUR_ID,
            "threeDSServerRefNumber": SERVER.reference,
            "threeDSServerOperatorID": SERVER.operator,
            "threeDSServerURL": SERVER.url,
            "threeDSCompInd": "U",
            "notificationURL": SERVER.notification_url,
            "threeDSRequestorID": "MERCHANT1",
            "threeDSRequestorName": MERCHANT.name,
            "threeDSRequestorURL": "https://shop.example/",
            "threeDSRequestorAuthenticationInd": "01",
            "threeDSRequestorChallengeInd": "01",
            "acquirerBIN": "457199",
            "acquirerMerchantID": "MERCHANT1",
            "mcc": "5411",
            "merchantCountryCode": "208",
            "merchantName": MERCHANT.name,
            "acctNumber": PAN,
            "cardExpiryDate": "3004",
            "cardholderName": HOLDER,
            "purchaseAmount": "1200",
            "purchaseCurrency": "414",
            "purchaseExponent": "3",
            "purchaseDate": "20260304233009",
            "transType": "01",
            "browserAcceptHeader": "text/html",
            "browserUserAgent": "Mozilla/5.0  (X11)",
            "browserLanguage": "da-DK",
            "browserJavascriptEnabled": False,
            "browserIP": "192.0.2.7",
        }
    ]


async def test_the_security_code_does_not_go_to_the_directory() -> None:
    card = CardData(pan=CARD.pan, expiry_month=4, expiry_year=2030, security_code=Secret("8642"))
    directory = Directory()
    async with asking(directory) as client:
        await client.authenticate(replace(REQUEST, card=card))
    assert "8642" not in json.dumps(directory.seen)


@pytest.mark.parametrize(
    "browser",
    [
        None,
        Browser(user_agent=Secret(""), accept=Secret("é"), language="da,en;q=0.8", ip=Secret("")),
        Browser(user_agent=Secret(""), accept=Secret(""), language="zh-Hant-TW", ip=Secret("1" * 46)),
    ],
)
async def test_a_browser_that_tells_nothing_counts_as_one_without_script(browser: Browser | None) -> None:
    directory = Directory()
    async with asking(directory) as client:
        assert isinstance(await client.authenticate(replace(REQUEST, browser=browser)), Authenticated)
    told = {name: value for name, value in directory.seen[0].items() if name.startswith("browser")}
    assert told == {
        "browserAcceptHeader": "*/*",
        "browserUserAgent": "unknown",
        "browserLanguage": "en",
        "browserJavascriptEnabled": False,
    }


@pytest.mark.parametrize(("depth", "told"), [(24, "24"), (30, "24"), (0, "1"), (999_999, "48")])
async def test_a_browser_whose_script_told_of_its_screen_counts_as_one_with_script(depth: int, told: str) -> None:
    assert REQUEST.browser is not None
    screen = Screen(colour_depth=depth, height=1080, width=1920, zone_minutes=-120, java=False)
    directory = Directory()
    async with asking(directory) as client:
        await client.authenticate(replace(REQUEST, browser=replace(REQUEST.browser, screen=screen)))
    asked = directory.seen[0]
    assert asked["browserJavascriptEnabled"] is True
    assert asked["browserJavaEnabled"] is False
    names = ("browserColorDepth", "browserScreenHeight", "browserScreenWidth", "browserTZ")
    assert [asked[name] for name in names] == [told, "1080", "1920", "-120"]


@pytest.mark.parametrize(("status", "eci"), [("Y", "05"), ("Y", "02"), ("A", "06"), ("A", "01")])
async def test_proof_is_handed_on(status: str, eci: str) -> None:
    found = await result_of(transStatus=status, eci=eci)
    assert isinstance(found, Authenticated if status == "Y" else Attempted)
    proof: Authentication = found.authentication
    assert (proof.eci, proof.ds_transaction_id, proof.version) == (eci, DS_ID, "2.2.0")
    assert proof.value is not None
    assert proof.value.open() == VALUE
    assert found.acs_transaction_id == ACS_ID
    assert VALUE not in repr(found)


@pytest.mark.parametrize(("status", "by_issuer"), [("N", False), ("R", True)])
async def test_a_refusal_has_its_reason(status: str, by_issuer: bool) -> None:
    gone = {"eci": None, "authenticationValue": None}
    found = await result_of(transStatus=status, transStatusReason="11", **gone)
    assert found == Refused(reason_code="11", by_issuer=by_issuer, ds_transaction_id=DS_ID)
    assert await result_of(transStatus=status, transStatusReason="made up", **gone) == replace(found, reason_code="")


async def test_a_challenge_has_an_address() -> None:
    found = await result_of(transStatus="C", eci=None, authenticationValue=None, acsURL="https://acs.example/c?x=1")
    assert found == ChallengeNeeded(
        acs_url="https://acs.example/c?x=1", acs_transaction_id=ACS_ID, ds_transaction_id=DS_ID, version="2.2.0"
    )


async def test_not_performed_and_an_error_message_are_no_refusals() -> None:
    assert await result_of(transStatus="U") == Unavailable(reason=UnavailableReason.NOT_PERFORMED)
    assert await result_of(messageType="Erro", errorCode="203") == Unavailable(reason=UnavailableReason.ERROR_MESSAGE)


@pytest.mark.parametrize(
    "changes",
    [
        {"messageType": "RReq"},
        {"messageType": None},
        {"messageVersion": "2.1.0"},
        {"threeDSServerTransID": ACS_ID},
        {"threeDSServerTransID": None},
        {"dsTransID": "1"},
        {"acsTransID": None},
        {"transStatus": "D"},
        {"transStatus": "y"},
        {"transStatus": None},
        {"transStatus": ["Y"]},
        {"eci": "07"},
        {"eci": "06"},
        {"eci": None},
        {"authenticationValue": None},
        {"authenticationValue": VALUE[:-4]},
        {"authenticationValue": VALUE[:-2] + "!="},
        {"authenticationValue": "æ" * 28},
        {"transStatus": "A", "eci": "05"},
        {"transStatus": "C"},
        {"transStatus": "C", "acsURL": "http://acs.example/"},
        {"transStatus": "C", "acsURL": "javascript:alert(1)"},
        {"transStatus": "C", "acsURL": "https://[::1"},
        {"transStatus": "C", "acsURL": "https://acs.example/" + "x" * 2048},
        {"transStatus": "C", "acsURL": "https://acs.example;script-src * /"},
        {"transStatus": "C", "acsURL": "https://bank@acs.example/"},
        {"transStatus": "C", "acsURL": "https://acs.example/\r\nx: y"},
        {"transStatus": "C", "acsURL": "https://acs.example:99999/"},
    ],
)
async def test_an_answer_that_breaks_the_specification_is_no_result(changes: dict[str, Any]) -> None:
    assert await result_of(**changes) == Unavailable(reason=UnavailableReason.MALFORMED)


@pytest.mark.parametrize(
    "answer",
    [
        web.Response,
        lambda: web.Response(text="{"),
        lambda: web.Response(body=b"\xff\xfe"),
        lambda: web.Response(text='{"messageType": "ARes", "x": ' + "[" * 60_000),
        lambda: web.Response(text='{"messageType": "ARes", "x": "' + "x" * 70_000 + '"}'),
        lambda: web.Response(status=500, text='{"messageType": "Erro"}'),
        lambda: web.Response(status=307, headers={"Location": "/3ds/areq"}),
    ],
)
async def test_whatever_else_comes_back_is_no_result(answer: Callable[[], web.Response]) -> None:
    async def handler(_: web.Request) -> web.Response:
        return answer()

    directory = Directory(handler=handler)
    async with asking(directory) as client:
        assert await client.authenticate(REQUEST) == Unavailable(reason=UnavailableReason.MALFORMED)
    assert len(directory.seen) == 1


async def test_a_directory_that_does_not_answer_in_time_or_hangs_up_is_unavailable() -> None:
    over = asyncio.Event()

    async def wait(_: web.Request) -> web.Response:
        await over.wait()
        return web.Response()

    async with asking(Directory(handler=wait), timeout_s=0.05) as client:
        assert await client.authenticate(REQUEST) == Unavailable(reason=UnavailableReason.TIMEOUT)
        over.set()

    async def hang_up(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with asking(Directory(handler=hang_up)) as client:
        assert await client.authenticate(REQUEST) == Unavailable(reason=UnavailableReason.UNREACHABLE)


async def test_nothing_personal_is_ever_written(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    written = io.StringIO()
    monkeypatch.setattr(log, "_stream", written)

    async def echo(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    async with asking(Directory(handler=echo)) as client:
        found = await client.authenticate(REQUEST)
    assert "authentication.unavailable" in written.getvalue()
    everything = "".join([repr(found), repr(REQUEST), written.getvalue(), caplog.text, *capfd.readouterr()])
    for secret in (PAN, SECURITY_CODE, HOLDER, "Mozilla", "192.0.2.7"):
        assert secret not in everything


async def test_plain_http_is_for_this_machine_alone() -> None:
    async with way(DIRECTORY_SERVER, PAYMENT).http(TCPConnector()) as session:
        for url in ("http://directory.example", "http://192.0.2.1:80", "ftp://directory.example"):
            with pytest.raises(ValueError, match="needs https"):
                DirectoryClient(session=session, directory_url=url, server=SERVER)
        DirectoryClient(session=session, directory_url="https://directory.example", server=SERVER)
