"""One declaration per stored field, beside its column. From it come grants, row security, inventory and sealing.

    class Checkout(Table):
        __tablename__ = "checkout"
        __table_args__ = (...)
        __declares__ = Declares(about=Words(...), tenant="company_id", owner="person_id", held_as=HeldAs.PROCESSOR,
                                access=(Access(PAYMENT, insert=True), ...))
        company_id: Mapped[str] = plain(ID, primary_key=True)
        order_id: Mapped[bytes] = personal(FREE_TEXT, uses={PAYMENT}, keep=CHECKOUT_TERM, sealed=SERVICE)

A column without a declaration, a personal one without an owner, a sealed one that is not `bytea`, a purpose that may
read a column of a table it has no access to: each stops the program at import (SCOPE-4).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from sqlalchemy import ARRAY, Column, LargeBinary, MetaData, String, event
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, MappedColumn, mapped_column
from sqlalchemy.sql.type_api import TypeEngine

from ippgateway.privacy.catalogue import (
    CREDENTIAL,
    ERASURE,
    HAND_OVER,
    OWN_DATA,
    PSEUDONYM,
    REGISTERS,
    RETENTION,
    VAULT,
)
from ippgateway.privacy.emptying import emptied
from ippgateway.privacy.vocabulary import (
    Basis,
    Category,
    Ground,
    HeldAs,
    Identifies,
    Purpose,
    Recipient,
    Source,
    Term,
    Trigger,
    Undeclared,
    Words,
)

ID = String(14, collation="C")
_KEY = "declaration"


@dataclass(frozen=True, slots=True)
class Access:
    """What one purpose may do with a table. It reads the plain columns, and the personal ones that name it.

    `only`: it reads these columns and no others. `across_tenants`: row security does not stop it at tenants, which is
    for look-ups before the tenant is known and for queues. `update`: the columns it may change. `answers`: it reads
    personal columns whatever their uses, because it answers the person whom they are about. `ends`: it reads the
    columns that it names whatever their uses, because it ends what is over. `restricted`: it sees rows that an erasure
    has restricted. `only_of` and `never_of`: a tenant whose rows are the only ones it sees, or the ones
    it never sees, whichever it names. `stops`: it does not see the rows of somebody who had them restricted (Article
    18) or objected to it (Article 21), where not everything to see is sealed.
    """

    purpose: Purpose
    insert: bool = False
    update: tuple[str, ...] = ()
    delete: bool = False
    only: tuple[str, ...] | None = None
    across_tenants: bool = False
    answers: bool = False
    ends: bool = False
    restricted: bool = False
    only_of: str = ""
    never_of: str = ""
    stops: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Declares:
    """What a table says of itself. `tenant`: the column that names whose row it is; `owner`: the column that names
    the person whom its personal fields are about. `since`: the column with the moment that terms are counted from.
    `moments`: for terms that wait for an event, the column with its moment (or the first of several that has one);
    where a table has none, the table that it refers to says it. Of the last use it is the one that was last noticed:
    retention keeps it up. `goes`: erasing the person deletes the row, where
    otherwise its personal fields are emptied. `lapses`: the end of its terms deletes the row as well. `restricted`: the
    column that, once it has a moment, hides the row from every purpose whose access does not say otherwise. `paused`:
    the same for a restriction that the person asked for (Article 18), which hides it from all but the duties by law.
    `objected`: the column with the keys of purposes that the person objected to, from which it is hidden (Article 21).
    `about_payers`: its owner can be a payer, though the table is not held on a shop's behalf."""

    about: Words
    access: tuple[Access, ...]
    held_as: HeldAs
    tenant: str | None
    owner: str | None = None
    since: str = "created_at"
    moments: Mapping[Trigger, tuple[str, ...]] = field(default_factory=dict)
    goes: bool = False
    lapses: bool = False
    restricted: str | None = None
    paused: str | None = None
    objected: str | None = None
    about_payers: bool = False

    def access_of(self, purpose: Purpose) -> Access | None:
        """The access of one purpose, if it has any."""
        return next((a for a in self.access if a.purpose == purpose), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Declaration:
    """What a column says of itself. A plain one has no category."""

    category: Category | None
    uses: frozenset[Purpose]
    keep: Term | None
    to: frozenset[Recipient]
    sealed: Ground | None
    links: bool = False
    """It names whose row this is, by an id that means nothing outside."""
    along: tuple[str, ...] = ()
    """Plain columns of the row that mean nothing without it, and are emptied with it."""
    source: Source | None = None
    """Where it comes from; None of a plain column."""
    told: Category | None = None
    """Of a plain column: under which category it is told to the person whose row it is."""

    @property
    def portable(self) -> bool:
        """Whether it belongs in a portable copy: the person gave it, on consent or for a contract (Article 20)."""
        given = self.source is Source.PERSON and any(p.basis in (Basis.CONSENT, Basis.CONTRACT) for p in self.uses)
        return given and not unshown(self)

    @property
    def stays(self) -> bool:
        """Whether it outlives an erasure, restricted: its ground is one of those that RETAIN-3 names."""
        return self.sealed is not None and self.sealed.retained is not None

    @property
    def identifies(self) -> Identifies:
        """Directly, indirectly, or not at all."""
        if self.category is None:
            return Identifies.INDIRECTLY if self.links else Identifies.NOT
        return self.category.identifies


def personal(
    category: Category,
    kind: TypeEngine[Any] | None = None,
    *,
    uses: Iterable[Purpose],
    keep: Term,
    to: Iterable[Recipient] = (),
    sealed: Ground | None = None,
    along: tuple[str, ...] = (),
    source: Source | None = None,
    **column: Any,
) -> MappedColumn[Any]:
    """A column that says something about a person: its category, who may read it why, how long, and who gets it;
    `along`: plain columns that are emptied with it; `source`: where it comes from, when not where its category does."""
    if sealed is not None and kind is not None:
        raise Undeclared("a sealed column is bytea; its type is not chosen")
    declaration = Declaration(
        category=category, uses=frozenset(uses), keep=keep, to=frozenset(to), sealed=sealed, along=along,
        source=source or category.source,
    )  # fmt: skip
    return mapped_column(kind if kind is not None else LargeBinary(), info={_KEY: declaration}, **column)


_PLAIN = Declaration(category=None, uses=frozenset(), keep=None, to=frozenset(), sealed=None)


def plain(kind: TypeEngine[Any], *, told: Category | None = None, **column: Any) -> MappedColumn[Any]:
    """A column that names nobody: ids, states, amounts, times. `told`: with its row it says something about the person
    whose row it is, such as what they paid; so it is told to them, beside what is held under that category."""
    return mapped_column(kind, info={_KEY: replace(_PLAIN, told=told)}, **column)


TERMS_OVER = "terms_over"


def terms_over() -> MappedColumn[Any]:
    """The column `terms_over` of a table whose rows stay when their terms are over: the keys of the terms whose fields
    are emptied. So retention knows without reading a field that it has been there."""
    return plain(ARRAY(String(20)), server_default="{}")


_LINKING = replace(_PLAIN, links=True)


def linking(kind: TypeEngine[Any], **column: Any) -> MappedColumn[Any]:
    """A column that names the person whom a row is about, by an id of our own. It identifies indirectly, so it is
    classified as such (SCOPE-4); everybody who may read the row needs it, so it is readable as a plain one is."""
    return mapped_column(kind, info={_KEY: _LINKING}, **column)


def declaration_of(column: "Column[Any] | InstrumentedAttribute[Any]") -> Declaration:
    """A column's declaration. Raises Undeclared."""
    found = column.info.get(_KEY)
    if not isinstance(found, Declaration):
        raise Undeclared(f"{column} has no declaration: use personal() or plain()")
    return found


def declared(table: SqlTable) -> Declares:
    """A table's declaration. Raises Undeclared."""
    found = table.info.get(_KEY)
    if not isinstance(found, Declares):
        raise Undeclared(f"table {table.name} has no declaration")
    return found


MAIN = MetaData(schema="ipp")
"""The business: one database, backed up with everything else."""

KEYS = MetaData(schema="ipp")
"""Wrapped keys: a database of their own, backed up apart, so that a destroyed key stays destroyed."""


class _Declared(DeclarativeBase):
    """A table that speaks for itself."""

    __abstract__ = True
    __declares__: ClassVar[Declares]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if "__tablename__" in cls.__dict__:
            if "__declares__" not in cls.__dict__:
                raise Undeclared(f"{cls.__name__} has no __declares__")
            super().__init_subclass__(**kwargs)
            table = cls.__table__
            assert isinstance(table, SqlTable)  # noqa: S101 - a declarative class of ours maps one table
            table.info[_KEY] = cls.__declares__
            check_table(table)
            table.info[_KEY] = _with_rights(table, cls.__declares__)
        else:
            super().__init_subclass__(**kwargs)


class Table(_Declared):
    """A table of the main database."""

    __abstract__ = True
    metadata = MAIN


class KeyTable(_Declared):
    """A table of the key database."""

    __abstract__ = True
    metadata = KEYS


@event.listens_for(Column, "after_parent_attach")
def _no_column_without_declaration(column: "Column[Any]", parent: object) -> None:
    if isinstance(parent, SqlTable) and parent.metadata in (MAIN, KEYS):
        declaration_of(column)


def _with_rights(table: SqlTable, about: Declares) -> Declares:
    """What a person's rights need of a table about people, wherever it was declared: to answer, every column but those
    that nobody is shown; to hand over what an approved case names, the same; to erase, its ids and states, and to empty
    what goes; to count, its ids. Whatever has a term is ended by retention, be its owner a person or a keyed code."""
    about = _with_retention(table, about)
    if not names_people(table, about):
        return about
    said = {column.name: declaration_of(column) for column in table.c}
    going = [name for name, each in said.items() if each.category is not None and not each.stays]
    along = [name for each in said.values() for name in each.along]
    answering, given = about.access_of(OWN_DATA) or Access(OWN_DATA), about.access_of(ERASURE) or Access(ERASURE)
    answering = replace(answering, only=tuple(n for n, each in said.items() if not unshown(each)), answers=True)
    reading = about.access_of(HAND_OVER) or Access(HAND_OVER, never_of=answering.never_of)
    return replace(about, access=(
        *(access for access in about.access if access.purpose not in (OWN_DATA, ERASURE, HAND_OVER)),
        answering,
        # A keyed code says nothing to whoever gets it, and finds people for whoever has the key.
        replace(reading, only=tuple(n for n in answering.only or () if said[n].category != PSEUDONYM), answers=True),
        replace(given, update=given.update if about.goes else tuple(dict.fromkeys((*given.update, *going, *along))),
                delete=about.goes),
        *(() if about.access_of(REGISTERS) else (_counting(table, about),)),
    ))  # fmt: skip


def _counting(table: SqlTable, about: Declares) -> Access:
    ids = {about.tenant, about.owner, about.since, *(c.name for c in table.primary_key)}
    only = tuple(c.name for c in table.c if c.name in ids and declaration_of(c).category is None)
    return Access(REGISTERS, only=only, across_tenants=True)


def _with_retention(table: SqlTable, about: Declares) -> Declares:
    """What retention needs of a table with terms: to find what is over, its ids and moments; to end it, to empty the
    fields or delete the row. Of a personal field it reads a moment, and what a row is named by; never anything else."""
    said = {column.name: declaration_of(column) for column in table.c}
    ending = [name for name, each in said.items() if each.keep is not None]
    if not ending:
        return about
    moments = {about.since, *(name for names in about.moments.values() for name in names)}
    reads = [
        name for name, each in said.items()
        if each.category is None or name in moments or table.c[name].primary_key
    ]  # fmt: skip
    along = [name for each in said.values() for name in each.along]
    kept = [TERMS_OVER] if TERMS_OVER in table.c else []
    kept += about.moments.get(Trigger.LAST_ACTIVITY, ())[:1]
    given = Access(
        RETENTION, only=tuple(reads), update=tuple(dict.fromkeys((*ending, *along, *kept))),
        delete=deletes(table, about), across_tenants=True, ends=True, restricted=True,
    )  # fmt: skip
    return replace(about, access=(*(a for a in about.access if a.purpose != RETENTION), given))


def deletes(table: SqlTable, about: Declares) -> bool:
    """Whether the end of its terms deletes a row: where erasure does, where its table says so, and where its owner is
    the keyed code of something that may be nobody's."""
    return about.goes or about.lapses or not names_people(table, about)


def names_people(table: SqlTable, about: Declares) -> bool:
    """Whether a row says whose it is: a tenant's, and a person's by an id. The owner of other rows is a keyed code of
    something that may be nobody's (a name somebody tried, a network); those go with their own short terms."""
    if about.tenant is None or about.owner is None:
        return False
    return is_id(table.c[about.owner])


def is_id(column: "Column[Any]") -> bool:
    """Whether a column holds an id of ours."""
    return isinstance(column.type, String) and column.type.length == ID.length


def unshown(said: Declaration) -> bool:
    """Whether a field is told of, but never read to answer anybody: card numbers, and what proves who somebody is."""
    return said.sealed == VAULT or said.category == CREDENTIAL


def check_table(table: SqlTable) -> None:
    """Whether everything a table says fits together. Raises Undeclared."""
    about = declared(table)
    moments = [name for names in about.moments.values() for name in names]
    columns = (about.tenant, about.owner, about.restricted, about.paused, about.objected)
    for name in filter(None, (*columns, *moments)):
        if name not in table.c:
            raise Undeclared(f"{table.name} has no column {name}")
    for access in about.access:
        if access.stops and not names_people(table, about):
            raise Undeclared(f"{table.name} does not say whose rows {access.purpose.key} stops at")
        for name in (*access.update, *(access.only or ())):
            if name not in table.c:
                raise Undeclared(f"{table.name} has no column {name} for {access.purpose.key}")
    for column in table.c:
        _check_column(table, about, column)


def _check_column(table: SqlTable, about: Declares, column: "Column[Any]") -> None:
    said = declaration_of(column)
    place = f"{table.name}.{column.name}"
    if said.category is None:
        return
    if about.owner is None:
        raise Undeclared(f"{place} is personal, but {table.name} names no owner")
    _check_end(table, about, column, said)
    if said.sealed is not None and not isinstance(column.type, LargeBinary):
        raise Undeclared(f"{place} is sealed, so it is bytea")
    for purpose in said.uses:
        if about.access_of(purpose) is None:
            raise Undeclared(f"{place} is used for {purpose.key}, which has no access to {table.name}")
    for access in about.access:
        if access.only and column.name in access.only and not _reads_whatever(said, access):
            raise Undeclared(f"{place} is looked up for {access.purpose.key}, which is not among its uses")


def _check_end(table: SqlTable, about: Declares, column: "Column[Any]", said: Declaration) -> None:
    if not (said.stays or about.goes):
        for name in (column.name, *said.along):
            emptied(table.c[name])
    if said.keep is not None and said.keep.financial_years and not said.stays:
        raise Undeclared(f"{column} is kept by law, so it is sealed for the ground that keeps it")
    if said.keep is not None and not deletes(table, about) and TERMS_OVER not in table.c:
        raise Undeclared(f"{table.name} keeps its rows when their terms are over, so it notes that in {TERMS_OVER}")


def readable(table: SqlTable, access: Access) -> tuple[str, ...]:
    """The columns a purpose may read, in the table's order."""
    return tuple(c.name for c in table.c if _may_read(c, access))


def _may_read(column: "Column[Any]", access: Access) -> bool:
    if access.only is not None and column.name not in access.only:
        return False
    said = declaration_of(column)
    return said.category is None or _reads_whatever(said, access)


def _reads_whatever(said: Declaration, access: Access) -> bool:
    """Whether a purpose may read a personal column: one of its uses, or what answering and ending need."""
    return access.purpose in said.uses or access.answers or access.ends
