"""Emergency access in a browser: opened, seen by everybody, ended, reviewed by somebody else."""

import pytest
from playwright.async_api import expect

from browser import DESKTOP, PHONE, OpenPage, accessible, browser, open_page, shot
from ippgateway.app.settings import Settings
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.emergency import service as emergency
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM
from signing import member

from .conftest import Asks
from .test_emergency import FOUND, REASON
from .test_pages import searched, signed_in

__all__ = ["browser", "open_page"]


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_opened_used_ended_and_reviewed_by_somebody_else(
    installation: Settings, desk: Platform, asks: Asks, open_page: OpenPage, script: bool
) -> None:
    page = await open_page(java_script_enabled=script, viewport=PHONE)
    finance = await member(desk, PLATFORM, Audience.STAFF, name="Finn", rights=("finance",))
    address = await signed_in(page, installation, finance)
    await page.goto(f"{address}/emergency")
    await page.locator("[name=reason]").fill(REASON)
    await page.locator("form[action='/emergency'] button").click()
    await expect(page.locator("main .notice.warning")).to_be_visible()
    await searched(page, address, asks.member.email)
    await expect(page.locator("main")).to_contain_text("Liva Lind")
    await page.goto(f"{address}/emergency")
    await page.locator("form[action='/emergency/end'] button").click()
    await expect(page.locator("form[action='/emergency']")).to_be_visible()
    response = await page.goto(f"{address}/people")
    assert response is not None
    assert response.status == 403

    (access,) = [each for each in await emergency.every(desk) if each.user_id == finance.user_id]
    other = await open_page(java_script_enabled=script, viewport=PHONE)
    await signed_in(other, installation, await member(desk, PLATFORM, Audience.STAFF, rights=("compliance",)))
    await other.goto(f"{address}/reviews/{access.id}")
    await expect(other.locator("main")).to_contain_text(asks.person.person_id)
    await other.locator("label[for=f-verdict-justified]").click()
    await other.locator("[name=finding]").fill(FOUND)
    await other.locator(f"form[action='/reviews/{access.id}'] button").click()
    await expect(other).to_have_url(f"{address}/reviews?done=reviewed")


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_every_page_can_be_read_by_everybody(
    installation: Settings, desk: Platform, open_page: OpenPage, size: dict[str, int], language: str
) -> None:
    ada = await member(desk, PLATFORM, Audience.STAFF, name="Ada", rights=("compliance",), language=language)
    bo = await member(desk, PLATFORM, Audience.STAFF, name="Bo", rights=("fraud",))
    session = await bo.session()
    access_id = await emergency.start(desk, session, reason=REASON)
    await emergency.end(desk, session)
    page = await open_page(viewport=size)
    address = await signed_in(page, installation, ada)
    for path in ("/", "/emergency", "/reviews", f"/reviews/{access_id}"):
        await page.goto(f"{address}{path}")
        assert await page.locator("html").get_attribute("lang") == language
        await accessible(page)
        await shot(page, f"emergency-{language}-{size['width']}{path.replace('/', '-').replace(access_id, 'one')}")
