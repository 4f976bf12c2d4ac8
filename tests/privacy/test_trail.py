"""The audit trail and the ledger: written once, never changed, and every change is noticed or refused."""

from collections.abc import AsyncIterator
from typing import TypeAlias

import asyncpg
import pytest

from ippgateway.app.database.access import as_owner, main_database
from ippgateway.app.settings import Settings
from ippgateway.domains.companies import service as companies
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import AUDIT_REVIEW, PAYMENT
from ippgateway.privacy.declare import MAIN, Access, declared
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.registry import tables
from ippgateway.privacy.zones import Zone

from .attacks import become
from .conftest import Login
from .shops import Shop, open_shop

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_TRAIL = (
    "select seq, (extract(epoch from at) * 1000000)::bigint as at_microseconds, actor, act, object, previous, hash "
    "from ipp.audit_entry order by seq"
)


@pytest.fixture
async def trail(installation: Settings) -> AsyncIterator[Owner]:
    """As the owner, in a transaction that is rolled back; no other entry is made meanwhile."""
    connection = await asyncpg.connect(**as_owner(installation, main_database(installation)))
    transaction = connection.transaction()
    await transaction.start()
    for number in range(5):
        await audit.record(connection, actor="setup", act="test.made", on=f"n{number}")
    yield connection
    await transaction.rollback()
    await connection.close()


async def test_the_trail_of_the_running_platform_holds(trail: Owner) -> None:
    rows = await trail.fetch(_TRAIL)
    assert audit.broken_at(rows) is None
    assert rows[0]["previous"] == audit.GENESIS
    assert [row["object"] for row in rows[-5:]] == [f"n{number}" for number in range(5)]


@pytest.mark.parametrize(
    "change",
    [
        "update ipp.audit_entry set actor = 'somebody' where seq = $1",
        "update ipp.audit_entry set act = 'test.other' where seq = $1",
        "update ipp.audit_entry set object = 'x' where seq = $1",
        "update ipp.audit_entry set at = at + interval '1 microsecond' where seq = $1",
        "update ipp.audit_entry set hash = sha256('x') where seq = $1",
        "update ipp.audit_entry set previous = sha256('x') where seq = $1",
        "delete from ipp.audit_entry where seq = $1",
        "update ipp.audit_entry set actor = act, act = actor where seq = $1",
    ],
)
async def test_a_changed_entry_is_found_at_its_place(change: str, trail: Owner) -> None:
    rows = await trail.fetch(_TRAIL)
    seq = rows[-3]["seq"]
    await trail.execute(change, seq)
    broken = audit.broken_at(await trail.fetch(_TRAIL))
    assert broken == (seq + 1 if change.startswith("delete") else seq)


async def test_entries_put_in_anothers_place_are_found(trail: Owner) -> None:
    seq = (await trail.fetch(_TRAIL))[-3]["seq"]
    await trail.execute("delete from ipp.audit_entry where seq = $1", seq)
    await trail.execute("update ipp.audit_entry set seq = seq - 1 where seq > $1", seq)
    assert audit.broken_at(await trail.fetch(_TRAIL)) == seq


async def test_a_use_case_leaves_its_entry(console: Platform, owner: Login) -> None:
    company_id = await open_shop(console)
    await companies.replace_keys(console, company_id=company_id, key1=console.ids.letters(42), key2=None, by=company_id)
    entry = await (await owner()).fetchrow("select actor, act from ipp.audit_entry where object = $1", company_id)
    assert entry is not None
    assert (entry["actor"], entry["act"]) == (f"console/{company_id}", "company.keys_replaced")


def test_one_purpose_reads_the_trail_and_none_changes_it_or_the_ledger() -> None:
    named = {table.name: declared(table) for table in tables(MAIN)}
    assert named["audit_entry"].access == (Access(AUDIT_REVIEW),)
    assert not any(access.update or access.delete for access in named["ledger_line"].access)
    assert not any(access.update or access.delete for access in named["event"].access)


# --- the ledger ---

_NAMES = "company_id, entry_id, line, account, amount_minor, currency, action_id, at"


def lines(shop: Shop, *amounts: tuple[int, str], entry: str = "Test-Test-Test", first: int = 1) -> str:
    return f"insert into ipp.ledger_line ({_NAMES}) values " + ", ".join(
        f"('{shop.company_id}', '{entry}', {number}, 'a{number}', {amount}, '{currency}', '{shop.action_id}', now())"
        for number, (amount, currency) in enumerate(amounts, first)
    )


@pytest.fixture
async def payment(login: Login, installation: Settings, shops: tuple[Shop, Shop]) -> AsyncIterator[tuple[Owner, Shop]]:
    connection = await login(Zone.PAY)
    transaction = connection.transaction()
    await transaction.start()
    await become(connection, installation, PAYMENT, f"{{{shops[0].company_id}}}")
    yield connection, shops[0]
    await transaction.rollback()


@pytest.mark.parametrize(
    "amounts",
    [
        [(100, "DKK")],
        [(100, "DKK"), (-99, "DKK")],
        [(100, "DKK"), (-100, "EUR")],
        [(100, "DKK"), (-100, "DKK"), (1, "EUR")],
        [(9223372036854775807, "DKK"), (9223372036854775807, "DKK"), (2, "DKK")],
    ],
)
async def test_an_entry_that_does_not_balance_is_refused(
    amounts: list[tuple[int, str]], payment: tuple[Owner, Shop]
) -> None:
    connection, shop = payment
    with pytest.raises(asyncpg.CheckViolationError, match="does not balance"):
        await connection.execute(lines(shop, *amounts))


async def test_an_entry_can_t_be_unbalanced_in_parts(payment: tuple[Owner, Shop]) -> None:
    connection, shop = payment
    await connection.execute(lines(shop, (100, "DKK"), (-100, "DKK")))
    ways = (
        lines(shop, (50, "DKK"), first=3),
        # One of the two lines is there already and is left out: what remains does not balance.
        lines(shop, (-7, "DKK"), (7, "DKK"), first=2) + " on conflict do nothing",
        f"with x as ({lines(shop, (50, 'DKK'), first=3)} returning 1) select 1 from x",
        lines(shop, (0, "DKK"), first=3),
    )
    for way in ways:
        with pytest.raises(asyncpg.CheckViolationError):
            async with connection.transaction():
                await connection.execute(way)
    for change in ("update ipp.ledger_line set amount_minor = 1", "delete from ipp.ledger_line"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with connection.transaction():
                await connection.execute(change)


async def test_the_running_platform_s_ledger_balances(owner: Login, shops: tuple[Shop, Shop]) -> None:
    connection = await owner()
    odd = await connection.fetch(
        "select company_id, entry_id, currency from ipp.ledger_line group by 1, 2, 3 having sum(amount_minor) <> 0"
    )
    assert odd == []
    posted = "select count(*) from ipp.ledger_line where company_id = any($1::text[])"
    assert await connection.fetchval(posted, [s.company_id for s in shops]) >= 4
