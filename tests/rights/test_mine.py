"""The page "what we hold about you": for whoever has a payment's key, in two languages, without script and cookie."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp
import pytest

from ippgateway.domains.checkouts.schemas import CheckoutRef
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.schemas import AuthoriseResult
from ippgateway.domains.payments.service import people
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.schemas import Identity, Kind
from ippgateway.domains.requests.states import State
from ippgateway.domains.visits import service as visits
from ippgateway.domains.visits.schemas import Record, Surface, Written
from ippgateway.faces.mine.app import mine_app
from ippgateway.faces.pages import held_words
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import reached
from ippgateway.privacy.vocabulary import HeldAs
from running import Running

from .people import HOLDER, LAST4, NUMBER, ORDER, owner, paid

MAIL = "rikke.ravn@borger.example"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str


async def ask(console: Platform, fields: dict[str, str], *, method: str = "GET", spoken: str = "en") -> Answer:
    """One request to the page, as the entrance hands it over."""
    told: list[dict[str, object]] = []
    sent = urlencode(fields).encode()

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": sent if method == "POST" else b""}

    async def send(message: dict[str, object]) -> None:
        told.append(message)

    scope = {"type": "http", "method": method, "path": "/pay/mine", "headers": [(b"accept-language", spoken.encode())],
             "query_string": b"" if method == "POST" else sent}  # fmt: skip
    await mine_app(console)(scope, receive, send)  # type: ignore[arg-type]
    headers = {k.decode(): v.decode() for k, v in told[0]["headers"]}  # type: ignore[attr-defined]
    return Answer(told[0]["status"], headers, bytes(told[1].get("body", b"")).decode())  # type: ignore[arg-type, call-overload]


def link(result: AuthoriseResult) -> dict[str, str]:
    return {"transaction_id": result.payment_id, "transaction_key": result.payment_key.open()}


@pytest.fixture
async def bought(gateway: payments.Gateway, shop: str) -> AuthoriseResult:
    checkout, result = await paid(gateway, shop, MAIL)
    await visited(gateway.platform, checkout, "192.0.2.77")
    return result


async def visited(p: Platform, checkout: CheckoutRef, address: str) -> None:
    """A payer was at the payment page for this checkout, and there for forty seconds."""
    now, agent = p.clock.now(), "Mozilla/5.0 (X11; Linux x86_64; rv:9.0) Gecko/20100101 Firefox/9.0"
    page = Written(number=1, page="payment", at=now, seconds=40, new=True)
    record = Record(
        id=p.ids.new(), company_id=checkout.company_id, checkout_id=checkout.id, person_id="", surface=Surface.PAGE,
        address=address, agent=agent, began_at=now, last_at=now, requests=3, pages=(page,), new=True,
    )  # fmt: skip
    await visits.write(p, [record], {agent: visits.recognised(agent)})


async def test_every_field_with_purpose_basis_term_recipient_and_place(
    console: Platform, bought: AuthoriseResult
) -> None:
    page = await ask(console, link(bought))
    assert page.status == 200
    for said in (MAIL, HOLDER, ORDER, LAST4, "Ringe og mere", "take a payment", "the contract", "540 days",
                 "the acquirer, who carries the payment", "the United States", "stored and locked"):  # fmt: skip
        assert said in page.text
    assert NUMBER not in page.text
    shown = set(re.findall(r'data-field="([a-z0-9_.]+)"', page.text))
    assert {"card.number", "checkout.notify_url", "payer.email_code", "payment.holder", "notification.url"} <= shown
    danish = await ask(console, link(bought), spoken="da-DK, en;q=0.5")
    assert "gennemføre en betaling" in danish.text
    assert 'lang="da"' in danish.text
    assert "gennemføre en betaling" in (await ask(console, {**link(bought), "lang": "da"})).text


async def test_it_keeps_nothing_and_lets_nothing_out(console: Platform, bought: AuthoriseResult) -> None:
    page = await ask(console, link(bought))
    assert "set-cookie" not in page.headers
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert set(re.findall(r'(?:src|href|action)="([^"?]*)', page.text)) <= {
        "/pay/mine", "/", f"{console.origins['site']}/en/privacy", f"{console.origins['site']}/en/trust",
        *re.findall(r'"(/pay/mine/[a-z]+\.[0-9a-f]{12}\.(?:css|svg|js))"', page.text)
    }  # fmt: skip


@pytest.mark.parametrize("wrong", [{}, {"transaction_id": "abcd-efgh-ijkl"}, {"transaction_key": "wrongkey"}])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_another_key_learns_nothing(
    wrong: dict[str, str], method: str, console: Platform, bought: AuthoriseResult
) -> None:
    fields = {**link(bought), **wrong} if wrong else {}
    page = await ask(console, {**fields, "do": "erase"}, method=method)
    assert page.status == 404
    nobody = await ask(console, {"transaction_id": "abcd-efgh-ijkl", "transaction_key": "x"}, method=method)
    told, expected = (re.sub(r"transaction_(id|key)=[^&]*", "", each.text) for each in (page, nobody))
    assert told == expected
    assert (await ask(console, link(bought))).text.count(MAIL) > 0


async def test_the_plan_comes_first_then_it_is_done_then_what_is_left(
    console: Platform, bought: AuthoriseResult
) -> None:
    plan = await ask(console, {**link(bought), "do": "plan"}, method="POST")
    assert plan.status == 200
    assert "required by law: the books must be kept" in plan.text
    assert "e-mail address" in re.findall(r"<li><strong>([^<]+)", plan.text)[0]
    assert MAIL not in plan.text
    assert (await ask(console, link(bought))).text.count(MAIL) > 0  # a plan changes nothing
    done = await ask(console, {**link(bought), "do": "erase"}, method="POST")
    assert done.status == 303
    assert done.headers["location"].startswith("/pay/mine?transaction_id=")
    left = await ask(console, link(bought))
    assert left.status == 200
    for gone in (MAIL, HOLDER, ORDER, LAST4):
        assert gone not in left.text
    assert set(re.findall(r'data-shown="([a-z]+)"', left.text)) == {"restricted"}
    assert "required by law: the books must be kept" in left.text
    assert re.search(r"until <time", left.text)
    assert "copies in key backups die with them" in left.text
    assert "For at most a day more" in left.text
    assert "no copy" not in plan.text
    assert "For at most a day more" in plan.text
    assert "<form" not in left.text


def timeless(page: Answer, result: AuthoriseResult) -> str:
    """A page without what is the purchase's own: its key, its moments, its 3-D Secure ids."""
    mine = link(result).values()
    text = re.sub(
        r"<time.*?</time>|[0-9]+ [A-Z][a-z]+ [0-9]{4}, [0-9:]{8}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "",
        page.text,
    )
    return re.sub("|".join(map(re.escape, mine)), "", text)


