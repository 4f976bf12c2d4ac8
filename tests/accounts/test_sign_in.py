"""Signing in: guessers are stopped, owners are not, and a stranger learns nothing."""

import asyncio
from importlib import import_module
from typing import Any

import pytest

from ippgateway.core.clock import ManualClock
from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import AccountUnavailable, TooManyFailures, WrongCredentials
from ippgateway.domains.accounts.schemas import Audience, Happened, Stage
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

from .people import (
    OTHER_PASSWORD,
    PASSWORD,
    Post,
    browse,
    from_,
    known,
    known_on_the_wire,
    member,
    partner,
    shop,
    somebody,
    wire,
    with_factor,
)

SIGNING = import_module("ippgateway.domains.accounts.service.sign_in")
WRONG = Secret("not the right one at all")


async def test_the_right_password_opens_the_account_whatever_the_case_of_the_name(p: Platform) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id, language="da")
    session = await known(p, await browse(p, f" {email.upper()} "))
    assert (session.tenant_id, session.home_id, session.audience) == (tenant_id, tenant_id, Audience.COMPANY)
    assert (session.rights, session.language, session.stage) == (("ALL",), "da", Stage.OPEN)
    assert not session.moves_money
    assert session.guest_of is None


async def test_a_thousand_guesses_from_elsewhere_stop_guessers_and_not_the_owner(p: Platform) -> None:
    """The owner's own browser is let in at once; from a network that was never seen nobody is."""
    email = await somebody(p, await shop(p))
    device = (await browse(p, email)).device
    assert device is not None
    refused = 0
    for n in range(1_000):
        with pytest.raises((WrongCredentials, TooManyFailures)) as why:
            await browse(p, email, WRONG, from_(f"10.{n % 250}.{n // 250}.9"))
        refused += why.type is TooManyFailures
    assert refused == 990
    assert (await browse(p, email, PASSWORD, from_("192.0.2.7", device))).stage is Stage.OPEN
    assert (await browse(p, email, PASSWORD, from_("203.0.113.80", device))).stage is Stage.OPEN
    with pytest.raises(TooManyFailures):
        await browse(p, email, PASSWORD, from_("203.0.113.80"))
    await wire(p, email)  # the programs of a shop have a door of their own, with a count of its own


async def test_a_name_opens_again_after_half_an_hour(p: Platform, clock: ManualClock) -> None:
    email = await somebody(p, await shop(p))
    for _ in range(10):
        with pytest.raises(WrongCredentials):
            await browse(p, email, WRONG)
    with pytest.raises(TooManyFailures) as closed:
        await browse(p, email)
    assert closed.value.retry_after_s == 1_800
    clock.advance(1_801)
    await browse(p, email)


async def test_failures_are_forgotten_when_they_no_longer_count(p: Platform, clock: ManualClock) -> None:
    for n in range(3):
        with pytest.raises(WrongCredentials):
            await browse(p, f"{n}@forgotten.example", WRONG)
    clock.advance(3_601)
    with pytest.raises(WrongCredentials):
        await browse(p, "another@forgotten.example", WRONG)
    async with p.db.begin(AUTHENTICATE) as tx:
        assert await tx.value("select count(*) from ipp.sign_in_failure where at <= $1", clock.now()) == 1


async def test_a_stolen_browser_has_ten_guesses_of_its_own(p: Platform) -> None:
    email = await somebody(p, await shop(p))
    device = (await browse(p, email)).device
    for n in range(10):
        with pytest.raises(WrongCredentials):
            await browse(p, email, WRONG, from_(f"10.9.{n}.1", device))
    with pytest.raises(TooManyFailures):
        await browse(p, email, PASSWORD, from_("10.9.77.1", device))
    await browse(p, email, PASSWORD, from_("10.9.78.1"))


async def test_somebody_elses_browser_counts_as_any_other(p: Platform) -> None:
    """Whoever has an account of their own gains no guesses at others by its browser."""
    device = (await browse(p, await somebody(p, await shop(p)))).device
    victim = await somebody(p, await shop(p))
    for n in range(10):
        with pytest.raises(WrongCredentials):
            await browse(p, victim, WRONG, from_(f"10.8.{n}.1"))
    with pytest.raises(TooManyFailures):
        await browse(p, victim, WRONG, from_("10.8.99.1", device))


