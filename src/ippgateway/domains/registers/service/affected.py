"""Who is concerned by a breach: counted in the tables that the declarations name, and in the records of what a member
of staff saw and what a recipient got. It reads ids and moments, and nothing that is about anybody."""

from collections.abc import Iterator

from ippgateway.core.database import Tx
from ippgateway.domains.registers.schemas import Concerned, Said
from ippgateway.privacy.catalogue import REGISTERS
from ippgateway.privacy.declare import declared, readable
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Reached, reached


async def concerned(p: Platform, said: Said) -> tuple[tuple[Concerned, ...], int, int]:
    """Each place with how many persons and records, and both in all: a person who is in several places once.

    A breach that names a member of staff or a recipient concerns what they saw or got in its time; another one whatever
    of its categories was there before it ended, where a table says since when.
    """
    places = tuple(_places(said))
    async with p.db.begin(REGISTERS) as tx:
        found = [await _count(tx, name, sql, timed, said) for name, sql, timed in places]
        persons = await _together(tx, [sql for _, sql, _ in places], said) if places else 0
    return tuple(each for each in found if each.records), persons, sum(each.records for each in found)


_PAIRS = "select tenant_id as t, person_id as p"
_IN_TIME = "at between coalesce($1::timestamptz, '-infinity') and coalesce($2::timestamptz, 'infinity')"


def _places(said: Said) -> Iterator[tuple[str, str, bool]]:
    """Name of the place, SQL for its (tenant, person) pairs, whether it knows when."""
    if said.staff_id:
        yield "look", f"{_PAIRS} from ipp.look where by_id = $4::text and {_IN_TIME}", True
    if said.recipient_id:
        yield "disclosure", f"{_PAIRS} from ipp.disclosure where recipient_id = $5::text and {_IN_TIME}", True
    if said.staff_id or said.recipient_id:
        return
    for each in reached():
        if {s.category.key for _, s in each.personal if s.category} & set(said.categories):
            sql, timed = _of_table(each)
            yield each.table.name, sql, timed


def _of_table(each: Reached) -> tuple[str, bool]:
    """The rows of a table by person. Where its owner is a user, the person is that user's."""
    access = each.said.access_of(REGISTERS)
    since = each.since
    timed = access is not None and since is not None and since in readable(each.table, access)
    when = f" where x.{since} <= coalesce($2::timestamptz, 'infinity')" if timed else ""
    person, joined = _person(each)
    return f"select x.{each.said.tenant} as t, {person} as p from {each.name} x{joined}{when}", timed


def _person(each: Reached) -> tuple[str, str]:
    for key in each.table.foreign_key_constraints:
        there = declared(key.referred_table)
        named = next((e.column.name for e in key.elements if e.parent.name == each.said.owner), None)
        if named is not None and there.owner not in (None, named):
            join = f" join ipp.{key.referred_table.name} u on u.{there.tenant} = x.{each.said.tenant}"
            return f"u.{there.owner}", f"{join} and u.{named} = x.{each.said.owner}"
    return f"x.{each.said.owner}", ""


_BOUND = (
    "with asked as (select $1::timestamptz, $2::timestamptz, $3::text as tenant, $4::text, $5::text), "
    "found as materialized ({}) "
)
_OURS = "from found, asked where asked.tenant is null or found.t = asked.tenant"


async def _count(tx: Tx, name: str, sql: str, timed: bool, said: Said) -> Concerned:
    row = await tx.row(
        f"{_BOUND.format(sql)} select count(*) as records, count(distinct (t, p)) as persons {_OURS}", *_asked(said)
    )
    assert row is not None  # noqa: S101 - a count is always there
    return Concerned(place=name, persons=row["persons"], records=row["records"], timed=timed)


async def _together(tx: Tx, all_of_them: list[str], said: Said) -> int:
    together = " union all ".join(f"select t, p from ({sql}) as x{i}" for i, sql in enumerate(all_of_them))
    return int(await tx.value(f"{_BOUND.format(together)} select count(distinct (t, p)) {_OURS}", *_asked(said)))


def _asked(said: Said) -> tuple[object, ...]:
    return (said.began_at, said.ended_at, said.of_tenant, said.staff_id, said.recipient_id)
