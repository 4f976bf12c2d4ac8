"""`pay.js` in the page of a shop, on another origin, under a strict policy (wire contract 10.1 to 10.4)."""

import json
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from payer import Checkout, Shop, bank_of, confirm
from playwright.async_api import Page, Route, expect
from shopfront import Shopfront, shopfront
from test_safety import printed

from browser import PHONE, OpenPage, accessible, shot
from e2e.books import value

APPROVED = "4111111111111111"
HOOKS = 'var payment_hooks = { merge_expiration: "1", class_exp_cvv: "half" };'
INSERT = """url => {
  const tag = document.createElement("script");
  tag.src = url;
  document.head.append(tag);
  tag.remove();
}"""
SETTINGS = """
const payment_settings = {
  payw_failed_payment: "The payment <b>failed</b>", payw_cardholder: "Holder", payw_cardno: "Number",
  payw_expmonth: "Valid thru", payw_cvv: "CVC", placeholder_payw_expmonth: "MM / YY", waiting_icon: "/wait.svg",
  payw_confirmPayment_btn: "Place order",
};
"""


@pytest.fixture
async def front(demo_shop: Shop) -> AsyncIterator[Shopfront]:
    """The shop's own pages."""
    async with shopfront(demo_shop.pay_url) as it:
        yield it


def form(action: str = "/thanks", inside: str = "", method: str = "") -> str:
    """The shop's form, with the picture that the widget replaces."""
    return (
        '<form class="paymentWidgets search-form" data-brands="VISA MASTER" data-theme="divs" '
        f'action="{action}"{method}>'
        f'<center><img src="/wait.svg" alt=""></center>{inside}</form>'
    )


def script(front: Shopfront, checkout: Checkout, name: str = "checkoutId") -> str:
    """The script element, as integrations write it."""
    address = f"{front.pay_url}/pay.js?{name}={checkout.checkout_id}&cryptogram={checkout.cryptogram}&_=1"
    return f'<script src="{address}"></script>'


async def fill(page: Page, number: str, *, expiry: str = "0430") -> None:
    """Type a card into the widget, merged or not."""
    await page.fill("#payw_cardholder", "Jens Hansen")
    await page.locator("#payw_cardno").press_sequentially(number)
    if await page.locator("#payw_expyear").count():
        await page.fill("#payw_expmonth", expiry[:2])
        await page.fill("#payw_expyear", f"20{expiry[2:]}")
    else:
        await page.locator("#payw_expmonth").press_sequentially(expiry)
    await page.fill("#payw_cvv", "123")


async def test_the_markup_is_the_contracts(open_page: OpenPage, demo_shop: Shop, front: Shopfront) -> None:
    page = await open_page()
    await page.goto(front.shows(form(), tail=script(front, demo_shop.checkout())))
    await expect(page.locator("#payw_confirmPayment")).to_be_visible()
    names = await page.locator("form > .PaymentFields > div").evaluate_all("all => all.map(each => each.id)")
    fields = ["cardholder", "cardno", "expmonth", "expyear", "cvv"]
    assert names == ["div_payw_failed", *(f"div_payw_{name}" for name in fields), "div_payw_confirm"]
    for name in fields:
        block = page.locator(f"#div_payw_{name}")
        assert await block.locator(":scope > .field-description").count() == 1
        assert await block.locator(f":scope > .field-content > input#payw_{name}.payw_keyupconfirm").count() == 1
        assert await page.locator(f"#payw_{name}").get_attribute("name") is None
    await expect(page.locator("#div_payw_failed")).to_be_hidden()
    assert await page.locator("form > center").count() == 0
    assert await page.evaluate("Object.keys(window).filter(name => /ipp|pay/i.test(name))") == []
    await accessible(page)


