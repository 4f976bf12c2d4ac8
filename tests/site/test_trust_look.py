"""The page of the promises in a real browser: wide and narrow, light and dark, by keyboard, without script."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
import uvicorn
from checked import EVERY_S, Checked

from browser import DESKTOP, PHONE, OpenPage, accessible, shot
from ippgateway.privacy.trust import Standing
from ippgateway.promises.register import REGISTER

LOOKS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("wide", "en", {"viewport": DESKTOP}),
    ("narrow", "da", {"viewport": PHONE}),
    ("dark", "da", {"viewport": DESKTOP, "color_scheme": "dark"}),
    ("narrow-dark", "en", {"viewport": PHONE, "color_scheme": "dark"}),
    ("plain", "en", {"viewport": PHONE, "java_script_enabled": False}),
)
EVIDENCE = "250 attempts as every zone and purpose: only zone pay reads sealed card numbers, and only to take a payment"


@pytest.fixture
async def address(checked: Checked) -> AsyncIterator[str]:
    """Where the site is served."""
    server = uvicorn.Server(uvicorn.Config(checked.app, port=0, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the library has no event for it
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


def lived(checked: Checked) -> None:
    """Forty days in which more and more was built, and two in which nobody looked."""
    for day in range(40):
        checked.clock.advance(timedelta(days=1).total_seconds())
        if day in (20, 21):
            continue
        but = dict.fromkeys([promise.id for promise in REGISTER[2 + day :]], Standing.NOT_BUILT)
        but |= {"SCOPE-2": Standing.PARTLY, "COLLECT-6": Standing.PARTLY}
        if day % 9 == 3 or day == 39:
            but |= {"CUST-3": Standing.BROKEN, "CARD-1": Standing.UNCHECKED}
        checked.post(but, evidence=EVIDENCE)


def late(checked: Checked) -> None:
    """Checked once, and never again."""
    checked.post(evidence=EVIDENCE)
    checked.clock.advance(2 * EVERY_S)


STATES: dict[str, Callable[[Checked], object]] = {
    "result": lived,
    "none": lambda _: None,
    "late": late,
    "unreadable": lambda checked: checked.path.write_bytes(b"{"),
}


@pytest.mark.parametrize("state", STATES)
async def test_a_reader_finds_nothing_wrong_whatever_there_is_to_say(
    state: str, checked: Checked, address: str, open_page: OpenPage
) -> None:
    STATES[state](checked)
    for name, language, options in LOOKS if state == "result" else LOOKS[1:3]:
        page = await open_page(**options)
        await page.goto(f"{address}/{language}/trust")
        assert await page.locator("h1").count() == 1
        if options.get("java_script_enabled", True):
            for each in await page.query_selector_all("details"):
                await each.evaluate("each => each.open = true")
            await accessible(page)
        await shot(page, f"trust-{state}-{name}")
        assert not await page.context.cookies()


async def test_a_tick_leads_by_keyboard_to_the_line_of_its_promise(
    checked: Checked, address: str, open_page: OpenPage
) -> None:
    checked.post()
    page = await open_page(java_script_enabled=False)
    await page.goto(f"{address}/en")
    await shot(page, "trust-home")
    await page.locator('a[data-promise="SEC-5"]').focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/en/trust#SEC-5")
    assert await page.locator(":target").get_attribute("id") == "SEC-5"
    assert await page.locator(":target").evaluate("each => each.getBoundingClientRect().top < window.innerHeight")


async def test_the_numbers_behind_the_plot_open_without_script(
    checked: Checked, address: str, open_page: OpenPage
) -> None:
    checked.post()
    page = await open_page(java_script_enabled=False, viewport=PHONE)
    await page.goto(f"{address}/da/trust")
    await page.locator("details.numbers summary").focus()
    await page.keyboard.press("Enter")
    assert await page.locator("details.numbers tbody tr").is_visible()
