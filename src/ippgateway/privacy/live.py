"""How the live database differs from what the declarations allow. Each function looks at one kind of thing.

Everything is read from the catalogues, which any login may do. What was there before the installation (object ids
below the first that a server gives out) is PostgreSQL's own.
"""

from typing import Protocol

import asyncpg
from sqlalchemy import MetaData

from ippgateway.privacy import wanted
from ippgateway.privacy.declare import MAIN
from ippgateway.privacy.registry import LIBRARY_FUNCTIONS, LIBRARY_TABLES, TRIGGERS, tables
from ippgateway.privacy.wanted import DATABASE, SCHEMA, Grant, Policy
from ippgateway.privacy.zones import RIGHTS, owner_role, zone_role


class Connection(Protocol):
    """What is needed of a connection."""

    async def execute(self, query: str) -> str: ...
    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]: ...


async def differences(connection: Connection, of: MetaData, prefix: str) -> list[str]:
    """Every difference, as a sentence without data; empty when there is none."""
    return [
        *await _tables_differ(connection, of),
        *await _grants_differ(connection, of, prefix),
        *await _policies_differ(connection, of, prefix),
        *await _functions_differ(connection, of, prefix),
        *await _triggers_differ(connection, of),
        *await _roles_differ(connection, prefix),
        *await _members_differ(connection, prefix),
        *await _settings_differ(connection, prefix),
        *await _leftovers(connection),
    ]


async def _tables_differ(connection: Connection, of: MetaData) -> list[str]:
    rows = await connection.fetch(
        "select format('%s.%s', n.nspname, c.relname) as name, a.attname, c.relkind in ('r', 'p') as is_table, "
        "c.relrowsecurity, c.relhasrules, pg_get_userbyid(c.relowner) = pg_get_userbyid(d.datdba) as owned "
        "from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped "
        "join pg_database d on d.datname = current_database() "
        "where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.oid >= 16384 and not pg_is_other_temp_schema(n.oid)"
    )
    live = {(r["name"], r["attname"]) for r in rows if r["name"] not in LIBRARY_TABLES}
    declared = {(f"{SCHEMA}.{t.name}", c.name) for t in tables(of) for c in t.c}
    names = {name for name, _ in declared}
    ours = [r for r in rows if r["name"] in names]
    return [
        *(f"{t}.{c} is in the database but not declared" for t, c in sorted(live - declared)),
        *(f"{t}.{c} is declared but not in the database" for t, c in sorted(declared - live)),
        *(f"{t} is not a table" for t in sorted({r["name"] for r in ours if not r["is_table"] or r["relhasrules"]})),
        *(f"row security is off on {t}" for t in sorted({r["name"] for r in ours if not r["relrowsecurity"]})),
        *(f"{t} belongs to another role" for t in sorted({r["name"] for r in rows if not r["owned"]})),
    ]


_ACLS = """
with things as (
    select 'r' as kind, format('%s.%s', n.nspname, c.relname) as name, '' as part, c.relowner as owner,
           coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)) as acl
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.oid >= 16384 and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and not pg_is_other_temp_schema(n.oid)
    union all
    select 'c', format('%s.%s', n.nspname, c.relname), a.attname, c.relowner, a.attacl
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where c.oid >= 16384 and a.attacl is not null
    union all
    select 'n', nspname, '', nspowner, coalesce(nspacl, acldefault('n', nspowner))
      from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
    union all
    select 'd', $1, '', datdba, coalesce(datacl, acldefault('d', datdba))
      from pg_database where datname = current_database()
    union all
    select 'f', oid::regprocedure::text, '', proowner, coalesce(proacl, acldefault('f', proowner))
      from pg_proc where oid >= 16384
)
select t.name, t.part, coalesce(r.rolname, 'public') as role, x.privilege_type, x.is_grantable
  from things t, aclexplode(t.acl) x left join pg_roles r on r.oid = x.grantee
 where x.grantee <> t.owner
"""
"""Who may do what with anything that is not PostgreSQL's own; the owner of a thing is left out."""


async def _grants_differ(connection: Connection, of: MetaData, prefix: str) -> list[str]:
    rows = await connection.fetch(_ACLS, DATABASE)
    # PostgreSQL lets pg_database_owner make things in its schema public: that is the owner, by another name.
    rows = [r for r in rows if not (r["role"] == owner_role(prefix) or r["role"] == "pg_database_owner")]
    live = {Grant(r["role"], r["name"], r["part"], r["privilege_type"]) for r in rows}
    declared = wanted.grants(of, prefix)
    return [
        *(f"{_told(g)} is granted but not declared" for g in sorted(live - declared)),
        *(f"{_told(g)} is declared but not granted" for g in sorted(declared - live)),
        *(f"{r['role']} may grant {r['privilege_type'].lower()} on {r['name']}" for r in rows if r["is_grantable"]),
    ]


def _told(grant: Grant) -> str:
    return f"{grant.privilege.lower()} on {grant.on}{'.' + grant.column if grant.column else ''} to {grant.role}"


async def _policies_differ(connection: Connection, of: MetaData, prefix: str) -> list[str]:
    rows = await connection.fetch(
        "select format('%s.%s', n.nspname, c.relname) as name, p.polpermissive, p.polcmd, "
        "pg_get_expr(p.polqual, p.polrelid) as using_text, pg_get_expr(p.polwithcheck, p.polrelid) as check_text, "
        "(select string_agg(r.rolname, ',') from pg_roles r where r.oid = any(p.polroles)) as roles "
        "from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace"
    )
    live = set()
    odd = []
    for row in rows:
        condition = wanted.bare(row["using_text"] or "")
        twice = condition == wanted.bare(row["check_text"] or "")
        if not row["polpermissive"] or row["polcmd"] not in (b"*", "*") or not twice:
            odd.append(f"a policy on {row['name']} has another form")
        live.add(Policy(row["name"], row["roles"] or "public", condition))
    declared = set(wanted.policies(of, prefix))
    return [
        *odd,
        *(f"a policy on {p.table} for {p.role} is not declared" for p in sorted(live - declared)),
        *(f"the policy on {p.table} for {p.role} is missing or altered" for p in sorted(declared - live)),
    ]