async def test_every_text_that_the_contract_names_is_the_shops_own(
    open_page: OpenPage, demo_shop: Shop, front: Shopfront
) -> None:
    names = ("cardholder", "cardno", "expmonth", "expyear", "cvv")
    texts = {f"payw_{name}": f"<i>{name}</i> here" for name in names}
    texts |= {f"placeholder_payw_{name}": f"such as {name}" for name in names}
    texts |= {"payw_confirmPayment": "<i>Now</i>", "payw_confirmPayment_btn": "<b>Order</b> it"}
    more = "const alternative_payment_methods = { mobilepay: true, applepay: true };"
    page = await open_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    settings = f"var payment_settings = {json.dumps(texts)}; {more}"
    await page.goto(front.shows(form(), settings=settings, tail=script(front, demo_shop.checkout())))
    for name in names:
        label = page.locator(f"#div_payw_{name} > .field-description")
        await expect(label).to_have_text(f"{name} here")
        await expect(label.locator("i")).to_have_count(1)
        await expect(page.get_by_label(f"{name} here")).to_have_attribute("placeholder", f"such as {name}")
    await expect(page.locator("#div_payw_confirm > .field-description i")).to_have_text("Now")
    await expect(page.locator("#payw_confirmPayment > b")).to_have_text("Order")
    assert broken == []


@pytest.mark.parametrize(("where", "name"), [("head", "checkoutId"), ("tail", "checkout_id")])
async def test_it_pays_and_submits_the_form_with_the_shops_own_inputs(
    open_page: OpenPage, demo_shop: Shop, front: Shopfront, where: str, name: str
) -> None:
    checkout = demo_shop.checkout()
    hidden = '<input type="hidden" name="route" value="a/b"><input type="hidden" name="id" value="7">'
    page = await open_page()
    sent: list[tuple[str, str]] = []
    page.on("request", lambda request: sent.append((request.url, request.post_data or "")))
    await page.goto(
        front.shows(form("/thanks?lost=1", hidden), settings=SETTINGS + HOOKS, **{where: script(front, checkout, name)})
    )
    await fill(page, APPROVED)
    await expect(page.locator("#payw_expmonth")).to_have_value("04 / 30")
    await expect(page.locator("#payw_cardno")).to_have_value("4111 1111 1111 1111")
    assert await page.locator(".half").count() == 2
    await page.dblclick("#payw_confirmPayment")
    await page.wait_for_url("**/thanks**")
    assert await checkout.attempts() == 1
    ((method, path, told),) = front.came
    assert (method, path, list(told)) == ("GET", "/thanks", ["route", "id", "transaction_id", "transaction_key"])
    assert demo_shop.call("payments/status", **{k: told[k] for k in list(told)[2:]})["result"] == "ACK"
    assert await checkout.of("policy_version")
    origins = {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url, _ in sent}
    assert origins == {front.url, front.pay_url}
    carried = {urlsplit(url).path for url, body in sent if APPROVED in url + body or "cvv" in url + body}
    assert carried == {"/payments/secure", "/payments/authorize"}


async def test_with_no_action_the_page_goes_where_the_checkout_says(
    open_page: OpenPage, demo_shop: Shop, front: Shopfront
) -> None:
    """The hidden inputs of such a form stay behind, one called `action` among them."""
    inside = '<input type="hidden" name="action" value="nonce"><input type="hidden" name="catalog_nonce" value="1">'
    page = await open_page(viewport=PHONE)
    checkout = demo_shop.checkout(accepturl=f"{front.url}/done?order=7")
    await page.goto(front.shows(form("#", inside), head=script(front, checkout)))
    await fill(page, APPROVED)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/done**")
    ((method, path, told),) = front.came
    assert (method, path, list(told)) == ("GET", "/done", ["order", "transaction_id", "transaction_key"])
    without = demo_shop.checkout()
    await page.goto(front.shows(form(""), head=script(front, without)))
    await fill(page, APPROVED)
    await page.click("#payw_confirmPayment")
    await page.wait_for_url("**/success.php?transaction_id=*")


async def test_a_form_that_posts_is_posted(open_page: OpenPage, demo_shop: Shop, front: Shopfront) -> None:
    page = await open_page()
    posting = form("/thanks?kept=1", '<input type="hidden" name="ipn" value="x">', ' method="post"')
    await page.goto(front.shows(posting, tail=script(front, demo_shop.checkout())))
    await fill(page, APPROVED)
    await page.click("#payw_confirmPayment")
    await page.wait_for_url("**/thanks**")
    ((method, _, told),) = front.came
    assert (method, list(told)) == ("POST", ["kept", "ipn", "transaction_id", "transaction_key"])


