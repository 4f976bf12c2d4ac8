"""Keys of persons of whom nothing is left to open, and keys that were kept for a ground whose time is over, are
destroyed. The key database is looked through round and round, some thousand persons at a time."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from ippgateway.core.database import Tx, may_pass
from ippgateway.core.ids import OWN_TENANT
from ippgateway.privacy.catalogue import RETENTION
from ippgateway.privacy.declare import MAIN, TERMS_OVER, declaration_of, declared, deletes, is_id
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights import holds
from ippgateway.privacy.rights.reach import reached, staying
from ippgateway.privacy.vocabulary import HeldAs

AT_ONCE = 500
MOST = 20_000
"""Persons of one run."""
PART = "keys"
MODESTLY = (
    "set local lock_timeout = '200ms'; set local statement_timeout = '5s'; "
    "set local max_parallel_workers_per_gather = 0; set local enable_hashjoin = off; set local enable_mergejoin = off"
)
"""So long may a step of retention wait, and last; it takes one processor at most, and what it asks of another table it
finds by an index there, row by row: the server would rather read all of a large one than trust in how few are over."""
_YOUNG = timedelta(days=2)
"""A key is stored before the first row that needs it; whoever is that new is left alone."""

_Whose = tuple[str, str]


async def destroy(p: Platform, run_id: str, *, most: int = MOST) -> int:
    """Destroy the keys of which nothing is left to open, going on where the last run stopped. How many persons'."""
    began_at, last = p.clock.now(), await _reached(p)
    looked = gone = 0
    while looked < most:
        some = await p.persons.some(RETENTION, after=last, before=began_at - _YOUNG, most=AT_ONCE)
        if not some:
            last = ("", "")
            break
        try:
            orphans = await _without_anything(p, some)
        except Exception as error:  # somebody has a table locked: the next run goes on here
            if not may_pass(error):
                raise
            break
        last, looked = some[-1], looked + len(some)
        gone += await _destroyed(p, orphans)
    outlived = await p.persons.outlived(RETENTION, began_at.astimezone(UTC).date(), most=most)
    gone += await _destroyed(p, await _not_on_hold(p, outlived))
    await _noted(p, run_id, began_at, gone, last)
    return gone


async def _destroyed(p: Platform, persons: Sequence[_Whose]) -> int:
    for controller, person_id in persons:
        await p.persons.destroy(RETENTION, controller, person_id)
    return len(persons)


async def _without_anything(p: Platform, some: Sequence[_Whose]) -> list[_Whose]:
    now = p.clock.now()
    async with p.db.begin(RETENTION) as tx:
        await tx.execute(MODESTLY)
        keeps = await holds.keeping(tx, now)
        there = await _with_something(tx, some)
    kept = {*keeps.persons}
    return [
        (controller, person_id)
        for controller, person_id in some
        if person_id not in there and person_id not in kept and controller not in keeps.tenants
    ]  # fmt: skip


async def _with_something(tx: Tx, some: Sequence[_Whose]) -> set[str]:
    """Of these persons, those who have a row in which something is left."""
    found: set[str] = set()
    for controllers, ids in _split(some):
        theirs = controllers != [OWN_TENANT]
        for statement in statements(payers=theirs):
            found |= {row["person_id"] for row in await tx.fetch(statement, controllers, ids)}
    return found


def _split(some: Sequence[_Whose]) -> Iterator[tuple[list[str], list[str]]]:
    """Our own people and the shops': of the latter the tenant is known, by which their rows are found."""
    ours = [person_id for controller, person_id in some if controller == OWN_TENANT]
    if ours:
        yield [OWN_TENANT], ours
    payers = [each for each in some if each[0] != OWN_TENANT]
    if payers:
        yield [controller for controller, _ in payers], [person_id for _, person_id in payers]


@cache
def statements(*, payers: bool) -> tuple[str, ...]:
    """One for each table about people: who of `$2` has a row there in which something is left. `payers`: they are those
    of the shops `$1`."""
    return tuple(
        _statement(each.table.name, payers=payers)
        for each in reached()
        if payers or each.said.held_as is not HeldAs.PROCESSOR or not _is_a_payers(each.table.name)
    )


def _is_a_payers(name: str) -> bool:
    """Whether the rows of a table held on a shop's behalf are about its payers, and about nobody of ours."""
    table = MAIN.tables[f"ipp.{name}"]
    return any(key.referred_table.name in {"payer", "checkout", "payment"} for key in table.foreign_key_constraints)


def _statement(name: str, *, payers: bool) -> str:
    table = MAIN.tables[f"ipp.{name}"]
    said = declared(table)
    owner = str(said.owner)
    terms = sorted({c.keep.key for column in table.c if (c := declaration_of(column)).keep is not None})
    left = "true"
    if not deletes(table, said):
        left = f"not (t.{TERMS_OVER} @> array[{', '.join(f'{term!r}' for term in terms)}]::varchar[])"
    user = next((k for k in table.foreign_key_constraints if k.referred_table.name == "app_user"), None)
    if user is not None and is_id(table.c[owner]):
        return (
            f"select u.person_id from ipp.app_user u where $1::text[] is not null and u.person_id = any($2::text[]) "
            f"and exists (select from ipp.{name} t where t.{said.tenant} = u.tenant_id and t.{owner} = u.id and {left})"
        )
    if payers:
        return (
            f"select a.person_id from unnest($1::text[], $2::text[]) as a(controller, person_id) where exists ("
            f"select from ipp.{name} t where t.{said.tenant} = a.controller and t.{owner} = a.person_id and {left})"
        )
    return (
        f"select a.person_id from unnest($2::text[]) as a(person_id) where $1::text[] is not null and exists ("
        f"select from ipp.{name} t where t.{owner} = a.person_id and {left})"
    )


async def _not_on_hold(p: Platform, some: Sequence[_Whose]) -> list[_Whose]:
    """Of these erased persons, those of whom no hold keeps what the law had left: neither theirs nor one of a table."""
    async with p.db.begin(RETENTION) as tx:
        keeps = await holds.keeping(tx, p.clock.now())
    if any(each.table.name in keeps.tables and any(staying(each)) for each in reached()):
        return []
    return [
        (controller, person_id)
        for controller, person_id in some
        if person_id not in keeps.persons and controller not in keeps.tenants
    ]


async def _reached(p: Platform) -> _Whose:
    async with p.db.begin(RETENTION) as tx:
        last = await tx.value(
            "select reached from ipp.retention_run where part = $1 and ended_at is not null "
            "order by began_at desc, id desc limit 1",
            PART,
        )  # fmt: skip
    controller, _, person_id = (last or "/").partition("/")
    return controller, person_id


async def _noted(p: Platform, run_id: str, at: datetime, gone: int, last: _Whose) -> None:
    async with p.db.begin(RETENTION) as tx:
        await tx.execute(
            "insert into ipp.retention_run (id, part, began_at, ended_at, removed, reached) "
            "values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            run_id, PART, at, p.clock.now(), gone, "/".join(last),
        )  # fmt: skip
