"""Why a form asks for something and how long it is kept, read from the declaration of where it will be stored. Nothing
of it is written by hand, so no form can say something else than what runs (COLLECT-5)."""

from dataclasses import dataclass
from functools import cache

from ippgateway.faces.pages import held_words
from ippgateway.privacy.catalogue import STAFF_ACCOUNT
from ippgateway.privacy.inventory import Field, data_map
from ippgateway.privacy.vocabulary import Purpose, Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Why:
    """`short` stands beside the field; `check` is what a click shows."""

    short: Words
    check: Words


@cache
def why(table: str, column: str) -> Why:
    """What the declaration of a stored field says, to somebody who is not of our staff: purposes, basis, term,
    recipients. Raises LookupError when there is no such field, or nothing personal in it."""
    field = _field(table, column)
    purposes = tuple(p for p in field.purposes if p != STAFF_ACCOUNT)
    keep = field.keep
    if keep is None or not purposes:
        raise LookupError(f"{table}.{column} is not asked for here")
    return Why(
        short=Words(
            en=f"To {_joined([p.words.en for p in purposes], 'and')}. Kept {keep.words.en}.",
            da=f"For at {_joined([p.words.da for p in purposes], 'og')}. Gemmes {keep.words.da}.",
        ),
        check=Words(
            en=f"Legal basis: {_bases(purposes, 'en')}. Who gets it: {_recipients(field, 'en')}. Stored as "
            f"`{table}.{column}`{', sealed with a key that is yours alone' if field.sealed else ''}.",
            da=f"Retsgrundlag: {_bases(purposes, 'da')}. Hvem får det: {_recipients(field, 'da')}. Gemt som "
            f"`{table}.{column}`{', forseglet med en nøgle, der kun er din' if field.sealed else ''}.",
        ),
    )  # fmt: skip


def _field(table: str, column: str) -> Field:
    for database in data_map():
        for store in database.tables:
            for field in store.fields:
                if (store.name, field.name) == (table, column):
                    return field
    raise LookupError(f"nothing is stored as {table}.{column}")


def _bases(purposes: tuple[Purpose, ...], language: str) -> str:
    known = dict.fromkeys(getattr(held_words.BASES[p.basis], language) for p in purposes)
    return _joined(list(known), "and" if language == "en" else "og")


def _recipients(field: Field, language: str) -> str:
    known = [getattr(recipient.words, language) for recipient in field.recipients]
    return _joined(known, "and" if language == "en" else "og") or getattr(held_words.NOBODY, language)


def _joined(parts: list[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
