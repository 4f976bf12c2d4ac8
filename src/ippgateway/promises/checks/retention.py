"""Section 13: what outlives an erasure, on which ground, until when, and for whom alone."""

from datetime import timedelta

from ippgateway.privacy.catalogue import BOOKS, ERASURE
from ippgateway.privacy.declare import KEYS, declared, readable
from ippgateway.privacy.persons import GROUNDS
from ippgateway.privacy.zones import PURPOSES, RIGHTS, Zone
from ippgateway.promises.context import Context
from ippgateway.promises.finding import Finding, Surface, judge
from ippgateway.promises.looking import StoredField, differences, fields

_CUT_SHORT = timedelta(hours=1)
_MOST_ERASED = 1_000

# --- RETAIN-3 ---


async def kept_on_named_grounds(context: Context) -> Finding:
    """RETAIN-3: whatever outlives an erasure is declared with a ground of the policy and an end; nothing else does."""
    personal = [field for field in fields(context) if field.said.category is not None]
    staying = [field for field in personal if field.said.stays]
    faults = [fault for field in staying for fault in _endless(field)]
    erased, waiting, unfinished = await _erasures(context)
    faults += [f"{unfinished} erasures were cut short and not finished"] if unfinished else []
    left, endless = await _left(context, erased, waiting)
    faults += [f"{left} keys of erased persons are neither destroyed nor restricted"] if left else []
    faults += [f"{endless} restricted keys name no end, or no ground that outlives an erasure"] if endless else []
    return judge(
        faults=faults,
        proof=f"of {len(personal)} personal fields {len(staying)} outlive an erasure, each because the law asks for "
        f"the books, and until a day that is stored with its key; {len(erased)} persons were erased, and no other key "
        "of theirs is left",
        missing="the scheduler that ends what is kept on its day, and the grounds besides the law",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE, Surface.KEY_DATABASE),
    )


def _endless(field: StoredField) -> list[str]:
    keep, ground = field.said.keep, field.said.sealed
    found = []
    if ground not in GROUNDS:
        found.append(f"{field} outlives an erasure on a ground that no person has a key for")
    if keep is None or not keep.financial_years:
        found.append(f"{field} outlives an erasure without an end by law")
    return found


async def _erasures(context: Context) -> tuple[list[str], list[str], int]:
    """The persons erased last, those whose erasure waits for a legal hold, and how many erasures stand still."""
    async with context.under(Zone.CONSOLE, ERASURE, tenants=await context.tenants()) as tx:
        rows = await tx.fetch(
            "select person_id from ipp.erasure where state in ('ERASED', 'LOOKED_AFTER') "
            "order by erased_at desc limit $1",
            _MOST_ERASED,
        )
        waiting = await tx.fetch("select person_id from ipp.erasure where state = 'HELD'")
        unfinished = await tx.fetchval(
            "select count(*) from ipp.erasure where state = 'BEGUN' and begun_at < $1", context.clock.now() - _CUT_SHORT
        )
    return [row["person_id"] for row in rows], [row["person_id"] for row in waiting], int(unfinished or 0)


async def _left(context: Context, erased: list[str], waiting: list[str]) -> tuple[int, int]:
    """Of the erased: keys that are still in use; of all restricted keys: those without an end or a ground, but for what
    waits for a hold, which has the hold's."""
    retained = [ground.key for ground in GROUNDS if ground.retained is not None]
    async with context.under(Zone.CONSOLE, ERASURE, of=KEYS, tenants=await context.tenants()) as tx:
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
    key = KEYS.tables["ipp.person_key"]
    faults += [
        f"{access.purpose.key} is declared to open restricted keys"
        for access in declared(key).access
        if access.restricted and "wrapped" in readable(key, access) and access.purpose != BOOKS
    ]
    seen, ways = await _seen(context)
    faults += seen
    return judge(
        faults=faults,
        proof=f"{ways} ways to the keys of persons, as every zone and purpose: each shows keys in use and none that an "
        "erasure has restricted; the only purpose that may see those keeps the books, and no zone has taken it up",
        missing="the desk that keeps the books",
        surfaces=(Surface.KEY_DATABASE, Surface.DECLARATIONS),
    )


_RESTRICTED = "select exists (select wrapped from ipp.person_key where restricted_at is not null)"


async def _seen(context: Context) -> tuple[list[str], int]:
    key, tenants = KEYS.tables["ipp.person_key"], await context.tenants()
    faults, ways = [], 0
    for zone, rights in RIGHTS.items():
        if BOOKS in rights.purposes:
            faults.append(f"zone {zone.value} keeps the books besides what else it does")
        for purpose in (p for p in PURPOSES if p in rights.purposes):
            access = declared(key).access_of(purpose)
            if access is None or "wrapped" not in readable(key, access):
                continue
            ways += 1
            async with context.under(zone, purpose, of=KEYS, tenants=tenants) as tx:
                if await tx.fetchval(_RESTRICTED):
                    faults.append(f"zone {zone.value} sees restricted keys for {purpose.key}")
    return faults, ways
