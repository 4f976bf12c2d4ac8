"""Every state that a payer can find a payment in, in both languages, light and dark, wide and narrow."""

import asyncio
import urllib.error
import urllib.parse
import urllib.request

import pytest
from payer import Shop, paid, pay
from playwright.async_api import expect

from browser import PHONE, OpenPage, accessible, shot
from e2e.books import value
from ippgateway.privacy.catalogue import CARD_NUMBER, CREDENTIAL, EMAIL, NAME
from ippgateway.privacy.policy import for_payers

APPROVED = "4111111111111111"


async def test_a_payment_whose_time_is_over(open_page: OpenPage, demo_shop: Shop) -> None:
    checkout = demo_shop.checkout(accepturl="http://shop.localhost:9/thanks?order=7")
    await checkout.expire()
    page = await open_page()
    answer = await page.goto(checkout.url)
    assert answer is not None
    assert answer.status == 410
    await expect(page.locator("h2")).to_have_text("The time to pay is over")
    await expect(page.locator("a.button")).to_have_attribute("href", "http://shop.localhost:9/")
    await accessible(page)
    await shot(page, "expired")


async def test_a_paid_one_shows_its_receipt_after_its_time(open_page: OpenPage, demo_shop: Shop) -> None:
    checkout = demo_shop.checkout()
    page = await open_page(locale="da-DK", color_scheme="dark", viewport=PHONE)
    await page.goto(checkout.url)
    await pay(page, APPROVED)
    await paid(page)
    await checkout.expire()
    await page.goto(checkout.url)
    await paid(page)
    await expect(page.locator("h1")).to_contain_text("1.249,50 kr.")
    link = await page.locator(".leave a").get_attribute("href")
    assert (link or "").startswith("/pay/mine?transaction_id=")
    await accessible(page)
    await shot(page, "paid-dark-phone")


async def test_a_paid_one_shows_its_receipt_when_its_shop_has_closed(open_page: OpenPage, demo_shop: Shop) -> None:
    settled, never = demo_shop.checkout(), demo_shop.checkout()
    page = await open_page()
    await page.goto(settled.url)
    await pay(page, APPROVED)
    await paid(page)
    status = "update ipp.company set status = $2 where id = (select company_id from ipp.checkout where id = $1)"
    await value(demo_shop.settings, f"{status} returning id", settled.name, "closed")
    try:
        await page.goto(settled.url)
        await paid(page)
        answer = await page.goto(never.url)
    finally:
        await value(demo_shop.settings, f"{status} returning id", settled.name, "active")
    assert answer is not None
    assert answer.status == 404
    await expect(page.locator("main")).to_contain_text("ask the shop before you pay again")
    assert "charged" not in await page.locator("main").inner_text()


CARD = {"method": "card", "holder": "Jens", "cardno": APPROVED, "expmonth": "04", "expyear": "2030", "cvv": "123"}


def test_whoever_has_paid_is_told_so_after_the_time_and_no_bank_is_asked_again(
    demo_shop: Shop, running_url: str
) -> None:
    checkout, other = demo_shop.checkout(), demo_shop.checkout()
    asked = {"checkout_id": checkout.checkout_id, "cryptogram": checkout.cryptogram, **CARD}
    demo_shop.call("payments/secure", **asked)
    first = demo_shop.call("payments/authorize", **asked)
    for each in (checkout, other):
        asyncio.run(each.expire())
    count = "select count(*) from ipp.authentication where checkout_id = $1"
    before = asyncio.run(value(demo_shop.settings, count, checkout.name))
    challenged = {**asked, "cardno": demo_shop.cards["challenge"]}
    assert demo_shop.call("payments/secure", **challenged)["result"] == "COMPLETED"
    again = demo_shop.call("payments/authorize", **challenged)
    assert (again["result"], again["transaction_id"]) == ("ACK", first["transaction_id"])
    assert asyncio.run(value(demo_shop.settings, count, checkout.name)) == before
    asked |= {"checkout_id": other.checkout_id, "cryptogram": other.cryptogram}
    for path in ("payments/secure", "payments/authorize"):
        body = urllib.parse.urlencode(asked).encode()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{running_url}/{path}", data=body, timeout=30)
    assert asyncio.run(other.attempts()) == 0


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "Go back to the shop and begin again; if it still says so, wait a quarter of an hour"),
        ("da", "Gå tilbage til butikken, og begynd forfra; står det her stadig, så vent et kvarter"),
    ],
)
async def test_too_many_declined_cards(open_page: OpenPage, demo_shop: Shop, language: str, says: str) -> None:
    checkout = demo_shop.checkout(origin="http://shop.localhost:9", accepturl="http://shop.localhost:9/thanks")
    await value(demo_shop.settings, "update ipp.checkout set declines = 10 where id = $1 returning id", checkout.name)
    page = await open_page(viewport=PHONE, locale=language)
    answer = await page.goto(checkout.url)
    assert answer is not None
    assert answer.status == 429
    await expect(page.locator("main")).to_contain_text(says)
    await expect(page.locator("a.button")).to_have_attribute("href", "http://shop.localhost:9/")
    assert await page.locator("form").count() == 0
    await accessible(page)
    await shot(page, f"too-many-{language}")


