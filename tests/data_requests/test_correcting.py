"""Article 16: which field, what it says and what it should say; written where it is the person's own word about
themselves, and noted beside a record that must stand."""

import dataclasses

import pytest

from accounts.people import Post, browse, shop, somebody
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import WrongCredentials
from ippgateway.domains.mail.schemas import Kind as Letter
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.service import people
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.errors import BadRequest
from ippgateway.domains.requests.schemas import Identity, Kind, New, Request
from ippgateway.domains.requests.states import State
from ippgateway.faces.console.app import console_app, console_house
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.correct import fields
from ippgateway.privacy.rights.held import Shown, held
from ippgateway.privacy.rights.reach import Person
from rights.people import HOLDER, paid

from .test_pages import HOUSE, reader
from .test_requests import Somebody, a_user, asked


async def granted(p: Platform, by: Platform, person: Person, request_id: str) -> Request:
    place = {"tenant_id": person.rows_of, "request_id": request_id}
    await requests.grant(by, **place, by="m")
    return await requests.carry_out(p, ROOMS, **place)


async def said(p: Platform, person: Person, name: str) -> set[str]:
    found = (await held(p, person)).fields
    return {f.value.open() for f in found if f"{f.table}.{f.column}" == name and f.shown is Shown.OPEN}


async def corrected(p: Platform, who: Somebody, field: str, value: str) -> str:
    return await asked(p, who, Kind.RECTIFICATION, field=field, new_value=Secret(value))


async def test_whoever_decides_sees_what_is_and_what_should_be_and_granting_it_writes_it(
    p: Platform, desk: Platform
) -> None:
    who = await a_user(p, name="Karen Blix", phone="+45 33 33 33 33")
    request_id = await corrected(p, who, "app_user.name", "Karin Blix")
    seen = await requests.one(desk, tenant_id=who.person.tenant, request_id=request_id)
    assert (seen.old_value and seen.old_value.open(), seen.new_value and seen.new_value.open()) == (
        "Karen Blix", "Karin Blix",
    )  # fmt: skip
    assert await said(p, who.person, "app_user.name") == {"Karen Blix"}, "nothing is changed before it is decided"
    assert (await granted(p, desk, who.person, request_id)).state is State.DONE
    assert await said(p, who.person, "app_user.name") == {"Karin Blix"}
    assert await said(p, who.person, "app_user.phone") == {"+45 33 33 33 33"}


async def test_another_address_is_given_as_whoever_manages_users_gives_it(
    p: Platform, desk: Platform, post: Post
) -> None:
    who = await a_user(p)
    request_id = await corrected(p, who, "app_user.email", "ny.adresse@example.org")
    assert (await granted(p, desk, who.person, request_id)).state is State.DONE
    with pytest.raises(WrongCredentials):
        await browse(p, who.email)
    assert await browse(p, "ny.adresse@example.org")
    assert await accounts.resume_browser(p, bearer=Secret("x" * 40)) is None
    assert (Letter.EMAIL_CHANGED, who.email) in {(each.kind, each.to) for each in await post(who.person.tenant)}


async def test_an_address_that_somebody_else_has_is_not_taken_from_them(p: Platform, desk: Platform) -> None:
    tenant_id = await shop(p)
    other, who = await a_user(p, tenant_id), await a_user(p, tenant_id)
    request_id = await corrected(p, who, "app_user.email", other.email)
    waiting = await granted(p, desk, who.person, request_id)
    assert (waiting.state, waiting.waits_for) == (State.GRANTED, "taken")
    assert await said(p, who.person, "app_user.email") == {who.email}


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("app_user.email", "no address", "new_value"), ("app_user.phone", "call me", "new_value"),
        ("app_user.name", "x" * 201, "new_value"), ("app_user.name", "a\nb", "new_value"),
        ("app_user.name", "", "new_value"), ("credential.hash", "x", "field"), ("app_user.username_code", "x", "field"),
        ("payer.name", "x", "field"), ("nothing.at_all", "x", "field"), ("", "x", "field"),
    ],
)  # fmt: skip
async def test_what_can_not_be_a_value_or_is_not_held_is_refused_when_it_is_asked(
    p: Platform, field: str, value: str, wrong: str
) -> None:
    who = await a_user(p)
    with pytest.raises(BadRequest) as why:
        await corrected(p, who, field, value)
    assert why.value.field == wrong


async def test_what_was_observed_is_not_rewritten_and_the_request_is_the_note(p: Platform, desk: Platform) -> None:
    who = await a_user(p)
    (before,) = await said(p, who.person, "sign_in_event.address")
    request_id = await corrected(p, who, "sign_in_event.address", "198.51.100.1")
    done = await granted(p, desk, who.person, request_id)
    assert (done.state, done.new_value and done.new_value.open()) == (State.DONE, "198.51.100.1")
    assert await said(p, who.person, "sign_in_event.address") == {before}


def test_every_field_that_may_be_corrected_has_a_room_that_writes_it() -> None:
    tables = {field.each.table.name for field in fields().values() if field.correctable}
    assert tables
    assert tables == set(ROOMS.correcting)
    assert {"app_user.name", "payer.email"} <= {field.name for field in fields().values() if field.correctable}
    assert not [field.name for field in fields().values() if field.correctable and field.stands]


async def test_a_payers_record_in_the_books_stands_and_the_correction_is_noted_beside_it(
    console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, result = await paid(gateway, shop, "signe.svane@borger.example")
    payer = (await people.payer_of(console, payment_id=result.payment_id)).person
    for field, value in (("payment.holder", "Signe Due"), ("payer.name", "Signe Due")):
        request_id = await requests.ask(console, New(
            person=payer, kind=Kind.RECTIFICATION, identity=Identity.LINK, language="en", field=field,
            reply_to=Secret("signe.svane@borger.example"), new_value=Secret(value),
        ))  # fmt: skip
        assert (await granted(console, console, payer, request_id)).state is State.DONE
    assert await said(console, payer, "payment.holder") == {HOLDER}
    assert await said(console, payer, "payer.name") == {"Signe Due"}
    beside = await requests.corrections_of(console, payer)
    assert [(field, value.open()) for field, value in beside] == [("payment.holder", "Signe Due")]
    pages = console_app(console_house(console, **HOUSE))  # type: ignore[arg-type]
    keeper = await reader(console, pages, await somebody(console, shop))
    page = (await keeper.get(f"/payments/{result.payment_id}")).body
    assert HOLDER.encode() in page
    assert b"The payer says that this should be" in page
    assert b"name on the card (payments): Signe Due" in page


async def test_a_payers_other_address_finds_them_from_then_on(
    console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, result = await paid(gateway, shop, "gammel.adresse@borger.example")
    payer = (await people.payer_of(console, payment_id=result.payment_id)).person
    new = New(
        person=payer, kind=Kind.RECTIFICATION, identity=Identity.LINK, language="en", field="payer.email",
        reply_to=Secret("gammel.adresse@borger.example"), new_value=Secret("Ny.Adresse@borger.example"),
    )  # fmt: skip
    await granted(console, console, payer, await requests.ask(console, new))
    assert await people.payers_at(console, company_id=shop, email="gammel.adresse@borger.example") == ()
    assert await people.payers_at(console, company_id=shop, email="ny.adresse@borger.example") == (payer,)
    _, other = await paid(gateway, shop, "en.anden@borger.example")
    another = (await people.payer_of(console, payment_id=other.payment_id)).person
    taken = dataclasses.replace(new, person=another)
    waiting = await granted(console, console, another, await requests.ask(console, taken))
    assert (waiting.state, waiting.waits_for) == (State.GRANTED, "taken")
