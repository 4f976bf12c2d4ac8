"""Sessions: found by their secret alone, of one kind, for a while; a new secret at every step; ended for good."""

from collections.abc import Awaitable, Callable

import pytest

from ippgateway.core.clock import ManualClock
from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import TooManyFailures, WrongFactor
from ippgateway.domains.accounts.schemas import Audience, Happened, Session, SignedIn, Stage
from ippgateway.domains.accounts.service import throttle
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

from .people import PASSWORD, browse, from_, known, member, prove, shop, somebody, wire, with_factor

HOUR = 3_600


async def resumed(p: Platform, signed_in: SignedIn, audience: Audience = Audience.COMPANY) -> Session | None:
    return await accounts.resume(
        p, audience=audience, user_id=signed_in.user_id, session_id=signed_in.session_id
    )  # fmt: skip


async def test_a_session_of_the_wire_opens_no_page_and_a_browsers_no_endpoint(p: Platform, pay: Platform) -> None:
    """But in the payment zone, so that a page moves money as its user."""
    email = await somebody(p, await shop(p))
    at_the_wire, in_a_browser = await wire(p, email), await browse(p, email)
    assert await accounts.resume_browser(p, bearer=at_the_wire.session_id) is None
    assert await resumed(p, in_a_browser) is None
    assert await resumed(pay, in_a_browser) is not None
    for zone in (p, pay):
        assert await resumed(zone, at_the_wire) is not None


async def test_a_browsers_session_moves_money_for_a_quarter_of_an_hour_after_a_proof(
    p: Platform, pay: Platform, clock: ManualClock
) -> None:
    """However long it is open: whoever stole it has no way around the proof by asking the payment zone itself."""
    proven = await prove(p, await known(p, await browse(p, await somebody(p, await shop(p)))))
    for passed_s, moves in ((0, True), (890, True), (20, False)):
        clock.advance(passed_s)
        session = await resumed(pay, proven)
        assert session is not None
        assert session.moves_money is moves


async def test_a_session_is_of_one_kind_and_one_user(p: Platform) -> None:
    tenant_id = await shop(p)
    signed_in = await wire(p, await somebody(p, tenant_id))
    other = await wire(p, await somebody(p, tenant_id))
    assert await resumed(p, signed_in, Audience.PARTNER) is None
    assert await accounts.resume(
        p, audience=Audience.COMPANY, user_id=other.user_id, session_id=signed_in.session_id
    ) is None  # fmt: skip


@pytest.mark.parametrize("shown", ["", "x", "0" * 48, "0" * 5_000, "' or '1'='1"])
async def test_what_is_no_session_is_none(p: Platform, shown: str) -> None:
    assert await accounts.resume_browser(p, bearer=Secret(shown)) is None
    assert await accounts.resume(p, audience=Audience.COMPANY, user_id=shown, session_id=Secret(shown)) is None


