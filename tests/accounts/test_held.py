"""Whoever signs in is answered about everything that their account holds, and about nobody else's."""

import asyncpg
import pytest

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience, Session
from ippgateway.domains.accounts.service import tickets
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.tickets import TicketKind
from ippgateway.privacy.catalogue import ACCOUNT, ERASURE, OWN_DATA
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.held import Shown, held, held_of_staff
from ippgateway.privacy.zones import PLATFORM

from .people import PASSWORD, Post, browse, from_, known, member, shop, somebody, wire

OF_AN_ACCOUNT = {
    "app_user", "credential", "sign_in_session", "known_device", "sign_in_event", "ticket", "letter",
}  # fmt: skip


async def test_an_account_is_told_whole_and_to_its_own_user(p: Platform, post: Post) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id, name="Karen Blix", phone="+45 33 33 33 33")
    await somebody(p, tenant_id, name="Tanne Other")
    await browse(p, email, PASSWORD, from_("203.0.113.5"))
    session = await known(p, await browse(p, email, PASSWORD, from_("203.0.113.9")))
    await wire(p, email)
    await accounts.ask_new_email(p, session, email="karen@example.org", current=PASSWORD)
    found = await held(p, await accounts.person_of(p, session))
    told = {(f.table, f.column): f for f in found.fields}
    assert {f.table for f in found.fields} == OF_AN_ACCOUNT
    assert told["app_user", "email"].value.open() == email
    assert told["app_user", "name"].value.open() == "Karen Blix"
    assert {f.value.open() for f in found.fields if (f.table, f.column) == ("sign_in_event", "address")} >= {
        "203.0.113.5", "203.0.113.9",
    }  # fmt: skip
    assert told["ticket", "told"].value.open() == "karen@example.org"
    for place in (("credential", "hash"), ("sign_in_session", "digest"), ("known_device", "digest")):
        assert told[place].shown is Shown.NEVER
    assert told["app_user", "username_code"].shown is Shown.CODE
    assert not [f for f in found.fields if f.shown is Shown.UNREADABLE or "Tanne" in f.value.open()]
    assert {f.row[0] for f in found.fields if f.table == "app_user"} == {session.user_id}


async def test_one_address_in_two_tenants_is_two_people(p: Platform) -> None:
    one, other = await shop(p), await shop(p)
    email = await somebody(p, one, name="Here")
    await somebody(p, other, email=email, name="There", audience=Audience.COMPANY)
    session = await known(p, await browse(p, email))
    names = {f.value.open() for f in (await held(p, await accounts.person_of(p, session))).fields if f.column == "name"}
    assert len(names) == 1


async def test_answering_and_erasing_never_see_our_staff(p: Platform, desk: Platform) -> None:
    await member(desk)
    async with desk.db.begin(hall(desk)[1], tenants=[PLATFORM]) as tx:
        user_id = await tx.value("select id from ipp.app_user limit 1")
        await tickets.issue(tx, desk, tenant_id=PLATFORM, user_id=user_id, kind=TicketKind.VERIFY)
    for purpose in (OWN_DATA, ERASURE, ACCOUNT):
        for table in ("app_user", "credential", "ticket", "letter"):
            async with p.db.begin(purpose, tenants=[PLATFORM]) as tx:
                assert await tx.value(f"select count(tenant_id) from ipp.{table}") == 0


async def at_the_desk(desk: Platform, email: str) -> Session:
    """A session of one of our staff."""
    return await known(desk, await accounts.sign_in_browser(
        desk, audiences=[Audience.STAFF], username=email, password=PASSWORD, arrival=from_()
    ))  # fmt: skip


async def test_our_staff_are_told_what_the_desk_holds_of_them_and_of_nobody_else(p: Platform, desk: Platform) -> None:
    email = await member(desk)
    await member(desk)
    await at_the_desk(desk, email)
    session = await at_the_desk(desk, email)  # a browser that nobody knows: there is a letter about it
    async with desk.db.begin(hall(desk)[1], tenants=[PLATFORM]) as tx:
        await tickets.issue(tx, desk, tenant_id=PLATFORM, user_id=session.user_id, kind=TicketKind.VERIFY)
    found = await held_of_staff(desk, await accounts.person_of(desk, session))
    told = {(f.table, f.column): f for f in found.fields}
    assert told["app_user", "email"].value.open() == email
    assert {f.row[0] for f in found.fields if f.table == "app_user"} == {session.user_id}
    assert {f.table for f in found.fields} >= {"app_user", "credential", "sign_in_session", "sign_in_event", "ticket"}
    assert told["credential", "hash"].shown is Shown.NEVER
    assert not [f for f in found.fields if f.shown is Shown.UNREADABLE]
    # A letter's address is the mail's business alone; the desk knows that there was one.
    letters = {(f.column, f.shown) for f in found.fields if f.table == "letter"}
    assert letters == {("address", Shown.TOLD), ("told", Shown.TOLD)}


async def test_what_is_held_of_staff_is_read_at_the_desk_alone(p: Platform, desk: Platform) -> None:
    session = await at_the_desk(desk, await member(desk))
    person = await accounts.person_of(desk, session)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await held_of_staff(p, person)
