"""The 3-D Secure servers: what they answer by card, and what they refuse without repeating it."""

import asyncio
import base64
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer, unused_port

from ippsandbox.cards import DEMO_CARDS
from ippsandbox.threeds.acs import acs_app
from ippsandbox.threeds.directory import directory_app


def _areq(**changes: Any) -> dict[str, Any]:
    message = {
        "messageType": "AReq",
        "messageVersion": "2.2.0",
        "messageCategory": "01",
        "deviceChannel": "02",
        "threeDSServerTransID": str(uuid4()),
        "threeDSRequestorAuthenticationInd": "01",
        "threeDSRequestorURL": "http://127.0.0.1:8000/",
        "notificationURL": "http://127.0.0.1:8000/payments/3ds",
        "threeDSCompInd": "U",
        "acctNumber": DEMO_CARDS["approve_visa"],
        "cardExpiryDate": "3004",
        "cardholderName": "Åse Prøvesen",
        "acquirerBIN": "112233",
        "acquirerMerchantID": "MERCHANT0000001",
        "mcc": "5399",
        "merchantCountryCode": "208",
        "merchantName": "Den lille butik",
        "purchaseAmount": "12550",
        "purchaseCurrency": "208",
        "purchaseExponent": "2",
        "purchaseDate": "20260614120000",
        "transType": "01",
        "browserAcceptHeader": "*/*",
        "browserUserAgent": "Mozilla/5.0",
        "browserLanguage": "da-DK",
        "browserJavascriptEnabled": False,
    } | changes
    return {name: value for name, value in message.items() if value is not None}


@pytest_asyncio.fixture
async def directory() -> AsyncIterator[TestClient[Any, Any]]:
    async with TestServer(acs_app(base_url=lambda: "http://acs.test")) as acs:
        app = directory_app(acs_url=f"http://{acs.host}:{acs.port}")
        async with TestClient(TestServer(app)) as client:
            yield client


async def _ask(client: TestClient[Any, Any], message: Any, path: str = "/3ds/areq") -> dict[str, Any]:
    async with client.post(path, json=message) as response:
        assert response.status == 200
        answer: dict[str, Any] = await response.json()
        return answer


@pytest.mark.parametrize(
    ("card", "eci"),
    [
        ("approve_visa", "05"),
        ("approve_mastercard", "02"),
        ("approve_amex", "05"),
        ("approve_jcb", "05"),
        ("approve_diners", "05"),
        ("approve_discover", "05"),
        ("approve_dankort", "05"),
        ("frictionless", "05"),
    ],
)
async def test_cards_authenticate_without_friction(directory: TestClient[Any, Any], card: str, eci: str) -> None:
    areq = _areq(acctNumber=DEMO_CARDS[card])
    ares = await _ask(directory, areq)
    assert (ares["messageType"], ares["transStatus"], ares["eci"]) == ("ARes", "Y", eci)
    assert ares["threeDSServerTransID"] == areq["threeDSServerTransID"]
    assert len({UUID(ares["dsTransID"]), UUID(ares["acsTransID"]), UUID(areq["threeDSServerTransID"])}) == 3
    assert len(ares["authenticationValue"]) == 28
    assert len(base64.b64decode(ares["authenticationValue"], validate=True)) == 20
    assert DEMO_CARDS[card] not in str(ares)


async def test_two_authentications_share_neither_ids_nor_value(directory: TestClient[Any, Any]) -> None:
    first, second = await _ask(directory, _areq()), await _ask(directory, _areq())
    for name in ("dsTransID", "acsTransID", "authenticationValue"):
        assert first[name] != second[name]


async def test_a_mastercard_of_the_second_series_has_mastercards_indicator(directory: TestClient[Any, Any]) -> None:
    assert (await _ask(directory, _areq(acctNumber="2223003122003222")))["eci"] == "02"


async def test_a_refused_card_gets_no_value(directory: TestClient[Any, Any]) -> None:
    ares = await _ask(directory, _areq(acctNumber=DEMO_CARDS["authentication_refused"]))
    assert (ares["transStatus"], ares["transStatusReason"], ares["eci"]) == ("N", "01", "07")
    assert "authenticationValue" not in ares


async def test_a_challenge_card_is_sent_to_the_challenge(directory: TestClient[Any, Any]) -> None:
    ares = await _ask(directory, _areq(acctNumber=DEMO_CARDS["challenge"]))
    assert (ares["transStatus"], ares["acsChallengeMandated"]) == ("C", "Y")
    assert ares["acsURL"].startswith("http://acs.test/")
    assert not {"authenticationValue", "eci"} & ares.keys()


