"""The data elements of the link, one by one: the table of `docs/reference/iso8583.md`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Format(StrEnum):
    """What a field consists of: digits; letters, digits and space; any printable ASCII."""

    N = "[0-9]"
    AN = "[0-9A-Za-z ]"
    ANS = "[ -~]"


@dataclass(frozen=True, slots=True)
class Field:
    """A data element. `prefix`: digits of its length prefix, 0 for fixed length."""

    name: str
    format: Format
    length: int
    prefix: int = 0

    def fit(self, value: str) -> str:
        """A fixed-length value filled up: digits with zeros on the left, others with spaces on the right."""
        if self.prefix or len(value) == self.length:
            return value
        return value.rjust(self.length, "0") if self.format is Format.N else value.ljust(self.length)

    @property
    def pattern(self) -> str:
        """The regular expression that every value on the wire matches."""
        low = 1 if self.prefix else self.length
        return f"{self.format.value}{{{low},{self.length}}}"


_N, _AN, _ANS = Format.N, Format.AN, Format.ANS
FIELDS: Mapping[int, Field] = MappingProxyType(
    {
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
        95: Field("replacement amounts", _AN, 42),
    }
)
