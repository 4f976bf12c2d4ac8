"""What the one address notes of a request, and what it takes from pages. No database, no socket."""

from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Message

from ippgateway.app.web.entrance import Entrance
from ippgateway.app.web.visits import Visited
from ippgateway.core.clock import ManualClock
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.domains.checkouts.schemas import CheckoutRef
from ippgateway.domains.visits.schemas import Record, Visitor, visitor_of
from ippgateway.domains.visits.states import OpenVisits
from ippgateway.privacy.zones import Zone

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
CANARY = "frida.kanin-4000056655665556"
VIEW = "0123456789abcdef" * 2
SHOP = "https://shop.example"
MINE = "http://mine.localhost:8000"


async def page(scope: Any, receive: Any, send: Any) -> None:
    await HTMLResponse("<p>")(scope, receive, send)


def of_zone(name: str) -> Any:
    """Says which zone answered."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await HTMLResponse(name)(scope, receive, send)

    return answer


async def contract(scope: Any, receive: Any, send: Any) -> None:
    """Somebody who shows a checkout's secret is its payer; whose company it is follows."""
    if scope["path"].startswith("/payments/"):
        visitor_of(scope).pays(CheckoutRef(company_id="comp-any0-0001", id="chec-kout-0001", authenticated=False))
    await JSONResponse({})(scope, receive, send)


async def moved(scope: Any, receive: Any, send: Any) -> None:
    await RedirectResponse("/")(scope, receive, send)


async def ready() -> dict[str, bool]:
    return {}


class Door:
    """The entrance with nothing behind it, and what it noted."""

    def __init__(self, payers: Any = page) -> None:
        self.clock = ManualClock(NOON)
        self.visits = OpenVisits(Ids(self.clock, SystemRandomness()))
        forwards: Any = {Zone.SITE: of_zone("site"), Zone.CONSOLE: of_zone("console")}
        self._app = Visited(Entrance(contract, payers, forwards, ready, mine_url=MINE), self.visits, self.clock)

    async def ask(
        self,
        path: str,
        host: str = "site.localhost:8000",
        *,
        method: str = "GET",
        query: str = "",
        body: bytes = b"",
        **headers: str,
    ) -> list[Message]:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        fields = {"host": host, "user-agent": CANARY, "referer": CANARY, "cookie": CANARY, **headers}
        await self._app(
            {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
             "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in fields.items()],
             "client": ("192.0.2.7", 5)},
            receive, send,
        )  # fmt: skip
        return sent

    def noted(self) -> list[Record]:
        records = self.visits.take(100, self.clock.now())
        self.visits.written({record.id: "" for record in records})
        return records


@pytest.mark.parametrize(
    ("path", "host", "more", "surface", "pages"),
    [
        ("/", "site.localhost:8000", {}, "site", ["home"]),
        ("/da/", "127.0.0.1:8000", {}, "site", ["home"]),
        (f"/{CANARY}", "www.example", {"query": CANARY}, "site", ["other"]),
        ("/", "console.example", {}, "console", ["home"]),
        ("/", "pay.localhost:8000", {"query": f"checkout_id={CANARY}"}, "page", ["payment"]),
        ("/", "127.0.0.1:8000", {"query": f"checkout_id={CANARY}"}, "page", ["payment"]),
        (f"/challenge/{CANARY}", "127.0.0.1:8000", {}, "page", ["challenge"]),
        ("/company/data", "127.0.0.1:8000", {"query": f"key1={CANARY}"}, "api", []),
        ("/payments/status", "127.0.0.1:8000", {}, "api", []),
        ("/payments/status", "pay.example", {"origin": SHOP}, "widget", []),
        ("/payments/status", "pay.example", {"origin": "https://pay.example"}, "page", []),
        (f"/{CANARY}", "127.0.0.1:8000", {}, "api", []),
    ],
)
async def test_every_surface_is_noted_by_our_own_words(
    path: str, host: str, more: dict[str, str], surface: str, pages: list[str]
) -> None:
    door = Door()
    await door.ask(path, host, **more)
    [record] = door.noted()
    assert (record.surface.value, record.address, record.requests) == (surface, "192.0.2.7", 1)
    assert [each.page for each in record.pages] == pages
    assert (record.began_at, record.last_at) == (NOON, NOON)
    assert CANARY not in str([record.surface, record.pages, record.company_id, record.checkout_id, record.address])


