"""The hosted page as somebody pays on it, in a real browser with scripts."""

import asyncio
import re
import urllib.request
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from payer import HOLDER, Shop, bank_of, confirm, fill, paid, pay
from playwright.async_api import Page, Route, expect

from browser import PATIENCE_MS, PHONE, OpenPage, accessible, shot
from e2e.books import value

APPROVED = "4111111111111111"
STILL_WAITING = {"success": True, "code": 200, "message": "", "content": {"result": "WAIT"}}


async def opened(open_page: OpenPage, shop: Shop, **options: object) -> Page:
    page = await open_page(**options)
    await page.goto(shop.checkout().url)
    return page


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE, "locale": "da-DK"}], ids=["desktop", "phone"])
async def test_somebody_pays_by_keyboard_alone(
    open_page: OpenPage, demo_shop: Shop, options: dict[str, object]
) -> None:
    checkout = demo_shop.checkout()
    page = await open_page(**options)
    await page.goto(checkout.url)
    await accessible(page)
    await shot(page, f"open-{options.get('locale', 'en')}")
    await page.focus("#holder")
    for text in (HOLDER, "5555555555554444", "430", "123"):
        await page.keyboard.type(text)
        await page.keyboard.press("Tab")
    await expect(page.locator("#number")).to_have_value("5555 5555 5555 4444")
    await expect(page.locator("#brand")).to_have_text("Mastercard")
    await expect(page.locator("#expiry")).to_have_value("04 / 30")
    await page.focus("#code")
    await page.keyboard.press("Enter")
    await paid(page)
    await accessible(page)
    await shot(page, f"paid-{options.get('locale', 'en')}")
    assert await checkout.attempts("APPROVED") == 1
    assert await page.locator(".receipt code").first.inner_text() == "555555******4444"


@pytest.mark.parametrize("card", ["approve_visa", "challenge"])
async def test_a_double_click_pays_once_on_a_slow_network(open_page: OpenPage, demo_shop: Shop, card: str) -> None:
    checkout = demo_shop.checkout()
    page = await open_page(viewport=PHONE)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(urlsplit(request.url).path))
    await page.goto(checkout.url)
    slow = await page.context.new_cdp_session(page)
    await slow.send("Network.enable")
    await slow.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 250, "downloadThroughput": 50_000, "uploadThroughput": 20_000},
    )
    await fill(page, demo_shop.cards[card])
    await page.dblclick("#pay")
    if card == "challenge":
        await confirm(bank_of(page, "#challenge iframe"))
    await paid(page)
    assert [sent.count(f"/payments/{verb}") for verb in ("secure", "authorize")] == [1, 1]
    assert await checkout.attempts() == 1


async def test_an_answer_that_was_lost_on_its_way_is_not_paid_for_twice(
    open_page: OpenPage, demo_shop: Shop, running_url: str
) -> None:
    checkout = demo_shop.checkout()
    page = await open_page(viewport=PHONE, locale="da-DK")
    await page.goto(checkout.url)

    async def lost(route: Route) -> None:
        form = (route.request.post_data or "").encode()
        await asyncio.to_thread(urllib.request.urlopen, f"{running_url}/payments/authorize", form, 30)
        await route.abort()

    await page.route("**/payments/authorize", lost)
    await pay(page, APPROVED)
    await expect(page.locator("#notice")).to_contain_text("Forbindelsen røg. Du betaler aldrig to gange")
    await accessible(page)
    await shot(page, "connection-lost")
    await page.unroute("**/payments/authorize")
    await page.click("#pay")
    await paid(page)
    assert await checkout.attempts() == 1


async def test_two_tabs_reload_and_back_charge_once(open_page: OpenPage, demo_shop: Shop) -> None:
    checkout = demo_shop.checkout()
    first = await open_page()
    second = await first.context.new_page()
    for page in (first, second):
        await page.goto(checkout.url)
        await fill(page, APPROVED)
    await asyncio.gather(first.click("#pay"), second.click("#pay"))
    await asyncio.gather(paid(first), paid(second))
    await first.reload()
    await paid(first)
    await first.goto("about:blank")
    await first.go_back()
    await paid(first)
    assert await checkout.attempts() == 1


