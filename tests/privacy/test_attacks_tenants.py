"""Somebody took over a zone and sends SQL with its login role: rows of tenants it did not name do not exist."""

import contextlib

import asyncpg
import pytest
from sqlalchemy import MetaData

from ippgateway.app.settings import Settings
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.declare import MAIN, declared
from ippgateway.privacy.registry import tables
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import Zone

from .attacks import (
    DATABASES,
    MEMBERSHIPS,
    become,
    may_read,
)
from .conftest import Connection, Login
from .readers import ACROSS_TENANTS
from .shops import Shop

# --- another tenant ---


@DATABASES
@MEMBERSHIPS
async def test_rows_of_another_tenant_do_not_exist(
    zone: Zone, purpose: Purpose, of: MetaData, login: Login, installation: Settings, shops: tuple[Shop, Shop]
) -> None:
    own, other = shops
    connection = await login(zone, of)
    for table in tables(of):
        tenant = declared(table).tenant
        if tenant is None or tenant not in may_read(table, purpose) or purpose in ACROSS_TENANTS.get(table.name, ()):
            continue
        own_rows = f"select count(*) from ipp.{table.name} where {tenant} = '{own.company_id}'"
        foreign = (
            f"select count(*) from ipp.{table.name} where {tenant} = '{other.company_id}'",
            f"select count(*) from ipp.{table.name} where {tenant} <> '{own.company_id}'",
            f"select count(*) from ipp.{table.name} where true or {tenant} = '' having max({tenant}) <> min({tenant})",
            f"select count(*) from ipp.{table.name} a join ipp.{table.name} b on a.{tenant} <> b.{tenant}",
            # A condition that would fail on a foreign row is never computed for one.
            f"select count(*) from ipp.{table.name} where 1 / ({tenant} = '{own.company_id}')::int is null",
        )
        await become(connection, installation, purpose, f"{{{own.company_id}}}")
        assert [q for q in foreign if await connection.fetchval(q)] == []
        for nobody in ("{}", "", "{NULL}", "{%}", "{_}", '{""}'):
            await become(connection, installation, purpose, nobody)
            assert not await connection.fetchval(own_rows), (table.name, nobody)
        await connection.execute("reset ipp.tenants")
        assert not await connection.fetchval(own_rows), table.name
        await become(connection, installation, purpose, "no list")
        with contextlib.suppress(asyncpg.DataError):  # where there is a row to ask it of
            assert not await connection.fetchval(own_rows), table.name


async def test_the_attacks_would_have_found_something(
    login: Login, installation: Settings, shops: tuple[Shop, Shop]
) -> None:
    connection = await login(Zone.PAY)
    await become(connection, installation, PAYMENT, f"{{{shops[0].company_id}}}")
    assert await connection.fetchval("select count(number) from ipp.card") >= 1
    assert await connection.fetchval("select count(*) from ipp.payment") == 1
    await become(connection, installation, PAYMENT, f"{{{shops[0].company_id},{shops[1].company_id}}}")
    assert await connection.fetchval("select count(*) from ipp.payment") == 2


async def test_nothing_is_written_for_another_tenant(
    login: Login, installation: Settings, shops: tuple[Shop, Shop]
) -> None:
    own, other = shops
    connection = await login(Zone.PAY)
    await become(connection, installation, PAYMENT, f"{{{own.company_id}}}")
    event = "insert into ipp.event (company_id, id, kind, subject_id, at) values ('{}', '{}', 'x', 'x', now())"
    payer = (
        "insert into ipp.payer (company_id, person_id, created_at) values ('{}', '{}', now()) on conflict do nothing"
    )
    line = (
        "insert into ipp.ledger_line (company_id, entry_id, line, account, amount_minor, currency, action_id, at) "
        "values ('{0}', 'x', 1, 'a', 1, 'DKK', '{1}', now()), ('{0}', 'x', 2, 'b', -1, 'DKK', '{1}', now())"
    )
    for statement in (event, payer, line):
        # The same refusal for a row that is there and for one that is not: nothing is learnt from it.
        told = [await _refusal(connection, statement.format(other.company_id, x)) for x in (other.person_id, "x")]
        assert told[0] == told[1]
        assert told[0].startswith("new row violates row-level security policy")
    for table in ("payment", "checkout", "payment_action"):
        changes = {"payment": "state_at = now()", "checkout": "declines = 9", "payment_action": "reason = 'x'"}[table]
        touched = f"update ipp.{table} set {changes} where company_id = '{other.company_id}'"
        assert await connection.execute(touched) == "UPDATE 0"


async def test_a_foreign_key_tells_nothing_of_another_tenant(
    login: Login, installation: Settings, shops: tuple[Shop, Shop]
) -> None:
    own, other = shops
    connection = await login(Zone.PAY)
    await become(connection, installation, PAYMENT, f"{{{own.company_id}}}")
    statement = (
        "insert into ipp.checkout (company_id, id, person_id, amount_text, amount_hundredths, currency, "
        "transaction_type, test, store_card, authenticated, declines, created_at, expires_at, digest, "
        "cryptogram_digest) "
        "values ('{}', 'x', '{}', '1', 1, 'DKK', 'ECOM', true, false, false, 0, now(), now(), '', '')"
    )
    told = {
        await _refusal(connection, statement.format(own.company_id, x)) for x in (other.person_id, "Zzzz-Zzzz-Zzzz")
    }
    assert len(told) == 1
    assert "foreign key" in told.pop()


async def _refusal(connection: Connection, statement: str) -> str:
    with pytest.raises(asyncpg.PostgresError) as refused:
        await connection.execute(statement)
    return str(refused.value).partition("DETAIL")[0].strip()


@MEMBERSHIPS
async def test_a_plan_shows_no_value_of_another_tenant(
    zone: Zone, purpose: Purpose, login: Login, installation: Settings, shops: tuple[Shop, Shop]
) -> None:
    own, other = shops
    connection = await login(zone)
    await become(connection, installation, purpose, f"{{{own.company_id}}}")
    for table in tables(MAIN):
        plain = sorted(may_read(table, purpose))
        if plain and declared(table).tenant and purpose not in ACROSS_TENANTS.get(table.name, ()):
            plan = await connection.fetch(f"explain (analyze, verbose) select {', '.join(plain)} from ipp.{table.name}")
            text = "\n".join(row[0] for row in plan)
            assert not [v for v in vars(other).values() if v in text]
