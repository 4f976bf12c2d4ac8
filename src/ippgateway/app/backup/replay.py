"""After a restore, whichever side does not know of an erasure hears of it from the other, before anything opens.

The journal lies with the keys: data from before an erasure is told by it, and the rows are emptied again (their keys
are gone as it is). Keys from before an erasure are told by the data's record of erasures, and destroyed again.
Restrictions and objections that stand on either side stand on both. It is part of every set-up, so that it happens
however something was restored.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ippgateway.app.keys.ways import keys_owner, main_owner
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.core.clock import Clock
from ippgateway.core.log import Log
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.privacy.catalogue import ERASURE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.erase import OPERATOR, UnderWay, erase
from ippgateway.privacy.rights.holds import OnHold
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.zones import Zone

_MARGIN = timedelta(days=7)

_log = Log("replay")


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """How many erasures were done again. `waiting`: of these, where a payment is under way, or where a legal hold that
    had ended stands again; they are finished by the schedule, and their values are unreadable until then."""

    again: int
    waiting: int


async def replay(settings: Settings, *, clock: Clock) -> Replayed:
    """Erase again whom one side knows as erased and the other does not."""
    await _stops(settings)
    after = clock.now() - journal_kept(settings)
    journal, record = await _journal(settings, after), await _record(settings, after)
    differing = {**{p: journal[p] for p in journal.keys() - await _recorded(settings, list(journal))},
                 **{p: record[p] for p in record.keys() - journal.keys()}}  # fmt: skip
    if not differing:
        return Replayed(again=0, waiting=0)
    waiting = 0
    async with platform_for(Zone.CONSOLE, settings, clock=clock) as p:
        for person in differing.values():
            waiting += not await _again(p, person)
    _log.info("erasures.replayed", again=len(differing), waiting=waiting)
    return Replayed(again=len(differing), waiting=waiting)


def journal_kept(settings: Settings) -> timedelta:
    """How long the journal remembers an erasure: longer than any backup from before it is kept."""
    return timedelta(days=settings.backup_days) + _MARGIN


async def _stops(settings: Settings) -> None:
    """A restriction or an objection that stands on either side stands on both. One that was lifted after the moment
    that was restored stands again, until somebody lifts it."""
    async with main_owner(settings) as main, keys_owner(settings) as keys:
        await main.executemany(
            "insert into ipp.stop as s (tenant_id, person_id, controller, paused_at, objected) "
            "values (coalesce((select tenant_id from ipp.app_user where person_id = $2 limit 1), $1), $2, $1, $3, $4) "
            "on conflict (tenant_id, person_id) do update set paused_at = coalesce(s.paused_at, excluded.paused_at), "
            "objected = array(select distinct unnest(s.objected || excluded.objected))",
            [tuple(row) for row in await keys.fetch(
                "select controller, person_id, max(paused_at), max(objected) from ipp.person_key "
                "where paused_at is not null or objected <> '{}' group by controller, person_id"
            )],
        )  # fmt: skip
        await keys.executemany(
            "update ipp.person_key set paused_at = coalesce(paused_at, $3), "
            "objected = array(select distinct unnest(objected || $4)) where controller = $1 and person_id = $2",
            [tuple(row) for row in await main.fetch(
                "select controller, person_id, paused_at, objected from ipp.stop "
                "where paused_at is not null or objected <> '{}'"
            )],
        )  # fmt: skip


_Whose = tuple[str, str]


async def _journal(settings: Settings, after: datetime) -> dict[_Whose, Person]:
    async with keys_owner(settings) as keys:
        rows = await keys.fetch(
            "select controller, person_id, tenant from ipp.destroyed_key where last_at > $1 and erased", after
        )
    return {(r["controller"], r["person_id"]): Person(r["controller"], r["person_id"], r["tenant"]) for r in rows}


async def _record(settings: Settings, after: datetime) -> dict[_Whose, Person]:
    async with main_owner(settings) as main:
        rows = await main.fetch("select * from ipp.erasure where state <> 'BEGUN' and erased_at > $1", after)
    return {
        (r["controller"], r["person_id"]): Person(r["controller"], r["person_id"], r.get("tenant") or "") for r in rows
    }


async def _recorded(settings: Settings, asked: list[_Whose]) -> set[_Whose]:
    async with main_owner(settings) as main:
        rows = await main.fetch(
            "select e.controller, e.person_id from ipp.erasure e join unnest($1::text[], $2::text[]) "
            "as a(controller, person_id) on a.controller = e.controller and a.person_id = e.person_id",
            [controller for controller, _ in asked], [person_id for _, person_id in asked],
        )  # fmt: skip
    return {(r["controller"], r["person_id"]) for r in rows}


async def _again(p: Platform, person: Person) -> bool:
    """Erase once more; False when something of theirs was under way, or on hold, at the moment that was restored."""
    try:
        await erase(p, person, asked_by=OPERATOR, rooms=ROOMS.erasing)
    except OnHold:  # it is on record, and goes on by itself
        return False
    except UnderWay:
        now = p.clock.now()
        async with p.db.begin(ERASURE, tenants=[person.rows_of, person.controller]) as tx:
            await tx.execute(
                "insert into ipp.erasure (controller, person_id, tenant, state, asked_by, begun_at, next_at) "
                "values ($1, $2, $5, 'BEGUN', $3, $4, $4) on conflict do nothing",
                person.controller, person.person_id, OPERATOR, now, person.tenant,
            )  # fmt: skip
        return False
    return True
