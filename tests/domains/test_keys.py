"""Keys of a company: the old one's end is exact, a key for reading opens no more, and a storm loses none."""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from ippgateway.core.clock import ManualClock
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.schemas import Audience, Session
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import BadKey, CompanyNotFound, NoSuchKey, TooManyKeys
from ippgateway.domains.companies.schemas import KeyMatch, KeyScope
from ippgateway.domains.companies.service.keys import MOST_FURTHER_KEYS
from ippgateway.privacy.platform import Platform

DAY_S = 86_400
LATER = datetime(2031, 3, 1, 12, tzinfo=UTC)


@dataclasses.dataclass
class Shop:
    """A company under a clock that stands still."""

    p: Platform
    clock: ManualClock
    new: companies.NewCompany

    @property
    def by(self) -> Session:
        return Session(id=self.p.ids.new(), audience=Audience.COMPANY, tenant_id=self.new.id, home_id=self.new.id,
                       user_id=self.p.ids.new(), moves_money=True, rights=("ALL",))  # fmt: skip

    async def match(self, *secrets: Secret[str]) -> KeyMatch | None:
        return await companies.match_keys(self.p, company_id=self.new.id, secrets=[s.open() for s in secrets])

    async def rotate(self, which: int, overlap_s: int) -> Secret[str]:
        return await companies.rotate_key(self.p, company_id=self.new.id, which=which, overlap_s=overlap_s, by=self.by)

    async def add(self, scope: KeyScope, ends_at: datetime | None = None) -> tuple[str, Secret[str]]:
        return await companies.add_key(
            self.p, company_id=self.new.id, scope=scope, label="the till", ends_at=ends_at, by=self.by
        )


@pytest.fixture
async def shop(console: Platform) -> Shop:
    clock = ManualClock(LATER)
    p = dataclasses.replace(console, clock=clock, ids=Ids(clock, SystemRandomness()))
    new = companies.sandbox_company(p, partner_id=p.ids.new(), name="Shop")
    await companies.add(p, new)
    return Shop(p, clock, new)


async def test_a_rotated_key_works_until_its_end_and_not_at_that_moment(shop: Shop) -> None:
    fresh = await shop.rotate(2, DAY_S)
    assert (await companies.read(shop.p, company_id=shop.new.id)).key2.open() == fresh.open()
    shop.clock.advance(DAY_S - 0.000_001)
    for key in (shop.new.key2, fresh):
        match = await shop.match(key)
        assert match is not None
        assert (match.data_key, match.payment_key, match.reads_only) == (False, True, False)
    shop.clock.advance(0.000_001)
    assert await shop.match(shop.new.key2) is None
    assert await shop.match(fresh) is not None
    assert await companies.keys(shop.p, company_id=shop.new.id) == ()


async def test_without_an_overlap_the_old_key_stops_at_once_and_the_other_one_is_untouched(shop: Shop) -> None:
    fresh = await shop.rotate(1, 0)
    assert len(fresh.open()) == companies.KEY1_LETTERS
    assert await shop.match(shop.new.key1) is None
    assert await shop.match(fresh, shop.new.key2) == KeyMatch(
        company_id=shop.new.id, data_key=True, payment_key=True, reads_only=False
    )


async def test_an_overlap_can_be_ended_before_its_time(shop: Shop) -> None:
    await shop.rotate(1, DAY_S)
    (old,) = await companies.keys(shop.p, company_id=shop.new.id)
    assert (old.scope, old.replaced, old.ends_at) == (KeyScope.DATA, True, LATER + timedelta(seconds=DAY_S))
    await companies.end_key(shop.p, company_id=shop.new.id, key_id=old.id, by=shop.by)
    assert await shop.match(shop.new.key1) is None
    with pytest.raises(NoSuchKey):
        await companies.end_key(shop.p, company_id=shop.new.id, key_id=old.id, by=shop.by)


