"""A shop's payments in its console: found, told, and moved; each thing that moves money is said, done once, and on
record."""

import asyncio
import re

from playwright.async_api import Page, expect
from shopkeeper import Shopkeeper

from browser import PHONE, OpenPage, accessible, shot
from ippgateway.domains.payments.schemas import Method
from ippgateway.domains.payments.service import people
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.restrict import restrict


async def fine(page: Page, name: str) -> None:
    """The page is as anybody can use it; a picture when somebody wants to look."""
    await shot(page, name)
    await accessible(page)


async def test_a_paid_order_is_a_few_clicks_from_a_new_shops_first_page(
    keeper: Shopkeeper, open_page: OpenPage
) -> None:
    page = await keeper.browses(open_page)
    await page.goto(f"{keeper.console}/")
    await expect(page.locator("pre")).to_contain_text(f"company_id={keeper.company.id}")
    await fine(page, "console-new")
    await page.get_by_role("button", name="Make a test order").click()
    await expect(page.locator("h1")).to_have_text("Your test order is ready")
    await fine(page, "console-order")
    await page.get_by_role("link", name="Open the payment page").click()
    for name, value in (("holder", "Frida Kanin"), ("number", keeper.cards["approve_visa"]), ("expiry", "04/31"),
                        ("code", "123")):  # fmt: skip
        await page.fill(f"#{name}", value)
    await page.click("button[type=submit]")
    await page.wait_for_url(re.compile(rf"{re.escape(keeper.console)}/payments/[\w-]+"))
    await expect(page.locator(".timeline")).to_contain_text("DKK 100.00 was approved and is held for you.")
    await page.goto(f"{keeper.console}/")
    await expect(page.locator("pre")).to_have_count(0)


async def test_a_refund_says_what_will_happen_then_does_it_and_shows_the_record(
    keeper: Shopkeeper, open_page: OpenPage
) -> None:  # fmt: skip
    wanted = await keeper.sold("kop-77", "125.00", ipn="http://127.0.0.1:9/told")
    await keeper.sold("kande-78", "300.00", "decline_insufficient_funds")
    await keeper.captured(wanted)
    page = await keeper.browses(open_page)
    await page.goto(f"{keeper.console}/payments")
    await expect(page.locator("tbody tr")).to_have_count(2)
    await fine(page, "payments")
    await page.fill("#find", "kop-77")
    await page.press("#find", "Enter")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.click("text=kop-77")
    await expect(page.locator(".timeline")).to_contain_text("DKK 125.00 was captured.")
    await fine(page, "payment")

    await page.fill("#f-refund", "126.00")
    await page.click("form[action$='/refund'] button")
    await expect(page.locator(".notice.problem")).to_contain_text("at most what is open")
    await page.fill("#f-refund", "25.5")
    await page.click("form[action$='/refund'] button")
    await expect(page.locator(".happens")).to_contain_text("DKK 25.50 goes back to the card ending 1111.")
    await expect(page.locator(".happens")).to_contain_text("DKK 99.50 of what you captured stays with you.")
    assert await keeper.done(wanted, Method.REFUND) == []
    await fine(page, "refund")
    await page.fill("#f-comment", "The handle was loose")
    await page.click("text=Refund DKK 25.50")
    await expect(page.locator(".notice")).to_contain_text("DKK 25.50 was refunded.")
    await expect(page.locator(".timeline")).to_contain_text("The handle was loose")
    await fine(page, "refunded")
    assert await keeper.done(wanted, Method.REFUND) == [2_550]

    await page.goto(f"{keeper.console}/payments?status=DECLINED")
    await page.click("text=kande-78")
    await expect(page.locator(".timeline")).to_contain_text("declined: there was not enough money on the card.")
    await expect(page.locator("form[action*='/payments/']")).to_have_count(0)


async def test_a_double_click_refunds_once(keeper: Shopkeeper, open_page: OpenPage) -> None:
    wanted = await keeper.sold("twice")
    await keeper.captured(wanted)
    page = await keeper.browses(open_page)
    await page.goto(f"{keeper.console}/payments/{wanted}/refund?amount=50.00")
    fields = await page.evaluate("Object.fromEntries(new FormData(document.querySelector('.confirm form')))")
    first, second = await asyncio.gather(*(keeper.clicks(page, f"/payments/{wanted}/refund", fields) for _ in "ab"))
    assert first == second == await keeper.clicks(page, f"/payments/{wanted}/refund", fields)
    assert first.startswith(f"/payments/{wanted}?did=")
    assert await keeper.done(wanted, Method.REFUND) == [5_000]


