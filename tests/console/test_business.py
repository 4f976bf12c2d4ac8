"""People, policies, keys, the partner's access, settings: what a company does with its account, and what a partner may
do with it."""

import asyncio
import urllib.error

import pytest
from playwright.async_api import Page, expect
from shopkeeper import Shopkeeper, browses, opened

from browser import OpenPage, accessible, shot
from ippgateway.app.wiring import origin
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.companies import service as companies
from ippgateway.domains.payments.service.gateway import payment_key
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM
from signing import member


async def fine(page: Page, name: str) -> None:
    """The page is as anybody can use it; a picture when somebody wants to look."""
    await shot(page, name)
    await accessible(page)


async def press(page: Page, name: str) -> None:
    """Press the button that is called so."""
    await page.locator("main").get_by_role("button", name=name).first.click()


async def choose(page: Page, name: str) -> None:
    """Choose the answer that is called so."""
    await page.locator(".option label").get_by_text(name, exact=True).click()


async def test_people_come_with_a_policy_and_go_and_somebody_always_stays(
    keeper: Shopkeeper, open_page: OpenPage
) -> None:  # fmt: skip
    page, at = await keeper.browses(open_page), keeper.console
    await page.goto(f"{at}/policies/new")
    await page.fill("#f-name", "Bookkeeping")
    await page.check("#f-right-payments")
    await fine(page, "policy")
    await press(page, "Save the policy")
    await expect(page.locator("tbody")).to_contain_text("see payments")

    await page.goto(f"{at}/users/new")
    await page.fill("#f-name", "Bo Bogholder")
    await page.fill("#f-email", keeper.owner.email)
    await choose(page, "Bookkeeping")
    await press(page, "Send the invitation")
    await expect(page.locator(".wrongly")).to_contain_text("somebody here has it already")
    await page.fill("#f-email", f"bo-{keeper.p.ids.letters(6)}@example.org")
    await press(page, "Send the invitation")
    await expect(page.locator(".notice")).to_contain_text("on its way")
    await expect(page.get_by_role("row", name="Bo Bogholder")).to_contain_text("Bookkeeping")
    await fine(page, "users")

    await page.goto(f"{at}/users/new")
    await page.fill("#f-name", "Nobody")
    await page.fill("#f-email", f"nobody-{keeper.p.ids.letters(6)}@example.org")
    await page.locator("[name=access]").evaluate_all("boxes => boxes.forEach(box => box.remove())")
    await press(page, "Send the invitation")
    await expect(page.locator("h1")).to_contain_text("nothing here")  # a form that says nothing of access gives none

    await page.goto(f"{at}/users")
    await page.click("text=Bo Bogholder")
    await fine(page, "user")
    await page.get_by_role("link", name="Close the account").click()
    await expect(page.locator(".happens")).to_contain_text("signed out everywhere")
    await press(page, "Close the account")
    await expect(page.locator(".notice")).to_contain_text("closed")

    await page.goto(f"{at}/users/{keeper.owner.user_id}/close")
    await press(page, "Close the account")
    await expect(page.locator(".notice.problem")).to_contain_text("Nobody else could manage your people")
    found = {user.name: user.status for user in await accounts.users(
        keeper.p, audience=Audience.COMPANY, tenant_id=keeper.company.id)}  # fmt: skip
    assert found == {"Asta Allike": "active", "Bo Bogholder": "closed"}


async def test_a_key_is_replaced_with_an_overlap_and_a_further_one_is_shown_once(
    keeper: Shopkeeper, open_page: OpenPage
) -> None:  # fmt: skip
    page, at, old = await keeper.browses(open_page), keeper.console, keeper.company.key2.open()
    order = {"id": keeper.company.id, "amount": "100.00", "currency": "DKK"}
    await page.goto(f"{at}/keys/2/replace")
    await fine(page, "key-replace")
    await press(page, "Replace")
    await expect(page.locator(".notice")).to_contain_text("The key is replaced")
    await fine(page, "keys")
    fresh = (await companies.read(keeper.p, company_id=keeper.company.id)).key2.open()
    assert fresh != old
    await expect(page.locator(".facts")).to_contain_text(fresh)
    for key in (old, fresh):
        assert (await asyncio.to_thread(keeper.post, "payments/checkout_id", **order, key2=key))["url"]

    await page.goto(f"{at}/keys/new")
    await page.fill("#f-label", "The webshop")
    await choose(page, "Payments")
    await fine(page, "key-new")
    await page.fill("#f-ends", "9999-12-31")  # no day comes after it
    await press(page, "Add a key")
    await expect(page.locator(".notice.problem")).to_be_visible()
    await page.fill("#f-ends", "")
    await press(page, "Add a key")
    further = await page.inner_text(".once code")
    assert (await asyncio.to_thread(keeper.post, "payments/checkout_id", **order, key2=further))["url"]
    await page.goto(f"{at}/keys")
    assert further not in await page.content()
    await page.get_by_role("row", name="The webshop").get_by_role("button", name="End it now").click()
    await expect(page.locator(".notice")).to_contain_text("opens nothing any more")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        await asyncio.to_thread(keeper.post, "payments/checkout_id", **order, key2=further)


