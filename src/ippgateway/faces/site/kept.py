"""What the Platform keeps about a payer, read from the declarations of the running program. There is no second list."""

from dataclasses import dataclass

from sqlalchemy import Table

from ippgateway.privacy import registry
from ippgateway.privacy.catalogue import ACCESS_RECORDS, VAULT
from ippgateway.privacy.declare import MAIN, Declaration, declaration_of, declared
from ippgateway.privacy.vocabulary import HeldAs, Term, Words
from ippgateway.privacy.zones import PURPOSES

SEALED_FOR_PAYER = Words(en="under a key of the payer", da="med betalerens egen nøgle")
SEALED_IN_VAULT = Words(en="in the card vault", da="i kortboksen")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """Stored fields about a payer that are declared alike.

    `sealed`: under which key, None when in the clear. `ground`: what keeps that key, when it is one of the payer's.
    """

    columns: tuple[str, ...]
    category: Words
    purposes: tuple[Words, ...]
    term: Term
    recipients: tuple[Words, ...]
    sealed: Words | None
    ground: Words | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A table about payers."""

    table: str
    about: Words
    fields: tuple[Fields, ...]


def about_payers() -> tuple[Kept, ...]:
    """Every table that holds personal fields about payers, a table after those it refers to.

    Payers are their shop's people, whom we serve as its processor; everybody else is our own. Access records are ours,
    and about payers as about everybody who comes by.
    """
    registry.load()
    return tuple(
        Kept(table=table.name, about=declared(table).about, fields=_fields(table))
        for table in MAIN.sorted_tables
        if declared(table).owner is not None
        and (declared(table).held_as is HeldAs.PROCESSOR or declared(table).access_of(ACCESS_RECORDS) is not None)
    )


def _fields(table: Table) -> tuple[Fields, ...]:
    alike: dict[Declaration, list[str]] = {}
    for column in table.c:
        said = declaration_of(column)
        if said.category is not None:
            alike.setdefault(said, []).append(column.name)
    return tuple(_told(said, columns) for said, columns in alike.items())


def _told(said: Declaration, columns: list[str]) -> Fields:
    assert said.category is not None  # noqa: S101 - the caller took personal columns only
    assert said.keep is not None  # noqa: S101 - personal() does not go without a term
    return Fields(
        columns=tuple(columns),
        category=said.category.words,
        purposes=tuple(p.words for p in PURPOSES if p in said.uses),
        term=said.keep,
        recipients=tuple(r.words for r in sorted(said.to, key=lambda r: r.key)),
        sealed=_sealed(said),
        ground=None if said.sealed is None or said.sealed == VAULT else said.sealed.words,
    )


def _sealed(said: Declaration) -> Words | None:
    if said.sealed is None:
        return None
    return SEALED_IN_VAULT if said.sealed == VAULT else SEALED_FOR_PAYER
