"""A million payers with three payments each, of which two shops' payers can really be opened.

The server writes the rows itself, with octets of the right length where nothing is ever opened. The payers of the two
shops that are compared get keys of their own and values sealed under them, or, bare, the same values in clear: which
columns those are, the declarations say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg
from sqlalchemy import Column

from bench import grown
from bench.stock import People, Stock
from ippgateway.app.database.access import as_owner, keys_database, main_database
from ippgateway.app.settings import Settings
from ippgateway.privacy.catalogue import VAULT
from ippgateway.privacy.persons import Box
from ippgateway.privacy.rights.reach import Reached, attribute, reached

SHOPS_OF = 50
"""One payer in so many is one of the shop that is compared; as many are those of its counterpart."""
OURS, BARE = 0, SHOPS_OF // 2
"""The payers of one shop, and those of the other: their number modulo SHOPS_OF."""
_OTHERS = tuple(f"0the-rsho-p{n:03d}" for n in range(4))
_TERM = timedelta(days=540)
_MARGIN = timedelta(hours=1)
_AT_ONCE = 20_000
_SEALING = 29
"""Octets that sealing adds."""
_WORDS = "a text as a shop or a payer may have written it, neither short nor long, "


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What there is. The first payment was made at `begins`, the others `every` apart: just not due, none of them."""

    payers: int
    payments: int
    begins: datetime
    every: timedelta

    def people_of(self, place: int) -> list[str]:
        """The ids of a shop's payers. `place`: OURS or BARE."""
        return [grown.id_of(n) for n in range(place or SHOPS_OF, self.payers + 1, SHOPS_OF)]

    def payments_of(self, place: int) -> list[str]:
        """The ids of a shop's payments, oldest first; a payment's action has the same."""
        return [grown.id_of(n) for n in range(place or SHOPS_OF, self.payments + 1, SHOPS_OF)]

    def over_at(self, payments: int) -> timedelta:
        """How much later it must be for the terms of so many payments to be over."""
        return self.begins + (payments + 0.5) * self.every + _TERM - datetime.now(UTC)


async def fill(settings: Settings, ours: Stock, plain: Stock, *, payers: int, payments: int) -> Filled:
    """Write everything. Both numbers are multiples of SHOPS_OF."""
    begins = datetime.now(UTC) - _TERM + _MARGIN
    every = (_TERM - timedelta(days=1)) / payments
    companies = [_OTHERS[n % len(_OTHERS)] for n in range(SHOPS_OF)]
    companies[OURS], companies[BARE] = ours.company_id, plain.company_id
    past = grown.Past(companies=companies, begins=begins, every_s=every.total_seconds(), payers=payers)
    filled = Filled(payers=payers, payments=payments, begins=begins, every=every)
    async with grown.indexes_aside(settings):
        await grown.grow(settings, past, there=0, to=payments)
        await _open(settings, ours, filled.people_of(OURS))
        await _open(settings, plain, filled.people_of(BARE))
    await grown.look(settings)
    return filled


async def _open(settings: Settings, stock: Stock, people: Sequence[str]) -> None:
    """Give these payers keys and values."""
    main = await asyncpg.connect(**as_owner(settings, main_database(settings)))
    keys = await asyncpg.connect(**as_owner(settings, keys_database(settings)))
    try:
        for first in range(0, len(people), _AT_ONCE):
            boxes = await _keyed(keys, stock.people, people[first : first + _AT_ONCE])
            for each in reached():
                await _sealed(main, stock.company_id, each, boxes)
    finally:
        await main.close()
        await keys.close()


async def _keyed(keys: "asyncpg.Connection[asyncpg.Record]", people: People, some: Sequence[str]) -> dict[str, Box]:
    made = {person_id: people.new(person_id, datetime.now(UTC)) for person_id in some}
    rows = [row for _, of_person in made.values() for row in of_person]
    if rows:
        await keys.execute(
            "update ipp.person_key k set wrapped = n.wrapped, epoch = n.epoch from "
            "unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bytea[]) as n(c, p, ground, epoch, wrapped) "
            "where k.controller = n.c and k.person_id = n.p and k.ground = n.ground",
            *list(zip(*rows, strict=True))[:5],
        )
    return {person_id: box for person_id, (box, _) in made.items()}


async def _sealed(
    main: "asyncpg.Connection[asyncpg.Record]", company_id: str, each: Reached, boxes: dict[str, Box]
) -> None:
    columns = list(_of_persons(each))
    if not columns:
        return
    tenant, owner, row_id = each.said.tenant, each.said.owner, list(each.table.primary_key)[-1].name
    names = [column.name for column in columns]
    rows = await main.fetch(
        f"select {owner} as owner, {row_id} as row_id, {', '.join(names)} from {each.name} "
        f"where {tenant} = $1 and {owner} = any($2::text[])",
        company_id, list(boxes),
    )  # fmt: skip
    if not rows:
        return
    given = [
        [None if row[c.name] is None else boxes[row["owner"]].seal(attribute(c), _text(row[c.name])) for row in rows]
        for c in columns
    ]
    listed = ", ".join(f"${n}::bytea[]" for n in range(3, 3 + len(names)))
    await main.execute(
        f"update {each.name} t set {', '.join(f'{name} = n.{name}' for name in names)} "
        f"from unnest($2::text[], {listed}) as n(row_id, {', '.join(names)}) "
        f"where t.{tenant} = $1 and t.{row_id} = n.row_id",
        company_id, [row["row_id"] for row in rows], *given,
    )  # fmt: skip


def _of_persons(each: Reached) -> Iterator["Column[object]"]:
    """The columns that are sealed under a person's key."""
    return (column for column, said in each.personal if said.sealed not in (None, VAULT))


def _text(octets: bytes) -> str:
    """A text that takes as much room, sealed."""
    length = max(1, len(octets) - _SEALING)
    return (_WORDS * (1 + length // len(_WORDS)))[:length]
