"""Master keys: outside the databases, used when a process starts and when keys are made, never on the payment path.

By default each is a file of 32 bytes that is created on first start, readable by its owner only, in a folder of the
same kind. A file with wider rights is refused. Other stores (PKCS#11, a key service) fulfil the same protocol.
"""

import os
from pathlib import Path
from typing import Protocol

from ippgateway.core.ids import Randomness
from ippgateway.privacy.sealing import KEY_OCTETS, SealingKey

PERSONS = "persons"
VAULT = "vault"


class MasterKey(Protocol):
    """Wraps and unwraps other keys; does not give itself away."""

    def wrap(self, key: bytes, place: str) -> bytes:
        """`key`, sealed for the place where it will be stored."""
        ...

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """The key. Raises CannotOpen."""
        ...


class UnsafeKeyFile(RuntimeError):
    """The key file or its folder can be read by others, or it is damaged."""


class FileMasterKey:
    """A master key in a file."""

    def __init__(self, path: Path, randomness: Randomness) -> None:
        _check_rights(path.parent, 0o700)
        _check_rights(path, 0o600)
        key = path.read_bytes()
        if len(key) != KEY_OCTETS:
            raise UnsafeKeyFile(f"master key {path.stem} is damaged")
        self._key = SealingKey(key)
        self._randomness = randomness

    def wrap(self, key: bytes, place: str) -> bytes:
        """See MasterKey."""
        return self._key.seal(key, place, self._randomness)

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """See MasterKey."""
        return self._key.open(wrapped, place)


def ensure_file(folder: Path, name: str, randomness: Randomness) -> Path:
    """The path of a master key's file; the file is made when it does not exist, completely or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}.key"
    if not path.exists():
        fresh = folder / f".{name}.new"
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(randomness.octets(KEY_OCTETS))
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)
    return path


def _check_rights(path: Path, widest: int) -> None:
    if path.stat().st_mode & 0o777 & ~widest:
        raise UnsafeKeyFile(f"{path.name} can be read by others than its owner")
