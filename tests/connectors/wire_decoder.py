"""A second reading of docs/reference/iso8583.md, written by hand for the tests.

It knows neither the connector nor the library that the connector uses, so that both can't be wrong in the same way.
"""

import re
import struct

# data element -> (letters it may hold, length, digits of its length prefix)
LAYOUT = {
    2: ("n", 19, 2), 3: ("n", 6, 0), 4: ("n", 12, 0), 7: ("n", 10, 0), 11: ("n", 6, 0), 12: ("n", 6, 0),
    13: ("n", 4, 0), 14: ("n", 4, 0), 18: ("n", 4, 0), 22: ("n", 3, 0), 25: ("n", 2, 0), 32: ("n", 11, 2),
    37: ("an", 12, 0), 38: ("an", 6, 0), 39: ("an", 2, 0), 41: ("ans", 8, 0), 42: ("ans", 15, 0), 43: ("ans", 40, 0),
    48: ("ans", 999, 3), 49: ("n", 3, 0), 70: ("n", 3, 0), 90: ("n", 42, 0),
    95: ("an", 42, 0),
}  # fmt: skip
ECHOED = (3, 4, 7, 11, 32, 37, 41, 42, 49)
_FIRST = {2, 12, 13, 14, 18, 22, 25, 43, 48, *ECHOED}
_ABOUT = {2, 12, 13, 18, 90, *ECHOED}
# request -> elements it must have, elements it may have
REQUESTS: dict[str, tuple[set[int], set[int]]] = {
    "0100": (_FIRST, set()),
    "0200": (_FIRST, set()),
    "0220": (_ABOUT | {38}, set()),
    "0221": (_ABOUT | {38}, set()),
    "0420": (_ABOUT, {95}),
    "0421": (_ABOUT, {95}),
    "0800": ({7, 11, 41, 70}, set()),
}
_FORMS = {
    3: r"000000|200000",
    22: r"812|012|102",
    25: r"59|08",
    38: r"[0-9A-Za-z]{1,6} *",
    70: r"001|002|301",
    90: r"0[12]00\d{6}\d{10}\d{11}0{11}",
    95: r"(?!0{12})\d{12}0{30}",
}
_TAGS = {
    "01": r"0[0-2567]",
    "02": r"[A-Za-z0-9+/]{27}=",
    "03": r"[0-9a-f-]{36}",
    "04": r"\d\.\d\.\d",
    "05": r"\d{3,4}",
    "06": r"[CM]",
    "07": r"I[0-9A-Za-z]{12}",
    "08": r"[0-9A-Za-z]{12}",
    "09": r"1",
}
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


def check_request(mti: str, fields: dict[int, str]) -> None:
    """Whether a request has just the elements that the page gives it, and they agree. Raises WireError."""
    if mti not in REQUESTS:
        raise WireError("a host gets no such message")
    required, optional = REQUESTS[mti]
    if not required <= fields.keys() <= required | optional:
        raise WireError(f"elements {sorted(required ^ fields.keys())}")
    for number, form in _FORMS.items():
        if number in fields and not re.fullmatch(form, fields[number]):
            raise WireError(f"form of {number}")
    if fields.get(3) == "200000" and mti not in ("0220", "0221"):
        raise WireError("only an advice refunds")
    if 90 in fields and fields[90][20:31] != fields[32].zfill(11):
        raise WireError("the original is another institution's")
    if 95 in fields and int(fields[95][:12]) > int(fields[4]):
        raise WireError("more stays than there is")
    if 48 in fields:
        _check_private(mti, fields)


def _check_private(mti: str, fields: dict[int, str]) -> None:
    tags = private_data(fields[48])
    if list(tags) != sorted(tags) or not all(re.fullmatch(_TAGS.get(t, "(?!)"), v) for t, v in tags.items()):
        raise WireError("private data")
    pair = (fields[22], fields[25])
    stored = "08" in tags
    if pair != ("102", "08") if stored else pair not in (("812", "59"), ("012", "08")):
        raise WireError("entry mode and condition")
    if ("01" in tags) != (fields[22] == "812") or "06" not in tags:
        raise WireError("indicator or initiator")
    if stored and (tags["06"] != "M" or tags.keys() - {"06", "08"}):
        raise WireError("a stored card is charged without the cardholder")
    if "07" in tags and mti != "0100":
        raise WireError("only an authorisation is raised")
