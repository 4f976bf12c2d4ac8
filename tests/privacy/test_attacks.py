"""Somebody took over a zone's process and sends SQL with its login role: it reads and changes what its purposes may."""

import pytest
from sqlalchemy import MetaData

from ippgateway.app.settings import Settings
from ippgateway.privacy.catalogue import AUTHENTICATE, PAYMENT
from ippgateway.privacy.declare import KEYS, MAIN, declared
from ippgateway.privacy.registry import tables
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import PURPOSES, RIGHTS, Zone, purpose_role, zone_role

from .attacks import COLUMN_FORMS, DATABASES, MEMBERSHIPS, ROW_FORMS, ZONES, answers, become, columns, copies, may_read
from .conftest import Login
from .readers import ACROSS_TENANTS, LOOKED_UP, NEVER_CHANGED, READERS, WITHOUT_TENANT

# --- the declarations against what is written by hand ---


def test_the_declarations_give_what_matters_to_nobody_else() -> None:
    declared_readers = {
        f"{table.name}.{column}": frozenset(p for p in PURPOSES if column in may_read(table, p))
        for of in (MAIN, KEYS)
        for table, column in columns(of)
    }
    assert {name: declared_readers[name] for name in READERS} == READERS


def test_only_these_tables_are_seen_beyond_the_tenants_that_were_named() -> None:
    everything = [t for of in (MAIN, KEYS) for t in tables(of)]
    beyond = {
        t.name: frozenset(a.purpose for a in declared(t).access if a.across_tenants)
        for t in everything
        if declared(t).tenant is not None
    }
    assert {name: purposes for name, purposes in beyond.items() if purposes} == ACROSS_TENANTS
    assert {t.name for t in everything if declared(t).tenant is None} == WITHOUT_TENANT
    assert {name: may_read(MAIN.tables[f"ipp.{name}"], AUTHENTICATE) for name in LOOKED_UP} == LOOKED_UP


def test_only_the_payment_zone_can_become_what_reads_card_numbers() -> None:
    assert {z for z, rights in RIGHTS.items() if rights.purposes & READERS["card.number"]} == {Zone.PAY}
    assert {z for z, rights in RIGHTS.items() if rights.vault} == {Zone.PAY}


# --- reading ---


@pytest.mark.usefixtures("shops")
@DATABASES
@ZONES
async def test_a_login_without_a_purpose_reads_and_changes_nothing(zone: Zone, of: MetaData, login: Login) -> None:
    connection = await login(zone, of)
    statements = [f"select count(*) from ipp.{t.name}" for t in tables(of)]
    statements += [f"select {c} from ipp.{t.name}" for t, c in columns(of)]
    statements += [f"delete from ipp.{t.name} where false" for t in tables(of)]
    statements += [f"update ipp.{t.name} set {c} = default where false" for t, c in columns(of)]
    statements += [f"insert into ipp.{t.name} default values" for t in tables(of)]
    assert [s for s in statements if await answers(connection, s)] == []


@DATABASES
@ZONES
async def test_no_zone_becomes_what_is_not_its_own(
    zone: Zone, of: MetaData, login: Login, installation: Settings
) -> None:
    connection = await login(zone, of)
    prefix = installation.role_prefix
    others = [purpose_role(prefix, p) for p in PURPOSES if p not in RIGHTS[zone].purposes]
    others += [zone_role(prefix, z) for z in Zone if z is not zone]
    others += [
        f"{prefix}_owner",
        "postgres",
        "pg_read_all_data",
        "pg_write_all_data",
        "pg_monitor",
        "pg_database_owner",
    ]
    ways = (
        "set role {r}",
        "set local role {r}",
        "set session authorization {r}",
        "select set_config('role', '{r}', false)",
    )
    tried = [way.format(r=role) for role in others for way in ways]
    tried += [f"select set_config('session_authorization', '{role}', false)" for role in others]
    tried += [f"grant {role} to {zone_role(prefix, zone)}" for role in others]
    assert [s for s in tried if await answers(connection, s)] == []
    assert await connection.fetchval("select current_user") == zone_role(prefix, zone)


@MEMBERSHIPS
async def test_giving_a_purpose_back_leaves_the_login_that_reads_nothing(
    zone: Zone, purpose: Purpose, login: Login, installation: Settings
) -> None:
    connection = await login(zone)
    for back in ("reset role", "set role none", "reset session authorization", "discard all", "reset all"):
        await become(connection, installation, purpose)
        await connection.execute(back)
        if back != "reset all":  # which leaves the role alone
            assert not await answers(connection, "select id from ipp.payment")
    others = [purpose_role(installation.role_prefix, p) for p in PURPOSES if p not in RIGHTS[zone].purposes]
    assert not [r for r in others if await answers(connection, f"reset role; set role {r}")]


