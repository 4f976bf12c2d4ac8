"""A forgotten password (wire contract 7.2, R-21)."""

import pytest

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.schemas import Audience

from .conftest import Contract
from .rooms import NOW, TICKET, USER, USERNAME, Rooms

REQUEST, CONFIRM = "/company/users/password/request/?", "/company/users/password/request/confirm.php?"
BOTH = (Audience.COMPANY, Audience.PARTNER)


@pytest.mark.parametrize(
    ("portal", "base"),
    [
        ("http://localhost:8080/", "http://localhost:8080/"),
        ("http://127.0.0.1/console", "http://127.0.0.1/console/"),
        ("http://shop.localhost:81/x/", "http://shop.localhost:81/x/"),
        ("https://ipp.example/", "https://ipp.example/"),
        ("https://console.ipp.example:8443/", "https://console.ipp.example:8443/"),
        ("https://portal.example/", "https://portal.example/"),
        ("https://portal.example/merchants/", "https://portal.example/merchants/"),
    ],
)
async def test_the_letter_leads_back_to_a_console_that_we_know(
    contract: Contract, rooms: Rooms, portal: str, base: str
) -> None:
    answer = await contract.post(REQUEST, {"partner_id": "", "email": USERNAME, "portal": portal})
    assert answer.content == {}
    (asked,) = rooms.asked["accounts.ask_reset"]
    assert (asked["audiences"], asked["email"]) == (BOTH, USERNAME)
    expected = f"{base}?reset=1&id={USER}&initialization={int(NOW.timestamp())}&hash={TICKET}"
    assert asked["link"](Secret(TICKET), USER, Audience.COMPANY) == expected
    assert asked["link"](Secret(TICKET), USER, Audience.PARTNER) == f"{expected}&administrator=1"


@pytest.mark.parametrize(
    "portal",
    [
        "",
        "https://evil.example/",
        "https://ipp.example.evil.example/",
        "https://evilipp.example/",
        "http://ipp.example/",
        "http://portal.example/",
        "https://portal.example:444/",
        "https://portal.example@evil.example/",
        "https://evil.example/?https://portal.example/",
        "https://portal.example/?x=1",
        "https://portal.example/#x",
        "https://portal.example\\@evil.example/",
        "//portal.example/",
        "javascript:alert(1)",
        "https://",
        "http://[x/",
        "https://portal.example:99999/",
        "https://portal.example/" + "x" * 600,
    ],
)
async def test_no_letter_leads_to_a_stranger(contract: Contract, rooms: Rooms, portal: str) -> None:
    answer = await contract.post(REQUEST, {"email": USERNAME, "portal": portal})
    assert (answer.status, answer.content) == (200, {})
    assert rooms.asked["accounts.ask_reset"][0]["link"] is None


async def test_the_link_is_redeemed_for_a_password_for_one_sign_in(contract: Contract) -> None:
    told = {"initialization_time": "1", "hash": TICKET}
    for named in ("user_id", "company_id"):  # one class of the shops says so
        content = (await contract.post(CONFIRM, told | {named: USER})).content
        assert content == {"username": USERNAME, "password": "once-only"}


@pytest.mark.parametrize(
    "wrong", [{"hash": "x" * 43}, {"hash": ""}, {"hash": "a b"}, {"user_id": ""}, {"user_id": "u1U1-u2U2-u3U4"}]
)
async def test_a_link_that_is_none_is_told_as_any_wrong_credential(contract: Contract, wrong: dict[str, str]) -> None:
    answer = await contract.post(CONFIRM, {"user_id": USER, "hash": TICKET} | wrong)
    assert (answer.status, answer.content) == (401, {})


async def test_asking_and_redeeming_are_no_gets(contract: Contract, rooms: Rooms) -> None:
    for path in (REQUEST, CONFIRM):
        answer = await contract.get(path.partition("?")[0], {"email": USERNAME, "user_id": USER, "hash": TICKET})
        assert answer.json["code"] == 400
    assert rooms.asked == {}
