"""Cases, as staff see them."""

import json
from datetime import UTC, date, datetime

import asyncpg

from ippgateway.core.ids import is_id
from ippgateway.domains.disclosures.errors import NoSuchCase
from ippgateway.domains.disclosures.kinds import KINDS
from ippgateway.domains.disclosures.models import DisclosureCase
from ippgateway.domains.disclosures.schemas import Case, Line
from ippgateway.domains.disclosures.states import State
from ippgateway.privacy.catalogue import DISCLOSURE
from ippgateway.privacy.persons import KeyDestroyed
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

_MOST = 200
_ENDED = (State.DONE, State.REFUSED)
_SHOWN = (
    "id, organisation, place, transfer_tool, measures, begins, ends, pseudonymised, due_on, silent, silent_until, "
    "hold, held_at, requested_by, created_at, first_by, first_at, second_by, second_at, ready_at, found, digest, "
    "told_at, ended_by, ended_at"
)


async def cases(p: Platform) -> tuple[Line, ...]:
    """The newest two hundred, those that are not ended first."""
    async with p.db.begin(DISCLOSURE, tenants=[PLATFORM]) as tx:
        rows = await tx.fetch(
            "select id, kind, state, organisation, requested_by, created_at, due_on, "
            "(first_by is not null)::int + (second_by is not null)::int as approvals from ipp.disclosure_case "
            f"where tenant_id = $1 order by state in ('DONE', 'REFUSED'), created_at desc, id limit {_MOST}", PLATFORM,
        )  # fmt: skip
    now = p.clock.now()
    return tuple(
        Line(**{**dict(row), "kind": KINDS[row["kind"]], "state": State(row["state"])}, overdue=_overdue(row, now))
        for row in rows
    )


async def case(p: Platform, *, case_id: str) -> Case:
    """One case with what the request says. Raises NoSuchCase."""
    if not is_id(case_id):
        raise NoSuchCase
    async with p.db.begin(DISCLOSURE, tenants=[PLATFORM]) as tx:
        row = await tx.row(
            f"select asker_id, kind, state, categories, contents, subjects, {_SHOWN} from ipp.disclosure_case "
            "where tenant_id = $1 and id = $2", PLATFORM, case_id,
        )  # fmt: skip
    if row is None:
        raise NoSuchCase
    box = await p.persons.open(DISCLOSURE, PLATFORM, row["asker_id"])
    try:
        contents = json.loads(box.open(DisclosureCase.contents, row["contents"]).open() or "{}")
        subjects = box.open(DisclosureCase.subjects, row["subjects"]).open()
    except KeyDestroyed:  # the case outlived its texts
        contents, subjects = {}, ""
    return Case(
        **{name: row[name] for name in map(str.strip, _SHOWN.split(","))}, kind=KINDS[row["kind"]],
        state=State(row["state"]), categories=tuple(row["categories"]), contents=contents,
        subjects=tuple(filter(None, subjects.split("\n"))), overdue=_overdue(row, p.clock.now()),
    )  # fmt: skip


def _overdue(row: asyncpg.Record, now: datetime) -> bool:
    due: date | None = row["due_on"]
    return due is not None and due < now.astimezone(UTC).date() and State(row["state"]) not in _ENDED
