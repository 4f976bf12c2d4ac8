"""Who is there and may do what: invited, verified, given rights, closed; never more than whoever gives it has."""

import asyncio

import pytest

from ippgateway.core.clock import ManualClock
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import (
    BadProfile,
    LastAdministrator,
    NoSuchPolicy,
    NoSuchUser,
    NotStrong,
    PolicyInUse,
    TicketSpent,
    WrongCredentials,
)
from ippgateway.domains.accounts.schemas import Audience, Session
from ippgateway.domains.accounts.service.passwords import Rule
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

from .people import (
    LEAKED,
    OTHER_PASSWORD,
    PASSWORD,
    STAFF,
    Post,
    browse,
    from_,
    known,
    member,
    prove,
    shop,
    somebody,
    with_factor,
)


async def session_of(p: Platform, tenant_id: str, *may: str) -> Session:
    return await known(p, await browse(p, await somebody(p, tenant_id, rights=may or ("ALL",))))


async def test_an_invitation_makes_a_user_who_chooses_the_password(p: Platform, post: Post) -> None:
    tenant_id = await shop(p)
    by = await session_of(p, tenant_id)
    email = f"{p.ids.letters(9)}@example.org"
    user_id = await accounts.invite(
        p, by=by, audience=Audience.COMPANY, tenant_id=tenant_id, email=email, name="", rights=("refund",)
    )
    (letter,) = await post(tenant_id)
    assert (letter.kind, letter.to) == (Kind.INVITE, email)
    with pytest.raises(WrongCredentials):
        await browse(p, email, Secret(""))
    told = await accounts.accept_invite(p, LEAKED, ticket=letter.ticket, password=PASSWORD, name="Ida")
    assert told == (Audience.COMPANY, tenant_id, user_id)
    session = await known(
        p, await accounts.open_session(p, audience=told[0], tenant_id=told[1], user_id=told[2], arrival=from_())
    )
    assert (session.rights, session.verified) == (("refund",), True)
    assert await browse(p, email)
    with pytest.raises(TicketSpent):
        await accounts.accept_invite(p, LEAKED, ticket=letter.ticket, password=OTHER_PASSWORD, name="Eve")


async def test_nobody_gives_more_than_they_have(p: Platform) -> None:
    tenant_id = await shop(p)
    await somebody(p, tenant_id)
    by = await session_of(p, tenant_id, "users", "refund", "payments")
    victim = await session_of(p, tenant_id, "payments")
    policy = await accounts.add_policy(p, tenant_id=tenant_id, name="All", rights=("ALL",), by=tenant_id)
    for more in (("ALL",), ("refund", "keys")):
        with pytest.raises(BadProfile):
            await accounts.set_rights(p, tenant_id=tenant_id, user_id=victim.user_id, rights=more, by=by)
        with pytest.raises(BadProfile):
            await accounts.add_policy(p, tenant_id=tenant_id, name="More", rights=more, by=by)
        with pytest.raises(BadProfile):
            await accounts.invite(
                p, by=by, audience=Audience.COMPANY, tenant_id=tenant_id, email="x@example.org", name="", rights=more
            )
    with pytest.raises(BadProfile):
        await accounts.set_policy(p, tenant_id=tenant_id, user_id=by.user_id, policy_id=policy, by=by)
    await accounts.set_rights(p, tenant_id=tenant_id, user_id=victim.user_id, rights=("refund",), by=by)


async def test_nobody_takes_from_whoever_has_more(p: Platform) -> None:
    """Whoever manages users and may do little else does not put the owner out."""
    tenant_id = await shop(p)
    owner = await session_of(p, tenant_id)
    by = await session_of(p, tenant_id, "users")
    policy = await accounts.add_policy(p, tenant_id=tenant_id, name="All", rights=("ALL",), by=owner)
    for change in (
        accounts.close_user(p, tenant_id=tenant_id, user_id=owner.user_id, by=by, audience=Audience.COMPANY),
        accounts.set_rights(p, tenant_id=tenant_id, user_id=owner.user_id, rights=("users",), by=by),
        accounts.change_policy(p, tenant_id=tenant_id, policy_id=policy, name="All", rights=("users",), by=by),
    ):
        with pytest.raises(BadProfile):
            await change
    lesser = await accounts.add_policy(p, tenant_id=tenant_id, name="People", rights=("users",), by=by)
    with pytest.raises(BadProfile):
        await accounts.set_policy(p, tenant_id=tenant_id, user_id=owner.user_id, policy_id=lesser, by=by)
    await accounts.close_user(p, tenant_id=tenant_id, user_id=by.user_id, by=owner, audience=Audience.COMPANY)


