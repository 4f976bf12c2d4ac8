"""What the Platform keeps about a payer, read from the declarations of the running program. There is no second list."""

from dataclasses import dataclass

from sqlalchemy import Table

from ippgateway.privacy import registry
from ippgateway.privacy.catalogue import VAULT
from ippgateway.privacy.declare import MAIN, Declaration, declaration_of, declared
from ippgateway.privacy.vocabulary import HeldAs, Term, Words
from ippgateway.privacy.zones import PURPOSES

SEALED_FOR = Words(en="under a key of the payer: {ground}", da="med betalerens egen nøgle: {ground}")
SEALED_IN_VAULT = Words(en="in the card vault", da="i kortboksen")


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A stored field about a payer. `sealed`: under which key, None when it is stored in the clear."""

    column: str
    category: Words
    purposes: tuple[Words, ...]
    term: Term
    recipients: tuple[Words, ...]
    sealed: Words | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A table about payers."""

    table: str
    about: Words
    fields: tuple[Field, ...]


def about_payers() -> tuple[Kept, ...]:
    """Every table that holds personal fields about payers, a table after those it refers to.

    Payers are their shop's people, whom we serve as its processor; everybody else is our own.
    """
    registry.load()
    return tuple(
        Kept(table=table.name, about=declared(table).about, fields=_fields(table))
        for table in MAIN.sorted_tables
        if declared(table).held_as is HeldAs.PROCESSOR and declared(table).owner is not None
    )


def _fields(table: Table) -> tuple[Field, ...]:
    return tuple(_field(c.name, said) for c in table.c if (said := declaration_of(c)).category is not None)


def _field(column: str, said: Declaration) -> Field:
    assert said.category is not None  # noqa: S101 - the caller took personal columns only
    assert said.keep is not None  # noqa: S101 - personal() does not go without a term
    return Field(
        column=column,
        category=said.category.words,
        purposes=tuple(p.words for p in PURPOSES if p in said.uses),
        term=said.keep,
        recipients=tuple(r.words for r in sorted(said.to, key=lambda r: r.key)),
        sealed=_sealed(said),
    )


def _sealed(said: Declaration) -> Words | None:
    if said.sealed is None:
        return None
    if said.sealed == VAULT:
        return SEALED_IN_VAULT
    ground = said.sealed.words
    return Words(en=SEALED_FOR.en.format(ground=ground.en), da=SEALED_FOR.da.format(ground=ground.da))
