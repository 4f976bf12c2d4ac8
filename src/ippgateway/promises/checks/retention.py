"""Section 13: what ends, and when; what outlives an erasure, on which ground, until when, and for whom alone.
(What people ask: `asked`.)"""

from datetime import UTC, datetime, timedelta

from ippgateway.core.database import Tx
from ippgateway.privacy.catalogue import BOOKS, ERASURE, RETENTION
from ippgateway.privacy.declare import KEYS, declared, readable
from ippgateway.privacy.persons import GROUNDS
from ippgateway.privacy.rights import holds, retain
from ippgateway.privacy.rights.endings import endings
from ippgateway.privacy.rights.orphans import PART as SWEPT
from ippgateway.privacy.vocabulary import KeptFor
from ippgateway.privacy.zones import PURPOSES, RIGHTS, Zone
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge
from ippgateway.promises.knocking import open_to_strangers
from ippgateway.promises.looking import StoredField, differences, fields
from ippgateway.promises.rules import let_through

_CUT_SHORT = timedelta(hours=1)
_MOST_ERASED = 1_000
_NOW = "2030-06-01T12:00:00Z"

# --- RETAIN-1 ---

_MAY_BE_LATE = timedelta(days=1)
"""So long something may be over and still there: a machine that was off, somebody's lock, very much at once."""
_MISSED = timedelta(seconds=3 * retain.EVERY_S)
_TRIES, _PAUSE_S = 40, 0.25


async def what_is_over_ends(context: Context) -> Finding:
    """RETAIN-1: every personal field has a term whose moment the database can tell, a sweep was within hours, and
    nothing is left that has been over for a day; what is due can be told without changing anything."""
    parts = endings()
    ending = {f"{part.table.name}.{name}" for part in parts for name in part.columns}
    faults = [f"{field} has no term that ends it" for field in fields(context)
              if field.said.category is not None and str(field) not in ending]  # fmt: skip
    faults += await differences(context)
    faults += await open_to_strangers(context, "desk", "retention")
    last, ran, removed = await _last_run(context)
    if last is None:
        faults.append("nothing was ever swept")
    elif context.clock.now() - last > _MISSED:
        faults.append(f"the last sweep was {_hours(context.clock.now() - last)} hours ago, and it is due every hour")
    left, due, held = await _backlog(context)
    faults += [f"{count} rows of {part} have been over for more than a day" for part, count in left.items()]
    return judge(
        faults=faults,
        proof=f"{len(ending)} fields end by {len({term for part in parts for term in part.terms})} terms in "
        f"{len(parts)} parts, each by a moment that the database itself tells; the newest of {ran} sweeps was "
        f"{_minutes(context, last)} minutes ago, and they removed {removed} rows; asked in a transaction that can't "
        f"write, {due} rows are due now, {held} are kept by legal holds, and none has been over for a day",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE, Surface.DESK),
    )