async def test_whoever_signs_up_with_somebodys_address_gains_no_guesses_at_them(p: Platform) -> None:
    """Each browser of theirs guesses at their own account; at the victim's all of them have ten between them."""
    victim = await somebody(p, await shop(p))
    await somebody(p, await shop(p), email=victim, password=OTHER_PASSWORD)
    for n in range(3):
        device = (await browse(p, victim, OTHER_PASSWORD, from_(f"10.6.{n}.1"))).device
        assert device is not None
        for m in range(4):
            with pytest.raises(WrongCredentials):
                await browse(p, victim, WRONG, from_(f"10.6.{n}.{m}", device))
    with pytest.raises(WrongCredentials):
        await browse(p, victim, PASSWORD, from_("10.6.9.1", device))
    assert (await browse(p, victim, OTHER_PASSWORD, from_("10.6.9.1", device))).user_id
    assert (await browse(p, victim, PASSWORD, from_("10.5.9.1"))).user_id


async def test_whoever_signs_up_with_somebodys_address_does_not_shut_them_out(p: Platform, clock: ManualClock) -> None:
    """However many do: whoever showed that it is theirs goes first, and then whoever was here first."""
    squatted = await somebody(p, await shop(p))
    clock.advance(1)
    for _ in range(8):
        await somebody(p, await shop(p), email=squatted, password=OTHER_PASSWORD, moves_money=True)
    clock.advance(1)
    await wire(p, squatted)
    home = await partner(p)
    await somebody(p, home, Audience.PARTNER, email=squatted, password=Secret("5 swans on the fjord"), verified=True)
    assert (await known(p, await browse(p, squatted, Secret("5 swans on the fjord")))).tenant_id == home


async def test_one_network_tries_fifty_names_and_no_more(p: Platform) -> None:
    for n in range(50):
        with pytest.raises(WrongCredentials):
            await browse(p, f"{n}-{p.ids.letters(9)}@example.org", WRONG, from_(f"198.51.100.{n}"))
    email = await somebody(p, await shop(p))
    with pytest.raises(TooManyFailures):
        await browse(p, email, PASSWORD, from_("198.51.100.201"))
    await browse(p, email, PASSWORD, from_("198.51.101.201"))


async def test_guesses_at_once_are_counted_before_the_next_one_is_made(p: Platform) -> None:
    email = await somebody(p, await shop(p))
    tries = (browse(p, email, WRONG, from_(f"10.7.{n}.1")) for n in range(30))
    ends = [type(end) for end in await asyncio.gather(*tries, return_exceptions=True)]
    assert (ends.count(WrongCredentials), ends.count(TooManyFailures)) == (10, 20)


async def test_programs_sign_in_as_often_and_as_quickly_as_they_like(p: Platform) -> None:
    """Wire contract 5, rule 6."""
    email = await somebody(p, await shop(p))
    signed_in = await asyncio.gather(*(wire(p, email) for _ in range(25)))
    assert len({each.session_id.open() for each in signed_in}) == 25
    for each in signed_in:
        assert await accounts.resume(
            p, audience=Audience.COMPANY, user_id=each.user_id, session_id=each.session_id
        )  # fmt: skip


async def test_guessers_at_the_wire_lock_no_program_out_and_end_with_their_network(p: Platform) -> None:
    """An application password is of our making: there is nothing to guess."""
    email = await somebody(p, await shop(p), for_programs=OTHER_PASSWORD)

    async def tries(password: Secret[str], address: str) -> None:
        await accounts.sign_in(
            p, audience=Audience.COMPANY, username=email, password=password, partner_id=None, arrival=from_(address)
        )

    for _ in range(10):
        with pytest.raises(WrongCredentials):
            await tries(WRONG, "10.4.1.1")
    for _ in range(40):
        with pytest.raises(TooManyFailures):
            await tries(WRONG, "10.4.1.1")
    with pytest.raises(TooManyFailures):
        await tries(PASSWORD, "10.4.2.1")
    await tries(OTHER_PASSWORD, "10.4.2.1")
    with pytest.raises(TooManyFailures):
        await tries(OTHER_PASSWORD, "10.4.1.1")
    for _ in range(10):
        with pytest.raises(WrongCredentials):
            await browse(p, email, WRONG, from_("10.4.3.1"))
    with pytest.raises(TooManyFailures):
        await browse(p, email, OTHER_PASSWORD, from_("10.4.3.1"))


