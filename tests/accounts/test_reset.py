"""A forgotten password: a link that is good once, and tells a stranger nothing."""

import asyncio

import pytest

from ippgateway.core.clock import ManualClock
from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import TicketSpent, TooManyFailures, WeakPassword, WrongCredentials
from ippgateway.domains.accounts.schemas import Audience, Happened, Stage
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.platform import Platform

from .people import (
    LEAKED,
    OTHER_PASSWORD,
    OURS,
    PASSWORD,
    Post,
    browse,
    from_,
    known,
    known_on_the_wire,
    shop,
    somebody,
    wire,
    with_factor,
)


async def ask(p: Platform, email: str, address: str = "192.0.2.7") -> None:
    await accounts.ask_reset(p, audiences=OURS, email=email, arrival=from_(address))
    await accounts.written()


async def test_a_link_gives_a_new_password_once_and_ends_what_the_old_one_opened(p: Platform, post: Post) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    sessions = [await browse(p, email), await wire(p, email)]
    await ask(p, email)
    (letter,) = await post(tenant_id)
    assert (letter.kind, letter.to) == (Kind.RESET, email)
    assert letter.told["link"].startswith(f"{p.origins['console']}/reset/")
    assert await accounts.check_ticket(p, kind="reset", ticket=letter.ticket)
    await accounts.reset(p, LEAKED, ticket=letter.ticket, new=OTHER_PASSWORD)
    assert not await accounts.check_ticket(p, kind="reset", ticket=letter.ticket)
    with pytest.raises(TicketSpent):
        await accounts.reset(p, LEAKED, ticket=letter.ticket, new=PASSWORD)
    for each in sessions:
        assert await accounts.resume(
            p, audience=Audience.COMPANY, user_id=each.user_id, session_id=each.session_id
        ) is None  # fmt: skip
    with pytest.raises(WrongCredentials):
        await browse(p, email, PASSWORD)
    session = await known(p, await browse(p, email, OTHER_PASSWORD))
    assert not session.must_change_password
    happened = {e.what for e in (await accounts.events(p, session)).rows}
    assert {Happened.RESET_ASKED, Happened.PASSWORD_CHANGED} <= happened
    assert [each.kind for each in await post(tenant_id)].count(Kind.PASSWORD_CHANGED) == 1


async def test_of_two_who_use_a_link_at_once_one_wins(p: Platform, post: Post) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    await ask(p, email)
    (letter,) = await post(tenant_id)
    chosen = [PASSWORD, OTHER_PASSWORD, Secret("three more words for a try")]
    ends = await asyncio.gather(
        *(accounts.reset(p, LEAKED, ticket=letter.ticket, new=new) for new in chosen), return_exceptions=True
    )
    assert sorted(isinstance(end, TicketSpent) for end in ends) == [False, True, True]
    winner = chosen[[isinstance(end, TicketSpent) for end in ends].index(False)]
    assert await browse(p, email, winner)


async def test_a_link_is_good_for_an_hour_and_for_what_it_was_made(p: Platform, post: Post, clock: ManualClock) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    await ask(p, email)
    (letter,) = await post(tenant_id)
    for other in ("invite", "verify", "new_email", "passkey"):
        assert not await accounts.check_ticket(p, kind=other, ticket=letter.ticket)
    clock.advance(3_599)
    assert await accounts.check_ticket(p, kind="reset", ticket=letter.ticket)
    clock.advance(2)
    with pytest.raises(TicketSpent):
        await accounts.reset(p, LEAKED, ticket=letter.ticket, new=OTHER_PASSWORD)


async def test_a_new_password_spends_every_link_that_was_mailed(p: Platform, post: Post, clock: ManualClock) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    for _ in range(2):
        await ask(p, email)
        clock.advance(1)
    first, second = await post(tenant_id)
    session = await known(p, await browse(p, email))
    await accounts.change_password(p, session, LEAKED, current=PASSWORD, new=OTHER_PASSWORD)
    for letter in (first, second):
        assert not await accounts.check_ticket(p, kind="reset", ticket=letter.ticket)


async def test_a_password_that_is_refused_leaves_the_link_good(p: Platform, post: Post) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    await ask(p, email)
    (letter,) = await post(tenant_id)
    for weak in ("short", "karenkarenkarenkaren"):
        with pytest.raises(WeakPassword):
            await accounts.reset(p, LEAKED, ticket=letter.ticket, new=Secret(weak))
    await accounts.reset(p, LEAKED, ticket=letter.ticket, new=OTHER_PASSWORD)


async def test_a_link_stands_in_for_no_second_factor(p: Platform, post: Post) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    await with_factor(p, tenant_id, email)
    await ask(p, email)
    (letter,) = await post(tenant_id)
    assert await accounts.reset(p, LEAKED, ticket=letter.ticket, new=OTHER_PASSWORD, arrival=from_()) is None
    assert (await browse(p, email, OTHER_PASSWORD)).stage is Stage.FACTOR


