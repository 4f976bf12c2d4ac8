"""The desk's pages: a case from its entry to the file, by three people, in a browser and without script."""

import re

import pytest
from playwright.async_api import Page, expect

from browser import DESKTOP, PHONE, OpenPage, accessible, browser, open_page, shot
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import origin
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.disclosures import service as disclosures
from ippgateway.domains.payments import service as payments
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM
from rights.people import HOLDER, ORDER, paid
from signing import Member, member

__all__ = ["browser", "open_page"]

EMAIL = "signe.svane@borger.example"


async def signed_in(page: Page, settings: Settings, who: Member) -> str:
    """The desk's address, in a browser whose session is theirs."""
    address = origin(settings, "desk")
    bearer = (await who.bearer()).open()
    await page.context.add_cookies([{"name": "session", "value": bearer, "url": address}])
    return address


async def three(desk: Platform, language: str = "en") -> list[Member]:
    """Somebody of compliance, and two who can approve."""
    return [
        await member(desk, PLATFORM, Audience.STAFF, name=name, rights=(role,), language=language)
        for name, role in (("Ada", "compliance"), ("Bo", "approver"), ("Cille", "compliance"))
    ]


async def entered(page: Page, address: str, payment_id: str) -> str:
    """A request by an authority, typed as staff type it; its id."""
    await page.goto(f"{address}/disclosures/new/authority")
    await page.locator("[name=organisation]").fill("Københavns Byret")
    for name in ("who", "instrument", "ground", "scope", "verified"):
        await page.locator(f"[name={name}]").fill(f"{name} 4402")
    await page.locator("[name=due_on]").fill("2031-06-30")
    await page.locator("[name=subjects]").fill(payment_id)
    await page.locator("[name=categories][value=name]").check()
    await page.locator("main button[type=submit], form[action*=authority] button[type=submit]").first.click()
    await expect(page).to_have_url(re.compile(r"/disclosures/[0-9A-Za-z-]{14}\?done=entered"))
    return page.url.partition("/disclosures/")[2][:14]


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_a_case_from_entry_to_file_by_three_people(
    installation: Settings, desk: Platform, console: Platform, gateway: payments.Gateway, shop: str,
    open_page: OpenPage, script: bool,
) -> None:  # fmt: skip
    _, result = await paid(gateway, shop, EMAIL)
    ada, bo, cille = await three(desk)
    page = await open_page(java_script_enabled=script, viewport=PHONE)
    address = await signed_in(page, installation, ada)
    case_id = await entered(page, address, result.payment_id)
    approve = "form[action$='/approve'] button"
    await expect(page.locator(approve)).to_have_count(0)  # whoever entered it approves nothing
    for who in (bo, cille):
        other = await open_page(java_script_enabled=script)
        await signed_in(other, installation, who)
        await other.goto(f"{address}/disclosures/{case_id}")
        await other.locator(approve).click()
        await expect(other).to_have_url(re.compile("done=approved"))
        await expect(other.locator(approve)).to_have_count(0)
    for _ in range(2):
        await disclosures.look_after(console)
    await page.goto(f"{address}/disclosures/{case_id}")
    async with page.expect_download() as download:
        await page.locator("form[action$='/file'] button").click()
    file = (await (await download.value).path()).read_text()
    assert HOLDER in file
    assert ORDER not in file
    await page.goto(f"{address}/disclosures/{case_id}")
    await expect(page.locator("form[action$='/file']")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_every_page_can_be_read_by_everybody(
    installation: Settings, desk: Platform, open_page: OpenPage, size: dict[str, int], language: str
) -> None:
    from disclosures.cases import request

    ada, bo, _ = await three(desk, language)
    case_id = await disclosures.add(desk, request("authority"), by=bo.user_id)
    page = await open_page(viewport=size)
    address = await signed_in(page, installation, ada)
    for path in ("", "/new", "/new/purchaser", "/new/rights_holder", f"/{case_id}", f"/{case_id}/refuse"):
        await page.goto(f"{address}/disclosures{path}")
        assert await page.locator("html").get_attribute("lang") == language
        await accessible(page)
        await shot(page, f"disclosures-{language}-{size['width']}{path.replace('/', '-').replace(case_id, 'case')}")


async def test_a_form_that_says_too_little_says_what_is_missing(
    installation: Settings, desk: Platform, open_page: OpenPage
) -> None:
    ada, *_ = await three(desk)
    page = await open_page(java_script_enabled=False)
    address = await signed_in(page, installation, ada)
    await page.goto(f"{address}/disclosures/new/authority")
    for name in ("organisation", "who", "instrument", "ground", "scope", "verified"):
        await page.locator(f"[name={name}]").fill("x")
    await page.locator("[name=subjects]").fill("x")
    await page.locator("[name=due_on]").fill("2031-06-30")
    await page.locator("[name=place]").fill("US")
    await page.locator("[name=categories][value=name]").check()
    await page.locator("form[action*=authority] button[type=submit]").click()
    await expect(page.locator("#p-transfer_tool")).to_be_visible()
    assert await page.locator("[name=organisation]").input_value() == "x"


async def test_support_opens_none_of_it(installation: Settings, desk: Platform, open_page: OpenPage) -> None:
    page = await open_page()
    address = await signed_in(page, installation, await member(desk, PLATFORM, Audience.STAFF, rights=("support",)))
    response = await page.goto(f"{address}/disclosures")
    assert response is not None
    assert response.status == 403