async def test_declined_then_paid(open_page: OpenPage, demo_shop: Shop, front: Shopfront) -> None:
    checkout = demo_shop.checkout()
    page = await open_page()
    await page.goto(front.shows(form(), settings=SETTINGS + HOOKS, tail=script(front, checkout)))
    await fill(page, demo_shop.cards["decline_insufficient_funds"])
    await page.click("#payw_confirmPayment")
    failed = page.locator("#div_payw_failed")
    await expect(failed.locator(".field-description")).to_have_text("The payment failed")
    assert await failed.locator("b").count() == 1  # the shop's own HTML
    await expect(failed).to_contain_text("There is not enough money on the card")
    await accessible(page)
    await shot(page, "widget-declined")
    await page.fill("#payw_cardno", APPROVED)
    await page.click("#payw_confirmPayment")
    await page.wait_for_url("**/thanks**")
    assert (await checkout.attempts("DECLINED"), await checkout.attempts("APPROVED")) == (1, 1)


async def test_a_challenge_in_the_shops_page(open_page: OpenPage, demo_shop: Shop, front: Shopfront) -> None:
    page = await open_page()
    await page.goto(front.shows(form(), settings=SETTINGS + HOOKS, tail=script(front, demo_shop.checkout())))
    await fill(page, demo_shop.cards["challenge"])
    await page.click("#payw_confirmPayment")
    bank = bank_of(page, "form iframe")
    await expect(bank.locator("#code")).to_be_visible()
    await expect(page.locator(".payment-getway-main.isActive")).to_be_visible()
    await expect(page.locator(".PaymentFields")).to_be_hidden()
    await shot(page, "widget-challenge")
    await confirm(bank)
    await page.wait_for_url("**/thanks**")


async def test_a_challenge_refused_in_the_shops_page_and_another_card_pays(
    open_page: OpenPage, demo_shop: Shop, front: Shopfront
) -> None:
    checkout = demo_shop.checkout()
    page = await open_page(viewport=PHONE, locale="da-DK")
    await page.goto(front.shows(form(), tail=script(front, checkout)))
    await fill(page, demo_shop.cards["challenge"])
    await page.click("#payw_confirmPayment")
    await bank_of(page, "form iframe").locator("button[value=cancel]").click()
    failed = page.locator("#div_payw_failed")
    await expect(failed).to_contain_text("Your bank did not confirm that it is you who is paying.")
    await accessible(page)
    await shot(page, "widget-challenge-refused")
    await page.fill("#payw_cardno", APPROVED)
    await page.click("#payw_confirmPayment")
    await page.wait_for_url("**/thanks**")
    assert (await checkout.attempts("DECLINED"), await checkout.attempts("APPROVED")) == (1, 1)


async def test_a_challenge_given_up_in_the_shops_page_leaves_the_fields_and_another_card_pays(
    open_page: OpenPage, demo_shop: Shop, front: Shopfront
) -> None:
    checkout = demo_shop.checkout()
    page = await open_page()
    await page.goto(front.shows(form(), settings=SETTINGS, tail=script(front, checkout)))
    await fill(page, demo_shop.cards["challenge"])
    await page.click("#payw_confirmPayment")
    await expect(page.locator("form iframe")).to_be_visible()
    await page.get_by_role("button", name="Use another card").click()
    await expect(page.locator("#payw_cardno")).to_be_focused()
    for gone in ("form iframe", ".payw_other", "form > center", ".isActive"):
        await expect(page.locator(gone)).to_have_count(0)
    await page.fill("#payw_cardno", APPROVED)
    await page.click("#payw_confirmPayment")
    await page.wait_for_url("**/thanks**")
    assert (await checkout.attempts(), await checkout.attempts("APPROVED")) == (1, 1)