async def test_whoever_shows_no_company_key_is_the_payer_and_never_the_companys_owner() -> None:
    door = Door()
    await door.ask("/payments/secure", method="POST", origin=SHOP)
    await door.ask("/payments/secure", method="POST")
    assert [(each.company_id, each.checkout_id) for each in door.noted()] == [("comp-any0-0001", "chec-kout-0001")] * 2


def test_a_company_that_shows_its_key_asks_for_itself() -> None:
    checkout = CheckoutRef(company_id="comp-any0-0001", id="chec-kout-0001", authenticated=False)
    visitor = Visitor()
    visitor.pays(checkout)
    assert not visitor.acting
    visitor.acts_for("comp-any0-0001")
    visitor.pays(checkout)
    assert (visitor.acting, visitor.company_id, visitor.checkout_id) == (True, "comp-any0-0001", "")


# --- borders between origins ---


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "pay.localhost:8000", "console.localhost:8000", "api.example"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_is_held_has_an_origin_of_its_own(host: str, method: str) -> None:
    door = Door()
    start, _ = await door.ask("/pay/mine", host, method=method, query="transaction_id=a&transaction_key=b%26c")
    headers = dict(start["headers"])
    assert start["status"] == 303
    assert headers[b"location"].decode() == f"{MINE}/pay/mine?transaction_id=a&transaction_key=b%26c"
    assert (headers[b"referrer-policy"], headers[b"cache-control"]) == (b"no-referrer", b"no-store")
    assert door.noted() == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path", ["/pay/mine", "/pay/mine/mine.123.css", "/", f"/link/{CANARY}", "/held", f"/unsubscribe/{CANARY}"]
)
async def test_it_is_answered_there_and_leaves_no_record(path: str, method: str) -> None:
    door = Door()
    start, body = await door.ask(path, "mine.localhost:8000", method=method, query=f"transaction_key={CANARY}")
    assert (start["status"], body["body"]) == (200, b"console")
    assert door.noted() == []


@pytest.mark.parametrize(
    ("path", "host", "answer"),
    [
        ("/static/page.123.css", "pay.localhost", b"{}"),
        ("/payments/status", "pay.localhost", b"{}"),
        ("/company/data", "api.localhost", b"console"),
        ("/company/data", "console.localhost", b"console"),
        ("/company/data", "mine.localhost", 404),
        ("/", "mine.localhost", b"console"),
        ("/?checkout_id=x", "mine.localhost", b"console"),
        *[(path, "mine.localhost", 404) for path in ("/en", "/static/page.123.css", "/sign-in", "/challenge/x",
          "/pay/core.123.js", "/pay/terms")],
        *[(path, f"{name}.localhost", status) for name, status in (("site", b"site"), ("console", b"console"))
          for path in ("/link/x", "/held", "/unsubscribe/x")],
        *[(path, f"{name}.localhost", 404) for name in ("console", "site", "www")
          for path in ("/?checkout_id=x", "/challenge/x", "/pay/core.123.js")],
        *[("/pay.js", f"{name}.localhost", b"<p>") for name in ("console", "site", "mine", "pay", "api")],
        ("/?checkout_id=x", "api.localhost", b"<p>"),
        ("/?checkout_id=x", "127.0.0.1", b"<p>"),
    ],
)  # fmt: skip
async def test_no_zone_answers_at_the_origin_of_another(path: str, host: str, answer: int | bytes) -> None:
    path, _, query = path.partition("?")
    start, body = await Door().ask(path, host, query=query)
    assert (start["status"] if isinstance(answer, int) else body["body"]) == answer