async def test_a_purchase_under_the_same_address_changes_nothing_on_the_page_of_another(
    console: Platform, gateway: payments.Gateway, shop: str, bought: AuthoriseResult, running: Running
) -> None:
    """Whoever types another's address at a shop becomes the same payer. Neither of them learns of the other."""
    alone = await ask(console, link(bought))
    plan = await ask(console, {**link(bought), "do": "plan"}, method="POST")
    checkout, second = await paid(gateway, shop, MAIL, store_card=True)
    await visited(gateway.platform, checkout, "192.0.2.77")
    after = await ask(console, link(bought))
    assert timeless(after, bought) == timeless(alone, bought)
    assert after.text.count("<time") == alone.text.count("<time")
    replanned = await ask(console, {**link(bought), "do": "plan"}, method="POST")
    assert timeless(replanned, bought) == timeless(plan, bought)
    assert timeless(await ask(console, link(second)), second) == timeless(alone, bought)
    payer = await people.payer_by_key(console, payment_id=second.payment_id, payment_key=second.payment_key.open())
    assert bought.payment_id not in payer.of
    # Nor by a name that the other gave, nor by the moment when the other came first.
    rows = re.findall(r'<li data-table="payer">.*?</li>', alone.text, re.DOTALL)
    assert len(rows) == 3
    assert [row for row in rows if "<time" in row] == []
    assert [row for row in rows if 'data-shown="open"' in row and "payer.email<" not in row] == []


def test_every_field_of_a_payer_has_a_name_that_people_know() -> None:
    theirs = [each for each in reached() if each.said.held_as == HeldAs.PROCESSOR or each.said.about_payers]
    assert len(theirs) > 6
    assert {column.name for each in theirs for column, _ in each.personal} - set(held_words.LABELS) == set()


async def test_what_people_look_for_comes_first_and_visits_and_codes_come_last(
    console: Platform, bought: AuthoriseResult
) -> None:
    page = await ask(console, link(bought))
    fields = re.findall(r'data-field="([a-z0-9_.]+)"', page.text)
    places = [fields.index(name) for name in ("payer.email", "payment.holder", "card.last4", "checkout.order_id",
              "checkout.notify_url", "visit.address", "authentication.ds_transaction_id", "payer.email_code",
              "checkout.digest") if name in fields]  # fmt: skip
    assert len(places) > 7
    assert places == sorted(places)


