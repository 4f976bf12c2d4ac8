"""Passwords for programs: made under a second factor, each its own, gone at once."""

import asyncio

import pytest

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import BadProfile, NotStrong, WrongCredentials
from ippgateway.domains.accounts.schemas import Audience, Session, Stage
from ippgateway.domains.accounts.service.applications import (
    MOST,
    add_application,
    applications,
    remove_application,
)
from ippgateway.domains.accounts.service.factors import factors, remove_factor
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.sessions import resume
from ippgateway.domains.accounts.service.sign_in import sign_in

from .newcomers import Door, Person
from .people import shop


@pytest.fixture
async def person(door: Door) -> Person:
    """Somebody new at a new company."""
    return await door.person(Audience.COMPANY, await shop(door.p))


@pytest.fixture
async def session(door: Door, person: Person) -> Session:
    """Theirs, with a second factor proven a moment ago."""
    return (await door.with_app(await door.came_in(person)))[0]


async def over_the_wire(door: Door, person: Person, password: Secret[str]) -> Session:
    """What a program's sign-in opens."""
    signed_in = await sign_in(
        door.p, audience=person.audience, username=person.email, password=password, partner_id=None
    )
    found = await resume(door.p, audience=person.audience, user_id=signed_in.user_id, session_id=signed_in.session_id)
    assert found is not None
    return found


async def test_a_program_moves_money_with_it_and_its_owner_is_told(
    door: Door, person: Person, session: Session
) -> None:
    made, password = await add_application(door.p, session, label="Shop system")
    assert [(a.id, a.label) for a in await applications(door.p, session)] == [(made, "Shop system")]
    assert (await over_the_wire(door, person, password)).moves_money
    async with door.p.db.begin(hall(door.p)[1], tenants=[person.tenant_id]) as tx:
        letters = await tx.fetch("select kind from ipp.letter where tenant_id = $1 ", person.tenant_id)
        events = await tx.fetch("select what from ipp.sign_in_event where user_id = $1", person.user_id)
    assert "application_added" in {row["kind"] for row in letters}
    assert "application_added" in {row["what"] for row in events}


async def test_removed_it_opens_nothing_and_what_it_opened_has_ended(
    door: Door, person: Person, session: Session
) -> None:
    made, password = await add_application(door.p, session, label="")
    signed_in = await sign_in(
        door.p, audience=person.audience, username=person.email, password=password, partner_id=None
    )
    await remove_application(door.p, session, made)
    assert await applications(door.p, session) == ()
    assert await resume(
        door.p, audience=person.audience, user_id=signed_in.user_id, session_id=signed_in.session_id
    ) is None  # fmt: skip
    with pytest.raises(WrongCredentials):
        await over_the_wire(door, person, password)


async def test_it_ends_with_the_last_factor_that_it_was_made_under(
    door: Door, person: Person, session: Session
) -> None:
    _, password = await add_application(door.p, session, label="Shop system")
    signed_in = await sign_in(
        door.p, audience=person.audience, username=person.email, password=password, partner_id=None
    )
    for factor in await factors(door.p, session):
        await remove_factor(door.p, session, factor.id)
    assert await resume(
        door.p, audience=person.audience, user_id=signed_in.user_id, session_id=signed_in.session_id
    ) is None  # fmt: skip
    with pytest.raises(WrongCredentials):
        await over_the_wire(door, person, password)


async def test_it_takes_a_proof_of_a_moment_ago(door: Door, person: Person, session: Session) -> None:
    made, _ = await add_application(door.p, session, label="")
    halfway, plain = await door.came_in(person, Stage.FACTOR), await door.came_in(person)
    door.clock.advance(15 * 60 + 1)
    for weak in (session, halfway, plain):
        with pytest.raises(NotStrong):
            await add_application(door.p, weak, label="")
        with pytest.raises(NotStrong):
            await remove_application(door.p, weak, made)


async def test_another_s_is_left_alone(door: Door, person: Person, session: Session) -> None:
    made, _ = await add_application(door.p, session, label="")
    colleague, _, _ = await door.with_app(await door.came_in(await door.person(Audience.COMPANY, person.tenant_id)))
    await remove_application(door.p, colleague, made)
    assert await applications(door.p, colleague) == ()
    assert len(await applications(door.p, session)) == 1


async def test_there_are_five_at_most_also_when_they_come_at_once(door: Door, session: Session) -> None:
    done = await asyncio.gather(
        *(add_application(door.p, session, label=str(n)) for n in range(MOST + 3)), return_exceptions=True
    )
    assert sum(isinstance(each, BadProfile) for each in done) == 3
    found = await applications(door.p, session)
    assert len(found) == MOST
    assert len({each.id for each in found}) == MOST


async def test_members_of_the_public_have_no_use_for_one(door: Door) -> None:
    session, _, _ = await door.with_app(await door.came_in(await door.person()))
    with pytest.raises(BadProfile, match="application"):
        await add_application(door.p, session, label="")
