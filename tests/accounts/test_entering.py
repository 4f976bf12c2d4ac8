"""A partner inside a customer's account: by its leave alone, seen by the customer, ended with the leave."""

import pytest

from ippgateway.core.clock import ManualClock
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import NotGranted, NotStrong
from ippgateway.domains.accounts.schemas import Audience, Happened, Session
from ippgateway.domains.companies import service as companies
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.platform import Platform

from .people import Post, browse, from_, known, partner, prove, shop, somebody


@pytest.fixture
async def customer(p: Platform) -> tuple[str, str]:
    """Partner and customer."""
    partner_id = await partner(p)
    return partner_id, await shop(p, partner_id)


async def of_partner(p: Platform, partner_id: str, *, proven: bool = True, may: tuple[str, ...] = ("ALL",)) -> Session:
    email = await somebody(p, partner_id, Audience.PARTNER, rights=may)
    session = await known(p, await browse(p, email))
    return await known(p, await prove(p, session)) if proven else session


async def entered(p: Platform, session: Session, company_id: str) -> tuple[Session, Secret[str]]:
    signed_in = await accounts.enter(p, session, company_id=company_id, arrival=from_(), wire=False)
    return await known(p, signed_in), signed_in.session_id


async def test_a_guest_has_the_rights_of_guests_in_that_account_alone(
    p: Platform, pay: Platform, customer: tuple[str, str]
) -> None:
    partner_id, company_id = customer
    await companies.allow_partner(p, company_id=company_id, by=company_id)
    session = await of_partner(p, partner_id)
    guest, bearer = await entered(p, session, company_id)
    assert (guest.audience, guest.tenant_id) == (Audience.COMPANY, company_id)
    assert (guest.home_id, guest.guest_of, guest.user_id) == (partner_id, partner_id, session.user_id)
    assert guest.rights == rights.OF_GUESTS
    assert not {"keys", "users", "ALL"} & set(guest.rights)
    wire = await accounts.resume(pay, audience=Audience.COMPANY, user_id=session.user_id, session_id=bearer)
    assert wire == guest
    assert await accounts.resume(pay, audience=Audience.PARTNER, user_id=session.user_id, session_id=bearer) is None


async def test_without_the_customers_leave_nobody_enters(p: Platform, customer: tuple[str, str]) -> None:
    partner_id, company_id = customer
    session = await of_partner(p, partner_id)
    for there in (company_id, p.ids.new()):
        with pytest.raises(NotGranted):
            await entered(p, session, there)
    await companies.allow_partner(p, company_id=company_id, by=company_id)
    with pytest.raises(NotGranted):  # another partner's
        await entered(p, await of_partner(p, await partner(p)), company_id)
    with pytest.raises(NotGranted):  # a user who may not run customers
        await entered(p, await of_partner(p, partner_id, may=("settings",)), company_id)
    own = await known(p, await prove(p, await known(p, await browse(p, await somebody(p, company_id)))))
    with pytest.raises(NotGranted):  # no partner at all
        await entered(p, own, company_id)


async def test_it_takes_a_second_factor_proven_a_moment_ago(
    p: Platform, customer: tuple[str, str], clock: ManualClock
) -> None:
    partner_id, company_id = customer
    await companies.allow_partner(p, company_id=company_id, by=company_id)
    with pytest.raises(NotStrong):
        await entered(p, await of_partner(p, partner_id, proven=False), company_id)
    session = await of_partner(p, partner_id)
    clock.advance(901)
    with pytest.raises(NotStrong):
        await entered(p, session, company_id)


async def test_taking_the_leave_back_ends_the_guests_session_at_once(p: Platform, customer: tuple[str, str]) -> None:
    partner_id, company_id = customer
    await companies.allow_partner(p, company_id=company_id, by=company_id)
    session = await of_partner(p, partner_id)
    _, bearer = await entered(p, session, company_id)
    await companies.withdraw_partner(p, company_id=company_id, by=company_id)
    assert await accounts.resume_browser(p, bearer=bearer) is None
    await companies.allow_partner(p, company_id=company_id, by=company_id)
    assert await accounts.resume_browser(p, bearer=bearer) is not None  # the leave is given again, within its hours


async def test_a_guest_who_leaves_is_at_home_again_under_a_new_secret(p: Platform, customer: tuple[str, str]) -> None:
    partner_id, company_id = customer
    await companies.allow_partner(p, company_id=company_id, by=company_id)
    session = await of_partner(p, partner_id)
    guest, bearer = await entered(p, session, company_id)
    left = await accounts.leave(p, guest)
    home = await known(p, left)
    assert (home.audience, home.tenant_id, home.guest_of, home.rights) == (Audience.PARTNER, partner_id, None, ("ALL",))
    assert await accounts.resume_browser(p, bearer=bearer) is None
    for at_home in (guest, home):
        with pytest.raises(NotGranted):
            await accounts.leave(p, at_home)


async def test_a_guest_who_may_no_longer_run_customers_is_none(p: Platform, customer: tuple[str, str]) -> None:
    partner_id, company_id = customer
    await somebody(p, partner_id, Audience.PARTNER)
    await companies.allow_partner(p, company_id=company_id, by=company_id)
    session = await of_partner(p, partner_id)
    _, bearer = await entered(p, session, company_id)
    await accounts.set_rights(p, tenant_id=partner_id, user_id=session.user_id, rights=("settings",), by=partner_id)
    assert await accounts.resume_browser(p, bearer=bearer) is None


async def test_it_ends_with_the_days_that_were_given(
    p: Platform, customer: tuple[str, str], clock: ManualClock
) -> None:
    partner_id, company_id = customer
    await companies.allow_partner(p, company_id=company_id, by=company_id, days=1)
    clock.advance(86_400 - 60)
    _, bearer = await entered(p, await of_partner(p, partner_id), company_id)
    clock.advance(61)
    assert await accounts.resume_browser(p, bearer=bearer) is None


async def test_the_customer_sees_it_and_is_told(p: Platform, customer: tuple[str, str], post: Post) -> None:
    partner_id, company_id = customer
    manager = await somebody(p, company_id)
    till = await somebody(p, company_id, rights=("payments",))
    await companies.allow_partner(p, company_id=company_id, by=company_id)
    await entered(p, await of_partner(p, partner_id), company_id)
    told = [letter.to for letter in await post(company_id) if letter.kind is Kind.PARTNER_ENTERED]
    assert told == [manager]
    seen = [e.what for e in (await accounts.events(p, await known(p, await browse(p, manager)))).rows]
    assert Happened.PARTNER_ENTERED in seen
    unseen = [e.what for e in (await accounts.events(p, await known(p, await browse(p, till)))).rows]
    assert Happened.PARTNER_ENTERED not in unseen
