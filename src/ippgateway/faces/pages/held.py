"""What is held about somebody, put together for reading: by category, and what is kept alike stands together.

Every page that tells people what is held of them tells it in this form (`held.html`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from ippgateway.core.money import Money, currency
from ippgateway.faces.pages import held_words as words
from ippgateway.faces.pages import moments
from ippgateway.faces.pages.amounts import readable
from ippgateway.faces.pages.language import Language
from ippgateway.faces.pages.order import Place, place_of
from ippgateway.privacy.catalogue import SHOP
from ippgateway.privacy.disclosure.records import Received
from ippgateway.privacy.disclosure.register import CATEGORIES
from ippgateway.privacy.rights import correct
from ippgateway.privacy.rights.correct import askable, name_of
from ippgateway.privacy.rights.held import MOMENT, Held, HeldField, Shown
from ippgateway.privacy.vocabulary import Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What stands in one row. `opened`: fields with their values; `closed`: the others, by how they are shown."""

    first: HeldField
    opened: tuple[HeldField, ...]
    closed: tuple[tuple[Shown, tuple[HeldField, ...]], ...]

    @property
    def fields(self) -> tuple[HeldField, ...]:
        """All of them."""
        return (*self.opened, *(field for _, fields in self.closed for field in fields))

    @property
    def columns(self) -> tuple[str, ...]:
        """Where it is stored."""
        return tuple(
            f"{field.table}.{name}" for field in self.fields for name in (field.column, *dict(field.beside))
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """Entries that are kept for the same purposes, as long, come from the same and go to the same. `ground`: why they
    outlive an erasure, once there was one."""

    first: HeldField
    entries: tuple[Entry, ...]
    purposes: tuple[tuple[Words, Words], ...]
    recipients: tuple[tuple[Words, tuple[Words, ...]], ...]
    source: Words | None
    ground: Words | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """One category, wherever it is stored; or records that an erasure deletes whole, which are told whole."""

    title: Words
    alike: tuple[Alike, ...]
    records: bool


def groups(found: Held) -> Iterator[Group]:
    """What is held, in the order that people look for it."""
    for (place, _), fields in groupby(sorted(found.fields, key=reading_order), key=reading_order):
        members = list(fields)
        together: dict[tuple[object, ...], list[HeldField]] = {}
        for field in members:
            said = field.said
            together.setdefault((said.uses, said.keep, said.to, said.source, field.ground), []).append(field)
        category = members[0].said.category
        assert category is not None  # noqa: S101 - only personal fields are held
        records = place is Place.RECORDS
        yield Group(
            title=_records(members[0]) if records else category.words, records=records,
            alike=tuple(_alike(each) for each in together.values()),
        )  # fmt: skip


def _records(field: HeldField) -> Words:
    return words.RECORDS.get(field.table, field.about)


def reading_order(field: HeldField) -> tuple[Place, str]:
    """By what to sort fields: what people look for comes first."""
    place, within = place_of(field.said.category, record=field.row_goes)
    return place, _records(field).en if place is Place.RECORDS else within


def _alike(fields: list[HeldField]) -> Alike:
    first = fields[0]
    rows: dict[tuple[object, ...], list[HeldField]] = {}
    for field in fields:
        rows.setdefault((*field.row, field.table), []).append(field)
    # A record's parts have keys that begin with its own, so they come after it; what has no key stays as it came.
    keys = sorted(rows, key=lambda key: [f"{part:>14}" for part in key[:-1]]) if first.row_goes else list(rows)
    return Alike(
        first=first, entries=tuple(_entry(rows[key]) for key in keys),
        purposes=tuple((purpose.words, words.BASES[purpose.basis]) for purpose in first.uses),
        recipients=tuple(
            (r.words, tuple(words.PLACES[place.value] for place in sorted(r.places))) for r in first.recipients
        ),
        source=words.SOURCES[first.said.source] if first.said.source is not None else None,
        ground=first.ground.retained if first.ground is not None else None,
    )  # fmt: skip


def _entry(fields: list[HeldField]) -> Entry:
    closed: dict[Shown, list[HeldField]] = {}
    for field in fields:
        if field.shown is not Shown.OPEN:
            closed.setdefault(field.shown, []).append(field)
    return Entry(
        first=fields[0], opened=tuple(f for f in fields if f.shown is Shown.OPEN),
        closed=tuple((shown, tuple(each)) for shown, each in closed.items()),
    )  # fmt: skip


_LONGEST_SAID = 60


def field_words(name: str) -> Words:
    """What a field, `table.column`, is called, and in which records it is."""
    field = correct.fields().get(name)
    if field is None:  # of a former version of the tables
        return Words(en=name, da=name)
    known, about = _label(field.each.table.name, field.column.name), field.each.said.about
    return Words(en=f"{known.en} ({about.en})", da=f"{known.da} ({about.da})")


def field_options(found: Held) -> list[tuple[str, Words]]:
    """What somebody may ask to have corrected, in reading order: its name, and it in words with what it says."""
    told = []
    for field in sorted(askable(found), key=reading_order):
        en, da = (f": {says}" if (says := _short(field, language)) else "" for language in Language)
        known = _label(field.table, field.column)
        both = Words(en=f"{known.en}{en} ({field.about.en})", da=f"{known.da}{da} ({field.about.da})")
        told.append((name_of(field.table, field.column), both))
    return told


def _short(field: HeldField, language: Language) -> str:
    value = told_in(language)(field) if field.shown is Shown.OPEN else ""
    return value if len(value) <= _LONGEST_SAID else f"{value[: _LONGEST_SAID - 1]}…"


def _label(table: str, column: str) -> Words:
    return words.LABELS_OF.get((table, column)) or words.LABELS.get(column) or Words(en=column, da=column)


def label_in(language: Language) -> Any:
    """What a field is called."""

    def told(field: HeldField) -> str:
        return str(getattr(_label(field.table, field.column), language.value))

    return told


def told_in(language: Language) -> Any:
    """A value; where it is a moment, categories or one of our own words, as the language says it."""

    def told(field: HeldField) -> str:
        value = field.value.open()
        if field.column.rpartition("_")[2] == "at":
            return moments.told_in(language).exact(datetime.strptime(value, MOMENT).replace(tzinfo=UTC))
        if (field.table, field.column) == ("disclosure", "fields"):
            return ", ".join(category_in(language, key) for key in value.split(","))
        return _worded(field.column, value, language)

    return told


def received_in(language: Language) -> Any:
    """Who was given what: who it is to the person, by which name and in which country, and the kinds of data. A shop
    is the one that the person paid, whatever the register calls all of them."""

    def told(each: Received) -> tuple[str, str]:
        who = str(getattr(each.kind.words, language.value))
        named = ", ".join(filter(None, (each.name, each.place))) if each.kind != SHOP else ""
        what = ", ".join(category_in(language, key) for key in each.categories)
        return f"{who} ({named})" if named else who, what

    return told


def category_in(language: Language, key: str) -> str:
    """What a category of a record is called; one that is no longer declared stands as it is."""
    return str(getattr(CATEGORIES[key].words, language.value)) if key in CATEGORIES else key


def beside_in(language: Language) -> Any:
    """What is told beside a field of its row, each under its name: amounts in their currency."""

    def told(field: HeldField) -> list[tuple[str, str]]:
        beside = dict(field.beside)
        code = beside.pop("currency", "")
        return [
            (str(getattr(_label(field.table, column), language.value)), readable(Money(int(value), currency(code)),
             language) if column.endswith("_minor") else _worded(column, value, language))
            for column, value in beside.items()
        ]  # fmt: skip

    return told


def _worded(column: str, value: str, language: Language) -> str:
    known = words.VALUES.get((column, value))
    return str(getattr(known, language.value)) if known is not None else value
