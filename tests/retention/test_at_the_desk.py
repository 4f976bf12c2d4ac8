"""Terms and holds at the desk, in a real browser: on a phone, in both languages, with script and without."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from playwright.async_api import Page, expect

from browser import DESKTOP, PHONE, OpenPage, accessible, shot
from ippgateway.app.database.access import as_owner, main_database
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import origin, platform_for
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.privacy.catalogue import STAFF_ACCOUNT
from ippgateway.privacy.rights.endings import endings
from ippgateway.privacy.zones import PLATFORM, Zone
from signing import Member, member


@pytest.fixture
async def officer(installation: Settings) -> AsyncIterator[Member]:
    """Somebody of compliance."""
    async with platform_for(Zone.DESK, installation) as desk:
        yield await member(desk, PLATFORM, Audience.STAFF, name="Clara Compliance", rights=("compliance",))


@pytest.fixture
async def ran(installation: Settings) -> AsyncIterator[None]:
    """Runs of some days: one that removed, one with something on hold, one that was cut short."""
    connection = await asyncpg.connect(**as_owner(installation, main_database(installation)))
    now = datetime.now(UTC)
    rows = [
        ("card/card", 40, 2, 1, now), ("payer/payer", 12, 0, 0, None), ("visit/visit", 900, 0, 0, now),
    ]  # fmt: skip
    for n, (part, removed, held, behind, ended) in enumerate(rows):
        await connection.execute(
            "insert into ipp.retention_run (id, part, began_at, ended_at, removed, held, behind) "
            "values ($1, $2, $3, $4, $5, $6, $7)",
            f"desk-runs-000{n}", part, now - timedelta(days=n), ended, removed, held, behind,
        )  # fmt: skip
    yield
    await connection.execute("delete from ipp.retention_run where id like 'desk-runs-%'")
    await connection.execute("delete from ipp.legal_hold")
    await connection.close()


async def come_in(page: Page, officer: Member, settings: Settings) -> str:
    """The desk's address, for a browser that has the officer's session."""
    address = origin(settings, "desk")
    await page.context.add_cookies([{"name": "session", "value": (await officer.bearer()).open(), "url": address}])
    return address


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["en", "da"])
async def test_what_was_removed_can_be_read_by_everybody(
    ran: None, officer: Member, installation: Settings, open_page: OpenPage, size: dict[str, int], language: str
) -> None:
    del ran
    page = await open_page(viewport=size, locale=language)
    address = await come_in(page, officer, installation)
    await _speak(officer, language)
    await page.goto(f"{address}/retention")
    head = {"en": "Retention", "da": "Sletning"}[language]
    await expect(page.get_by_role("heading", level=1)).to_have_text(head)
    assert await page.get_by_role("row").count() >= len(endings())
    told = await page.locator("main").inner_text()
    assert {"en": "2 on hold, 1 left behind", "da": "2 tilbageholdt, 1 venter"}[language] in told
    assert {"en": "cut short", "da": "afbrudt"}[language] in told
    await page.locator("details.more summary").click()
    await accessible(page)
    await shot(page, f"retention-{size['width']}-{language}")


async def _speak(officer: Member, language: str) -> None:
    async with officer.p.db.begin(STAFF_ACCOUNT, tenants=[PLATFORM]) as tx:
        await tx.execute(
            "update ipp.app_user set language = $3 where tenant_id = $1 and id = $2",
            PLATFORM, officer.user_id, language,
        )  # fmt: skip


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_a_hold_is_placed_and_released_on_a_phone(
    ran: None, officer: Member, installation: Settings, open_page: OpenPage, script: bool
) -> None:
    del ran
    page = await open_page(viewport=PHONE, java_script_enabled=script)
    address = await come_in(page, officer, installation)
    await page.goto(f"{address}/holds")
    await expect(page.get_by_text("Nothing is on hold")).to_be_visible()
    await page.get_by_role("link", name="Place a hold").click()
    await page.get_by_label("Ground").select_option("dispute")
    await page.get_by_text("a whole table", exact=True).click()
    await page.get_by_label("Id, or the table's name").fill("Signe Svane")
    await page.get_by_label("The case's number").fill("2026/114")
    await page.get_by_label("Last day").fill((datetime.now(UTC) + timedelta(days=90)).strftime("%Y-%m-%d"))
    await page.get_by_role("button", name="Place a hold").click()
    await expect(page.get_by_text("the name of a table with terms")).to_be_visible()
    if script:
        await accessible(page)
    await page.get_by_label("Id, or the table's name").fill("card")
    await page.get_by_role("button", name="Place a hold").click()
    await expect(page.get_by_text("The hold stands.")).to_be_visible()
    await expect(page.get_by_role("rowheader", name="2026/114")).to_be_visible()
    if script:
        await accessible(page)
    await shot(page, f"holds-{script}")
    await page.get_by_role("link", name="Release").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Release this hold?")
    if script:
        await accessible(page)
    await page.get_by_role("button", name="Release").click()
    await expect(page.get_by_text("The hold is released.")).to_be_visible()
    await expect(page.get_by_role("link", name="Release")).to_have_count(0)


async def test_nobody_else_of_our_staff_comes_in(installation: Settings, open_page: OpenPage) -> None:
    async with platform_for(Zone.DESK, installation) as desk:
        other = await member(desk, PLATFORM, Audience.STAFF, rights=("finance",))
        page = await open_page()
        address = await come_in(page, other, installation)
        for path in ("/retention", "/holds", "/holds/new"):
            answer = await page.goto(address + path)
            assert answer is not None
            assert answer.status == 403
