"""Coming in: signing up, in and out, a forgotten password, in a real browser."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect
from visitor import NUMBER, PASSWORD, Visitor, fine, link

from browser import PHONE, OpenPage
from ippgateway.privacy.platform import Platform

ANOTHER = "syv gamle cykler i haven"
NEARLY = f"{NUMBER[:-1]}7"
"""A company number with a slip in its check digit."""


async def test_a_shop_signs_up_lands_at_its_keys_and_confirms_its_address(
    open_page: OpenPage, console_url: str, mail_url: str, console: Platform
) -> None:
    page = await open_page()
    email = f"{console.ids.letters(12).lower()}@shops.example"
    await page.goto(f"{console_url}/sign-in")
    await page.click("text=Open one")
    await fine(page, "sign-up")
    await page.click(".evidence summary >> nth=0")
    await expect(page.locator(".evidence p").first).to_contain_text("company.name")
    for field, text in (("company", "Kaffe & Kage"), ("number", NEARLY), ("name", "Asta Allike"), ("email", email),
                        ("password", "short")):  # fmt: skip
        await page.fill(f"#f-{field}", text)
    await page.click("main button.first")
    await expect(page.locator("#p-number")).to_contain_text("send the form once more")
    await fine(page, "sign-up-doubt")
    # Typed values are there again, secrets are not; the number is taken as it stands the second time.
    assert await page.input_value("#f-company") == "Kaffe & Kage"
    assert await page.input_value("#f-password") == ""
    await page.fill("#f-password", "short")
    await page.click("main button.first")
    await expect(page.locator("#p-password")).to_contain_text("15 characters")
    await expect(page.locator("#p-number")).to_have_count(0)
    await page.fill("#f-password", PASSWORD)
    await page.click("main button.first")
    await expect(page.locator("#first code.id").first).to_be_visible()
    await page.goto(await link(mail_url, email, "/verify/"))
    await page.click("main button.first")
    await expect(page.locator(".notice")).to_contain_text("confirmed")
    await fine(page, "profile-confirmed")


async def test_a_second_factor_is_added_and_asked_for_and_every_way_of_it_works(
    visitor: Visitor, open_page: OpenPage
) -> None:
    page = await open_page()
    await with_authenticator(page)
    await visitor.sign_in(page)
    await visitor.inside(page)
    codes = await visitor.add_app(page)
    await fine(page, "recovery-codes")
    await page.click("main .answers a")
    await page.click("text=Add a passkey")
    await fine(page, "passkey")
    await page.click("form.passkey button")
    await expect(page.locator("tbody tr")).to_have_count(2)
    await fine(page, "security")
    for way in ("code", "passkey", "recovery"):
        await signed_out(page)
        await visitor.sign_in(page, path="/sign-in?to=/account/sessions")
        await page.wait_for_url("**/sign-in/factor?*")
        # Nothing is open before the second factor.
        await page.goto(f"{visitor.url}/account/data")
        await page.wait_for_url("**/sign-in/factor?*")
        await page.goto(f"{visitor.url}/sign-in/factor?to=/account/sessions")
        if way == "code":
            await fine(page, "factor")
            await visitor.type_code(page, 0)
        elif way == "passkey":
            await page.click("form.passkey button")
        else:
            await use_recovery(page, codes[0])
        await expect(page).to_have_url(f"{visitor.url}/account/sessions")
    # A code that was used is nobody's, and an hour later what matters asks again.
    await visitor.later(timedelta(hours=1))
    await page.goto(f"{visitor.url}/account/security/recovery")
    await expect(page).to_have_url(f"{visitor.url}/sign-in/again?to=%2Faccount%2Fsecurity%2Frecovery")
    await use_recovery(page, codes[0])
    await expect(page.locator("#p-recovery")).to_be_visible()
    await fine(page, "again")
    await use_recovery(page, codes[1])
    await expect(page).to_have_url(f"{visitor.url}/account/security/recovery")
    await page.click("main button.first")
    await expect(page.locator(".once li")).to_have_count(10)
    assert set(await page.locator(".once li").all_inner_texts()).isdisjoint(codes)


async def test_our_staff_add_a_second_factor_before_anything_else_and_keep_one(
    clerk: Visitor, open_page: OpenPage
) -> None:
    page = await open_page()
    await page.goto(f"{clerk.url}/sign-up")
    await expect(page.locator(".failed")).to_contain_text("404")
    await clerk.sign_in(page)
    await expect(page.locator(".notice")).to_contain_text("add a second factor")
    for path in ("/", "/account/profile", "/account/events"):
        await page.goto(f"{clerk.url}{path}")
        await expect(page).to_have_url(f"{clerk.url}/account/security")
    await fine(page, "desk-enrol")
    await clerk.add_app(page)
    await page.goto(f"{clerk.url}/")
    await clerk.inside(page)
    await page.goto(f"{clerk.url}/account/security")
    assert await page.get_by_text("Passwords for programs").count() == 0
    await page.click("tbody a")
    await page.click("main button.danger")
    await expect(page.locator(".notice")).to_contain_text("our staff keep one")
    await page.goto(f"{clerk.url}/account/profile")
    await expect(page.locator(".facts")).to_contain_text("compliance and data protection")
    await fine(page, "desk-profile")


async def test_a_forgotten_password_is_set_by_a_letter_and_ends_every_session(
    visitor: Visitor, open_page: OpenPage, mail_url: str
) -> None:
    elsewhere, page = await open_page(), await open_page()
    await visitor.sign_in(elsewhere)
    await visitor.inside(elsewhere)
    said = []
    for email in ("nobody@shops.example", visitor.email):
        await page.goto(f"{visitor.url}/forgot")
        await page.fill("#f-email", email)
        await page.click("main button.first")
        await page.wait_for_url("**/forgot?sent=1")
        said.append(await page.locator("main").inner_html())
    assert said[0] == said[1]
    await fine(page, "forgot-sent")
    address = await link(mail_url, visitor.email, "/reset/")
    await page.goto(address)
    await page.fill("#f-password", "passwordpassword")
    await page.click("main button.first")
    await expect(page.locator("#p-password")).to_be_visible()
    await fine(page, "reset")
    await page.fill("#f-password", ANOTHER)
    await page.click("main button.first")
    await page.wait_for_url("**/sign-in?done=password")
    answer = await page.goto(address)
    assert answer is not None
    assert answer.status == 410
    await elsewhere.goto(f"{visitor.url}/account/profile")
    await elsewhere.wait_for_url("**/sign-in?*ended=1")
    await visitor.sign_in(page)
    await expect(page.locator(".notice.problem")).to_be_visible()
    assert await page.input_value("#f-email") == visitor.email
    await visitor.sign_in(page, ANOTHER, "/sign-in?to=https://elsewhere.example/")
    await visitor.inside(page)
    assert page.url == f"{visitor.url}/"


async def test_guessers_close_a_name_for_strangers_who_hear_when_and_never_for_its_owner(
    visitor: Visitor, open_page: OpenPage
) -> None:
    mine, strange = await open_page(), await open_page()
    await visitor.sign_in(mine)
    await visitor.inside(mine)
    await signed_out(mine)
    await visitor.guessed(10)
    await visitor.sign_in(strange)
    await expect(strange.locator(".notice.problem")).to_contain_text(re.compile(r"Try again after \d\d:\d\d"))
    await fine(strange, "sign-in-closed")
    await visitor.sign_in(mine)
    await visitor.inside(mine)


async def test_sign_in_by_keyboard_alone(visitor: Visitor, open_page: OpenPage) -> None:
    page = await open_page()
    await page.goto(f"{visitor.url}/sign-in")
    assert await page.evaluate("document.activeElement.id") == "f-email"
    await page.keyboard.type(visitor.email)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await visitor.inside(page)
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.matches('.drop:not(.menu) > summary')"):
            break
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/account/profile")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("plain", {"java_script_enabled": False, "viewport": PHONE, "locale": "da-DK"}),
        ("dark", {"viewport": PHONE, "locale": "da-DK", "color_scheme": "dark"}),
    ],
)
async def test_on_a_phone_in_danish_with_and_without_script(
    name: str, options: dict[str, Any], visitor: Visitor, open_page: OpenPage, console: Platform
) -> None:
    page = await open_page(**options)
    await page.goto(f"{visitor.url}/sign-up?kind=person")
    await expect(page.locator("h1")).to_have_text("Opret en konto")
    await page.fill("#f-name", "Jens Hansen")
    await page.fill("#f-email", f"{console.ids.letters(12).lower()}@people.example")
    await page.fill("#f-password", PASSWORD)
    await page.click("main button.first")
    await visitor.inside(page)
    for path in ("profile", "security", "security/password", "security/app", "security/passkey", "sessions", "events",
                 "language", "data"):  # fmt: skip
        answer = await page.goto(f"{visitor.url}/account/{path}")
        assert answer is not None
        assert answer.status == 200, path
        await fine(page, f"{name}-{path.replace('/', '-')}", script=name != "plain")
    await page.goto(f"{visitor.url}/account/language")
    await page.click("label[for=l-en]")
    await page.click("main button.first")
    await expect(page.locator("h1")).to_have_text("Language")
    assert {each["name"] for each in await page.context.cookies()} == {"session", "device"}


async def signed_out(page: Page) -> None:
    """They sign out, over the menu."""
    await page.click(".drop:not(.menu) > summary")
    await page.click("text=Sign out")
    await page.wait_for_url("**/sign-in?done=out*")


async def use_recovery(page: Page, code: str) -> None:
    """They have neither app nor passkey at hand."""
    if not await page.is_visible("#f-recovery"):
        await page.click("details.more summary")
    await page.fill("#f-recovery", code.upper().replace("-", " "))
    await page.click("details.more button")


async def with_authenticator(page: Page) -> None:
    """The device has an authenticator that knows its owner."""
    chrome = await page.context.new_cdp_session(page)
    await chrome.send("WebAuthn.enable")
    await chrome.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }})  # fmt: skip
