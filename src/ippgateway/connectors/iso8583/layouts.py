"""How a set of data elements lies on the wire, worked out once for each set and then kept.

The same few sets of elements travel over and over, so that a message costs a few slices and one match of a regular
expression instead of a walk through the specification. The tests compare every byte with the library's.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from ippgateway.connectors.iso8583.fields import FIELDS

_KEPT = 256
"""Layouts kept of each kind. A host chooses which elements it sends, and must not fill our memory with that."""
_BITMAPS = re.compile("[0-7][0-9A-F]{15}|[89A-F][0-9A-F]{31}")


@dataclass(frozen=True, slots=True)
class Layout:
    """One set of data elements, ascending. `bitmaps` is hexadecimal, `parts` are (length, digits of the prefix)."""

    numbers: tuple[int, ...]
    bitmaps: str
    parts: tuple[tuple[int, int], ...]
    pattern: re.Pattern[str]
    """All values with line feeds between them, which no value can hold."""

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Self:
        """The layout of a set of elements in any order. Raises KeyError for one that is not on the page."""
        ascending = tuple(sorted(numbers))
        fields = [FIELDS[number] for number in ascending]
        bits = sum(1 << (128 - number) for number in ascending)
        second = any(number > 64 for number in ascending)
        return cls(
            numbers=ascending,
            bitmaps=f"{bits | 1 << 127:032X}" if second else f"{bits >> 64:016X}",
            parts=tuple((field.length, field.prefix) for field in fields),
            pattern=re.compile("\n".join(field.pattern for field in fields)),
        )

    def holds(self, values: Iterable[str]) -> bool:
        """Whether each value has the form of its element."""
        return self.pattern.fullmatch("\n".join(values)) is not None

    def join(self, values: Sequence[str]) -> str:
        """The values as they lie on the wire, without header. They hold."""
        return "".join(
            f"{len(value):0{prefix}d}{value}" if prefix else value
            for value, (_, prefix) in zip(values, self.parts, strict=True)
        )

    def cut(self, text: str, at: int) -> list[str] | None:
        """The values in a message from a place on; None when they do not end where it ends."""
        values = []
        for length, prefix in self.parts:
            count = text[at : at + prefix]
            if prefix and not count.isdecimal():
                return None
            at += prefix
            end = at + (int(count) if prefix else length)
            values.append(text[at:end])
            at = end
        return values if at == len(text) else None


@lru_cache(_KEPT)
def layout_of(numbers: tuple[int, ...]) -> Layout:
    """The layout of a set of elements in any order. Raises KeyError for one that is not on the page."""
    return Layout.of(numbers)


@lru_cache(_KEPT)
def layout_in(bitmaps: str) -> Layout | None:
    """The layout that one or two bitmaps name, when they are written as the page says; else None."""
    if not _BITMAPS.fullmatch(bitmaps):
        return None
    bits = int(bitmaps, 16)
    named = {place for place, bit in enumerate(f"{bits:0{4 * len(bitmaps)}b}", start=1) if bit == "1"} - {1}
    return Layout.of(named) if named <= FIELDS.keys() else None
