"""A person is a set of keys: one per ground that keeps their fields, and each belongs to one controller (SEC-5).

`box = await persons.open(PAYMENT, controller, person_id)`, then `box.seal(Checkout.order_id, text)` and
`box.open(Checkout.order_id, value)`; which key it is follows from the column's declaration.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from operator import itemgetter
from typing import Any

import asyncpg
from sqlalchemy.orm import InstrumentedAttribute

from ippgateway.core.clock import Clock
from ippgateway.core.database import Database, PurposeLike, Stage, Tx
from ippgateway.core.ids import Randomness
from ippgateway.core.secret import Secret
from ippgateway.privacy.catalogue import BOOKKEEPING, ERASURE, SERVICE
from ippgateway.privacy.declare import declaration_of
from ippgateway.privacy.masterkeys import MasterKey
from ippgateway.privacy.sealing import KEY_OCTETS, IndexKey, SealingKey, TurningKey
from ippgateway.privacy.vocabulary import Ground, Undeclared

GROUNDS: tuple[Ground, ...] = (SERVICE, BOOKKEEPING)

FORGET = "ipp_forget"
"""The channel of the key database on which processes hear whose keys to remember no more."""
REMEMBER_S = 30.0
"""An opened key may be remembered this long in memory; a destroyed one is gone everywhere after it."""
_REMEMBER_MOST = 20_000
_TELL = f"pg_notify('{FORGET}', $1 || '/' || $2)"
"""Lets the other processes forget the person $2 of the controller $1, once the transaction is committed."""

Column = InstrumentedAttribute[Any]
_Whose = tuple[str, str]
"""Controller and person."""
_Key = SealingKey | TurningKey
_New = tuple[tuple[str, str, str, int, bytes, datetime], ...]


class KeyDestroyed(Exception):
    """The key that kept this field no longer exists; the field is unreadable for good."""


class Box:
    """The keys of one person at one controller, each unwrapped when it is first needed. Lives as long as the request
    that needed it."""

    __slots__ = ("_keys", "_randomness", "controller", "person_id")

    def __init__(
        self, controller: str, person_id: str, keys: Mapping[str, "_Key | Callable[[], _Key]"], randomness: Randomness
    ) -> None:
        self.controller = controller
        self.person_id = person_id
        self._keys = dict(keys)
        self._randomness = randomness

    def seal(self, column: Column, text: str) -> bytes | None:
        """`text` sealed for this person in `column`; the empty text is stored as nothing."""
        if not text:
            return None
        key, place = self._key(column)
        return key.seal(text.encode(), place, self._randomness)

    def open(self, column: Column, sealed: bytes | None) -> Secret[str]:
        """The text. Raises KeyDestroyed when its ground has ended, CannotOpen when it was tampered with."""
        if sealed is None:
            return Secret("")
        key, place = self._key(column)
        return Secret(key.open(sealed, place).decode())

    def read(self, column: Column, sealed: bytes | None) -> str:
        """The text as it is shown: nothing once its ground has ended, or while the person has it restricted."""
        return self.open(column, sealed).open() if sealed is None or self.has(column) else ""

    def has(self, column: Column) -> bool:
        """Whether its ground's key is there for whoever opened this box."""
        return sealed_as(column)[0] in self._keys

    @property
    def empty(self) -> bool:
        """Whether no key at all is there for whoever opened this box."""
        return not self._keys

    def _key(self, column: Column) -> "tuple[_Key, str]":
        ground, place = sealed_as(column)
        if ground not in self._keys:
            raise KeyDestroyed
        key = self._keys[ground]
        if not isinstance(key, SealingKey | TurningKey):
            key = self._keys[ground] = key()
        return key, f"{place}|{self.controller}|{self.person_id}"


@cache
def sealed_as(column: Column) -> tuple[str, str]:
    """The ground that a column is sealed under, and its name. There are as many as are declared."""
    ground = declaration_of(column).sealed
    if ground is None:
        raise Undeclared(f"{column} is not declared as sealed")
    return ground.key, f"{column.class_.__tablename__}.{column.key}"


@dataclass(slots=True)
class _Remembered:
    box: Box
    until: datetime


