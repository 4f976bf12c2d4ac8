"""Master keys: outside the databases, used when a process starts and when keys are made, never on the payment path.

By default each is a file of 32 bytes that is created on first start, readable by its owner only, in a folder of the
same kind. A file with wider rights is refused. Other stores (`connectors/pkcs11`) fulfil the same protocols.

A master key has generations: the newest wraps, all unwrap. So it is replaced while everything runs, and what a backup
holds under an older one opens until that one is destroyed.
"""

import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from ippgateway.core.ids import Randomness
from ippgateway.privacy.sealing import KEY_OCTETS, CannotOpen, SealingKey

PERSONS = "persons"
VAULT = "vault"
NAMES = (PERSONS, VAULT)


class MasterKey(Protocol):
    """Wraps and unwraps other keys; does not give itself away."""

    def wrap(self, key: bytes, place: str) -> bytes:
        """`key`, sealed for the place where it will be stored."""
        ...

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """The key. Raises CannotOpen."""
        ...


class MasterKeys(Protocol):
    """Where master keys are kept, by name."""

    def exists(self, name: str) -> bool:
        """Whether there is one of this name."""
        ...

    def make(self, name: str, *, at: datetime) -> None:
        """The first or the next generation of a master key, stored whole or not at all."""
        ...

    def key(self, name: str) -> MasterKey:
        """The master key with all its generations."""
        ...

    def retire(self, name: str, *, before: datetime) -> int:
        """Destroy the generations that had a successor `before` that moment already. How many."""
        ...


class TokenUnavailable(RuntimeError):
    """The token with the master keys can't be used. The message is one sentence for the operator; it quotes no PIN."""


class UnsafeKeyFile(RuntimeError):
    """The key file or its folder can be read by others, or it is damaged."""


class FileMasterKey:
    """A master key in a file, and its later generations in files beside it."""

    def __init__(self, path: Path, randomness: Randomness) -> None:
        """`path`: of the first generation, be it there or destroyed. Raises UnsafeKeyFile, FileNotFoundError."""
        self._path = path
        self._randomness = randomness
        self._keys: list[SealingKey] = []
        self._read()

    def wrap(self, key: bytes, place: str) -> bytes:
        """See MasterKey."""
        self._read()
        return self._keys[-1].seal(key, place, self._randomness)

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """See MasterKey."""
        try:
            return self._open(wrapped, place)
        except CannotOpen:
            self._read()  # there may be a newer generation
            return self._open(wrapped, place)

    def _open(self, wrapped: bytes, place: str) -> bytes:
        for key in reversed(self._keys):
            try:
                return key.open(wrapped, place)
            except CannotOpen:
                continue
        raise CannotOpen

    def _read(self) -> None:
        check_rights(self._path.parent, 0o700)
        paths = _generations(self._path)
        if not paths:
            raise FileNotFoundError(f"the master key {self._path.stem} is missing")
        self._keys = [_read(path) for path in paths]


class FileMasterKeys:
    """Master keys as files of one folder."""

    def __init__(self, folder: Path, randomness: Randomness) -> None:
        self._folder = folder
        self._randomness = randomness

    def exists(self, name: str) -> bool:
        """See MasterKeys."""
        return bool(_generations(self._path(name)))

    def make(self, name: str, *, at: datetime) -> None:
        """See MasterKeys. The moment is that of the file."""
        there = _generations(self._path(name))
        if not there:
            ensure_file(self._folder, name, self._randomness)
            return
        path = self._folder / f"{name}.{_number(there[-1]) + 1}.key"
        _write_whole(path, self._randomness.octets(KEY_OCTETS))
        os.utime(path, (at.timestamp(), at.timestamp()))

    def key(self, name: str) -> FileMasterKey:
        """See MasterKeys. Raises UnsafeKeyFile, FileNotFoundError."""
        return FileMasterKey(self._path(name), self._randomness)

    def retire(self, name: str, *, before: datetime) -> int:
        """See MasterKeys. A file is overwritten before it goes; what the disk keeps of it is the disk's."""
        there = _generations(self._path(name))
        gone = [old for old, new in pairwise(there) if _made_at(new) < before]
        for path in gone:
            with path.open("r+b") as file:
                file.write(self._randomness.octets(KEY_OCTETS))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        return len(gone)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.key"


def ensure_file(folder: Path, name: str, randomness: Randomness) -> Path:
    """The path of a master key's file; the file is made when it does not exist, completely or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}.key"
    if not path.exists():
        _write_whole(path, randomness.octets(KEY_OCTETS))
    return path


def check_rights(path: Path, widest: int) -> None:
    """Refuse what others may read. Raises UnsafeKeyFile."""
    if path.stat().st_mode & 0o777 & ~widest:
        raise UnsafeKeyFile(f"{path.name} can be read by others than its owner")


def _write_whole(path: Path, octets: bytes) -> None:
    fresh = path.with_name(f".{path.stem}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)


def _generations(path: Path) -> Sequence[Path]:
    """The files of one master key, oldest first."""
    return sorted((p for p in path.parent.glob(f"{path.stem}*.key") if _number(p, path.stem)), key=_number)


def _number(path: Path, name: str | None = None) -> int:
    """The generation of a file; 0 when it is none of this name's."""
    found = re.fullmatch(r"([a-z0-9]+)(?:\.([1-9]\d*))?", path.stem)
    if found is None or name not in (None, found[1]):
        return 0
    return int(found[2] or 1)


def _made_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _read(path: Path) -> SealingKey:
    check_rights(path, 0o600)
    key = path.read_bytes()
    if len(key) != KEY_OCTETS:
        raise UnsafeKeyFile(f"master key {path.stem} is damaged")
    return SealingKey(key)
