"""Frames on the wire: two bytes of length, big-endian, not counting themselves, then the message."""

from collections.abc import Iterator

LARGEST = 2048
"""Bytes of the largest message; a longer one means that the two sides lost step."""


class BadFrame(Exception):
    """A frame is longer than the reference allows."""


def frame(raw: bytes) -> bytes:
    """A message with its length before it. Raises BadFrame over 2,048 bytes."""
    if len(raw) > LARGEST:
        raise BadFrame
    return len(raw).to_bytes(2, "big") + raw


class Deframer:
    """Cuts a stream, however TCP split or merged it, into messages. Holds at most one unfinished frame."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that became whole; keep-alives (length zero) are left out. Raises BadFrame."""
        self._buffer += data
        start = 0
        try:
            while len(self._buffer) - start >= 2:
                length = int.from_bytes(self._buffer[start : start + 2], "big")
                if length > LARGEST:
                    raise BadFrame
                if len(self._buffer) - start - 2 < length:
                    return
                start += 2 + length
                if length:
                    yield bytes(self._buffer[start - length : start])
        finally:
            del self._buffer[:start]
