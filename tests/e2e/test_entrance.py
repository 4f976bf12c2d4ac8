"""One address for everything: signing in, whose session opens what, all 118 endpoints, and how clients write requests.

Each way of writing is tried on a path that the payment zone serves itself and on one that it passes on.
"""

import asyncio
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from ippgateway.faces.classic.table import HOSTED_PAGE, TABLE

from .client import Answer, Client, assert_envelope, raw, split

OWN, PASSED_ON = "/payments/checkout_id.php?", "/company/data/?"
BUILT = sorted(path for path, row in TABLE.items() if row.built)
# Of each kind's endpoints, those that ask for a session; without one come signing in and a forgotten password.
PARTNERS = [path for path in BUILT if path.startswith("partner/") and TABLE[path].schemes]
COMPANIES = [path for path in BUILT if path.startswith("company/") and TABLE[path].schemes]
LARGE = "x" * 3000


def order(client: Client, path: str, session: Mapping[str, str]) -> dict[str, str]:
    """A valid request for one of the two paths."""
    return {**session} if path == PASSED_ON else client.keys | {"currency": "EUR", "amount": "100"}


def request(path: str, body: bytes, *headers: str, version: str = "1.1", method: str = "POST") -> bytes:
    """A request as bytes, on a connection that ends with its answer."""
    head = [f"{method} {path} HTTP/{version}", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *headers]
    if version == "1.1":
        head.append("Connection: close")
    return "\r\n".join([*head, "", ""]).encode() + body


FORM = "Content-Type: application/x-www-form-urlencoded"


async def sent(client: Client, request: bytes) -> tuple[bytes, Answer]:
    """The status line and the answer, which is one envelope."""
    port = int(client.base.rsplit(":", 1)[1])
    answer = await raw(port, request)
    assert b"\r\n\r\n" in answer, "no answer"
    line, found = split(answer)
    assert_envelope(found)
    return line, found


WITHOUT_ENVELOPE = frozenset({HOSTED_PAGE, "pay.js"})
"""For browsers (contract 3.3 and 10); `tests/pay` tries them."""

# --- every endpoint ---


def test_the_table_has_all_endpoints_of_the_contract() -> None:
    assert len(TABLE) == 118


@pytest.mark.parametrize("method", ["post", "get"])
async def test_every_endpoint_answers_with_an_envelope_and_none_makes_up_a_success(
    client: Client, session: dict[str, str], method: str
) -> None:
    for path, row in TABLE.items():
        if path in WITHOUT_ENVELOPE:
            continue
        for fields in ({}, session, client.keys | {"key1": client.company["key1"]}):
            answer = await (client.post if method == "post" else client.get)(f"/{path}", **fields)
            assert_envelope(answer)
            if not row.built:
                assert (path, answer.code) == (path, 404)
            elif row.schemes and not fields:
                assert (path, answer.code) in {(path, 401), (path, 400), (path, 404)}


@pytest.mark.parametrize("host", [b"127.0.0.1", b"pay.localhost:8000", b"api.example"])
async def test_a_checkout_that_nobody_made_has_no_hosted_page_under_any_name(client: Client, host: bytes) -> None:
    asked = request("/?checkout_id=x", b"", method="GET").replace(b"Host: 127.0.0.1", b"Host: " + host)
    answer = await raw(int(client.base.rsplit(":", 1)[1]), asked)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b" 404 " in head.splitlines()[0]
    assert b"text/html" in head.lower()
    assert b"<html" in body


@pytest.mark.parametrize(
    "path", ["/no/such/path", "/company", "/payments/", "/%00", "/%ff%fe/x", "/company/data/x.php"]
)
async def test_an_unknown_path_is_not_found_in_an_envelope(client: Client, path: str) -> None:
    _, answer = await sent(client, request(path, b"", method="GET"))
    assert answer.code == 404


# --- who may what ---


async def test_a_partner_signs_in_and_sees_its_data(client: Client, partner_session: dict[str, str]) -> None:
    partner = client.demo["partner"]
    data = (await client.post("//partner/data/?", partner_session, partner_id=partner["id"])).performed()
    assert (data["id"], data["name"]) == (partner["id"], "Demo partner")
    assert data["security"] == {"key1": partner["key1"], "key2": partner["key2"]}
    assert isinstance(data["acquirers"], dict)
    assert data["country"]["id"]


async def test_sessions_of_one_kind_do_not_open_the_other(
    client: Client, session: dict[str, str], partner_session: dict[str, str]
) -> None:
    for paths, foreign in ((COMPANIES, partner_session), (PARTNERS, session)):
        assert paths
        for path in paths:
            answer = await client.post(f"/{path}/?", foreign, field="meta", action_id="aaaa-aaaa-aaaa")
            assert_envelope(answer)
            assert (path, answer.code) == (path, 401)


async def test_a_stale_session_together_with_valid_keys_succeeds(client: Client) -> None:
    stale = {"user_id": "aaaa-aaaa-aaaa", "session_id": "x" * 48}
    keys = {"company_id": client.company["id"], "key1": client.company["key1"]}
    data = (await client.post("/company/data", stale | keys)).performed()
    assert data["user"]["acccess_rights"] == ["ALL"]
    assert (await client.post("/company/data", stale)).code == 401
    swapped = {"id": client.company["id"], "key1": client.company["key2"], "key2": "wrong"}
    (await client.post("/payments/checkout_id", swapped, currency="978", amount="1")).performed()