def _hours(time: timedelta) -> int:
    return int(time.total_seconds() // 3600)


def _minutes(context: Context, last: datetime | None) -> int:
    return 0 if last is None else int((context.clock.now() - last).total_seconds() // 60)


async def _last_run(context: Context) -> tuple[datetime | None, int, int]:
    """When the newest sweep was, how many are on record, and what they removed. One that is just beginning, because the
    Platform was started a moment ago, is waited for."""
    last, runs, removed = None, 0, 0
    for _ in range(_TRIES):
        async with context.under(Zone.WORKER, RETENTION) as tx:
            row = await tx.fetchrow(
                "select max(began_at) filter (where part = $1) as last, count(distinct id) as runs, "
                "coalesce(sum(removed) filter (where part <> $1), 0)::bigint as removed from ipp.retention_run", SWEPT,
            )  # fmt: skip
        if row is None:
            raise CannotCheck("the sweeps could not be counted")
        last, runs, removed = row["last"], row["runs"], row["removed"]
        if last is not None and context.clock.now() - last <= _MISSED:
            break
        await context.clock.sleep(_PAUSE_S)
    return last, runs, removed


async def _backlog(context: Context) -> tuple[dict[str, int], int, int]:
    """By part what has been over for a day and is still there; how much is due now, and how much holds keep."""
    now = context.clock.now()
    async with context.under(Zone.WORKER, RETENTION) as connection:
        tx = Tx(connection, RETENTION.key)
        late = await retain.over(tx, now, since=_MAY_BE_LATE)
        due = await retain.over(tx, now)
    return {each.part: each.count for each in late if each.count}, sum(d.count for d in due), sum(d.held for d in due)


# --- RETAIN-3 ---


_PROMISED = frozenset({
    "business", "law", "fraud", "fees", "dispute", "troubleshooting", "investigation", "terms", "other",
})  # fmt: skip
"""The grounds of the policy."""


async def kept_on_named_grounds(context: Context) -> Finding:
    """RETAIN-3: whatever outlives an erasure is declared with a ground of the policy and an end, or kept by a hold that
    names both; nothing else does, and what was kept goes on its day."""
    personal = [field for field in fields(context) if field.said.category is not None]
    staying = [field for field in personal if field.said.stays]
    faults = [fault for field in staying for fault in _endless(field)]
    faults += [f"the grounds are not those of the policy: {', '.join(odd)}"] if (odd := _odd_grounds()) else []
    faults += await _holds_taken(context)
    erased, waiting, unfinished, overlong = await _erasures(context)
    faults += [f"{unfinished} erasures were cut short and not finished"] if unfinished else []
    faults += [f"{overlong} erasures wait though they could go on"] if overlong else []
    left, endless = await _left(context, erased, waiting)
    faults += [f"{left} keys of erased persons are neither destroyed nor restricted"] if left else []
    faults += [f"{endless} restricted keys name no end, or no ground that outlives an erasure"] if endless else []
    outlived = await _outlived(context)
    faults += [f"{outlived} keys that were kept until a day are still there after it"] if outlived else []
    return judge(
        faults=faults,
        proof=f"of {len(personal)} personal fields {len(staying)} outlive an erasure, each because the law asks for "
        f"the books, and until a day that is stored with its key, which is destroyed then; a legal hold names one of "
        f"the policy's {len(_PROMISED)} grounds and a last day, or the database does not take it; {len(erased)} "
        f"persons were erased, and no other key of theirs is left; {len(waiting)} erasures wait for a hold",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE, Surface.KEY_DATABASE),
    )


def _odd_grounds() -> list[str]:
    return sorted({ground.value for ground in KeptFor} ^ _PROMISED)


async def _holds_taken(context: Context) -> list[str]:
    """What the table of legal holds would take."""
    whole = {"reason": "law", "scope": "person", "tenant_id": "made-up-0000", "named": "made-up-0001",
             "begins_at": _NOW, "ends_on": "2030-12-31", "released_at": None, "released_by": None}  # fmt: skip
    return await let_through(context, Zone.DESK, "legal_hold", whole, {
        "a hold without a ground": {"reason": None},
        "a hold on a ground that is not the policy's": {"reason": "hoard"},
        "a hold without a last day": {"ends_on": None},
        "a hold that ends before it begins": {"ends_on": "2030-05-31"},
        "a hold on something else than it can name": {"scope": "anybody"},
        "a hold that nobody answers for": {"owner_id": None},
        "a hold that nobody released": {"released_at": _NOW},
    })  # fmt: skip


def _endless(field: StoredField) -> list[str]:
    keep, ground = field.said.keep, field.said.sealed
    found = []
    if ground not in GROUNDS:
        found.append(f"{field} outlives an erasure on a ground that no person has a key for")
    if keep is None or not keep.financial_years:
        found.append(f"{field} outlives an erasure without an end by law")
    return found


async def _erasures(context: Context) -> tuple[list[str], list[str], int, int]:
    """The persons erased last; those whose erasure waits for a legal hold; how many erasures stand still, and how many
    wait without having been looked at since."""
    stale = context.clock.now() - _MAY_BE_LATE
    async with context.under(Zone.CONSOLE, ERASURE) as tx:
        rows = await tx.fetch(
            "select person_id from ipp.erasure where state in ('ERASED', 'LOOKED_AFTER') "
            "order by erased_at desc limit $1",
            _MOST_ERASED,
        )  # fmt: skip
        waiting = await tx.fetch("select person_id, next_at from ipp.erasure where state = 'HELD'")
        unfinished = await tx.fetchval(
            "select count(*) from ipp.erasure where state = 'BEGUN' and begun_at < $1", context.clock.now() - _CUT_SHORT
        )
    overlong = sum(row["next_at"] is None or row["next_at"] < stale for row in waiting)
    return [row["person_id"] for row in rows], [row["person_id"] for row in waiting], int(unfinished or 0), overlong


async def _outlived(context: Context) -> int:
    """Restricted keys whose last day was over before yesterday, but for those that a legal hold keeps."""
    now = context.clock.now()
    async with context.under(Zone.WORKER, RETENTION) as connection:
        keeps = await holds.keeping(Tx(connection, RETENTION.key), now)
    async with context.under(Zone.WORKER, RETENTION, of=KEYS) as tx:
        return int(await tx.fetchval(
            "select count(*) from ipp.person_key where restricted_at is not null and kept_until < $1 "
            "and not person_id = any($2::text[]) and not controller = any($3::text[])",
            (now - _MAY_BE_LATE).astimezone(UTC).date(), list(keeps.persons), list(keeps.tenants),
        ) or 0)  # fmt: skip


async def _left(context: Context, erased: list[str], waiting: list[str]) -> tuple[int, int]:
    """Of the erased: keys that are still in use; of all restricted keys: those without an end or a ground, but for what
    waits for a hold, which has the hold's."""
    retained = [ground.key for ground in GROUNDS if ground.retained is not None]
    async with context.under(Zone.WORKER, RETENTION, of=KEYS) as tx:
        left = await tx.fetchval(
            "select count(*) from ipp.person_key where person_id = any($1::text[]) and restricted_at is null", erased
        )
        endless = await tx.fetchval(
            "select count(*) from ipp.person_key where restricted_at < $1 "
            "and (kept_until is null or not ground = any($2::text[])) and not person_id = any($3::text[])",
            context.clock.now() - _CUT_SHORT, retained, waiting,
        )  # fmt: skip
    return int(left or 0), int(endless or 0)


# --- RETAIN-4 ---


async def what_is_kept_is_restricted(context: Context) -> Finding:
    """RETAIN-4: restricted keys are seen for the ground that keeps them alone; the database itself decides it."""
    faults = await differences(context)
    open_, held = await _held_in_use(context)
    faults += [f"{open_} keys are in use of persons whose erasure waits for a legal hold"] if open_ else []
    key = KEYS.tables["ipp.person_key"]
    faults += [
        f"{access.purpose.key} is declared to open restricted keys"
        for access in declared(key).access
        if access.restricted and _OPENS & set(readable(key, access)) and access.purpose != BOOKS
    ]
    seen, ways = await _seen(context)
    faults += seen
    return judge(
        faults=faults,
        proof=f"{ways} ways to the keys of persons, as every zone and purpose: each shows keys in use and none that an "
        f"erasure has restricted, nor of the {held} persons whose erasure waits for a legal hold; the only purpose "
        "that may see those keeps the books, and no zone has taken it up",
        missing="the desk that keeps the books; what is not sealed (where a visit came from, which browser) is read as "
        "before while a legal hold keeps it",
        surfaces=(Surface.KEY_DATABASE, Surface.DECLARATIONS),
    )


_OPENS = frozenset({"wrapped", "other"})
"""The columns with a wrapped key."""
_RESTRICTED = "select exists (select wrapped from ipp.person_key where restricted_at is not null)"


async def _seen(context: Context) -> tuple[list[str], int]:
    key, tenants = KEYS.tables["ipp.person_key"], await context.tenants()
    faults, ways = [], 0
    for zone, rights in RIGHTS.items():
        if BOOKS in rights.purposes:
            faults.append(f"zone {zone.value} keeps the books besides what else it does")
        for purpose in (p for p in PURPOSES if p in rights.purposes):
            access = declared(key).access_of(purpose)
            if access is None or not _OPENS & set(readable(key, access)):
                continue
            ways += 1
            async with context.under(zone, purpose, of=KEYS, tenants=tenants) as tx:
                if await tx.fetchval(_RESTRICTED):
                    faults.append(f"zone {zone.value} sees restricted keys for {purpose.key}")
    return faults, ways


async def _held_in_use(context: Context) -> tuple[int, int]:
    """Of the persons whose erasure waits for a legal hold: keys that are in use, and how many persons there are."""
    async with context.under(Zone.CONSOLE, ERASURE) as tx:
        rows = await tx.fetch("select person_id from ipp.erasure where state = 'HELD'")
    async with context.under(Zone.WORKER, RETENTION, of=KEYS) as tx:
        in_use = await tx.fetchval(
            "select count(*) from ipp.person_key where restricted_at is null and person_id = any($1::text[])",
            [row["person_id"] for row in rows],
        )
    return int(in_use or 0), len(rows)
