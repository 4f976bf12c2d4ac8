"""One's own account: sessions, events, programs' passwords, changes; and what the pages say without a browser."""

import re

import pytest
from playwright.async_api import expect
from visitor import PASSWORD, Visitor, fine, link

from browser import OpenPage
from ippgateway.domains.accounts.schemas import Happened
from ippgateway.faces.pages.held_words import LABELS, LABELS_OF
from ippgateway.faces.shell.account import ACCOUNT
from ippgateway.faces.shell.account.event_words import SENTENCES
from ippgateway.faces.shell.door import DOOR, SIGN_UP
from ippgateway.faces.shell.door.why import why
from ippgateway.faces.shell.routes import Routes, Who
from ippgateway.privacy.rights.reach import reached


async def test_sessions_are_seen_and_ended_and_what_happened_is_told(visitor: Visitor, open_page: OpenPage) -> None:
    pages = [await open_page() for _ in range(3)]
    for page in pages:
        await visitor.sign_in(page)
        await visitor.inside(page)
    here, one, other = pages
    await here.goto(f"{visitor.url}/account/sessions")
    await expect(here.locator("tbody tr")).to_have_count(4)
    await fine(here, "sessions")
    await here.click("tbody tr:nth-child(2) button")
    await expect(here.locator(".notice")).to_contain_text("That sign-in has ended")
    await here.click("text=End all others")
    await expect(here.locator("tbody tr")).to_have_count(1)
    for page in (one, other):
        await page.goto(f"{visitor.url}/account/profile")
        await page.wait_for_url("**/sign-in?*ended=1")
    await here.goto(f"{visitor.url}/account/events")
    await expect(here.locator(".timeline")).to_contain_text("You opened the account.")
    await expect(here.locator(".timeline li").first).to_contain_text("Sign-ins of yours were ended")
    assert len(re.findall("You signed in", await here.inner_text(".timeline"))) == 4
    await fine(here, "events")


async def test_password_address_and_programs_are_changed_with_what_proves_it(
    visitor: Visitor, open_page: OpenPage, mail_url: str
) -> None:
    page = await open_page()
    await visitor.sign_in(page)
    await visitor.inside(page)
    await page.goto(f"{visitor.url}/account/security/password")
    await page.fill("#f-current", "not the one they have")
    await page.fill("#f-password", "syv gamle cykler i haven")
    await page.click("main button.first")
    await expect(page.locator("#p-current")).to_be_visible()
    assert await page.input_value("#f-password") == ""
    await page.fill("#f-current", PASSWORD)
    await page.fill("#f-password", "syv gamle cykler i haven")
    await page.click("main button.first")
    await expect(page.locator(".notice")).to_contain_text("counts from now on")
    await visitor.add_app(page)
    await page.goto(f"{visitor.url}/account/security/programs")
    await page.fill("#f-label", "Till")
    await page.click("main button.first")
    secret = await page.inner_text(".once code")
    await fine(page, "program")
    await page.click("main .answers a")
    await expect(page.locator("tbody tr")).to_have_count(1)
    assert secret not in await page.content()
    await page.click("tbody a")
    await expect(page.locator(".confirm")).to_contain_text("Till")
    await fine(page, "program-remove")
    await page.click("main button.danger")
    await expect(page.locator("tbody tr")).to_have_count(0)
    await page.goto(f"{visitor.url}/account/profile/email")
    moved = f"new.{visitor.email}"
    await page.fill("#f-email", moved)
    await page.click("main button.first")
    await expect(page.locator(".notice")).to_contain_text("Nothing has changed yet")
    await page.goto(await link(mail_url, moved, "/new-email/"))
    await page.click("main button.first")
    await expect(page.locator("main")).to_contain_text(moved)


async def test_a_strangers_ids_and_forms_change_nothing(visitor: Visitor, open_page: OpenPage) -> None:
    page = await open_page()
    await visitor.sign_in(page)
    await visitor.inside(page)
    await visitor.add_app(page)
    for path in ("factors/VcUU-SoLz-NoZ7", "programs/VcUU-SoLz-NoZ7"):
        answer = await page.goto(f"{visitor.url}/account/security/{path}")
        assert answer is not None
        assert answer.status == 404
    await page.goto(f"{visitor.url}/account/sessions")
    # A form without the session's token is not taken, even from a page of ours.
    status = await page.evaluate(
        "fetch('/account/sessions', {method: 'POST', body: new URLSearchParams({others: '1'})}).then(a => a.status)"
    )
    assert status == 403


def test_every_way_in_has_a_name_of_its_own_and_nobody_signs_up_at_the_desk() -> None:
    table = Routes((*DOOR, *SIGN_UP, *ACCOUNT)).table
    assert len({route.name for route in table}) == len(table)
    assert "/sign-up" not in {route.path for route in (*DOOR, *ACCOUNT)}
    assert {route.path for route in ACCOUNT if route.who is Who.ANYONE} == set()


def test_everything_that_can_happen_has_a_sentence_and_every_field_about_people_a_name() -> None:
    assert set(SENTENCES) == set(Happened)
    fields = {(each.table.name, column.name) for each in reached() for column, _ in each.personal}
    assert {field for field in fields if field not in LABELS_OF and field[1] not in LABELS} == set()


def test_why_a_field_is_asked_for_is_what_its_declaration_says() -> None:
    told = why("app_user", "email")
    assert told.short.en == (
        "To run the account of a customer or partner and help a customer, a partner or a user who asks us. "
        "Kept until the account is closed."
    )
    assert "`app_user.email`" in told.check.da
    with pytest.raises(LookupError):
        why("app_user", "status")
    with pytest.raises(LookupError):
        why("app_user", "shoe_size")
