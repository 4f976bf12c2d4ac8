"""Hostile requests: always the envelope, and never a word of the caller's in an answer, a log line or the output."""

import io
import json
from contextlib import ExitStack
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ippgateway.core import log
from ippgateway.faces.classic.table import TABLE

from .asgi import call
from .conftest import Contract, contract_over
from .rooms import (
    ACTION,
    CHECKOUT,
    COMPANY,
    KEY1,
    KEY2,
    OTHER_USER,
    PARTNER_SESSION,
    PAYMENT,
    POLICY,
    SESSION,
    USER,
    Rooms,
)
from .test_transport import assert_envelope

CARD, CODE, MAIL, NAME = "4556737586899855", "9871", "canary@leak.example", "Kanarie Vogel"
CANARIES = (CARD, MAIL, NAME, "Kanarie", "canary", quote(MAIL), NAME.replace(" ", "+"))
FIELDS = (
    "username password partner_id user_id session_id company_id id key1 key2 api_key field value[company][name]"
    " value[key1] value acquirer_id settings[mid] settings[a][b] type result payment_earliest payment_latest action_id"
    " transaction_id transaction_key method amount currency order_id transaction_type ipn accepturl rebill test theme"
    " billing[name] billing checkout_id cryptogram holder cardno expmonth expyear cvv origin product[1_name]"
    " first_name unknown update_user_id rule rules name email phone status portal hash initialization_time"
    " company[name] contact[name] contact[phone] contact[email] contact[password] company_user_id compliance_admin"
    " meta[name] meta[country] meta[x] security[key1] partner_merchant_id partner_merchant_key2 url"
).split()
VALID = {
    "user_id": USER, "session_id": SESSION, "company_id": COMPANY, "key1": KEY1, "key2": KEY2, "field": "meta",
    "acquirer_id": "Te5t-Acqu-irer", "action_id": ACTION, "amount": "1", "currency": "EUR", "checkout_id": CHECKOUT,
    "holder": "T", "cardno": "4111111111111111", "expmonth": "4", "expyear": "30", "cvv": "123",
    "username": "u", "password": "new-Password-1!", "transaction_id": PAYMENT, "update_user_id": OTHER_USER,
    "rule": POLICY, "rules": "ALL", "name": "n", "email": "a@b.example", "status": "1", "hash": "t" * 43,
    "company[name]": "n", "contact[email]": "a@b.example", "contact[password]": "p" * 8, "company_user_id": USER,
    "compliance_admin": "1",
}  # fmt: skip
REACHES_NO_ROOM = {"version", "versions", "partner/list/country", "partner/users/data"}
BUILT = sorted(path for path, row in TABLE.items() if row.built)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr(log, "_stream", stream)
    return stream


def assert_clean(text: str) -> None:
    assert not [canary for canary in CANARIES if canary.lower() in text.lower()]


@pytest.mark.parametrize("failing", [False, True])
@pytest.mark.parametrize("path", [*BUILT, "company/search", "no/such/path"])
async def test_canaries_in_every_field_header_path_and_query_come_back_nowhere(
    contract: Contract,
    rooms: Rooms,
    *,
    path: str,
    failing: bool,
    written: io.StringIO,
    capfd: pytest.CaptureFixture[str],
) -> None:
    if failing:
        rooms.failure = RuntimeError(f"{CARD} of {NAME} <{MAIL}>")
    session = PARTNER_SESSION if path.startswith("partner/") else SESSION
    headers = dict.fromkeys(("user-agent", "accept-language", "origin", "x-any", "cookie"), f"{MAIL} {CARD}")
    for canary in (CARD, MAIL, NAME):
        for field in FIELDS:
            fields = VALID | {"session_id": session} | {field: canary}
            query = f"/{path}?{quote(field)}={quote(canary)}&{quote(canary)}=1"
            body = "&".join(f"{quote(k)}={quote(v)}" for k, v in fields.items()).encode()
            answer = await contract.send("POST", query, body=body, headers=headers)
            assert_envelope(answer)
            assert_clean(answer.body.decode() + json.dumps(answer.headers))
    for wrong in (f"/{path}/{quote(MAIL)}", f"/{CARD}/{path}"):
        answer = await contract.send("GET", wrong, headers=headers)
        assert_envelope(answer, 404)
        assert_clean(answer.body.decode())
    out = capfd.readouterr()
    assert_clean(written.getvalue() + out.out + out.err)
    assert bool(written.getvalue()) is (failing and path in BUILT and path not in REACHES_NO_ROOM)


async def test_the_unforeseen_gets_a_reference_that_the_log_has_too(
    contract: Contract, rooms: Rooms, written: io.StringIO
) -> None:
    rooms.failure = KeyError(CARD)
    answer = await contract.post("/company/data", VALID)
    assert_envelope(answer, 500)
    line = json.loads(written.getvalue())
    assert answer.json["message"] == f"Internal error, reference {line['reference']}"
    assert (line["event"], line["error"]) == ("classic.unforeseen", "key_error")
    assert line["at_0"].startswith("company:")


noise = st.binary(max_size=120)
names = st.sampled_from([*FIELDS, "value[", "value[]", "a[b]c", "[", "]", "", "meta[x][y][z][w][v]"])
pairs = st.lists(st.tuples(names, st.text(max_size=30) | st.sampled_from(list(VALID.values()))), max_size=8)
kinds = st.sampled_from(
    [
        None,
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=B",
        "application/json",
        "text/plain",
        ";;",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    path=st.sampled_from([*BUILT, "", "pay.js", "partner/list/types"]) | st.text(max_size=20),
    method=st.sampled_from(["GET", "POST", "OPTIONS", "HEAD", "PUT"]),
    query=noise | pairs,
    body=noise | pairs,
    kind=kinds,
)
async def test_any_request_at_all_gets_the_envelope(
    path: str,
    method: str,
    query: bytes | list[tuple[str, str]],
    body: bytes | list[tuple[str, str]],
    kind: str | None,
) -> None:
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        Rooms().install(patch)
        stream = io.StringIO()
        patch.setattr(log, "_stream", stream)
        target = f"/{quote(path)}?{raw(query).decode('latin-1')}"
        for app in contract_over().apps.values():
            answer = await call(app, method, target, body=raw(body), kind=kind)
            assert answer is not None
            assert_envelope(answer)
        assert stream.getvalue() == ""  # nothing was unforeseen


def raw(sent: bytes | list[tuple[str, str]]) -> bytes:
    if isinstance(sent, bytes):
        return sent
    return "&".join(f"{quote(name, safe='[]')}={quote(value)}" for name, value in sent).encode()
