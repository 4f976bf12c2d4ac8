"""What the database allows, generated from the declarations, applied by the owner, compared with the live server.

A zone's process compares at start and refuses to run on any difference: a grant too many, a policy gone, a role with
more rights, a table or column that nobody declared.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import asyncpg
from sqlalchemy import MetaData
from sqlalchemy import Table as SqlTable

from ippgateway.core.database import TENANTS_SETTING
from ippgateway.privacy.declare import MAIN, Access, declared, readable
from ippgateway.privacy.registry import FUNCTIONS, LIBRARY_TABLES, SEQUENCES, tables
from ippgateway.privacy.zones import PURPOSES, RIGHTS, Zone, owner_role, purpose_role, zone_role

SCHEMA = "ipp"


class GrantsDiffer(RuntimeError):
    """The live database allows something else than what is declared. The process does not start."""


class Connection(Protocol):
    """What is needed of a connection."""

    async def execute(self, query: str) -> str: ...
    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]: ...


@dataclass(frozen=True, order=True, slots=True)
class Grant:
    """One privilege of one role on a table (column empty) or a column."""

    role: str
    table: str
    column: str
    privilege: str


@dataclass(frozen=True, order=True, slots=True)
class Policy:
    """One row security policy; `condition` without spaces, casts and brackets, so that it can be compared."""

    table: str
    role: str
    condition: str


def wanted_grants(of: MetaData, prefix: str) -> set[Grant]:
    """Every privilege that the declarations give."""
    return {
        grant for table in tables(of) for access in declared(table).access for grant in _grants(table, access, prefix)
    }


def _grants(table: SqlTable, access: Access, prefix: str) -> Iterator[Grant]:
    role = purpose_role(prefix, access.purpose)
    for column in readable(table, access):
        yield Grant(role, table.name, column, "SELECT")
    for column in access.update:
        yield Grant(role, table.name, column, "UPDATE")
    if access.insert:
        yield Grant(role, table.name, "", "INSERT")
    if access.delete:
        yield Grant(role, table.name, "", "DELETE")


def wanted_policies(of: MetaData, prefix: str) -> dict[Policy, str]:
    """Every policy, with the statement that makes it."""
    return {
        _policy(table, access, prefix)[0]: _policy(table, access, prefix)[1]
        for table in tables(of)
        for access in declared(table).access
    }


def _policy(table: SqlTable, access: Access, prefix: str) -> tuple[Policy, str]:
    about, role = declared(table), purpose_role(prefix, access.purpose)
    # The inner select makes the server read the setting once per statement instead of once per row.
    tenants = f"(select nullif(current_setting('{TENANTS_SETTING}', true), '')::text[])"
    everything = about.tenant is None or access.across_tenants
    condition = "true" if everything else f"{about.tenant} = any ({tenants}::text[])"
    statement = (
        f"create policy {access.purpose.key} on {SCHEMA}.{table.name} to {role} "
        f"using ({condition}) with check ({condition})"
    )
    return Policy(table.name, role, _bare(condition)), statement


def _bare(condition: str) -> str:
    text = re.sub(r"::[a-z ]+(\[\])?|\bas \"?nullif\"?|[()\s\"]", "", condition.lower())
    return text.replace("asnullif", "")


def statements(of: MetaData, prefix: str) -> Iterator[str]:
    """Everything the owner runs, in order, inside one transaction."""
    for purpose in PURPOSES:
        role = purpose_role(prefix, purpose)
        yield f"revoke all on all tables in schema {SCHEMA} from {role}"
        yield f"grant usage on schema {SCHEMA} to {role}"
    for zone in RIGHTS:
        yield f"grant usage on schema {SCHEMA} to {zone_role(prefix, zone)}"
    for table in tables(of):
        yield f"alter table {SCHEMA}.{table.name} enable row level security"
        yield (
            f"do $$ declare p name; begin for p in select polname from pg_policy "
            f"where polrelid = '{SCHEMA}.{table.name}'::regclass loop "
            f"execute format('drop policy %I on {SCHEMA}.{table.name}', p); end loop; end $$"
        )
    yield from wanted_policies(of, prefix).values()
    for grant in sorted(wanted_grants(of, prefix)):
        columns = f" ({grant.column})" if grant.column else ""
        yield f"grant {grant.privilege}{columns} on {SCHEMA}.{grant.table} to {grant.role}"
    if of is MAIN:
        yield from _extras(prefix)


def _extras(prefix: str) -> Iterator[str]:
    for name, purposes in SEQUENCES.items():
        for purpose in purposes:
            yield f"grant usage on sequence {SCHEMA}.{name} to {purpose_role(prefix, purpose)}"
    for function in FUNCTIONS:
        yield f"revoke all on function {function.signature} from public"
        for purpose in function.purposes:
            yield f"grant execute on function {function.signature} to {purpose_role(prefix, purpose)}"
        for zone in function.zones:
            yield f"grant execute on function {function.signature} to {zone_role(prefix, zone)}"


async def apply(connection: Connection, of: MetaData, prefix: str) -> None:
    """Make the database allow exactly what is declared. Run by the owner, inside a transaction of the caller."""
    for statement in statements(of, prefix):
        await connection.execute(statement)


async def differences(connection: Connection, of: MetaData, prefix: str) -> list[str]:
    """How the live database differs from the declarations; empty when it does not."""
    return [
        *await _tables_differ(connection, of),
        *await _grants_differ(connection, of, prefix),
        *await _policies_differ(connection, of, prefix),
        *await _roles_differ(connection, prefix),
    ]


async def _tables_differ(connection: Connection, of: MetaData) -> list[str]:
    rows = await connection.fetch(
        "select c.relname, a.attname, c.relrowsecurity from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped "
        "where n.nspname not in ('pg_catalog', 'information_schema', 'jobs') and n.nspname not like 'pg_toast%' "
        "and c.relkind in ('r', 'p', 'v', 'm', 'f')"
    )
    live = {(r["relname"], r["attname"]) for r in rows if f"ipp.{r['relname']}" not in LIBRARY_TABLES}
    wanted = {(t.name, c.name) for t in tables(of) for c in t.c}
    open_tables = {r["relname"] for r in rows if not r["relrowsecurity"]} & {t.name for t in tables(of)}
    return [
        *(f"{t}.{c} is in the database but not declared" for t, c in sorted(live - wanted)),
        *(f"{t}.{c} is declared but not in the database" for t, c in sorted(wanted - live)),
        *(f"row security is off on {t}" for t in sorted(open_tables)),
    ]


async def _grants_differ(connection: Connection, of: MetaData, prefix: str) -> list[str]:
    rows = await connection.fetch(
        "select g.role, c.relname, g.attname, g.privilege_type from pg_class c "
        "join pg_namespace n on n.oid = c.relnamespace and n.nspname = $1, lateral ("
        "  select coalesce(r.rolname, 'public') as role, '' as attname, x.privilege_type"
        "    from aclexplode(c.relacl) x left join pg_roles r on r.oid = x.grantee"
        "  union all select coalesce(r.rolname, 'public'), a.attname, x.privilege_type"
        "    from pg_attribute a, aclexplode(a.attacl) x left join pg_roles r on r.oid = x.grantee"
        "    where a.attrelid = c.oid and a.attnum > 0) g where c.relkind in ('r', 'p', 'v', 'm', 'f')",
        SCHEMA,
    )
    owner = owner_role(prefix)
    live = {Grant(r["role"], r["relname"], r["attname"], r["privilege_type"]) for r in rows if r["role"] != owner}
    wanted = wanted_grants(of, prefix)
    return [
        *(f"{_told(g)} is granted but not declared" for g in sorted(live - wanted)),
        *(f"{_told(g)} is declared but not granted" for g in sorted(wanted - live)),
    ]


def _told(grant: Grant) -> str:
    return f"{grant.privilege.lower()} on {grant.table}{'.' + grant.column if grant.column else ''} to {grant.role}"


async def _policies_differ(connection: Connection, of: MetaData, prefix: str) -> list[str]:
    rows = await connection.fetch(
        "select c.relname, p.polpermissive, p.polcmd, pg_get_expr(p.polqual, p.polrelid) as using_text, "
        "pg_get_expr(p.polwithcheck, p.polrelid) as check_text, "
        "(select string_agg(r.rolname, ',') from pg_roles r where r.oid = any(p.polroles)) as roles "
        "from pg_policy p join pg_class c on c.oid = p.polrelid"
    )
    live = set()
    odd = []
    for row in rows:
        condition = _bare(row["using_text"] or "")
        if not row["polpermissive"] or row["polcmd"] not in (b"*", "*") or condition != _bare(row["check_text"] or ""):
            odd.append(f"a policy on {row['relname']} has another form")
        live.add(Policy(row["relname"], row["roles"] or "public", condition))
    wanted = set(wanted_policies(of, prefix))
    return [
        *odd,
        *(f"a policy on {p.table} for {p.role} is not declared" for p in sorted(live - wanted)),
        *(f"the policy on {p.table} for {p.role} is missing or altered" for p in sorted(wanted - live)),
    ]


async def _roles_differ(connection: Connection, prefix: str) -> list[str]:
    purposes = {purpose_role(prefix, p) for p in PURPOSES}
    zones = {zone_role(prefix, z) for z in Zone}
    rows = await connection.fetch(
        "select rolname, rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as strong, "
        "rolcanlogin, rolinherit from pg_roles where rolname = any($1::text[])",
        sorted(purposes | zones),
    )
    found = []
    for row in rows:
        name, is_zone = row["rolname"], row["rolname"] in zones
        if row["strong"] or row["rolcanlogin"] != is_zone or (is_zone and row["rolinherit"]):
            found.append(f"role {name} has other rights than declared")
    missing = (purposes | zones) - {row["rolname"] for row in rows}
    found += [f"role {name} is missing" for name in sorted(missing)]
    return found + await _members_differ(connection, prefix)


async def _members_differ(connection: Connection, prefix: str) -> list[str]:
    rows = await connection.fetch(
        "select g.rolname as granted, m.rolname as member, a.inherit_option, a.admin_option from pg_auth_members a "
        "join pg_roles g on g.oid = a.roleid join pg_roles m on m.oid = a.member "
        "where m.rolname like $1 or g.rolname like $1",
        prefix.replace("_", r"\_") + r"\_%",
    )
    wanted = {(purpose_role(prefix, p), zone_role(prefix, z)) for z, r in RIGHTS.items() for p in r.purposes}
    ours = {zone_role(prefix, z) for z in Zone} | {purpose_role(prefix, p) for p in PURPOSES}
    live = {(r["granted"], r["member"]) for r in rows if r["member"] in ours or r["granted"] in ours}
    # A role with CREATEROLE that made these roles is their administrator; without inherit or set it can use none.
    creators = {(r["granted"], r["member"]) for r in rows if r["member"] not in ours and not r["inherit_option"]}
    loose = [r for r in rows if r["member"] in ours and (r["inherit_option"] or r["admin_option"])]
    return [
        *(f"{m} is a member of {g}, which is not declared" for g, m in sorted(live - wanted - creators)),
        *(f"{m} is not a member of {g}" for g, m in sorted(wanted - live)),
        *(f"{r['member']} inherits or administers {r['granted']}" for r in loose),
    ]


async def require_equal(connection: Connection, of: MetaData, prefix: str) -> None:
    """Raises GrantsDiffer, naming every difference."""
    found = await differences(connection, of, prefix)
    if found:
        raise GrantsDiffer("the database differs from the declarations: " + "; ".join(found))