async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_sent(open_page: OpenPage, demo_shop: Shop) -> None:
    page = await opened(open_page, demo_shop)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    await fill(page, "4111111111111112", expiry="0120", code="12")
    await page.click("#pay")
    await expect(page.locator("#number-wrong")).to_have_text("The number is not right yet. Compare it with the card.")
    await expect(page.locator("#expiry-wrong")).to_have_text("This date has passed. Use a newer card.")
    await expect(page.locator("#number")).to_be_focused()
    await expect(page.locator("#number")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#holder-wrong")).to_be_hidden()
    await accessible(page)
    await shot(page, "errors")
    assert [url for url in sent if "/payments/" in url] == []
    await page.fill("#number", APPROVED)
    await expect(page.locator("#number-wrong")).to_be_hidden()


async def test_declined_then_paid_with_another_card(open_page: OpenPage, demo_shop: Shop) -> None:
    checkout = demo_shop.checkout()
    page = await open_page(color_scheme="dark")
    await page.goto(checkout.url)
    await pay(page, demo_shop.cards["decline_insufficient_funds"])
    await expect(page.locator("#notice")).to_contain_text("There is not enough money on the card for this.")
    await expect(page.locator("#notice")).to_contain_text("Nothing was charged.")
    await accessible(page)
    await shot(page, "declined-dark")
    await page.reload()
    await expect(page.locator("#notice")).to_contain_text("not enough money")
    await pay(page, APPROVED)
    await paid(page)
    assert (await checkout.attempts("DECLINED"), await checkout.attempts("APPROVED")) == (1, 1)


async def test_a_thief_learns_nothing_from_a_decline(open_page: OpenPage, demo_shop: Shop) -> None:
    page = await opened(open_page, demo_shop)
    said = []
    for card in ("decline_stolen_card", "decline_do_not_honour"):
        await pay(page, demo_shop.cards[card])
        await expect(page.locator("#notice")).to_be_visible()
        said.append(await page.locator("#notice").inner_text())
        await page.reload()
    assert said[0] == said[1]


async def test_a_challenge_answered(open_page: OpenPage, demo_shop: Shop) -> None:
    checkout = demo_shop.checkout()
    page = await open_page(viewport=PHONE)
    await page.goto(checkout.url)
    await pay(page, demo_shop.cards["challenge"])
    frame = bank_of(page, "#challenge iframe")
    await expect(frame.locator("#code")).to_be_visible()
    await shot(page, "challenge")
    await confirm(frame)
    await paid(page)
    assert await checkout.attempts("APPROVED") == 1


@pytest.mark.parametrize(
    ("card", "answer", "said"),
    [
        ("challenge", "cancel", "Your bank did not confirm that it is you who is paying."),
        ("challenge_unavailable", "confirm", "Your bank could not be asked whether it is you who is paying."),
    ],
)
async def test_a_challenge_that_fails_says_why_and_another_card_pays(
    open_page: OpenPage, demo_shop: Shop, card: str, answer: str, said: str
) -> None:
    checkout = demo_shop.checkout()
    page = await open_page()
    await page.goto(checkout.url)
    await pay(page, demo_shop.cards[card])
    bank = bank_of(page, "#challenge iframe")
    await bank.locator("#code").fill("1234")
    await bank.locator(f"button[value={answer}]").click()
    await expect(page.locator("#notice")).to_contain_text(said)
    await expect(page.locator("#notice")).to_contain_text("Nothing was charged.")
    await expect(page.locator("#challenge")).to_be_hidden()
    await accessible(page)
    await pay(page, APPROVED)
    await paid(page)
    assert await checkout.attempts("APPROVED") == 1


async def test_whoever_can_t_answer_the_bank_uses_another_card_at_once(open_page: OpenPage, demo_shop: Shop) -> None:
    checkout = demo_shop.checkout()
    page = await open_page(viewport=PHONE)
    await page.route("**/acs/**", lambda route: route.abort())  # the bank's page does not even load
    await page.goto(checkout.url)
    await pay(page, demo_shop.cards["challenge"])
    await expect(page.locator("#challenge iframe")).to_be_visible()
    await shot(page, "challenge-not-loaded")
    await page.get_by_role("button", name="Use another card").click()
    await expect(page.locator("#challenge")).to_be_hidden()
    await expect(page.locator("#number")).to_be_focused()
    await expect(page.locator("#progress")).to_be_empty()
    assert await checkout.attempts() == 0
    await pay(page, APPROVED)
    await paid(page)
    assert (await checkout.attempts(), await checkout.attempts("APPROVED")) == (1, 1)


async def test_a_challenge_that_nobody_answers_in_time_says_so_and_another_card_pays(
    open_page: OpenPage, demo_shop: Shop
) -> None:
    checkout = demo_shop.checkout()
    page = await open_page(viewport=PHONE, locale="da-DK")
    await page.goto(checkout.url)
    await pay(page, demo_shop.cards["challenge"])
    await expect(bank_of(page, "#challenge iframe").locator("#code")).to_be_visible()
    ended = "update ipp.authentication set ends_by = now() where checkout_id = $1 returning id"
    await value(demo_shop.settings, ended, checkout.name)
    await expect(page.locator("#notice")).to_contain_text("Tiden til at bekræfte betalingen hos din bank løb ud.")
    await shot(page, "challenge-timed-out")
    await pay(page, APPROVED)
    await paid(page)
    assert (await checkout.attempts("DECLINED"), await checkout.attempts("APPROVED")) == (1, 1)


async def test_the_payer_returns_with_two_parameters_and_nothing_else(open_page: OpenPage, demo_shop: Shop) -> None:
    home = "http://shop.localhost:9/thanks?order=7&x=%C3%A6#done"
    for options in ({"accepturl": home}, {"origin": "http://shop.localhost:9"}):
        checkout = demo_shop.checkout(**options)
        page = await open_page()
        await page.route("http://shop.localhost:9/**", lambda route: route.fulfill(body="thanks"))
        await page.goto(checkout.url + ("" if "accepturl" in options else "&" + urlencode({"action": home})))
        async with page.expect_request("http://shop.localhost:9/**") as request:
            await pay(page, APPROVED)
        came = await request.value
        query = parse_qsl(urlsplit(came.url).query)
        assert [name for name, _ in query] == ["order", "x", "transaction_id", "transaction_key"]
        assert came.url.startswith("http://shop.localhost:9/thanks?order=7&x=%C3%A6&")
        assert "referer" not in await came.all_headers()
        named = dict(query[2:])
        assert re.fullmatch(r"[0-9A-Za-z]{4}(-[0-9A-Za-z]{4}){2}", named["transaction_id"])
        assert demo_shop.call("payments/status", **named)["result"] == "ACK"


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "plain"])
async def test_somebody_else_s_action_is_a_button_with_its_host_and_learns_nothing(
    open_page: OpenPage, demo_shop: Shop, scripts: bool
) -> None:
    checkout = demo_shop.checkout(origin="http://shop.localhost:9", accepturl="http://shop.localhost:9/thanks")
    page = await open_page(java_script_enabled=scripts)
    left: list[str] = []
    page.on("request", lambda request: left.append(str(urlsplit(request.url).hostname)))
    away = "http://evil.localhost:9/shop.localhost"
    await page.goto(f"{checkout.url}&{urlencode({'action': away})}")
    await expect(page.locator("p.leave > a")).to_have_text("Do not pay; back to evil.localhost:9")
    await pay(page, APPROVED)
    await paid(page)
    button = page.locator("a.button")
    await expect(button).to_have_text("Back to evil.localhost:9")
    assert await button.get_attribute("href") == away
    assert "evil.localhost" not in left