async def test_what_another_zone_answers_at_the_card_pages_origin_is_no_page_there() -> None:
    """The contract's paths are served under any name (section 1), without a way to run anything."""
    start, body = await Door().ask("/company/data", "pay.localhost:8000")
    headers = dict(start["headers"])
    assert body["body"] == b"console"
    assert headers[b"content-security-policy"] == b"default-src 'none'; sandbox"
    assert headers[b"x-content-type-options"] == b"nosniff"


@pytest.mark.parametrize(
    ("path", "method"),
    [("/health/live", "GET"), ("/static/page.123.css", "GET"), ("/pay/core.123.js", "GET"), ("/favicon.ico", "GET"),
     ("/payments/secure", "OPTIONS")],
)  # fmt: skip
async def test_files_and_health_are_no_visits(path: str, method: str) -> None:
    door = Door()
    await door.ask(path, method=method)
    assert door.noted() == []


async def test_a_redirect_is_a_request_and_no_page() -> None:
    door = Door(payers=moved)
    await door.ask("/", "pay.localhost", method="POST")
    [record] = door.noted()
    assert (record.requests, record.pages) == (1, ())


async def test_what_breaks_is_noted_all_the_same() -> None:
    async def broken(_scope: Any, _receive: Any, _send: Any) -> None:
        raise OSError

    door = Door(payers=broken)
    with pytest.raises(OSError):  # noqa: PT011 - the very one
        await door.ask("/", "pay.localhost")
    assert [record.requests for record in door.noted()] == [1]


# --- reports ---


async def reported(door: Door, body: bytes, **headers: str) -> int:
    sent = await door.ask("/seen", method="POST", body=body, **headers)
    assert sent[-1].get("body", b"") == b""
    assert b"set-cookie" not in dict(sent[0]["headers"])
    return int(sent[0]["status"])


async def test_a_page_reports_its_time_and_that_is_no_visit_of_its_own() -> None:
    door = Door()
    await door.ask("/en")
    door.clock.advance(9)
    assert await reported(door, f"{VIEW} 8".encode(), origin="http://site.localhost:8000") == 204
    [record] = door.noted()
    assert [(each.page, each.seconds) for each in record.pages] == [("home", 8)]
    assert record.requests == 1


@pytest.mark.parametrize(
    "headers",
    [{"origin": SHOP}, {"origin": "null"}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"},
     {"origin": "http://console.localhost:8000"}],
)  # fmt: skip
async def test_another_origin_can_not_report(headers: dict[str, str]) -> None:
    door = Door()
    await door.ask("/en")
    door.clock.advance(9)
    assert await reported(door, f"{VIEW} 8".encode(), **headers) == 403
    assert [each.seconds for each in door.noted()[0].pages] == [None]


@pytest.mark.parametrize(
    "body",
    [b"", VIEW.encode(), f"{VIEW} -1".encode(), f"{VIEW} 1234567".encode(), f"{VIEW[:-1]}g 1".encode(),
     f"{VIEW} 1 ".encode(), b"x" * 5_000, f"{VIEW} \xd9\xa1".encode()],
)  # fmt: skip
async def test_anything_but_a_report_is_refused(body: bytes) -> None:
    door = Door()
    await door.ask("/en")
    assert await reported(door, body) == 400
    assert [each.seconds for each in door.noted()[0].pages] == [None]


async def test_a_large_report_is_refused_by_its_announcement() -> None:
    for announced in ("40", "99999999999999999999", "-1", "x"):
        assert await reported(Door(), f"{VIEW} 1".encode(), content_length=announced) == 400


async def test_nobody_begins_a_visit_by_reporting() -> None:
    door = Door()
    assert await reported(door, f"{VIEW} 8".encode()) == 204
    assert door.noted() == []


async def test_no_answer_is_changed_on_its_way() -> None:
    async def plain(scope: Any, receive: Any, send: Any) -> None:
        await Response("as it was", headers={"x-own": "1"})(scope, receive, send)

    sent = await Door(payers=plain).ask("/", "pay.localhost")
    assert dict(sent[0]["headers"])[b"x-own"] == b"1"
    assert b"set-cookie" not in dict(sent[0]["headers"])
    assert sent[1]["body"] == b"as it was"