class Persons:
    """Makes and opens persons' keys. One per process; the wrapping keys were unwrapped when it started."""

    index: IndexKey

    def __init__(self, keys: Database, master: MasterKey, clock: Clock, randomness: Randomness) -> None:
        self._db = keys
        self._master = master
        self._epochs: dict[int, SealingKey] = {}
        self._clock = clock
        self._randomness = randomness
        self._remembered: OrderedDict[tuple[str, str], _Remembered] = OrderedDict()

    async def start(self, purpose: PurposeLike) -> None:
        """Unwrap the epochs and the index key: when the process starts, and when a newer epoch turns up."""
        async with self._db.begin(purpose) as tx:
            rows = await tx.fetch("select id, kind, wrapped from ipp.wrapping_key order by id")
        for row in rows:
            if row["id"] in self._epochs:
                continue
            key = self._master.unwrap(row["wrapped"], wrapping_place(row["kind"], row["id"]))
            if row["kind"] == "epoch":
                self._epochs[row["id"]] = SealingKey(key)
            else:
                self.index = IndexKey(key)

    async def create(self, purpose: PurposeLike, controller: str, person_id: str) -> Box:
        """Keys for a new person, one per ground, stored before they are used."""
        keys = {g.key: self._randomness.octets(KEY_OCTETS) for g in GROUNDS}
        newest = max(self._epochs)
        epoch = self._epochs[newest]
        now = self._clock.now()
        wrapped = tuple(
            (controller, person_id, g, newest, epoch.seal(keys[g], key_place(controller, person_id, g),
             self._randomness), now)
            for g in keys
        )  # fmt: skip
        await self._db.together(purpose, _NEW, wrapped)
        box = Box(controller, person_id, {g: SealingKey(k) for g, k in keys.items()}, self._randomness)
        self._remember(box)
        return box

    async def open(self, purpose: PurposeLike, controller: str, person_id: str) -> Box:
        """The keys that still exist of one person, fetched together with those of others who are waited for."""
        whose = (controller, person_id)
        box = self._known(whose)
        if box is None:
            rows = await self._db.together(purpose, _KEYS, whose)
            box = await self._box(purpose, whose, rows)
        return box

    async def end(
        self, purpose: PurposeLike, controller: str, person_id: str, *, kept_until: date | None, tenant: str = ""
    ) -> None:
        """Destroy a person's keys for good, but those of grounds that outlive an erasure: these are restricted, so that
        only the purpose which keeps them sees them. A second time it changes nothing but a later `kept_until`.

        Other processes may remember a key for half a minute more. `tenant`: whose rows are about the person, when not
        the controller's; the journal tells a restored database.
        """
        staying = [ground.key for ground in GROUNDS if ground.retained is not None]
        await self._destroyed(
            purpose, (controller, person_id), tenant, staying, "kept as (update ipp.person_key set "
            "restricted_at = coalesce(restricted_at, $4), kept_until = greatest(kept_until, $8) "
            "where controller = $1 and person_id = $2 and ground = any($3::text[])), ",
            kept_until,
        )  # fmt: skip

    async def destroy(self, purpose: PurposeLike, controller: str, person_id: str, *, tenant: str = "") -> None:
        """Destroy all keys of a person for good: nothing of theirs is kept."""
        await self._destroyed(purpose, (controller, person_id), tenant, [])

    async def _destroyed(
        self, purpose: PurposeLike, whose: _Whose, tenant: str, staying: list[str], besides: str = "", *more: object
    ) -> None:
        """In one statement: the keys go, the journal says whose, when, and the newest epoch that can have wrapped them,
        and the other processes forget once it is committed."""
        async with self._db.begin(purpose, tenants=[whose[0]]) as tx:
            await tx.execute(
                "with gone as (delete from ipp.person_key where controller = $1 and person_id = $2 "
                f"and not ground = any($3::text[]) returning greatest(epoch, other_epoch) as epoch), {besides}"
                "noted as (insert into ipp.destroyed_key as j "
                "(controller, person_id, tenant, epoch, first_at, last_at, erased) "
                "select $1, $2, $5, greatest($6, max(epoch)), $4, $4, $7 from gone "
                "on conflict (controller, person_id) do update set epoch = greatest(j.epoch, excluded.epoch), "
                "last_at = excluded.last_at, erased = j.erased or excluded.erased) "
                f"select {_TELL}",
                *whose, staying, self._clock.now(), tenant, min(self._epochs), purpose.key == ERASURE.key, *more,
            )  # fmt: skip
        self.forget(*whose)

    async def restrict(self, purpose: PurposeLike, controller: str, person_id: str) -> None:
        """Hide all keys of a person from every purpose but those that keep or end them; nothing is destroyed."""
        change = "restricted_at = coalesce(restricted_at, $3)"
        await self._mark(purpose, controller, person_id, change, self._clock.now())

    async def pause(self, purpose: PurposeLike, controller: str, person_id: str) -> None:
        """Restrict a person's keys because they asked for it (Article 18): from here on the database shows them to
        duties by law alone. Other processes forget a key that they remember when they hear of it, within a second as a
        rule, and within half a minute if the word is lost."""
        await self._mark(purpose, controller, person_id, "paused_at = coalesce(paused_at, $3)", self._clock.now())

    async def resume(self, purpose: PurposeLike, controller: str, person_id: str) -> None:
        """Lift such a restriction."""
        await self._mark(purpose, controller, person_id, "paused_at = null")

    async def paused(self, purpose: PurposeLike, controller: str, person_id: str) -> bool:
        """Whether the person has their keys restricted, for a purpose that sees them all the same."""
        async with self._db.begin(purpose, tenants=[controller]) as tx:
            return bool(await tx.value(
                "select 1 from ipp.person_key where controller = $1 and person_id = $2 and paused_at is not null "
                "limit 1", controller, person_id,
            ))  # fmt: skip

    async def object_to(self, purpose: PurposeLike, controller: str, person_id: str, to: str) -> None:
        """Hide a person's keys from the purpose with the key `to` (Article 21), as `pause` does from nearly all."""
        objected = "objected = array_append(array_remove(objected, $3::varchar), $3::varchar)"
        await self._mark(purpose, controller, person_id, objected, to)

    async def overrule(self, purpose: PurposeLike, controller: str, person_id: str, to: str) -> None:
        """End such an objection, which was not upheld."""
        await self._mark(purpose, controller, person_id, "objected = array_remove(objected, $3::varchar)", to)

    async def _mark(self, purpose: PurposeLike, controller: str, person_id: str, change: str, *said: object) -> None:
        async with self._db.begin(purpose, tenants=[controller]) as tx:
            await tx.execute(
                f"with marked as (update ipp.person_key set {change} where controller = $1 and person_id = $2) "
                f"select {_TELL}",
                controller, person_id, *said,
            )  # fmt: skip
        self.forget(controller, person_id)

    def forget(self, controller: str, person_id: str) -> None:
        """Remember a person's opened keys no more."""
        self._remembered.pop((controller, person_id), None)

    def forget_all(self) -> None:
        """Remember nobody's: words may have been lost."""
        self._remembered.clear()

    async def some(self, purpose: PurposeLike, *, after: _Whose, before: datetime, most: int) -> list[_Whose]:
        """The next persons in the order of their ids who have keys, those made `before`; `most` at most."""
        async with self._db.begin(purpose) as tx:
            rows = await tx.fetch(
                "select controller, person_id from ipp.person_key where (controller, person_id) > ($1, $2) "
                "and created_at < $3 group by controller, person_id order by controller, person_id limit $4",
                *after, before, most,
            )  # fmt: skip
        return [(row["controller"], row["person_id"]) for row in rows]

    async def outlived(self, purpose: PurposeLike, today: date, *, most: int) -> list[_Whose]:
        """Persons with a restricted key whose last day is over."""
        async with self._db.begin(purpose) as tx:
            rows = await tx.fetch(
                "select distinct controller, person_id from ipp.person_key "
                "where restricted_at is not null and kept_until < $1 limit $2",
                today, most,
            )  # fmt: skip
        return [(row["controller"], row["person_id"]) for row in rows]

    async def open_many(self, purpose: PurposeLike, controller: str, person_ids: Iterable[str]) -> dict[str, Box]:
        """The keys of many persons of one controller, in one round trip for all that are not in memory."""
        wanted = {person_id: self._known((controller, person_id)) for person_id in person_ids}
        missing = [(controller, person_id) for person_id, box in wanted.items() if box is None]
        boxes = {person_id: box for person_id, box in wanted.items() if box is not None}
        if missing:
            async with self._db.begin(purpose, tenants=[controller]) as tx:
                found = await _wrapped_keys(tx, missing)
            for whose, rows in zip(missing, found, strict=True):
                boxes[whose[1]] = await self._box(purpose, whose, rows)
        return boxes

    def _known(self, whose: _Whose) -> Box | None:
        known = self._remembered.get(whose)
        return known.box if known is not None and known.until > self._clock.now() else None

    async def _box(self, purpose: PurposeLike, whose: _Whose, rows: "Sequence[asyncpg.Record]") -> Box:
        if any(n is not None and n not in self._epochs for row in rows for n in (row["epoch"], row["other_epoch"])):
            await self.start(purpose)
        keys = {row["ground"]: partial(_opened_key, self._epochs, whose, row) for row in rows}
        box = Box(*whose, keys, self._randomness)
        # What a duty by law opened is not for the next one who asks here, and what another can't see is not for it.
        if rows and not any(row["paused_at"] or row["objected"] for row in rows):
            self._remember(box)
        return box

    def _remember(self, box: Box) -> None:
        until = self._clock.now() + timedelta(seconds=REMEMBER_S)
        self._remembered[box.controller, box.person_id] = _Remembered(box, until)
        self._remembered.move_to_end((box.controller, box.person_id))
        while self._remembered:
            oldest = next(iter(self._remembered.values()))
            if oldest.until > self._clock.now() and len(self._remembered) <= _REMEMBER_MOST:
                break
            self._remembered.popitem(last=False)