async def test_while_it_works_the_waiting_picture_stands_in_the_form(
    open_page: OpenPage, demo_shop: Shop, front: Shopfront
) -> None:
    page = await open_page()
    await page.goto(front.shows(form(), settings=SETTINGS, tail=script(front, demo_shop.checkout())))
    await fill(page, demo_shop.cards["challenge"])
    await page.route("**/payments/secure", lambda route: route.abort())
    async with page.expect_request("**/payments/secure"):
        await page.click("#payw_confirmPayment")
    await expect(page.locator("#div_payw_failed")).to_contain_text("The connection broke.")
    await page.unroute("**/payments/secure")
    await page.click("#payw_confirmPayment")
    await expect(page.locator("form > iframe")).to_be_visible()
    await page.frame_locator("form iframe").frame_locator("iframe").locator("#code").fill("1234")
    asked: list[Route] = []

    async def hold(route: Route) -> None:
        asked.append(route)

    await page.route("**/payments/authorize", hold)
    await page.frame_locator("form iframe").frame_locator("iframe").locator("button.first").click()
    await expect(page.locator("form > center > img")).to_have_attribute("src", "/wait.svg")
    await expect(page.locator(".payw_status")).to_have_text("Paying …")
    await asked[0].continue_()
    await page.wait_for_url("**/thanks**")


async def test_inserted_late_by_a_script_that_removes_its_tag(
    open_page: OpenPage, demo_shop: Shop, front: Shopfront
) -> None:
    """As jQuery's loader does it; and the form comes after the script (R-60)."""
    checkout = demo_shop.checkout()
    page = await open_page()
    await page.goto(front.shows("<p>no form yet</p>"))
    address = f"{front.pay_url}/pay.js?checkoutId={checkout.checkout_id}&cryptogram={checkout.cryptogram}"
    async with page.expect_response("**/pay/core.*"):
        await page.evaluate(INSERT, address)
    await page.evaluate(
        "() => { const form = document.createElement('form'); form.className = 'paymentWidgets';"
        " form.setAttribute('action', '/thanks'); document.querySelector('main').append(form); }"
    )
    await fill(page, APPROVED)
    await page.click("#payw_confirmPayment")
    await page.wait_for_url("**/thanks**")


async def test_a_second_script_takes_the_form_over(open_page: OpenPage, demo_shop: Shop, front: Shopfront) -> None:
    """A shop that changes its basket loads the widget anew: one form, the newer checkout."""
    first, second = demo_shop.checkout(), demo_shop.checkout()
    page = await open_page()
    await page.goto(front.shows(form(), tail=script(front, first)))
    await page.wait_for_selector("#payw_confirmPayment")
    address = f"{front.pay_url}/pay.js?checkoutId={second.checkout_id}&cryptogram={second.cryptogram}"
    await page.evaluate("() => { document.querySelector('.PaymentFields').dataset.old = '1'; }")
    await page.evaluate(INSERT, address)
    await expect(page.locator(".PaymentFields:not([data-old])")).to_be_visible()
    assert await page.locator(".PaymentFields").count() == 1
    await fill(page, APPROVED)
    await page.click("#payw_confirmPayment")
    await page.wait_for_url("**/thanks**")
    assert (await first.attempts(), await second.attempts()) == (0, 1)


async def test_a_checkout_whose_time_is_over_says_so(open_page: OpenPage, demo_shop: Shop, front: Shopfront) -> None:
    checkout = demo_shop.checkout()
    await checkout.expire()
    page = await open_page()
    await page.goto(front.shows(form(), tail=script(front, checkout)))
    await expect(page.locator("#div_payw_failed")).to_contain_text("This payment can no longer be made.")


async def test_a_paid_checkout_takes_no_card_and_leads_to_its_receipt(
    open_page: OpenPage, demo_shop: Shop, front: Shopfront
) -> None:
    checkout = demo_shop.checkout()
    page = await open_page()
    address = front.shows(form("/thanks"), tail=script(front, checkout))
    await page.goto(address)
    await fill(page, APPROVED)
    await page.click("#payw_confirmPayment")
    await page.wait_for_url("**/thanks**")
    await checkout.expire()
    await page.goto(address)
    await expect(page.locator(".PaymentFields")).to_contain_text("This is paid. You are not charged again.")
    assert await page.locator("#payw_cardno").count() == 0
    await accessible(page)
    await page.click("#payw_confirmPayment")
    await page.wait_for_url(f"{front.pay_url}/**")
    await expect(page.locator(".receipt")).to_be_visible()


