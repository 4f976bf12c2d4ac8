"""Somebody took over a zone's process and sends SQL with its login role: no way around is open."""

import contextlib

import asyncpg
import pytest

from ippgateway.app.database.access import as_zone
from ippgateway.app.settings import Settings
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.declare import MAIN
from ippgateway.privacy.grants import differences
from ippgateway.privacy.zones import RIGHTS, Zone, purpose_role

from .attacks import (
    MEMBERS,
    ZONES,
    become,
)
from .conftest import Login
from .shops import HOLDER, MAIL, NUMBER, ORDER, Shop

# --- the ways around ---

ESCAPES = (
    "copy (select 1) to program 'id'",
    "copy (select 1) to '/tmp/ippgateway-attack'",
    "copy ipp.card to '/tmp/ippgateway-attack'",
    "copy ipp.card from program 'id'",
    "copy ipp.card from '/etc/passwd'",
    "select pg_read_file('/etc/passwd')",
    "select pg_read_binary_file('PG_VERSION')",
    "select pg_ls_dir('.')",
    "select pg_stat_file('PG_VERSION')",
    "select pg_read_server_files from (select pg_ls_waldir()) as t(pg_read_server_files)",
    "select lo_import('/etc/passwd')",
    "select lo_export(1, '/tmp/ippgateway-attack')",
    "select lo_from_bytea(0, 'x')",
    "select lo_create(0)",
    "select lo_creat(-1)",
    "select count(*) from pg_largeobject",
    "select rolpassword from pg_authid",
    "select passwd from pg_shadow",
    "select count(*) from pg_statistic",
    "select count(*) from pg_statistic_ext_data",
    "select umoptions from pg_user_mapping",
    "select subconninfo from pg_subscription",
    "select * from pg_hba_file_rules()",
    "select * from pg_show_all_file_settings()",
    "select pg_current_logfile()",
    "show data_directory",
    "select pg_reload_conf()",
    "select pg_switch_wal()",
    "select pg_create_physical_replication_slot('x')",
    "select pg_create_logical_replication_slot('x', 'pgoutput')",
    "select pg_stat_reset()",
    "select pg_promote()",
    "create temp table x (a int)",
    "create temp view x as select 1",
    "create table public.x (a int)",
    "create table ipp.x (a int)",
    "create table jobs.x (a int)",
    "create view ipp.x as select 1",
    "create view public.x as select number from ipp.card",
    "create materialized view ipp.x as select 1",
    "create function public.x() returns int language sql as 'select 1'",
    "create function ipp.x() returns int language sql security definer as 'select 1'",
    "create function pg_catalog.x() returns int language sql as 'select 1'",
    "create function pg_temp.x() returns int language sql as 'select 1'",
    "create operator public.||| (leftarg = int, rightarg = int, function = int4pl)",
    "create operator ipp.||| (leftarg = int, rightarg = int, function = int4pl)",
    "create type ipp.x as (a int)",
    "create domain ipp.x as int",
    "create aggregate ipp.x (int) (sfunc = int4pl, stype = int)",
    "create schema x",
    "create extension dblink",
    "create extension file_fdw",
    "create language plpython3u",
    "create foreign data wrapper x",
    "create publication x for table ipp.card",
    "create subscription x connection '' publication x",
    "create event trigger x on ddl_command_end execute function ipp.ledger_balanced()",
    "create trigger x before insert on ipp.card execute function ipp.ledger_balanced()",
    "create rule x as on select to ipp.card do instead select 1",
    "create policy x on ipp.card using (true)",
    "create index x on ipp.card (number)",
    "create statistics ipp.x on id, company_id from ipp.card",
    "create role x",
    "create database x",
    "alter table ipp.card disable row level security",
    "alter table ipp.card owner to current_user",
    "alter table ipp.ledger_line disable trigger all",
    "alter policy payment on ipp.card using (true)",
    "drop policy payment on ipp.card",
    "drop table ipp.card",
    "drop function ipp.audit_append(text, text, text)",
    "alter function ipp.audit_append(text, text, text) security invoker",
    "alter function ipp.audit_append(text, text, text) set search_path = public",
    "reassign owned by current_user to postgres",
    "alter role current_user superuser",
    "alter role current_user bypassrls",
    "alter role current_user inherit",
    "alter system set log_statement = 'all'",
    "set session_replication_role = replica",
    "set log_statement = 'all'",
    "load 'auto_explain'",
    "lock table ipp.audit_entry in access exclusive mode",
    "lock table ipp.card in access exclusive mode",
    "comment on table ipp.card is 'x'",
    "vacuum full pg_authid",
    "select currtid2('ipp.card', '(0,1)')",
    "select setval('ipp.stan', 1)",
    "alter sequence ipp.stan restart",
    "drop owned by postgres",
)
"""None of these may do anything for anybody who is not the owner, whatever purpose they took."""

GRANTING_NOTHING = (
    "grant all on schema ipp to public",
    "grant select on ipp.card to public",
    "grant select (number) on ipp.card to public",
    "grant all on function ipp.audit_append(text, text, text) to public",
    "alter default privileges grant all on tables to public",
    "set row_security = off",
)
"""Answered with a warning, or about what the role will never own."""

