"""What somebody without an account asks by the mailed link: it goes to the shop's cases with its clock, tests are done
at once, and the same link shows how it stands."""

import json
from datetime import timedelta

import pytest
from asker import Answer, Asker, Post
from test_mailed_pages import at, opened

from ippgateway.app.settings import Settings
from ippgateway.core.clock import ManualClock
from ippgateway.domains.payments.service import people
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.schemas import Identity, Kind, Request
from ippgateway.domains.requests.states import State, due_on
from ippgateway.faces.pages.language import Language
from ippgateway.faces.pages.moments import told_in
from ippgateway.privacy.catalogue import ERASURE
from ippgateway.privacy.platform import Platform
from privacy.shops import open_shop
from rights.people import HOLDER, ORDER, ordered, owner


async def real(p: Platform, pay: Platform, home: Settings, email: str) -> str:
    """A shop where somebody began to pay with real money; its id."""
    shop = await open_shop(p)
    checkout = await ordered(pay, shop, email)
    async with owner(home) as connection:
        await connection.execute("update ipp.checkout set test = false where id = $1", checkout.id)
    return shop


async def asked(asker: Asker, overview: Answer, shop: str, kind: str, **more: str) -> Answer:
    return await at(asker, overview, shop, do="ask", kind=kind, **more)


async def only(p: Platform, shop: str) -> Request:
    (request,) = await requests.of_shop(p, company_id=shop)
    return request


async def decided(p: Platform, request: Request, **refusal: str) -> None:
    place = {"tenant_id": request.tenant_id, "request_id": request.id, "by": "User-0000-0001"}
    await (requests.refuse(p, **place, **refusal) if refusal else requests.grant(p, **place))
    await requests.carry_out(p, ROOMS, tenant_id=request.tenant_id, request_id=request.id)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("access", {}), ("copy", {}), ("erasure", {}), ("restriction", {"statement": "Det er ikke mig."}),
        ("rectification", {"field": "payer.name", "new_value": "Signe Due"}),
        ("objection", {"purpose": "access_recording"}),
    ],
)  # fmt: skip
async def test_each_kind_of_request_stands_among_the_shops_cases_with_its_clock(
    p: Platform, pay: Platform, home: Settings, asker: Asker, post: Post, kind: str, more: dict[str, str]
) -> None:
    email = f"beder.{kind}@borger.example"
    shop = await real(p, pay, home, email)
    overview = await opened(asker, post, email)
    page = await asked(asker, overview, shop, kind, **more)
    assert page.status == 200
    request = await only(p, shop)
    assert (request.kind, request.state, request.identity, request.payer) == (kind, State.OPEN, Identity.LINK, True)
    assert request.due_on == due_on(p.clock.now().date())
    assert request.due_on.isoformat() in page.text
    assert "being looked at" in page.text
    await asked(asker, overview, shop, kind, **more)
    assert (await only(p, shop)).id == request.id, "asked twice, it is one request"


async def test_the_link_shows_how_a_request_stands_until_its_reasoned_answer(
    p: Platform, pay: Platform, home: Settings, asker: Asker, post: Post, clock: ManualClock
) -> None:
    email = "foelger.med@borger.example"
    shop = await real(p, pay, home, email)
    overview = await opened(asker, post, email)
    await asked(asker, overview, shop, "restriction", statement="Det er <b>ikke</b> mig.")
    await decided(p, await only(p, shop), reason="no_ground", answer="Vi har set efter.")
    page = await at(asker, overview, shop)
    for told in ("refused, with reasons", "Vi har set efter.", "four grounds", "Datatilsynet", "&lt;b&gt;ikke&lt;"):
        assert told in page.text
    clock.advance(60)
    again = await opened(asker, post, email)
    assert "Vi har set efter." in (await at(asker, again, shop)).text, "another link of the same address shows it too"
    await asked(asker, overview, shop, "access")
    open_one = next(r for r in await requests.of_shop(p, company_id=shop) if r.kind is Kind.ACCESS)
    withdrawn = await at(asker, overview, shop, do="withdraw", request=open_one.id)
    assert "withdrawn" in withdrawn.text
    assert (await at(asker, overview, shop, do="withdraw", request=open_one.id)).status == 409


