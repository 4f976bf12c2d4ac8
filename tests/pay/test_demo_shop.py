"""A newcomer in the demo shop, in a real browser: from the shelf to the receipt, in both ways to pay."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from browser import PHONE, OpenPage, shot
from running import Running

EMAIL = "newcomer@example.org"
NOTIFIED_WITHIN_MS = 30_000  # the worker has all the other tests' shops to call as well


@pytest.fixture
def shop(running: Running) -> str:
    """Where a browser finds the shop: on another origin than everything of the Platform."""
    address: str = running.demo()["shop_url"]
    return address


@pytest.fixture
def card(running: Running) -> Callable[[str], str]:
    """A test card's number by its outcome."""
    return lambda outcome: str(running.demo()["cards"][outcome])


async def clean(page: Page) -> None:
    """Nothing that axe finds, and nothing that sticks out to the right."""
    found = (await Axe().run(page)).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def choose(page: Page, shop: str, way: str, language: str = "en", email: str = EMAIL) -> None:
    """From the shelf through the till to where it is paid."""
    await page.goto(shop)
    await clean(page)
    await page.locator(f"a[href='/{language}/buy/mug']").click()
    await page.fill("#email", email)
    await clean(page)
    await page.click(f"button[value={way}]")


async def hosted(page: Page, number: str) -> None:
    """Fill in the payment page and pay."""
    for name, text in {"holder": "New Comer", "number": number, "expiry": "0430", "code": "123"}.items():
        await page.fill(f"#{name}", text)
    await page.click("#pay")


async def in_the_shop(page: Page, number: str) -> None:
    """Fill in the Platform's fields in the shop's page and pay."""
    typed = {"cardholder": "New Comer", "cardno": number, "expmonth": "04", "expyear": "2030", "cvv": "123"}
    for name, text in typed.items():
        await page.fill(f"#payw_{name}", text)
    await page.click("#payw_confirmPayment")


async def receipt(page: Page, title: str, notified: str) -> None:
    """The receipt says so, and the notification arrives on it without anybody doing anything."""
    await expect(page.locator("h1")).to_have_text(title)
    await expect(page.locator(".notice", has_text=notified)).to_be_visible(timeout=NOTIFIED_WITHIN_MS)
    await clean(page)


@pytest.mark.parametrize(
    ("language", "options", "title", "notified"),
    [
        ("en", {}, "Paid. Thank you.", "approved"),
        ("da", {"viewport": PHONE, "locale": "da-DK"}, "Betalt. Tak for handlen.", "godkendt"),
    ],
    ids=["desktop", "phone-danish"],
)
async def test_a_newcomer_buys_at_the_payment_page_sees_what_is_held_and_erases_it(
    shop: str, card: Callable[[str], str], open_page: OpenPage, running: Running,
    language: str, options: dict[str, object], title: str, notified: str,
) -> None:  # fmt: skip
    page = await open_page(**options)
    address = f"{language}.{EMAIL}"
    await choose(page, shop, "page", language, address)
    await page.wait_for_url(f"{running.demo()['pay_url']}/**")
    await hosted(page, card("approve_visa"))
    await receipt(page, title, notified)
    await shot(page, f"shop-receipt-{language}")
    await page.locator("#held ~ p a").click()
    await page.wait_for_url("http://mine.localhost:*/pay/mine?**")
    email = page.locator("[data-field='payer.email'] .value", has_text=address)
    await expect(email).to_be_visible()
    for field in ("payer.email", "payment.holder", "card.last4", "payment.order_id"):
        await expect(page.locator(f"[data-field='{field}']").first).to_be_visible()
    async with asyncio.timeout(NOTIFIED_WITHIN_MS / 1000):
        while not await page.locator("[data-field='visit_page.page'] .value").count():  # written every other second
            await page.reload()
    for field, value in {"visit.address": "127.0.0.1", "visit.browser": "Chrom"}.items():
        await expect(page.locator(f"[data-field='{field}'] .value", has_text=value).first).to_be_visible()
    await page.locator("form:has([name=do][value=plan]) button").click()
    await page.locator("form:has([name=do][value=erase]) button").click()
    await expect(page.locator("section.erased")).to_be_visible()
    await expect(email).to_have_count(0)
    await clean(page)
    await shot(page, f"shop-erased-{language}")
    assert await on_the_page(page) == await asyncio.to_thread(at_the_command_line, running, page.url)


async def on_the_page(page: Page) -> set[tuple[str, str, str | None]]:
    """What is still held, how it is shown, and its last day."""
    told = set()
    for entry in await page.locator("li[data-table]").all():
        ends_on = await entry.locator("time").last.get_attribute("datetime")
        for field in await entry.locator("[data-field]").all():
            name, shown = [await field.get_attribute(f"data-{each}") for each in ("field", "shown")]
            told.add((str(name), str(shown), ends_on))
    return told


def at_the_command_line(running: Running, page_url: str) -> set[tuple[str, str, str | None]]:
    """The same from `ippgateway person show`."""
    payment_id = parse_qs(urlsplit(page_url).query)["transaction_id"][0]
    asked = [sys.executable, "-m", "ippgateway.app.cli", "person", "show", "--json"]
    shown = subprocess.run(
        asked, env=running.env, input=f"{payment_id}\n", capture_output=True, text=True, timeout=120, check=True
    )
    fields = json.loads(shown.stdout)["fields"]
    return {(f"{field['table']}.{field['column']}", field["shown"], field["ends_on"]) for field in fields}


async def test_a_newcomer_buys_in_the_shop_with_a_declined_card_and_then_a_good_one(
    shop: str, card: Callable[[str], str], open_page: OpenPage
) -> None:
    page = await open_page(viewport=PHONE, color_scheme="dark", locale="da-DK")
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    await choose(page, shop, "here", "da")
    await in_the_shop(page, card("decline_insufficient_funds"))
    await expect(page.locator("#div_payw_failed")).to_be_visible()
    await clean(page)
    await shot(page, "shop-declined")
    await in_the_shop(page, card("approve_dankort"))
    await receipt(page, "Betalt. Tak for handlen.", "godkendt")
    await expect(page.locator(".notice", has_text="afvist")).to_be_visible(timeout=NOTIFIED_WITHIN_MS)
    assert refused == [], "the shop's content policy lets the widget do its work"


async def test_without_script_the_shop_sells_all_the_same(
    shop: str, card: Callable[[str], str], open_page: OpenPage
) -> None:
    page = await open_page(java_script_enabled=False)
    await page.goto(f"{shop}/en/buy/bowl")
    await page.click("button[value=here]")
    await page.click("text=Pay at the payment page instead")
    await hosted(page, card("approve_mastercard"))
    await expect(page.locator("h1")).to_have_text("Paid. Thank you.")
    await expect(page.locator(".notice", has_text="approved")).to_be_visible(timeout=NOTIFIED_WITHIN_MS)


async def test_a_click_copies_a_test_card_and_the_keyboard_selects_it(
    shop: str, card: Callable[[str], str], open_page: OpenPage
) -> None:
    page = await open_page(permissions=["clipboard-read", "clipboard-write"])
    await page.goto(f"{shop}/en/buy/vase")
    first, second = page.locator("input.number").nth(0), page.locator("input.number").nth(1)
    await first.click()
    await expect(page.locator("#copied")).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == card("approve_visa")
    await page.keyboard.press("Tab")
    await expect(second).to_be_focused()
    assert (await page.evaluate("getSelection().toString()")).replace(" ", "") == card("approve_dankort")
