"""Staff and everybody else are apart: whoever takes one process over can't reach the other's people."""

import asyncpg
import pytest

from ippgateway.app.settings import Settings
from ippgateway.core.database import TENANTS_SETTING
from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE, STAFF_ACCOUNT
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import PLATFORM, Zone

from .attacks import become
from .conftest import Login
from .shops import Shop

DOORS = (
    "app_user", "credential", "sign_in_session", "second_factor", "recovery_code", "known_device", "sign_in_event",
    "ticket",
)  # fmt: skip


@pytest.mark.parametrize("purpose", [AUTHENTICATE, ACCOUNT], ids=lambda p: p.key)
async def test_a_console_process_sees_no_staff_member(purpose: Purpose, login: Login, installation: Settings) -> None:
    connection = await login(Zone.CONSOLE)
    await become(connection, installation, purpose)
    await connection.execute(f"set {TENANTS_SETTING} = '{{{PLATFORM}}}'")
    assert await connection.fetchval("select count(*) from ipp.app_user where audience = 'staff'") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(
            "insert into ipp.sign_in_session (tenant_id, id, user_id, audience, moves_money, digest, created_at, "
            "seen_at) values ($1, 'Abcd-Abcd-Abcd', 'Abcd-Abcd-Abcd', 'staff', true, 'x', now(), now())", PLATFORM,
        )  # fmt: skip


async def test_the_desk_sees_staff_and_nobody_else(
    login: Login, installation: Settings, shops: tuple[Shop, Shop]
) -> None:
    connection = await login(Zone.DESK)
    await become(connection, installation, STAFF_ACCOUNT)
    for named in (PLATFORM, shops[0].company_id, f"{PLATFORM},{shops[0].company_id}"):
        await connection.execute(f"set {TENANTS_SETTING} = '{{{named}}}'")
        for table in DOORS:
            assert await connection.fetchval(f"select count(*) from ipp.{table} where tenant_id <> $1", PLATFORM) == 0
    await connection.execute(f"set {TENANTS_SETTING} = '{{{PLATFORM}}}'")
    assert await connection.fetchval("select count(*) from ipp.app_user") > 0
