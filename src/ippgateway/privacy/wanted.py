"""What the declarations allow: every privilege, policy, membership and function, named so that it can be compared."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import MetaData
from sqlalchemy import Table as SqlTable

from ippgateway.core import jobs
from ippgateway.core.database import TENANTS_SETTING
from ippgateway.privacy.declare import MAIN, Access, declared, readable
from ippgateway.privacy.registry import FUNCTIONS, SEQUENCES, Function, tables
from ippgateway.privacy.vocabulary import Basis
from ippgateway.privacy.zones import PURPOSES, RIGHTS, ZONE_SETTINGS, purpose_role, zone_role

SCHEMA = "ipp"
DATABASE = "(database)"
"""Stands for the database that is looked at."""


@dataclass(frozen=True, order=True, slots=True)
class Grant:
    """One privilege of one role on something; `column` is empty when it is not a column. Names carry their schema."""

    role: str
    on: str
    column: str
    privilege: str


@dataclass(frozen=True, order=True, slots=True)
class Policy:
    """One row security policy; `condition` without spaces, casts and brackets, so that it can be compared."""

    table: str
    role: str
    condition: str


def grants(of: MetaData, prefix: str) -> set[Grant]:
    """Every privilege in one database that any role but the owner has."""
    return {
        *table_grants(of, prefix),
        *(Grant(role, SCHEMA, "", "USAGE") for role in roles(prefix)),
        *(Grant(zone_role(prefix, zone), DATABASE, "", "CONNECT") for zone in RIGHTS),
        *(_only_in_main(prefix) if of is MAIN else ()),
    }


def table_grants(of: MetaData, prefix: str) -> set[Grant]:
    """Every privilege that the declarations of tables give."""
    return {
        grant
        for table in tables(of)
        for access in declared(table).access
        for grant in _of_access(table, access, prefix)
    }


def _of_access(table: SqlTable, access: Access, prefix: str) -> Iterator[Grant]:
    role, name = purpose_role(prefix, access.purpose), f"{SCHEMA}.{table.name}"
    for column in readable(table, access):
        yield Grant(role, name, column, "SELECT")
    for column in access.update:
        yield Grant(role, name, column, "UPDATE")
    if access.insert:
        yield Grant(role, name, "", "INSERT")
    if access.delete:
        yield Grant(role, name, "", "DELETE")


def _only_in_main(prefix: str) -> Iterator[Grant]:
    for name, purposes in SEQUENCES.items():
        for purpose in purposes:
            yield Grant(purpose_role(prefix, purpose), f"{SCHEMA}.{name}", "", "USAGE")
    for function in FUNCTIONS:
        for purpose in function.purposes:
            yield Grant(purpose_role(prefix, purpose), function.signature, "", "EXECUTE")
    for zone in (zone for zone, rights in RIGHTS.items() if rights.jobs):
        role = zone_role(prefix, zone)
        yield Grant(role, jobs.SCHEMA, "", "USAGE")
        for table, privilege, columns in jobs.WORKER_MAY:
            for column in columns or ("",):
                yield Grant(role, f"{jobs.SCHEMA}.{table}", column, privilege)


def functions(of: MetaData) -> dict[str, Function]:
    """Every function there is, by its signature."""
    return {f.signature: f for f in FUNCTIONS} if of is MAIN else {}


def roles(prefix: str) -> list[str]:
    """The roles that the program uses; the owner is not among them."""
    return [*(purpose_role(prefix, p) for p in PURPOSES), *(zone_role(prefix, z) for z in RIGHTS)]


def memberships(prefix: str) -> set[tuple[str, str]]:
    """Which purpose's role (first) each zone's login (second) may become."""
    return {(purpose_role(prefix, p), zone_role(prefix, z)) for z, rights in RIGHTS.items() for p in rights.purposes}


def role_settings(prefix: str) -> set[tuple[str, str]]:
    """What each login starts its sessions with."""
    return {(zone_role(prefix, zone), f"{name}={value}") for zone in RIGHTS for name, value in ZONE_SETTINGS.items()}


def policies(of: MetaData, prefix: str) -> dict[Policy, str]:
    """Every policy, with the statement that makes it."""
    return dict(_policy(table, access, prefix) for table in tables(of) for access in declared(table).access)


def _policy(table: SqlTable, access: Access, prefix: str) -> tuple[Policy, str]:
    about, role = declared(table), purpose_role(prefix, access.purpose)
    # The inner select makes the server read the setting once per statement instead of once per row.
    tenants = f"(select nullif(current_setting('{TENANTS_SETTING}', true), '')::text[])"
    everything = about.tenant is None or access.across_tenants
    condition = "true" if everything else f"{about.tenant} = any ({tenants}::text[])"
    if access.only_of:
        condition = f"{condition} and {about.tenant} = '{access.only_of}'"
    if access.never_of:
        condition = f"{condition} and {about.tenant} <> '{access.never_of}'"
    if about.restricted is not None and not access.restricted:
        condition = f"{condition} and {about.restricted} is null"
    if not access.restricted and access.purpose.basis is not Basis.LEGAL_OBLIGATION:
        if about.paused is not None:
            condition = f"{condition} and {about.paused} is null"
        if about.objected is not None:
            condition = f"{condition} and not '{access.purpose.key}' = any ({about.objected})"
    if access.stops:
        condition = (
            f"{condition} and not exists (select from {SCHEMA}.stop s where s.tenant_id = {table.name}.{about.tenant} "
            f"and s.person_id = {table.name}.{about.owner} "
            f"and (s.paused_at is not null or '{access.purpose.key}' = any (s.objected)))"
        )
    statement = (
        f"create policy {access.purpose.key} on {SCHEMA}.{table.name} to {role} "
        f"using ({condition}) with check ({condition})"
    )
    return Policy(f"{SCHEMA}.{table.name}", role, bare(condition)), statement


def bare(condition: str) -> str:
    """A condition as the server prints it or as we write it, without what differs between the two.

    Only casts to text go: any other one may be part of a condition that means something else.
    """
    text = condition.lower().replace('as "nullif"', "")
    return re.sub(r"::(?:character varying|text)(?:\[\])?|[()\s]", "", text)
