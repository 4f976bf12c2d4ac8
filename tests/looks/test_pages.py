"""The desk's pages for support, and what the person is told: in a browser, with script and without."""

import re

import pytest
from playwright.async_api import Page, expect

from browser import DESKTOP, PHONE, OpenPage, accessible, browser, open_page, shot
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import origin
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM
from signing import Member, member

from .conftest import Asks

__all__ = ["browser", "open_page"]

REASON = "asked by telephone, case 7731"


async def signed_in(page: Page, settings: Settings, who: Member, face: str = "desk") -> str:
    """A face's address, in a browser whose session is theirs."""
    address = origin(settings, face)
    bearer = (await who.bearer()).open()
    await page.context.add_cookies([{"name": "session", "value": bearer, "url": address}])
    return address


async def searched(page: Page, address: str, text: str, reason: str = REASON) -> None:
    await page.goto(f"{address}/people")
    await page.locator("[name=search]").fill(text)
    await page.locator("[name=why]").select_option("asked")
    await page.locator("[name=reason]").fill(reason)
    await page.locator("form[action='/people'] button[type=submit]").first.click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_support_gives_a_reason_and_sees_and_the_person_sees_it_too(
    installation: Settings, helper: Member, asks: Asks, open_page: OpenPage, script: bool
) -> None:
    page = await open_page(java_script_enabled=script, viewport=PHONE)
    address = await signed_in(page, installation, helper)
    await searched(page, address, asks.member.email, "short")
    await expect(page.locator("#p-reason")).to_be_visible()
    await expect(page.locator("main")).not_to_contain_text("Liva Lind")
    await searched(page, address, asks.member.email)
    await expect(page.locator("main")).to_contain_text("Liva Lind")
    assert asks.member.email not in page.url
    theirs = await open_page(java_script_enabled=script, viewport=PHONE)
    home = await signed_in(theirs, installation, asks.member, "console")
    await theirs.goto(f"{home}/account/data")
    looks = theirs.locator("section[aria-labelledby=looks]")
    await expect(looks).to_contain_text("they asked us for help")
    await expect(looks).to_contain_text("e-mail address")


async def test_of_a_shop_the_users_are_looked_at_one_by_one(
    installation: Settings, helper: Member, asks: Asks, open_page: OpenPage
) -> None:
    page = await open_page(java_script_enabled=False)
    address = await signed_in(page, installation, helper)
    await searched(page, address, asks.shop)
    await expect(page.locator("main")).not_to_contain_text("Liva Lind")
    await page.locator(f"form:has(input[value='{asks.person.person_id}']) button").click()
    await expect(page.locator("main")).to_contain_text("Liva Lind")


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_every_page_can_be_read_by_everybody(
    installation: Settings, desk: Platform, asks: Asks, open_page: OpenPage, size: dict[str, int], language: str
) -> None:
    who = await member(desk, PLATFORM, Audience.STAFF, rights=("support",), language=language)
    page = await open_page(viewport=size)
    address = await signed_in(page, installation, who)
    for name, text in (("nobody", "nobody@example.org"), ("shop", asks.shop), ("user", asks.member.user_id)):
        await searched(page, address, text)
        await expect(page.locator("[name=search]" if name == "nobody" else ".evidence").first).to_be_visible()
        assert await page.locator("html").get_attribute("lang") == language
        await accessible(page)
        await shot(page, f"people-{language}-{size['width']}-{name}")


@pytest.mark.parametrize("role", ["administrator", "compliance", "finance"])
async def test_other_roles_open_none_of_it(
    installation: Settings, desk: Platform, open_page: OpenPage, role: str
) -> None:
    page = await open_page()
    address = await signed_in(page, installation, await member(desk, PLATFORM, Audience.STAFF, rights=(role,)))
    await expect(page.locator("body")).to_have_count(1)
    response = await page.goto(f"{address}/people")
    assert response is not None
    assert response.status == 403
    assert not await page.get_by_role("link", name=re.compile("^People$")).count()
