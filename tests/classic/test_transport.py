"""Paths, methods, sizes, headers (wire contract 2), and that every one of the 118 endpoints answers in the envelope."""

import pytest

from ippgateway.faces.classic.paths import logical_path
from ippgateway.faces.classic.request import LARGEST_BODY, LARGEST_QUERY
from ippgateway.faces.classic.table import TABLE, find, zone_of
from ippgateway.privacy.zones import Zone

from .asgi import Answer, call
from .conftest import Contract
from .rooms import CHECKOUT, COMPANY, KEY1, KEY2, PARTNER, PARTNER_SESSION, SESSION, USER, Rooms

SPELLINGS = ("/{}", "/{}/", "/{}.php", "/{}/index.php", "/{}/index", "//{}/", "///{}.php", "/{}.php/", "{}")
BUILT = sorted(path for path, row in TABLE.items() if row.built)
NOT_BUILT = sorted(path for path, row in TABLE.items() if not row.built)
ALL_CREDENTIALS = {"company_id": COMPANY, "key1": KEY1, "key2": KEY2, "user_id": USER, "checkout_id": CHECKOUT}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_every_path_is_the_logical_one(spelling: str) -> None:
    for path in filter(None, TABLE):
        assert logical_path(spelling.format(path).replace("//", "//" * 3)) == path
        assert logical_path("/" + spelling.format(path.upper())) != path  # lower case only


def test_paths_that_only_look_alike() -> None:
    assert logical_path("/") == logical_path("/index.php") == logical_path("//") == ""
    assert logical_path("/company/data.php.php") == "company/data.php"
    assert logical_path("/company/index/data") == "company/index/data"
    assert logical_path("/themes/list.json") == "themes/list.json"


def test_the_table_has_all_endpoints_of_the_contract_and_older_spellings() -> None:
    assert len(TABLE) == 118
    assert find("partner/user/password/reset") is find("partner/users/password/reset") is not None
    assert find("company/onboarding/public_data") is find("company/data/onboarding/public_data") is not None


def test_payments_are_the_payment_zone_s_and_the_rest_is_the_console_s() -> None:
    assert {p for p in TABLE if zone_of(p) is Zone.PAY} == {
        "payments/checkout_id", "payments/status", "payments/secure", "payments/authorize", "payments/rebilling",
        "company/payments/capture", "company/payments/refund", "company/payments/void",
        "company/payments/incremental", "pay.js",
    }  # fmt: skip
    assert zone_of("company/payments/list") is Zone.CONSOLE
    assert zone_of("") is zone_of("about") is None


def assert_envelope(answer: Answer, code: int | None = None) -> None:
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert "transfer-encoding" not in answer.headers
    assert list(answer.json) == ["success", "code", "message", "content"]
    assert answer.json["success"] is (answer.json["code"] == 200)
    assert answer.status == (403 if answer.json["code"] == 4020 else answer.json["code"])
    if code is not None:
        assert answer.json["code"] == code
    if not answer.json["success"]:
        assert answer.content == {}
    else:
        assert answer.json["message"] == "Request performed successfully"


@pytest.mark.parametrize("path", NOT_BUILT)
async def test_what_is_not_built_is_not_found_whatever_the_credentials(
    contract: Contract, rooms: Rooms, path: str
) -> None:
    for session in (SESSION, PARTNER_SESSION, ""):
        fields = ALL_CREDENTIALS | {"session_id": session, "partner_id": PARTNER}
        for answer in (await contract.post(f"//{path}/?", fields), await contract.get(f"/{path}.php", fields)):
            assert_envelope(answer, 404)
    assert rooms.asked == {}


@pytest.mark.parametrize("path", BUILT)
@pytest.mark.parametrize("spelling", ["/{}?", "//{}/?", "/{}.php?", "/{}/index.php?"])
async def test_what_is_built_answers_under_every_spelling(
    contract: Contract, rooms: Rooms, path: str, spelling: str
) -> None:
    assert_envelope(await contract.post(spelling.format(path), {"unknown": "1", "submit": ""}))


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/company", "/Company/Login", "/company/login/../data", "/.env", "/%00"]
)
async def test_unknown_paths_are_enveloped_too(contract: Contract, path: str) -> None:
    for method in ("GET", "POST", "PUT"):
        assert_envelope(await contract.send(method, path), 404)


