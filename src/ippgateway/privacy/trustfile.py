"""The file that says how it stands with the promises: written whole or not at all, read again when it is another one.

No secret and nobody's data is in it. So the most open of our processes can show it, and still reads no row of any
table.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from ippgateway.core.clock import Clock, SystemClock
from ippgateway.core.log import Log
from ippgateway.privacy.trust import Found, Result, Seen, following

LARGEST = 2_000_000
"""Octets that are read at most: far more than the lines and days of a result can have."""

_log = Log("trust")


class Unreadable(Exception):
    """What is there is no result, or none of this version."""


def post(path: Path, found: Sequence[Found], *, at: datetime, every_s: int) -> Result:
    """Add what was found to what is there, and show that from now on. Whoever posts at the same time waits. Whatever
    ends this in between, the last whole result stays. Raises OSError; the folder exists."""
    with _alone(path):
        try:
            before = read(path)
        except FileNotFoundError:
            before = None
        except Unreadable as why:
            _log.error("trust.began_anew", why)
            before = None
        result = following(before, found, at=at, every_s=every_s)
        _replace(path, msgspec.json.encode(result))
        return result


def read(path: Path) -> Result:
    """What is there. Raises FileNotFoundError, Unreadable, OSError."""
    with path.open("rb") as file:
        body = file.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise Unreadable
    try:
        return msgspec.json.decode(body, type=Result)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable from error


class Posted:
    """What is posted, for whoever shows it: the same object for as long as it says the same."""

    def __init__(self, path: Path | None = None, clock: Clock | None = None) -> None:
        """Without a path nothing is ever posted."""
        self._path = path
        self._clock = clock or SystemClock()
        self._mark: tuple[int, ...] | None = None
        self._seen = Seen()

    def now(self) -> Seen:
        """What there is to show."""
        mark = self._marked()
        if mark != self._mark:
            self._mark, self._seen = mark, self._read()
        result = self._seen.result
        if result is not None and self._seen.late is not (self._clock.now() >= result.late_from()):
            self._seen = Seen(result=result, late=not self._seen.late)
        return self._seen

    def _marked(self) -> tuple[int, ...] | None:
        """What changes with the file; None when there is none."""
        try:
            about = self._path.stat() if self._path is not None else None
        except OSError:
            return None
        return (about.st_mtime_ns, about.st_size, about.st_ino) if about is not None else None

    def _read(self) -> Seen:
        try:
            return Seen(result=read(self._path)) if self._path is not None else Seen()
        except FileNotFoundError:
            return Seen()
        except (OSError, Unreadable) as why:
            _log.error("trust.unreadable", why)
            return Seen(unreadable=True)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    held = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _replace(path: Path, body: bytes) -> None:
    fresh = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
