"""Bytes of the link: frames, bitmaps and elements, read and written by hand from the tables in `fields`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ippsandbox.acquirer.fields import ELEMENTS

LARGEST_FRAME = 2048

_TYPE_AND_BITMAP = re.compile("([0-9]{4})([0-9A-F]{16})")
_BITMAP = re.compile("[0-9A-F]{16}")


class FrameTooLong(Exception):
    """A frame announces more than 2,048 bytes; the connection can't be trusted any more."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message type and its elements as on the wire, without length prefixes.

    `broken` means that reading stopped early: an element cut short, one we have no table for, or bytes left over.
    """

    mti: str
    fields: dict[int, str]
    broken: bool = False


def frames(buffer: bytearray) -> Iterator[bytes]:
    """Take whole frames off the front of a buffer; zero-length ones are keep-alives. Raises FrameTooLong."""
    at = 0
    try:
        while len(buffer) - at >= 2:
            size = buffer[at] << 8 | buffer[at + 1]
            if size > LARGEST_FRAME:
                raise FrameTooLong
            if len(buffer) - at - 2 < size:
                break
            at += 2 + size
            if size:
                yield bytes(buffer[at - size : at])
    finally:
        del buffer[:at]


def unpack(frame: bytes) -> Message | None:
    """Read a message; None when not even its type and bitmap can be read. Forms of values are not checked here."""
    text = frame.decode("latin-1")  # any byte is one character; those outside ASCII fit no element's form
    head = _TYPE_AND_BITMAP.match(text)
    if head is None:
        return None
    mti, bitmap, at = head[1], head[2], 20
    if bitmap[0] in "89ABCDEF":
        if not _BITMAP.fullmatch(text[20:36]):
            return None
        bitmap, at = text[4:36], 36
    fields: dict[int, str] = {}
    for number in _numbers_in(bitmap):
        end = _end_of(number, text, at)
        if end is None:
            return Message(mti, fields, broken=True)
        start, at = end
        fields[number] = text[start:at]
    return Message(mti, fields, broken=at != len(text))


def pack(mti: str, fields: dict[int, str]) -> bytes:
    """Write a framed message. Values must already have their element's width."""
    numbers = tuple(sorted(fields))
    parts = [mti, _bitmap_of(numbers)]
    for number in numbers:
        value, prefix = fields[number], ELEMENTS[number].prefix
        parts.append(f"{len(value):0{prefix}d}{value}" if prefix else value)
    body = "".join(parts).encode("ascii")
    return len(body).to_bytes(2, "big") + body


def _end_of(number: int, text: str, at: int) -> tuple[int, int] | None:
    """Where an element's value starts and ends, or None if it is unknown, too long or cut short."""
    element = ELEMENTS.get(number)
    if element is None:
        return None
    size = element.length
    if element.prefix:
        digits = text[at : at + element.prefix]
        if len(digits) != element.prefix or not (digits.isascii() and digits.isdigit()) or int(digits) > size:
            return None
        at, size = at + element.prefix, int(digits)
    return (at, at + size) if at + size <= len(text) else None


# A link uses a handful of bitmaps; the caches are small so that a stranger can't fill them.
@lru_cache(maxsize=64)
def _numbers_in(bitmap: str) -> tuple[int, ...]:
    bits = f"{int(bitmap, 16):0{len(bitmap) * 4}b}"
    return tuple(number for number, bit in enumerate(bits, start=1) if bit == "1" and number != 1)


@lru_cache(maxsize=64)
def _bitmap_of(numbers: tuple[int, ...]) -> str:
    wide = max(numbers) > 64
    size = 128 if wide else 64
    bits = sum(1 << (size - number) for number in numbers) | (1 << 127 if wide else 0)
    return f"{bits:0{size // 4}X}"