async def test_guessers_who_closed_a_name_do_not_keep_out_whoever_has_the_mailbox(p: Platform, post: Post) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    for n in range(10):
        with pytest.raises(WrongCredentials):
            await browse(p, email, Secret("not the right one"), from_(f"10.5.{n}.1"))
    with pytest.raises(TooManyFailures):
        await browse(p, email)
    await ask(p, email)
    (letter,) = await post(tenant_id)
    device = await accounts.reset(p, LEAKED, ticket=letter.ticket, new=OTHER_PASSWORD, arrival=from_())
    assert await browse(p, email, OTHER_PASSWORD, from_(device=device))
    with pytest.raises(TooManyFailures):
        await browse(p, email, OTHER_PASSWORD)


async def test_asking_says_the_same_and_does_the_same_whoever_exists(
    p: Platform, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is asked of the database before the answer; the letter is written afterwards."""
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    real, asked = {verb: getattr(Tx, verb) for verb in ("row", "value", "fetch", "execute")}, list[str]()

    def spy(verb: str) -> object:
        async def call(tx: Tx, sql: str, *args: object) -> object:
            asked.append(sql)
            return await real[verb](tx, sql, *args)

        return call

    for verb in real:
        monkeypatch.setattr(Tx, verb, spy(verb))
    before_the_answer = {}
    for name in (email, "nobody-of-ours@example.org"):
        asked.clear()
        await accounts.ask_reset(p, audiences=OURS, email=name, arrival=from_())
        before_the_answer[name] = tuple(asked)
        await accounts.written()
    monkeypatch.undo()
    assert len(set(before_the_answer.values())) == 1
    assert len(await post(tenant_id)) == 1


async def test_a_fourth_letter_within_an_hour_is_not_written_and_nobody_is_told(
    p: Platform, post: Post, clock: ManualClock
) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    for n in range(6):
        await ask(p, email, f"10.4.{n}.1")
    assert len(await post(tenant_id)) == 3
    clock.advance(3_601)
    await ask(p, email)
    assert len(await post(tenant_id)) == 4


async def test_over_the_wire_a_link_gives_a_password_for_once(p: Platform, post: Post) -> None:
    """Wire contract 7.2, R-21."""
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    await accounts.ask_reset(
        p, audiences=(Audience.COMPANY,), email=email, arrival=from_(),
        link=lambda ticket, user_id, audience: f"https://portal.example/?id={user_id}&of={audience}/{ticket.open()}",
    )  # fmt: skip
    (letter,) = await post(tenant_id)
    user_id = (await browse(p, email)).user_id
    assert letter.told["link"].startswith(f"https://portal.example/?id={user_id}&of=company/")
    with pytest.raises(TicketSpent):
        await accounts.redeem_reset(p, user_id=p.ids.new(), ticket=letter.ticket)
    username, once = await accounts.redeem_reset(p, user_id=user_id, ticket=letter.ticket)
    assert username == email
    assert (await known_on_the_wire(p, await wire(p, email, once))).must_change_password
    with pytest.raises(TicketSpent):
        await accounts.redeem_reset(p, user_id=user_id, ticket=letter.ticket)


async def test_a_new_password_takes_the_old_one_and_ends_the_other_sessions(p: Platform, post: Post) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    here, there = await browse(p, email), await browse(p, email)
    session = await known(p, here)
    with pytest.raises(WrongCredentials):
        await accounts.change_password(p, session, LEAKED, current=OTHER_PASSWORD, new=OTHER_PASSWORD)
    await accounts.change_password(p, session, LEAKED, current=PASSWORD, new=OTHER_PASSWORD)
    assert await accounts.resume_browser(p, bearer=here.session_id) is not None
    assert await accounts.resume_browser(p, bearer=there.session_id) is None
    assert Kind.PASSWORD_CHANGED in {each.kind for each in await post(tenant_id)}


async def test_whoever_holds_a_session_guesses_its_password_ten_times(p: Platform) -> None:
    session = await known(p, await browse(p, await somebody(p, await shop(p))))
    for _ in range(10):
        with pytest.raises(WrongCredentials):
            await accounts.change_password(p, session, LEAKED, current=OTHER_PASSWORD, new=OTHER_PASSWORD)
    with pytest.raises(TooManyFailures):
        await accounts.change_password(p, session, LEAKED, current=PASSWORD, new=OTHER_PASSWORD)


async def test_a_closed_user_gets_no_letter_and_a_link_from_before_is_spent(p: Platform, post: Post) -> None:
    tenant_id = await shop(p)
    await somebody(p, tenant_id)
    email = await somebody(p, tenant_id)
    user_id = (await browse(p, email)).user_id
    await ask(p, email)
    (letter,) = await post(tenant_id)
    await accounts.close_user(p, tenant_id=tenant_id, user_id=user_id, by=tenant_id, audience=Audience.COMPANY)
    assert not await accounts.check_ticket(p, kind="reset", ticket=letter.ticket)
    await ask(p, email)
    assert {each.kind for each in await post(tenant_id)} == {Kind.RESET, Kind.ACCOUNT_CLOSED}
    assert len(await post(tenant_id)) == 2