async def test_nobody_costs_as_many_hashes_and_statements_as_somebody(
    p: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    real = SIGNING.fits

    async def fits(hashed: str, password: Secret[str]) -> object:
        counted.append("hash")
        return await real(hashed, password)

    monkeypatch.setattr(SIGNING, "fits", fits)
    for verb in ("row", "value", "fetch", "execute"):
        monkeypatch.setattr(Tx, verb, _counting(verb, getattr(Tx, verb), counted))
    email = await somebody(p, await shop(p))
    ways = {}
    for name in (email, "nobody-of-ours@example.org"):
        for way in (browse, wire):
            counted.clear()
            with pytest.raises(WrongCredentials) as why:
                await way(p, name, WRONG)
            ways[name, way] = (*counted, str(why.value))
    assert len({said for (_, way), said in ways.items() if way is browse}) == 1
    assert len({said for (_, way), said in ways.items() if way is wire}) == 1
    assert all(said.count("hash") == 2 for said in ways.values())


def _counting(verb: str, real: Any, counted: list[str]) -> Any:
    async def call(tx: Tx, sql: str, *args: object) -> object:
        counted.append(f"{verb} {sql}")
        return await real(tx, sql, *args)

    return call


async def test_a_name_that_is_several_users_is_the_one_whose_password_it_is(p: Platform) -> None:
    company_id, partner_id = await shop(p), await partner(p)
    email = await somebody(p, company_id)
    await somebody(p, partner_id, Audience.PARTNER, email=email, password=OTHER_PASSWORD)
    assert (await known(p, await browse(p, email))).tenant_id == company_id
    assert (await known(p, await browse(p, email, OTHER_PASSWORD))).tenant_id == partner_id
    both = await somebody(p, company_id)
    await somebody(p, partner_id, Audience.PARTNER, email=both)
    assert (await known(p, await browse(p, both))).tenant_id == company_id


async def test_on_the_wire_a_partner_id_chooses_and_never_refuses(p: Platform) -> None:
    """R-20."""
    one, other = await shop(p), await shop(p)
    email = await somebody(p, one)
    await somebody(p, other, email=email)
    for wanted in (one, other):
        assert (await known_on_the_wire(p, await wire(p, email, partner_id=wanted))).tenant_id == wanted
    assert await wire(p, email, partner_id=p.ids.new())


async def test_a_password_for_programs_opens_no_browser_and_moves_money_on_the_wire(p: Platform) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id, moves_money=True)
    assert (await known_on_the_wire(p, await wire(p, email))).moves_money
    assert not (await known(p, await browse(p, email))).moves_money
    async with p.db.begin(ACCOUNT, tenants=[tenant_id]) as tx:
        await tx.execute("delete from ipp.credential where tenant_id = $1 and kind = 'password'", tenant_id)
    assert await wire(p, email)
    with pytest.raises(WrongCredentials):
        await browse(p, email)


async def test_the_wire_is_no_way_around_a_second_factor(p: Platform) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    await with_factor(p, tenant_id, email)
    assert (await browse(p, email)).stage is Stage.FACTOR
    with pytest.raises(WrongCredentials):
        await wire(p, email)


async def test_halfway_nothing_is_open_and_the_browser_is_not_known(p: Platform) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    user_id = await with_factor(p, tenant_id, email)
    signed_in = await browse(p, email)
    session = await known(p, signed_in)
    assert (session.stage, session.moves_money, signed_in.device) == (Stage.FACTOR, False, None)
    assert await accounts.resume(
        p, audience=Audience.COMPANY, user_id=user_id, session_id=signed_in.session_id
    ) is None  # fmt: skip
    assert [e.what for e in (await accounts.events(p, session)).rows] == []


