"""Requests that carry canaries wherever a request can carry anything, well-formed and not."""

import asyncio
from collections.abc import Awaitable, Iterator, Mapping
from urllib.parse import quote, urlencode

from ippgateway.faces.classic.table import TABLE

from .canaries import CODE, LONG_CODE, MAIL, NAME, NUMBER, NUMBER_DASHED, NUMBER_SPACED, ORDER
from .client import Client, raw

VISA = "4111111111111111"
CARRIED = (NUMBER, f"{NAME} <{MAIL}>")
EVERYTHING = f"{NUMBER} {NUMBER_SPACED} {NUMBER_DASHED} cvv={CODE} {LONG_CODE} {MAIL} {NAME} {ORDER}"
AT_ONCE = 6

FIELDS = """
username password partner_id user_id session_id company_id id key1 key2 api_key field value value[company][name]
value[address][postal] value[a][b][c][d] acquirer_id settings settings[mid] type result payment_earliest payment_latest
action_id transaction_id transaction_key reference_transaction_id method amount currency order_id transaction_type ipn
accepturl rebill test theme billing billing[name] billing[email] product[1_name] first_name address1 email phone
checkout_id cryptogram cipher holder cardno expmonth expyear cvv origin comment hash portal update_user_id unknown
""".split()


def valid(client: Client, session: Mapping[str, str]) -> dict[str, str]:
    """Every parameter with a value that would do."""
    return {
        **session, "id": client.company["id"], "key1": client.company["key1"], "key2": client.company["key2"],
        "username": client.company["username"], "password": client.company["password"], "field": "meta",
        "acquirer_id": "Te5t-Acqu-irer", "action_id": "aaaa-aaaa-aaaa", "amount": "100", "currency": "EUR",
        "holder": "Test Customer", "cardno": VISA, "expmonth": "04", "expyear": "2030", "cvv": "123",
    }  # fmt: skip


async def every_field(client: Client, sessions: Mapping[str, Mapping[str, str]]) -> list[tuple[str, bytes]]:
    """Each field of each endpoint that is built holds each canary once, in the body and in the query; the endpoints
    that are not built get all of it at once. Path, and status, headers and body of what came back."""
    turn = asyncio.Semaphore(AT_ONCE)
    asked = []
    for path, row in TABLE.items():
        session = sessions["partner" if path.startswith("partner/") else "company"]
        base = valid(client, session) | {"checkout_id": (await client.checkout())["checkout_id"]}
        for field in FIELDS if row.built else ():
            asked += [_ask(turn, client, f"/{path}", base | {field: canary}, method="POST") for canary in CARRIED]
        asked.append(_ask(turn, client, f"/{path}", dict.fromkeys(FIELDS, EVERYTHING)))
        asked.append(_ask(turn, client, f"/{path}", base | {"cvv": CODE, "cardno": NUMBER, EVERYTHING: "1"}))
    return await asyncio.gather(*asked)


async def _ask(
    turn: asyncio.Semaphore, client: Client, path: str, fields: dict[str, str], *, method: str = "both"
) -> tuple[str, bytes]:
    async with turn:
        answers = [await client.post(f"{path}?{urlencode({'unknown': EVERYTHING})}", fields)]
        if method == "both":
            answers.append(await client.get(path, **fields))
    return path, b"\n".join(f"{a.status} {a.headers}".encode() + a.body for a in answers)


async def every_place(client: Client, session: Mapping[str, str]) -> list[bytes]:
    """Canaries in path, query, headers, host name and method, and in what is no request at all; on a path of the
    payment zone and on one that it passes on. What came back."""
    port = int(client.base.rsplit(":", 1)[1])
    form = urlencode(valid(client, session) | {"cardno": NUMBER, "cvv": CODE, "holder": NAME}).encode()
    asked: list[Awaitable[bytes]] = []
    for path in ("/payments/authorize", "/company/data", "/no/such/path", "/"):
        asked += [raw(port, request, half_close=True) for request in _requests(path, form)]
    return await asyncio.gather(*asked)


def _requests(path: str, form: bytes) -> Iterator[bytes]:
    yield from _misplaced(path, form)
    yield from _mistyped(path, form)
    yield from _malformed(path)


