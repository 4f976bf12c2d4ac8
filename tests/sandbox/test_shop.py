"""The demo shop: it believes nobody but the Platform, says honestly what it knows, and keeps little."""

import asyncio
import json
import re
import signal
import stat
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestClient, TestServer, unused_port

from e2e.client import Client, until
from ippsandbox.shop.__main__ import session, shop_app
from ippsandbox.shop.orders import MOST_NOTICES, MOST_ORDERS, Notice, Order, Orders
from ippsandbox.shop.pages import money, preferred
from ippsandbox.shop.provider import Provider
from ippsandbox.shop.things import CARDS, THINGS
from running import Running

NOW = datetime(2026, 6, 14, 12, 0, 7, tzinfo=UTC)
PAY = "http://pay.localhost:8000"
TRANSACTION, KEY = "kL9m-N0pq-1Rst", "d5EfG6hI"
CANARY = "canary-jens@example.org"


@dataclass
class FakePlatform:
    """Answers a shop's two calls as the contract says, and remembers them."""

    asked: list[dict[str, str]] = field(default_factory=list)
    transactions: dict[str, dict[str, Any]] = field(default_factory=dict)
    broken: bool = False
    refuses: int = 0

    async def answer(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append({"path": request.path, **form})
        if self.broken:
            return web.Response(status=502, text="<h1>Bad gateway</h1>")
        if self.refuses:
            return self._said(False, self.refuses, {})
        if request.path == "/payments/checkout_id":
            content = {"checkout_id": "CHECK-1", "cryptogram": "CRYPT-1", "url": f"{PAY}/?checkout_id=CHECK-1&x=y"}
            return self._said(True, 200, content)
        found = self.transactions.get(form["transaction_id"])
        return self._said(bool(found), 200 if found else 404, found or {})

    @staticmethod
    def _said(success: bool, code: int, content: dict[str, Any]) -> web.Response:
        return web.json_response({"success": success, "code": code, "message": "", "content": content}, status=code)

    def paid(self, result: str = "ACK", transaction_id: str = TRANSACTION, **other: Any) -> dict[str, str]:
        """The last order's payment has ended so; what comes back to the shop."""
        checkout = next(each for each in reversed(self.asked) if each["path"] == "/payments/checkout_id")
        self.transactions[transaction_id] = {
            "result": result, "order_id": checkout["order_id"], "amount": int(checkout["amount"]),
            "card_data": {"pan": "411111******1111"},
        } | other  # fmt: skip
        return {"order": order_in(checkout["accepturl"]), "transaction_id": transaction_id, "transaction_key": KEY}


def order_in(address: str) -> str:
    """The order's token in an address of the shop."""
    return parse_qs(urlsplit(address).query)["order"][0]


@dataclass
class Stage:
    """A shop in this process, and the Platform that it talks to."""

    client: TestClient[Any, Any]
    platform: FakePlatform
    terms: Path

    async def get(self, path: str, language: str = "en", **query: str) -> ClientResponse:
        headers = {"Accept-Language": language}
        return await self.client.get(path, params=query, headers=headers, allow_redirects=False)

    async def buy(self, way: str = "page", thing: str = "mug", **fields: str) -> ClientResponse:
        data = {"way": way, **fields}
        return await self.client.post(f"/en/buy/{thing}", data=data, allow_redirects=False)


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A shop whose clock stands and whose orders have names that a test can tell."""
    platform, tokens = FakePlatform(), count(1)
    behind = web.Application()
    behind.router.add_post("/payments/{call}", platform.answer)
    terms = tmp_path / "shop.json"
    async with TestServer(behind) as server, session() as http:
        told = {"api_url": f"http://127.0.0.1:{server.port}", "pay_url": PAY, "console_url": "http://console.localhost"}
        terms.write_text(json.dumps({**told, "company_id": "AABB-ABCD-ABCD", "key2": "SECRETKEY2ABCD"}))
        app = shop_app(
            Provider(http, terms), port=lambda: 8005, now=lambda: NOW, new_token=lambda: f"order-{next(tokens)}"
        )
        async with TestClient(TestServer(app)) as client:
            yield Stage(client, platform, terms)


async def text(answer: ClientResponse) -> str:
    return unescape(await answer.text())


async def test_the_shelf_shows_every_thing_with_its_price_in_both_languages(stage: Stage) -> None:
    for language in ("en", "da"):
        page = await text(await stage.get("/", language))
        assert f'<html lang="{language}">' in page
        for thing in THINGS.values():
            assert getattr(thing.name, language) in page
            assert money(thing.price_minor, language) in page
            assert f"/{language}/buy/{thing.slug}" in page


async def test_the_till_lists_the_test_cards_beside_both_ways_to_pay(stage: Stage) -> None:
    page = await text(await stage.get("/da/buy/vase"))
    assert 'value="page"' in page
    assert 'value="here"' in page
    for card in CARDS:
        assert f'value="{card.number}" size="19" readonly' in page
        assert card.words.da in page
    assert stage.platform.asked == []


async def test_a_choice_becomes_a_checkout_and_leads_to_the_payment_page(stage: Stage) -> None:
    answer = await stage.buy(email=CANARY)
    assert (answer.status, answer.headers["Location"]) == (303, f"{PAY}/?checkout_id=CHECK-1&x=y")
    asked = stage.platform.asked[0]
    assert asked["amount"] == str(THINGS["mug"].price_minor)
    assert (asked["currency"], asked["test"], asked["billing[email]"]) == ("DKK", "true", CANARY)
    assert (asked["id"], asked["key2"]) == ("AABB-ABCD-ABCD", "SECRETKEY2ABCD")
    assert asked["ipn"] == "http://127.0.0.1:8005/ipn?order=order-1"
    assert asked["accepturl"] == "http://shop.localhost:8005/en/receipt?order=order-1"


async def test_in_the_shop_the_page_holds_the_contracts_form_and_lets_in_the_payment_origin_alone(stage: Stage) -> None:
    answer = await stage.buy("here")
    assert answer.headers["Location"] == "/en/here?order=order-1"
    answer = await stage.get("/en/here", order="order-1")
    page = await text(answer)
    assert f'src="{PAY}/pay.js?checkoutId=CHECK-1&cryptogram=CRYPT-1"' in page
    assert re.search(r'<form class="paymentWidgets"[^>]* action="/en/receipt" method="get">', page)
    assert '<input type="hidden" name="order" value="order-1">' in page
    assert f'<a href="{PAY}/?checkout_id=CHECK-1&x=y">' in page, "without script the payment page is the way"
    rules = dict(rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; "))
    assert rules["script-src"] == rules["connect-src"] == f"'self' {PAY}"
    assert rules["frame-ancestors"] == "'none'"


@pytest.mark.parametrize(
    ("result", "says"), [("ACK", "Paid. Thank you."), ("NOK", "Not paid."), ("WAIT", "Not known yet.")]
)
async def test_the_receipt_says_what_the_platform_says(stage: Stage, result: str, says: str) -> None:
    await stage.buy()
    back = stage.platform.paid(result)
    page = await text(await stage.get("/en/receipt", **back))
    assert f">{says}</h1>" in page
    assert "411111******1111" in page
    assert f'href="{PAY}/pay/mine?transaction_id={TRANSACTION}&transaction_key={KEY}"' in page
    asked = stage.platform.asked[-1]
    assert (asked["path"], asked["id"], asked["key2"]) == ("/payments/status", "AABB-ABCD-ABCD", "SECRETKEY2ABCD")


async def test_the_receipt_looks_again_until_the_notification_has_come(stage: Stage) -> None:
    await stage.buy()
    back = stage.platform.paid()
    page = await text(await stage.get("/en/receipt", **back))
    refresh = re.search(r'<noscript><meta http-equiv="refresh" content="2; url=([^"]+)"></noscript>', page)
    assert refresh is not None
    assert "on its way" in page
    assert (await stage.client.get(f"/en/receipt{refresh[1]}")).status == 200
    assert (await stage.get("/ipn", **back)).status == 200
    page = await text(await stage.get("/en/receipt", **back))
    assert "http-equiv" not in page
    assert "data-again" not in page
    assert f'<time datetime="{NOW.isoformat(timespec="seconds")}">{NOW.astimezone():%H:%M:%S}</time>: approved' in page


async def test_the_receipt_does_not_look_for_ever(stage: Stage) -> None:
    await stage.buy()
    back = stage.platform.paid()
    page = await text(await stage.get("/en/receipt", **back, look="30"))
    assert "http-equiv" not in page
    assert "has not come yet" in page


async def test_a_notification_that_comes_before_the_return_is_on_the_receipt(stage: Stage) -> None:
    await stage.buy()
    declined, approved = stage.platform.paid("NOK", "aaaa-bbbb-cccc"), stage.platform.paid()
    for called in (declined, approved, approved):
        assert (await stage.get("/ipn", **called)).status == 200
    page = await text(await stage.get("/da/receipt", **approved))
    assert page.index(": afvist") < page.index(": godkendt")
    assert page.count('class="notice"') == 2, "a repeated call is the same notification"


@pytest.mark.parametrize(
    "forged",
    [
        {"transaction_id": "zzzz-zzzz-zzzz"},
        {"transaction_key": "short"},
        {"transaction_id": "../../etc/passwd"},
        {"transaction_id": "", "transaction_key": ""},
    ],
)
async def test_a_forged_return_or_notification_is_not_believed(stage: Stage, forged: dict[str, str]) -> None:
    await stage.buy()
    back = stage.platform.paid() | forged
    for path in ("/en/receipt", "/ipn"):
        answer = await stage.get(path, **back)
        assert answer.status == 404
        assert "does not belong to the order" in await answer.text()
    assert (await stage.get("/en/here", order=back["order"])).status == 200, "still to be paid"


@pytest.mark.parametrize("other", [{"order_id": "somebody-elses"}, {"amount": 1}])
async def test_a_payment_of_another_order_or_amount_does_not_pay_this_one(stage: Stage, other: dict[str, Any]) -> None:
    await stage.buy()
    back = stage.platform.paid(**other)
    assert (await stage.get("/en/receipt", **back)).status == 404
    assert (await stage.get("/ipn", **back)).status == 404


async def test_an_order_that_is_paid_is_not_paid_again(stage: Stage) -> None:
    await stage.buy("here")
    await stage.get("/ipn", **stage.platform.paid())
    answer = await stage.get("/en/here", order="order-1")
    assert answer.status == 409
    assert "This order is paid" in await answer.text()


async def test_when_the_platform_is_away_the_pages_say_so_and_nothing_is_ordered(stage: Stage) -> None:
    await stage.buy()
    back = stage.platform.paid()
    stage.platform.broken = True
    answer = await stage.buy()
    assert answer.status == 503
    assert "nothing was ordered and nothing charged" in await text(answer)
    answer = await stage.get("/en/receipt", **back)
    assert answer.status == 503
    assert "do not pay twice" in await text(answer)
    assert (await stage.get("/ipn", **back)).status == 503, "the Platform tries a notification again"
    stage.platform.broken = False
    assert (await stage.get("/ipn", **back)).status == 200


async def test_before_the_platform_was_set_up_and_with_stale_keys_the_shop_says_so(stage: Stage) -> None:
    stage.platform.refuses = 401
    answer = await stage.buy()
    assert answer.status == 502
    assert "did not take the order" in await text(answer)
    stage.terms.unlink()
    for answer in (await stage.get("/en/buy/mug"), await stage.buy()):
        assert answer.status == 503
    assert (await stage.get("/")).status == 200


async def test_an_e_mail_address_with_a_slip_is_told_beside_the_field(stage: Stage) -> None:
    answer = await stage.buy(email='jens" onfocus="x')
    assert answer.status == 422
    page = await answer.text()
    assert 'aria-invalid="true"' in page
    assert "does not look like an e-mail address" in page
    assert 'value="jens&#34; onfocus=&#34;x"' in page
    assert stage.platform.asked == []


async def test_what_is_not_there_says_so_in_the_readers_language(stage: Stage) -> None:
    for path in ("/en/buy/boat", "/nowhere", "/static/nothing.css", "/da/receipt", "/ipn"):
        assert (await stage.get(path)).status == 404
    assert "Butikken kender ikke den ordre" in await (await stage.get("/da/receipt", order="x")).text()
    assert (await stage.client.delete("/")).status == 405
    assert (await stage.buy(email="x" * 9_000)).status == 413


async def test_every_page_forbids_what_it_does_not_need_and_sets_no_cookie(stage: Stage) -> None:
    await stage.buy("here")
    back = stage.platform.paid()
    answers = [
        await stage.get("/"), await stage.get("/en/buy/bowl"), await stage.get("/en/here", order="order-1"),
        await stage.get("/en/receipt", **back), await stage.get("/nowhere"),
    ]  # fmt: skip
    for answer in answers:
        page, policy = await answer.text(), answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert page.count("<h1") == 1
        assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page)


def test_orders_are_bounded_and_the_oldest_give_way() -> None:
    names = count(1)
    orders = Orders(now=lambda: NOW, new_token=lambda: f"order-{next(names)}")
    kept: list[Order] = []
    for _ in range(MOST_ORDERS + 1):
        kept.append(orders.draft(THINGS["mug"], "en"))
        orders.keep(kept[-1])
    assert len(orders) == MOST_ORDERS
    assert orders.find(kept[0].token) is None
    assert orders.find(kept[-1].token) is kept[-1]
    assert len({order.number for order in kept}) == len(kept)
    for number in range(MOST_NOTICES + 5):
        kept[-1].note(Notice(transaction_id=str(number), result="NOK", at=NOW))
    assert len(kept[-1].notices) == MOST_NOTICES


def test_money_and_languages_are_written_as_people_write_them() -> None:
    assert (money(124_950, "da"), money(124_950, "en")) == ("1.249,50 kr.", "DKK 1,249.50")
    assert [preferred(header) for header in ("da-DK,en;q=0.5", "fr", "", "sv, DA")] == ["da", "en", "en", "da"]


@asynccontextmanager
async def started(terms: Path) -> AsyncIterator[tuple[int, asyncio.subprocess.Process]]:
    port = unused_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ippsandbox.shop", f"--port={port}", f"--terms={terms}", stdout=PIPE, stderr=PIPE
    )
    try:
        assert process.stderr is not None
        assert await asyncio.wait_for(process.stderr.readline(), 30) == f"ippsandbox.shop ready port={port}\n".encode()
        yield port, process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 30)


async def test_the_process_logs_nothing_of_what_it_is_given_and_ends_on_a_signal(tmp_path: Path) -> None:
    async with started(tmp_path / "none.json") as (port, process), ClientSession() as http:
        url = f"http://127.0.0.1:{port}"
        await http.get(f"{url}/{CANARY}?{CANARY}")
        await http.post(f"{url}/en/buy/mug", data={"email": CANARY})
        await http.post(f"{url}/en/buy/mug", data=CANARY, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert process.returncode == 0
    assert process.stdout is not None
    assert process.stderr is not None
    said = await process.stdout.read() + await process.stderr.read()
    assert b"canary" not in said


async def test_on_the_running_platform_somebody_buys_and_the_notification_arrives(running: Running) -> None:
    terms = running.settings.sandbox_shop_terms
    assert stat.S_IMODE(terms.stat().st_mode) == 0o600
    shop, demo = f"http://127.0.0.1:{running.settings.sandbox_shop_port}", running.demo()
    assert demo["shop_url"] == f"http://shop.localhost:{running.settings.sandbox_shop_port}"
    async with ClientSession() as http:
        async with http.post(f"{shop}/en/buy/bowl", data={"way": "page"}, allow_redirects=False) as answer:
            assert answer.status == 303
            hosted = urlsplit(answer.headers["Location"])
        assert f"{hosted.scheme}://{hosted.netloc}" == demo["pay_url"]
        client = Client(http, running.url, demo)
        fields = client.card(parse_qs(hosted.query)["checkout_id"][0], demo["cards"]["approve_visa"])
        paid = await client.authorise(fields)
        named = {name: paid[name] for name in ("transaction_id", "transaction_key")}
        receipt = f"{shop}{urlsplit(paid['success_url']).path}"
        asked = {"order": order_in(paid["success_url"]), **named}

        async def arrived() -> bool:
            async with http.get(receipt, params=asked) as answer:
                page = await answer.text()
                assert answer.status == 200
                assert "Paid. Thank you." in page
                return "arrived at" in page

        await until(arrived, "the notification on the receipt")