async def _functions_differ(connection: Connection, of: MetaData, prefix: str) -> list[str]:
    rows = await connection.fetch(
        "select oid::regprocedure::text as signature, prosecdef, proconfig, pg_get_userbyid(proowner) as owner, "
        "encode(sha256(convert_to(prosrc, 'UTF8')), 'hex') as body from pg_proc where oid >= 16384"
    )
    live = {r["signature"]: r for r in rows if r["signature"] not in LIBRARY_FUNCTIONS}
    declared = wanted.functions(of)
    altered = []
    for signature, function in declared.items():
        row = live.get(signature)
        form = (function.body, function.as_owner, [f"search_path={function.search_path}"], owner_role(prefix))
        if row is not None and (row["body"], row["prosecdef"], row["proconfig"], row["owner"]) != form:
            altered.append(f"function {signature} is another one than declared")
    return [
        *(f"function {s} is in the database but not declared" for s in sorted(live.keys() - declared.keys())),
        *(f"function {s} is declared but not in the database" for s in sorted(declared.keys() - live.keys())),
        *altered,
    ]


async def _triggers_differ(connection: Connection, of: MetaData) -> list[str]:
    rows = await connection.fetch(
        "select format('%s %s.%s %s', t.tgname, n.nspname, c.relname, t.tgfoid::regprocedure) as name, "
        "t.tgenabled::text from pg_trigger t join pg_class c on c.oid = t.tgrelid "
        "join pg_namespace n on n.oid = c.relnamespace where not t.tgisinternal"
    )
    live = {(r["name"], r["tgenabled"]) for r in rows}
    declared = set(TRIGGERS.items()) if of is MAIN else set()
    return [f"trigger {name} is not as declared" for name, _ in sorted(live ^ declared)]


async def _roles_differ(connection: Connection, prefix: str) -> list[str]:
    zones = {zone_role(prefix, z) for z in RIGHTS}
    ours = set(wanted.roles(prefix))
    rows = await connection.fetch(
        "select rolname, rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as strong, "
        "rolcanlogin, rolinherit from pg_roles where rolname = any($1::text[])",
        sorted(ours),
    )
    found = []
    for row in rows:
        name, is_zone = row["rolname"], row["rolname"] in zones
        if row["strong"] or row["rolcanlogin"] != is_zone or (is_zone and row["rolinherit"]):
            found.append(f"role {name} has other rights than declared")
    return found + [f"role {name} is missing" for name in sorted(ours - {row["rolname"] for row in rows})]


async def _members_differ(connection: Connection, prefix: str) -> list[str]:
    rows = await connection.fetch(
        "select g.rolname as granted, m.rolname as member, a.inherit_option, a.set_option, a.admin_option "
        "from pg_auth_members a join pg_roles g on g.oid = a.roleid join pg_roles m on m.oid = a.member "
        "where g.rolname = any($1::text[]) or m.rolname = any($1::text[])",
        wanted.roles(prefix),
    )
    ours, declared = set(wanted.roles(prefix)), wanted.memberships(prefix)
    # A role with CREATEROLE that made these roles is their administrator; without inherit and set it can use none.
    rows = [r for r in rows if r["member"] in ours or r["inherit_option"] or r["set_option"]]
    live = {(r["granted"], r["member"]) for r in rows}
    loose = [r for r in rows if r["inherit_option"] or r["admin_option"]]
    return [
        *(f"{m} is a member of {g}, which is not declared" for g, m in sorted(live - declared)),
        *(f"{m} is not a member of {g}" for g, m in sorted(declared - live)),
        *(f"{r['member']} inherits or administers {r['granted']}" for r in loose),
    ]


async def _settings_differ(connection: Connection, prefix: str) -> list[str]:
    rows = await connection.fetch(
        "select coalesce(r.rolname, 'everybody') as role, unnest(s.setconfig) as setting from pg_db_role_setting s "
        "left join pg_roles r on r.oid = s.setrole left join pg_database d on d.oid = s.setdatabase "
        "where r.rolname = any($1::text[]) or (r.rolname is null and d.datname = current_database())",
        wanted.roles(prefix),
    )
    live = {(r["role"], r["setting"]) for r in rows}
    different = {(role, setting.partition("=")[0]) for role, setting in live ^ wanted.role_settings(prefix)}
    return [f"{role} starts its sessions with another {name}" for role, name in sorted(different)]


_LEFTOVERS = {
    "large objects": "select 1 from pg_largeobject_metadata",
    "default privileges": "select 1 from pg_default_acl a join pg_database d on d.datdba = a.defaclrole",
    "event triggers": "select 1 from pg_event_trigger",
    "publications": "select 1 from pg_publication",
    "foreign servers": "select 1 from pg_foreign_server",
    "extensions": "select 1 from pg_extension where extname <> 'plpgsql'",
}
"""Ways by which data could be kept or leave without a declaration. None of them is used here."""


async def _leftovers(connection: Connection) -> list[str]:
    found = [kind for kind, query in _LEFTOVERS.items() if await connection.fetch(query)]
    return [f"there are {kind}, which nobody declared" for kind in found]
