"""What retention has done, for whoever answers for it: counts by day and by part, never what was removed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ippgateway.privacy.catalogue import LEGAL_HOLD
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.orphans import PART as KEYS

DAYS = 30
_MOST_PARTS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """The newest run in one part (`table/term`). `ended_at`: None when it was cut short; `held`: kept by legal holds;
    `behind`: due and left for the next run."""

    part: str
    began_at: datetime
    ended_at: datetime | None
    removed: int
    held: int
    behind: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """The last `DAYS` days. `looked_at`: when the newest run was, None before the first; `days`: rows removed on each;
    `keys`: persons whose keys were destroyed."""

    looked_at: datetime | None
    days: tuple[tuple[date, int], ...]
    keys: int
    parts: tuple[Part, ...]


async def ran(p: Platform) -> Ran:
    """What retention did in the last `DAYS` days."""
    today = p.clock.now().astimezone(UTC).date()
    first = today - timedelta(days=DAYS - 1)
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    async with p.db.begin(LEGAL_HOLD) as tx:
        by_day = await tx.fetch(
            "select (began_at at time zone 'UTC')::date as day, part = $2 as keys, sum(removed)::bigint as removed "
            "from ipp.retention_run where began_at >= $1 group by 1, 2",
            since, KEYS,
        )  # fmt: skip
        newest = await tx.fetch(
            "select distinct on (part) part, began_at, ended_at, removed, held, behind from ipp.retention_run "
            f"where began_at >= $1 order by part, began_at desc limit {_MOST_PARTS}",
            since,
        )  # fmt: skip
    removed = {row["day"]: int(row["removed"]) for row in by_day if not row["keys"]}
    days = tuple((day, removed.get(day, 0)) for day in (first + timedelta(days=n) for n in range(DAYS)))
    return Ran(
        looked_at=max((row["began_at"] for row in newest), default=None), days=days,
        keys=sum(int(row["removed"]) for row in by_day if row["keys"]),
        parts=tuple(Part(**dict(row)) for row in newest if row["part"] != KEYS),
    )  # fmt: skip
