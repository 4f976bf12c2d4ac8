"""Where a person's fields are: every declared table that names its owner. There is no list of tables or fields."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Column
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import InstrumentedAttribute

from ippgateway.privacy import registry
from ippgateway.privacy.declare import (
    KEYS,
    MAIN,
    Declaration,
    Declares,
    Table,
    declaration_of,
    declared,
    names_people,
    readable,
)
from ippgateway.privacy.vocabulary import Purpose, Term


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, as one controller knows them: a payer belongs to the shop that was paid. `tenant`: whose rows are about
    them, when these are not the controller's own: a user's keys are ours, and the rows those of the customer."""

    controller: str
    person_id: str
    tenant: str = ""

    @property
    def rows_of(self) -> str:
        """The tenant whose rows are about them."""
        return self.tenant or self.controller

    def __str__(self) -> str:
        return f"{self.controller}/{self.person_id}"


@dataclass(frozen=True, eq=False, slots=True)
class Reached:
    """A table with fields about people, and which of its rows are about one: `where` asks with the tenant as $1 and the
    person as $2."""

    table: SqlTable
    said: Declares
    personal: tuple[tuple["Column[Any]", Declaration], ...]
    where: str

    @property
    def name(self) -> str:
        """Its name in the database."""
        return f"ipp.{self.table.name}"

    @property
    def since(self) -> str | None:
        """The column that terms are counted from, where there is one."""
        return self.said.since if self.said.since in self.table.c else None


@cache
def reached() -> tuple[Reached, ...]:
    """Every table that holds something about people, a table after those it refers to."""
    registry.load()
    return tuple(found for table in MAIN.sorted_tables if (found := _reached(table)) is not None)


def _reached(table: SqlTable) -> Reached | None:
    said = declared(table)
    if not names_people(table, said) or said.owner is None:
        return None
    personal = tuple((c, d) for c in table.c if (d := declaration_of(c)).category is not None)
    return Reached(table, said, personal, f"{said.tenant} = $1 and {_is_theirs(table, said.owner)}")


def _is_theirs(table: SqlTable, owner: str) -> str:
    """The owner is the person, or a row that is theirs: a password is a user's, and the user is a person."""
    for key in table.foreign_key_constraints:
        there = declared(key.referred_table)
        named = next((e.column.name for e in key.elements if e.parent.name == owner), None)
        if named is not None and there.owner not in (None, named):
            theirs = f"{there.tenant} = $1 and {there.owner} = $2"
            return f"{owner} in (select {named} from ipp.{key.referred_table.name} where {theirs})"
    return f"{owner} = $2"


def said_in(about: Declares, said: Declaration, tenant: str) -> Declaration:
    """A declaration as it is true of one tenant's rows: without the purposes that never see those."""
    seeing = frozenset(
        use
        for use in said.uses
        if (access := about.access_of(use)) is None or (access.only_of in ("", tenant) and access.never_of != tenant)
    )
    return replace(said, uses=seeing)


@cache
def attribute(column: "Column[Any]") -> "InstrumentedAttribute[Any]":
    """The mapped attribute of a column, by which a box seals and opens."""
    mapper = next(m for m in Table.registry.mappers if m.local_table is column.table)
    found: InstrumentedAttribute[Any] = getattr(mapper.class_, mapper.get_property_by_column(column).key)
    return found


def ends_on(term: Term, since: datetime | None) -> date | None:
    """The last day of a field whose term is counted from `since`; None when an event will end it that has no date."""
    if since is None or term.dpv == "dpv:UntilEventDuration":
        return None
    if term.financial_years:
        return date(since.year + term.financial_years, 12, 31)
    return date.fromordinal(since.date().toordinal() + term.days)


@cache
def keepers() -> frozenset[Purpose]:
    """The purposes that open restricted keys: what outlives an erasure is there for them alone."""
    key = KEYS.tables["ipp.person_key"]
    return frozenset(a.purpose for a in declared(key).access if a.restricted and "wrapped" in readable(key, a))


def staying(found: Reached) -> Iterator[Declaration]:
    """The declarations of a table's fields that outlive an erasure."""
    return (said for _, said in found.personal if said.stays)
