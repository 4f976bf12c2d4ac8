"""Article 19: whoever got the data hears what became of it, and the person sees whom we told."""

import dataclasses
import sys
from datetime import timedelta

import pytest

from accounts.people import Post, shop, somebody
from ippgateway.core.ids import is_id
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.mail.schemas import Kind as Letter
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.service import people
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.errors import NoSuchRequest, NoSuchStep
from ippgateway.domains.requests.schemas import Identity, Kind, New
from ippgateway.domains.requests.states import State
from ippgateway.faces.shell.cases.drafting import draft
from ippgateway.privacy.catalogue import MAIL
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.zones import Zone
from rights.people import HOLDER, owner
from running import Running

from .test_requests import Killed, Somebody, a_user, asked, carried, later

carrying = sys.modules["ippgateway.domains.requests.service.carrying"]
MAIL_ADDRESS = "signe.svane@borger.example"


async def a_letter_was_sent(zones: dict[Zone, Platform], who: Somebody) -> None:
    """The provider that carries our mail was handed one, with the address in it."""
    worker = zones[Zone.WORKER]
    async with worker.db.begin(MAIL, tenants=[who.person.tenant]) as tx:
        await tx.execute(
            "insert into ipp.disclosure (tenant_id, person_id, subject_id, recipient_id, recipient, purpose, at, "
            "fields) values ($1, $2, $3, '', 'mail_provider', 'mail', $4, 'email,free_text')",
            who.person.tenant, who.person.person_id, worker.ids.new(), worker.clock.now() - timedelta(days=1),
        )  # fmt: skip


async def test_of_a_correction_those_hear_who_got_that_field_and_our_staff_note_it(
    p: Platform, desk: Platform, zones: dict[Zone, Platform]
) -> None:
    who = await a_user(p, name="Karen Blix")
    await a_letter_was_sent(zones, who)
    told: dict[str, str] = {}
    for field, value in (("app_user.name", "Karin Blix"), ("app_user.email", "karin.blix@example.org")):
        request_id = await asked(p, who, Kind.RECTIFICATION, field=field, new_value=Secret(value))
        await requests.grant(desk, tenant_id=who.person.tenant, request_id=request_id, by="m")
        done = await requests.carry_out(p, ROOMS, tenant_id=who.person.tenant, request_id=request_id)
        assert done.state is State.DONE
        told[field] = request_id
    assert await requests.notices(p, told["app_user.name"]) == (), "the provider never got the name"
    (mine,) = await requests.notices(p, told["app_user.email"])
    assert (mine.kind.key, mine.told_at, mine.known_by) == ("mail_provider", None, ())
    assert mine.id in {each.id for each in await requests.to_tell(desk)}
    task = await requests.notice(desk, mine.id)
    request = await requests.one(desk, tenant_id=task.of_tenant, request_id=task.request_id)
    written = draft(request, task, "IPP")
    (number,) = task.known_by
    assert is_id(number)
    for text in (written.en, written.da):
        assert number in text
        assert "karin.blix@example.org" in text
        assert request.id in text
    assert who.person.person_id not in written.en
    with pytest.raises(NoSuchStep):
        await requests.mark_told(desk, notice_id=mine.id, how="pigeon", by="m")
    await requests.mark_told(desk, notice_id=mine.id, how="portal", by="m")
    (after,) = await requests.notices(p, told["app_user.email"], numbers=True)
    assert (after.told_at, after.how, after.known_by) == (p.clock.now(), "portal", ())
    assert mine.id not in {each.id for each in await requests.to_tell(desk)}
    with pytest.raises(NoSuchStep):
        await requests.mark_told(desk, notice_id=mine.id, how="phone", by="m")
    with pytest.raises(NoSuchRequest):
        await requests.mark_told(desk, notice_id="nobo-dyno-body", how="phone", by="m")