async def test_nobody_else_sees_or_withdraws_it(
    p: Platform, pay: Platform, home: Settings, asker: Asker, post: Post
) -> None:
    email, other = "min.sag@borger.example", "en.fremmed@borger.example"
    shop = await real(p, pay, home, email)
    await ordered(pay, shop, other)
    await asked(asker, await opened(asker, post, email), shop, "restriction", statement="kun min")
    request = await only(p, shop)
    theirs = await opened(asker, post, other)
    assert "kun min" not in (await at(asker, theirs, shop)).text
    assert (await at(asker, theirs, shop, do="withdraw", request=request.id)).status == 409
    assert (await only(p, shop)).state is State.OPEN


async def test_values_and_files_come_when_the_shop_lets_them_see_and_for_a_month(
    p: Platform, pay: Platform, home: Settings, asker: Asker, post: Post, clock: ManualClock
) -> None:
    email = "vil.se@borger.example"
    shop = await real(p, pay, home, email)
    overview = await opened(asker, post, email)
    assert (await at(asker, overview, shop, do="copy")).status == 403
    await asked(asker, overview, shop, "access")
    assert HOLDER not in (await at(asker, overview, shop)).text
    await decided(p, await only(p, shop))
    page = await at(asker, overview, shop)
    assert HOLDER in page.text
    assert ORDER in page.text
    copy = await at(asker, overview, shop, do="copy")
    assert copy.headers["content-disposition"].startswith("attachment")
    assert copy.headers["cache-control"] == "no-store"
    fields = {f["field"]: f["value"] for c in json.loads(copy.text)["categories"] for f in c["fields"]}
    assert (fields["email"], fields["name"], fields["order_id"]) == (email, HOLDER, ORDER)
    own = json.loads((await at(asker, overview, shop, do="portable")).text)
    assert "order_id" not in {f["field"] for c in own["categories"] for f in c["fields"]}
    clock.advance(timedelta(days=31).total_seconds())
    late = await opened(asker, post, email)
    assert HOLDER not in (await at(asker, late, shop)).text


async def test_of_tests_nothing_is_decided_it_is_done_at_once(
    p: Platform, pay: Platform, asker: Asker, post: Post
) -> None:
    email = "proeve.rettelse@borger.example"
    shop = await open_shop(p)
    await ordered(pay, shop, email)
    overview = await opened(asker, post, email)
    for nothing in ({}, {"statement": "Alt er forkert."}):  # nobody reads it, so it is not said to be done
        refused = await asked(asker, overview, shop, "rectification", **nothing)
        assert (refused.status, "Choose one of the fields" in refused.text) == (422, True)
    page = await asked(asker, overview, shop, "rectification", field="payer.name", new_value="Signe Due")
    request = await only(p, shop)
    assert (request.state, request.decided_by) == (State.DONE, "itself")
    assert "The new value is written" in page.text
    assert "Signe Due" in page.text
    erased = await at(asker, overview, shop, do="erase")
    assert 'class="erased"' in erased.text
    (last, *_) = (r for r in await requests.of_shop(p, company_id=shop) if r.kind is Kind.ERASURE)
    assert f"/certificate/{shop}/{last.id}" in erased.text
    said = await requests.certificate(p, tenant_id=shop, request_id=last.id)
    assert json.loads(said)["erased_at"] is not None
    assert email not in said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "closure"}, "Choose what was asked for"), ({"kind": ""}, "Choose what was asked for"),
        ({"kind": "restriction"}, "Write what it is about"),
        ({"kind": "rectification", "field": "payer.email", "new_value": "no address"}, "Write what it should say"),
        ({"kind": "rectification", "field": "card.number", "new_value": "4111"}, "Choose one of the fields"),
    ],
)  # fmt: skip
async def test_what_can_not_be_asked_is_said_beside_its_field_and_nothing_typed_is_lost(
    p: Platform, pay: Platform, home: Settings, asker: Asker, post: Post, fields: dict[str, str], said: str
) -> None:
    email = f"fejl.{len(said)}.{len(fields)}.{len(fields['kind'])}@borger.example"
    shop = await real(p, pay, home, email)
    page = await at(asker, await opened(asker, post, email), shop, do="ask", **fields)
    assert page.status == 422
    assert said in page.text
    assert fields.get("new_value", "") in page.text
    assert await requests.of_shop(p, company_id=shop) == ()