async def test_rights_are_words_of_the_audience(p: Platform, desk: Platform) -> None:
    tenant_id = await shop(p)
    for wrong in (("compliance",), ("administrator",), ("all",), ("",)):
        with pytest.raises(BadProfile):
            await somebody(p, tenant_id, rights=wrong)
    with pytest.raises(BadProfile):
        await somebody(desk, PLATFORM, Audience.STAFF, rights=("support", "finance"), employment=STAFF)


async def test_the_last_who_manages_users_stays(p: Platform) -> None:
    tenant_id = await shop(p)
    boss, till = await session_of(p, tenant_id), await session_of(p, tenant_id, "payments")
    policy = await accounts.add_policy(p, tenant_id=tenant_id, name="Till", rights=("refund",), by=boss)
    for change in (
        accounts.close_user(p, tenant_id=tenant_id, user_id=boss.user_id, by=boss, audience=Audience.COMPANY),
        accounts.set_rights(p, tenant_id=tenant_id, user_id=boss.user_id, rights=("refund",), by=boss),
        accounts.set_policy(p, tenant_id=tenant_id, user_id=boss.user_id, policy_id=policy, by=boss),
    ):
        with pytest.raises(LastAdministrator):
            await change
    managing = await accounts.add_policy(p, tenant_id=tenant_id, name="Boss", rights=("users",), by=boss)
    await accounts.set_policy(p, tenant_id=tenant_id, user_id=till.user_id, policy_id=managing, by=boss)
    await accounts.close_user(p, tenant_id=tenant_id, user_id=boss.user_id, by=boss, audience=Audience.COMPANY)
    with pytest.raises(LastAdministrator):
        await accounts.change_policy(
            p, tenant_id=tenant_id, policy_id=managing, name="Boss", rights=("refund",), by=tenant_id
        )


async def test_two_who_close_each_other_at_once_leave_one(p: Platform) -> None:
    tenant_id = await shop(p)
    one, other = await session_of(p, tenant_id), await session_of(p, tenant_id)
    ends = await asyncio.gather(
        *(
            accounts.close_user(p, tenant_id=tenant_id, user_id=whom.user_id, by=by, audience=Audience.COMPANY)
            for by, whom in ((one, other), (other, one))
        ),
        return_exceptions=True,
    )
    assert sorted(isinstance(end, LastAdministrator) for end in ends) == [False, True]


async def test_staff_keep_an_administrator_and_work_within_the_eea(desk: Platform) -> None:
    """PLACE-2: no tool for a transfer is on record."""
    for country, employer in (("US", "IPP"), ("", "IPP"), ("DK", "")):
        employment = f'{{"employer": "{employer}", "country": "{country}"}}'
        with pytest.raises(BadProfile):
            await somebody(desk, PLATFORM, Audience.STAFF, rights=("support",), employment=employment)
    email = await member(desk)
    everybody = await accounts.users(desk, audience=Audience.STAFF, tenant_id=PLATFORM)
    (view,) = [each for each in everybody if each.email == email]
    assert (view.role, view.employer, view.country) == ("administrator", "IPP", "DK")
    bosses = [each.user_id for each in everybody if each.role == "administrator" and each.status == "active"]
    for boss in bosses[:-1]:
        await accounts.set_rights(desk, tenant_id=PLATFORM, user_id=boss, rights=("support",), by="setup")
    with pytest.raises(LastAdministrator):
        await accounts.close_user(
            desk, tenant_id=PLATFORM, user_id=bosses[-1], by="setup", audience=Audience.STAFF
        )  # fmt: skip


