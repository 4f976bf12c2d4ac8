"""Persons' keys are replaced while payments run, and what they sealed is sealed anew, found by the declarations.

Other processes remember an opened key for half a minute. So the next key is first stored beside the one that seals
(PREPARED), takes its place when every process opens both (TURNED), and only when every process seals with it is what
the former one sealed sealed anew, and the former one destroyed. Each step may be repeated by whoever was killed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import Column
from sqlalchemy import Table as SqlTable

from ippgateway.app.keys.ways import Connection, audited, epochs, keys_owner, main_owner
from ippgateway.app.settings import Settings
from ippgateway.core.clock import Clock
from ippgateway.core.ids import Randomness
from ippgateway.privacy import registry
from ippgateway.privacy.declare import MAIN, declaration_of, declared
from ippgateway.privacy.persons import GROUNDS, REMEMBER_S, key_place
from ippgateway.privacy.sealing import KEY_OCTETS, CannotOpen, SealingKey

_BATCH = 1_000
PAUSE = timedelta(seconds=REMEMBER_S + 30)
"""Longer than a request lasts that opened a key before it was remembered for the last time."""


async def turn(settings: Settings, *, clock: Clock, randomness: Randomness) -> tuple[int, int]:
    """Replace the key of every person, for every ground; the number of keys, and of fields sealed anew. Takes two
    pauses of a minute, however many persons there are."""
    begun_at = clock.now()
    async with keys_owner(settings) as keys:
        while await _prepare(settings, keys, begun_at, clock, randomness):
            pass
        await _rest(keys, clock, "PREPARED")
        await keys.execute(
            "update ipp.person_key set wrapped = other, epoch = other_epoch, other = wrapped, other_epoch = epoch, "
            "turn = 'TURNED', turned_at = $1 where turn = 'PREPARED'",
            clock.now(),
        )
        await _rest(keys, clock, "TURNED")
        sealed = 0
        while moved := await _seal_anew(settings, keys, randomness):
            sealed += moved
        done = await keys.execute(
            "update ipp.person_key set other = null, other_epoch = null, turn = null, turned_at = null "
            "where turn = 'TURNED'"
        )
    count = int(done.rpartition(" ")[2])
    await audited(settings, "keys.persons_replaced", str(count))
    return count, sealed


async def _prepare(
    settings: Settings, keys: Connection, begun_at: datetime, clock: Clock, randomness: Randomness
) -> int:
    """Store the next key beside the one that seals, of everybody who was there by now."""
    known = await epochs(settings, keys, randomness)
    newest = max(known)
    async with keys.transaction():
        found = await keys.fetch(
            "select controller, person_id, ground from ipp.person_key "
            "where turn is null and created_at < $1 limit $2 for update skip locked",
            begun_at, _BATCH,
        )  # fmt: skip
        rows = [(*row, known[newest].seal(randomness.octets(KEY_OCTETS), key_place(*row), randomness)) for row in found]
        if rows:
            await keys.execute(
                "update ipp.person_key k set other = n.other, other_epoch = $1::integer, turn = 'PREPARED', "
                "turned_at = $2 from unnest($3::text[], $4::text[], $5::text[], $6::bytea[]) "
                "as n(controller, person_id, ground, other) "
                "where k.controller = n.controller and k.person_id = n.person_id and k.ground = n.ground",
                newest, clock.now(), *zip(*rows, strict=True),
            )  # fmt: skip
    return len(found)


async def _rest(keys: Connection, clock: Clock, state: str) -> None:
    """Wait until the last step is known everywhere."""
    last = await keys.fetchval("select max(turned_at) from ipp.person_key where turn = $1", state)
    if last is not None and (left := (last + PAUSE - clock.now()).total_seconds()) > 0:
        await clock.sleep(left)


# --- what they sealed ---


@dataclass(frozen=True, slots=True)
class _Place:
    """A table with fields that persons' keys seal. `person`: SQL for whose they are, `joined`: what that needs."""

    table: SqlTable
    columns: "tuple[Column[Any], ...]"
    person: str
    joined: str

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of its primary key."""
        return tuple(column.name for column in self.table.primary_key)


def places() -> Iterator[_Place]:
    """Every table with a field that a person's key seals, by its declaration."""
    registry.load()
    for table in registry.tables(MAIN):
        columns = tuple(c for c in table.c if declaration_of(c).sealed in GROUNDS)
        owner = declared(table).owner
        if columns and owner is not None:
            yield _Place(table, columns, *_person(table, owner))


