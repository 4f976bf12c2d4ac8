"""Retention: what has been kept long enough is removed, in small steps that get in nobody's way (RETAIN-1).

`due` says what is over and why, and changes nothing. `remove` takes it away in batches: each is a short transaction
that takes only rows which nobody has locked, waits for a lock a fifth of a second at most, and may be killed at any
moment. A run is on record from its first batch; one that was cut short has no end there, and the next one finds what it
left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ippgateway.core.database import Tx, may_pass
from ippgateway.core.log import Log
from ippgateway.privacy.catalogue import RETENTION
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights import holds, orphans
from ippgateway.privacy.rights.endings import Ending, endings, whose
from ippgateway.privacy.vocabulary import Term, Words

BATCH = 500
"""Rows of one transaction: some tens of milliseconds."""
MOST_ROWS = 100_000
"""Of one part in one run; the rest is the next run's, and the record says how much that is."""
EVERY_S = 3_600.0
_RESTS = 3.0
"""So many times as long as it took, nothing is done after each batch: the rest is for payments."""
_COUNTED = 1_000_000
"""More than this is told as this many."""

_log = Log("retention")


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """What is over in one part. `count`: rows that can go now, `held`: those that a legal hold keeps; `oldest`: the
    moment from which the oldest is counted, None without one; `columns`: what is emptied, or goes with the row."""

    part: str
    table: str
    about: Words
    columns: tuple[str, ...]
    term: Term
    deletes: bool
    count: int
    held: int
    oldest: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What one run did. `removed` and `behind` by part, without those where there was nothing."""

    id: str
    removed: dict[str, int]
    behind: dict[str, int]
    keys: int


async def due(p: Platform) -> tuple[Due, ...]:
    """What is over now, part by part, those with nothing too. Nothing is changed."""
    async with p.db.begin(RETENTION) as tx:
        await tx.execute("set transaction isolation level repeatable read, read only")
        return await over(tx, p.clock.now())


async def over(tx: Tx, now: datetime, *, since: timedelta = timedelta()) -> tuple[Due, ...]:
    """The same in a transaction that is open already, under retention; `since`: what has been over for that long."""
    keeps = await holds.keeping(tx, now)
    return tuple([await _due(tx, ending, keeps, now - since) for ending in endings()])


async def _due(tx: Tx, ending: Ending, keeps: holds.Keeping, now: datetime) -> Due:
    free, asked = _free(ending, keeps)
    cutoffs = ending.cutoffs(now)
    row = await tx.row(
        f"select count(*) filter (where free) as count, count(*) filter (where not free) as held, "
        f"min(age) filter (where free) as oldest from (select {free} as free, {ending.age} as age from {ending.name} t "
        f"where {ending.left} and {ending.over} limit {_COUNTED}) t",
        *cutoffs, *asked,
    )  # fmt: skip
    assert row is not None  # noqa: S101 - a count has a row
    return Due(
        part=ending.part, table=ending.table.name, about=ending.said.about, columns=ending.columns,
        term=ending.terms[-1], deletes=ending.deletes, count=row["count"], held=row["held"], oldest=row["oldest"],
    )  # fmt: skip


async def remove(p: Platform, *, batch: int = BATCH, most: int = MOST_ROWS) -> Run:
    """Remove what is over, up to `most` rows of each part, and destroy keys of which nothing is left to open.

    What stays behind (because of `most`, or because somebody has it locked) is counted and on record; a part that could
    not even be looked at is on record without an end.
    """
    run_id, removed = p.ids.new(), dict[str, int]()
    found = await _all_looked(p)
    for ending in endings():
        due_now = found[ending.part]
        if due_now is None or due_now.count or due_now.held:
            await _began(p, run_id, ending.part)
            removed[ending.part] = await _removed(p, ending, run_id, batch=batch, most=most)
        elif ending.used is not None and (count := await _removed(p, ending, run_id, batch=batch, most=most)):
            removed[ending.part] = count
    left = await _all_looked(p) if removed else found
    await _ended(p, run_id, {part: each for part, each in left.items() if part in removed and each is not None})
    return Run(
        id=run_id, removed={part: count for part, count in removed.items() if count},
        behind={part: each.count for part, each in left.items() if each is not None and each.count},
        keys=await orphans.destroy(p, run_id),
    )  # fmt: skip


async def _all_looked(p: Platform) -> dict[str, Due | None]:
    """What is over in every part; None for one that somebody is in the way of."""
    try:
        return dict(await _looked(p, *endings()))
    except Exception as error:
        if not may_pass(error):
            raise
    return dict([await _alone(p, ending) for ending in endings()])


async def _alone(p: Platform, ending: Ending) -> tuple[str, Due | None]:
    try:
        return (await _looked(p, ending))[0]
    except Exception as error:
        _gave_way(ending, error)
        return ending.part, None


async def _looked(p: Platform, *these: Ending) -> list[tuple[str, Due]]:
    now = p.clock.now()
    async with p.db.begin(RETENTION) as tx:
        await tx.execute(orphans.MODESTLY)
        keeps = await holds.keeping(tx, now)
        return [(ending.part, await _due(tx, ending, keeps, now)) for ending in these]


async def _removed(p: Platform, ending: Ending, run_id: str, *, batch: int, most: int) -> int:
    """Take batch after batch until nothing that is free is left; how many rows went. Each is noted with its rows."""
    taken = 0
    while taken < most:
        size, began_at = min(batch, most - taken), p.clock.now()
        try:
            async with p.db.begin(RETENTION) as tx:
                await tx.execute(orphans.MODESTLY)
                step = await _step(tx, ending, began_at, size)
                if step.gone:
                    await _noted(tx, run_id, ending.part, began_at, step.gone)
        except Exception as error:
            _gave_way(ending, error)
            break
        taken += step.gone
        if step.gone + step.newer < size:
            break
        await _rest(p, began_at)
    return taken


async def _rest(p: Platform, began_at: datetime) -> None:
    """Leave the database to others for some times as long as it was busy with this."""
    busy_s = (p.clock.now() - began_at).total_seconds()
    if busy_s > 0:
        await p.clock.sleep(_RESTS * busy_s)


def _gave_way(ending: Ending, error: Exception) -> None:
    """Somebody has a lock, or the database is away: the next run finds the same rows. Anything else is raised again."""
    if not may_pass(error):
        raise error
    _log.warning("retention.gave_way", table=ending.table.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    """What one batch did. `gone`: rows that were removed; `newer`: those found to be in use still."""

    gone: int
    newer: int = 0


async def _step(tx: Tx, ending: Ending, now: datetime, batch: int) -> _Step:
    """Take one batch: rows that nobody has locked, none of which a hold keeps."""
    keeps = await holds.keeping(tx, now)
    if ending.table.name in keeps.tables:
        return _Step(gone=0)
    free, asked = _free(ending, keeps)
    asked = [*ending.cutoffs(now), *asked]
    if ending.used is not None:
        row = await tx.row(_emptied_or_used(ending, free, batch), *asked)
        assert row is not None  # noqa: S101 - counts have a row
        return _Step(gone=row["gone"], newer=row["newer"])
    old = _old(ending, ending.key, ending.over, free, batch)
    what = f"delete from {ending.name} r using old" if ending.deletes else (
        f"update {ending.name} r set {ending.emptying} from old"
    )  # fmt: skip
    return _Step(gone=await tx.execute(f"{old} {what} where {_same(ending)}", *asked))


def _old(ending: Ending, read: Sequence[str], over: str, free: str, batch: int) -> str:
    # Emptied fields are no part of what others refer to, so that a row may still be referred to meanwhile.
    lock = "for update" if ending.deletes else "for no key update"
    return (
        f"with old as materialized (select {', '.join(f't.{name}' for name in read)} from {ending.name} t "
        f"where {ending.left} and {over} and {free} order by {ending.age} limit {batch} {lock} of t skip locked)"
    )


def _emptied_or_used(ending: Ending, free: str, batch: int) -> str:
    """Of what was new long ago: rows that nothing newer refers to are emptied; others note the newest that does, so
    that they are not looked at again before its term."""
    return (
        f"{_old(ending, ending.key, f'{ending.age} < $1', free, batch)}, "
        f"found as materialized (select t.*, {ending.newest} as newest from old t), "
        f"gone as (update {ending.name} r set {ending.emptying} from found old where {_same(ending)} "
        f"and (old.newest < $1) is not false returning 1), "
        f"newer as (update {ending.name} r set {ending.used} = old.newest from found old where {_same(ending)} "
        f"and old.newest >= $1 returning 1) "
        "select (select count(*) from gone) as gone, (select count(*) from newer) as newer"
    )


def _same(ending: Ending) -> str:
    return " and ".join(f"r.{name} = old.{name}" for name in ending.key)


def _free(ending: Ending, keeps: holds.Keeping) -> tuple[str, list[object]]:
    if ending.table.name in keeps.tables:
        return "false", []
    free, asked = holds.spared(
        keeps, tenant=ending.said.tenant, owner=whose(ending), first=len(ending.terms) + 1
    )  # fmt: skip
    return free, list(asked)


# --- the record ---


async def _began(p: Platform, run_id: str, part: str) -> None:
    async with p.db.begin(RETENTION) as tx:
        await tx.execute(
            "insert into ipp.retention_run (id, part, began_at) values ($1, $2, $3)", run_id, part, p.clock.now()
        )


async def _noted(tx: Tx, run_id: str, part: str, at: datetime, count: int) -> None:
    await tx.execute(
        "insert into ipp.retention_run as r (id, part, began_at, removed) values ($1, $2, $3, $4) "
        "on conflict (id, part) do update set removed = r.removed + excluded.removed",
        run_id, part, at, count,
    )  # fmt: skip


async def _ended(p: Platform, run_id: str, left: dict[str, Due]) -> None:
    async with p.db.begin(RETENTION) as tx:
        await tx.execute(
            "update ipp.retention_run r set ended_at = $2, held = n.held, behind = n.behind "
            "from unnest($3::text[], $4::bigint[], $5::bigint[]) as n(part, held, behind) "
            "where r.id = $1 and r.part = n.part",
            run_id, p.clock.now(), list(left), [each.held for each in left.values()],
            [each.count for each in left.values()],
        )  # fmt: skip


async def sweep(p: Platform) -> None:
    """At once and every hour, until it is cancelled. What fails is logged by its place, and found again."""
    while True:
        try:
            run = await remove(p)
            if run.removed or run.keys:
                _log.info("retention.removed", run=run.id, rows=sum(run.removed.values()), keys=run.keys)
            if run.behind:
                _log.warning("retention.behind", run=run.id, rows=sum(run.behind.values()))
        except Exception as error:  # the database may be away; what is over stays over
            _log.error("retention.failed", error)
        await p.clock.sleep(EVERY_S)
