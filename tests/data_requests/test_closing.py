"""A customer or a partner leaves: it gets its data back, and is closed with everybody's account of it. What its terms
remove afterwards is in tests/retention."""

import json

import pytest
from starlette.types import ASGIApp

from accounts.people import Post, browse, known, partner, prove, shop, somebody
from ippgateway.domains.accounts.errors import AccountUnavailable
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.mail.schemas import Kind as Letter
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.service.returning import returned
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.domains.requests import service as requests
from ippgateway.privacy.platform import Platform
from rights.people import HOLDER, NUMBER, ORDER, owner, paid
from running import Running

from .test_pages import Reader, console_pages

__all__ = ["console_pages"]


async def keeper(p: Platform, pages: ASGIApp, tenant_id: str, audience: Audience = Audience.COMPANY) -> Reader:
    """Somebody who runs all of it, with a second factor a moment ago."""
    session = await known(p, await browse(p, await somebody(p, tenant_id, audience)))
    return Reader(pages, (await prove(p, session)).session_id)


async def test_an_owner_takes_the_data_and_closes_the_company_with_everybodys_account(
    p: Platform, console_pages: ASGIApp, post: Post
) -> None:
    company_id = await shop(p)
    colleague = await somebody(p, company_id, rights=("payments",), name="Mads Holm")
    boss = await keeper(p, console_pages, company_id)
    helper = Reader(console_pages, (await browse(p, colleague)).session_id)
    assert (await helper.get("/closing")).status == 403
    assert b"/closing" in (await boss.get("/settings")).body
    page = await boss.get("/closing")
    assert b"540 days after the contract ended" in page.body
    file = await boss.get("/closing/export.json")
    assert file.headers["content-disposition"].startswith("attachment")
    document = json.loads(file.body)
    assert (document["kind"], document["payers"]) == ("customer", [])
    assert {"Mads Holm", "Karen"} <= {user["name"] for user in document["users"]}
    assert "Shop" in {f["value"] for c in document["own"]["categories"] for f in c["fields"]}
    wrong = await boss.post("/closing", company="Another")
    assert (wrong.status, b"Nothing was closed" in wrong.body) == (422, True)
    assert (await boss.post("/closing", company=" shop ")).headers["location"] == "/sign-in"
    assert (await helper.get("/account/profile")).headers["location"].startswith("/sign-in")
    with pytest.raises(AccountUnavailable):
        await browse(p, colleague)
    closed = [each.to for each in await post(company_id) if each.kind is Letter.ACCOUNT_CLOSED]
    assert colleague in closed
    assert len(closed) == 2


async def test_a_partner_with_customers_stays_until_it_has_none(p: Platform, console_pages: ASGIApp) -> None:
    partner_id = await partner(p)
    company_id = await shop(p, partner_id)
    boss = await keeper(p, console_pages, partner_id, Audience.PARTNER)
    document = json.loads((await boss.get("/closing/export.json")).body)
    assert [each["id"] for each in document["customers"]] == [company_id]
    refused = await boss.post("/closing", company="Partner")
    assert (refused.status, b"You still have customers" in refused.body) == (409, True)
    await requests.leave(p, ROOMS, tenant_id=company_id, audience=Audience.COMPANY, by="test")
    assert (await boss.post("/closing", company="Partner")).status == 303
    assert (await boss.get("/")).headers["location"].startswith("/sign-in")


async def test_what_is_given_back_has_each_payer_and_no_card_number(
    console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    emails = ("signe.svane@borger.example", "rikke.ravn@borger.example")
    for email in emails:
        await paid(gateway, shop, email)
    pieces = [piece async for piece in returned(console, tenant_id=shop, audience=Audience.COMPANY)]
    text = b"".join(pieces).decode()
    assert NUMBER not in text
    document = json.loads(text)
    told = {f["value"] for payer in document["payers"] for c in payer["categories"] for f in c["fields"]}
    assert {*emails, HOLDER, ORDER} <= told
    assert [len(payer["payments"]) for payer in document["payers"]] == [1, 1]
    assert {payer["payments"][0]["state"] for payer in document["payers"]} == {"APPROVED"}


async def test_a_company_with_something_unsettled_is_not_closed(
    running: Running, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, result = await paid(gateway, shop, "signe.svane@borger.example")
    async with owner(running.settings) as connection:
        await connection.execute("update ipp.payment set state = 'UNKNOWN' where id = $1", result.payment_id)
        why = await requests.leave(console, ROOMS, tenant_id=shop, audience=Audience.COMPANY, by="test")
        await connection.execute("update ipp.payment set state = 'APPROVED' where id = $1", result.payment_id)
        status = await connection.fetchval("select status from ipp.company where id = $1", shop)
    assert (why, status) == ("payment", "active")