@pytest.mark.parametrize(
    ("way", "idle_s", "absolute_s"), [(browse, 900, 8 * HOUR), (wire, HOUR, 24 * HOUR)], ids=["browser", "wire"]
)
async def test_a_session_ends_when_it_is_idle_and_after_its_longest_time(
    p: Platform,
    pay: Platform,
    clock: ManualClock,
    way: Callable[..., Awaitable[SignedIn]],
    idle_s: int,
    absolute_s: int,
) -> None:
    email = await somebody(p, await shop(p))
    signed_in = await way(p, email)
    clock.advance(idle_s - 1)
    assert await resumed(pay, signed_in) is not None  # it was used: its idle time starts anew
    clock.advance(idle_s - 1)
    assert await resumed(pay, signed_in) is not None
    clock.advance(idle_s + 1)
    assert await resumed(pay, signed_in) is None

    signed_in, passed = await way(p, email), 0
    while passed + idle_s // 2 < absolute_s:
        clock.advance(idle_s // 2)
        passed += idle_s // 2
        assert await resumed(pay, signed_in) is not None
    clock.advance(absolute_s - passed)
    assert await resumed(pay, signed_in) is None


async def test_every_proof_gives_a_new_secret_and_the_old_one_is_worth_nothing(p: Platform, clock: ManualClock) -> None:
    """Whoever fixed or saw the secret before has nothing afterwards."""
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    await with_factor(p, tenant_id, email)
    halfway = await browse(p, email)
    proven = await prove(p, await known(p, halfway))
    assert await accounts.resume_browser(p, bearer=halfway.session_id) is None
    session = await known(p, proven)
    assert (session.stage, session.moves_money, session.strong_at) == (Stage.OPEN, True, clock.now())
    assert proven.device is not None
    again = await prove(p, session)
    assert await accounts.resume_browser(p, bearer=proven.session_id) is None
    assert (await known(p, again)).id == session.id
    assert len({each.session_id.open() for each in (halfway, proven, again)}) == 3


async def test_a_proof_is_good_for_a_quarter_of_an_hour(p: Platform, clock: ManualClock) -> None:
    session = await known(p, await browse(p, await somebody(p, await shop(p))))
    assert not accounts.strong(session, clock.now())
    proven = await prove(p, session)
    session = await known(p, proven)
    assert accounts.strong(session, clock.now())
    clock.advance(899)
    assert accounts.strong(await known(p, proven), clock.now())
    clock.advance(2)
    assert not accounts.strong(await known(p, proven), clock.now())


async def test_a_session_that_was_ended_stays_so_and_proves_nothing(p: Platform) -> None:
    signed_in = await browse(p, await somebody(p, await shop(p)))
    session = await known(p, signed_in)
    await accounts.sign_out(p, session)
    assert await accounts.resume_browser(p, bearer=signed_in.session_id) is None
    assert await resumed(p, signed_in) is None
    with pytest.raises(WrongFactor):
        await prove(p, session)
    assert await accounts.resume_browser(p, bearer=signed_in.session_id) is None


async def test_sessions_are_listed_and_ended_one_by_one_by_their_own_user(p: Platform, clock: ManualClock) -> None:
    tenant_id = await shop(p)
    email, other = await somebody(p, tenant_id), await somebody(p, tenant_id)
    lost, program, here = await browse(p, email), await wire(p, email), await browse(p, email)
    others = await browse(p, other)
    session, stranger = await known(p, here), await known(p, others)
    listed = await accounts.sessions(p, session)
    assert sorted((each.here, each.wire) for each in listed) == [(False, False), (False, True), (True, False)]
    assert [each.id for each in listed if each.here] == [session.id]
    assert all(each.browser == "Firefox 140" for each in listed)

    await accounts.end(p, stranger, session.id)
    assert await accounts.resume_browser(p, bearer=here.session_id) is not None
    await accounts.end(p, session, (await known(p, lost)).id)
    assert await accounts.resume_browser(p, bearer=lost.session_id) is None
    clock.advance(1)
    await accounts.end_others(p, session)
    assert await resumed(p, program) is None
    assert [each.id for each in await accounts.sessions(p, session)] == [session.id]
    assert await accounts.resume_browser(p, bearer=others.session_id) is not None
    assert (await accounts.events(p, session)).rows[0].what is Happened.SESSIONS_ENDED


async def test_rights_are_those_of_now_and_a_closed_user_has_no_session(p: Platform) -> None:
    tenant_id = await shop(p)
    await somebody(p, tenant_id)
    signed_in = await browse(p, await somebody(p, tenant_id, rights=("payments",)))
    assert (await known(p, signed_in)).rights == ("payments",)
    policy = await accounts.add_policy(p, tenant_id=tenant_id, name="Till", rights=("refund",), by=tenant_id)
    await accounts.set_policy(p, tenant_id=tenant_id, user_id=signed_in.user_id, policy_id=policy, by=tenant_id)
    assert (await known(p, signed_in)).rights == ("refund",)
    await accounts.change_policy(
        p, tenant_id=tenant_id, policy_id=policy, name="Till", rights=("void",), by=tenant_id
    )  # fmt: skip
    assert (await known(p, signed_in)).rights == ("void",)
    await accounts.close_user(
        p, tenant_id=tenant_id, user_id=signed_in.user_id, by=tenant_id, audience=Audience.COMPANY
    )  # fmt: skip
    assert await accounts.resume_browser(p, bearer=signed_in.session_id) is None


@pytest.mark.parametrize("zone", ["console", "pay"])
async def test_a_session_is_found_by_one_query(
    p: Platform, pay: Platform, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in = await wire(p, await somebody(p, await shop(p)))
    asked: list[str] = []
    real = Tx.row

    async def row(tx: Tx, sql: str, *args: object) -> object:
        asked.append(sql)
        return await real(tx, sql, *args)

    monkeypatch.setattr(Tx, "row", row)
    for verb in ("value", "fetch", "execute"):
        monkeypatch.setattr(Tx, verb, None)
    assert await resumed(p if zone == "console" else pay, signed_in) is not None
    assert len(asked) == 1


async def test_five_wrong_factors_end_a_session_and_twenty_close_them_for_whoever_has_the_password(
    p: Platform,
) -> None:
    """Signing in again with a password that was stolen gives no further guesses; the owner's browser has its own."""
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    await with_factor(p, tenant_id, email)
    device = (await prove(p, await known(p, await browse(p, email)))).device
    for n in range(4):
        arrival = from_(f"10.6.{n}.1")
        signed_in = await browse(p, email, PASSWORD, arrival)
        session = await known(p, signed_in)
        for _ in range(5):
            assert await accounts.resume_browser(p, bearer=signed_in.session_id) is not None
            await throttle.factor_allowed(p, session, arrival)
            await throttle.wrong_factor(p, session, arrival)
        assert await accounts.resume_browser(p, bearer=signed_in.session_id) is None
    session = await known(p, await browse(p, email, PASSWORD, from_("10.6.9.1")))
    with pytest.raises(TooManyFailures):
        await throttle.factor_allowed(p, session, from_("10.6.9.1"))
    mine = from_("192.0.2.7", device)
    session = await known(p, await browse(p, email, PASSWORD, mine))
    await throttle.factor_allowed(p, session, mine)
    events = [e.what for e in (await accounts.events(p, session, count=100)).rows]
    assert events.count(Happened.WRONG_FACTOR) == 20


async def test_no_zone_but_the_desk_sees_a_session_of_our_staff(desk: Platform, p: Platform) -> None:
    email = await member(desk, "support")
    await accounts.sign_in_browser(
        desk, audiences=(Audience.STAFF,), username=email, password=PASSWORD, arrival=from_()
    )  # fmt: skip
    for table in ("sign_in_session", "sign_in_event", "app_user", "credential", "known_device"):
        async with p.db.begin(ACCOUNT, tenants=[PLATFORM]) as tx:
            assert await tx.value(f"select count(*) from ipp.{table} where tenant_id = $1", PLATFORM) == 0
        async with desk.db.begin(hall(desk)[1], tenants=[PLATFORM]) as tx:
            assert await tx.value(f"select count(*) from ipp.{table}") > 0


async def test_sign_ups_of_one_network_are_few(p: Platform, clock: ManualClock) -> None:
    for n in range(20):
        await accounts.sign_up_allowed(p, from_(f"203.0.113.{n}"))
    with pytest.raises(TooManyFailures):
        await accounts.sign_up_allowed(p, from_("203.0.113.77"))
    await accounts.sign_up_allowed(p, from_("203.0.114.77"))
    clock.advance(HOUR + 1)
    await accounts.sign_up_allowed(p, from_("203.0.113.77"))
