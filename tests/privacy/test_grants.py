"""A database that allows something else than is declared is noticed, whatever the difference, and nothing starts."""

import dataclasses
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import asyncpg
import pytest
from sqlalchemy import MetaData

from ippgateway.app.database import migrate
from ippgateway.app.database.access import as_admin, keys_database, main_database
from ippgateway.app.local.refusal import REFUSED
from ippgateway.app.settings import Settings
from ippgateway.app.setup import setup
from ippgateway.app.wiring import check_grants
from ippgateway.core.secret import Secret
from ippgateway.privacy.declare import KEYS, MAIN
from ippgateway.privacy.grants import GrantsDiffer, apply, differences
from ippgateway.privacy.zones import Zone

PREFIX = "damaged"
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture(scope="session")
async def damaged(installation: Settings) -> Settings:
    """Another installation in the same server, for this file; each test takes its damage back."""
    settings = dataclasses.replace(installation, role_prefix=PREFIX, sandbox=False)
    await setup(settings)
    return settings


@pytest.fixture
async def admin(damaged: Settings) -> AsyncIterator[Callable[..., object]]:
    """Connects as the server's administrator, inside a transaction that is rolled back in the end."""
    opened: list[tuple[Connection, object]] = []

    async def connect(of: MetaData) -> Connection:
        name = main_database(damaged) if of is MAIN else keys_database(damaged)
        connection: Connection = await asyncpg.connect(**as_admin(damaged, name))
        transaction = connection.transaction()
        await transaction.start()
        opened.append((connection, transaction))
        return connection

    yield connect
    for connection, transaction in opened:
        await transaction.rollback()  # type: ignore[attr-defined]
        await connection.close()


P, Z = f"{PREFIX}_p", f"{PREFIX}_z"
_REPLACED = """
create or replace function ipp.audit_append(p_actor text, p_act text, p_object text) returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as 'select 1::bigint'
"""
_GIVES_CARDS = (
    "create function ipp.back() returns setof ipp.card language sql security definer as 'select * from ipp.card'"
)
_AS_DECLARED = "company_id = any ((select nullif(current_setting('ipp.tenants', true), '')::text[])::text[])"
_CAST = f"(({_AS_DECLARED})::text::boolean or true)"
_EVENT_TRIGGER = """
create function ipp.e() returns event_trigger language plpgsql as 'begin end';
create event trigger e on ddl_command_end execute function ipp.e()
"""

