"""The audit trail: append-only and hash-chained from the first table on.

The database computes the chain in `ipp.audit_append`, one entry at a time; `broken_at` recomputes it here.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from ippgateway.privacy.catalogue import AUDIT_REVIEW
from ippgateway.privacy.platform import Platform

GENESIS = bytes(32)
_AT_ONCE = 5_000
_MOST_SHOWN = 200


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
    return _followed(rows, GENESIS, 0)


def _followed(rows: list[Any], previous: bytes, last: int) -> int | None:
    """The same, from an entry on whose number and hash are known."""
    for row in rows:
        computed = entry_hash(
            previous=previous, seq=row["seq"], at_microseconds=row["at_microseconds"],
            actor=row["actor"], act=row["act"], on=row["object"],
        )  # fmt: skip
        if row["seq"] != last + 1 or row["previous"] != previous or row["hash"] != computed:
            return int(row["seq"])
        previous, last = row["hash"], last + 1
    return None


# --- for whoever reviews it ---


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One act: who did what to what, in ids and words of ours."""

    seq: int
    at: datetime
    actor: str
    act: str
    on: str
    hash: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Trail:
    """One page of the trail, newest first. `after`: the cursor of the next one, None at the beginning of it all."""

    rows: tuple[Entry, ...]
    after: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """The chain, recomputed: how many entries there were, and the first that does not follow, None when all do."""

    length: int
    broken_at: int | None
    at: datetime


async def trail(p: Platform, *, before: int | None = None, count: int = 50) -> Trail:
    """A page of the trail. `before`: a page's `after`; at most two hundred entries at a time."""
    count = min(count, _MOST_SHOWN)
    async with p.db.begin(AUDIT_REVIEW) as tx:
        rows = await tx.fetch(
            'select seq, at, actor, act, object as "on", hash from ipp.audit_entry '
            "where $1::bigint is null or seq < $1 order by seq desc limit $2",
            before, count + 1,
        )  # fmt: skip
    shown = tuple(Entry(**dict(row)) for row in rows[:count])
    return Trail(rows=shown, after=shown[-1].seq if len(rows) > count else None)


async def verify(p: Platform, *, by: str) -> Verified:
    """Recompute the chain as it is now, some thousand entries at a time. `by`: the user's id; that somebody did it
    stands on the trail afterwards."""
    previous, last = GENESIS, 0
    while True:
        async with p.db.begin(AUDIT_REVIEW) as tx:
            rows = await tx.fetch(
                "select seq, (extract(epoch from at) * 1000000)::bigint as at_microseconds, actor, act, object, "
                "previous, hash from ipp.audit_entry where seq > $1 order by seq limit $2",
                last, _AT_ONCE,
            )  # fmt: skip
            broken = _followed(rows, previous, last)
            if broken is not None or len(rows) < _AT_ONCE:
                await record(tx, actor=f"{p.zone.value}/{by}", act="audit.verified", on="trail")
                return Verified(length=last + len(rows), broken_at=broken, at=p.clock.now())
        previous, last = rows[-1]["hash"], rows[-1]["seq"]
