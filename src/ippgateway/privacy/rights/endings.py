"""What ends, and when: every table's terms as conditions of the database. There is no list of tables or fields.

A term is decided by moments alone: the row's own, the event's that its table declares, or the newest row that refers to
it. So whoever ends things reads no field of anybody's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Table as SqlTable

from ippgateway.privacy import registry
from ippgateway.privacy.declare import (
    MAIN,
    TERMS_OVER,
    Declares,
    declaration_of,
    declared,
    deletes,
    names_people,
)
from ippgateway.privacy.emptying import emptied
from ippgateway.privacy.vocabulary import Term, Trigger, Undeclared

_OWN_MOMENT = frozenset({Trigger.FIXED, Trigger.DISPUTE_WINDOW, Trigger.FINANCIAL_YEAR, Trigger.LAST_ACTIVITY})


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Ending:
    """What ends together in one table: the fields of a term, or (`deletes`) whole rows at the end of their last one.

    `over`: the condition, of a row called `t`, with one moment for each of `terms` as `$1`, `$2`, …; `age`: the moment
    that is counted from; `left`: whether something is left to do, as a condition. `used`: of what ends with its last
    use, the column that notes one, and `newest`: the moment of the newest row that refers to it.
    """

    table: SqlTable
    said: Declares
    terms: tuple[Term, ...]
    columns: tuple[str, ...]
    deletes: bool
    over: str
    age: str
    left: str
    used: str | None
    newest: str

    @property
    def name(self) -> str:
        """Its name in the database."""
        return f"ipp.{self.table.name}"

    @property
    def part(self) -> str:
        """What the record of a run calls it."""
        return f"{self.table.name}/{self.terms[-1].key}"

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row."""
        return tuple(c.name for c in self.table.primary_key)

    @property
    def emptying(self) -> str:
        """What empties a row and notes that, as SQL."""
        changes = [f"{name} = {emptied(self.table.c[name])}" for name in self.columns]
        return ", ".join((*changes, f"{TERMS_OVER} = array_append({TERMS_OVER}, '{self.terms[0].key}')"))

    def cutoffs(self, now: datetime) -> tuple[datetime, ...]:
        """What `over` asks with."""
        return tuple(cutoff(term, now) for term in self.terms)


def cutoff(term: Term, now: datetime) -> datetime:
    """What is counted from before this moment is over."""
    if term.counted is Trigger.FINANCIAL_YEAR:
        return datetime(now.astimezone(UTC).year - term.financial_years, 1, 1, tzinfo=UTC)
    return now - timedelta(days=term.days)


@cache
def endings() -> tuple[Ending, ...]:
    """Everything that ends, a table before those it refers to. Raises Undeclared for a term that nobody can decide."""
    registry.load()
    return tuple(ending for table in reversed(MAIN.sorted_tables) for ending in _of(table))


def _of(table: SqlTable) -> Iterator[Ending]:
    said = declared(table)
    by_term: dict[Term, list[str]] = {}
    for column in table.c:
        of_column = declaration_of(column)
        if of_column.keep is not None:
            by_term.setdefault(of_column.keep, []).extend((column.name, *of_column.along))
    terms = sorted(by_term, key=lambda term: term.days)
    if not terms:
        return
    if deletes(table, said):
        columns = tuple(name for term in terms for name in by_term[term])
        yield _ending(table, said, terms, columns, goes=True)
        return
    for term in terms:
        yield _ending(table, said, [term], tuple(dict.fromkeys(by_term[term])), goes=False)


def _ending(table: SqlTable, said: Declares, terms: Sequence[Term], columns: tuple[str, ...], *, goes: bool) -> Ending:
    over = " and ".join(_over(table, said, term, f"${n}") for n, term in enumerate(terms, 1))
    return Ending(
        table=table, said=said, terms=tuple(terms), columns=columns, deletes=goes, over=over,
        age=moment(table, said, terms[-1]), used=next(iter(said.moments.get(Trigger.LAST_ACTIVITY, ())), None),
        newest=_newest(table), left="true" if goes else f"not ('{terms[0].key}' = any (t.{TERMS_OVER}))",
    )  # fmt: skip


def _over(table: SqlTable, said: Declares, term: Term, asked: str) -> str:
    over = f"{moment(table, said, term)} < {asked}"
    if term.counted is not Trigger.LAST_ACTIVITY:
        return over
    newer = [
        f"not exists (select from ipp.{key.table.name} c where {_joined(key, 'c', 't')} "
        f"and c.{declared(key.table).since} >= {asked})"
        for key in _referring(table)
    ]  # fmt: skip
    return " and ".join((over, *newer))


def moment(table: SqlTable, said: Declares, term: Term) -> str:
    """The moment that a term of a row called `t` is counted from, as SQL; null while it has not come.

    Raises Undeclared when neither the table nor one that it refers to says it.
    """
    if (own := _named(said, term.counted, "t")) is not None:
        return own
    if term.counted in _OWN_MOMENT:
        if said.since not in table.c:
            raise Undeclared(f"{table.name} has no moment {said.since} from which {term.key} is counted")
        return f"t.{said.since}"
    for key in sorted(table.foreign_key_constraints, key=lambda k: k.referred_table.name):
        there = _named(declared(key.referred_table), term.counted, "r")
        if there is not None:
            return f"(select {there} from ipp.{key.referred_table.name} r where {_joined(key, 't', 'r')})"
    raise Undeclared(f"{table.name} does not say when {term.counted.value} comes, on which {term.key} waits")


def _named(said: Declares, trigger: Trigger, row: str) -> str | None:
    names = said.moments.get(trigger, ())
    if not names:
        return None
    moments = ", ".join(f"{row}.{name}" for name in names)
    return f"coalesce({moments})" if len(names) > 1 else moments


def _newest(table: SqlTable) -> str:
    """The moment of the newest row that refers to a row called `t`, as SQL."""
    moments = [
        f"(select max(c.{declared(key.table).since}) from ipp.{key.table.name} c where {_joined(key, 'c', 't')})"
        for key in _referring(table)
    ]  # fmt: skip
    return f"greatest({', '.join(moments)})" if moments else "null"


def _referring(table: SqlTable) -> Iterator[ForeignKeyConstraint]:
    """The references of other tables to this one that have a moment of their own."""
    for other in MAIN.sorted_tables:
        if other is not table and declared(other).since in other.c:
            yield from (key for key in other.foreign_key_constraints if key.referred_table is table)


def _joined(key: ForeignKeyConstraint, row: str, referred: str) -> str:
    """A reference as a condition: `row` holds it, `referred` is what it names."""
    return " and ".join(f"{row}.{e.parent.name} = {referred}.{e.column.name}" for e in key.elements)


def whose(ending: Ending) -> str | None:
    """The column that names the person, or the person's row, of a table about people."""
    return ending.said.owner if names_people(ending.table, ending.said) else None