async def test_another_tenants_users_and_policies_are_none(p: Platform) -> None:
    mine, theirs = await shop(p), await shop(p)
    by, victim = await session_of(p, mine), await session_of(p, theirs)
    policy = await accounts.add_policy(p, tenant_id=theirs, name="Till", rights=("refund",), by=theirs)
    with pytest.raises(NoSuchUser):
        await accounts.user(p, audience=Audience.COMPANY, tenant_id=mine, user_id=victim.user_id)
    with pytest.raises(NoSuchUser):
        await accounts.close_user(
            p, tenant_id=mine, user_id=victim.user_id, by=by, audience=Audience.COMPANY
        )  # fmt: skip
    with pytest.raises(NoSuchUser):
        await accounts.set_rights(p, tenant_id=mine, user_id=victim.user_id, rights=("ALL",), by=by)
    with pytest.raises(NoSuchUser):
        await accounts.set_password(
            p, LEAKED, audience=Audience.COMPANY, tenant_id=mine, user_id=victim.user_id, new=PASSWORD, by=by,
            rule=Rule.WIRE_NEW,
        )  # fmt: skip
    with pytest.raises(NoSuchPolicy):
        await accounts.set_policy(p, tenant_id=mine, user_id=by.user_id, policy_id=policy, by=by)
    for verb in (
        accounts.remove_policy(p, tenant_id=mine, policy_id=policy, by=by),
        accounts.change_policy(p, tenant_id=mine, policy_id=policy, name="x", rights=(), by=by),
    ):
        with pytest.raises(NoSuchPolicy):
            await verb


async def test_a_policy_that_somebody_has_is_not_removed(p: Platform) -> None:
    tenant_id = await shop(p)
    by, till = await session_of(p, tenant_id), await session_of(p, tenant_id, "payments")
    policy = await accounts.add_policy(p, tenant_id=tenant_id, name="Till", rights=("refund",), by=by)
    assert [each.name for each in await accounts.policies(p, tenant_id=tenant_id)] == ["Till"]
    await accounts.set_policy(p, tenant_id=tenant_id, user_id=till.user_id, policy_id=policy, by=by)
    with pytest.raises(PolicyInUse):
        await accounts.remove_policy(p, tenant_id=tenant_id, policy_id=policy, by=by)
    await accounts.set_policy(p, tenant_id=tenant_id, user_id=till.user_id, policy_id=None, by=by)
    await accounts.remove_policy(p, tenant_id=tenant_id, policy_id=policy, by=by)
    assert await accounts.policies(p, tenant_id=tenant_id) == ()


async def test_an_address_is_one_users_of_a_tenant_until_they_are_closed(p: Platform) -> None:
    tenant_id = await shop(p)
    await somebody(p, tenant_id)
    email = await somebody(p, tenant_id)
    with pytest.raises(BadProfile):
        await somebody(p, tenant_id, email=email.upper())
    user_id = (await browse(p, email)).user_id
    await accounts.close_user(p, tenant_id=tenant_id, user_id=user_id, by=tenant_id, audience=Audience.COMPANY)
    await somebody(p, tenant_id, email=email, password=OTHER_PASSWORD)
    assert (await browse(p, email, OTHER_PASSWORD)).user_id != user_id


async def test_only_whoever_is_signed_in_as_the_user_shows_whose_the_address_is(p: Platform, post: Post) -> None:
    """Whoever signed up with somebody else's address can't have them confirm it by a click."""
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    signed_in = await browse(p, email)
    session = await known(p, signed_in)
    assert not session.verified
    await accounts.ask_verify(p, session)
    (letter,) = await post(tenant_id)
    with pytest.raises(TicketSpent):
        await accounts.verify(p, await session_of(p, tenant_id), ticket=letter.ticket)
    await accounts.verify(p, session, ticket=letter.ticket)
    assert (await known(p, signed_in)).verified
    with pytest.raises(TicketSpent):
        await accounts.verify(p, session, ticket=letter.ticket)


