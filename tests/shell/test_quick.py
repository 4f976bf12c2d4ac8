"""With htmx a step is quick, and everything else is as it was: title, focus, address, failures, the policy."""

from collections.abc import AsyncIterator

import pytest
from face import BEARER, Door
from playwright.async_api import Page, Route, expect

from browser import OpenPage
from ippgateway.faces.shell import files

pytestmark = pytest.mark.skipif(files.HTMX not in files.own(), reason="htmx is not installed; pages work without it")


@pytest.fixture
async def page(door: Door, address: str, open_page: OpenPage) -> AsyncIterator[Page]:
    """Somebody signed in, at the first page. What the policy forbids ends the test."""
    door.let_in()
    page = await open_page()
    await page.context.add_cookies([{"name": "session", "value": BEARER, "url": address}])
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Policy" in message.text else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    await page.goto(f"{address}/payments/new")
    await page.evaluate("window.loaded = 'once'")
    yield page
    assert said == []


async def once(page: Page) -> bool:
    """Whether the page that was loaded first is still there."""
    return bool(await page.evaluate("window.loaded === 'once'"))


async def test_a_link_changes_title_address_and_focus_without_a_load(page: Page) -> None:
    await page.click("#onward")
    await expect(page).to_have_title("Payment Paym-0000-0002 · IPP test")
    assert page.url.endswith("/payments/Paym-0000-0002")
    await expect(page.locator("main")).to_be_focused()
    assert await once(page)


async def test_back_leads_back(page: Page) -> None:
    await page.click("#onward")
    await expect(page).to_have_title("Payment Paym-0000-0002 · IPP test")
    await page.go_back()
    await expect(page).to_have_title("A page · IPP test")
    assert page.url.endswith("/payments/new")


async def test_a_page_that_is_not_there_is_shown(page: Page) -> None:
    await page.click("#nowhere")
    await expect(page.locator("h1")).to_have_text("There is nothing here")
    assert await once(page)


async def test_a_form_that_is_wrong_says_so_aloud(page: Page) -> None:
    await page.click("main button.first")
    await expect(page.get_by_role("alert")).to_have_text("That was not right.")
    assert await once(page)


async def test_a_form_leads_on_to_what_it_made(page: Page, address: str) -> None:
    await page.goto(f"{address}/payments")
    await page.click("main button.first")
    await expect(page).to_have_title("Payment Paym-0000-0001 · IPP test")
    assert page.url.endswith("/payments/Paym-0000-0001")


async def test_a_form_that_is_sent_twice_in_haste_is_sent_once(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    await page.dblclick("main button.first")
    await expect(page.get_by_role("alert")).to_be_visible()
    assert len([url for url in sent if not url.endswith("/seen")]) == 1


async def test_a_form_without_an_answer_says_that_it_may_have_been_taken(page: Page) -> None:
    await page.route("**/payments/new", lambda route: route.abort())
    await page.click("main button.first")
    await expect(page.get_by_role("alert")).to_contain_text("look whether it is there")
    assert await once(page)


async def test_a_hair_is_shown_while_a_page_is_fetched(page: Page) -> None:
    waiting: list[Route] = []

    async def hold(route: Route) -> None:
        waiting.append(route)

    await page.route("**/payments/Paym-0000-0002", hold)
    await page.click("#onward")
    await expect(page.locator("#loading")).to_have_class("loading htmx-request")
    await waiting[0].continue_()
    await expect(page).to_have_title("Payment Paym-0000-0002 · IPP test")
    await expect(page.locator("#loading")).to_have_class("loading")


async def test_another_language_comes_with_the_page(page: Page, door: Door) -> None:
    door.let_in(language="da", theme="dark")
    await page.click("#onward")
    await expect(page.locator("html")).to_have_attribute("lang", "da")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert await once(page)


async def test_a_newer_release_is_loaded_as_a_whole(page: Page) -> None:
    await page.evaluate("document.querySelector('link[href*=\"/shell.\"]').setAttribute('href', '/static/shell.0.css')")
    await page.click("#onward")
    await expect(page).to_have_title("Payment Paym-0000-0002 · IPP test")
    assert not await once(page)


async def test_what_answers_a_form_is_kept_even_by_a_newer_release(page: Page) -> None:
    await page.evaluate("document.querySelector('link[href*=\"/shell.\"]').setAttribute('href', '/static/shell.0.css')")
    await page.click("main button.first")
    await expect(page.get_by_role("alert")).to_have_text("That was not right.")
    assert await once(page)


@pytest.mark.parametrize("status", [200, 502])
async def test_what_is_no_page_of_ours_is_never_shown_as_one(page: Page, status: int) -> None:
    async def other(route: Route) -> None:
        await route.fulfill(status=status, content_type="text/plain", body="Bad gateway")

    await page.route("**/payments/new", other)
    await page.click("main button.first")
    await expect(page.get_by_role("alert")).to_contain_text("look whether it is there")
    await expect(page.locator("h1")).to_have_text("A page")


async def test_a_link_without_an_answer_is_followed_the_browsers_own_way(page: Page, address: str) -> None:
    await page.route("**/payments/Paym-0000-0002", lambda route: route.abort(), times=1)
    await page.click("#onward")
    await expect(page).to_have_title("Payment Paym-0000-0002 · IPP test")
    assert not await once(page)


async def test_a_session_that_ended_leads_to_the_door(page: Page, door: Door) -> None:
    door.session = None
    await page.click("#onward")
    await expect(page.locator(".tongues")).to_be_visible()
    assert "/sign-in?to=%2Fpayments%2FPaym-0000-0002&ended=1" in page.url
