"""Leaked and common passwords from lists on this machine."""

import asyncio
import re
from functools import cache
from hashlib import sha1
from pathlib import Path
from typing import BinaryIO

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from ippgateway.core.log import Log
from ippgateway.core.secret import Secret

_log = Log("breaches")

_LINE = re.compile(rb"[0-9A-Fa-f]{40}(:\d{1,19})?\s*", re.ASCII)
_LONGEST_LINE = 128


class NotAList(ValueError):
    """The file does not begin with the SHA-1 of a password. The message quotes nothing of it."""


class LocalList:
    """Passwords that a list of the common ones has, or a file of those that leaked.

    `file`: SHA-1 in 40 hexadecimal digits a line, in order, a count behind a colon or none, as the collections that go
    round have them. It is searched where it lies, however large. Raises OSError, NotAList.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        if file is not None:
            with file.open("rb") as lines:
                if not _LINE.fullmatch(lines.readline(_LONGEST_LINE)):
                    raise NotAList("not a list of SHA-1 hashes")

    async def leaked(self, password: Secret[str]) -> bool:
        """See Breaches. A file that can't be read any more counts as one that does not have it."""
        typed = password.open()
        if typed.lower() in _common():
            return True
        try:
            return self._file is not None and await asyncio.to_thread(_has, self._file, hash_of(typed))
        except OSError as error:
            _log.error("list.unreadable", error)
            return False


def hash_of(typed: str) -> str:
    """A password's SHA-1 in upper case, which is what lists of leaked ones go by; nothing is protected with it."""
    return sha1(typed.encode(), usedforsecurity=False).hexdigest().upper()


@cache
def _common() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"])


def _has(file: Path, wanted: str) -> bool:
    """A search by halves over octets: before `low` all lines are smaller, from `high` on none is wanted."""
    key = wanted.encode()
    with file.open("rb") as lines:
        low, high = 0, file.stat().st_size
        while low < high:
            middle = (low + high) // 2
            start, line = _line_after(lines, middle)
            found = line[:40].upper()
            if found == key:
                return not line.rstrip().endswith(b":0")
            if line and start < high and found < key:
                low = start + len(line)
            else:
                high = middle
    return False


def _line_after(lines: BinaryIO, octet: int) -> tuple[int, bytes]:
    """The first line that begins at `octet` or after it, and where; empty at the end."""
    lines.seek(max(octet - 1, 0))
    if octet:
        lines.readline()
    return lines.tell(), lines.readline()
