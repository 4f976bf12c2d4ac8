"""A link by mail: it opens once, for its own address, within the hour; and asking for one tells nobody anything."""

import asyncio
from datetime import timedelta

import pytest
from asker import HOME, Post, secret_of

from ippgateway.app.settings import Settings
from ippgateway.core.clock import ManualClock
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.schemas import Arrival
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.service.links import ASKED, _exchanged
from ippgateway.privacy.declare import KEYS
from ippgateway.privacy.platform import Platform
from rights.people import owner

EMAIL = "nina.natugle@borger.example"
HOUR = timedelta(hours=1).total_seconds()


async def linked(p: Platform, post: Post, email: str = EMAIL) -> Secret[str]:
    """The newest link's secret."""
    await requests.ask_link(p, email=email, language="en", arrival=HOME)
    return secret_of((await post(email))[-1])


async def opened(p: Platform, secret: Secret[str], email: str = EMAIL) -> Secret[str] | None:
    return await requests.open_link(p, secret=secret, email=email, arrival=HOME)


async def test_a_link_opens_once(p: Platform, post: Post) -> None:
    link = await linked(p, post)
    given = await opened(p, link, f" {EMAIL.upper()} ")
    assert given is not None
    assert await requests.proves(p, secret=given, email=EMAIL)
    assert await opened(p, link) is None
    assert not await requests.proves(p, secret=link, email=EMAIL)


async def test_of_fifty_at_once_one_opens_it(p: Platform, post: Post) -> None:
    link = await linked(p, post)
    given = await asyncio.gather(*(opened(p, link) for _ in range(50)))
    [only] = [each for each in given if each is not None]
    assert await requests.proves(p, secret=only, email=EMAIL)


async def test_the_database_itself_lets_one_through(p: Platform, post: Post) -> None:
    """Two processes have no lock in common."""
    link = await linked(p, post)
    given = await asyncio.gather(*(_exchanged(p, link, EMAIL) for _ in range(50)))
    assert len([each for each in given if each is not None]) == 1


async def test_another_address_opens_nothing_and_uses_nothing_up(p: Platform, post: Post) -> None:
    link = await linked(p, post)
    assert await opened(p, link, "somebody.else@borger.example") is None
    assert await opened(p, link) is not None


async def test_whoever_found_a_link_can_not_guess_whose_it_is(p: Platform, post: Post) -> None:
    link = await linked(p, post)
    guesses = await asyncio.gather(*(opened(p, link, f"guess.{n}@borger.example") for n in range(9)))
    assert guesses == [None] * 9
    assert await opened(p, link) is None


async def test_a_link_is_over_after_an_hour(p: Platform, post: Post, clock: ManualClock) -> None:
    link = await linked(p, post)
    clock.advance(HOUR)
    assert await opened(p, link) is None


async def test_what_it_was_exchanged_for_is_over_after_an_hour(p: Platform, post: Post, clock: ManualClock) -> None:
    given = await opened(p, await linked(p, post))
    assert given is not None
    clock.advance(HOUR - 1)
    assert await requests.proves(p, secret=given, email=EMAIL)
    clock.advance(1)
    assert not await requests.proves(p, secret=given, email=EMAIL)


async def test_whoever_is_done_closes_it(p: Platform, post: Post) -> None:
    given = await opened(p, await linked(p, post))
    assert given is not None
    await requests.end_link(p, secret=given)
    assert not await requests.proves(p, secret=given, email=EMAIL)


async def test_an_open_link_proves_no_other_address(p: Platform, post: Post) -> None:
    given = await opened(p, await linked(p, post))
    assert given is not None
    assert not await requests.proves(p, secret=given, email="somebody.else@borger.example")


async def test_of_more_than_three_an_hour_the_rest_are_not_sent(
    p: Platform, post: Post, clock: ManualClock
) -> None:  # fmt: skip
    email = "ofte@borger.example"
    await asyncio.gather(*(requests.ask_link(p, email=email, language="da", arrival=HOME) for _ in range(9)))
    assert len(await post(email)) == 3
    clock.advance(HOUR)
    await requests.ask_link(p, email=email, language="da", arrival=HOME)
    assert len(await post(email)) == 4


async def test_a_network_can_not_write_to_everybody(p: Platform, post: Post) -> None:
    emails = [f"mange.{n}@borger.example" for n in range(ASKED.from_a_network + 2)]
    for email in emails:
        await requests.ask_link(p, email=email, language="da", arrival=HOME)
    assert sum([len(await post(email)) for email in emails]) == ASKED.from_a_network
    elsewhere = Arrival(address=Secret("198.51.100.9"))
    await requests.ask_link(p, email=emails[-1], language="da", arrival=elsewhere)
    assert len(await post(emails[-1])) == 1


@pytest.mark.parametrize(("after_days", "left"), [(0, True), (2, False)])
async def test_after_a_day_nothing_of_a_link_can_be_read(
    p: Platform, post: Post, clock: ManualClock, home: Settings, after_days: int, left: bool
) -> None:
    begun = clock.now()
    await linked(p, post, f"dag.{after_days}@borger.example")
    async with owner(home) as connection:
        ids = [
            row["id"] for row in await connection.fetch("select id from ipp.data_link where created_at >= $1", begun)
        ]
    assert len(ids) == 1
    clock.advance(timedelta(days=after_days).total_seconds() + 1)
    while await requests.forget_links(p):
        pass
    async with owner(home) as rows, owner(home, KEYS) as keys:
        links = await rows.fetch("select from ipp.data_link where id = any($1)", ids)
        letters = await keys.fetch("select from ipp.person_key where person_id = any($1)", ids)
    assert (bool(links), bool(letters)) == (left, left)
