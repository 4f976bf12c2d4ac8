"""Erasing a person: rows emptied, keys destroyed, what the law keeps restricted. The declarations say what and how.

Three steps, each a transaction that may be repeated: the rows, the keys (in their own database), the record. Whoever is
killed in between left a record that says so; `look_after` finishes it, and so does asking again.

A request that was under way in another process when the rows were emptied may still write one. Nothing new can begin,
because what it would begin with is emptied; so everything is looked at once more after the last of them has ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from ippgateway.core.database import Tx, may_pass
from ippgateway.core.log import Log
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import ERASURE
from ippgateway.privacy.emptying import emptied
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights import holds
from ippgateway.privacy.rights.holds import OnHold
from ippgateway.privacy.rights.reach import Person, Reached, ends_on, reached, staying

PERSON, OPERATOR = "person", "operator"
"""Who asked for it."""

_log = Log("erasure")

_CUT_SHORT_AFTER = timedelta(seconds=30)
_LOOK_AGAIN_AFTER = timedelta(minutes=2)
"""Longer than a request lasts, an answer is held on to, and an opened key is remembered, one after the other."""
_PAUSE = timedelta(minutes=1)
_HELD_PAUSE = timedelta(hours=1)
_AT_ONCE = 20


HELD = "HELD"
"""The state of an erasure that waits for a legal hold to end."""


class UnderWay(Exception):
    """Something of this person's is under way; nothing was erased. `ids`: what it is."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(" ".join(ids))
        self.ids = tuple(ids)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What a room says of a person who is to be erased. `under_way`: ids of what must end first. `spared`: by table,
    the ids of rows that a request under way may still need, until they are looked at again."""

    under_way: tuple[str, ...] = ()
    spared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Room(Protocol):
    """A room's own part: it locks what must not move meanwhile, ends what it runs for the person, and says what is
    under way. `last`: nothing of theirs can be under way elsewhere any more."""

    async def __call__(self, tx: Tx, person: Person, *, at: datetime, last: bool) -> Standing: ...


async def erase(p: Platform, person: Person, *, asked_by: str, rooms: Sequence[Room]) -> None:
    """Erase `person`, now; a second time it finishes what the first left. Raises UnderWay: then nothing happened.

    Raises OnHold when a legal hold keeps them: then it is on record, nothing is charged any more, every key is hidden
    from all but those who keep and end, and the erasure goes on by itself when the hold has ended.

    A user's account is closed first, by the room of accounts.
    """
    try:
        last, kept_until = await _empty(p, person, asked_by, rooms)
    except OnHold as held:
        await _hold(p, person, asked_by, rooms, held)
        raise
    await _end_keys(p, person, kept_until, last=last)
    await _record(p, person, asked_by, last=last)


async def look_after(p: Platform, rooms: Sequence[Room]) -> int:
    """Finish erasures that were cut short, and look again at those that were done a while ago. How many there were."""
    now = p.clock.now()
    async with p.db.begin(ERASURE) as tx:
        rows = await tx.fetch(
            "select controller, person_id, tenant, asked_by from ipp.erasure where next_at <= $1 "
            "order by next_at limit $2",
            now, _AT_ONCE,
        )  # fmt: skip
    for row in rows:
        person = Person(row["controller"], row["person_id"], row["tenant"])
        try:
            await erase(p, person, asked_by=row["asked_by"], rooms=rooms)
        except Exception as error:  # the others have their turn; this one is tried again
            if isinstance(error, OnHold):
                continue
            if not isinstance(error, UnderWay):
                _log.error("erasure.not_finished", error)
            await _later(p, person, now + _PAUSE)
    return len(rows)


# --- step one: the rows ---


async def _empty(p: Platform, person: Person, asked_by: str, rooms: Sequence[Room]) -> tuple[bool, date | None]:
    """Empty or delete everything that goes, in one transaction; whether this was the last look, and the end of the last
    field that stays."""
    now = p.clock.now()
    async with p.db.begin(ERASURE, tenants=_tenants(person)) as tx:
        if (held := await holds.over_person(tx, person, now)) is not None:
            raise OnHold(*held)
        last = await _begun(tx, person, asked_by, now)
        standings = [await room(tx, person, at=now, last=last) for room in rooms]
        under_way = [name for standing in standings for name in standing.under_way]
        if under_way:
            raise UnderWay(under_way)
        spared = {table: ids for standing in standings for table, ids in standing.spared.items()}
        for each in reversed(reached()):
            await _empty_table(tx, each, person, spared.get(each.table.name, ()))
        kept_until = await tx.value(
            "update ipp.erasure set kept_until = greatest(kept_until, $3) where controller = $1 and person_id = $2 "
            "returning kept_until",
            person.controller, person.person_id, await _kept_until(tx, person),
        )  # fmt: skip
    return last, kept_until


async def _hold(p: Platform, person: Person, asked_by: str, rooms: Sequence[Room], held: OnHold) -> None:
    """What a legal hold leaves of an erasure: rows stay, locked in by their keys. Looked at again every hour."""
    now = p.clock.now()
    async with p.db.begin(ERASURE, tenants=_tenants(person)) as tx:
        await tx.execute(
            "insert into ipp.erasure as e "
            "(controller, person_id, tenant, state, asked_by, begun_at, next_at, kept_until) "
            "values ($1, $2, $7, 'HELD', $3, $4, $5, $6) on conflict (controller, person_id) do update "
            "set next_at = excluded.next_at, "
            "kept_until = case when e.erased_at is null then excluded.kept_until else e.kept_until end, "
            "state = case when e.erased_at is null then 'HELD' else e.state end",
            person.controller, person.person_id, asked_by, now, now + _HELD_PAUSE, held.until,
            person.tenant,
        )  # fmt: skip
        standings = [await room(tx, person, at=now, last=False) for room in rooms]
        if under_way := [name for standing in standings for name in standing.under_way]:
            raise UnderWay(under_way)
    await p.persons.restrict(ERASURE, person.controller, person.person_id)


async def _begun(tx: Tx, person: Person, asked_by: str, now: datetime) -> bool:
    """Put it on record. Of two who erase the same person, one waits here for the other."""
    row = await tx.row(
        "insert into ipp.erasure as e (controller, person_id, tenant, state, asked_by, begun_at, next_at) "
        "values ($1, $2, $6, 'BEGUN', $3, $4, $5) on conflict (controller, person_id) do update "
        "set next_at = case when e.state in ('BEGUN', 'HELD') then excluded.next_at else e.next_at end, "
        "kept_until = case when e.state = 'HELD' then null else e.kept_until end, "
        "state = case when e.state = 'HELD' then 'BEGUN' else e.state end "
        "returning e.erased_at",
        person.controller, person.person_id, asked_by, now, now + _CUT_SHORT_AFTER, person.tenant,
    )  # fmt: skip
    erased_at = row["erased_at"] if row is not None else None
    return erased_at is not None and now >= erased_at + _LOOK_AGAIN_AFTER


async def _empty_table(tx: Tx, each: Reached, person: Person, spared: tuple[str, ...]) -> None:
    asked: list[object] = [person.rows_of, person.person_id]
    where = each.where
    if spared:
        asked.append(list(spared))
        where += " and not id = any($3::text[])"
    if each.said.goes:
        await tx.execute(f"delete from {each.name} where {where}", *asked)
        return
    going = [name for c, said in each.personal if not said.stays for name in (c.name, *said.along)]
    if going:
        changes = ", ".join(f"{name} = {emptied(each.table.c[name])}" for name in dict.fromkeys(going))
        await tx.execute(f"update {each.name} set {changes} where {where}", *asked)


async def _kept_until(tx: Tx, person: Person) -> date | None:
    """The end of the last field that stays."""
    latest: list[date] = []
    for each in reached():
        terms = {said.keep for said in staying(each) if said.keep is not None}
        if terms and each.since is not None:
            newest = await tx.value(
                f"select max({each.since}) from {each.name} where {each.where}", person.rows_of, person.person_id
            )
            latest += [end for term in terms if (end := ends_on(term, newest)) is not None]
    return max(latest, default=None)


# --- step two: the keys ---


async def _end_keys(p: Platform, person: Person, kept_until: date | None, *, last: bool) -> None:
    """Keys of grounds that end are destroyed, the others restricted. At the last look a key that keeps nothing goes as
    well; before that a payment under way elsewhere might still need it for the books."""
    if last and kept_until is None:
        await p.persons.destroy(ERASURE, person.controller, person.person_id, tenant=person.tenant)
    else:
        await p.persons.end(ERASURE, person.controller, person.person_id, kept_until=kept_until, tenant=person.tenant)


# --- step three: the record ---


async def _record(p: Platform, person: Person, asked_by: str, *, last: bool) -> None:
    now = p.clock.now()
    async with p.db.begin(ERASURE, tenants=_tenants(person)) as tx:
        first = await tx.execute(
            "update ipp.erasure set state = 'ERASED', erased_at = $3, next_at = $4 "
            "where controller = $1 and person_id = $2 and state = 'BEGUN'",
            person.controller, person.person_id, now, now + _LOOK_AGAIN_AFTER,
        )  # fmt: skip
        if first:
            await audit.record(tx, actor=f"{p.zone.value}/{asked_by}", act="person.erased", on=str(person))
        elif last:
            await tx.execute(
                "update ipp.erasure set state = 'LOOKED_AFTER', next_at = null "
                "where controller = $1 and person_id = $2",
                person.controller, person.person_id,
            )  # fmt: skip


def _tenants(person: Person) -> list[str]:
    """Whose rows an erasure sees: those about the person, and the record under the controller."""
    return sorted({person.controller, person.rows_of})


async def _later(p: Platform, person: Person, at: datetime) -> None:
    try:
        async with p.db.begin(ERASURE, tenants=_tenants(person)) as tx:
            await tx.execute(
                "update ipp.erasure set next_at = $3 where controller = $1 and person_id = $2 and next_at is not null",
                person.controller, person.person_id, at,
            )  # fmt: skip
    except Exception as error:
        if not may_pass(error):
            raise
