"""The hosted page without script, and with every cookie refused: the same form does the same."""

import asyncio
from urllib.parse import urlencode

import pytest
from payer import Checkout, Shop, bank_of, confirm, fill, paid, pay
from playwright.async_api import Error, Page, expect

from browser import PHONE, OpenPage, shot

APPROVED = "4111111111111111"
PLAIN = {"java_script_enabled": False}
CARD = {"holder": "Jens Hansen", "number": APPROVED, "expiry": "0430", "code": "123"}


async def opened(open_page: OpenPage, checkout: Checkout, **options: object) -> Page:
    page = await open_page(**PLAIN, **options)
    await page.goto(checkout.url)
    return page


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE, "locale": "da"}], ids=["desktop", "phone"])
async def test_it_pays_and_reload_and_back_charge_once(
    open_page: OpenPage, demo_shop: Shop, options: dict[str, object]
) -> None:
    checkout = demo_shop.checkout()
    page = await opened(open_page, checkout, **options)
    await pay(page, APPROVED)
    await paid(page)
    await page.reload()
    await paid(page)
    await page.go_back()
    await paid(page)
    assert await checkout.attempts() == 1
    assert await checkout.of("policy_version")


async def test_a_form_is_good_for_one_attempt(open_page: OpenPage, demo_shop: Shop) -> None:
    """Two tabs with the same form and a card that is declined: one attempt, and both see what came of it."""
    checkout = demo_shop.checkout()
    first = await opened(open_page, checkout)
    second = await opened(open_page, checkout)
    for page in (first, second):
        await fill(page, demo_shop.cards["decline_do_not_honour"])
    await asyncio.gather(first.click("#pay"), second.click("#pay"))
    for page in (first, second):
        await expect(page.locator("#notice")).to_contain_text("Your bank declined the payment")
    assert await checkout.attempts() == 1
    await pay(second, APPROVED)
    await paid(second)
    await pay(first, APPROVED)
    await paid(first)
    assert (await checkout.attempts("APPROVED"), await checkout.attempts()) == (1, 2)


