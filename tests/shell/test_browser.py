"""The look in a real browser: for every reader, in both themes, wide and narrow, with script and without."""

import pytest
from face import BEARER, Door
from playwright.async_api import Page, expect

from browser import DESKTOP, PHONE, OpenPage, accessible, shot


async def signed_in(page: Page, address: str) -> Page:
    """The page of a browser that has the session's cookie."""
    await page.context.add_cookies([{"name": "session", "value": BEARER, "url": address}])
    return page


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_every_component_can_be_read_by_everybody(
    door: Door, address: str, open_page: OpenPage, size: dict[str, int], scheme: str, script: bool
) -> None:
    door.let_in()
    # axe is a script itself; without scripts the page still has to be as wide as the window, and no wider.
    page = await signed_in(
        await open_page(viewport=size, color_scheme=scheme, java_script_enabled=script), address
    )  # fmt: skip
    for path in ("/look", "/look/confirm", "/nothing"):
        await page.goto(address + path)
        if script:
            for each in await page.locator("details:visible").all():
                await each.evaluate("element => { element.open = !element.classList.contains('drop'); }")
            await accessible(page)
        await shot(page, f"look-{size['width']}-{scheme}-{script}{path.replace('/', '-')}")


@pytest.mark.parametrize("menu", [".menu", ".drop:not(.menu)"])
async def test_the_menus_work_with_keys_alone_and_without_script(
    door: Door, address: str, open_page: OpenPage, menu: str
) -> None:
    door.let_in()
    page = await signed_in(await open_page(viewport=PHONE, java_script_enabled=False), address)
    await page.goto(f"{address}/look")
    await page.locator(f"{menu} > summary").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(f"{menu} .sheet, {menu}.sheet").first).to_be_visible()


async def test_a_wide_window_has_a_rail_and_a_phone_has_a_menu(door: Door, address: str, open_page: OpenPage) -> None:
    door.let_in()
    for size, rail in ((DESKTOP, True), (PHONE, False)):
        page = await signed_in(await open_page(viewport=size), address)
        await page.goto(address)
        await expect(page.locator(".frame > .rail")).to_be_visible(visible=rail)
        await expect(page.locator(".menu")).to_be_visible(visible=not rail)


async def test_a_menu_closes_by_escape_and_gives_focus_back(door: Door, address: str, open_page: OpenPage) -> None:
    door.let_in()
    page = await signed_in(await open_page(), address)
    await page.goto(address)
    summary = page.locator(".mine .drop > summary")
    await summary.click()
    await page.keyboard.press("Escape")
    await expect(page.locator(".mine .sheet")).to_be_hidden()
    await expect(summary).to_be_focused()
    await summary.click()
    await page.locator("h1").click()
    await expect(page.locator(".mine .sheet")).to_be_hidden()


async def test_a_table_stays_one_for_readers_when_its_rows_are_cards(address: str, open_page: OpenPage) -> None:
    page = await open_page(viewport=PHONE)
    await page.goto(f"{address}/look")
    table = page.get_by_role("table", name="Payments, newest first")
    assert await table.get_by_role("row").count() == 5
    await expect(table.get_by_role("rowheader", name="A-1041")).to_be_visible()
    assert await table.get_by_role("columnheader", name="Amount").count() == 1


async def test_the_plot_says_its_highest_day_and_has_its_numbers_in_a_table(address: str, open_page: OpenPage) -> None:
    page = await open_page()
    await page.goto(f"{address}/look")
    plot = page.locator(".plot").first
    await expect(plot.get_by_role("img")).to_have_accessible_name(
        "Captured, the last 30 days. Highest: DKK\u00a049,676.00, 31 October 2026."
    )
    await plot.get_by_text("The numbers").click()
    assert await plot.get_by_role("row").count() == 31


async def test_nothing_moves_for_whoever_wants_that(address: str, open_page: OpenPage) -> None:
    page = await open_page(reduced_motion="reduce")
    await page.goto(f"{address}/look")
    moving = "all => all.filter(each => /[1-9]/.test(getComputedStyle(each).transitionDuration)).length"
    assert await page.locator("*").evaluate_all(moving) == 0
    await page.emulate_media(reduced_motion="no-preference")
    assert await page.locator("*").evaluate_all(moving) > 0


async def test_a_chosen_theme_goes_before_the_devices(door: Door, address: str, open_page: OpenPage) -> None:
    door.let_in(theme="dark")
    page = await signed_in(await open_page(color_scheme="light"), address)
    await page.goto(address)
    assert await page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(15, 22, 21)"
    await page.emulate_media(media="print")
    assert await page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(20, 32, 30)"
    door.let_in(theme="light")
    page = await signed_in(await open_page(color_scheme="dark"), address)
    await page.goto(address)
    assert await page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(251, 250, 246)"