async def test_a_long_text_in_danish_fits_and_one_beyond_it_is_no_request(
    p: Platform, pay: Platform, home: Settings, asker: Asker, post: Post
) -> None:
    email = "lang.tekst@borger.example"
    shop = await real(p, pay, home, email)
    overview = await opened(asker, post, email)
    assert (await asked(asker, overview, shop, "restriction", statement="æ" * 2000)).status == 200
    assert (await asked(asker, overview, shop, "restriction", statement="x" * 20_000)).status == 403
    (known,) = await people.known_at(p, company_id=shop, email=email)
    assert len(await requests.of_person(p, known.person)) == 1


async def test_who_of_our_staff_looked_is_told_in_plain_words(
    p: Platform, pay: Platform, home: Settings, asker: Asker, post: Post
) -> None:
    email = "hvem.saa@borger.example"
    shop = await real(p, pay, home, email)
    overview = await opened(asker, post, email)
    assert "Nobody of us has looked at your data." in (await at(asker, overview, shop)).text
    (known,) = await people.known_at(p, company_id=shop, email=email)
    async with owner(home) as connection:
        await connection.execute(
            "insert into ipp.look (tenant_id, id, person_id, by_id, purpose, why, at, shown) "
            "values ($1, $2, $3, $4, 'support', 'misuse', $5, 'payer.email,payer.name')",
            shop, p.ids.new(), known.person.person_id, "Staf-fmem-ber1", p.clock.now(),
        )  # fmt: skip
    page = (await at(asker, overview, shop)).text
    for told in ("support: a suspicion of misuse was looked into", "help a customer", "e-mail address, name",
                 told_in(Language.EN).moment(p.clock.now())):  # fmt: skip
        assert told in page
    assert "Staf-fmem-ber1" not in page
    assert "en mistanke om misbrug" in (await at(asker, overview, shop, lang="da")).text


async def twice(p: Platform, pay: Platform, shop: str, email: str) -> tuple[str, str]:
    """Somebody known there has it restricted and buys again: whom the shop knows then, the newest first."""
    (before,) = await people.known_at(p, company_id=shop, email=email)
    await p.persons.pause(ERASURE, shop, before.person.person_id)
    pay.persons.forget_all()
    again = await ordered(pay, shop, email)
    assert again.person_id != before.person.person_id
    return again.person_id, before.person.person_id


async def test_who_bought_again_while_restricted_sees_both_and_asks_about_both(
    p: Platform, pay: Platform, home: Settings, asker: Asker, post: Post
) -> None:
    email = "to.gange@borger.example"
    shop = await real(p, pay, home, email)
    both = await twice(p, pay, shop, email)
    overview = await opened(asker, post, email)
    for person_id in both:
        assert f'name="person" value="{person_id}"' in overview.text
        page = await at(asker, overview, shop, person=person_id)
        assert f'name="person" value="{person_id}"' in page.text
        assert HOLDER not in page.text, "something of theirs is real, so the shop decides"
    assert "known since" in overview.text
    for _ in range(2):
        assert (await asked(asker, overview, shop, "erasure", person=both[1])).status == 200
    cases = await requests.of_shop(p, company_id=shop)
    assert sorted(case.person.person_id for case in cases) == sorted(both)
    for case in cases:
        await decided(p, case)
    assert await people.known_at(p, company_id=shop, email=email) == ()
    stranger = await at(asker, await opened(asker, post, "en.helt.anden@borger.example"), shop, person=both[0])
    assert "Nothing is held there" in stranger.text


async def test_tests_of_both_are_planned_and_erased_as_one(
    p: Platform, pay: Platform, asker: Asker, post: Post, clock: ManualClock
) -> None:
    email = "to.proever@borger.example"
    shop = await open_shop(p)
    await ordered(pay, shop, email)
    alone = (await at(asker, await opened(asker, post, email), shop, do="plan")).text.count("payer.email")
    both = await twice(p, pay, shop, email)
    clock.advance(60)
    overview = await opened(asker, post, email)
    plan = await at(asker, overview, shop, person=both[0], do="plan")
    assert plan.text.count("payer.email") == 2 * alone
    assert (await at(asker, overview, shop, person=both[0], do="erase")).status == 200
    assert await people.known_at(p, company_id=shop, email=email) == ()
    done = [case for case in await requests.of_shop(p, company_id=shop) if case.state is State.DONE]
    assert sorted(case.person.person_id for case in done) == sorted(both)