async def test_whoever_may_only_look_sees_no_form_and_is_refused(keeper: Shopkeeper, open_page: OpenPage) -> None:
    wanted = await keeper.sold("look")
    await keeper.captured(wanted)
    page = await keeper.browses(open_page, await keeper.somebody("payments"))
    await page.goto(f"{keeper.console}/payments/{wanted}")
    await expect(page.locator("main")).to_contain_text("may look at payments and not move money")
    await expect(page.locator("main form")).to_have_count(0)
    await expect(page.locator(".inside > .rail")).not_to_contain_text("Keys")
    for path in (f"/payments/{wanted}/refund", "/keys", "/users", "/settings"):
        answer = await page.goto(f"{keeper.console}{path}")
        assert answer is not None
        assert answer.status == 403, path
    await fine(page, "refused")


async def test_without_script_by_keyboard_alone_in_danish_on_a_phone(keeper: Shopkeeper, open_page: OpenPage) -> None:
    wanted = await keeper.sold("te-1", "1250.00")
    boss = await keeper.somebody("ALL", language="da")
    page = await keeper.browses(open_page, boss, java_script_enabled=False, viewport=PHONE)
    await page.goto(f"{keeper.console}/payments")
    await expect(page.locator("html")).to_have_attribute("lang", "da")
    await shot(page, "betalinger-telefon")
    await tab_to(page, "te-1")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/payments/{wanted}")
    await shot(page, "betaling-telefon")
    await page.locator("#f-capture").focus()
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.type("250,50")
    await page.keyboard.press("Enter")
    await expect(page.locator(".happens")).to_contain_text("250,50\u00a0kr. hæves på kortet, der ender på 1111")
    await expect(page.locator(".happens")).to_contain_text("999,50\u00a0kr. holdes stadig")
    await shot(page, "haev-telefon")
    await tab_to(page, "Hæv 250,50\u00a0kr.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice")).to_contain_text("250,50\u00a0kr. blev hævet.")
    assert await keeper.done(wanted, Method.CAPTURE) == [25_050]


async def tab_to(page: Page, text: str) -> None:
    """Press the tabulator until what has this text is focused. Fails when no way leads there."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if await focused.count() and text in (await focused.inner_text()):
            return
    raise AssertionError(f"no way by keyboard to {text}")


async def test_on_a_phone_with_script_everything_fits(keeper: Shopkeeper, open_page: OpenPage) -> None:
    wanted = await keeper.sold("en-ret-lang-ordre-med-et-langt-nummer-0123456789", "99999.00")
    page = await keeper.browses(open_page, viewport=PHONE)
    for path in ("/", "/payments", f"/payments/{wanted}", f"/payments/{wanted}/void", "/users", "/keys", "/settings",
                 "/partner-access", "/policies/new", "/payments?q=nothing"):  # fmt: skip
        await page.goto(f"{keeper.console}{path}")
        await fine(page, f"phone{path.replace('/', '-').partition('?')[0]}")


async def test_what_nobody_knows_is_told_as_that_and_nothing_can_be_done_with_it(
    keeper: Shopkeeper, open_page: OpenPage
) -> None:  # fmt: skip
    """A card whose answers are lost: the outcome is unknown until the acquirer has acknowledged the reversal."""
    wanted = await keeper.sold("lost", card="timeout")
    page = await keeper.browses(open_page)
    await page.goto(f"{keeper.console}/payments/{wanted}")
    state = (await keeper.story(wanted)).row.state
    assert state in {"UNKNOWN", "REVERSED"}
    await expect(page.locator("main form")).to_have_count(0)
    await expect(page.locator(".timeline")).to_contain_text(
        re.compile("has not answered clearly|Nothing was taken|declined: nobody answered")
    )
    await expect(page.locator("main")).not_to_contain_text("was approved")
    for deed in ("capture", "refund", "void", "increase"):
        answer = await page.goto(f"{keeper.console}/payments/{wanted}/{deed}?amount=1.00")
        assert answer is not None
        assert answer.status == 422, deed


async def test_of_a_payer_who_had_it_restricted_the_page_says_so_and_the_money_still_moves(
    keeper: Shopkeeper, open_page: OpenPage, console: Platform
) -> None:
    sold = await keeper.sold("vase-9", "125.00")
    await keeper.captured(sold)
    payer = await people.payer_of(console, payment_id=sold)
    await restrict(console, payer.person, asked_by="test")
    page = await keeper.browses(open_page, viewport=PHONE)
    await page.goto(f"{keeper.console}/payments/{sold}")
    await expect(page.locator("main")).to_contain_text("they had it restricted")
    for unsaid in ("ending", "1111", "00/0", "vase-9"):
        await expect(page.locator("main")).not_to_contain_text(unsaid)
    await fine(page, "payment-restricted")
    await page.fill("#f-refund", "25.00")
    await page.click("form[action$='/refund'] button")
    await expect(page.locator(".happens")).to_contain_text("DKK 25.00 goes back to the card.")
    await page.fill("#f-comment", "The vase was cracked")
    await page.click("text=Refund DKK 25.00")
    await expect(page.locator(".notice")).to_contain_text("DKK 25.00 was refunded.")
    assert await keeper.done(sold, Method.REFUND) == [2_500]
