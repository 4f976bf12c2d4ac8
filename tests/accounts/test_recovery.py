"""Recovery codes: each good once, also under a rush, and its owner is told (facts, I.4)."""

import asyncio

import pytest

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import NotStrong, WrongFactor
from ippgateway.domains.accounts.schemas import Stage
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.recovery import new_recovery_codes, prove_recovery, recovery_left

from .newcomers import Door


async def test_a_code_opens_once_and_its_owner_is_told(door: Door) -> None:
    person = await door.person()
    session, _, proven = await door.with_app(await door.came_in(person))
    halfway = await door.came_in(person, Stage.FACTOR)
    through = await door.back(await prove_recovery(door.p, halfway, code=proven.codes[0], arrival=door.arrival))
    assert (through.stage, through.moves_money) == (Stage.OPEN, True)
    assert await door.letters(person) == ["factor_added", "recovery_used"]
    assert "recovery_used" in await door.happened(person)
    assert await recovery_left(door.p, session) == 9
    with pytest.raises(WrongFactor):
        await prove_recovery(
            door.p, await door.came_in(person, Stage.FACTOR), code=proven.codes[0], arrival=door.arrival
        )
    assert await recovery_left(door.p, session) == 9


async def test_a_code_opens_one_of_many_at_once(door: Door) -> None:
    person = await door.person()
    _, _, proven = await door.with_app(await door.came_in(person))
    halfway = [await door.came_in(person, Stage.FACTOR) for _ in range(12)]
    done = await asyncio.gather(
        *(prove_recovery(door.p, each, code=proven.codes[3], arrival=None) for each in halfway), return_exceptions=True
    )
    assert len([each for each in done if not isinstance(each, Exception)]) == 1
    assert (await door.letters(person)).count("recovery_used") == 1


async def test_it_may_be_typed_as_it_comes(door: Door) -> None:
    person = await door.person()
    _, _, proven = await door.with_app(await door.came_in(person))
    for code, change in zip(proven.codes, (str.upper, lambda c: c.replace("-", ""), lambda c: f" {c} "), strict=False):
        halfway = await door.came_in(person, Stage.FACTOR)
        await prove_recovery(door.p, halfway, code=Secret(change(code.open())), arrival=door.arrival)


@pytest.mark.parametrize("typed", ["", "-", "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa", "x" * 100_000])
async def test_what_is_no_code_opens_nothing(typed: str, door: Door) -> None:
    person = await door.person()
    await door.with_app(await door.came_in(person))
    halfway = await door.came_in(person, Stage.FACTOR)
    with pytest.raises(WrongFactor):
        await prove_recovery(door.p, halfway, code=Secret(typed), arrival=door.arrival)
    assert "wrong_factor" in await door.happened(person)


async def test_another_s_code_opens_nothing(door: Door) -> None:
    person, other = await door.person(), await door.person()
    await door.with_app(await door.came_in(person))
    _, _, others = await door.with_app(await door.came_in(other))
    halfway = await door.came_in(person, Stage.FACTOR)
    with pytest.raises(WrongFactor):
        await prove_recovery(door.p, halfway, code=others.codes[0], arrival=door.arrival)


async def test_guessers_have_five_tries_of_every_kind_together(door: Door) -> None:
    person = await door.person()
    _, _, proven = await door.with_app(await door.came_in(person))
    halfway = await door.came_in(person, Stage.FACTOR)
    for _ in range(5):
        with pytest.raises(WrongFactor):
            await prove_recovery(door.p, halfway, code=Secret("a" * 24), arrival=door.arrival)
    with pytest.raises(WrongFactor):
        await prove_recovery(door.p, halfway, code=proven.codes[0], arrival=door.arrival)


async def test_new_codes_end_the_old_ones_and_take_a_proof_of_a_moment_ago(door: Door) -> None:
    person = await door.person()
    session, _, proven = await door.with_app(await door.came_in(person))
    fresh = await new_recovery_codes(door.p, session)
    assert len({code.open() for code in (*fresh, *proven.codes)}) == 20
    halfway = await door.came_in(person, Stage.FACTOR)
    with pytest.raises(WrongFactor):
        await prove_recovery(door.p, halfway, code=proven.codes[0], arrival=door.arrival)
    await prove_recovery(door.p, halfway, code=fresh[0], arrival=door.arrival)
    assert "recovery_made" in await door.letters(person)
    door.clock.advance(15 * 60 + 1)
    with pytest.raises(NotStrong):
        await new_recovery_codes(door.p, session)


async def test_whoever_has_no_second_factor_gets_none(door: Door) -> None:
    session = await door.came_in(await door.person(), strong=True)
    with pytest.raises(NotStrong):
        await new_recovery_codes(door.p, session)


async def test_codes_have_120_bits_and_are_stored_as_digests(door: Door) -> None:
    person = await door.person()
    _, _, proven = await door.with_app(await door.came_in(person))
    for code in proven.codes:
        groups = code.open().split("-")
        assert [len(group) for group in groups] == [4] * 6, "24 letters of five bits"
    async with door.p.db.begin(hall(door.p)[1], tenants=[person.tenant_id]) as tx:
        rows = await tx.fetch("select digest from ipp.recovery_code where tenant_id = $1", person.tenant_id)
    assert {len(row["digest"]) for row in rows} == {32}
    assert "Secret" in repr(proven)
    assert proven.codes[0].open() not in repr(proven)