async def test_details_are_saved_and_card_fields_leave_the_shops_page(keeper: Shopkeeper, open_page: OpenPage) -> None:
    page = await keeper.browses(open_page)
    await page.goto(f"{keeper.console}/settings")
    await page.fill("#f-city", "Ærøskøbing")
    await press(page, "Save")
    await expect(page.locator(".notice")).to_have_text("Saved.")
    await expect(page.locator("#f-city")).to_have_value("Ærøskøbing")
    await press(page, "Turn it off")
    await expect(page.locator(".state")).to_have_text("Off")
    company = await companies.read(keeper.p, company_id=keeper.company.id)
    assert (company.widget, company.meta["address"]) == (False, {"city": "Ærøskøbing"})


async def test_payers_see_where_the_shop_is_reached(keeper: Shopkeeper, open_page: OpenPage) -> None:
    page, payer = await keeper.browses(open_page), await open_page(locale="da-DK")
    order = {"id": keeper.company.id, "key2": keeper.company.key2.open(), "amount": "100.00", "currency": "DKK"}
    made = await asyncio.to_thread(keeper.post, "payments/checkout_id", **order)
    await payer.goto(made["url"])
    told = payer.locator(".told > p").first
    await expect(told).to_have_text("Butikken er ansvarlig for dine data: Kaffe og kage")

    await page.goto(f"{keeper.console}/settings")
    await page.fill("#f-payers_contact", "hej@kaffe.example, kaffe.example")
    await page.press("#f-payers_contact", "Enter")
    await expect(page.locator(".notice")).to_have_text("Saved.")
    await page.fill("#f-payers_contact", "come by")
    await page.press("#f-payers_contact", "Enter")
    await expect(page.locator("#p-payers_contact")).to_contain_text("Write an e-mail address, a telephone number")
    await expect(page.locator("#f-payers_contact")).to_have_value("come by")
    await fine(page, "settings-contact")

    await payer.reload()
    await expect(told).to_have_text(
        "Butikken er ansvarlig for dine data: Kaffe og kage, hej@kaffe.example, kaffe.example"
    )
    await expect(told.locator("a")).to_have_count(0)
    payment_id = await keeper.sold("kage 7")
    key = payment_key(keeper.p, keeper.company.id, payment_id).open()
    at = origin(keeper.running.settings, "pay")
    await payer.goto(f"{at}/pay/mine?transaction_id={payment_id}&transaction_key={key}&lang=en")
    lead = payer.locator(".lead").first
    await expect(lead).to_contain_text("on its behalf: Kaffe og kage, hej@kaffe.example, kaffe.example")
    await expect(lead.locator("a")).to_have_count(0)


async def test_nobody_else_says_where_the_shop_is_reached(keeper: Shopkeeper, open_page: OpenPage) -> None:
    await companies.set_payers_contact(keeper.p, company_id=keeper.company.id, text="hej@kaffe.example", by="user")
    others = await opened(keeper.p, keeper.running)
    for who in (others.owner, await keeper.somebody("payments")):
        page = await browses(open_page, keeper.console, who)
        await page.goto(keeper.console)
        await page.evaluate(
            """([id, token]) => fetch("/settings/contact", {method: "POST", body: new URLSearchParams(
                {token, company_id: id, tenant_id: id, id, payers_contact: "other@example.org"})})""",
            [keeper.company.id, await page.locator("[name=token]").first.get_attribute("value")],
        )
    kept = [(await companies.read(keeper.p, company_id=each.company.id)).payers_contact for each in (keeper, others)]
    assert kept == ["hej@kaffe.example", "other@example.org"]


