"""Somebody took over a zone's process and sends SQL with its login role: functions do what they are for."""

import asyncpg
import pytest

from ippgateway.app.database.access import keys_database, main_database
from ippgateway.app.settings import Settings
from ippgateway.privacy.catalogue import (
    ACCOUNT,
    AUDIT_REVIEW,
    DISCLOSURE,
    HAND_OVER,
    NOTIFY,
    OWN_DATA,
    PAYMENT,
    PAYMENT_RECORDS,
    PAYMENT_RECOVERY,
    STAFF_ACCOUNT,
)
from ippgateway.privacy.catalogue import MAIL as MAIL_PURPOSE
from ippgateway.privacy.declare import KEYS
from ippgateway.privacy.zones import RIGHTS, Zone

from .attacks import ZONES, answers, become
from .conftest import Login
from .shops import HOLDER, MAIL, NUMBER, Shop

# --- our own functions ---


@ZONES
async def test_functions_are_called_by_their_purposes_only(zone: Zone, login: Login, installation: Settings) -> None:
    calls = {
        "select ipp.audit_append('x', 'x', 'x')": {ACCOUNT, AUDIT_REVIEW, STAFF_ACCOUNT, DISCLOSURE, HAND_OVER},
        "select ipp.defer('x', 'x', 'x', now())": {
            PAYMENT,
            PAYMENT_RECOVERY,
            NOTIFY,
            ACCOUNT,
            STAFF_ACCOUNT,
            OWN_DATA,
            MAIL_PURPOSE,
            HAND_OVER,
        },
        "select nextval('ipp.stan')": {PAYMENT, PAYMENT_RECOVERY},
    }
    connection = await login(zone)
    for call in calls:
        assert not await answers(connection, call)
    for purpose in RIGHTS[zone].purposes - {ACCOUNT}:
        await become(connection, installation, purpose)
        for call, callers in calls.items():
            if purpose not in callers:
                assert not await answers(connection, call)
    await connection.execute("reset role")
    assert not await answers(connection, "select ipp.ledger_balanced()")


@pytest.mark.parametrize(
    ("actor", "act", "thing", "error"),
    [
        ("setup", "keys.destroyed", "x", asyncpg.InsufficientPrivilegeError),
        ("operator", "keys.destroyed", "x", asyncpg.InsufficientPrivilegeError),
        ("pay/x", "act", "x", asyncpg.InsufficientPrivilegeError),
        ("console2", "act", "x", asyncpg.InsufficientPrivilegeError),
        (None, "act", "x", asyncpg.InsufficientPrivilegeError),
        ("console", None, "x", asyncpg.InvalidParameterValueError),
        ("console", "act", None, asyncpg.InvalidParameterValueError),
        ("console/" + HOLDER, "act", "x", asyncpg.InvalidParameterValueError),
        ("console", "act", MAIL, asyncpg.InvalidParameterValueError),
        ("console", "act\x1fx", "x", asyncpg.InvalidParameterValueError),
        ("console", "act", "x\n", asyncpg.InvalidParameterValueError),
        ("console/" + "x" * 40, "act", "x", asyncpg.InvalidParameterValueError),
    ],
)
async def test_the_trail_takes_neither_anothers_acts_nor_text(
    actor: str | None, act: str | None, thing: str | None, error: type[Exception], login: Login, installation: Settings
) -> None:
    connection = await login(Zone.CONSOLE)
    await become(connection, installation, ACCOUNT)
    with pytest.raises(error) as refused:
        await connection.execute("select ipp.audit_append($1, $2, $3)", actor, act, thing)
    assert HOLDER not in str(refused.value)
    assert MAIL not in str(refused.value)


async def test_a_hostile_search_path_changes_nothing(login: Login, installation: Settings) -> None:
    connection = await login(Zone.CONSOLE)
    await become(connection, installation, ACCOUNT)
    async with connection.transaction():
        await connection.execute("set local search_path = pg_temp, public, ipp, pg_catalog")
        await connection.execute("select ipp.audit_append('console', 'test.hostile', 'x')")


async def test_nobody_can_keep_the_trail_from_being_written(login: Login, installation: Settings) -> None:
    hostile, honest = await login(Zone.SITE), await login(Zone.CONSOLE)
    await hostile.execute("select pg_advisory_lock(n) from generate_series(1, 9000) n")
    await become(honest, installation, ACCOUNT)
    await honest.execute("set lock_timeout = '2s'; select ipp.audit_append('console', 'test.locked', 'x')")


@pytest.mark.parametrize("job", ["notifications.deliver'; drop table ipp.card; --", "notifications.delive", "", None])
async def test_no_job_is_made_but_those_there_are(job: str | None, login: Login, installation: Settings) -> None:
    connection = await login(Zone.PAY)
    await become(connection, installation, PAYMENT)
    with pytest.raises(asyncpg.InvalidParameterValueError):
        await connection.execute("select ipp.defer($1, 'Abcd-Abcd-Abcd', 'Abcd-Abcd-Abcd', now())", job)


@pytest.mark.parametrize("argument", [NUMBER, MAIL, "Abcd-Abcd-Abcd\n", "Abcd-Abcd-Abcdx", None, "Æbcd-Abcd-Abcd"])
async def test_no_text_travels_in_a_job(argument: str | None, login: Login, installation: Settings) -> None:
    connection = await login(Zone.PAY)
    await become(connection, installation, PAYMENT)
    for arguments in ((argument, "Abcd-Abcd-Abcd"), ("Abcd-Abcd-Abcd", argument)):
        with pytest.raises(asyncpg.InvalidParameterValueError):
            await connection.execute("select ipp.defer('notifications.deliver', $1, $2, now())", *arguments)


async def test_the_worker_neither_makes_nor_alters_jobs(login: Login) -> None:
    connection = await login(Zone.WORKER)
    tried = (
        "insert into jobs.pgqueuer (priority, entrypoint, status) values (0, 'x', 'queued')",
        "update jobs.pgqueuer set payload = null",
        "update jobs.pgqueuer set entrypoint = 'x'",
        "select jobs.fn_pgqueuer_changed()",
        "alter table jobs.pgqueuer enable trigger all",
    )
    assert [s for s in tried if await answers(connection, s)] == []
    for zone in set(Zone) - {Zone.WORKER}:
        assert not await answers(await login(zone), "select payload from jobs.pgqueuer")


async def test_each_zone_keeps_to_its_own_databases(
    login: Login, installation: Settings, shops: tuple[Shop, Shop]
) -> None:
    del shops
    records = await login(Zone.CONSOLE)
    await become(records, installation, PAYMENT_RECORDS)
    assert not await answers(records, "select number from ipp.card")
    keys = await login(Zone.CONSOLE, KEYS)
    assert (
        await keys.fetchval("select current_database()") == keys_database(installation) != main_database(installation)
    )
    for purpose in RIGHTS[Zone.CONSOLE].purposes:
        await become(keys, installation, purpose)
        assert not await answers(keys, "select wrapped from ipp.vault_key")
