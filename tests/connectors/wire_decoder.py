"""A second reading of docs/reference/iso8583.md, written by hand for the tests.

It knows neither the connector nor the library that the connector uses, so that both can't be wrong in the same way.
"""

import struct

# data element -> (letters it may hold, length, digits of its length prefix)
LAYOUT = {
    2: ("n", 19, 2), 3: ("n", 6, 0), 4: ("n", 12, 0), 7: ("n", 10, 0), 11: ("n", 6, 0), 12: ("n", 6, 0),
    13: ("n", 4, 0), 14: ("n", 4, 0), 18: ("n", 4, 0), 22: ("n", 3, 0), 25: ("n", 2, 0), 32: ("n", 11, 2),
    37: ("an", 12, 0), 38: ("an", 6, 0), 39: ("an", 2, 0), 41: ("ans", 8, 0), 42: ("ans", 15, 0), 43: ("ans", 40, 0),
    48: ("ans", 999, 3), 49: ("n", 3, 0), 70: ("n", 3, 0), 90: ("n", 42, 0),
}  # fmt: skip
_DIGITS = frozenset(b"0123456789")
_ALPHANUMERIC = _DIGITS | frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz ")
LETTERS = {"n": _DIGITS, "an": _ALPHANUMERIC, "ans": frozenset(range(0x20, 0x7F))}


class WireError(Exception):
    """The bytes break the reference."""


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw, self.at = raw, 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.raw):
            raise WireError("cut short")
        self.at += count
        return self.raw[self.at - count : self.at]

    def digits(self, count: int) -> int:
        taken = self.take(count)
        if not _DIGITS.issuperset(taken):
            raise WireError("length")
        return int(taken)

    def bitmap(self, offset: int) -> list[int]:
        taken = self.take(16)
        if not frozenset(b"0123456789ABCDEF").issuperset(taken):
            raise WireError("bitmap")
        bits = f"{int(taken, 16):064b}"
        return [offset + place for place, bit in enumerate(bits, start=1) if bit == "1"]


def read(raw: bytes) -> tuple[str, dict[int, str]]:
    """Message type and data elements of one message, without its frame."""
    reader = _Reader(raw)
    mti = str(reader.digits(4)).zfill(4)
    present = reader.bitmap(0)
    if present[:1] == [1]:
        present = present[1:] + reader.bitmap(64)
    fields = {}
    for number in present:
        if number not in LAYOUT:
            raise WireError("unknown element")
        kind, length, prefix = LAYOUT[number]
        count = reader.digits(prefix) if prefix else length
        if not 1 <= count <= length:
            raise WireError("length")
        value = reader.take(count)
        if not LETTERS[kind].issuperset(value):
            raise WireError("letters")
        fields[number] = value.decode("ascii")
    if reader.at != len(raw):
        raise WireError("left over")
    return mti, fields


def write(mti: str, fields: dict[int, str]) -> bytes:
    """One message without its frame. Values must have their full length."""
    bits, body = 0, b""
    for number in sorted(fields):
        bits |= 1 << (128 - number)
        value = fields[number].encode("ascii")
        prefix = LAYOUT[number][2]
        body += (b"%0*d" % (prefix, len(value)) if prefix else b"") + value
    if any(number > 64 for number in fields):
        return mti.encode() + b"%032X" % (bits | 1 << 127) + body
    return mti.encode() + b"%016X" % (bits >> 64) + body


def framed(message: bytes) -> bytes:
    """A message with its length before it."""
    return struct.pack("!H", len(message)) + message


def private_data(value: str) -> dict[str, str]:
    """DE 48 as tag -> value."""
    found: dict[str, str] = {}
    while value:
        tag, length = value[:2], int(value[2:4])
        if tag in found or len(value) < 4 + length:
            raise WireError("private data")
        found[tag], value = value[4 : 4 + length], value[4 + length :]
    return found