async def test_a_new_address_takes_the_password_and_its_own_mailbox(p: Platform, post: Post) -> None:
    tenant_id = await shop(p)
    email, fresh = await somebody(p, tenant_id), f"{p.ids.letters(9)}@example.org"
    session = await known(p, await browse(p, email))
    with pytest.raises(NotStrong):
        await accounts.ask_new_email(p, session, email=fresh)
    with pytest.raises(WrongCredentials):
        await accounts.ask_new_email(p, session, email=fresh, current=OTHER_PASSWORD)
    await accounts.ask_new_email(p, session, email=fresh, current=PASSWORD)
    (letter,) = await post(tenant_id)
    assert (letter.kind, letter.to) == (Kind.NEW_EMAIL, fresh)
    with pytest.raises(WrongCredentials):
        await browse(p, fresh)
    await accounts.confirm_new_email(p, ticket=letter.ticket)
    assert (await browse(p, fresh)).user_id == session.user_id
    with pytest.raises(WrongCredentials):
        await browse(p, email)
    assert (Kind.EMAIL_CHANGED, email) in {(each.kind, each.to) for each in await post(tenant_id)}


async def test_a_stolen_session_of_whoever_has_a_second_factor_moves_no_address(
    p: Platform, clock: ManualClock
) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    await with_factor(p, tenant_id, email)
    proven = await prove(p, await known(p, await browse(p, email)))
    clock.advance(600)
    await known(p, proven)
    clock.advance(600)
    session = await known(p, proven)
    with pytest.raises(NotStrong):
        await accounts.ask_new_email(p, session, email="x@example.org", current=PASSWORD)


async def test_what_is_set_for_a_user_ends_their_sessions_but_the_one_that_is_kept(p: Platform) -> None:
    tenant_id = await shop(p)
    email = await somebody(p, tenant_id)
    here, there = await browse(p, email), await browse(p, email)
    session = await known(p, here)
    await accounts.set_password(
        p, LEAKED, audience=Audience.COMPANY, tenant_id=tenant_id, user_id=session.user_id,
        new=Secret("Wire-Rule-1234"), by=session, rule=Rule.WIRE_RESET, keep=session.id,
    )  # fmt: skip
    assert await accounts.resume_browser(p, bearer=here.session_id) is not None
    assert await accounts.resume_browser(p, bearer=there.session_id) is None


async def test_nobody_sets_the_password_of_whoever_may_do_more(p: Platform) -> None:
    """They could sign in with it."""
    tenant_id = await shop(p)
    boss, till = await session_of(p, tenant_id), await session_of(p, tenant_id, "payments")
    by = await session_of(p, tenant_id, "users")
    managing = await accounts.add_policy(p, tenant_id=tenant_id, name="Boss", rights=("users", "keys"), by=boss)
    await accounts.set_policy(p, tenant_id=tenant_id, user_id=till.user_id, policy_id=managing, by=boss)
    for victim in (boss, till):
        with pytest.raises(BadProfile):
            await accounts.set_password(
                p, LEAKED, audience=Audience.COMPANY, tenant_id=tenant_id, user_id=victim.user_id,
                new=Secret("Wire-Rule-1234"), by=by, rule=Rule.WIRE_RESET,
            )  # fmt: skip


async def test_a_profile_and_preferences_are_each_ones_own(p: Platform) -> None:
    tenant_id = await shop(p)
    signed_in = await browse(p, await somebody(p, tenant_id))
    session = await known(p, signed_in)
    await accounts.change_profile(p, session, name="Bodil Ærø", phone="+45 12 34 56 78")
    await accounts.change_preferences(p, session, language="da", theme="dark")
    view = await accounts.user(p, audience=Audience.COMPANY, tenant_id=tenant_id, user_id=session.user_id)
    assert (view.name, view.phone) == ("Bodil Ærø", "+45 12 34 56 78")
    session = await known(p, signed_in)
    assert (session.language, session.theme) == ("da", "dark")
    for wrong in ({"name": "x" * 201, "phone": ""}, {"name": "a\nb", "phone": ""}, {"name": "", "phone": "call me"}):
        with pytest.raises(BadProfile):
            await accounts.change_profile(p, session, **wrong)
    for wrong in ({"language": "de"}, {"theme": "pink"}):
        with pytest.raises(BadProfile):
            await accounts.change_preferences(p, session, **wrong)