@pytest.mark.parametrize("name", sorted(_areq().keys() - {"messageType", "messageVersion"}))
async def test_every_field_is_required(directory: TestClient[Any, Any], name: str) -> None:
    answer = await _ask(directory, _areq(**{name: None}))
    assert (answer["messageType"], answer["errorCode"], answer["errorDetail"]) == ("Erro", "201", name)
    assert (answer["errorComponent"], answer["errorMessageType"]) == ("D", "AReq")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("acctNumber", "4111 1111 1111 1111"),
        ("acctNumber", 4111111111111111),
        ("cardExpiryDate", "3013"),
        ("cardholderName", "X" * 46),
        ("cardholderName", ["X", "Y"]),
        ("purchaseAmount", "-1"),
        ("purchaseCurrency", "963"),
        ("purchaseDate", "20260614250000"),
        ("threeDSServerTransID", "secret"),
        ("notificationURL", "http://127.0.0.1/" + "x" * 256),
        ("browserJavascriptEnabled", "false"),
        ("deviceChannel", "01"),
        ("email", "canary"),
        ("browserIP", "canary"),
    ],
)
async def test_a_wrong_format_is_named_and_not_repeated(directory: TestClient[Any, Any], name: str, value: Any) -> None:
    answer = await _ask(directory, _areq(**{name: value}))
    assert (answer["messageType"], answer["errorCode"], answer["errorDetail"]) == ("Erro", "203", name)
    assert str(value) not in [str(said) for said in answer.values()]


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        (
            {"browserJavascriptEnabled": True},
            "browserJavaEnabled,browserColorDepth,browserScreenHeight,browserScreenWidth,browserTZ",
        ),
        ({"threeDSRequestorAuthenticationInd": "02"}, "recurringExpiry,recurringFrequency"),
        (
            {"threeDSRequestorAuthenticationInd": "03"},
            "recurringExpiry,recurringFrequency,purchaseInstalData",
        ),
    ],
)
async def test_what_is_required_in_some_cases(
    directory: TestClient[Any, Any], changes: dict[str, Any], missing: str
) -> None:
    answer = await _ask(directory, _areq(**changes))
    assert (answer["errorCode"], answer["errorDetail"]) == ("201", missing)


async def test_other_schemes_need_no_transaction_type(directory: TestClient[Any, Any]) -> None:
    areq = _areq(acctNumber=DEMO_CARDS["approve_mastercard"], transType=None)
    assert (await _ask(directory, areq))["transStatus"] == "Y"


async def test_a_browser_with_scripts_passes(directory: TestClient[Any, Any]) -> None:
    screen = {"browserColorDepth": "24", "browserScreenHeight": "1080", "browserScreenWidth": "1920"}
    areq = _areq(browserJavascriptEnabled=True, browserJavaEnabled=False, browserTZ="-120", **screen)
    assert (await _ask(directory, areq))["transStatus"] == "Y"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ([], "101"),
        ("AReq", "101"),
        ({"messageType": "CReq"}, "101"),
        ({"messageType": "AReq", "messageVersion": "2.1.0"}, "102"),
    ],
)
async def test_other_messages_are_refused(directory: TestClient[Any, Any], message: Any, code: str) -> None:
    assert (await _ask(directory, message))["errorCode"] == code


async def test_bodies_that_are_no_json_are_refused(directory: TestClient[Any, Any]) -> None:
    async with directory.post("/3ds/areq", data=b"\xff{" + b"[" * 50_000) as response:
        assert (await response.json())["errorCode"] == "101"
    async with directory.post("/3ds/areq", data=b" " * 70_000) as response:
        assert response.status == 413


async def test_a_missing_access_control_server_is_an_error_message() -> None:
    app = directory_app(acs_url=f"http://127.0.0.1:{unused_port()}")
    async with TestClient(TestServer(app)) as client:
        areq = _areq()
        answer = await _ask(client, areq)
        assert (answer["errorCode"], answer["errorComponent"]) == ("405", "D")
        assert answer["threeDSServerTransID"] == areq["threeDSServerTransID"]


async def test_card_ranges_cover_every_test_card(directory: TestClient[Any, Any]) -> None:
    preq = {"messageType": "PReq", "messageVersion": "2.2.0", "threeDSServerTransID": str(uuid4())}
    pres = await _ask(directory, preq, "/3ds/preq")
    assert pres["messageType"] == "PRes"
    ranges = [(row["startRange"], row["endRange"]) for row in pres["cardRangeData"]]
    for pan in DEMO_CARDS.values():
        assert any(start <= pan.ljust(19, "0") <= end for start, end in ranges)


async def _start(module: str, *arguments: str) -> tuple[Process, int]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, *arguments, stdout=PIPE, stderr=PIPE)
    assert process.stderr is not None
    line = await asyncio.wait_for(process.stderr.readline(), 30)
    return process, int(line.decode().rpartition("port=")[2])


async def test_both_servers_run_as_processes_and_say_nothing_of_cards() -> None:
    acs, acs_port = await _start("ippsandbox.threeds.acs", "--port", "0")
    acs_url = f"http://127.0.0.1:{acs_port}"
    directory, port = await _start("ippsandbox.threeds.directory", "--port", "0", "--acs-url", acs_url)
    challenge = _areq(acctNumber=DEMO_CARDS["challenge"])
    async with (
        ClientSession() as session,
        session.post(f"http://127.0.0.1:{port}/3ds/areq", json=challenge) as response,
    ):
        assert (await response.json())["acsURL"] == f"{acs_url}/acs/challenge"
    for process in (directory, acs):
        process.send_signal(signal.SIGTERM)
        output, errors = await asyncio.wait_for(process.communicate(), 30)
        assert (process.returncode, output, errors) == (0, b"", b"")