async def test_a_new_browser_is_told_of_but_not_the_first_one(p: Platform, post: Post, clock: ManualClock) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    first = await browse(p, email)
    assert await post(tenant_id) == []
    await browse(p, email, arrival=from_("192.0.2.7", first.device))
    assert await post(tenant_id) == []
    clock.advance(60)
    second = await browse(p, email, arrival=from_("203.0.113.4"))
    (letter,) = await post(tenant_id)
    assert (letter.kind, letter.to) == (Kind.NEW_DEVICE, email)
    assert letter.told == {"where": "203.0.113.4", "device": "Firefox 140, Linux"}
    events = (await accounts.events(p, await known(p, second))).rows
    assert {e.what for e in events[:2]} == {Happened.NEW_DEVICE, Happened.SIGNED_IN}
    assert {e.address for e in events[:2]} == {"203.0.113.4"}


async def test_a_browsers_secret_that_is_not_of_our_making_is_not_taken(p: Platform) -> None:
    email = await somebody(p, await shop(p))
    planted = Secret("planted-by-somebody-else")
    device = (await browse(p, email, arrival=from_(device=planted))).device
    assert device is not None
    assert device.open() != planted.open()


async def test_one_browser_may_be_two_peoples(p: Platform) -> None:
    company_id, partner_id = await shop(p), await partner(p)
    one, other = await somebody(p, company_id), await somebody(p, partner_id, Audience.PARTNER)
    device = (await browse(p, one)).device
    assert (await browse(p, other, arrival=from_(device=device))).device is None
    assert (await browse(p, one, arrival=from_(device=device))).device is None


async def test_a_password_that_would_not_be_taken_today_has_to_be_changed(p: Platform) -> None:
    tenant_id, short = await shop(p), Secret("shorty-1")
    email = await somebody(p, tenant_id, password=short)
    assert (await known(p, await browse(p, email, short))).must_change_password
    assert not (await known(p, await browse(p, await somebody(p, tenant_id)))).must_change_password


async def test_whose_name_was_tried_sees_it(p: Platform, clock: ManualClock) -> None:
    email = await somebody(p, await shop(p))
    with pytest.raises(WrongCredentials):
        await browse(p, email, WRONG, from_("203.0.113.4"))
    clock.advance(1)
    events = (await accounts.events(p, await known(p, await browse(p, email)))).rows
    assert [e.what for e in events] == [Happened.SIGNED_IN, Happened.WRONG_PASSWORD]
    assert events[1].browser == "Firefox 140"


async def test_events_come_page_by_page_and_are_each_ones_own(p: Platform, clock: ManualClock) -> None:
    tenant_id = await shop(p)
    email, other = await somebody(p, tenant_id), await somebody(p, tenant_id)
    for _ in range(5):
        clock.advance(1)
        signed_in = await browse(p, email)
    await browse(p, other)
    session, seen, before = await known(p, signed_in), [], None
    while True:
        page = await accounts.events(p, session, before=before, count=2)
        seen += [e.id for e in page.rows]
        if page.after is None:
            break
        before = page.after
    assert len(seen) == len(set(seen)) == 5 + 4
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("status", ["blocked", "closed"])
async def test_the_right_password_of_a_blocked_user_or_company_is_told_so_and_a_wrong_one_is_not(
    p: Platform, status: str
) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    signed_in = await browse(p, email)
    async with p.db.begin(ACCOUNT, tenants=[tenant_id]) as tx:
        await tx.execute("update ipp.company set status = $2 where id = $1", tenant_id, status)
    assert await accounts.resume_browser(p, bearer=signed_in.session_id) is None
    for way in (browse, wire):
        with pytest.raises(AccountUnavailable):
            await way(p, email)
        with pytest.raises(WrongCredentials):
            await way(p, email, WRONG)


async def test_staff_sign_in_at_the_desk_and_nowhere_else(p: Platform, desk: Platform) -> None:
    email = await member(desk)
    signed_in = await accounts.sign_in_browser(
        desk, audiences=(Audience.STAFF,), username=email, password=PASSWORD, arrival=from_()
    )
    session = await accounts.resume_browser(desk, bearer=signed_in.session_id)
    assert session is not None
    assert (session.audience, session.tenant_id) == (Audience.STAFF, PLATFORM)
    assert session.rights == ()  # until there is a second factor
    assert await accounts.resume_browser(p, bearer=signed_in.session_id) is None
    with pytest.raises(WrongCredentials):
        await accounts.sign_in_browser(
            p, audiences=(Audience.STAFF,), username=email, password=PASSWORD, arrival=from_()
        )