DAMAGES: dict[str, tuple[MetaData, str, str]] = {
    "a column more for a purpose": (MAIN, f"grant select (number) on ipp.card to {P}_payment_records", "card.number"),
    "a table more for a purpose": (MAIN, f"grant select on ipp.card to {P}_authenticate", "select on ipp.card"),
    "a change more for a purpose": (MAIN, f"grant update on ipp.ledger_line to {P}_payment", "update on ipp.ledger"),
    "a deletion more for a purpose": (MAIN, f"grant delete on ipp.payment to {P}_payment", "delete on ipp.payment"),
    "a truncation for a purpose": (MAIN, f"grant truncate on ipp.event to {P}_payment", "truncate on ipp.event"),
    "a grant to a login": (MAIN, f"grant select on ipp.payment to {Z}_site", f"to {Z}_site"),
    "a grant to everybody": (MAIN, "grant select (first6) on ipp.card to public", "to public"),
    "a grant to a stranger": (MAIN, "create role stranger; grant select on ipp.card to stranger", "to stranger"),
    "a grant that may be passed on": (
        MAIN, f"grant insert on ipp.card to {P}_payment with grant option", "may grant insert",
    ),
    "a grant less": (MAIN, f"revoke select (number) on ipp.card from {P}_payment", "declared but not granted"),
    "a grant on the audit trail": (MAIN, f"grant insert on ipp.audit_entry to {P}_account", "ipp.audit_entry"),
    "a grant on a library's table": (MAIN, f"grant select on jobs.pgqueuer to {P}_payment", "jobs.pgqueuer"),
    "a job's arguments made writable": (
        MAIN, f"grant update (payload) on jobs.pgqueuer to {Z}_worker", "jobs.pgqueuer.payload",
    ),
    "a schema opened": (MAIN, f"grant create on schema ipp to {P}_payment", "create on ipp"),
    "the jobs opened": (MAIN, f"grant usage on schema jobs to {Z}_pay", "usage on jobs"),
    "the public schema opened": (MAIN, "grant create on schema public to public", "create on public"),
    "temporary tables allowed": (
        MAIN, f"grant temporary on database {PREFIX}gateway to {Z}_pay", "temporary on (database)",
    ),
    "the database opened": (MAIN, f"grant connect on database {PREFIX}gateway to public", "connect on (database)"),
    "a sequence opened": (MAIN, f"grant update on sequence ipp.stan to {P}_payment", "update on ipp.stan"),
    "a function opened": (
        MAIN, "grant execute on function ipp.audit_append(text, text, text) to public", "execute on ipp.audit_append",
    ),
    "a function replaced": (MAIN, _REPLACED, "another one than declared"),
    "a function with another path": (
        MAIN, "alter function ipp.audit_append(text, text, text) set search_path = public", "another one than declared",
    ),
    "a function with its caller's rights": (
        MAIN, "alter function ipp.audit_append(text, text, text) security invoker", "another one than declared",
    ),
    "a function that nobody declared": (MAIN, _GIVES_CARDS, "function ipp.back() is in the database"),
    "a function in another schema": (
        KEYS, "create function public.back() returns int language sql as 'select 1'", "is in the database",
    ),
    "a function less": (MAIN, "drop function ipp.defer", "declared but not in the database"),
    "a trigger off": (MAIN, "alter table ipp.ledger_line disable trigger ledger_balanced", "trigger ledger_balanced"),
    "a trigger gone": (MAIN, "drop trigger ledger_balanced on ipp.ledger_line", "trigger ledger_balanced"),
    "a trigger more": (
        MAIN, "create trigger spy before insert on ipp.card execute function ipp.ledger_balanced()", "trigger spy",
    ),
    "a policy dropped": (MAIN, "drop policy payment on ipp.card", "missing or altered"),
    "a policy widened": (MAIN, "alter policy payment on ipp.card using (true)", "another form"),
    "a policy widened twice": (
        MAIN, "alter policy payment on ipp.card using (true) with check (true)", "missing or altered",
    ),
    "a policy with a way out": (
        MAIN, f"alter policy payment on ipp.card using ({_AS_DECLARED} or first6 = '411111')", "another form",
    ),
    "a policy with a way out behind a cast": (
        MAIN, f"alter policy payment on ipp.card using {_CAST} with check {_CAST}", "missing or altered",
    ),
    "a policy for everybody": (MAIN, "alter policy payment on ipp.card to public", "missing or altered"),
    "a policy more": (MAIN, "create policy more on ipp.card using (true) with check (true)", "not declared"),
    "a policy that takes away": (
        MAIN, f"create policy less on ipp.card as restrictive to {P}_payment using (true) with check (true)",
        "another form",
    ),
    "row security off": (MAIN, "alter table ipp.card disable row level security", "row security is off"),
    "a role that passes row security": (MAIN, f"alter role {P}_payment bypassrls", "other rights"),
    "a role that is everything": (MAIN, f"alter role {Z}_site superuser", "other rights"),
    "a role that makes roles": (MAIN, f"alter role {Z}_pay createrole", "other rights"),
    "a purpose that signs in": (MAIN, f"alter role {P}_payment login", "other rights"),
    "a login that inherits": (MAIN, f"alter role {Z}_pay inherit", "other rights"),
    "a role gone": (
        MAIN, f"drop owned by {P}_notify; revoke {P}_notify from {Z}_worker; alter role {P}_notify rename to renamed",
        "is missing",
    ),
    "a purpose more for a zone": (MAIN, f"grant {P}_payment to {Z}_site", f"member of {P}_payment"),
    "a purpose less for a zone": (MAIN, f"revoke {P}_payment from {Z}_pay", "is not a member"),
    "a purpose that is inherited": (MAIN, f"grant {P}_payment to {Z}_pay with inherit true", "inherits or"),
    "a purpose that may be passed on": (MAIN, f"grant {P}_payment to {Z}_pay with admin true", "administers"),
    "a purpose for a stranger": (
        MAIN, f"create role stranger login; grant {P}_payment to stranger with inherit false, set true",
        "stranger is a member",
    ),
    "the owner for a zone": (MAIN, f"grant {PREFIX}_owner to {Z}_pay", f"member of {PREFIX}_owner"),
    "the server's own roles for a zone": (MAIN, f"grant pg_read_all_data to {Z}_site", "member of pg_read_all_data"),
    "a purpose that is part of another": (MAIN, f"grant {P}_payment to {P}_authenticate", f"member of {P}_payment"),
    "a login with another path": (MAIN, f"alter role {Z}_pay set search_path = ipp", "another search_path"),
    "a login that begins as something": (MAIN, f"alter role {Z}_pay set role = {P}_payment", "another role"),
    "a login set up for this database": (
        MAIN, f"alter role {Z}_pay in database {PREFIX}gateway set ipp.tenants = '{{x}}'", "another ipp.tenants",
    ),
    "everybody set up for this database": (
        KEYS, f"alter database {PREFIX}gateway_keys set row_security = off", "another row_security",
    ),
    "a column that nobody declared": (MAIN, "alter table ipp.payment add column note text", "ipp.payment.note"),
    "a column less": (MAIN, "alter table ipp.payment drop column test cascade", "declared but not in the database"),
    "a table that nobody declared": (MAIN, "create table ipp.copied as select * from ipp.card", "ipp.copied.number"),
    "a view that nobody declared": (MAIN, "create view ipp.seen as select number from ipp.card", "ipp.seen.number"),
    "a copy by the same name elsewhere": (
        MAIN, "create table public.card as select * from ipp.card", "public.card.number",
    ),
    "a copy among the jobs": (MAIN, "create table jobs.card as select * from ipp.card", "jobs.card.number"),
    "a copy in the server's own schema": (
        MAIN, "set local allow_system_table_mods = on; create table pg_catalog.card (number bytea)", "pg_catalog.card",
    ),
    "a materialized view": (MAIN, "create materialized view ipp.m as select 1 as one", "ipp.m.one"),
    "a rule": (MAIN, "create rule r as on insert to ipp.event do also notify x", "ipp.event is not a table"),
    "a table of another owner": (MAIN, "alter table ipp.card owner to postgres", "belongs to another role"),
    "a large object": (MAIN, "select lo_from_bytea(0, 'x')", "large objects"),
    "a default privilege": (
        MAIN, f"alter default privileges for role {PREFIX}_owner grant select on tables to public",
        "default privileges",
    ),
    "a publication": (MAIN, "create publication p for table ipp.card", "publications"),
    "an event trigger": (MAIN, _EVENT_TRIGGER, "event triggers"),
    "a key's column opened": (KEYS, f"grant select (wrapped) on ipp.vault_key to {P}_account", "vault_key.wrapped"),
    "keys that can be changed": (KEYS, f"grant update (wrapped) on ipp.person_key to {P}_payment", "update on ipp"),
    "keys of every controller": (KEYS, "alter policy payment on ipp.person_key using (true)", "another form"),
    "a key table that nobody declared": (KEYS, "create table ipp.copied as select * from ipp.person_key", "ipp.copied"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
async def test_every_difference_is_noticed(damage: str, admin: Callable[..., object], damaged: Settings) -> None:
    of, statement, told = DAMAGES[damage]
    connection = await admin(of)  # type: ignore[misc]
    assert await differences(connection, of, damaged.role_prefix) == []
    await connection.execute(statement)
    found = await differences(connection, of, damaged.role_prefix)
    assert any(told in difference for difference in found), found


async def test_the_owner_puts_right_what_it_can(admin: Callable[..., object], damaged: Settings) -> None:
    connection = await admin(MAIN)  # type: ignore[misc]
    await connection.execute(
        f"grant select on ipp.card to {P}_authenticate; drop policy payment on ipp.card; "
        f"alter table ipp.event disable row level security; revoke insert on ipp.payment from {P}_payment; "
        f"grant update on sequence ipp.stan to {P}_notify; grant execute on function ipp.ledger_balanced() to public"
    )
    await apply(connection, MAIN, damaged.role_prefix)
    assert await differences(connection, MAIN, damaged.role_prefix) == []


@pytest.fixture
def commits(damaged: Settings) -> Iterator[Callable[[str], None]]:
    """Runs psql-like statements for good; for the one test in which a process must see the damage."""

    async def run(statement: str) -> None:
        connection: Connection = await asyncpg.connect(**as_admin(damaged, main_database(damaged)))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    return run  # type: ignore[return-value]


async def test_a_zone_does_not_start_on_a_damaged_database(damaged: Settings, commits: Callable[[str], object]) -> None:
    await commits(f"grant select (number) on ipp.card to {P}_payment_records")  # type: ignore[misc]
    try:
        for zone in Zone:
            with pytest.raises(GrantsDiffer):
                await check_grants(zone, damaged)
        started = subprocess.run(
            [sys.executable, "-m", "ippgateway.app.cli", "zone", "site"],
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith(("IPPGATEWAY_", "PG"))},
                "IPPGATEWAY_DATA_DIR": str(damaged.data_dir), "IPPGATEWAY_PORT": str(damaged.port),
                "IPPGATEWAY_ROLE_PREFIX": PREFIX,
            },
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    finally:
        await commits(f"revoke select (number) on ipp.card from {P}_payment_records")  # type: ignore[misc]
    assert started.returncode == REFUSED
    assert started.stderr.strip() == (
        "the database differs from the declarations: "
        f"select on ipp.card.number to {P}_payment_records is granted but not declared"
    )
    assert started.stdout == ""


async def test_an_administrator_that_is_no_superuser_gets_the_same_borders(
    installation: Settings, tmp_path: Path
) -> None:
    """As on a server of somebody else's: a login that may make roles and databases, and no more."""
    connection = await asyncpg.connect(**as_admin(installation))
    await connection.execute("create role elsewhere login createrole createdb password 'not.secret'")
    await connection.execute("grant connect on database postgres to elsewhere")
    await connection.close()
    url = Secret(f"postgresql://elsewhere:not.secret@/postgres?host={installation.postgres_socket_dir}")
    settings = dataclasses.replace(
        installation, role_prefix="elsewhere", sandbox=False, data_dir=tmp_path, database_url=url, keys_database_url=url
    )
    settings.secrets_dir.mkdir(mode=0o700)
    for _ in ("the first start", "the second"):
        await setup(settings)
        for zone in Zone:
            await check_grants(zone, settings)


@pytest.mark.parametrize("of", [MAIN, KEYS], ids=["main", "keys"])
async def test_migrations_make_what_the_models_say(of: MetaData, damaged: Settings) -> None:
    assert await migrate.drift(damaged, of) == []
