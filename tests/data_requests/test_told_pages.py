"""Pages about a correction's old and new value, and about whoever got the data and whether they were told."""

import re

from starlette.types import ASGIApp

from accounts.people import browse, known, prove, shop, somebody
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.schemas import Identity, Kind, New
from ippgateway.privacy.catalogue import MAIL
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.zones import Zone

from .test_pages import Reader, console_pages, desk_pages, payer, reader, staff

__all__ = ["console_pages", "desk_pages"]


async def got_the_name(zones: dict[Zone, Platform], whom: Person) -> None:
    """The provider that carries our mail got it once."""
    worker = zones[Zone.WORKER]
    async with worker.db.begin(MAIL, tenants=[whom.tenant]) as tx:
        await tx.execute(
            "insert into ipp.disclosure (tenant_id, person_id, subject_id, recipient_id, recipient, purpose, at, "
            "fields) values ($1, $2, $3, '', 'mail_provider', 'mail', $4, 'name')",
            whom.tenant, whom.person_id, worker.ids.new(), worker.clock.now(),
        )  # fmt: skip


async def test_a_correction_goes_from_the_account_over_the_desk_to_the_recipient_and_the_person_sees_each_step(
    p: Platform, desk: Platform, zones: dict[Zone, Platform], console_pages: ASGIApp, desk_pages: ASGIApp
) -> None:
    tenant_id = await shop(p)
    signed_in = await browse(p, await somebody(p, tenant_id, name="Karen Blix"))
    whom = await accounts.person_of(p, await known(p, signed_in))
    await got_the_name(zones, whom)
    person = Reader(console_pages, signed_in.session_id)
    form = (await person.get("/account/data/requests")).body
    assert b'value="app_user.name"' in form
    assert b"name: Karen Blix (users who sign in)" in form
    assert b"credential.hash" not in form
    bad = await person.post("/account/data/requests", kind="rectification", field="app_user.phone", new_value="call me")
    assert (bad.status, b"Write what it should say" in bad.body) == (422, True)
    sent = await person.post(
        "/account/data/requests", kind="rectification", field="app_user.name", new_value="Karin <b>Blix</b>"
    )
    at = sent.headers["location"].partition("?")[0]
    request_id = at.rpartition("/")[2]

    officer = await staff(desk, desk_pages, "compliance")
    case = f"/requests/{tenant_id}/{request_id}"
    shown = (await officer.get(case)).body
    for told in (b"Karen Blix", b"Karin &lt;b&gt;Blix&lt;/b&gt;", b"Granted, the new value is written",
                 b"Who they are is noted when it is carried out"):  # fmt: skip
        assert told in shown
    assert (await officer.post(case, do="grant")).status == 303
    assert b"The new value is written." not in (await person.get(at)).body, "the console's process carries it out"
    await requests.carry_out(p, ROOMS, tenant_id=tenant_id, request_id=request_id)
    mine = (await person.get(at)).body
    assert b"The new value is written." in mine
    assert b"not yet" in mine
    assert b"/requests/tell/" not in mine

    listed = (await officer.get("/requests")).body.decode()
    (notice,) = await requests.notices(p, request_id)
    tell = f"/requests/tell/{notice.id}"
    assert tell in listed
    assert tell in (await officer.get(case)).body.decode()
    task = (await officer.get(tell)).body.decode()
    for told in ("Article 19", "artikel 19", "Karin &lt;b&gt;Blix", request_id):
        assert told in task
    assert whom.person_id not in task
    assert (await officer.post(tell, how="pigeon")).status == 409
    assert (await officer.post(tell, how="email")).headers["location"] == "/requests?done=told"
    assert (await officer.post(tell, how="email")).status == 409
    assert tell not in (await officer.get("/requests")).body.decode()
    assert re.search(rb"\d, by e-mail", (await person.get(at)).body)
    assert (await (await staff(desk, desk_pages, "support")).get(tell)).status == 403
    assert (await officer.get("/requests/tell/nobo-dyno-body")).status == 404


async def test_a_shop_decides_what_its_payer_says_in_words_alone(
    p: Platform, zones: dict[Zone, Platform], console_pages: ASGIApp
) -> None:
    company_id = await shop(p)
    session = await known(p, await browse(p, await somebody(p, company_id)))
    keeper = Reader(console_pages, (await prove(p, session)).session_id)
    person = Person(company_id, await payer(p, zones[Zone.PAY], company_id, "signe@borger.example"))
    request_id = await requests.ask(p, New(
        person=person, kind=Kind.RECTIFICATION, identity=Identity.LINK, language="da",
        reply_to=Secret("signe@borger.example"), statement=Secret("Jeg hedder Signe Due."),
    ))  # fmt: skip
    assert b"Jeg hedder Signe Due." in (await keeper.get(f"/requests/{request_id}")).body
    assert (await keeper.post(f"/requests/{request_id}", do="grant", answer="Rettet.")).status == 303
    request = await requests.one(p, tenant_id=company_id, request_id=request_id)
    assert request.state == "DONE"
    assert b"Nobody outside got anything." in (await keeper.get(f"/requests/{request_id}")).body


async def test_staff_find_nothing_to_tell_when_nobody_got_anything(
    p: Platform, desk: Platform, console_pages: ASGIApp, desk_pages: ASGIApp
) -> None:
    tenant_id = await shop(p)
    await somebody(p, tenant_id)
    leaver = await reader(p, console_pages, await somebody(p, tenant_id, rights=("payments",)))
    done = await leaver.post("/account/data/leave/erase")
    request_id = done.headers["location"].rpartition("/")[2]
    assert await requests.notices(p, request_id) == ()
    assert request_id not in {each.request_id for each in await requests.to_tell(desk)}
