"""Messages to bytes and back: ISO 8583:1987 in ASCII, as `docs/reference/iso8583.md` lays it down.

The layout on the wire is the library's work (pyiso8583); what a field may contain is checked here, in both directions.
Its errors carry the message they failed on, so none of them leaves this file.
"""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import iso8583
from iso8583.specs import default_ascii


class Format(StrEnum):
    """What a field consists of: digits; letters, digits and space; any printable ASCII."""

    N = "[0-9]"
    AN = "[0-9A-Za-z ]"
    ANS = "[ -~]"


class BadMessage(Exception):
    """A message breaks the reference. `where` is a data element (`DE 4`) or a part of the header, never a value."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


@dataclass(frozen=True, slots=True)
class Field:
    """A data element. `prefix`: digits of its length prefix, 0 for fixed length."""

    name: str
    format: Format
    length: int
    prefix: int = 0

    def fit(self, value: str) -> str:
        """A fixed-length value filled up: digits with zeros on the left, others with spaces on the right."""
        if self.prefix:
            return value
        return value.rjust(self.length, "0") if self.format is Format.N else value.ljust(self.length)

    @property
    def pattern(self) -> re.Pattern[str]:
        """What every value on the wire matches."""
        low = 1 if self.prefix else self.length
        return re.compile(f"{self.format.value}{{{low},{self.length}}}")


_N, _AN, _ANS = Format.N, Format.AN, Format.ANS
FIELDS: Mapping[int, Field] = {
    2: Field("card number", _N, 19, prefix=2),
    3: Field("processing code", _N, 6),
    4: Field("amount", _N, 12),
    7: Field("transmission date and time", _N, 10),
    11: Field("system trace audit number", _N, 6),
    12: Field("local time", _N, 6),
    13: Field("local date", _N, 4),
    14: Field("card expiry", _N, 4),
    18: Field("merchant category code", _N, 4),
    22: Field("entry mode", _N, 3),
    25: Field("condition code", _N, 2),
    32: Field("acquiring institution", _N, 11, prefix=2),
    37: Field("retrieval reference", _AN, 12),
    38: Field("authorisation code", _AN, 6),
    39: Field("response code", _AN, 2),
    41: Field("terminal", _ANS, 8),
    42: Field("merchant number", _ANS, 15),
    43: Field("merchant name and place", _ANS, 40),
    48: Field("private data", _ANS, 999, prefix=3),
    49: Field("currency", _N, 3),
    70: Field("network management code", _N, 3),
    90: Field("original data", _N, 42),
}
_PATTERNS = {number: field.pattern for number, field in FIELDS.items()}
_KEYS = {number: str(number) for number in FIELDS}
_BITMAP = re.compile(r"[0-9A-F]{16}")
_MTI = re.compile(r"0[1-8][0-9]{2}")


def _spec() -> dict[str, dict[str, object]]:
    spec = {key: copy.copy(default_ascii[key]) for key in ("h", "t", "p", "1", *_KEYS.values())}
    for number, field in FIELDS.items():
        spec[_KEYS[number]] |= {"max_len": field.length, "len_type": field.prefix, "desc": field.name}
    return spec


_SPEC = _spec()


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """A message type and its data elements, filled to their length. Its representation shows the type alone."""

    mti: str
    fields: Mapping[int, str]

    def __repr__(self) -> str:
        return f"Message({self.mti})"


def message(mti: str, values: Mapping[int, str]) -> Message:
    """A message out of plain values, which are filled to the length of their field. Raises BadMessage."""
    fields = {}
    for number, value in values.items():
        if number not in FIELDS:
            raise BadMessage(f"DE {number}")
        fields[number] = FIELDS[number].fit(value)
    return _checked(mti, fields)


def encode(outgoing: Message) -> bytes:
    """The bytes of a message, without frame. Raises BadMessage."""
    plain = {_KEYS[number]: value for number, value in outgoing.fields.items()}
    try:
        raw, _ = iso8583.encode({"t": outgoing.mti, **plain}, _SPEC)
    except iso8583.EncodeError as error:
        where = f"DE {error.field}"
    else:
        return bytes(raw)
    raise BadMessage(where)  # outside the handler, so that the library's error, which holds the message, is let go


def decode(raw: bytes) -> Message:
    """The message in a frame. Raises BadMessage for whatever the reference does not allow."""
    try:
        decoded, spelled = iso8583.decode(raw, _SPEC)
    except iso8583.DecodeError as error:
        where = f"DE {error.field}"
    except KeyError:
        where = "bitmap"
    else:
        return _accepted(decoded, spelled)
    raise BadMessage(where)


def _accepted(decoded: dict[str, str], spelled: dict[str, dict[str, bytes]]) -> Message:
    """What the library is lenient about: bitmaps that `fromhex` and lengths that `int` would take."""
    if not all(_BITMAP.fullmatch(decoded[part]) for part in ("p", "1") if part in decoded):
        raise BadMessage("bitmap")
    fields = {int(key): value for key, value in decoded.items() if key not in "tp1"}
    for number in fields:
        if FIELDS[number].prefix and not spelled[_KEYS[number]]["len"].isdigit():
            raise BadMessage(f"DE {number}")
    return _checked(decoded["t"], fields)


def _checked(mti: str, fields: Mapping[int, str]) -> Message:
    if not _MTI.fullmatch(mti):
        raise BadMessage("message type")
    for number, value in fields.items():
        if not _PATTERNS[number].fullmatch(value):
            raise BadMessage(f"DE {number}")
    return Message(mti, fields)