async def test_a_burst_of_sign_ins_is_normal_and_ends_no_older_session(client: Client, session: dict[str, str]) -> None:
    sessions = await asyncio.gather(*(client.login() for _ in range(20)))
    assert len({each["session_id"] for each in sessions}) == 20
    for each in (session, sessions[0], sessions[-1]):
        (await client.post("/company/data", each)).performed()


async def test_only_failures_are_throttled_and_only_for_the_name_that_failed(client: Client) -> None:
    account = {"username": f"nobody{time.time_ns()}@shop.example", "password": "wrong"}
    for _ in range(10):
        answer = await client.post("/company/login/", account)
        assert_envelope(answer)
        assert answer.code == 401
    throttled = await client.post("/company/login/", account)
    assert throttled.code == 429
    assert int(throttled.headers["Retry-After"]) > 0
    await client.login()


# --- how clients write ---


@pytest.mark.parametrize("path", [OWN, PASSED_ON])
async def test_every_spelling_of_a_path_is_the_same_path_and_never_redirected(
    client: Client, session: dict[str, str], path: str
) -> None:
    logical = path.strip("/?").removesuffix(".php")
    for spelling in ("/{}", "//{}/", "/{}/?", "/{}.php", "/{}.php?", "///{}//?", "/{}/index.php", "/{}/index.php?"):
        fields = order(client, path, session)
        (await client.post(spelling.format(logical.replace("/", "//")), fields)).performed()
        (await client.post(spelling.format(logical), fields)).performed()


@pytest.mark.parametrize("path", [OWN, PASSED_ON])
async def test_an_old_client_gets_no_chunks(client: Client, session: dict[str, str], path: str) -> None:
    body = urlencode(order(client, path, session)).encode()
    line, answer = await sent(client, request(path, body, FORM, version="1.0"))
    assert line.split()[1] == b"200"
    assert "Transfer-Encoding" not in answer.headers
    answer.performed()


@pytest.mark.parametrize("path", [OWN, PASSED_ON])
async def test_a_large_form_waits_for_continue(client: Client, session: dict[str, str], path: str) -> None:
    fields = order(client, path, session) | {"submit": LARGE}
    whole = request(path, urlencode(fields).encode(), FORM, "Expect: 100-continue")
    head, _, body = whole.partition(b"\r\n\r\n")
    reader, writer = await asyncio.open_connection("127.0.0.1", int(client.base.rsplit(":", 1)[1]))
    async with asyncio.timeout(20):
        writer.write(head + b"\r\n\r\n")
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(body)
        _, answer = split(await reader.read())
    writer.close()
    answer.performed()


@pytest.mark.parametrize("path", [OWN, PASSED_ON])
async def test_a_multipart_form_is_a_form(client: Client, session: dict[str, str], path: str) -> None:
    parts = [
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in order(client, path, session).items()
    ]
    parts.append('--B\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n\x00\xff\r\n--B--\r\n')
    body = "".join(parts).encode()
    _, answer = await sent(client, request(path, body, "Content-Type: multipart/form-data; boundary=B"))
    answer.performed()


@pytest.mark.parametrize("path", [OWN, PASSED_ON])
async def test_a_body_in_chunks_is_a_body(client: Client, session: dict[str, str], path: str) -> None:
    body = urlencode(order(client, path, session)).encode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:])) + b"0\r\n\r\n"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{FORM}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    _, answer = await sent(client, head.encode() + chunks)
    answer.performed()


async def test_opencart_asks_by_get_and_announces_json(client: Client) -> None:
    query = urlencode(client.keys | {"currency": "EUR", "amount": "12.50"})
    whole = request(f"/payments/checkout_id?{query}", b"", "Content-Type: application/json", method="GET")
    _, answer = await sent(client, whole)
    assert answer.performed()["checkout_id"]


@pytest.mark.parametrize("path", [OWN, PASSED_ON])
@pytest.mark.parametrize("size", [1_100_000, 40_000_000])
async def test_a_body_past_its_limit_is_refused(client: Client, path: str, size: int) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{FORM}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
    port = int(client.base.rsplit(":", 1)[1])
    _, answer = split(await raw(port, head.encode() + b"a=" + b"x" * 4000))
    assert_envelope(answer)
    assert answer.code == 413


@pytest.mark.parametrize("path", [OWN, PASSED_ON, "/no/such/path"])
async def test_any_browser_may_ask_first(client: Client, path: str) -> None:
    ask = request(path, b"", "Origin: https://shop.example", "Access-Control-Request-Method: POST", method="OPTIONS")
    _, answer = await sent(client, ask)
    assert answer.status == 200
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("host", ["api.ippeurope.com", "pay.localhost", "127.0.0.1:1", "unknown.example", ""])
async def test_the_path_decides_and_not_the_host_name(client: Client, session: dict[str, str], host: str) -> None:
    for path in (OWN, PASSED_ON):
        body = urlencode(order(client, path, session)).encode()
        whole = request(path, body, FORM).replace(b"Host: 127.0.0.1", f"Host: {host}".encode())
        _, answer = await sent(client, whole)
        answer.performed()
