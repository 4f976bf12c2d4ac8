"""The page "what we hold about you" in a real browser: desktop and phone, both languages, light and dark, no script."""

from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.async_playwright import Axe
from payer import Shop
from playwright.async_api import Page, expect

from browser import DESKTOP, PHONE, OpenPage, shot

HOLDER, ORDER = "Asta Allike", "allike 4471"


@pytest.fixture
def bought(demo_shop: Shop) -> str:
    """A purchase at the demo shop; the address of the page about it."""
    made = demo_shop.checkout(order_id=ORDER, ipn="http://127.0.0.1:9/allike")
    card = {"checkout_id": made.checkout_id, "cryptogram": made.cryptogram, "holder": HOLDER,
            "cardno": demo_shop.cards["approve_visa"], "expmonth": "11", "expyear": "2032", "cvv": "737"}  # fmt: skip
    demo_shop.call("payments/secure", **card)
    paid = demo_shop.call("payments/authorize", **card)
    ours = {name: paid[name] for name in ("transaction_id", "transaction_key")}
    return f"{demo_shop.pay_url}/pay/mine?{urlencode(ours)}"


async def clean(page: Page) -> None:
    """Nothing that axe finds, and nothing that sticks out to the right."""
    found = (await Axe().run(page)).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("desktop", {"viewport": DESKTOP}),
        ("phone-dark-danish", {"viewport": PHONE, "color_scheme": "dark", "locale": "da-DK"}),
    ],
)
async def test_it_is_shown_then_planned_then_erased_and_what_stays_is_told(
    name: str, options: dict[str, Any], bought: str, open_page: OpenPage
) -> None:
    page = await open_page(**options)
    await page.goto(bought)
    await expect(page.get_by_text(HOLDER).first).to_be_visible()
    await shot(page, f"mine-{name}")
    await clean(page)
    await page.click("main button")
    await expect(page.locator(".plan").first).to_be_visible()
    await shot(page, f"mine-{name}-plan")
    await clean(page)
    await page.click("main button")
    await expect(page.locator(".erased")).to_be_visible()
    assert (
        await page.locator("[data-shown]").evaluate_all("them => them.map(one => one.dataset.shown)")
        == ["restricted"] * await page.locator("[data-shown]").count()
    )
    assert HOLDER not in await page.content()
    assert ORDER not in await page.content()
    await shot(page, f"mine-{name}-erased")
    await clean(page)
    await page.reload()
    await expect(page.locator(".erased")).to_be_visible()
    assert await page.context.cookies() == []


async def test_without_script_and_with_the_other_language(bought: str, open_page: OpenPage) -> None:
    page = await open_page(java_script_enabled=False)
    await page.goto(bought)
    await page.click("a[hreflang=da]")
    await expect(page.locator("h1")).to_have_text("Det har Platformen nu om dig")
    await page.click("main button")
    await page.click(".back a")
    await expect(page.get_by_text(HOLDER).first).to_be_visible()


async def test_a_wrong_key_says_nothing(bought: str, open_page: OpenPage) -> None:
    page = await open_page()
    answer = await page.goto(bought[:-1] + ("a" if bought[-1] != "a" else "b"))
    assert answer is not None
    assert answer.status == 404
    await clean(page)
    assert HOLDER not in await page.content()