async def test_what_is_wrong_stands_beside_its_field_and_no_number_comes_back(
    open_page: OpenPage, demo_shop: Shop
) -> None:
    page = await opened(open_page, demo_shop.checkout(), locale="da-DK")
    await fill(page, "4111111111111112", expiry="0120", code="12")
    await page.click("#pay")
    await expect(page.locator("#number-wrong")).to_have_text(
        "Nummeret er ikke rigtigt endnu. Sammenlign det med kortet."
    )
    await expect(page.locator("#expiry-wrong")).to_have_text("Datoen er passeret. Brug et nyere kort.")
    await expect(page.locator("#code")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#holder")).to_have_value("Jens Hansen")
    await expect(page.locator("#number")).to_have_value("")
    assert "4111111111111112" not in await page.content()


async def test_a_challenge_answered_in_the_page(open_page: OpenPage, demo_shop: Shop) -> None:
    checkout = demo_shop.checkout()
    page = await opened(open_page, checkout, viewport=PHONE)
    number = demo_shop.cards["challenge"]
    await pay(page, number)
    content = await page.content()
    assert number not in content  # what the page carries along is sealed
    await page.frame_locator(".challenge iframe").locator("button").click()
    bank = bank_of(page, ".challenge iframe")
    await bank.locator("#code").fill("1234")
    await shot(page, "challenge-plain")
    await bank.locator("button.first").click()
    await bank.locator("button.first").click()  # back to the shop, which a script would have spared
    await page.click("form button[type=submit]")
    await paid(page)
    assert await checkout.attempts("APPROVED") == 1


async def test_forms_that_are_sent_again_around_a_challenge_charge_once(open_page: OpenPage, demo_shop: Shop) -> None:
    """Reload of the page that a form was answered with sends that form once more, and so does the back button."""
    checkout = demo_shop.checkout()
    page = await opened(open_page, checkout)
    await pay(page, demo_shop.cards["challenge"])
    confirmed = page.locator("form button[type=submit]", has_text="I have confirmed")
    await expect(confirmed).to_be_visible()
    await page.reload()  # the card form once more: a question again, and nothing charged
    await expect(confirmed).to_be_visible()
    assert await checkout.attempts() == 0
    sent = {name: str(await page.locator(f"input[name={name}]").get_attribute("value"))
            for name in ("after", "sealed", "challenge")}  # fmt: skip
    await page.frame_locator(".challenge iframe").locator("button").click()
    bank = bank_of(page, ".challenge iframe")
    await bank.locator("#code").fill("1234")
    await bank.locator("button.first").click()
    await confirmed.click()
    await paid(page)
    await page.reload()
    await paid(page)
    for form in (sent, {name: text for name, text in sent.items() if name != "sealed"}, {**CARD, "after": ""}):
        answer = await asyncio.to_thread(demo_shop.post, checkout, **form)
        assert "You have paid once" in answer
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # the browser asks by itself whether to send the form once more
        await page.go_back()
    await page.wait_for_url("chrome-error://**")
    await page.goto(checkout.url)
    await paid(page)
    await shot(page, "paid-once-plain")
    assert (await checkout.attempts("APPROVED"), await checkout.attempts()) == (1, 1)


async def test_a_challenge_refused_in_the_page(open_page: OpenPage, demo_shop: Shop) -> None:
    checkout = demo_shop.checkout()
    page = await opened(open_page, checkout)
    await pay(page, demo_shop.cards["challenge"])
    await page.frame_locator(".challenge iframe").locator("button").click()
    await bank_of(page, ".challenge iframe").locator("button[value=cancel]").click()
    await expect(bank_of(page, ".challenge iframe").locator("h1")).to_contain_text("Not confirmed")
    await page.click("form button[type=submit]")
    await expect(page.locator("#notice")).to_contain_text("Your bank did not confirm that it is you")
    await pay(page, APPROVED)
    await paid(page)


async def test_somebody_else_s_sealed_card_is_worth_nothing(open_page: OpenPage, demo_shop: Shop) -> None:
    page = await opened(open_page, demo_shop.checkout())
    await pay(page, demo_shop.cards["challenge"])
    sealed = await page.locator("input[name=sealed]").get_attribute("value")
    other = demo_shop.checkout()
    assert "Too much time has passed" in demo_shop.post(other, sealed=str(sealed), after="")
    assert await other.attempts() == 0


async def test_the_way_back_to_the_shop_needs_no_script(open_page: OpenPage, demo_shop: Shop) -> None:
    checkout = demo_shop.checkout(origin="http://shop.localhost:9")
    page = await open_page(**PLAIN)
    home = "http://shop.localhost:9/thanks"
    await page.route(f"{home}**", lambda route: route.fulfill(body="thanks"))
    await page.goto(f"{checkout.url}&{urlencode({'action': home})}")
    async with page.expect_request(f"{home}**") as request:
        await pay(page, APPROVED)
    assert (await request.value).url.startswith(f"{home}?transaction_id=")


async def test_a_silent_bank_is_waited_for(open_page: OpenPage, demo_shop: Shop) -> None:
    checkout = demo_shop.checkout()
    page = await opened(open_page, checkout)
    await pay(page, demo_shop.cards["timeout"])
    # The page looks again by itself, every five seconds; sooner or later the request was taken back.
    await expect(page.locator("#notice")).to_contain_text("The bank did not answer in time", timeout=40_000)
    assert await checkout.attempts() == 1


@pytest.mark.parametrize("card", ["approve_visa", "challenge"])
async def test_no_cookie_is_needed_and_none_is_set(open_page: OpenPage, demo_shop: Shop, card: str) -> None:
    page = await open_page(viewport=PHONE)
    refusing = await page.context.new_cdp_session(page)
    await refusing.send("Emulation.setDocumentCookieDisabled", {"disabled": True})
    set_by: list[str] = []

    async def look(response: object) -> None:
        if "set-cookie" in await response.all_headers():  # type: ignore[attr-defined]
            set_by.append(response.url)  # type: ignore[attr-defined]

    page.on("response", look)
    await page.goto(demo_shop.checkout().url)
    await pay(page, demo_shop.cards[card])
    if card == "challenge":
        await confirm(bank_of(page, "#challenge iframe"))
    await paid(page)
    assert set_by == []
    assert await page.context.cookies() == []
    assert await page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
