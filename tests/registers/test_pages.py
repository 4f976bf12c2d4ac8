"""The registers in a browser, with script and without."""

import re

import pytest
from playwright.async_api import expect

from browser import DESKTOP, PHONE, OpenPage, accessible, browser, open_page, shot
from ippgateway.app.settings import Settings
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.registers import service as registers
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM
from looks.test_pages import signed_in
from signing import Member, member

from .test_breaches import NATURE, said
from .test_paper import box

__all__ = ["browser", "open_page"]


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_a_breach_from_entry_to_end(
    installation: Settings, ada: Member, open_page: OpenPage, script: bool
) -> None:
    page = await open_page(java_script_enabled=script, viewport=PHONE)
    address = await signed_in(page, installation, ada)
    await page.goto(f"{address}/breaches/new")
    await page.locator("[name=nature]").fill(NATURE)
    await page.locator("main form button[type=submit]").click()
    await expect(page.locator("main fieldset .hint").first).to_be_visible()  # which data: nothing is ticked
    await page.locator("[name=categories][value=email]").check()
    await page.locator("[name=risk]").select_option("risk")
    for name in ("assessment", "measures"):
        await page.locator(f"[name={name}]").fill("few, and destroyed")
    await page.locator("main form button[type=submit]").click()
    await expect(page).to_have_url(re.compile(r"/breaches/[0-9A-Za-z-]{14}\?done=opened"))
    await expect(page.locator("main")).to_contain_text("71 hours left")
    here = page.url.partition("?")[0]
    await page.locator("form[action$='/count'] button").click()
    await expect(page.locator("main table")).to_contain_text("app_user")
    await page.goto(f"{here}/notices")
    await expect(page.locator("main pre").first).to_contain_text(NATURE)
    await page.goto(here)
    await page.locator("form[action$='/notified'] button").click()
    await page.locator("form[action$='/close'] button").click()
    await expect(page).to_have_url(re.compile("done=closed"))
    await expect(page.locator("form[action$='/count']")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_paper_from_entry_to_the_second_of_two(
    installation: Settings, desk: Platform, ada: Member, bo: Member, open_page: OpenPage, script: bool
) -> None:
    page = await open_page(java_script_enabled=script, viewport=PHONE)
    address = await signed_in(page, installation, ada)
    await page.goto(f"{address}/paper/new")
    new = box(desk)
    await page.locator("[name=label]").fill(new.label)
    await page.locator("[name=place]").fill(new.place)
    await page.locator("[name=destroy_by]").fill(new.destroy_by.isoformat())
    await page.locator("[name=categories][value=name]").check()
    await page.locator("main form button[type=submit]").click()
    await expect(page).to_have_url(re.compile("done=entered"))
    here = page.url.partition("?")[0]
    await page.locator("form[action$='/destroy'] button").click()
    await expect(page.locator("form[action$='/confirm']")).to_have_count(0)
    other = await open_page(java_script_enabled=script, viewport=PHONE)
    await signed_in(other, installation, bo)
    await other.goto(here)
    await other.locator("form[action$='/confirm'] button").click()
    await expect(other).to_have_url(re.compile("done=confirmed"))


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_every_page_can_be_read_by_everybody(
    installation: Settings, desk: Platform, ada: Member, open_page: OpenPage, size: dict[str, int], language: str
) -> None:
    who = await member(desk, PLATFORM, Audience.STAFF, name="Ida", rights=("compliance",), language=language)
    breach_id = await registers.open_breach(desk, said(desk), by=ada.user_id)
    await registers.count(desk, breach_id=breach_id, by=ada.user_id)
    file_id = await registers.enter(desk, box(desk), by=ada.user_id)
    page = await open_page(viewport=size)
    address = await signed_in(page, installation, who)
    of_breach = [f"/breaches/{breach_id}{more}" for more in ("", "/change", "/notices")]
    for path in ("/", "/breaches", "/breaches/new", *of_breach, "/paper", "/paper/new", f"/paper/{file_id}"):
        await page.goto(f"{address}{path}")
        assert await page.locator("html").get_attribute("lang") == language
        await accessible(page)
        named = path.replace("/", "-").replace(breach_id, "one").replace(file_id, "one")
        await shot(page, f"registers-{language}-{size['width']}{named}")


async def test_support_opens_none_of_it(installation: Settings, desk: Platform, open_page: OpenPage) -> None:
    page = await open_page()
    address = await signed_in(page, installation, await member(desk, PLATFORM, Audience.STAFF, rights=("support",)))
    for path in ("/breaches", "/paper"):
        response = await page.goto(f"{address}{path}")
        assert response is not None
        assert response.status == 403