async def test_a_partner_comes_in_by_leave_alone_sees_no_keys_and_is_out_at_once(
    keeper: Shopkeeper, open_page: OpenPage
) -> None:  # fmt: skip
    company, at = keeper.company, keeper.console
    somebody = await member(keeper.p, company.partner_id, Audience.PARTNER, name="Pia Partner")
    theirs, ours = await browses(open_page, at, somebody), await keeper.browses(open_page)
    await theirs.goto(f"{at}/customers?q=kaffe")
    await fine(theirs, "customers")
    await theirs.click("text=Kaffe og kage")
    await expect(theirs.locator("main")).to_contain_text("has not let you in")
    await expect(theirs.locator("main form")).to_have_count(0)

    await ours.goto(f"{at}/partner-access")
    await press(ours, "Let the partner in")
    await expect(ours.locator(".notice")).to_contain_text("may come in")
    await fine(ours, "partner-access")

    await theirs.reload()
    await press(theirs, "Enter the account")
    await expect(theirs.locator(".guest")).to_be_visible()
    await fine(theirs, "guest")
    assert (await theirs.goto(f"{at}/payments")).status == 200  # type: ignore[union-attr]
    for path in ("/keys", "/users", "/policies", "/partner-access"):
        assert (await theirs.goto(f"{at}{path}")).status == 403, path  # type: ignore[union-attr]

    await press(ours, "Take it back now")
    await expect(ours.locator(".notice")).to_contain_text("is out, at once")
    await expect(ours.locator("tbody")).to_contain_text("Asta Allike")
    await theirs.goto(f"{at}/payments")
    await expect(theirs).to_have_url(f"{at}/sign-in?to=%2Fpayments&ended=1")


async def test_a_partner_brings_in_a_customer_that_is_in_its_own_hands(keeper: Shopkeeper, open_page: OpenPage) -> None:
    somebody = await member(keeper.p, keeper.company.partner_id, Audience.PARTNER, rights=("customers",))
    page, at = await browses(open_page, keeper.console, somebody), keeper.console
    await page.goto(f"{at}/customers/new")
    await page.fill("#f-company_name", "Ny & Ung")
    await page.fill("#f-name", "Nynne")
    await page.fill("#f-email", f"nynne-{keeper.p.ids.letters(6)}@example.org")
    await fine(page, "customer-new")
    await press(page, "Add and invite")
    await expect(page.locator(".notice")).to_contain_text("on its way")
    await fine(page, "customer")
    company_id = page.url.partition("?")[0].rpartition("/")[2]
    [user] = await accounts.users(keeper.p, audience=Audience.COMPANY, tenant_id=company_id)
    assert (user.name, user.rights) == ("Nynne", ("ALL",))


async def test_at_the_desk_an_administrator_runs_the_staff_and_the_trail_holds(
    keeper: Shopkeeper, desk: Platform, open_page: OpenPage
) -> None:  # fmt: skip
    at = origin(keeper.running.settings, "desk")
    boss = await member(desk, PLATFORM, Audience.STAFF, name="Agnes", rights=("administrator",))
    page = await browses(open_page, at, boss)
    await page.goto(f"{at}/")
    await fine(page, "desk")
    await page.goto(f"{at}/staff/new")
    await page.fill("#f-name", "Svend Svindeljæger")
    await page.fill("#f-email", f"svend-{desk.ids.letters(6)}@example.org")
    await page.fill("#f-employer", "IPP")
    await page.fill("#f-country", "US")
    await choose(page, "fraud prevention")
    await press(page, "Send the invitation")
    await expect(page.locator(".wrongly")).to_contain_text("no transfer tool is on record")
    await fine(page, "staff-new")
    await page.fill("#f-country", "se")
    await press(page, "Send the invitation")
    row = page.get_by_role("row", name="Svend Svindeljæger").last
    await expect(row).to_contain_text("SE")
    await fine(page, "staff")
    await row.get_by_role("link").click()
    await choose(page, "support")
    await press(page, "Save")
    await expect(page.locator(".notice")).to_contain_text("The role is changed")

    await page.goto(f"{at}/audit")
    await expect(page.locator("tbody tr").first).to_contain_text("changed a user's rights")
    await press(page, "Verify the trail")
    await expect(page.locator(".evidence")).to_contain_text("The trail holds")
    await expect(page.locator("tbody tr").first).to_contain_text("verified the trail")
    await fine(page, "audit")

    page = await browses(open_page, at, await member(desk, PLATFORM, Audience.STAFF, rights=("compliance",)))
    assert (await page.goto(f"{at}/audit")).status == 200  # type: ignore[union-attr]
    assert (await page.goto(f"{at}/staff")).status == 403  # type: ignore[union-attr]
