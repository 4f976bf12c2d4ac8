"""The copies that a person may ask for, as documents for programs (GDPR Articles 15 and 20).

An access copy has every field with its purposes, basis, recipients, places, term and source, and who outside was
given what. A portable copy has what the person gave us, on consent or for a contract, and nothing else. Both are made
from one snapshot (`held`), of rows that are about this person alone. docs/reference/access-copy.schema.json is the
schema.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ippgateway.privacy.declare import MAIN, declared
from ippgateway.privacy.disclosure.records import Received
from ippgateway.privacy.looks.told import Looked
from ippgateway.privacy.rights.held import Held, HeldField, Shown
from ippgateway.privacy.vocabulary import HeldAs, Term, Words

SHAPE = 1
"""Raised when a key changes its meaning or goes; new keys may come without."""

DECISIONS = Words(
    en="Payments are refused by limits on declined attempts, which a program applies; nothing else is decided about "
    "you by a program alone.",
    da="Betalinger afvises af grænser for afviste forsøg, som et program håndhæver; intet andet afgøres alene af et "
    "program.",
)
RIGHTS = Words(
    en="You may have what is wrong corrected, have it restricted or erased, object to a use that rests on a legitimate "
    "interest, take what you gave us elsewhere, and withdraw a consent at any time.",
    da="Du kan få forkerte oplysninger rettet, få dem begrænset eller slettet, gøre indsigelse mod en brug, der hviler "
    "på en legitim interesse, tage det, du selv har givet os, med et andet sted hen og trække et samtykke tilbage.",
)
AUTHORITY = Words(
    en="You may complain to Datatilsynet, the Danish data protection authority (www.datatilsynet.dk), or to the "
    "authority where you live, and go to court.",
    da="Du kan klage til Datatilsynet (www.datatilsynet.dk) eller til tilsynet, hvor du bor, og gå til domstolene.",
)


def portable(found: Held) -> tuple[HeldField, ...]:
    """What belongs in a portable copy: what can be read, and the person gave."""
    return tuple(field for field in found.fields if field.said.portable and field.shown is Shown.OPEN)


def of_the_shop(found: Held) -> Held:
    """What is held of a payer on their shop's behalf, for the shop: without what is ours, such as visits to our own
    pages, the record of requests, and when our staff looked and why."""
    return replace(found, looks=(), fields=tuple(
        field for field in found.fields
        if declared(MAIN.tables[f"ipp.{field.table}"]).held_as is HeldAs.PROCESSOR
    ))  # fmt: skip


def access_copy(found: Held) -> dict[str, Any]:
    """Everything that is held, for programs."""
    return _document("access", found, found.fields) | {
        "incomplete": list(found.more),
        "recipients": [_received(each) for each in found.received],
        "looks": [_looked(each) for each in found.looks],
        "decisions": _words(DECISIONS), "rights": _words(RIGHTS), "authority": _words(AUTHORITY),
    }  # fmt: skip


def portable_copy(found: Held) -> dict[str, Any]:
    """What the person gave, for programs, theirs or somebody else's."""
    return _document("portable", found, (replace(field, beside=()) for field in portable(found)))


def encoded(document: dict[str, Any]) -> bytes:
    """A copy as the file that is handed over."""
    return json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"


def _document(kind: str, found: Held, fields: Iterable[HeldField]) -> dict[str, Any]:
    together: dict[str, list[HeldField]] = {}
    for field in fields:
        assert field.said.category is not None  # noqa: S101 - only personal fields are held
        together.setdefault(field.said.category.key, []).append(field)
    return {
        "shape": SHAPE, "kind": kind, "at": found.at.isoformat(timespec="seconds"),
        "controller": found.person.controller, "person": found.person.person_id,
        "categories": [_category(each) for each in together.values()],
    }  # fmt: skip


def _category(fields: list[HeldField]) -> dict[str, Any]:
    category = fields[0].said.category
    assert category is not None  # noqa: S101 - they were put together by it
    return {
        "key": category.key, "vocabulary": category.fideslang, "words": _words(category.words),
        "fields": [_field(field) for field in fields],
    }  # fmt: skip


def _field(field: HeldField) -> dict[str, Any]:
    said, ground = field.said, field.ground
    return {
        "table": field.table, "about": _words(field.about), "field": field.column,
        "row": [str(part) for part in field.row],
        "since": field.since.isoformat(timespec="seconds") if field.since else None,
        "shown": field.shown.value, "value": field.value.open() if field.shown is Shown.OPEN else None,
        **({"beside": dict(field.beside)} if field.beside else {}),
        "source": said.source.value if said.source else None,
        "purposes": [
            {"key": p.key, "basis": p.basis.value, "words": _words(p.words)} for p in field.uses
        ],
        "term": _term(said.keep) if said.keep else None,
        "ends_on": field.ends_on.isoformat() if field.ends_on else None,
        "ground": ground.key if ground else None,
        "recipients": [
            {"key": r.key, "places": sorted(place.value for place in r.places), "words": _words(r.words)}
            for r in field.recipients
        ],
    }  # fmt: skip


def _term(term: Term) -> dict[str, Any]:
    statute = {"statute": term.statute} if term.statute else {}
    return {"key": term.key, "words": _words(term.words), **statute}


def _looked(each: Looked) -> dict[str, Any]:
    return {
        "at": each.at.isoformat(timespec="seconds"), "purpose": each.purpose.key, "words": _words(each.why),
        "categories": [category.key for category in each.categories], "emergency": each.emergency,
    }  # fmt: skip


def _received(each: Received) -> dict[str, Any]:
    return {
        "at": each.at.isoformat(timespec="seconds"), "kind": each.kind.key, "words": _words(each.kind.words),
        "name": each.name, "place": each.place, "purpose": each.purpose, "categories": list(each.categories),
    }  # fmt: skip


def _words(words: Words) -> dict[str, str]:
    return {"en": words.en, "da": words.da}
