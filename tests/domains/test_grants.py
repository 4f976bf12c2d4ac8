"""A customer's leave for its partner: explicit, on record, for a while, withdrawn at once."""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from ippgateway.core.clock import ManualClock
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import CompanyNotFound, NoPartner
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

LATER = datetime(2031, 3, 1, 12, tzinfo=UTC)
OWNER = "u1U1-u2U2-u3U3"


@pytest.fixture
def p(console: Platform) -> Platform:
    clock = ManualClock(LATER)
    return dataclasses.replace(console, clock=clock, ids=Ids(clock, SystemRandomness()))


async def shop(p: Platform, partner_id: str) -> str:
    new = companies.sandbox_company(p, partner_id=partner_id, name="Shop")
    await companies.add(p, new)
    return new.id


async def test_there_is_no_leave_until_it_is_given_and_none_after_it_is_taken_back(p: Platform) -> None:
    partner_id = p.ids.new()
    company_id = await shop(p, partner_id)
    assert await companies.partner_allowed(p, company_id=company_id) is None
    await companies.allow_partner(p, company_id=company_id, by=OWNER)
    grant = await companies.partner_allowed(p, company_id=company_id)
    assert grant is not None
    assert (grant.partner_id, grant.given_by, grant.ends_at) == (partner_id, OWNER, LATER + timedelta(days=30))
    await companies.withdraw_partner(p, company_id=company_id, by=company_id)
    assert await companies.partner_allowed(p, company_id=company_id) is None
    (kept,) = await companies.grant_history(p, company_id=company_id)
    assert (kept.id, kept.withdrawn_at, kept.withdrawn_by) == (grant.id, LATER, company_id)


async def test_a_leave_ends_by_itself_and_a_new_one_takes_its_place(p: Platform) -> None:
    company_id = await shop(p, p.ids.new())
    await companies.allow_partner(p, company_id=company_id, by=OWNER, days=1)
    assert isinstance(p.clock, ManualClock)
    p.clock.advance(86_400)
    assert await companies.partner_allowed(p, company_id=company_id) is None
    await companies.allow_partner(p, company_id=company_id, by=OWNER, days=2)
    newest, oldest = await companies.grant_history(p, company_id=company_id)
    assert (newest.withdrawn_at, oldest.withdrawn_at) == (None, LATER + timedelta(days=1))


async def test_leaves_given_at_once_leave_one_open(p: Platform) -> None:
    company_id = await shop(p, p.ids.new())
    await asyncio.gather(*(companies.allow_partner(p, company_id=company_id, by=OWNER) for _ in range(8)))
    history = await companies.grant_history(p, company_id=company_id)
    assert [grant.withdrawn_at is None for grant in history].count(True) == 1
    assert len(history) == 8


async def test_nobody_is_let_in_where_there_is_no_partner_or_no_company(p: Platform) -> None:
    company_id = await shop(p, PLATFORM)
    with pytest.raises(NoPartner):
        await companies.allow_partner(p, company_id=company_id, by=OWNER)
    with pytest.raises(CompanyNotFound):
        await companies.allow_partner(p, company_id=p.ids.new(), by=OWNER)
    for days in (0, 366):
        with pytest.raises(ValueError, match="days"):
            await companies.allow_partner(p, company_id=company_id, by=OWNER, days=days)
