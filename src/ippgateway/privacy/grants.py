"""What the database allows: generated from the declarations, applied by the owner, compared with the live server.

A zone's process compares at start and refuses to run on any difference: a grant too many, a policy gone, a role with
more rights, a table, column or function that nobody declared.
"""

from collections.abc import Iterator

from sqlalchemy import MetaData

from ippgateway.privacy import wanted
from ippgateway.privacy.declare import MAIN
from ippgateway.privacy.live import Connection, differences
from ippgateway.privacy.registry import FUNCTIONS, SEQUENCES, tables
from ippgateway.privacy.wanted import SCHEMA, Grant, Policy
from ippgateway.privacy.zones import PURPOSES, RIGHTS, purpose_role, zone_role

__all__ = ["Connection", "Grant", "GrantsDiffer", "Policy", "apply", "differences", "require_equal", "statements"]


class GrantsDiffer(RuntimeError):
    """The live database allows something else than what is declared. The process does not start."""


def statements(of: MetaData, prefix: str) -> Iterator[str]:
    """Everything the owner runs, in order, inside one transaction."""
    yield "revoke all on schema public from public"
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
    yield from wanted.policies(of, prefix).values()
    for grant in sorted(wanted.table_grants(of, prefix)):
        columns = f" ({grant.column})" if grant.column else ""
        yield f"grant {grant.privilege}{columns} on {grant.on} to {grant.role}"
    if of is MAIN:
        yield from _extras(prefix)


def _extras(prefix: str) -> Iterator[str]:
    everybody = ", ".join(("public", *wanted.roles(prefix)))
    for name, purposes in SEQUENCES.items():
        yield f"revoke all on sequence {SCHEMA}.{name} from {everybody}"
        for purpose in purposes:
            yield f"grant usage on sequence {SCHEMA}.{name} to {purpose_role(prefix, purpose)}"
    for function in FUNCTIONS:
        yield f"revoke all on function {function.signature} from {everybody}"
        for purpose in function.purposes:
            yield f"grant execute on function {function.signature} to {purpose_role(prefix, purpose)}"


async def apply(connection: Connection, of: MetaData, prefix: str) -> None:
    """Make the database allow exactly what is declared. Run by the owner, inside a transaction of the caller."""
    for statement in statements(of, prefix):
        await connection.execute(statement)


async def require_equal(connection: Connection, of: MetaData, prefix: str) -> None:
    """Raises GrantsDiffer, naming every difference."""
    found = await differences(connection, of, prefix)
    if found:
        raise GrantsDiffer("the database differs from the declarations: " + "; ".join(found))