@pytest.mark.usefixtures("shops")
@DATABASES
@MEMBERSHIPS
async def test_a_purpose_reads_the_columns_declared_for_it_and_no_other(
    zone: Zone, purpose: Purpose, of: MetaData, login: Login, installation: Settings
) -> None:
    connection = await login(zone, of)
    await become(connection, installation, purpose)
    reads = {(t.name, c) for t, c in columns(of) if await answers(connection, f"select {c} from ipp.{t.name}")}
    assert reads == {(t.name, c) for t, c in columns(of) if c in may_read(t, purpose)}
    for name, readers in READERS.items():
        place = tuple(name.split("."))
        assert place not in reads or purpose in readers


@pytest.mark.usefixtures("shops")
@DATABASES
@MEMBERSHIPS
async def test_no_form_of_words_gets_a_refused_column(
    zone: Zone, purpose: Purpose, of: MetaData, login: Login, installation: Settings
) -> None:
    connection = await login(zone, of)
    await become(connection, installation, purpose)
    refused = [(t.name, c) for t, c in columns(of) if f"{t.name}.{c}" in READERS and c not in may_read(t, purpose)]
    forms = [form.format(t=t, c=c) for t, c in refused for form in COLUMN_FORMS]
    assert [s for s in forms if await answers(connection, s)] == []
    assert [(t, c) for t, c in refused if await copies(connection, t, [c])] == []
    assert [(t, c) for t, c in refused if await copies(connection, f"select x.{c} from ipp.{t} x")] == []


async def test_the_same_words_get_a_column_that_is_not_refused(login: Login, installation: Settings) -> None:
    """Else the tests around this one might be refused for being nonsense."""
    connection = await login(Zone.PAY)
    await become(connection, installation, PAYMENT)
    forms = [form.format(t="card", c="number") for form in COLUMN_FORMS]
    # A purpose may look at an own row and lock it only where it may change it, and makes no table at all.
    silent = [s for s in forms if not await answers(connection, s)]
    assert [s.partition(" ipp.")[0] for s in silent if "xml" not in s] == ["create temp table k as select number from"]
    assert await copies(connection, "card", ["number"])
    assert [
        s for form in ROW_FORMS if not await answers(connection, s := form.format(t="card")) and "xml" not in s
    ] == []


@pytest.mark.usefixtures("shops")
@DATABASES
@MEMBERSHIPS
async def test_no_whole_row_is_had_of_a_table_with_a_refused_column(
    zone: Zone, purpose: Purpose, of: MetaData, login: Login, installation: Settings
) -> None:
    connection = await login(zone, of)
    await become(connection, installation, purpose)
    partly = [t.name for t in tables(of) if may_read(t, purpose) != {c.name for c in t.c}]
    forms = [form.format(t=t) for t in partly for form in ROW_FORMS]
    assert [s for s in forms if await answers(connection, s)] == []
    assert [t for t in partly if await copies(connection, t)] == []


# --- changing ---


@DATABASES
@MEMBERSHIPS
async def test_a_purpose_changes_what_is_declared_for_it_and_no_more(
    zone: Zone, purpose: Purpose, of: MetaData, login: Login, installation: Settings
) -> None:
    connection = await login(zone, of)
    await become(connection, installation, purpose)
    for table in tables(of):
        access = declared(table).access_of(purpose)
        may = {"insert": bool(access and access.insert), "delete": bool(access and access.delete)}
        first = next(iter(table.c)).name
        does = {
            "insert": await answers(connection, f"insert into ipp.{table.name} ({first}) select null where false"),
            "delete": await answers(connection, f"delete from ipp.{table.name} where false"),
        }
        assert does == may, table.name
        changed = {
            c.name
            for c in table.c
            if await answers(connection, f"update ipp.{table.name} set {c.name} = default where false")
        }
        assert changed == set(access.update if access else ()), table.name
        assert not (table.name in NEVER_CHANGED and (changed or does["delete"]))
        assert not await answers(connection, f"truncate ipp.{table.name}")


@pytest.mark.usefixtures("shops")
@MEMBERSHIPS
async def test_returning_gives_no_refused_column(
    zone: Zone, purpose: Purpose, login: Login, installation: Settings
) -> None:
    connection = await login(zone)
    await become(connection, installation, purpose)
    tried = []
    for table in tables(MAIN):
        access, first = declared(table).access_of(purpose), next(iter(table.c)).name
        for column in {c.name for c in table.c} - may_read(table, purpose):
            if access and access.insert:
                into = f"insert into ipp.{table.name} ({first}) select null where false"
                tried += [f"{into} returning {column}", f"{into} on conflict do nothing returning {column}::text"]
            if access and access.update:
                change = f"update ipp.{table.name} set {access.update[0]} = default"
                tried += [f"{change} where false returning {column}", f"{change} where {column} is null"]
            if access and access.delete:
                tried += [f"delete from ipp.{table.name} where false returning {column}"]
    assert [s for s in tried if await answers(connection, s)] == []
