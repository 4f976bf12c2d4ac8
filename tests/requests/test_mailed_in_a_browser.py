"""From the question to the last shop, through the mailbox: in a real browser, on a phone without script too."""

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest
from playwright.async_api import Error, Page, expect

from browser import DESKTOP, PHONE, OpenPage, accessible, shot
from ippgateway.app.database.access import as_owner, main_database
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import origin, platform_for
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone
from privacy.shops import open_shop
from rights.people import HOLDER, ordered
from running import Running

LONGEST_S = 30
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"
SAID = {
    "en": {"sent": "Look into your mail", "overview": "What is held about your address", "erased": "Erased"},
    "da": {"sent": "Se i din post", "overview": "Det er gemt om din adresse", "erased": "Slettet"},
}


@pytest.fixture(scope="module")
async def till(installation: Settings) -> AsyncIterator[Platform]:
    """The payment zone, where shops' orders are made."""
    async with platform_for(Zone.PAY, installation) as platform:
        yield platform


async def until(rows: Callable[[], Awaitable[list[Any]]]) -> list[Any]:
    async with asyncio.timeout(LONGEST_S):
        while not (found := await rows()):  # noqa: ASYNC110 - another process writes them
            await asyncio.sleep(0.05)
        return found


async def mailed(running: Running, email: str) -> str:
    """The link in the newest letter to an address, from the sandbox's mailbox."""
    url = f"http://127.0.0.1:{running.settings.sandbox_mailbox_port}/messages.json?to={quote(email)}"

    async def letters() -> list[Any]:
        return list(json.loads(await asyncio.to_thread(_read, url))["messages"])

    [newest, *_] = await until(letters)
    return next(word for word in str(newest["text"]).split() if "/link/" in word)


def _read(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:
        body: bytes = answer.read()
    return body


async def step(page: Page, name: str) -> None:
    """A page on the way: it is clean, and there is a picture for whoever wants to look."""
    await shot(page, f"link-{name}")
    await accessible(page)


@pytest.mark.parametrize(
    ("name", "language", "options"),
    [
        ("desktop", "en", {"viewport": DESKTOP}),
        ("phone-dark", "da", {"viewport": PHONE, "color_scheme": "dark", "locale": "da-DK"}),
    ],
)
async def test_from_the_question_to_what_is_erased(
    name: str, language: str, options: dict[str, Any], running: Running, console: Platform, till: Platform,
    open_page: OpenPage,
) -> None:  # fmt: skip
    email, said = f"{name}.blishoene@borger.example", SAID[language]
    for _ in range(2):
        await ordered(till, await open_shop(console), email)
    page = await open_page(**options)
    await page.goto(f"{origin(running.settings, 'mine')}/")
    await step(page, f"{name}-1-ask")
    await page.fill("#email", email)
    await page.click("main form button")
    await expect(page.locator("h1")).to_have_text(said["sent"])
    await step(page, f"{name}-2-sent")
    await page.goto(await mailed(running, email))
    await page.fill("#email", "somebody.else@borger.example")
    await page.click("main form button")
    await expect(page.get_by_role("alert")).to_be_visible()
    await step(page, f"{name}-3-wrong")
    await page.fill("#email", email)
    await page.click("main form button")
    await expect(page.locator("h1")).to_have_text(said["overview"])
    await expect(page.locator(".shops li")).to_have_count(2)
    await step(page, f"{name}-4-overview")
    await page.locator(".shops button").first.click()
    await expect(page.get_by_text(HOLDER).first).to_be_visible()
    assert email not in page.url
    await step(page, f"{name}-5-shop")
    await page.click(".erase button")
    await expect(page.locator(".plan").first).to_be_visible()
    await step(page, f"{name}-6-plan")
    await page.locator("main form button").first.click()
    await expect(page.locator(".erased h2")).to_contain_text(said["erased"])
    await step(page, f"{name}-7-erased")
    await page.click(".back button")
    await expect(page.locator(".shops li")).to_have_count(1)
    await page.click("nav button")
    await expect(page.locator("h1")).to_have_text(SAID["da" if language == "en" else "en"]["overview"])
    await page.click(".end button")
    await step(page, f"{name}-8-over")
    with pytest.raises(Error, match="CACHE_MISS"):  # the browser itself has kept nothing
        await page.go_back()
    assert await page.context.cookies() == []


async def test_on_a_phone_without_script_and_without_a_trace(
    running: Running, installation: Settings, console: Platform, till: Platform, open_page: OpenPage
) -> None:
    email = "uden.spor@borger.example"
    await ordered(till, await open_shop(console), email)
    page = await open_page(viewport=PHONE, java_script_enabled=False, user_agent=AGENT.format(231))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    mine = origin(running.settings, "mine")
    await page.goto(f"{mine}/")
    await page.fill("#email", email)
    await page.click("main form button")
    link = await mailed(running, email)
    await page.goto(link)
    await page.fill("#email", email)
    await page.click("main form button")
    secret = await page.locator("input[name=secret]").first.get_attribute("value") or ""
    await page.locator(".shops button").click()
    await expect(page.get_by_text(HOLDER).first).to_be_visible()
    await page.click(".back button")
    await expect(page.locator(".shops li")).to_have_count(1)
    assert len(secret) == 32
    assert [url for url in asked if not url.startswith(f"{mine}/")] == []
    assert [url for url in asked if secret in url or email in url] == []
    # Somebody else's page is on record by now, and what came before it would be.
    await page.goto(f"{origin(running.settings, 'site')}/en")
    connection = await asyncpg.connect(**as_owner(installation, main_database(installation)))
    visits = "select surface, requests from ipp.visit where browser = 'Firefox 231'"
    try:
        rows = await until(lambda: connection.fetch(visits))
    finally:
        await connection.close()
    assert [(row["surface"], row["requests"]) for row in rows] == [("site", 1)]
    said = running.output.read_text()
    assert [canary for canary in (email, secret, link.rpartition("/")[2], "/link/") if canary in said] == []
