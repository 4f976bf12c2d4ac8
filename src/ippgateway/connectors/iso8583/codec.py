"""Messages to bytes and back: ISO 8583:1987 in ASCII, as `docs/reference/iso8583.md` lays it down.

What a field may contain is checked in both directions. Bytes that are no message go to the library (pyiso8583), which
says what is wrong with them; its errors carry the message they failed on, so none of them leaves this file.
"""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import iso8583
from iso8583.specs import default_ascii

from ippgateway.connectors.iso8583.fields import FIELDS
from ippgateway.connectors.iso8583.layouts import Layout, layout_in, layout_of


class BadMessage(Exception):
    """A message breaks the reference. `where` is a data element (`DE 4`) or a part of the header, never a value."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """A message type and its data elements, filled to their length. Its representation shows the type alone.

    Raises BadMessage for whatever the reference does not allow, so that every message that exists can be sent.
    """

    mti: str
    fields: Mapping[int, str]

    def __post_init__(self) -> None:
        if not _MTI.fullmatch(self.mti):
            raise BadMessage("message type")
        layout = _layout(self.fields)
        if not layout.holds(map(self.fields.__getitem__, layout.numbers)):
            raise BadMessage(_first_bad(self.fields))

    def __repr__(self) -> str:
        return f"Message({self.mti})"


def message(mti: str, values: Mapping[int, str]) -> Message:
    """A message out of plain values, which are filled to the length of their field. Raises BadMessage."""
    return Message(mti, {number: FIELDS[number].fit(values[number]) for number in _layout(values).numbers})


def encode(outgoing: Message) -> bytes:
    """The bytes of a message, without frame."""
    layout = _layout(outgoing.fields)
    values = list(map(outgoing.fields.__getitem__, layout.numbers))
    return (outgoing.mti + layout.bitmaps + layout.join(values)).encode("ascii")


def decode(raw: bytes) -> Message:
    """The message in a frame. Raises BadMessage for whatever the reference does not allow."""
    if not raw.isascii():
        return _by_library(raw)
    text = raw.decode("ascii")
    start = 36 if text[4:5] > "7" else 20
    layout = layout_in(text[4:start])
    values = layout.cut(text, start) if layout else None
    if not layout or values is None:
        return _by_library(raw)
    return Message(text[:4], dict(zip(layout.numbers, values, strict=True)))


_MTI = re.compile("0[1-8][0-9]{2}")
_BITMAP = re.compile("[0-9A-F]{16}")


def _layout(fields: Mapping[int, str]) -> Layout:
    try:
        return layout_of(tuple(fields))
    except KeyError:
        raise BadMessage(f"DE {min(fields.keys() - FIELDS.keys())}") from None


def _first_bad(fields: Mapping[int, str]) -> str:
    return next(f"DE {number}" for number in fields if not re.fullmatch(FIELDS[number].pattern, fields[number]))


def _spec() -> Mapping[str, Mapping[str, object]]:
    spec = {key: copy.copy(default_ascii[key]) for key in ("h", "t", "p", "1", *map(str, FIELDS))}
    for number, field in FIELDS.items():
        spec[str(number)] |= {"max_len": field.length, "len_type": field.prefix, "desc": field.name}
    return MappingProxyType(spec)


SPEC = _spec()
"""The page as the library's specification."""


def _by_library(raw: bytes) -> Message:
    """The same, slowly, by the library: what is wrong with bytes that no layout fits."""
    try:
        decoded, spelled = iso8583.decode(raw, SPEC)
    except iso8583.DecodeError as error:
        where = f"DE {error.field}"
    except KeyError:
        where = "bitmap"
    else:
        return _accepted(decoded, spelled)
    raise BadMessage(where)  # outside the handler, so that the library's error, which holds the message, is let go


def _accepted(decoded: dict[str, str], spelled: dict[str, dict[str, bytes]]) -> Message:
    """What the library is lenient about: bitmaps that `fromhex` and lengths that `int` would take."""
    if not all(_BITMAP.fullmatch(decoded[part]) for part in ("p", "1") if part in decoded):
        raise BadMessage("bitmap")
    fields = {int(key): value for key, value in decoded.items() if key not in "tp1"}
    for number in fields:
        if FIELDS[number].prefix and not spelled[str(number)]["len"].isdigit():
            raise BadMessage(f"DE {number}")
    return Message(decoded["t"], fields)
