"""Which fields may be corrected because the person says that they are wrong (GDPR Article 16). There is no list: the
declarations decide.

What somebody told of who they are, in a row that stands for them and not for something that happened, gets the value
that they say is right. A record that a law keeps stands as it was made, and the correction is noted beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column

from ippgateway.privacy.catalogue import CONTACT, PSEUDONYM
from ippgateway.privacy.declare import Declaration, unshown
from ippgateway.privacy.rights.held import Held, HeldField, Shown
from ippgateway.privacy.rights.reach import Reached, reached
from ippgateway.privacy.vocabulary import Identifies, Source

_SHOWN = frozenset({Shown.OPEN, Shown.TOLD})
_BETWEEN = " · "


class CannotCorrect(Exception):
    """The value can't be written now. `why`: a word for it, `restricted` or `taken`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, eq=False, slots=True)
class Field:
    """A field that somebody may ask to have corrected."""

    each: Reached
    column: "Column[Any]"
    said: Declaration

    @property
    def name(self) -> str:
        """`table.column`: how a request names it."""
        return name_of(self.each.table.name, self.column.name)

    @property
    def correctable(self) -> bool:
        """Whether the value is written: their own word about themselves. A company's details are for whoever manages
        them to change, and need no request."""
        said, row = self.said, self.each.said
        return (
            said.source is Source.PERSON and said.identifies is Identifies.DIRECTLY and said.category != CONTACT
            and not (row.goes or row.lapses or said.stays)
        )  # fmt: skip

    @property
    def stands(self) -> bool:
        """Whether a law keeps the record as it was made, so that a note is put beside it."""
        return self.said.stays


@cache
def fields() -> Mapping[str, Field]:
    """Every field that anybody is shown of themselves, by its name."""
    found = (Field(each, column, said) for each in reached() for column, said in each.personal)
    return {field.name: field for field in found if not unshown(field.said) and field.said.category != PSEUDONYM}


def name_of(table: str, column: str) -> str:
    """`table.column`."""
    return f"{table}.{column}"


def askable(found: Held) -> tuple[HeldField, ...]:
    """What is held of somebody that they may ask to have corrected, each field once: the first value stands for all."""
    once: dict[str, HeldField] = {}
    for field in found.fields:
        name = name_of(field.table, field.column)
        if name in fields() and field.shown in _SHOWN:
            once.setdefault(name, field)
    return tuple(once.values())


def as_stored(found: Held, name: str) -> str | None:
    """What a field says now, every value once; None when nothing of it is held, or none of it can be read."""
    said = [
        field.value.open() for field in found.fields
        if name_of(field.table, field.column) == name and field.shown is Shown.OPEN
    ]  # fmt: skip
    return _BETWEEN.join(dict.fromkeys(said)) if said else None