_REFUSED = (
    asyncpg.InsufficientPrivilegeError,
    asyncpg.UndefinedTableError,  # as COPY's way of saying that row security stands before the table
    asyncpg.FeatureNotSupportedError,  # COPY FROM with row security; an extension that is not there
    asyncpg.UndefinedFileError,
    asyncpg.UndefinedFunctionError,
    asyncpg.InvalidSchemaNameError,
    asyncpg.ObjectNotInPrerequisiteStateError,  # no logical decoding, no standby
)


@ZONES
async def test_no_way_around_is_open(zone: Zone, login: Login, installation: Settings) -> None:
    connection = await login(zone)
    answered = []
    for role in ["none", *(purpose_role(installation.role_prefix, p) for p in RIGHTS[zone].purposes)]:
        for statement in ESCAPES:
            attempt = connection.transaction()
            await attempt.start()
            try:
                await connection.execute(f"set local role {role}")
                await connection.execute(statement)
            except _REFUSED:
                continue
            except asyncpg.ActiveSQLTransactionError:
                assert statement.startswith(("vacuum", "create database", "alter system", "create subscription"))
                continue
            else:
                answered.append((role, statement))
            finally:
                await attempt.rollback()
    assert answered == []


@ZONES
async def test_what_the_server_lets_anybody_say_changes_nothing(
    zone: Zone, login: Login, installation: Settings
) -> None:
    connection = await login(zone)
    attempt = connection.transaction()
    await attempt.start()
    for role in ["none", *(purpose_role(installation.role_prefix, p) for p in RIGHTS[zone].purposes)]:
        await connection.execute(f"set local role {role}")
        for statement in GRANTING_NOTHING:
            with contextlib.suppress(asyncpg.InsufficientPrivilegeError):
                async with connection.transaction():
                    await connection.execute(statement)
    await connection.execute("set local role none")
    assert await differences(connection, MAIN, installation.role_prefix) == []
    await attempt.rollback()


async def test_the_other_databases_of_the_server_are_closed(installation: Settings) -> None:
    for zone in Zone:
        for name in ("postgres", "template1"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asyncpg.connect(**as_zone(installation, zone, name))


@pytest.mark.usefixtures("shops")
@ZONES
async def test_the_catalogues_show_nothing_of_what_others_ask_or_of_what_is_stored(zone: Zone, login: Login) -> None:
    connection = await login(zone)
    asked = await connection.fetch("select query from pg_stat_activity where usename <> current_user")
    assert {row["query"] for row in asked} <= {"<insufficient privilege>", "", None}
    for view in ("pg_stats", "pg_stats_ext", "pg_stats_ext_exprs"):
        assert await connection.fetchval(f"select count(*) from {view} where schemaname = 'ipp'") == 0
    mostly = await connection.fetchval("select count(*) from pg_prepared_xacts") + await connection.fetchval(
        "select count(*) from pg_largeobject_metadata"
    )
    assert mostly == 0


@pytest.mark.usefixtures("shops")
async def test_statistics_show_nothing_to_a_purpose(login: Login, installation: Settings, owner: Login) -> None:
    await (await owner()).execute("analyze ipp.card; analyze ipp.payment")
    for zone, purpose in MEMBERS:
        connection = await login(zone)
        await become(connection, installation, purpose)
        assert await connection.fetchval("select count(*) from pg_stats where schemaname = 'ipp'") == 0


async def test_no_error_quotes_what_is_stored(login: Login, installation: Settings, shops: tuple[Shop, Shop]) -> None:
    own, other = shops
    connection = await login(Zone.PAY)
    await become(connection, installation, PAYMENT, f"{{{own.company_id}}}")
    card = f"'{own.company_id}', id, '{other.checkout_id}', person_id, 1, now(), number, fingerprint, first6, last4, 16"
    names = (
        "company_id, id, checkout_id, person_id, number_key, created_at, number, fingerprint, first6, last4, "
        "length, brand, expiry_month, expiry_year"
    )
    payer = "company_id, person_id, created_at, email_code, email, name"
    tried = (
        "select number::text::int from ipp.card",
        "select convert_from(number, 'UTF8') from ipp.card",
        "select currency::int from ipp.payment where company_id <> '' or true",
        f"insert into ipp.card ({names}) select {card}, brand, 12, 2031 from ipp.card",
        f"insert into ipp.card ({names}) select {card}, null, 12, 2031 from ipp.card",
        f"insert into ipp.card ({names}) select {card}, repeat(brand, 9), 12, 2031 from ipp.card",
        f"insert into ipp.payer ({payer}) select company_id, 'x', now(), email_code, email, name from ipp.payer",
        "update ipp.payment set state = 'X'",
        "update ipp.payment set state = 'SENT', state_at = null",
    )
    for statement in tried:
        with pytest.raises(asyncpg.PostgresError) as refused:
            await connection.execute(statement)
        said = " ".join(str(v) for v in refused.value.as_dict().values() if v is not None)
        clear = (NUMBER, NUMBER[:6], MAIL, HOLDER, ORDER, *vars(other).values(), "Failing row")
        assert not [secret for secret in clear if secret in said], statement