async def _wrapped_keys(tx: Tx, asked: Sequence[_Whose]) -> "list[list[asyncpg.Record]]":
    """The keys of each person asked for, still wrapped."""
    rows = await tx.fetch(
        "select k.controller, k.person_id, k.ground, k.epoch, k.wrapped, k.other_epoch, k.other, k.paused_at, "
        "k.objected "
        "from unnest($1::text[], $2::text[]) as asked(controller, person_id) "
        "join ipp.person_key k on k.controller = asked.controller and k.person_id = asked.person_id",
        *zip(*set(asked), strict=True),
    )
    found: dict[_Whose, list[asyncpg.Record]] = {whose: [] for whose in asked}
    for row in rows:
        found[row["controller"], row["person_id"]].append(row)
    return [found[whose] for whose in asked]


async def _stored(tx: Tx, made: Sequence[_New]) -> list[None]:
    """The keys of new persons, each person's as rows."""
    await tx.execute(
        "insert into ipp.person_key (controller, person_id, ground, epoch, wrapped, created_at) select * from "
        "unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bytea[], $6::timestamptz[])",
        *zip(*(row for rows in made for row in rows), strict=True),
    )
    return [None] * len(made)


_NEW: Stage[_New, None] = Stage(run=_stored, place=lambda rows: rows[0][:2])
_KEYS: "Stage[_Whose, list[asyncpg.Record]]" = Stage(run=_wrapped_keys, place=itemgetter(0, 1), once=False)


def _opened_key(epochs: Mapping[int, SealingKey], whose: _Whose, row: "asyncpg.Record") -> _Key:
    """A person's key for one ground, out of its row; while it is being replaced, with the other one. Raises
    CannotOpen."""
    place = key_place(*whose, row["ground"])
    key = SealingKey(epochs[row["epoch"]].open(row["wrapped"], place))
    if row["other"] is None:
        return key
    return TurningKey(key, SealingKey(epochs[row["other_epoch"]].open(row["other"], place)))


def key_place(controller: str, person_id: str, ground: str) -> str:
    """Where a person's key is stored; bound into its wrap."""
    return f"person_key|{controller}|{person_id}|{ground}"


def wrapping_place(kind: str, number: int) -> str:
    """Where a wrapping or vault key is stored; bound into its wrap."""
    return f"key|{kind}|{number}"
