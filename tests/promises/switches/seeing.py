"""Switches: what our staff see, and who reads access records."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg

from ippgateway.app.database.access import as_owner, main_database
from ippgateway.domains.accounts import rights
from ippgateway.privacy import declare, grants, zones
from ippgateway.privacy.catalogue import (
    ACCESS_RECORDS,
    AUDIT_REVIEW,
    HAND_OVER,
    MAIL,
    REGISTERS,
    RETENTION,
    STAFF_ACCOUNT,
    SUPPORT,
    SUPPORT_SEARCH,
)
from ippgateway.privacy.declare import KEYS, MAIN, declared
from ippgateway.privacy.looks import looking
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import Zone
from ippgateway.promises.checks import disclosure
from ippgateway.promises.context import Context
from ippgateway.promises.looking import differences

from .base import Tools, by_sql, off
from .ruling import unruled, with_source

_KEY = declare._KEY

# What a check forbids must break it however well database and declarations agree: both say the same in these.


@contextlib.asynccontextmanager
async def _as_declared(tools: Tools) -> AsyncIterator[Context]:
    """The context of an installation that does what is declared meanwhile."""
    await _apply(tools)
    try:
        found = await differences(tools.context)
        assert found == [], found
        yield tools.context
    finally:
        tools.monkeypatch.undo()
        await _apply(tools)


async def _apply(tools: Tools) -> None:
    settings = tools.bench.settings
    connection = await asyncpg.connect(**as_owner(settings, main_database(settings)))
    try:
        async with connection.transaction():
            await grants.apply(connection, MAIN, settings.role_prefix)
    finally:
        await connection.close()


def _reading(promise: str, name: str, table: str, purpose: Purpose, **other: object) -> None:
    """Register a switch: a purpose is declared to do something else with a table, and does."""

    async def switch(tools: Tools) -> AsyncIterator[Context]:
        live = MAIN.tables[f"ipp.{table}"]
        about = declared(live)
        known = about.access_of(purpose) or declare.Access(purpose)
        others = tuple(access for access in about.access if access.purpose != purpose)
        tools.monkeypatch.setitem(
            live.info, _KEY, replace(about, access=(*others, replace(known, **other)))  # type: ignore[arg-type]
        )  # fmt: skip
        async with _as_declared(tools) as context:
            yield context

    switch.__name__ = name
    off(promise)(switch)


def _working(promise: str, zone: Zone, purpose: Purpose) -> None:
    """Register a switch: a zone is declared to work for one purpose more, and does."""

    async def switch(tools: Tools) -> AsyncIterator[Context]:
        more = replace(zones.RIGHTS[zone], purposes=zones.RIGHTS[zone].purposes | {purpose})
        tools.monkeypatch.setitem(zones.RIGHTS, zone, more)
        prefix = tools.bench.settings.role_prefix
        role, login = zones.purpose_role(prefix, purpose), zones.zone_role(prefix, zone)
        for of in (MAIN, KEYS):  # a server of its own each
            await tools.bench.run(f"grant {role} to {login} with inherit false, set true", of=of, admin=True)
        try:
            found = await differences(tools.context)
            assert found == [], found
            yield tools.context
        finally:
            for of in (MAIN, KEYS):
                await tools.bench.run(f"revoke {role} from {login}", of=of, admin=True)

    switch.__name__ = f"{zone.value}_is_declared_to_work_for_{purpose.key}"
    off(promise)(switch)


def _granted(promise: str, name: str, on: str, to: str) -> None:
    by_sql(promise, name, f"grant select {on} to {{p}}_p_{to}", f"revoke select {on} from {{p}}_p_{to}")


# --- DISC-1: readers ---

for _purpose in ("retention", "registers", "support_search", "support", "mail", "audit_review", "news"):
    _granted("DISC-1", f"{_purpose}_reads_staffs_employment", "(employment) on ipp.app_user", _purpose)

for _purpose in ("own_data", "hand_over", "account", "authenticate", "support_search", "requests", "disclosure"):
    by_sql(
        "DISC-1", f"{_purpose}_sees_rows_of_staff",
        f"create policy aside on ipp.app_user to {{p}}_p_{_purpose} using (true)", "drop policy aside on ipp.app_user",
    )  # fmt: skip

for _purpose, _zone in (("staff_account", "console"), ("staff_account", "pay"), ("registers", "site"),
                        ("mail", "console"), ("retention", "desk")):  # fmt: skip
    by_sql(
        "DISC-1", f"{_zone}_works_for_{_purpose}",
        f"grant {{p}}_p_{_purpose} to {{p}}_z_{_zone} with inherit false, set true",
        f"revoke {{p}}_p_{_purpose} from {{p}}_z_{_zone}", admin=True,
    )  # fmt: skip

by_sql(
    "DISC-1", "a_view_of_staff", "create view ipp.peek as select name from ipp.app_user",
    "drop view ipp.peek",
)  # fmt: skip
by_sql(
    "DISC-1", "a_function_that_tells_of_staff",
    "create function ipp.peek() returns setof bytea language sql security definer as 'select name from ipp.app_user'",
    "drop function ipp.peek()",
)  # fmt: skip


_reading("DISC-1", "retention_is_declared_to_read_names", "app_user", RETENTION, only=("tenant_id", "id", "name"))
_reading(
    "DISC-1", "retention_is_declared_to_read_browsers", "sign_in_event", RETENTION,
    only=("tenant_id", "id", "created_at", "browser"),
)  # fmt: skip
_reading(
    "DISC-1", "registers_are_declared_to_read_sign_ins", "sign_in_event", REGISTERS,
    only=("tenant_id", "id", "created_at"), answers=True,
)  # fmt: skip
_reading(
    "DISC-1", "letters_senders_are_declared_to_see_staff", "app_user", MAIL, only=("tenant_id", "id"),
    across_tenants=True,
)  # fmt: skip
_reading("DISC-1", "support_is_declared_to_see_staff", "app_user", SUPPORT, never_of="")
_reading("DISC-1", "what_is_handed_over_is_declared_to_be_of_staff", "app_user", HAND_OVER, never_of="")
_reading("DISC-1", "staffs_accounts_are_declared_to_show_everybodys", "app_user", STAFF_ACCOUNT, only_of="")
_reading(
    "DISC-1", "a_search_is_declared_to_tell_names", "app_user", SUPPORT_SEARCH, only=("tenant_id", "id", "name"),
    answers=True,
)  # fmt: skip
_reading("DISC-1", "whoever_looks_is_declared_to_read_looks", "look", SUPPORT, only=("tenant_id", "id"))
_reading("DISC-1", "looks_are_declared_to_be_changed", "look", AUDIT_REVIEW, update=("why",))
_working("DISC-1", Zone.CONSOLE, STAFF_ACCOUNT)
_working("DISC-1", Zone.CONSOLE, MAIL)
_working("DISC-1", Zone.SITE, REGISTERS)
_working("DISC-1", Zone.PAY, RETENTION)

# --- DISC-1: looks ---


@off("DISC-1")
async def looks_are_noted_by_nobody(tools: Tools) -> AsyncIterator[Context]:
    async def note(*_: object) -> None:
        """Forget it."""

    tools.monkeypatch.setattr(looking, "_note", note)
    yield tools.context


@off("DISC-1")
async def a_look_that_fails_shows_all_the_same(tools: Tools) -> AsyncIterator[Context]:
    noted = looking._note

    async def note(*said: object) -> None:
        try:
            await noted(*said)  # type: ignore[arg-type]
        except OSError:
            return

    tools.monkeypatch.setattr(looking, "_note", note)
    yield tools.context


@off("DISC-1")
async def a_look_needs_no_reason(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(looking, "_SHORTEST_REASON", 0)
    yield tools.context


@off("DISC-1")
async def a_page_that_reads_for_support(tools: Tools) -> AsyncIterator[Context]:
    more = "async def peek(p, SUPPORT):\n    async with p.db.begin(SUPPORT, tenants=['x']) as tx:\n        return tx\n"
    yield with_source(tools, {"faces/desk/peek.py": ("", more)})


by_sql(
    "DISC-1", "looks_can_be_removed", "grant delete on ipp.look to {p}_p_support",
    "revoke delete on ipp.look from {p}_p_support",
)  # fmt: skip
by_sql(
    "DISC-1", "a_look_of_nobodys", "alter table ipp.look alter by_id drop not null",
    "alter table ipp.look alter by_id set not null",
)  # fmt: skip

# --- DISC-1: emergencies ---

for _rule in ("one_hour", "another_reviews", "reviewed", "over"):
    unruled("DISC-1", "emergency_access", f"ck_emergency_access_{_rule}")
by_sql(
    "DISC-1", "an_emergency_that_nobody_reviews",
    "insert into ipp.emergency_access (tenant_id, id, user_id, session_id, began_at, ends_at) select tenant_id, "
    "'aside', id, 'aside', now() - interval '9 days', now() - interval '9 days' + interval '1 hour' "
    "from ipp.app_user where audience = 'staff' limit 1", "delete from ipp.emergency_access where id = 'aside'",
)  # fmt: skip


@off("DISC-1")
async def an_emergency_opens_decisions(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(disclosure, "IN_EMERGENCIES", rights.IN_EMERGENCIES | {STAFF_ACCOUNT})
    yield tools.context


# --- COLLECT-6 ---

_FIELDS = ("visit", "browser"), ("visit", "surface"), ("visit", "last_at"), ("visit_page", "page"), ("visit_page", "at")
for _table, _column in _FIELDS:
    _granted("COLLECT-6", f"mail_reads_{_table}_{_column}", f"({_column}) on ipp.{_table}", "mail")
for _table, _column in (("visit", "last_at"), ("visit", "system"), ("visit_page", "seconds")):
    _granted("COLLECT-6", f"retention_reads_{_table}_{_column}", f"({_column}) on ipp.{_table}", "retention")
for _purpose in ("registers", "erasure", "legal_hold", "support", "access_recording"):
    _granted("COLLECT-6", f"{_purpose}_reads_addresses", "(address) on ipp.visit", _purpose)

for _purpose, _zone in (("access_records", "site"), ("own_data", "desk"), ("hand_over", "worker"),
                        ("retention", "console")):  # fmt: skip
    by_sql(
        "COLLECT-6", f"{_zone}_works_for_{_purpose}",
        f"grant {{p}}_p_{_purpose} to {{p}}_z_{_zone} with inherit false, set true",
        f"revoke {{p}}_p_{_purpose} from {{p}}_z_{_zone}", admin=True,
    )  # fmt: skip

for _purpose in ("access_records", "own_data", "hand_over"):
    by_sql(
        "COLLECT-6", f"{_purpose}_sees_everybodys_records",
        f"create policy aside on ipp.visit to {{p}}_p_{_purpose} using (true)", "drop policy aside on ipp.visit",
    )  # fmt: skip

by_sql(
    "COLLECT-6", "a_view_of_access_records", "create view ipp.peek as select address from ipp.visit",
    "drop view ipp.peek",
)  # fmt: skip
unruled("COLLECT-6", "disclosure_case", "ck_disclosure_case_two_approvals")
unruled("COLLECT-6", "disclosure_case", "ck_disclosure_case_three_people")


_working("COLLECT-6", Zone.DESK, HAND_OVER)
_working("COLLECT-6", Zone.PAY, ACCESS_RECORDS)
_working("COLLECT-6", Zone.CONSOLE, RETENTION)
_reading(
    "COLLECT-6", "retention_is_declared_to_read_addresses", "visit", RETENTION,
    only=("tenant_id", "id", "began_at", "address"),
)  # fmt: skip
_reading(
    "COLLECT-6", "retention_is_declared_to_read_how_long", "visit_page", RETENTION,
    only=("tenant_id", "visit_id", "number", "at", "seconds"),
)  # fmt: skip
_reading("COLLECT-6", "registers_are_declared_to_read_pages", "visit_page", REGISTERS, only=("page",), answers=True)
_reading("COLLECT-6", "hand_over_is_declared_to_see_everybodys", "visit", HAND_OVER, across_tenants=True)
_reading("COLLECT-6", "faults_are_looked_into_at_everybodys", "visit_page", ACCESS_RECORDS, across_tenants=True)
_reading("COLLECT-6", "support_is_declared_to_read_addresses", "visit", SUPPORT, answers=True)
