"""Who may call what (wire contract 5)."""

import pytest
from starlette.datastructures import Headers

from ippgateway.domains.accounts.errors import AccountUnavailable, TooManyFailures, WrongCredentials
from ippgateway.faces.classic.credentials import arrival_of
from ippgateway.faces.classic.face import Scheme
from ippgateway.faces.classic.request import Call
from ippgateway.faces.classic.table import TABLE

from .conftest import Contract
from .rooms import (
    ACTION,
    CHECKOUT,
    COMPANY,
    CRYPTOGRAM,
    KEY1,
    KEY2,
    OTHER_COMPANY,
    OTHER_USER,
    PARTNER,
    PARTNER_SESSION,
    PASSWORD,
    PAYMENT,
    PAYMENT_KEY,
    POLICY,
    SESSION,
    USER,
    USERNAME,
    Rooms,
)

S = {"user_id": USER, "session_id": SESSION}
PARTNER_S = {"user_id": USER, "session_id": PARTNER_SESSION}
STALE = {"user_id": USER, "session_id": "x" * 43}
K1 = {"company_id": COMPANY, "key1": KEY1}
K2 = {"id": COMPANY, "key2": KEY2}
# Enough of every parameter for each endpoint to succeed once the caller is known.
FIELDS = {
    "field": "meta",
    "acquirer_id": "Te5t-Acqu-irer",
    "action_id": ACTION,
    "transaction_id": PAYMENT,
    "reference_transaction_id": PAYMENT,
    "checkout_id": CHECKOUT,
    "amount": "100",
    "currency": "EUR",
    "update_user_id": OTHER_USER,
    "rule": POLICY,
    "rules": "ALL",
    "name": "A name",
    "email": "new@shop.example",
    "password": "new-Password-1!",
    "status": "1",
    "company[name]": "Shop",
    "contact[email]": "new@shop.example",
    "contact[password]": "new-Password-1!",
    "company_user_id": USER,
    "compliance_admin": "1",
}
OWN = {Scheme.SESSION: S, Scheme.DATA_KEY: K1, Scheme.PAYMENT_KEY: K2}
COMPANY_ENDPOINTS = sorted(p for p, r in TABLE.items() if r.built and r.schemes & set(OWN) and p != "payments/status")


@pytest.mark.parametrize("path", [p for p in COMPANY_ENDPOINTS if not p.startswith("partner/")])
async def test_each_endpoint_takes_the_schemes_of_its_row_and_no_other(contract: Contract, path: str) -> None:
    for scheme, credentials in OWN.items():
        code = 200 if scheme in TABLE[path].schemes else 401
        assert (await contract.post(f"/{path}", FIELDS | credentials)).json["code"] == code, scheme
    for wrong in ({}, STALE, PARTNER_S, K1 | {"key1": "x"}, K2 | {"id": OTHER_COMPANY[:-1]}, {"key1": KEY1}):
        assert (await contract.post(f"/{path}", FIELDS | wrong)).json["code"] == 401


PARTNER_ENDPOINTS = sorted(p for p, r in TABLE.items() if r.built and p.startswith("partner/") and r.schemes)


@pytest.mark.parametrize("path", PARTNER_ENDPOINTS)
async def test_a_partner_s_session_and_a_company_s_are_not_interchangeable(contract: Contract, path: str) -> None:
    fields = FIELDS | {"company_id": COMPANY}
    assert (await contract.post(f"/{path}", fields | PARTNER_S)).status == 200
    for wrong in (S, STALE, K1, K2, {}):
        assert (await contract.post(f"/{path}", FIELDS | wrong)).status == 401


async def test_a_partner_s_keys_open_what_their_column_says(contract: Contract) -> None:
    fields = FIELDS | {"partner_id": PARTNER}
    for path in PARTNER_ENDPOINTS:
        opens = Scheme.PARTNER_PAYMENT_KEY in TABLE[path].schemes
        assert (await contract.post(f"/{path}", fields | {"key1": KEY2})).status == (200 if opens else 401)
        for wrong in ({"key2": KEY1}, {"key2": "wrong"}, {"key2": KEY2, "partner_id": COMPANY}):
            assert (await contract.post(f"/{path}", fields | wrong)).status == 401
    assert [p for p in PARTNER_ENDPOINTS if Scheme.PARTNER_PAYMENT_KEY in TABLE[p].schemes] == ["partner/company/add"]


async def test_a_session_is_tried_before_keys_and_a_stale_one_does_not_harm_them(contract: Contract) -> None:
    other = {"company_id": OTHER_COMPANY, "key1": KEY1}
    assert (await contract.post("/company/data", S | other)).content["id"] == COMPANY
    assert (await contract.post("/company/data", STALE | other)).content["id"] == OTHER_COMPANY
    assert (await contract.post("/company/data", PARTNER_S | other)).content["id"] == OTHER_COMPANY


async def test_the_company_of_a_session_is_not_asked_of_the_caller(contract: Contract) -> None:
    for sent in ({"id": USER}, {"company_id": OTHER_COMPANY}, {"id": OTHER_COMPANY, "company_id": "x"}):
        assert (await contract.post("/company/data", S | sent)).content["id"] == COMPANY


async def test_of_two_names_for_the_company_the_long_one_counts(contract: Contract) -> None:
    both = {"company_id": COMPANY, "id": OTHER_COMPANY, "key1": KEY1}
    assert (await contract.post("/company/data", both)).content["id"] == COMPANY
    assert (await contract.post("/company/data", both | {"company_id": ""})).content["id"] == OTHER_COMPANY


