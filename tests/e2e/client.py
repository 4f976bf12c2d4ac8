"""A plain client of the wire contract: form posts, a new connection each time, nothing of the program's own code."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import aiohttp

PERFORMED = "Request performed successfully"
SECURED = "Transaction has been executed successfully."
LONGEST_S = 40
WITHIN_S = 90.0


async def until(holds: Callable[[], Awaitable[bool]], what: str, within_s: float = WITHIN_S) -> None:
    """Ask until it holds; fails after a bound that no healthy run comes near."""
    deadline = asyncio.get_running_loop().time() + within_s
    while not await holds():
        assert asyncio.get_running_loop().time() < deadline, f"never happened: {what}"
        await asyncio.sleep(0.05)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer in the contract's envelope."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def envelope(self) -> dict[str, Any]:
        """The whole answer; fails when it is no JSON object."""
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found

    @property
    def content(self) -> Any:
        """The payload."""
        return self.envelope["content"]

    @property
    def code(self) -> int:
        """The contract's own code, 200 on success."""
        return cast("int", self.envelope["code"])

    def performed(self) -> Any:
        """The payload of a success; fails for anything else, and where a strict comparison of a client would."""
        envelope = self.envelope
        assert (envelope["success"], envelope["code"]) == (True, 200), envelope["message"]
        assert type(envelope["code"]) is int
        assert envelope["message"] == PERFORMED
        assert_envelope(self)
        return envelope["content"]


def assert_envelope(answer: Answer) -> None:
    """What holds for every answer of the contract, errors included (sections 2.5 and 3)."""
    envelope = answer.envelope
    assert set(envelope) == {"success", "code", "message", "content"}
    assert envelope["success"] is (envelope["code"] == 200)
    assert isinstance(envelope["content"], dict | list)
    assert envelope["success"] or envelope["content"] == {}
    assert answer.status == (403 if envelope["code"] == 4020 else envelope["code"])
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Encoding" not in answer.headers
    assert answer.body.startswith(b"{")


class Client:
    """Knows one base address and, when given, a company's keys."""

    def __init__(self, http: aiohttp.ClientSession, base: str, demo: Mapping[str, Any]) -> None:
        self._http = http
        self.base = base
        self.demo = demo
        self.company = demo["company"]
        self.cards: Mapping[str, str] = demo["cards"]

    async def post(self, path: str, fields: Mapping[str, str] | None = None, /, **more: str) -> Answer:
        """A form post. `path` is what a client writes, slashes, `.php` and bare `?` included."""
        async with self._http.post(self.base + path, data={**(fields or {}), **more}, allow_redirects=False) as answer:
            return Answer(status=answer.status, headers=dict(answer.headers), body=await answer.read())

    async def get(self, path: str, /, **query: str) -> Answer:
        """A GET, as OpenCart does it."""
        async with self._http.get(self.base + path, params=query, allow_redirects=False) as answer:
            return Answer(status=answer.status, headers=dict(answer.headers), body=await answer.read())

    async def figure(self, name: str) -> float:
        """One of the figures for operators."""
        lines = (await self.get("/metrics")).body.decode().splitlines()
        return float(next(line.rsplit(" ", 1)[1] for line in lines if line.startswith(f"{name} ")))

    @property
    def keys(self) -> dict[str, str]:
        """What the SDK adds to every call of a shop."""
        return {"id": self.company["id"], "key2": self.company["key2"], "origin": "http://testing"}

    async def login(self, who: str = "company") -> dict[str, str]:
        """A session's parameters, as the console adds them to every request."""
        account = self.demo[who]
        answer = await self.post(f"//{who}/login/", username=account["username"], password=account["password"])
        return dict(answer.performed())

    async def checkout(self, **fields: str) -> dict[str, str]:
        """A new checkout: `checkout_id`, `cryptogram`, `url`."""
        order = {"currency": "EUR", "amount": "432100", "order_id": "Testing Order", "transaction_type": "ECOM"}
        answer = await self.post("/payments/checkout_id.php?", self.keys | order | fields)
        return dict(answer.performed())

    def card(self, checkout_id: str, number: str, **fields: str) -> dict[str, str]:
        """What the payer's browser sends."""
        return {
            "method": "card", "cipher": "2020", "checkout_id": checkout_id, "holder": "Test Customer",
            "cardno": number, "expmonth": "04", "expyear": "2030", "cvv": "123",
        } | fields  # fmt: skip

    async def authorise(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """The authorisation's answer."""
        return dict((await self.post("/payments/authorize?", fields)).performed())

    async def pay(self, number: str, **order: str) -> dict[str, Any]:
        """A whole payment, with the secure step; the answer to the authorisation."""
        fields = self.card((await self.checkout(**order))["checkout_id"], number)
        await self.post("/payments/secure?", fields)
        return await self.authorise(fields)

    async def verify(self, transaction_id: str, transaction_key: str) -> dict[str, Any]:
        """What a shop asks after a notification."""
        named = {"transaction_id": transaction_id, "transaction_key": transaction_key}
        return dict((await self.post("/payments/status.php?", self.keys | named)).performed())

    async def listed(self, session: Mapping[str, str], **which: str) -> list[dict[str, Any]]:
        """The console's list of transactions; everything unless told otherwise."""
        bounds = {"type": "ALL", "result": "ALL", "payment_earliest": "0", "payment_latest": "0"}
        rows = (await self.post("/company/payments/list/?", {**session, **bounds, **which})).performed()
        assert isinstance(rows, list)
        return rows


async def raw(port: int, request: bytes, *, half_close: bool = False) -> bytes:
    """Write these bytes to the entrance and read until it hangs up, or for as long as an answer can take."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        if half_close:
            writer.write_eof()
        await writer.drain()
        async with asyncio.timeout(LONGEST_S):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def split(answer: bytes) -> tuple[bytes, Answer]:
    """The status line and the answer in a raw HTTP response that carries one envelope."""
    head, _, body = answer.partition(b"\r\n\r\n")
    line, *headers = head.split(b"\r\n")
    pairs = (header.decode("latin-1").partition(": ") for header in headers)
    named = {name.title(): value for name, _, value in pairs}
    return line, Answer(status=int(line.split()[1]), headers=named, body=body)