async def test_the_payers_own_visits_are_shown_and_none_for_another_purchase(
    console: Platform, gateway: payments.Gateway, shop: str, bought: AuthoriseResult
) -> None:
    """COLLECT-6: address, time, length, pages with their time, browser and system, visible to whom they concern."""
    checkout, other = await paid(gateway, shop, MAIL)
    await visited(gateway.platform, checkout, "198.51.100.66")
    page = await ask(console, link(bought))
    told = dict(
        re.findall(r'data-field="visit(?:_page)?\.(\w+)" data-shown="open">.*?<dd class="value">([^<]+)', page.text)
    )
    assert {"began_at", "last_at", "at"} <= set(told)
    assert {name: value for name, value in told.items() if not name.endswith("at")} == {
        "address": "192.0.2.77", "browser": "Firefox 9", "system": "Linux", "surface": "our payment page",
        "requests": "3", "page": "payment", "seconds": "40",
    }  # fmt: skip
    assert "198.51.100.66" not in page.text
    assert "198.51.100.66" in (await ask(console, link(other))).text
    danish = await ask(console, link(bought), spoken="da")
    assert "vores betalingsside" in danish.text
    await ask(console, {**link(bought), "do": "erase"}, method="POST")
    assert "visit" not in (await ask(console, link(bought))).text


def test_whatever_a_visit_of_a_payer_says_has_words() -> None:
    known = set(held_words.VALUES)
    assert {("surface", each.value) for each in Surface} <= known
    assert {("page", name) for name in ("payment", "receipt", "challenge", "widget", "other")} <= known


async def test_what_was_live_goes_by_the_shop(running: Running, console: Platform, bought: AuthoriseResult) -> None:
    async with owner(running.settings) as connection:
        await connection.execute("update ipp.payment set test = false where id = $1", bought.payment_id)
    page = await ask(console, link(bought))
    assert "ask the shop to erase it" in page.text
    assert '<a href="/?lang=en">Ask it here, with a link by mail</a>' in page.text
    assert "<form" not in page.text
    for do in ("plan", "erase"):
        refused = await ask(console, {**link(bought), "do": do}, method="POST")
        assert refused.status == 403
    async with owner(running.settings) as connection:
        await connection.execute("update ipp.payment set test = true where id = $1", bought.payment_id)
    assert MAIL in (await ask(console, link(bought))).text  # nothing was erased


async def test_of_a_live_payment_no_value_is_shown_for_its_key_lies_in_the_shops_logs(
    running: Running, console: Platform, bought: AuthoriseResult
) -> None:
    async with owner(running.settings) as connection:
        await connection.execute("update ipp.payment set test = false where id = $1", bought.payment_id)
    page = await ask(console, link(bought))
    assert page.status == 200
    for value in (MAIL, HOLDER, ORDER, LAST4, "swan", "127.0.0.1", "192.0.2.77", "Firefox"):
        assert value not in page.text
    assert 'data-shown="open"' not in page.text
    assert page.text.count("<time") == 1  # when it was read
    for said in (
        "Ringe og mere",
        "take a payment",
        "the contract",
        "540 days",
        "the United States",
        "The shop answers",
    ):
        assert said in page.text
    shown = re.findall(r'data-field="([a-z0-9_.]+)"', page.text)
    assert {"card.number", "payer.email", "payment.holder", "visit.address"} <= set(shown)


async def test_an_erasure_by_the_key_of_a_receipt_has_its_certificate(
    console: Platform, bought: AuthoriseResult
) -> None:
    payer = await people.payer_by_key(console, payment_id=bought.payment_id, payment_key=bought.payment_key.open())
    await ask(console, {**link(bought), "do": "erase"}, method="POST")
    (request,) = await requests.of_person(console, payer.person)
    assert (request.kind, request.state, request.identity) == (Kind.ERASURE, State.DONE, Identity.RECEIPT)
    said = await requests.certificate(console, tenant_id=payer.person.controller, request_id=request.id)
    assert [word for word in (MAIL, HOLDER, ORDER, bought.payment_id) if word in said] == []


async def test_under_way_is_said(running: Running, console: Platform, bought: AuthoriseResult) -> None:
    async with owner(running.settings) as connection:
        await connection.execute("update ipp.payment set state = 'UNKNOWN' where id = $1", bought.payment_id)
        refused = await ask(console, {**link(bought), "do": "erase"}, method="POST")
        await connection.execute("update ipp.payment set state = 'APPROVED' where id = $1", bought.payment_id)
    assert refused.status == 409
    assert "A payment of yours is under way" in refused.text


async def test_it_is_served_at_its_own_origin_by_the_console(running: Running, bought: AuthoriseResult) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        host = {"host": f"mine.localhost:{running.settings.port}"}
        async with session.get(f"{running.url}/pay/mine", params=link(bought), headers=host) as page:
            text = await page.text()
            assert page.status == 200
            assert MAIL in text
            assert "set-cookie" not in page.headers
        for file in re.findall(r'(?:href|src)="(/pay/mine/[^"?]+)"', text):
            async with session.get(f"{running.url}{file}", headers=host) as found:
                assert found.status == 200, file
        async with session.post(
            f"{running.url}/pay/mine", data={**link(bought), "do": "x" * 5000}, headers=host
        ) as big:
            assert big.status == 404