async def test_while_the_bank_is_silent_no_card_is_taken(
    open_page: OpenPage, demo_shop: Shop, front: Shopfront
) -> None:
    page = await open_page()
    loader = printed().loader(origin=front.pay_url, mode="waiting", checkout="a" * 36, cryptogram="b" * 24)
    await page.route("**/pay.js?**", lambda route: route.fulfill(body=loader, content_type="application/javascript"))
    await page.goto(front.shows(form(), tail=script(front, demo_shop.checkout())))
    await expect(page.locator(".PaymentFields")).to_contain_text("do not pay again")
    await expect(page.locator("#payw_confirmPayment")).to_have_text("See how it stands")
    assert await page.locator("#payw_cardno").count() == 0


@pytest.mark.parametrize("action", ["http://[x", "#"])
async def test_whoever_has_paid_and_has_nowhere_to_go_is_told_so_and_can_t_pay_again(
    open_page: OpenPage, demo_shop: Shop, front: Shopfront, action: str
) -> None:
    page = await open_page()
    await page.goto(front.shows(form(action), tail=script(front, demo_shop.checkout())))

    approved = {"result": "ACK", "transaction_id": "i", "transaction_key": "k", "success_url": "http://[y"}
    answer = json.dumps({"success": True, "code": 200, "message": "", "content": approved})
    cors = {"access-control-allow-origin": "*", "content-type": "application/json"}
    await page.route("**/payments/authorize", lambda route: route.fulfill(body=answer, headers=cors))
    await fill(page, APPROVED)
    await page.click("#payw_confirmPayment")
    await expect(page.locator(".payw_status")).to_have_text("This is paid. You are not charged again.")
    await expect(page.locator("#payw_confirmPayment")).to_be_hidden()
    await expect(page.locator("#div_payw_failed")).to_be_hidden()


@pytest.mark.parametrize("action", ["/thanks", "http://[x"])
async def test_switched_off_a_form_that_can_t_be_followed_leaves_the_way_back_to_the_checkout(
    open_page: OpenPage, demo_shop: Shop, front: Shopfront, action: str
) -> None:
    checkout = demo_shop.checkout()
    switch = "update ipp.company set widget = $2 where id = (select company_id from ipp.checkout where id = $1)"
    page = await open_page()
    await value(demo_shop.settings, f"{switch} returning id", checkout.name, False)
    try:
        method = ' method="post"' if action == "/thanks" else ""
        await page.goto(front.shows(form(action, "", method), tail=script(front, checkout)))
        await page.click("#payw_confirmPayment")
        await page.wait_for_url(f"{front.pay_url}/**")
    finally:
        await value(demo_shop.settings, f"{switch} returning id", checkout.name, True)
    assert list(dict(parse_qsl(urlsplit(page.url).query))) == ["checkout_id", "cryptogram"]


async def test_switched_off_a_button_leads_to_our_page_and_back(
    open_page: OpenPage, demo_shop: Shop, front: Shopfront
) -> None:
    checkout = demo_shop.checkout(origin=front.url)
    switch = "update ipp.company set widget = $2 where id = (select company_id from ipp.checkout where id = $1)"
    page = await open_page()
    await value(demo_shop.settings, f"{switch} returning id", checkout.name, False)
    try:
        hidden = '<input type="hidden" name="route" value="a/b"><input type="hidden" name="e_mail" value="a@b.example">'
        await page.goto(front.shows(form("/thanks?lost=1", hidden), tail=script(front, checkout)))
        await expect(page.locator("#payw_confirmPayment")).to_have_text("Pay on the secure payment page")
        assert await page.locator("#payw_cardno").count() == 0
        await page.click("#payw_confirmPayment")
        await page.wait_for_url(f"{front.pay_url}/**")
        assert "example" not in page.url
    finally:
        await value(demo_shop.settings, f"{switch} returning id", checkout.name, True)
    for name, text in {"holder": "Jens", "number": APPROVED, "expiry": "0430", "code": "123"}.items():
        await page.fill(f"#{name}", text)
    await page.click("#pay")
    await page.wait_for_url("**/thanks**")
    assert list(front.came[0][2]) == ["route", "transaction_id", "transaction_key"]
