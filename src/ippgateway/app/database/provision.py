"""Roles and databases: made once, put right at every start."""

import asyncpg

from ippgateway.app.database.access import (
    as_admin,
    ensure_password,
    keys_database,
    main_database,
    server_of,
)
from ippgateway.app.local.cluster import Server
from ippgateway.app.local.postgres import servers
from ippgateway.app.settings import Settings
from ippgateway.core.ids import Ids
from ippgateway.privacy.zones import PURPOSES, RIGHTS, ZONE_SETTINGS, Zone, owner_role, purpose_role, zone_role

_OLDEST_MAJOR = 16
_MAKING_LARGE_OBJECTS = "lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea)"


class ServerTooOld(RuntimeError):
    """PostgreSQL 16 or newer is needed: earlier ones can't grant membership without inheritance."""


async def provision(settings: Settings, ids: Ids) -> None:
    """Make the roles, memberships and both databases, or put them right. Raises ServerTooOld."""
    for name in (main_database(settings), keys_database(settings)):
        await _provision(settings, ids, server_of(settings, name), name)


async def _provision(settings: Settings, ids: Ids, server: Server, name: str) -> None:
    connection = await asyncpg.connect(**as_admin(settings, server=server))
    try:
        if connection.get_server_version().major < _OLDEST_MAJOR:
            raise ServerTooOld(f"PostgreSQL {_OLDEST_MAJOR} or newer is needed")
        async with connection.transaction():
            await _roles(connection, settings, ids)
            await _memberships(connection, settings.role_prefix)
        await _database(connection, settings.role_prefix, name)
        if server in servers(settings):
            await _close_own_server(connection, settings, server, name)
    finally:
        await connection.close()


async def _roles(connection: "asyncpg.Connection[asyncpg.Record]", settings: Settings, ids: Ids) -> None:
    prefix = settings.role_prefix
    for purpose in PURPOSES:
        await _role(connection, purpose_role(prefix, purpose), "nologin")
    for role in (owner_role(prefix), *(zone_role(prefix, z) for z in Zone)):
        secret = ensure_password(settings, role, ids)
        await _role(connection, role, f"login noinherit password '{secret}'")
    for zone in Zone:
        # A login may change its own settings and password; both are put right here, before any zone starts.
        await connection.execute(f"alter role {zone_role(prefix, zone)} reset all")
        for name, value in ZONE_SETTINGS.items():
            await connection.execute(f"alter role {zone_role(prefix, zone)} set {name} = '{value}'")
    # An administrator that is no superuser must be able to give the databases to their owner.
    await connection.execute(f"grant {owner_role(prefix)} to current_user with set true, inherit false")


async def _role(connection: "asyncpg.Connection[asyncpg.Record]", role: str, rights: str) -> None:
    strong = await connection.fetchval(
        "select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls "
        "from pg_roles where rolname = $1", role,
    )  # fmt: skip
    # Only a superuser may say `nosuperuser` of a role that exists; of one that is plain already nobody has to.
    plain = "nosuperuser nocreatedb nocreaterole noreplication nobypassrls" if strong else ""
    await connection.execute(f"{'create' if strong is None else 'alter'} role {role} with {plain} {rights}")


async def _memberships(connection: "asyncpg.Connection[asyncpg.Record]", prefix: str) -> None:
    wanted = {(purpose_role(prefix, p), zone_role(prefix, z)) for z, rights in RIGHTS.items() for p in rights.purposes}
    rows = await connection.fetch(
        "select g.rolname as granted, m.rolname as member from pg_auth_members a "
        "join pg_roles g on g.oid = a.roleid join pg_roles m on m.oid = a.member where m.rolname = any($1::text[])",
        [*(zone_role(prefix, z) for z in Zone), *(purpose_role(prefix, p) for p in PURPOSES)],
    )
    for granted, member in {(r["granted"], r["member"]) for r in rows} - wanted:
        await connection.execute(f"revoke {granted} from {member}")
    for granted, member in sorted(wanted):
        await connection.execute(f"grant {granted} to {member} with inherit false, set true, admin false")


async def _database(connection: "asyncpg.Connection[asyncpg.Record]", prefix: str, name: str) -> None:
    if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
        await connection.execute(
            f"create database {name} owner {owner_role(prefix)} template template0 encoding 'UTF8'"
        )
    async with connection.transaction():
        # As its owner: to an administrator that is no superuser the server would only say that nothing was revoked.
        await connection.execute(f"set local role {owner_role(prefix)}")
        await connection.execute(f"revoke all on database {name} from public")
        for zone in Zone:
            await connection.execute(f"grant connect on database {name} to {zone_role(prefix, zone)}")


async def _close_own_server(
    connection: "asyncpg.Connection[asyncpg.Record]", settings: Settings, server: Server, name: str
) -> None:
    """Take back what PostgreSQL gives to everybody: its other databases, and storing large objects in ours.

    On a server that is not ours these belong to its administrator; a large object in our databases is noticed at start.
    """
    for each in ("postgres", "template1"):
        await connection.execute(f"revoke all on database {each} from public")
    inside = await asyncpg.connect(**as_admin(settings, name, server=server))
    try:
        await inside.execute(f"revoke execute on function {_MAKING_LARGE_OBJECTS} from public")
    finally:
        await inside.close()
