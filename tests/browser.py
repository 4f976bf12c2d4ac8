"""A real browser for tests: Debian's Chromium, found by `scripts/browser`, one for the whole run.

`browser` (session) and `open_page` (a context of its own for each page) are fixtures; a folder's `conftest.py` hands
them out. With `SHOTS=folder` in the environment, `shot(page, name)` keeps a picture to look at.
"""

import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Playwright, async_playwright

FIND = Path(__file__).parents[1] / "scripts" / "browser"
PATIENCE_MS = 15_000
PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}


def chromium() -> str:
    """Where Chromium is. Fails with the reason when there is none and none can be installed."""
    found = subprocess.run([str(FIND)], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        pytest.fail(f"browser tests need Chromium: {found.stderr.strip()}", pytrace=False)
    return found.stdout.split()[-1]


async def launched(playwright: Playwright) -> Browser:
    """A headless Chromium. Its own sandbox refuses the root user."""
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    return await playwright.chromium.launch(executable_path=chromium(), args=args)


class OpenPage(Protocol):
    """Opens a page in a context of its own; the options are Playwright's (`viewport`, `java_script_enabled`, ...)."""

    def __call__(self, **options: Any) -> Awaitable[Page]: ...


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests."""
    async with async_playwright() as playwright:
        it = await launched(playwright)
        yield it
        await it.close()


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens pages; each has a context of its own, which is closed after the test."""
    contexts = []

    async def one(**options: Any) -> Page:
        context = await browser.new_context(**{"viewport": DESKTOP, "locale": "en-GB", **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return await context.new_page()

    yield one
    for context in contexts:
        await context.close()


async def shot(page: Page, name: str) -> None:
    """A picture of the whole page, when somebody wants to look."""
    if folder := os.environ.get("SHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def accessible(page: Page) -> None:
    """No violation that axe knows of, and nothing that sticks out to the right."""
    results = await Axe().run(page)
    found = [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in results.response["violations"]]
    assert not found, "\n".join(found)
    width = await page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], "the page is wider than the window"


Shows = Callable[[Page], Awaitable[None]]
