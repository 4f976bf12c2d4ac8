"""`ippgateway inventory`: the data map, for people and for programs. Needs no database."""

import json
import sys
import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby

from ippgateway.app.settings import Settings
from ippgateway.privacy.inventory import Database, Field, Store, data_map, document
from ippgateway.privacy.registry import LIBRARY_TABLES
from ippgateway.privacy.vocabulary import Category, Identifies, Purpose, Recipient, Term, Words
from ippgateway.privacy.zones import Zone

WIDTH = 100
_NAME = 20


def main(_settings: Settings, *, as_json: bool) -> int:
    """Print the data map. The exit code."""
    databases = data_map()
    text = json.dumps(document(databases), indent=2, ensure_ascii=False) if as_json else told(databases)
    sys.stdout.write(text + "\n")
    return 0


def told(databases: tuple[Database, ...]) -> str:
    """The map as text of at most WIDTH columns: every table with its fields, then what the words mean."""
    fields = [f for d in databases for t in d.tables for f in t.fields]
    personal = sum(f.category is not None for f in fields)
    head = (
        f"{len(fields)} fields in {sum(len(d.tables) for d in databases)} tables; {personal} are personal, "
        f"{sum(f.sealed is not None for f in fields)} are sealed."
    )
    lines = [head, *(line for d in databases for line in _database(d)), *_legend(fields)]
    return "\n".join(lines)


def _database(database: Database) -> Iterator[str]:
    yield from ("", "", f"DATABASE {database.key}: {_words(database.about)}")
    for table in database.tables:
        yield from _table(table)


def _table(table: Store) -> Iterator[str]:
    yield ""
    yield from _wrapped(f"{table.name}: {_words(table.about)}", indent=0)
    yield from _wrapped(
        f"held as {table.held_as}; tenant: {table.tenant or 'none'}; person: {table.owner or 'none'}", indent=2
    )
    for field in table.fields:
        if field.category is not None:
            yield from _personal(field)
    yield from _without_category(table)


def _personal(field: Field) -> Iterator[str]:
    category, keep = field.category.key if field.category else "", field.keep.key if field.keep else "no term"
    seal = f"sealed: {field.sealed.key}, opened by {_zones(field.opened_by)}" if field.sealed else "not sealed"
    yield from _wrapped(f"{field.name:<{_NAME}}{category}, identifies {field.identifies}; {seal}", indent=2)
    yield from _wrapped(
        f"for {_keys(field.purposes)}; kept: {keep}; to {_keys(field.recipients)}; read by {_zones(field.read_by)}",
        indent=_NAME + 2,
    )


def _without_category(table: Store) -> Iterator[str]:
    """Fields without a category: what says nothing about anybody, and the ids that say whose row it is."""
    rest = sorted((f for f in table.fields if f.category is None), key=lambda f: (f.identifies, f.read_by))
    for (identifies, zones), group in groupby(rest, key=lambda f: (f.identifies, f.read_by)):
        names = ", ".join(field.name for field in group)
        what = "not personal" if identifies == Identifies.NOT else f"whose row it is, identifies {identifies}"
        yield from _wrapped(f"{what}, read by {_zones(zones)}: {names}", indent=2)


def _legend(fields: list[Field]) -> Iterator[str]:
    """What the keys stand for: only those that a field uses."""
    sections = {
        "CATEGORIES": {f.category.key: _category(f.category) for f in fields if f.category},
        "PURPOSES": {p.key: _purpose(p) for f in fields for p in f.purposes},
        "TERMS": {f.keep.key: _term(f.keep) for f in fields if f.keep},
        "RECIPIENTS": {r.key: _recipient(r) for f in fields for r in f.recipients},
        "TABLES OF LIBRARIES": LIBRARY_TABLES,
    }
    for title, words in sections.items():
        yield from ("", "", title, "")
        for key, meaning in sorted(words.items()):
            yield from _wrapped(f"{key:<{_NAME}}{meaning}", indent=2)


def _category(category: Category) -> str:
    return f"{_words(category.words)} [{category.fideslang}]"


def _purpose(purpose: Purpose) -> str:
    return f"{_words(purpose.words)} [{purpose.basis.value}, {purpose.fideslang}, {purpose.promise}]"


def _term(term: Term) -> str:
    statute = f"; {term.statute}" if term.statute else ""
    return f"{_words(term.words)} [{term.days} days after: {term.trigger}{statute}]"


def _recipient(recipient: Recipient) -> str:
    places = ", ".join(sorted(place.value for place in recipient.places))
    return f"{_words(recipient.words)} [{recipient.dpv}, in {places}, {recipient.promise}]"


def _words(words: Words) -> str:
    return f"{words.en} / {words.da}"


def _keys(words: Iterable[Purpose] | Iterable[Recipient]) -> str:
    return ", ".join(word.key for word in words) or "nobody"


def _zones(zones: tuple[Zone, ...]) -> str:
    return ", ".join(zone.value for zone in zones) or "no zone"


def _wrapped(text: str, *, indent: int) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent if indent > _NAME else _NAME + 2),
        break_on_hyphens=False,
    )  # fmt: skip
