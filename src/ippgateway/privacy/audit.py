"""The audit trail: append-only and hash-chained from the first table on.

The database computes the chain in `ipp.audit_append`, one entry at a time; `broken_at` recomputes it here.
"""

from hashlib import sha256
from typing import Any, Protocol

GENESIS = bytes(32)


class Appends(Protocol):
    """A transaction or a connection."""

    async def execute(self, sql: str, *args: object) -> Any: ...


async def record(tx: Appends, *, actor: str, act: str, on: str) -> None:
    """Append that `actor` did `act` to `on`. All three are ids and words of our own, never personal data."""
    await tx.execute("select ipp.audit_append($1, $2, $3)", actor, act, on)


def entry_hash(*, previous: bytes, seq: int, at_microseconds: int, actor: str, act: str, on: str) -> bytes:
    """The hash of an entry, as the database computes it too."""
    text = "\x1f".join((previous.hex(), str(seq), str(at_microseconds), actor, act, on))
    return sha256(text.encode()).digest()


def broken_at(rows: list[Any]) -> int | None:
    """The number of the first entry that does not follow from the one before it; None when the chain holds.

    Rows, oldest first, have seq, at_microseconds, actor, act, object, previous, hash.
    """
    previous, expected = GENESIS, 1
    for row in rows:
        computed = entry_hash(
            previous=previous, seq=row["seq"], at_microseconds=row["at_microseconds"],
            actor=row["actor"], act=row["act"], on=row["object"],
        )  # fmt: skip
        if row["seq"] != expected or row["previous"] != previous or row["hash"] != computed:
            return int(row["seq"])
        previous, expected = row["hash"], expected + 1
    return None
