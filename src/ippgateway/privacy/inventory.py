"""The data map, read straight from the declarations: what is stored, why, how long, for whom, and who can read it.

There is no second list. What is printed here is what the grants, the seals and the promises' checks are made from
(SCOPE-1, SCOPE-4, COLLECT-5; GDPR Article 30 asks for such a record).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sqlalchemy import Column, MetaData
from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects import postgresql

from ippgateway.privacy.catalogue import VAULT
from ippgateway.privacy.declare import KEYS, MAIN, declaration_of, declared, readable
from ippgateway.privacy.registry import LIBRARY_TABLES, tables
from ippgateway.privacy.vocabulary import Category, Ground, Purpose, Recipient, Term, Words
from ippgateway.privacy.zones import RIGHTS, Zone

SHAPE = 1
"""Raised when a key of the JSON form changes its meaning or goes; new keys may come without."""

_Keyed = TypeVar("_Keyed", Purpose, Recipient)
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_DATABASES = (
    ("main", Words(en="the business", da="forretningen"), MAIN),
    ("keys", Words(en="wrapped keys, backed up apart", da="indpakkede nøgler, sikkerhedskopieret for sig"), KEYS),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A stored field. `read_by`: zones whose purposes may select it; `opened_by`: those that can open its seal too."""

    name: str
    type: str
    identifies: str
    category: Category | None
    purposes: tuple[Purpose, ...]
    keep: Term | None
    recipients: tuple[Recipient, ...]
    source: str | None
    sealed: Ground | None
    read_by: tuple[Zone, ...]
    opened_by: tuple[Zone, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Store:
    """A table: whose rows it holds (`tenant`), about whom its personal fields are (`owner`), and in which part."""

    name: str
    about: Words
    held_as: str
    tenant: str | None
    owner: str | None
    fields: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """One of the two databases."""

    key: str
    about: Words
    tables: tuple[Store, ...]


def data_map() -> tuple[Database, ...]:
    """Everything that is stored. Raises Undeclared when something does not say enough about itself."""
    return tuple(Database(key=key, about=about, tables=_stores(of)) for key, about, of in _DATABASES)


def _stores(of: MetaData) -> tuple[Store, ...]:
    return tuple(_store(table) for table in tables(of))


def _store(table: SqlTable) -> Store:
    said = declared(table)
    return Store(
        name=table.name, about=said.about, held_as=said.held_as.value, tenant=said.tenant, owner=said.owner,
        fields=tuple(_field(table, column) for column in table.c),
    )  # fmt: skip


def _field(table: SqlTable, column: "Column[Any]") -> Field:
    said = declaration_of(column)
    readers = frozenset(a.purpose for a in declared(table).access if column.name in readable(table, a))
    return Field(
        name=column.name, type=column.type.compile(_DIALECT).lower(), identifies=said.identifies.value,
        category=said.category, purposes=_by_key(said.uses), keep=said.keep, recipients=_by_key(said.to),
        source=said.source, sealed=said.sealed,
        read_by=_zones(readers), opened_by=_openers(readers, said.sealed) if said.sealed else (),
    )  # fmt: skip


def _by_key(words: Iterable[_Keyed]) -> tuple[_Keyed, ...]:
    return tuple(sorted(words, key=lambda w: w.key))


def _zones(readers: frozenset[Purpose]) -> tuple[Zone, ...]:
    return tuple(zone for zone, rights in RIGHTS.items() if rights.purposes & readers)


def _openers(readers: frozenset[Purpose], ground: Ground) -> tuple[Zone, ...]:
    """Zones that can open a seal of this ground: a purpose that reads the field must get at the key as well."""
    if ground == VAULT:
        return tuple(zone for zone in _zones(readers) if RIGHTS[zone].vault)
    keyed = {a.purpose for a in declared(KEYS.tables["ipp.person_key"]).access}
    return _zones(readers & keyed)


def document(databases: Iterable[Database]) -> dict[str, Any]:
    """The map for programs:

    `shape`; `databases`: a list of {`key`, `about`, `tables`}; a table has `name`, `about`, `held_as` (controller or
    processor), `tenant`, `owner` (columns or null) and `fields`; a field has `name`, `type`, `identifies` (directly,
    indirectly, not personal), `category`, `purposes`, `keep`, `recipients`, `sealed` (each with its key, its key in a
    public vocabulary and its words; null or empty when there is none), `read_by` and `opened_by` (zones),
    `source` (a word of ours); `library_tables`: a list of {`name`, `reason`}. Words are {`en`, `da`}.
    """
    return {
        "shape": SHAPE,
        "databases": [_plain(asdict(database)) for database in databases],
        "library_tables": [{"name": name, "reason": why} for name, why in LIBRARY_TABLES.items()],
    }


def _plain(value: Any) -> Any:
    """Dictionaries, lists and words only: sets in order, enumerations by value."""
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case frozenset():
            return sorted(_plain(inner) for inner in value)
        case tuple() | list():
            return [_plain(inner) for inner in value]
        case str():
            return str(value)
    return value
