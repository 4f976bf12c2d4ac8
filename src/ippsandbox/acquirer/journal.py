"""The books on disk: an append-only journal whose lines are durable before anybody is told, and the key beside it."""

import asyncio
import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

Then = Callable[[], None]

KEY_BYTES = 32


class JournalDamaged(Exception):
    """A line other than the last can't be read; the number of the line is all that is told."""


class Journal:
    """Group commit: whatever was booked while one fsync ran is made durable by the next. No timer."""

    def __init__(self, file: BinaryIO, *, on_failure: Then) -> None:
        self._file = file
        self._on_failure = on_failure
        self._waiting: list[tuple[bytes, Then]] = []
        self._writer: asyncio.Task[None] | None = None

    def write(self, record: dict[str, Any] | None, then: Then) -> None:
        """Append a record and call `then` once it is on disk; without one, once everything before it is."""
        if record is None and self._writer is None:
            then()
            return
        line = b"" if record is None else json.dumps(record, separators=(",", ":")).encode() + b"\n"
        self._waiting.append((line, then))
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._drain())

    async def close(self) -> None:
        """Finish writing what waits, then close the file."""
        if self._writer is not None:
            await asyncio.wait([self._writer])
        self._file.close()

    async def _drain(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await asyncio.to_thread(self._append, b"".join(line for line, _ in batch))
                for _, then in batch:
                    then()
            self._writer = None
        except Exception:
            # A host that can't book must not answer: `_writer` stays, so that nothing more is told, and the process
            # ends. A supervisor starts it again from what is on disk.
            self._on_failure()
            raise

    def _append(self, lines: bytes) -> None:
        if lines:
            self._file.write(lines)
            self._file.flush()
            os.fsync(self._file.fileno())


def open_journal(directory: Path, *, replay: Callable[[dict[str, Any]], None]) -> BinaryIO:
    """Open the journal in a directory, made if missing, after replaying its records.

    A torn last line was never answered for and is cut off. Raises JournalDamaged for any other unreadable line, and
    BlockingIOError when another host has these books open: what looks torn may be a line it is just writing.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / "journal.jsonl"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    file = os.fdopen(descriptor, "r+b")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise
    _sync_directory(directory)
    whole = 0
    for number, line in enumerate(file, start=1):
        if not line.endswith(b"\n"):
            break
        try:
            replay(json.loads(line))
        except (ValueError, TypeError):
            file.close()
            raise JournalDamaged(f"line {number}") from None
        whole += len(line)
    file.truncate(whole)
    file.seek(whole)
    return file


def fingerprint_key(directory: Path, *, random_bytes: Callable[[int], bytes]) -> bytes:
    """The key of the card fingerprints, made on first use: a file that appears whole or not at all, with mode 0600."""
    path = directory / "fingerprint.key"
    if not path.exists():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = directory / "fingerprint.key.new"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(random_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        _sync_directory(directory)
    return path.read_bytes()


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
