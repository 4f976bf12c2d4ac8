"""What people type and what we hand them is nowhere in the clear: not in a row, the trail, a job or an error."""

import io
import json
import traceback

import asyncpg
import pytest

from ippgateway.app.database.access import as_owner, main_database
from ippgateway.app.settings import Settings
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import BadProfile, TicketSpent, TooManyFailures, WeakPassword, WrongCredentials
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.privacy.platform import Platform

from .people import LEAKED, OURS, Post, browse, from_, known, shop, somebody, wire

ADDRESS = "203.0.113.199"
NAME = "Gunhild Canary"
EMAIL = "gunhild.canary@example.org"
FRESH = "gunhild.moved@example.org"
PHONE = "+45 99 88 77 66"
FIRST, SECOND = Secret("3 canaries sing at dawn"), Secret("4 canaries sleep at noon")


async def everything(p: Platform, post: Post) -> list[Secret[str]]:
    """A whole life of an account; the secrets that were handed out."""
    tenant_id, arrival = await shop(p), from_(ADDRESS)
    await somebody(p, tenant_id)
    await somebody(p, tenant_id, email=EMAIL, name=NAME, phone=PHONE, password=FIRST)
    signed_in = await browse(p, EMAIL, FIRST, arrival)
    session = await known(p, signed_in)
    programs = await wire(p, EMAIL, FIRST)
    with pytest.raises(WrongCredentials):
        await browse(p, EMAIL, SECOND, arrival)
    await accounts.change_profile(p, session, name=NAME, phone=PHONE)
    await accounts.ask_verify(p, session)
    await accounts.ask_reset(p, audiences=OURS, email=EMAIL, arrival=arrival)
    await accounts.ask_new_email(p, session, email=FRESH, current=FIRST)
    await accounts.invite(
        p, by=session, audience=Audience.COMPANY, tenant_id=tenant_id, email=f"friend.{EMAIL}", name=NAME,
        rights=("refund",),
    )  # fmt: skip
    letters = {letter.told["link"].split("/")[-2]: letter for letter in await post(tenant_id)}
    await accounts.verify(p, session, ticket=letters["verify"].ticket)
    await accounts.accept_invite(p, LEAKED, ticket=letters["invite"].ticket, password=SECOND, name=NAME)
    await accounts.confirm_new_email(p, ticket=letters["new-email"].ticket)
    await accounts.set_rights(p, tenant_id=tenant_id, user_id=session.user_id, rights=("ALL",), by=session)
    await accounts.change_password(p, session, LEAKED, current=FIRST, new=SECOND)
    await accounts.close_user(p, tenant_id=tenant_id, user_id=session.user_id, by=session, audience=Audience.COMPANY)
    assert signed_in.device is not None
    return [signed_in.session_id, signed_in.device, programs.session_id, *(each.ticket for each in letters.values())]


async def test_no_row_and_no_job_holds_anything_in_the_clear(p: Platform, post: Post, home: Settings) -> None:
    secrets = [each.open() for each in (*await everything(p, post), FIRST, SECOND)]
    canaries = [*secrets, NAME, EMAIL, FRESH, PHONE, ADDRESS, "canary", "Gunhild"]
    owner = await asyncpg.connect(**as_owner(home, main_database(home)))
    try:
        tables = await owner.fetch(
            "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        )
        held = {}
        for schema, table in tables:
            rows = await owner.fetch(f'select t::text as row from "{schema}"."{table}" t')
            held[table] = "\n".join(row["row"] for row in rows)
    finally:
        await owner.close()
    assert all(held[table] for table in ("sign_in_event", "letter", "ticket", "audit_entry"))
    found = {
        (table, canary) for table, text in held.items() for canary in canaries
        if canary.lower() in text.lower() or canary.encode().hex() in text
    }  # fmt: skip
    assert found == set()
    for act in ("user.invited", "user.rights_set", "user.closed"):
        assert act in held["audit_entry"]


async def test_no_error_says_who_or_what(p: Platform) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id, name=NAME)
    session = await known(p, await browse(p, email))
    out = io.StringIO()
    for attempt in (
        browse(p, email, FIRST), wire(p, email, FIRST),
        accounts.reset(p, LEAKED, ticket=FIRST, new=SECOND),
        accounts.change_password(p, session, LEAKED, current=FIRST, new=SECOND),
        accounts.ask_new_email(p, session, email=f"{EMAIL} ", current=SECOND),
        accounts.change_profile(p, session, name=NAME, phone="call Gunhild"),
        somebody(p, tenant_id, email=email),
    ):  # fmt: skip
        with pytest.raises((WrongCredentials, TicketSpent, BadProfile, TooManyFailures, WeakPassword)) as why:
            await attempt
        out.write("".join(traceback.format_exception_only(why.value)) + json.dumps(str(why.value.args)))
    said = out.getvalue()
    assert not [c for c in (FIRST.open(), SECOND.open(), EMAIL, email, NAME, "Gunhild") if c in said]


async def test_what_is_handed_around_does_not_print_itself(p: Platform) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id, name=NAME)
    signed_in = await browse(p, email, arrival=from_(ADDRESS))
    view = await accounts.user(p, audience=Audience.COMPANY, tenant_id=tenant_id, user_id=signed_in.user_id)
    page = await accounts.events(p, await known(p, signed_in))
    printed = f"{signed_in!r} {view!r} {page!r} {from_(ADDRESS)!r} {accounts.SESSION_LETTERS}"
    assert not [c for c in (signed_in.session_id.open(), email, NAME, ADDRESS) if c in printed]