async def test_a_key_of_one_scope_opens_that_scope_alone(shop: Shop) -> None:
    expected = {KeyScope.READ: (True, False, True), KeyScope.DATA: (True, False, False),
                KeyScope.PAYMENT: (False, True, False)}  # fmt: skip
    for scope, opens in expected.items():
        match = await shop.match((await shop.add(scope))[1])
        assert match is not None
        assert (match.data_key, match.payment_key, match.reads_only) == opens
    reading = (await shop.add(KeyScope.READ))[1]
    both = await shop.match(reading, shop.new.key1)
    assert both is not None
    assert not both.reads_only


async def test_a_key_s_label_is_kept_sealed_and_its_end_is_kept(shop: Shop) -> None:
    key_id, key = await shop.add(KeyScope.READ, LATER + timedelta(days=2))
    (view,) = await companies.keys(shop.p, company_id=shop.new.id)
    assert (view.id, view.label, view.replaced, view.ends_at) == (key_id, "the till", False, LATER + timedelta(days=2))
    shop.clock.advance(2 * DAY_S)
    assert await shop.match(key) is None


async def test_twenty_rotations_at_once_leave_one_current_key_and_lose_no_overlap(shop: Shop) -> None:
    made = [shop.new.key2, *await asyncio.gather(*(shop.rotate(2, DAY_S) for _ in range(20)))]
    current = (await companies.read(shop.p, company_id=shop.new.id)).key2.open()
    assert [key.open() for key in made].count(current) == 1
    for key in made:
        assert await shop.match(key) is not None
    kept = await companies.keys(shop.p, company_id=shop.new.id)
    assert (len(kept), {key.replaced for key in kept}) == (20, {True})
    shop.clock.advance(DAY_S)
    assert [await shop.match(key) is not None for key in made] == [key.open() == current for key in made]


async def test_further_keys_have_a_limit_that_ended_ones_do_not_count_towards(shop: Shop) -> None:
    for _ in range(MOST_FURTHER_KEYS):
        await shop.add(KeyScope.READ, LATER + timedelta(days=1))
    for more in (shop.add(KeyScope.READ), shop.rotate(1, 60)):
        with pytest.raises(TooManyKeys):
            await more
    assert await shop.match(shop.new.key1) is not None  # a rotation that was refused replaced nothing
    shop.clock.advance(DAY_S)
    await shop.add(KeyScope.READ)


async def test_what_can_not_be_a_key_is_refused(shop: Shop) -> None:
    for which, overlap_s in ((0, 0), (3, 0), (1, -1), (1, companies.LONGEST_OVERLAP_S + 1)):
        with pytest.raises(BadKey):
            await shop.rotate(which, overlap_s)
    with pytest.raises(BadKey):
        await shop.add(KeyScope.READ, LATER)
    for chosen in ("", "x" * 15, "a b", "ø"):
        with pytest.raises(BadKey):
            await companies.replace_keys(shop.p, company_id=shop.new.id, key1=None, key2=chosen, by=shop.new.id)


async def test_keys_of_another_company_match_nothing_and_end_nothing(shop: Shop) -> None:
    other = companies.sandbox_company(shop.p, partner_id=shop.p.ids.new(), name="Other")
    await companies.add(shop.p, other)
    key_id, key = await shop.add(KeyScope.DATA)
    for secret in (key, shop.new.key1, shop.new.key2):
        assert await companies.match_keys(shop.p, company_id=other.id, secrets=[secret.open()]) is None
    assert await companies.keys(shop.p, company_id=other.id) == ()
    with pytest.raises(NoSuchKey):
        await companies.end_key(shop.p, company_id=other.id, key_id=key_id, by=shop.by)


async def test_a_closed_company_s_keys_open_nothing(shop: Shop) -> None:
    _, reading = await shop.add(KeyScope.READ)
    with pytest.raises(CompanyNotFound):
        await companies.close(shop.p, company_id=shop.new.id, partner_id=shop.p.ids.new(), by=shop.p.ids.new())
    await companies.close(shop.p, company_id=shop.new.id, partner_id=shop.new.partner_id, by=shop.p.ids.new())
    for secret in (shop.new.key1, shop.new.key2, reading):
        assert await shop.match(secret) is None
    with pytest.raises(CompanyNotFound):
        await shop.rotate(1, 0)