@pytest.mark.parametrize("query", ["", "?checkout_id=x&cryptogram=y", "?checkout_id=%3Cscript%3E&cryptogram=y"])
async def test_an_address_that_leads_nowhere(open_page: OpenPage, demo_shop: Shop, query: str) -> None:
    page = await open_page(locale="da-DK")
    answer = await page.goto(f"{demo_shop.pay_url}/{query}")
    assert answer is not None
    assert answer.status == 404
    await expect(page.locator("h1")).to_have_text("Den betaling findes ikke")
    await accessible(page)


async def test_the_cryptogram_must_fit(open_page: OpenPage, demo_shop: Shop) -> None:
    one, other = demo_shop.checkout(), demo_shop.checkout()
    page = await open_page()
    for cryptogram in (other.cryptogram, ""):
        answer = await page.goto(f"{demo_shop.pay_url}/?checkout_id={one.checkout_id}&cryptogram={cryptogram}")
        assert answer is not None
        assert answer.status == 404


async def test_the_language_is_switched_and_the_query_is_kept(open_page: OpenPage, demo_shop: Shop) -> None:
    page = await open_page(locale="da-DK")
    checkout = demo_shop.checkout(origin="http://shop.localhost:9")
    await page.goto(checkout.url + "&theme=dark&action=http%3A%2F%2Fshop.localhost%3A9%2Fthanks")
    await expect(page.locator("#pay")).to_have_text("Betal 1.249,50\u00a0kr.")
    await page.click("nav a[lang=en]")
    await expect(page.locator("#pay")).to_have_text("Pay DKK\u00a01,249.50")
    assert await page.locator("html").get_attribute("data-theme") == "dark"
    assert await page.locator("#card").get_attribute("data-back") == "http://shop.localhost:9/thanks"
    await page.click("nav a[lang=da]")
    await expect(page.locator("html")).to_have_attribute("lang", "da")


@pytest.mark.parametrize("theme", ["light", "dark", "divs", "<b>"])
async def test_themes_of_the_query_and_of_the_checkout(open_page: OpenPage, demo_shop: Shop, theme: str) -> None:
    page = await open_page(color_scheme="dark" if theme == "light" else "light")
    known = theme if theme in ("light", "dark") else None
    await page.goto(demo_shop.checkout(theme=theme).url)
    assert await page.locator("html").get_attribute("data-theme") == known
    ground = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == ("rgb(15, 22, 21)" if known == "dark" else "rgb(251, 250, 246)")
    if known:
        await accessible(page)


async def test_who_sees_the_card_is_told_and_can_be_read(open_page: OpenPage, demo_shop: Shop) -> None:
    page = await open_page(viewport=PHONE)
    await page.goto(demo_shop.checkout().url)
    await page.click(".agree a")  # a link into the closed details opens them
    await expect(page.locator("#who caption")).to_be_visible()
    for words in ("the acquirer", "the EU and the USA", "3-D Secure", "never stored", "540 days"):
        await expect(page.locator("#who")).to_contain_text(words)
    told = await page.locator("#who [data-category]").evaluate_all("all => all.map(each => each.dataset.category)")
    assert told[:3] == [EMAIL.key, NAME.key, CARD_NUMBER.key]  # what people look for
    assert told[-1] == CREDENTIAL.key
    assert set(told) == {each.category.key for each in for_payers().told}
    await accessible(page)
    await shot(page, "who")
    answer = await page.goto(f"{demo_shop.pay_url}/pay/terms?lang=da")
    assert answer is not None
    assert answer.status == 200
    await expect(page.locator(".told")).to_contain_text("gemmes aldrig")
    await accessible(page)