async def test_an_address_that_can_t_be_parsed_counts_as_none(open_page: OpenPage, demo_shop: Shop) -> None:
    checkout = demo_shop.checkout()
    page = await open_page()
    await page.goto(f"{checkout.url}&action=http%3A%2F%2F%5By")
    await pay(page, APPROVED)
    await paid(page)
    assert await page.locator("a.button").count() == 0
    assert await checkout.attempts("APPROVED") == 1


async def test_the_agreement_is_recorded_with_its_version(open_page: OpenPage, demo_shop: Shop) -> None:
    checkout = demo_shop.checkout()
    page = await open_page()
    await page.goto(checkout.url)
    version = await page.locator("input[name=policy]").get_attribute("value")
    assert await checkout.of("policy_version") is None
    assert version
    assert version in (await page.locator("#who").text_content() or "")
    await pay(page, APPROVED)
    await paid(page)
    assert await checkout.of("policy_version") == version
    assert await checkout.of("agreed_at") is not None


async def test_a_bank_that_is_silent_is_waited_for_and_nothing_is_charged(open_page: OpenPage, demo_shop: Shop) -> None:
    checkout = demo_shop.checkout()
    page = await open_page()
    looked = asyncio.Event()

    async def status(route: Route) -> None:
        """How it ended is told once the page was looked at: told sooner, it would load itself anew meanwhile."""
        await (route.continue_() if looked.is_set() else route.fulfill(json=STILL_WAITING))

    await page.route("**/payments/status", status)
    await page.goto(checkout.url)
    await pay(page, demo_shop.cards["timeout"])
    await expect(page.locator("#progress")).to_contain_text("The bank has not answered yet", timeout=PATIENCE_MS)
    await page.goto(checkout.url)  # somebody who loads the page anew is told the same, and can't pay again
    waiting = page.locator("[data-hosted=waiting], #notice:not([hidden])")
    await expect(waiting.first).to_be_visible()
    await accessible(page)
    await shot(page, "waiting")
    looked.set()
    await expect(page.locator("#notice")).to_contain_text("Nothing was charged.", timeout=40_000)
    assert await checkout.attempts() == 1
    await pay(page, APPROVED)
    await paid(page)