async def test_an_endpoint_is_served_in_its_own_zone_only(contract: Contract) -> None:
    for zone, path in ((Zone.PAY, "/version"), (Zone.PAY, "/company/login"), (Zone.CONSOLE, "/payments/secure")):
        answer = await call(contract.apps[zone], "POST", path)
        assert answer is not None
        assert_envelope(answer, 404)


@pytest.mark.parametrize("path", ["/company/data/", "/payments/secure?", "/pay.js", "/nothing"])
async def test_preflight(contract: Contract, path: str) -> None:
    answer = await contract.send("OPTIONS", path, kind=None, headers={"origin": "https://shop.example"})
    assert_envelope(answer, 200)
    assert answer.headers["access-control-allow-methods"] == "GET, POST, OPTIONS"
    assert answer.headers["access-control-allow-headers"] == "content-type, idempotency-key"


async def test_reading_may_be_a_get_and_changing_may_not(contract: Contract, rooms: Rooms) -> None:
    session = {"user_id": USER, "session_id": SESSION}
    assert_envelope(await contract.get("/company/data/", session), 200)
    keys = {"id": COMPANY, "key2": KEY2, "amount": "1", "currency": "EUR"}
    assert_envelope(await contract.get("/payments/checkout_id", keys), 200)  # OpenCart
    rooms.asked.clear()
    for path in ("company/login", "partner/login", "company/data/update", "company/acquirer/data/update"):
        assert_envelope(await contract.get(f"/{path}", session | {"field": "meta"}), 400)
    for path in ("payments/secure", "payments/authorize"):
        assert_envelope(await contract.get(f"/{path}", {"checkout_id": CHECKOUT}), 400)
    for method in ("PUT", "DELETE", "PATCH", "HEAD", "BREW"):
        assert_envelope(await contract.send(method, "/company/data"), 400)
    assert rooms.asked == {}


async def test_a_get_that_announces_json_and_sends_none_is_fine(contract: Contract) -> None:
    path = f"/company/data?user_id={USER}&session_id={SESSION}"
    assert_envelope(await contract.send("GET", path, kind="application/json"), 200)


async def test_query_and_body_are_one_and_the_body_wins(contract: Contract) -> None:
    path = f"/company/data?user_id={USER}&session_id=stale"
    assert_envelope(await contract.send("POST", path, body=f"session_id={SESSION}".encode()), 200)
    assert_envelope(await contract.send("POST", path), 401)


async def test_multipart_and_chunked_bodies(contract: Contract) -> None:
    fields = {"user_id": USER, "session_id": SESSION}
    parts = [f'--B\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    body = ("".join(parts) + "--B--\r\n").encode()
    kind = "multipart/form-data; boundary=B"
    assert_envelope(await contract.send("POST", "/company/data", body=body, kind=kind), 200)
    assert_envelope(await contract.send("POST", "/company/data", body=body[:-9], kind=kind), 400)
    encoded = f"user_id={USER}&session_id={SESSION}".encode()
    chunks = [encoded[i : i + 7] for i in range(0, len(encoded), 7)]
    assert_envelope(await contract.send("POST", "/company/data", body=chunks), 200)
    assert_envelope(await contract.send("POST", "/company/data", body=encoded, kind=None), 200)


async def test_what_is_too_large_is_refused_by_its_length_or_as_it_comes(contract: Contract) -> None:
    announced = {"content-length": str(LARGEST_BODY + 1)}
    assert_envelope(await contract.send("POST", "/company/data", headers=announced, hang_up=True), 413)
    assert_envelope(await contract.send("POST", "/company/data", body=[b"a" * 65_536] * 17), 413)
    assert_envelope(await contract.send("POST", "/company/data", body=b"a=" + b"b" * (LARGEST_BODY - 2)), 401)
    assert_envelope(await contract.send("POST", "/company/data?" + "a" * (LARGEST_QUERY + 1)), 413)


async def test_nobody_is_answered_who_hung_up(contract: Contract, rooms: Rooms) -> None:
    gone = await call(contract.apps[Zone.CONSOLE], "POST", "/company/data", body=b"user_id=", hang_up=True)
    assert gone is None
    assert rooms.asked == {}