@pytest.mark.parametrize("named", ["key1", "key2", "api_key"])
async def test_keys_count_by_value_and_not_by_name(contract: Contract, named: str) -> None:
    rest = {name: "wrong" for name in ("key1", "key2", "api_key") if name != named}
    assert (await contract.post("/company/data", {"id": COMPANY, named: KEY1} | rest)).status == 200
    order = {"id": COMPANY, "amount": "1", "currency": "EUR"}
    assert (await contract.post("/payments/checkout_id", order | {named: KEY2} | rest)).status == 200
    assert (await contract.post("/payments/checkout_id", order | {named: KEY1} | rest)).status == 401


async def test_what_no_id_or_key_can_be_reaches_no_room(contract: Contract, rooms: Rooms) -> None:
    odd = [("user_id", "a\0"), ("session_id", "b b"), ("company_id", "c" * 14), ("id", COMPANY), ("key1", "\0" + KEY1)]
    assert (await contract.post("/company/data", odd)).status == 401
    assert (await contract.post("/company/data", [("id", COMPANY), ("key1[]", KEY1), ("key2", "k" * 65)])).status == 401
    assert rooms.asked == {}


@pytest.mark.parametrize("path", ["/company/login/?", "/partner/login/"])
async def test_sign_in(contract: Contract, rooms: Rooms, path: str) -> None:
    answer = await contract.post(path, {"username": USERNAME, "password": PASSWORD, "partner_id": ""})
    assert answer.content == {"user_id": USER, "session_id": SESSION}
    assert answer.json["message"] == "Request performed successfully"
    asked = rooms.asked["accounts.sign_in"][0]
    assert (asked["audience"], asked["partner_id"]) == (path.split("/")[1], None)


@pytest.mark.parametrize(
    ("address", "counted"),
    [("192.0.2.7", "192.0.2.7"), ("127.0.0.1", ""), ("::1", ""), ("not an address", "not an address")],
)
async def test_a_console_s_server_on_this_machine_is_no_network_to_count_failures_by(
    address: str, counted: str
) -> None:
    assert arrival_of(Call(params={}, headers=Headers(), client_ip=address)).address.open() == counted


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [(WrongCredentials(), 401, 401), (AccountUnavailable(), 403, 4020), (TooManyFailures(30), 429, 429)],
)
async def test_a_refused_sign_in_names_no_user(
    contract: Contract, rooms: Rooms, failure: Exception, status: int, code: int
) -> None:
    rooms.failure = failure
    answer = await contract.post("/company/login/", {"username": USERNAME, "password": PASSWORD})
    assert (answer.status, answer.json["success"], answer.json["code"], answer.content) == (status, False, code, {})
    assert answer.headers.get("retry-after") == ("30" if code == 429 else None)


async def test_a_sign_in_without_its_fields_is_malformed_and_an_endless_password_is_wrong(contract: Contract) -> None:
    assert (await contract.post("/company/login", {"username": USERNAME})).json["code"] == 400
    assert (await contract.post("/company/login", {"password": PASSWORD})).json["code"] == 400
    assert (await contract.post("/company/login", {"username": USERNAME, "password": "x" * 1_025})).json["code"] == 401


T = {"transaction_id": PAYMENT, "transaction_key": PAYMENT_KEY}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (T, 200),
        (T | K2, 200),
        (T | K2 | {"origin": "http://testing", "checkout_id": "x"}, 200),
        ({"transaction_id": PAYMENT} | K2, 200),
        ({"transaction_id": PAYMENT}, 404),
        (T | {"transaction_key": ""}, 404),
        (T | {"transaction_key": "wrongkey"}, 404),
        (T | K2 | {"transaction_key": "wrongkey"}, 404),
        (T | K2 | {"transaction_key": "not a key"}, 404),
        (T | K2 | {"key2": "wrong"}, 404),
        (T | {"id": COMPANY}, 404),
        (T | {"id": COMPANY, "key2": KEY1}, 404),
        (T | {"id": OTHER_COMPANY, "key2": KEY2}, 404),
        (T | {"transaction_id": "aaaa-bbbb-cccc"}, 404),
        (T | {"transaction_id": "x\0"}, 404),
        ({}, 400),
        ({"checkout_id": CHECKOUT}, 200),
        ({"checkout_id": CHECKOUT, "cryptogram": CRYPTOGRAM}, 200),
        ({"checkout_id": CHECKOUT} | K2, 200),
        ({"checkout_id": CHECKOUT, "cryptogram": "wrong"}, 404),
        ({"checkout_id": CHECKOUT, "cryptogram": "not one"}, 404),
        ({"checkout_id": "wrong"}, 404),
        ({"checkout_id": "not one"}, 404),
        ({"checkout_id": CHECKOUT} | K2 | {"key2": "wrong"}, 401),
        ({"checkout_id": CHECKOUT} | K2 | {"id": OTHER_COMPANY}, 404),
    ],
)
async def test_status_by_transaction_or_checkout(contract: Contract, fields: dict[str, str], code: int) -> None:
    for answer in (
        await contract.post("/payments/status.php?", fields),
        await contract.get("/payments/status", fields),
    ):
        assert answer.json["code"] == code
        assert code == 200 or answer.content == {}
