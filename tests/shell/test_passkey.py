"""Passkeys in a form: a real browser with an authenticator of its own, and answers that are checked by the library."""

from typing import Any

import pytest
from face import Door
from playwright.async_api import Page, expect

from browser import OpenPage


async def with_authenticator(page: Page, **options: Any) -> None:
    """Put an authenticator into the page's machine (WebDriver's, by the DevTools protocol)."""
    tools = await page.context.new_cdp_session(page)
    await tools.send("WebAuthn.enable")
    await tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                "isUserVerified": True, "automaticPresenceSimulation": True, **options,
            }
        },
    )  # fmt: skip


async def test_a_passkey_is_made_and_its_answer_checked(door: Door, address: str, open_page: OpenPage) -> None:
    page = await open_page()
    await with_authenticator(page)
    await page.goto(f"{address}/passkey")
    await page.click(".passkey button")
    await expect(page.locator("#said")).to_have_text("none 32")


@pytest.mark.parametrize(
    ("language", "said"), [("en-GB", "The browser showed no passkey"), ("da-DK", "Browseren viste ingen adgangsnøgle")]
)
async def test_a_refusal_is_said_beside_the_button(
    door: Door, address: str, open_page: OpenPage, language: str, said: str
) -> None:
    page = await open_page(locale=language)
    await page.goto(f"{address}/passkey")
    await page.evaluate(
        "void (navigator.credentials.create = async () => { throw new DOMException('', 'NotAllowedError'); })"
    )
    await page.click(".passkey button")
    await expect(page.get_by_role("alert")).to_contain_text(said)
    assert page.url == f"{address}/passkey"
    await expect(page.locator(".passkey button")).to_be_enabled()


async def test_without_script_a_sentence_says_what_else_to_do(door: Door, address: str, open_page: OpenPage) -> None:
    page = await open_page(java_script_enabled=False)
    await page.goto(f"{address}/passkey")
    await expect(page.locator(".passkey button")).to_be_hidden()
    await expect(page.locator(".passkey .without")).to_be_visible()


async def test_a_passkey_is_shown_and_its_signature_reaches_us(door: Door, address: str, open_page: OpenPage) -> None:
    page = await open_page()
    await with_authenticator(page)
    await page.goto(f"{address}/passkey")
    await page.click(".passkey button")
    await expect(page.locator("#said")).to_have_text("none 32")
    await page.goto(f"{address}/look")
    async with page.expect_request(lambda request: request.method == "POST" and "/look" in request.url) as sent:
        await page.click(".passkey button")
    form = (await sent.value).post_data or ""
    assert "signature" in form
    assert "authenticatorData" in form
    assert "options" not in form
    await expect(page.get_by_role("status").first).to_contain_text("was forgotten")
