"""Whoever signs in is answered about everything that their account holds, and about nobody else's."""

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.accounts.service import tickets
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.tickets import TicketKind
from ippgateway.privacy.catalogue import ACCOUNT, ERASURE, OWN_DATA
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.held import Shown, held
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
