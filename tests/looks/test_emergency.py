"""Emergency access: loud, an hour long, and reviewed by somebody else."""

import dataclasses

import asyncpg
import pytest

from clocks import Shifted
from ippgateway.app.database.access import as_admin, main_database
from ippgateway.app.settings import Settings
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.emergency import service as emergency
from ippgateway.domains.emergency.errors import AlreadyOpen, NoReason, NotReviewable, NotStrong, NotYours
from ippgateway.domains.emergency.schemas import LASTS, REVIEWED_WITHIN, Verdict
from ippgateway.privacy.catalogue import AUDIT_REVIEW, STAFF_ACCOUNT, SUPPORT
from ippgateway.privacy.looks.looking import Looker, Why, look
from ippgateway.privacy.looks.told import looks_of
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM
from signing import Member, member, resumed

from .conftest import Asks

REASON = "a shop can't take payments and support is asleep"
FOUND = "true: the telephone log of that night says so"


@pytest.fixture
def clock() -> Shifted:
    return Shifted()


@pytest.fixture
def later(desk: Platform, clock: Shifted) -> Platform:
    """The desk, whose clock can be put forward."""
    return dataclasses.replace(desk, clock=clock)


@pytest.fixture
async def finance(later: Platform) -> Member:
    """Somebody whose role opens nobody's data."""
    return await member(later, PLATFORM, Audience.STAFF, name="Finn", rights=("finance",))


async def letters(settings: Settings, to: Member) -> int:
    """How many letters about emergencies somebody was owed."""
    connection = await asyncpg.connect(**as_admin(settings, main_database(settings)))
    try:
        return int(await connection.fetchval(
            "select count(*) from ipp.letter m join ipp.app_user u on u.tenant_id = m.tenant_id "
            "and u.person_id = m.person_id where u.id = $1 and m.kind = 'emergency'", to.user_id,
        ))  # fmt: skip
    finally:
        await connection.close()


async def test_it_opens_support_for_an_hour_and_ends_by_itself(
    later: Platform, clock: Shifted, finance: Member
) -> None:
    bearer = await finance.bearer()
    session = await resumed(later, bearer)
    assert SUPPORT.key not in session.rights
    await emergency.start(later, session, reason=REASON)
    for _ in range(6):
        lifted = await resumed(later, bearer)
        assert SUPPORT.key in lifted.rights
        assert AUDIT_REVIEW.key not in lifted.rights
        clock.advance(LASTS.total_seconds() / 6)
    over = await resumed(later, bearer)
    assert SUPPORT.key not in over.rights
    assert over.emergency_id is None


async def test_another_session_of_the_same_person_gets_nothing_of_it(later: Platform, finance: Member) -> None:
    await emergency.start(later, await finance.session(), reason=REASON)
    assert SUPPORT.key not in (await finance.session()).rights


async def test_administrators_and_compliance_are_written_to_and_nobody_else(
    installation: Settings, later: Platform, finance: Member
) -> None:
    told = [await member(later, PLATFORM, Audience.STAFF, rights=(r,)) for r in ("administrator", "compliance")]
    other = await member(later, PLATFORM, Audience.STAFF, rights=("support",))
    await emergency.start(later, await finance.session(), reason=REASON)
    assert [await letters(installation, whom) for whom in (*told, other)] == [1, 1, 0]


async def test_it_takes_a_reason_and_a_second_factor_proven_just_now(
    later: Platform, clock: Shifted, finance: Member
) -> None:
    session = await finance.session()
    with pytest.raises(NoReason):
        await emergency.start(later, session, reason="because")
    clock.advance(16 * 60)
    with pytest.raises(NotStrong):
        await emergency.start(later, session, reason=REASON)


async def test_only_one_at_a_time_and_ending_it_ends_it_at_once(later: Platform, finance: Member) -> None:
    bearer = await finance.bearer()
    session = await resumed(later, bearer)
    await emergency.start(later, session, reason=REASON)
    with pytest.raises(AlreadyOpen):
        await emergency.start(later, session, reason=REASON)
    await emergency.end(later, session)
    assert SUPPORT.key not in (await resumed(later, bearer)).rights


async def test_a_look_under_it_is_marked_for_the_person_and_for_the_review(
    later: Platform, console: Platform, finance: Member, asks: Asks
) -> None:
    access_id = await emergency.start(later, await finance.session(), reason=REASON)
    by = Looker(user_id=finance.user_id, emergency_id=access_id)
    await look(later, by=by, purpose=SUPPORT, person=asks.person, why=Why.FAULT, reason=REASON)
    assert [told.emergency for told in await looks_of(console, asks.person)] == [True]
    found = await emergency.one(later, access_id=access_id)
    assert found.reason == REASON
    assert [seen.person_id for seen in found.looks] == [asks.person.person_id]
    assert "app_user.email" in found.looks[0].shown


async def test_somebody_else_reviews_it_once_and_after_its_end(
    later: Platform, clock: Shifted, finance: Member
) -> None:
    reviewer = await member(later, PLATFORM, Audience.STAFF, rights=("compliance",))
    access_id = await emergency.start(later, await finance.session(), reason=REASON)

    async def review(by: Member) -> None:
        await emergency.review(later, access_id=access_id, by=by.user_id, verdict=Verdict.JUSTIFIED, finding=FOUND)

    with pytest.raises(NotReviewable):
        await review(reviewer)
    clock.advance(LASTS.total_seconds() + 1)
    with pytest.raises(NotYours):
        await review(finance)
    await review(reviewer)
    with pytest.raises(NotReviewable):
        await review(reviewer)
    closed = await emergency.one(later, access_id=access_id)
    assert (closed.verdict, closed.finding, closed.reviewed_by) == (Verdict.JUSTIFIED, FOUND, reviewer.user_id)


async def test_a_review_that_nobody_closes_is_counted_as_late(later: Platform, clock: Shifted, finance: Member) -> None:
    access_id = await emergency.start(later, await finance.session(), reason=REASON)
    clock.advance((LASTS + REVIEWED_WITHIN).total_seconds() - 5)
    early, (mine,) = await emergency.overdue(later), [a for a in await emergency.every(later) if a.id == access_id]
    assert not mine.overdue(clock.now())
    clock.advance(10)
    assert mine.overdue(clock.now())
    assert await emergency.overdue(later) > early


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ("ends_at = began_at + interval '2 hours'", "ck_emergency_access_one_hour"),
        ("reviewed_by = user_id, reviewed_at = ends_at, verdict = 'justified'", "ck_emergency_access_another_reviews"),
        ("reviewed_by = 'x', reviewed_at = began_at, verdict = 'justified'", "ck_emergency_access_over"),
        ("verdict = 'justified'", "ck_emergency_access_reviewed"),
    ],
)
async def test_the_database_refuses_what_the_program_might_get_wrong(
    installation: Settings, later: Platform, finance: Member, changed: str, constraint: str
) -> None:
    access_id = await emergency.start(later, await finance.session(), reason=REASON)
    connection = await asyncpg.connect(**as_admin(installation, main_database(installation)))
    try:
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await connection.execute(f"update ipp.emergency_access set {changed} where id = $1", access_id)
        assert refused.value.constraint_name == constraint
    finally:
        await connection.close()


async def test_the_desk_can_neither_lengthen_nor_remove_one(later: Platform) -> None:
    for sql in ("update ipp.emergency_access set ends_at = now()", "delete from ipp.emergency_access"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with later.db.begin(STAFF_ACCOUNT, tenants=[PLATFORM]) as tx:
                await tx.execute(sql)
