"""What follows from decisions, in the process that answers people: holds from the day a case is entered, the file once
two have approved it with the record of who got what, and letters to the people concerned as soon as these are allowed.

Each step is a transaction of its own that may be cut off anywhere and is done again; none is done twice.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.core.log import Log
from ippgateway.domains.disclosures.kinds import KINDS
from ippgateway.domains.disclosures.models import DisclosureCase
from ippgateway.domains.disclosures.service import export
from ippgateway.domains.disclosures.service.subjects import found
from ippgateway.domains.disclosures.service.telling import letters, owe
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import HAND_OVER
from ippgateway.privacy.disclosure import records
from ippgateway.privacy.disclosure.register import Entry, enter, in_force
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights import holds
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.vocabulary import KeptFor
from ippgateway.privacy.zones import PLATFORM

_log = Log("disclosures")

RECEIVES_FOR = timedelta(days=30)
"""An entry of the register that a case makes ends by itself (DISC-3: limited in time)."""
HELD_FOR = timedelta(days=365)
_AT_ONCE = 20
_OPEN = "state in ('OPEN', 'APPROVED', 'READY')"
_INSERT_SILENT = records.INSERT.replace("fields)", "fields, silenced_at)")
_STANDS = "silenced_at < 'infinity'"
_AGAIN = records.ONCE.replace("nothing", "update set silenced_at = excluded.silenced_at")
_MAY_BE_TOLD = "state = 'DONE' and told_at is null and not silent and (silent_until is null or silent_until < $2::date)"
_READ = (
    "id, asker_id, kind, organisation, place, transfer_tool, measures, categories, begins, ends, pseudonymised, "
    "requested_by, subjects, hold, ended_by"
)


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class _Work:
    """A case that something is to be done about. `asks`: the keys of whoever asks; `about`: whom it is about."""

    row: asyncpg.Record
    asks: Box
    about: tuple[Person, ...]


async def look_after(p: Platform) -> int:
    """Do whatever is due; how many steps were taken. What fails is tried again next time."""
    steps = (
        (f"{_OPEN} and hold and held_at is null", _hold),
        ("state = 'APPROVED' and (held_at is not null or not hold)", _prepare),
        ("state = 'READY'", _look_again),
        ("state = 'REFUSED' and (held_at is not null or ready_at is not null)", _undo),
        (_MAY_BE_TOLD, _tell),
    )  # fmt: skip
    done = 0
    for due, step in steps:
        for row in await _due(p, due):
            try:
                done += await step(p, await _work(p, row))
            except Exception as error:  # another case must not wait for this one
                _log.error("case.not_looked_after", error, case=row["id"])
    return done


async def _due(p: Platform, condition: str) -> "list[asyncpg.Record]":
    async with p.db.begin(HAND_OVER, tenants=[PLATFORM]) as tx:
        return await tx.fetch(
            f"select {_READ} from ipp.disclosure_case where tenant_id = $1 and {condition} "
            f"and $2::date is not null order by created_at limit {_AT_ONCE}",
            PLATFORM, p.clock.now().astimezone(UTC).date(),
        )  # fmt: skip


async def _work(p: Platform, row: asyncpg.Record) -> _Work:
    asks = await p.persons.open(HAND_OVER, PLATFORM, row["asker_id"])
    lines = asks.open(DisclosureCase.subjects, row["subjects"]).open()
    return _Work(row=row, asks=asks, about=await found(p, tuple(filter(None, lines.split("\n")))))


async def _hold(p: Platform, work: _Work) -> int:
    """From now on nothing about them is erased, on the ground of an investigation. A hold ends by itself, and with a
    refusal."""
    now, row = p.clock.now(), work.row
    async with p.db.begin(HAND_OVER, tenants=[PLATFORM]) as tx:
        if not await _marked(tx, work, "held_at = $3", f"held_at is null and {_OPEN}", now):
            return 0
        for person in work.about:
            hold = holds.NewHold(
                reason=KeptFor.INVESTIGATION, scope=holds.Scope.PERSON, tenant_id=person.rows_of,
                named=person.person_id, reference=row["id"], ends_on=(now + HELD_FOR).date(),
            )  # fmt: skip
            await holds.placed(tx, p, hold, by=row["requested_by"])
    return 1


async def _prepare(p: Platform, work: _Work) -> int:
    """The file, the entry of the register that allows it, and who got what: all of it or nothing."""
    row, now = work.row, p.clock.now()
    scope = export.Scope(
        case_id=row["id"], categories=frozenset(row["categories"]), begins=row["begins"], ends=row["ends"],
        pseudonymised=row["pseudonymised"],
    )  # fmt: skip
    entry = _entry(row, now)
    refused = entry.refusal(HAND_OVER, (), now)
    if refused is not None:
        raise PermissionError(refused.value)
    boxes = await _may_go(p, work)
    async with p.db.begin(HAND_OVER, tenants=_tenants(work)) as tx:
        await tx.execute("set transaction isolation level repeatable read")
        said = {each: await export.about(tx, p.persons.index, each, scope, box) for each, box in boxes.items()}
        given = {each: written for each, written in said.items() if written is not None}
        file = json.dumps(
            export.document(scope, row["kind"], row["organisation"], now, given.values()), ensure_ascii=False, indent=1
        )
        done = await tx.execute(
            "update ipp.disclosure_case set state = 'READY', ready_at = $3, export = $4, found = $5, digest = $6 "
            "where tenant_id = $1 and id = $2 and state = 'APPROVED'",
            PLATFORM, row["id"], now, work.asks.seal(DisclosureCase.export, file), len(given),
            sha256(file.encode()).hexdigest(),
        )  # fmt: skip
        if not done:
            return 0
        if not await tx.value("select 1 from ipp.recipient where id = $1", entry.id):
            await enter(tx, entry, at=now)
        for each, written in given.items():
            await _record(tx, each, entry, written, now)
        await audit.record(tx, actor=p.zone.value, act="disclosure.prepared", on=row["id"])
    return 1


async def _may_go(p: Platform, work: _Work) -> dict[Person, Box]:
    """Those of whom something may be handed over, with their keys: nobody who was erased, which a hold puts off; and
    nobody who has their data restricted, but for what may go out in spite of it."""
    boxes = {each: await p.persons.open(HAND_OVER, each.controller, each.person_id) for each in work.about}
    there = {each: box for each, box in boxes.items() if work.row["hold"] or not box.empty}
    if KINDS[work.row["kind"]].in_spite_of_restriction:
        return there
    return {
        each: box for each, box in there.items()
        if not await p.persons.paused(HAND_OVER, each.controller, each.person_id)
    }  # fmt: skip


async def _look_again(p: Platform, work: _Work) -> int:
    """What waits to be handed over goes no further than the register lets it, and is put together anew when somebody in
    it was erased or has their data restricted meanwhile."""
    now, going = p.clock.now(), await _may_go(p, work)
    async with p.db.begin(HAND_OVER, tenants=_tenants(work)) as tx:
        if not await in_force(tx, work.row["id"], now):
            return await _no_more(tx, p, work, "state = 'REFUSED', ended_at = $3", act="disclosure.lapsed")
        listed = await tx.fetch(
            f"select tenant_id, person_id from ipp.disclosure where subject_id = $1 and {_STANDS}", work.row["id"]
        )
        if {tuple(row) for row in listed} <= {(each.rows_of, each.person_id) for each in going}:
            return 0
        anew = "state = 'APPROVED', ready_at = null, found = null"
        return await _no_more(tx, p, work, anew, act="disclosure.put_back")


async def _no_more(tx: Tx, p: Platform, work: _Work, change: str, *, act: str) -> int:
    """The file goes before it was handed over, and nobody got anything."""
    change = f"{change}, export = null, digest = null"
    if not await _marked(tx, work, change, "state = 'READY' and $3::timestamptz is not null", p.clock.now()):
        return 0
    await _nobody_got_it(tx, work)
    await audit.record(tx, actor=p.zone.value, act=act, on=work.row["id"])
    return 1


async def _undo(p: Platform, work: _Work) -> int:
    """Nothing is handed over, and nobody is held on to any more."""
    async with p.db.begin(HAND_OVER, tenants=_tenants(work)) as tx:
        change, only_if = "held_at = null, ready_at = null", "state = 'REFUSED' and $3::timestamptz is not null"
        if not await _marked(tx, work, change, only_if, p.clock.now()):
            return 0
        await holds.released(tx, p, reference=work.row["id"], by=work.row["ended_by"] or work.row["requested_by"])
        await _nobody_got_it(tx, work)
    return 1


async def _nobody_got_it(tx: Tx, work: _Work) -> None:
    """Nobody may remove a record; one of what was not handed over is never told."""
    await tx.execute("update ipp.disclosure set silenced_at = 'infinity' where subject_id = $1", work.row["id"])


def _tenants(work: _Work) -> list[str]:
    return sorted({PLATFORM, *(each.rows_of for each in work.about)})


def _entry(row: asyncpg.Record, now: datetime) -> Entry:
    return Entry(
        id=row["id"], kind=KINDS[row["kind"]].recipient.key, name=row["organisation"], place=row["place"],
        purposes=(HAND_OVER.key,), categories=tuple(row["categories"]), contract=f"case {row['id']}",
        transfer_tool=row["transfer_tool"], measures=row["measures"], valid_from=now, valid_to=now + RECEIVES_FOR,
    )  # fmt: skip


async def _record(tx: Tx, person: Person, entry: Entry, written: dict[str, Any], now: datetime) -> None:
    """Which categories of this person are in the file, and no others. They see it once they may be told."""
    await tx.execute(
        f"{_INSERT_SILENT}values ($1, $2, $3, $4, $5, $6, $7, $8, $7) {_AGAIN}",
        person.rows_of, person.person_id, entry.id, entry.id, entry.kind, HAND_OVER.key, now,
        ",".join(written["categories"]),
    )  # fmt: skip


async def _tell(p: Platform, work: _Work) -> int:
    """Letters to those concerned whom we know, or to the shop whose payers they are; once."""
    owed = await letters(p, work.about, organisation=work.row["organisation"], case_id=work.row["id"])
    async with p.db.begin(HAND_OVER, tenants=_tenants(work)) as tx:
        if not await _marked(tx, work, "told_at = $3", "told_at is null", p.clock.now()):
            return 0
        await tx.execute(
            f"update ipp.disclosure set silenced_at = null where subject_id = $1 and {_STANDS}", work.row["id"]
        )
        for each in owed:
            await owe(tx, p, each)
        await audit.record(tx, actor=p.zone.value, act="disclosure.told", on=work.row["id"])
    _log.info("case.told", case=work.row["id"], letters=len(owed))
    return 1


async def _marked(tx: Tx, work: _Work, change: str, only_if: str, at: datetime) -> bool:
    return bool(await tx.execute(
        f"update ipp.disclosure_case set {change} where tenant_id = $1 and id = $2 and {only_if}",
        PLATFORM, work.row["id"], at,
    ))  # fmt: skip
