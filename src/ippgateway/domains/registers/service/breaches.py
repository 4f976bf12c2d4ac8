"""Breaches: each step is another entry, so that the register itself is the log that Article 33(5) asks for."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import asyncpg

from ippgateway.domains.registers.errors import BadEntry, NoSuchBreach, NotNow
from ippgateway.domains.registers.models import BreachEntry
from ippgateway.domains.registers.schemas import LONGEST, TEXTS, Act, BreachView, Concerned, Risk, Said, Step
from ippgateway.domains.registers.service.affected import concerned
from ippgateway.domains.registers.service.kinds import categories
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import REGISTERS
from ippgateway.privacy.persons import KeyDestroyed
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

_MOST_SHOWN = 200
_NEEDED = ("nature",)
_COLUMNS = (
    "breach_id, number, keys_id, at, by_id, act, aware_at, began_at, ended_at, categories, of_tenant, staff_id, "
    "recipient_id, risk, persons, records, notified_at, told_at, closed_at, contents"
)


async def open_breach(p: Platform, said: Said, *, by: str) -> str:
    """Enter a breach; its id. Raises BadEntry."""
    _require(p, said)
    box = await p.persons.create(REGISTERS, PLATFORM, p.ids.new())
    breach = BreachView(
        id=p.ids.new(), number=0, said=said, persons=None, records=None, notified_at=None, told_at=None, closed_at=None
    )
    await _enter(p, breach, box.person_id, Act.OPENED, by)
    return breach.id


async def change(p: Platform, *, breach_id: str, said: Said, by: str, number: int) -> None:
    """Another entry with what the form says. `number`: the entry that the form was made from. Raises NoSuchBreach,
    BadEntry, NotNow: somebody else saved meanwhile, or it is closed."""
    _require(p, said)
    breach, keys_id = await _open(p, breach_id)
    if breach.number != number:
        raise NotNow("meanwhile")
    await _enter(p, replace(breach, said=said), keys_id, Act.CHANGED, by)


async def count(p: Platform, *, breach_id: str, by: str) -> tuple[Concerned, ...]:
    """Count who is concerned, now; the numbers stand in the register. Raises NoSuchBreach, NotNow."""
    breach, keys_id = await _open(p, breach_id)
    found, persons, records = await concerned(p, breach.said)
    await _enter(p, replace(breach, persons=persons, records=records), keys_id, Act.COUNTED, by)
    return found


async def notified(p: Platform, *, breach_id: str, by: str) -> None:
    """The authority has heard of it. Raises NoSuchBreach, NotNow: after 72 hours, reasons for the delay come first
    (Article 33(1))."""
    breach, keys_id = await _open(p, breach_id)
    now = p.clock.now()
    if breach.notified_at is not None:
        raise NotNow("already")
    if now > breach.due_at and not breach.said.texts.get("late"):
        raise NotNow("late")
    await _enter(p, replace(breach, notified_at=now), keys_id, Act.NOTIFIED, by)


async def told(p: Platform, *, breach_id: str, by: str) -> None:
    """The persons concerned have heard of it. Raises NoSuchBreach, NotNow."""
    breach, keys_id = await _open(p, breach_id)
    if breach.told_at is not None:
        raise NotNow("already")
    await _enter(p, replace(breach, told_at=p.clock.now()), keys_id, Act.TOLD, by)


async def close(p: Platform, *, breach_id: str, by: str) -> None:
    """Nothing is left to do. Raises NoSuchBreach, NotNow: what the law asks for comes first."""
    breach, keys_id = await _open(p, breach_id)
    if (missing := missing_of(breach)) is not None:
        raise NotNow(missing)
    await _enter(p, replace(breach, closed_at=p.clock.now()), keys_id, Act.CLOSED, by)


def missing_of(breach: BreachView) -> str | None:
    """What has to come before a breach is closed (Articles 33 and 34); None when nothing is missing."""
    said = breach.said
    if said.risk is None or not said.texts.get("assessment"):
        return "assessment"
    if not said.texts.get("measures"):
        return "measures"
    if said.risk is not Risk.UNLIKELY and breach.notified_at is None:
        return "authority"
    if said.risk is Risk.HIGH and breach.told_at is None and not said.texts.get("untold"):
        return "persons"
    return None


# --- read ---


async def breaches(p: Platform) -> tuple[BreachView, ...]:
    """Every breach as it stands, those that are not closed first."""
    async with p.db.begin(REGISTERS, tenants=[PLATFORM]) as tx:
        rows = await tx.fetch(
            f"select * from (select distinct on (breach_id) {_COLUMNS} from ipp.breach_entry where tenant_id = $1 "
            f"order by breach_id, number desc) b order by closed_at is not null, aware_at desc limit {_MOST_SHOWN}",
            PLATFORM,
        )  # fmt: skip
    return tuple([await _view(p, [row]) for row in rows])


async def breach(p: Platform, *, breach_id: str) -> BreachView:
    """One as it stands, with its log. Raises NoSuchBreach."""
    return (await _found(p, breach_id))[0]


async def _open(p: Platform, breach_id: str) -> tuple[BreachView, str]:
    found, keys_id = await _found(p, breach_id)
    if found.closed_at is not None:
        raise NotNow("closed")
    return found, keys_id


async def _found(p: Platform, breach_id: str) -> tuple[BreachView, str]:
    async with p.db.begin(REGISTERS, tenants=[PLATFORM]) as tx:
        rows = await tx.fetch(
            f"select {_COLUMNS} from ipp.breach_entry where tenant_id = $1 and breach_id = $2 order by number",
            PLATFORM, breach_id,
        )  # fmt: skip
    if not rows:
        raise NoSuchBreach
    return await _view(p, rows), rows[-1]["keys_id"]


async def _view(p: Platform, rows: "list[asyncpg.Record]") -> BreachView:
    newest = rows[-1]
    box = (await p.persons.open_many(REGISTERS, PLATFORM, [newest["keys_id"]]))[newest["keys_id"]]
    try:
        texts = json.loads(box.open(BreachEntry.contents, newest["contents"]).open() or "{}")
    except KeyDestroyed:  # the register outlived its texts
        texts = {}
    same = ("aware_at", "began_at", "ended_at", "of_tenant", "staff_id", "recipient_id")
    said = Said(
        **{name: newest[name] for name in same},
        categories=tuple(newest["categories"]),
        risk=Risk(newest["risk"]) if newest["risk"] else None,
        texts=texts,
    )
    return BreachView(
        id=newest["breach_id"], number=newest["number"], said=said, persons=newest["persons"],
        records=newest["records"], notified_at=newest["notified_at"], told_at=newest["told_at"],
        closed_at=newest["closed_at"], log=tuple(_step(row) for row in rows),
    )  # fmt: skip


def _step(row: asyncpg.Record) -> Step:
    return Step(
        number=row["number"], at=row["at"], by_id=row["by_id"], act=Act(row["act"]),
        risk=Risk(row["risk"]) if row["risk"] else None, persons=row["persons"],
    )  # fmt: skip


# --- written ---


async def _enter(p: Platform, breach: BreachView, keys_id: str, act: Act, by: str) -> None:
    box = (await p.persons.open_many(REGISTERS, PLATFORM, [keys_id]))[keys_id]
    said = breach.said
    try:
        async with p.db.begin(REGISTERS, tenants=[PLATFORM]) as tx:
            await tx.execute(
                f"insert into ipp.breach_entry (tenant_id, {_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
                "$10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
                PLATFORM, breach.id, breach.number + 1, keys_id, p.clock.now(), by, act.value, said.aware_at,
                said.began_at, said.ended_at, list(said.categories), said.of_tenant, said.staff_id, said.recipient_id,
                said.risk.value if said.risk else None, breach.persons, breach.records, breach.notified_at,
                breach.told_at, breach.closed_at, box.seal(BreachEntry.contents, json.dumps(_texts(said.texts))),
            )  # fmt: skip
            await audit.record(tx, actor=f"{p.zone.value}/{by}", act=f"breach.{act.value}", on=breach.id)
    except asyncpg.UniqueViolationError:
        raise NotNow("meanwhile") from None


def _texts(texts: Mapping[str, str]) -> dict[str, Any]:
    return {key: texts[key].strip() for key in TEXTS if texts.get(key, "").strip()}


def _require(p: Platform, said: Said) -> None:
    for key in TEXTS:
        if len(said.texts.get(key, "")) > LONGEST or (key in _NEEDED and not said.texts.get(key, "").strip()):
            raise BadEntry(key)
    if said.aware_at > p.clock.now():
        raise BadEntry("aware_at")
    if said.began_at and said.ended_at and said.began_at > said.ended_at:
        raise BadEntry("ended_at")
    if not said.categories or not set(said.categories) <= {category.key for category in categories()}:
        raise BadEntry("categories")
    for name in ("of_tenant", "staff_id", "recipient_id"):
        if len(getattr(said, name) or "") > _LONGEST_ID:
            raise BadEntry(name)


_LONGEST_ID = 14
