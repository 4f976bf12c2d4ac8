"""What is held about somebody, put together for reading: by category, and what is kept alike stands together.

Every page that tells people what is held of them tells it in this form (`held.html`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from ippgateway.faces.pages import held_words as words
from ippgateway.faces.pages.language import Language
from ippgateway.faces.pages.order import Place, place_of
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
    def columns(self) -> tuple[str, ...]:
        """Where it is stored."""
        together = (*self.opened, *(field for _, fields in self.closed for field in fields))
        return tuple(f"{field.table}.{field.column}" for field in together)


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
    return _in_words(field.each.table.name, field.column.name, field.each.said.about)


def field_options(found: Held) -> list[tuple[str, Words]]:
    """What somebody may ask to have corrected, in reading order: its name, and it in words with what it says."""
    told = []
    for field in sorted(askable(found), key=reading_order):
        value = field.value.open() if field.shown is Shown.OPEN else ""
        value = value if len(value) <= _LONGEST_SAID else f"{value[: _LONGEST_SAID - 1]}…"
        told.append((name_of(field.table, field.column), _in_words(field.table, field.column, field.about, value)))
    return told


def _in_words(table: str, column: str, about: Words, value: str = "") -> Words:
    known = words.LABELS_OF.get((table, column)) or words.LABELS.get(column) or Words(en=column, da=column)
    says = f": {value}" if value else ""
    return Words(en=f"{known.en}{says} ({about.en})", da=f"{known.da}{says} ({about.da})")


def label_in(language: Language) -> Any:
    """What a field is called."""

    def told(field: HeldField) -> str:
        known = words.LABELS_OF.get((field.table, field.column)) or words.LABELS.get(field.column)
        return getattr(known, language.value) if known is not None else field.column

    return told


def told_in(language: Language) -> Any:
    """A value; where it is a moment or one of our own words, as the language says it."""

    def told(field: HeldField) -> str:
        value = field.value.open()
        if language is Language.DA and field.column.rpartition("_")[2] == "at":
            return datetime.strptime(value, MOMENT).replace(tzinfo=UTC).strftime("%d.%m.%Y kl. %H.%M.%S UTC")
        known = words.VALUES.get((field.column, value))
        return getattr(known, language.value) if known is not None else value

    return told
