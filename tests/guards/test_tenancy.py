"""Every business row carries its company, and every key that could join rows starts with it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, ForeignKeyConstraint, Index, MetaData, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy import Table as SqlTable
from sqlalchemy.schema import SchemaItem

from ippgateway.privacy.declare import KEYS, MAIN, declared
from ippgateway.privacy.registry import tables

WITHOUT_TENANT = {
    "audit_entry": "acts of staff and of the system, of all companies in one chain",
    "consent_text": "what everybody was shown, kept once",
    "data_link": "a link to whatever is held about an address, with whichever companies",
    "legal_hold": "names whatever is kept, of any tenant or a whole table",
    "recipient": "organisations outside, whoever's people they are told about",
    "retention_run": "counts of rows, of all tenants together",
    "paper_file": "our own paper, by place and kinds",
    "sign_in_failure": "an attempt on a name that may be nobody's",
    "wrapping_key": "our own keys",
    "vault_key": "our own keys",
}
"""Tables whose rows are no company's, with the reason."""

EXCEPTIONS = {
    ("app_user", "audience", "username_code", "tenant_id"): "looked up by the name before the tenant is known",
}
"""Unique keys that start with something else, with the reason."""


def breaches(tenants: dict[SqlTable, str | None]) -> list[str]:
    """Keys that do not start with the tenant; `tenants` gives each table's column."""
    return [told for table, tenant in tenants.items() for told in _of(table, tenant, tenants)]


def _of(table: SqlTable, tenant: str | None, tenants: dict[SqlTable, str | None]) -> Iterator[str]:
    if tenant is None:
        if table.name not in WITHOUT_TENANT:
            yield f"{table.name} has no tenant; say in WITHOUT_TENANT why"
        return
    for kind, columns in _keys(table):
        if columns[0] != tenant and (table.name, *columns) not in EXCEPTIONS:
            yield f"{kind} of {table.name} starts with {columns[0]}, not with {tenant}"
    for key in table.foreign_key_constraints:
        there = key.referred_table
        first = key.elements[0]
        if first.parent.name != tenant or first.column.name != tenants.get(there):
            yield f"a foreign key of {table.name} to {there.name} does not prove the tenant"


def _keys(table: SqlTable) -> Iterator[tuple[str, list[str]]]:
    for constraint in table.constraints:
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
            yield type(constraint).__name__, [c.name for c in constraint.columns]
    for index in table.indexes:
        if index.unique:
            yield f"unique index {index.name}", [c.name for c in index.columns]


def test_every_key_starts_with_the_tenant() -> None:
    for of in (MAIN, KEYS):
        assert breaches({t: declared(t).tenant for t in tables(of)}) == []


@pytest.mark.parametrize(
    ("tenant", "parts"),
    [
        ("company_id", (PrimaryKeyConstraint("id", "company_id"),)),
        ("company_id", (PrimaryKeyConstraint("id"),)),
        ("company_id", (PrimaryKeyConstraint("company_id", "id"), UniqueConstraint("name"))),
        ("company_id", (PrimaryKeyConstraint("company_id", "id"), Index("u", "name", "company_id", unique=True))),
        ("company_id", (PrimaryKeyConstraint("company_id", "id"), ForeignKeyConstraint(["id"], ["shop.id"]))),
        (None, (PrimaryKeyConstraint("id"),)),
    ],
)
def test_a_planted_key_is_found(tenant: str | None, parts: tuple[SchemaItem, ...]) -> None:
    metadata = MetaData()
    shop = SqlTable("shop", metadata, Column("id", String, primary_key=True))
    names = ("company_id", "id", "name")
    probe = SqlTable("probe", metadata, *(Column(n, String) for n in names), *parts)
    assert len(breaches({probe: tenant, shop: "id"})) == 1


def test_every_exception_is_still_needed() -> None:
    everything = [t for of in (MAIN, KEYS) for t in tables(of)]
    assert set(WITHOUT_TENANT) == {t.name for t in everything if declared(t).tenant is None}
    assert set(EXCEPTIONS) <= {(t.name, *columns) for t in everything for _, columns in _keys(t)}
