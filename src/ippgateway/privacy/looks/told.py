"""Who looked, told to the person: when, what for, which kinds of data. By whom is ours to know."""

from dataclasses import dataclass
from datetime import datetime

from ippgateway.core.database import Tx
from ippgateway.privacy.catalogue import OWN_DATA
from ippgateway.privacy.declare import MAIN, declaration_of
from ippgateway.privacy.looks.looking import WHY, Why
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.vocabulary import Category, Purpose, Words
from ippgateway.privacy.zones import PURPOSES

_MOST = 500
_PURPOSES: dict[str, Purpose] = {purpose.key: purpose for purpose in PURPOSES}


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """One look. `categories`: the kinds of data; empty once an erasure has emptied the record. `emergency`: the role
    did not open it, an emergency access did."""

    at: datetime
    purpose: Purpose
    why: Words
    categories: tuple[Category, ...]
    emergency: bool


async def looks_of(p: Platform, person: Person) -> tuple[Looked, ...]:
    """Every look of our staff at what is held about a person, the newest first, at most five hundred."""
    async with p.db.begin(OWN_DATA, tenants=[person.rows_of]) as tx:
        return await looked(tx, person)


async def looked(tx: Tx, person: Person) -> tuple[Looked, ...]:
    """The same in a transaction that is open already, under a purpose that answers people."""
    rows = await tx.fetch(
        "select at, purpose, why, shown, emergency_id from ipp.look where tenant_id = $1 and person_id = $2 "
        "order by at desc, id limit $3",
        person.rows_of, person.person_id, _MOST,
    )  # fmt: skip
    return tuple(
        Looked(
            at=row["at"], purpose=_PURPOSES[row["purpose"]], why=WHY[Why(row["why"])],
            categories=_kinds(row["shown"]), emergency=row["emergency_id"] is not None,
        )
        for row in rows
    )  # fmt: skip


def _kinds(fields: str | None) -> tuple[Category, ...]:
    """The categories of fields named as `table.column`, each once; of one that is no longer declared, none."""
    found: dict[str, Category] = {}
    for name in filter(None, (fields or "").split(",")):
        table, _, column = name.partition(".")
        there = MAIN.tables.get(f"ipp.{table}")
        category = declaration_of(there.c[column]).category if there is not None and column in there.c else None
        if category is not None:
            found.setdefault(category.key, category)
    return tuple(found.values())