@pytest.mark.parametrize("step", ["prepare", "erase", "_ended", "tell_shop"])
async def test_whoever_is_killed_anywhere_leaves_each_recipient_once(
    p: Platform, desk: Platform, zones: dict[Zone, Platform], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    tenant_id = await shop(p)
    await somebody(p, tenant_id)
    who = await a_user(p, tenant_id)
    await a_letter_was_sent(zones, who)
    request_id = await asked(p, who, Kind.ERASURE)
    really = getattr(carrying, step)

    async def dies(*args: object, **more: object) -> None:
        await really(*args, **more)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(carrying, step, dies)
        with pytest.raises(Killed):
            await carried(p, who, request_id, ROOMS)
    await requests.look_after(later(p, minutes=2), ROOMS)
    (notice,) = await requests.notices(p, request_id, numbers=True)
    assert (notice.kind.key, len(notice.known_by)) == ("mail_provider", 1)
    assert notice.id in {each.id for each in await requests.to_tell(desk)}


async def test_nobody_hears_of_what_is_not_done_yet_nor_twice_of_what_was_erased(
    p: Platform, desk: Platform, zones: dict[Zone, Platform]
) -> None:
    who = await a_user(p)
    await a_letter_was_sent(zones, who)
    place = {"tenant_id": who.person.tenant}
    request_id = await asked(p, who, Kind.RESTRICTION, statement=Secret("I contest it."))
    await carried(p, who, request_id, ROOMS)
    assert await requests.notices(p, request_id) == ()
    await requests.refuse(desk, **place, request_id=request_id, reason="no_ground", by="m")
    await carried(p, who, request_id, ROOMS)
    assert await requests.notices(p, request_id) == ()
    for _, expected in enumerate((1, 0)):
        later_p = dataclasses.replace(p)
        request_id = await asked(later_p, who, Kind.ERASURE)
        await carried(later_p, who, request_id, ROOMS)
        assert len(await requests.notices(p, request_id)) == expected


async def test_a_payers_acquirer_knows_the_record_by_its_own_number_and_the_shop_gets_a_letter(
    running: Running, console: Platform, gateway: payments.Gateway, shop: str, payer: Person
) -> None:
    async with owner(running.settings) as connection:
        action = await connection.fetchrow("select * from ipp.payment_action where company_id = $1", shop)
        secured = await connection.fetchrow("select * from ipp.authentication where company_id = $1", shop)
        await connection.execute(
            "insert into ipp.disclosure (tenant_id, person_id, subject_id, recipient_id, recipient, purpose, at, "
            "fields) values ($1, $2, 'Noti-fica-tion', '', 'shop', 'notify', now(), 'free_text') "
            "on conflict do nothing", shop, payer.person_id,
        )  # fmt: skip
    assert action is not None
    assert secured is not None
    await accounts.add(console, accounts.NewUser(
        audience=Audience.COMPANY, tenant_id=shop, email="ejer@butik.example", name="Ejer", rights=("ALL",),
        password=Secret("a hedgehog under 7 lamps"),
    ))  # fmt: skip
    request_id = await requests.ask(console, New(
        person=payer, kind=Kind.ERASURE, identity=Identity.LINK, language="da", reply_to=Secret(MAIL_ADDRESS)
    ))  # fmt: skip
    await requests.grant(console, tenant_id=shop, request_id=request_id, by="User-0000-0001")
    done = await requests.carry_out(console, ROOMS, tenant_id=shop, request_id=request_id)
    assert done.state is State.DONE
    told = {each.kind.key: each for each in await requests.notices(console, request_id, numbers=True)}
    assert {"acquirer", "directory_server", "shop"} <= set(told)
    assert action["rrn"] in " ".join(told["acquirer"].known_by)
    assert secured["ds_transaction_id"] in " ".join(told["directory_server"].known_by)
    assert (told["shop"].how, told["acquirer"].told_at) == ("letter", None)
    async with owner(running.settings) as connection:
        kinds = await connection.fetch("select kind from ipp.letter where tenant_id = $1", shop)
        jobs = await connection.fetch("select * from jobs.pgqueuer")
    assert Letter.RECIPIENT_TOLD.value in {row["kind"] for row in kinds}
    for secret in (HOLDER, MAIL_ADDRESS, action["rrn"]):
        assert not [row for row in jobs if secret in str(dict(row))]
    assert await people.payers_at(console, company_id=shop, email=MAIL_ADDRESS) == ()


async def test_a_shop_without_anybody_left_is_told_by_our_staff(
    running: Running, console: Platform, shop: str, payer: Person
) -> None:
    async with owner(running.settings) as connection:
        await connection.execute(
            "insert into ipp.disclosure (tenant_id, person_id, subject_id, recipient_id, recipient, purpose, at, "
            "fields) values ($1, $2, 'Noti-fica-tion', '', 'shop', 'notify', now(), 'free_text') "
            "on conflict do nothing", shop, payer.person_id,
        )  # fmt: skip
    done = await requests.at_once(console, ROOMS, New(
        person=payer, kind=Kind.RESTRICTION, identity=Identity.OPERATOR, language="en", reply_to=Secret(""),
        decided_by="operator",
    ))  # fmt: skip
    assert done.state is State.DONE
    told = {each.kind.key: each.told_at for each in await requests.notices(console, done.id)}
    assert told["shop"] is None


async def test_the_letter_of_the_answer_goes_out_too(p: Platform, post: Post) -> None:
    who = await a_user(p)
    request_id = await asked(p, who, Kind.ERASURE)
    await carried(p, who, request_id, ROOMS)
    assert [each.kind for each in await post(request_id)] == [Letter.REQUEST_ANSWERED]