def _person(table: SqlTable, owner: str) -> tuple[str, str]:
    """The owner is a person, or a row that has one: a password is a user's, and the user is a person."""
    for key in table.foreign_key_constraints:
        there = declared(key.referred_table).owner
        pairs = [(e.parent.name, e.column.name) for e in key.elements]
        named = next((far for near, far in pairs if near == owner), None)
        if named is not None and there not in (None, named):
            on = " and ".join(f"t.{near} = o.{far}" for near, far in pairs)
            return f"o.{there}", f"join ipp.{key.referred_table.name} o on {on}"
    return f"t.{owner}", ""


async def _seal_anew(settings: Settings, keys: Connection, randomness: Randomness) -> int:
    """One pass over everything that is sealed. How many fields a former key had still sealed."""
    known = await epochs(settings, keys, randomness)
    done = 0
    async with main_owner(settings) as main:
        for place in places():
            after: Sequence[Any] | None = None
            while rows := await _batch(main, place, after):
                after = [rows[-1][name] for name in place.key]
                turning = await _turning(keys, known, {row["person"] for row in rows})
                for row in rows:
                    done += await _row_anew(main, place, row, turning.get(row["person"], ()), randomness)
    return done


async def _batch(main: Connection, place: _Place, after: Sequence[Any] | None) -> "list[asyncpg.Record]":
    key = ", ".join(f"t.{name}" for name in place.key)
    values = ", ".join(f"t.{column.name}" for column in place.columns)
    some = " or ".join(f"t.{column.name} is not null" for column in place.columns)
    beyond = f"and ({key}) > ({', '.join(f'${n}' for n in range(1, len(place.key) + 1))})" if after else ""
    return await main.fetch(
        f"select {key}, {values}, {place.person} as person from ipp.{place.table.name} t {place.joined} "
        f"where ({some}) {beyond} order by {key} limit {_BATCH}",
        *(after or ()),
    )


@dataclass(frozen=True, slots=True)
class _Turning:
    controller: str
    ground: str
    key: SealingKey
    former: SealingKey


async def _turning(keys: Connection, known: dict[int, SealingKey], persons: set[str]) -> dict[str, list[_Turning]]:
    rows = await keys.fetch(
        "select controller, person_id, ground, epoch, wrapped, other_epoch, other from ipp.person_key "
        "where turn = 'TURNED' and person_id = any($1::text[])",
        sorted(person for person in persons if person),
    )
    found: dict[str, list[_Turning]] = {}
    for row in rows:
        place = key_place(row["controller"], row["person_id"], row["ground"])
        key, former = (
            SealingKey(known[row[epoch]].open(row[value], place))
            for epoch, value in (("epoch", "wrapped"), ("other_epoch", "other"))
        )
        found.setdefault(row["person_id"], []).append(_Turning(row["controller"], row["ground"], key, former))
    return found


async def _row_anew(
    main: Connection, place: _Place, row: asyncpg.Record, turning: Sequence[_Turning], randomness: Randomness
) -> int:
    """Each field that a former key sealed. What was changed or emptied meanwhile stays as it is."""
    done = 0
    for column in place.columns:
        ground = declaration_of(column).sealed
        for each in (t for t in turning if ground is not None and t.ground == ground.key and row[column.name]):
            where = f"{place.table.name}.{column.name}|{each.controller}|{row['person']}"
            try:
                value = each.former.open(row[column.name], where)
            except CannotOpen:
                continue
            matching = " and ".join(f"{name} = ${n}" for n, name in enumerate(place.key, start=3))
            await main.execute(
                f"update ipp.{place.table.name} set {column.name} = $1 where {column.name} = $2 and {matching}",
                each.key.seal(value, where, randomness), row[column.name], *(row[name] for name in place.key),
            )  # fmt: skip
            done += 1
    return done