def _request(path: str, body: bytes, *headers: str, method: str = "POST", host: str = "127.0.0.1") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


def _misplaced(path: str, form: bytes) -> Iterator[bytes]:
    quoted = quote(EVERYTHING, safe="")
    kind = "Content-Type: application/x-www-form-urlencoded"
    yield _request(f"{path}/{quoted}", form, kind)
    yield _request(f"/{quoted}{path}", form, kind)
    yield _request(f"{path}?{quoted}={quoted}", form, kind)
    yield _request(f"{path}#{NUMBER}", form, kind)
    yield _request(f"http://{NUMBER}.example{path}", form, kind)
    yield _request(path, form, kind, host=f"{NUMBER}.leak-canary.example")
    yield _request(path, form, kind, host=MAIL)
    for face in ("site", "console", "pay"):
        yield _request(f"{path}?q={quoted}", form, kind, f"Cookie: {EVERYTHING}", host=f"{face}.localhost")
    yield _request(path, form, kind, method="CANARY" + NUMBER)
    yield _request(path, form, kind, method="PUT")
    names = ("User-Agent", "Accept", "Accept-Language", "Referer", "Cookie", "Authorization", "Origin", "X-Canary",
             "X-Forwarded-For", "Forwarded", "X-Request-Id", "Idempotency-Key", "If-None-Match", "Range")  # fmt: skip
    yield _request(path, form, kind, *(f"{name}: {EVERYTHING}" for name in names))
    yield _request(path, form, kind, f"X-{NUMBER}: 1")
    yield _request(path, form, kind, f"X-Long: {EVERYTHING * 600}")
    yield _request(path, form, kind, *(f"X-{n}: {EVERYTHING}" for n in range(300)))
    yield _request(path, form, kind, f"Expect: {NUMBER}")


def _mistyped(path: str, form: bytes) -> Iterator[bytes]:
    part = f'--B\r\nContent-Disposition: form-data; name="cardno"; x="{MAIL}"\r\n\r\n{EVERYTHING}'.encode()
    for kind in ("application/json", "text/plain", "application/xml", f"text/{NUMBER}", "multipart/form-data", ";;"):
        yield _request(path, form, f"Content-Type: {kind}")
    yield _request(path, b'{"cardno": "' + EVERYTHING.encode(), "Content-Type: application/json")
    yield _request(path, part, "Content-Type: multipart/form-data; boundary=B")
    yield _request(path, part + b"\r\n--B--\r\n", "Content-Type: multipart/form-data; boundary=B")
    yield _request(path, part + b"\r\n--B--\r\n", f"Content-Type: multipart/form-data; boundary={NUMBER}")
    yield _request(path, b"\xff\xfe\x00cardno=\xc3" + form, "Content-Type: application/x-www-form-urlencoded")
    yield _request(path, form + b"&x=" + EVERYTHING.encode() * 9000, "Content-Type: application/x-www-form-urlencoded")
    yield _request(path, f"a[{EVERYTHING}][][][][][][][][][]=1".encode(), "Content-Type: text/plain")
    yield _request(path, f"{NUMBER}={MAIL}&".encode() * 1500, "Content-Type: text/plain")


def _malformed(path: str) -> Iterator[bytes]:
    word = EVERYTHING.encode()
    target = path.encode()
    yield word + b"\r\n\r\n"
    yield b"GET " + word + b"\r\n\r\n"
    yield b"GET " + target + b" HTTP/9.9" + NUMBER.encode() + b"\r\n\r\n"
    yield b"POST " + target + b" HTTP/1.1\r\n" + word + b"\r\n\r\n"
    yield b"POST " + target + b" HTTP/1.1\r\nHost: x\r\nContent-Length: " + NUMBER.encode() + b"\r\n\r\n" + word
    yield b"POST " + target + b" HTTP/1.1\r\nHost: x\r\nContent-Length: " + word + b"\r\n\r\n" + word
    yield b"POST " + target + b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + word + b"\r\n"
    yield b"POST " + target + b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + word + b"\r\n\r\n" + word
    yield b"POST " + target + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n" + word  # and hangs up
    yield b"GET /%zz%" + NUMBER.encode() + b"\x00" + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    yield b"\x16\x03\x01\x02\x00\x01\x00" + word  # a TLS client that took the wrong port
