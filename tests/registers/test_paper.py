"""Paper: in the EEA alone, with a last day, and destroyed by two people (SEC-2)."""

from dataclasses import replace
from datetime import UTC, timedelta

import asyncpg
import pytest

from clocks import Shifted
from ippgateway.app.database.access import as_admin, main_database
from ippgateway.app.settings import Settings
from ippgateway.domains.registers import service as registers
from ippgateway.domains.registers.errors import BadEntry, NotNow, NotYours
from ippgateway.domains.registers.schemas import How, NewFile
from ippgateway.privacy.platform import Platform
from signing import Member


def box(p: Platform, days: int = 30) -> NewFile:
    ends = (p.clock.now().astimezone(UTC) + timedelta(days=days)).date()
    return NewFile(label="Contracts 2026", country="DK", place="Valby, room 3", categories=("name",), destroy_by=ends)


async def test_a_file_is_destroyed_by_one_and_confirmed_by_another(desk: Platform, ada: Member, bo: Member) -> None:
    file_id = await registers.enter(desk, box(desk), by=ada.user_id)
    with pytest.raises(NotNow):
        await registers.confirm(desk, file_id=file_id, by=bo.user_id)
    await registers.destroy(desk, file_id=file_id, how=How.SHREDDED, by=ada.user_id)
    with pytest.raises(NotYours):
        await registers.confirm(desk, file_id=file_id, by=ada.user_id)
    await registers.confirm(desk, file_id=file_id, by=bo.user_id)
    file = await registers.file(desk, file_id=file_id)
    assert (file.how, file.destroyed_by, file.confirmed_by) == (How.SHREDDED, ada.user_id, bo.user_id)


async def test_a_file_whose_last_day_is_over_is_overdue_until_two_say_it_is_gone(
    desk: Platform, clock: Shifted, ada: Member, bo: Member
) -> None:
    file_id = await registers.enter(desk, box(desk, days=2), by=ada.user_id)
    clock.advance(timedelta(days=3).total_seconds())
    today = clock.now().astimezone(UTC).date()
    await registers.destroy(desk, file_id=file_id, how=How.BURNT, by=ada.user_id)
    assert (await registers.file(desk, file_id=file_id)).overdue(today)
    await registers.confirm(desk, file_id=file_id, by=bo.user_id)
    assert not (await registers.file(desk, file_id=file_id)).overdue(today)


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"country": "US"}, "country"), ({"label": " "}, "label"), ({"place": ""}, "place"),
     ({"categories": ()}, "categories"), ({"categories": ("gossip",)}, "categories")],
)  # fmt: skip
async def test_what_says_too_little_or_lies_outside_the_eea_is_no_entry(
    desk: Platform, ada: Member, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(BadEntry) as wrong:
        await registers.enter(desk, replace(box(desk), **changed), by=ada.user_id)  # type: ignore[arg-type]
    assert wrong.value.field == field


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [("country = 'US'", "ck_paper_file_in_the_eea"),
     ("destroyed_at = now(), destroyed_by = 'x', how = 'burnt', confirmed_at = now(), confirmed_by = 'x'",
      "ck_paper_file_two_people"),
     ("confirmed_at = now(), confirmed_by = 'x'", "ck_paper_file_confirmed")],
)  # fmt: skip
async def test_the_database_refuses_what_the_program_might_get_wrong(
    installation: Settings, desk: Platform, ada: Member, changed: str, constraint: str
) -> None:
    file_id = await registers.enter(desk, box(desk), by=ada.user_id)
    connection = await asyncpg.connect(**as_admin(installation, main_database(installation)))
    try:
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await connection.execute(f"update ipp.paper_file set {changed} where id = $1", file_id)
        assert refused.value.constraint_name == constraint
    finally:
        await connection.close()
