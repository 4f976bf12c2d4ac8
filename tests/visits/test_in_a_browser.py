"""A real browser tells how long pages were to be seen, without a cookie or storage; without script everything works."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest
from playwright.async_api import Browser, async_playwright, expect

from ippgateway.app.database.access import as_owner, main_database
from ippgateway.faces.shell import files

if TYPE_CHECKING:
    from ippgateway.app.settings import Settings
    from running import Running

FIND = Path(__file__).parents[2] / "scripts" / "browser"
LONGEST_S = 30
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    found = subprocess.run([FIND], capture_output=True, text=True, check=False)
    assert found.returncode == 0, f"browser tests need Chromium: {found.stderr.strip()}"
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found.stdout.split()[-1], args=args)
        yield browser
        await browser.close()


Pages = Callable[[str], Awaitable[list[tuple[str, str, int | None]]]]


@pytest.fixture
async def pages(installation: "Settings") -> AsyncIterator[Pages]:
    """The pages on record for a browser: surface, name, seconds, in their order."""
    connection = await asyncpg.connect(**as_owner(installation, main_database(installation)))

    async def of(browser: str) -> list[tuple[str, str, int | None]]:
        rows = await connection.fetch(
            "select v.surface, p.page, p.seconds from ipp.visit_page p join ipp.visit v using (tenant_id) "
            "where v.id = p.visit_id and v.browser = $1 order by p.at",
            browser,
        )
        return [tuple(row) for row in rows]

    yield of
    await connection.close()


async def until(rows: Callable[[], Awaitable[list[Any]]], *, settled: Callable[[list[Any]], bool]) -> list[Any]:
    async with asyncio.timeout(LONGEST_S):
        while not settled(found := await rows()):  # noqa: ASYNC110 - another process writes them
            await asyncio.sleep(0.05)
        return found


@pytest.mark.parametrize(
    ("face", "version", "looked_at", "named"),
    [("site", 211, ("en", "da"), ["home", "home"]), ("console", 212, ("sign-in", "forgot"), ["sign_in", "forgot"])],
)
async def test_pages_tell_their_own_time(
    face: str,
    version: int,
    looked_at: tuple[str, str],
    named: list[str],
    running: "Running",
    chromium: Browser,
    pages: Pages,
) -> None:
    origin = f"http://{face}.localhost:{running.settings.port}"
    context = await chromium.new_context(user_agent=AGENT.format(version))
    said: list[str] = []
    context.on("request", lambda request: said.append(request.url))
    page = await context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    async with page.expect_request(f"{origin}/seen") as first:
        await page.goto(f"{origin}/{looked_at[0]}")
    told = (await first.value).post_data or ""
    assert len(told.split(" ")[0]) == 32
    async with page.expect_request(lambda r: r.url == f"{origin}/seen" and told[:32] not in (r.post_data or "")):
        await page.goto(f"{origin}/{looked_at[1]}")
    assert await page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0
    assert await context.cookies() == []
    assert refused == []
    assert all(url.startswith(f"{origin}/") for url in said)
    await page.close(run_before_unload=True)

    def both_told(rows: list[Any]) -> bool:
        return len(rows) == 2 and all(seconds is not None for _, _, seconds in rows)

    # The last page's time is known, which nothing but its own report could tell.
    rows = await until(lambda: pages(f"Firefox {version}"), settled=both_told)
    assert [(surface, name) for surface, name, _ in rows] == [(face, name) for name in named]
    await context.close()


@pytest.mark.skipif(files.HTMX not in files.own(), reason="htmx is not installed; then each page is a document")
async def test_pages_in_the_same_document_are_views_of_their_own(
    running: "Running", chromium: Browser, pages: Pages
) -> None:
    origin = f"http://console.localhost:{running.settings.port}"
    context = await chromium.new_context(user_agent=AGENT.format(214))
    page = await context.new_page()
    told: list[str] = []
    page.on(
        "request", lambda request: told.append(request.post_data or "") if request.url == f"{origin}/seen" else None
    )
    await page.goto(f"{origin}/sign-in")
    await page.evaluate("window.loaded = 'once'")
    for link, title in (("main a[href='/forgot']", "#f-email:only-of-type"), ("a.mark", "#f-password")):
        before = len(told)
        await page.click(link)
        await expect(page.locator(title)).to_be_visible()
        async with asyncio.timeout(LONGEST_S):
            while len(told) < before + 2:  # noqa: ASYNC110 - the browser sends them
                await asyncio.sleep(0.05)
    assert await page.evaluate("window.loaded") == "once"
    assert await page.evaluate("localStorage.length + sessionStorage.length") == 0
    await page.close(run_before_unload=True)

    def all_told(rows: list[Any]) -> bool:
        return len(rows) == 3 and all(seconds is not None for _, _, seconds in rows)

    rows = await until(lambda: pages("Firefox 214"), settled=all_told)
    assert [(surface, name) for surface, name, _ in rows] == [
        ("console", name) for name in ("sign_in", "forgot", "sign_in")
    ]
    views = [each.partition(" ")[0] for each in told]
    assert len(set(views)) == 3
    assert views == sorted(views, key=views.index)  # one closes before the next opens
    await context.close()


async def test_without_script_a_visit_is_on_record_all_the_same(
    running: "Running", chromium: Browser, pages: Pages
) -> None:
    origin = f"http://site.localhost:{running.settings.port}"
    context = await chromium.new_context(user_agent=AGENT.format(213), java_script_enabled=False)
    page = await context.new_page()
    for path in ("en", "da"):
        await page.goto(f"{origin}/{path}")
    rows = await until(lambda: pages("Firefox 213"), settled=lambda rows: len(rows) == 2)
    assert (rows[0][2] is not None, rows[1][2]) == (True, None)
    await context.close()
