"""What a partner may do for its customers, and where that ends: with the customer's own password."""

import dataclasses

import pytest

from e2e.books import value
from ippgateway.app.settings import Settings
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import (
    AccountUnavailable,
    BadProfile,
    NoSuchUser,
    WeakPassword,
    WrongCredentials,
)
from ippgateway.domains.accounts.schemas import Audience, SignedIn
from ippgateway.domains.accounts.service.passwords import Rule
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.partners import service as partners
from ippgateway.domains.partners.errors import BadAccount, NotLetIn
from ippgateway.domains.partners.schemas import Made, NewCustomer
from ippgateway.privacy.platform import Platform

FIRST, SECOND, OWN = "first-Password-1!", "second-Password-2!", "my-own-Password-3!"


class Nobody:
    """Knows no leaked password."""

    async def leaked(self, password: Secret[str]) -> bool:
        return False


@dataclasses.dataclass
class Brought:
    """A customer that a partner brought in."""

    p: Platform
    partner_id: str
    email: str
    made: Made

    async def reset(self, password: str, email: str = "", user_id: str = "", partner_id: str = "") -> None:
        await partners.reset_user(
            self.p, Nobody(), partner_id=partner_id or self.partner_id, company_id=self.made.company_id, email=email,
            user_id=user_id or self.made.user_id, password=Secret(password), by=self.partner_id,
        )  # fmt: skip

    async def take_over(self) -> None:
        await accounts.set_password(
            self.p, Nobody(), audience=Audience.COMPANY, tenant_id=self.made.company_id, user_id=self.made.user_id,
            new=Secret(OWN), by=self.made.company_id, rule=Rule.WIRE_RESET,
        )  # fmt: skip

    async def sign_in(self, password: str, email: str = "") -> SignedIn:
        return await accounts.sign_in(
            self.p, audience=Audience.COMPANY, username=email or self.email, password=Secret(password), partner_id=None
        )


def new_customer(email: str) -> NewCustomer:
    return NewCustomer(name="Shop", contact_name="Ida", phone="12345678", email=email, password=Secret(FIRST))


@pytest.fixture
async def brought(console: Platform) -> Brought:
    partner_id, email = console.ids.new(), f"{console.ids.letters(12)}@shop.example"
    made = await partners.add_customer(console, Nobody(), partner_id=partner_id, new=new_customer(email), by=partner_id)
    return Brought(console, partner_id, email, made)


async def test_a_customer_has_keys_and_a_user_who_must_choose_another_password(brought: Brought) -> None:
    match = await companies.match_keys(
        brought.p, company_id=brought.made.company_id, secrets=[brought.made.key1.open(), brought.made.key2.open()]
    )
    assert match is not None
    assert match.data_key
    assert match.payment_key
    signed_in = await brought.sign_in(FIRST)
    session = await accounts.resume(
        brought.p, audience=Audience.COMPANY, user_id=signed_in.user_id, session_id=signed_in.session_id
    )
    assert session is not None
    assert (session.tenant_id, session.must_change_password, session.moves_money) == (
        brought.made.company_id, True, False,
    )  # fmt: skip
    meta = (await companies.read(brought.p, company_id=brought.made.company_id)).meta
    assert meta == {"company": {"name": "Shop", "phone": "12345678"}}


async def live(installation: Settings, company_id: str) -> None:
    """From now on it takes real money, which nothing of ours decides yet."""
    await value(installation, "update ipp.company set live = true where id = $1 returning true", company_id)


async def test_in_the_sandbox_its_partner_may_help_as_long_as_it_likes(brought: Brought) -> None:
    await brought.take_over()
    await brought.reset(SECOND)
    await brought.sign_in(SECOND)


async def test_until_it_takes_over_its_partner_may_help_with_the_password(brought: Brought) -> None:
    other = f"{brought.p.ids.letters(12)}@shop.example"
    await brought.reset(SECOND, email=other)
    with pytest.raises(WrongCredentials):
        await brought.sign_in(SECOND)
    assert (await brought.sign_in(SECOND, other)).user_id == brought.made.user_id


async def test_a_password_that_the_partner_set_is_still_not_the_customer_s_own(
    brought: Brought, installation: Settings
) -> None:
    await live(installation, brought.made.company_id)
    await brought.reset(SECOND)
    await brought.reset(FIRST)
    row, users = await partners.users_of(brought.p, partner_id=brought.partner_id, company_id=brought.made.company_id)
    assert partners.in_their_hands(row, users)
    assert [user.must_change_password for user in users] == [True]


async def test_once_it_took_over_it_takes_the_customer_s_leave(brought: Brought, installation: Settings) -> None:
    await live(installation, brought.made.company_id)
    await brought.take_over()
    with pytest.raises(NotLetIn):
        await brought.reset(SECOND)
    await brought.sign_in(OWN)
    await companies.allow_partner(brought.p, company_id=brought.made.company_id, by=brought.made.user_id)
    await brought.reset(SECOND)
    await brought.sign_in(SECOND)
    await companies.withdraw_partner(brought.p, company_id=brought.made.company_id, by=brought.made.user_id)
    await brought.take_over()
    with pytest.raises(NotLetIn):
        await brought.reset(SECOND)


async def test_nobody_else_s_partner_and_nobody_else_s_user(brought: Brought) -> None:
    with pytest.raises(CompanyNotFound):
        await brought.reset(SECOND, partner_id=brought.p.ids.new())
    with pytest.raises(NoSuchUser):
        await brought.reset(SECOND, user_id=brought.p.ids.new())
    with pytest.raises(WeakPassword):
        await brought.reset("short")
    await brought.sign_in(FIRST)
    stranger = brought.p.ids.new()
    assert (await partners.customers(brought.p, partner_id=stranger)).rows == ()
    with pytest.raises(CompanyNotFound):
        await partners.customer(brought.p, partner_id=stranger, company_id=brought.made.company_id)


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"name": " "}, BadAccount),
        ({"email": "none"}, BadProfile),
        ({"phone": "call me"}, BadProfile),
        ({"password": Secret("short")}, WeakPassword),
    ],
)
async def test_what_can_not_be_a_customer_is_not_made(
    console: Platform, wrong: dict[str, object], refused: type[Exception]
) -> None:
    partner_id = console.ids.new()
    new = dataclasses.replace(new_customer("ida@shop.example"), **wrong)  # type: ignore[arg-type]
    with pytest.raises(refused):
        await partners.add_customer(console, Nobody(), partner_id=partner_id, new=new, by=partner_id)
    assert (await partners.customers(console, partner_id=partner_id)).rows == ()


async def test_a_closed_customer_opens_nothing_and_leaves_the_open_list(brought: Brought) -> None:
    signed_in = await brought.sign_in(FIRST)
    with pytest.raises(CompanyNotFound):
        await partners.close_customer(
            brought.p, partner_id=brought.p.ids.new(), company_id=brought.made.company_id, by=brought.partner_id
        )
    await partners.close_customer(
        brought.p, partner_id=brought.partner_id, company_id=brought.made.company_id, by=brought.partner_id
    )
    with pytest.raises(AccountUnavailable):
        await brought.sign_in(FIRST)
    session = await accounts.resume(
        brought.p, audience=Audience.COMPANY, user_id=signed_in.user_id, session_id=signed_in.session_id
    )
    assert session is None
    assert (await partners.customers(brought.p, partner_id=brought.partner_id, open_only=True)).rows == ()
    (row,) = (await partners.customers(brought.p, partner_id=brought.partner_id)).rows
    assert row.status == "closed"
    with pytest.raises(CompanyNotFound):
        await partners.users_of(brought.p, partner_id=brought.partner_id, company_id=brought.made.company_id)


async def test_customers_come_by_page_newest_first(console: Platform) -> None:
    partner_id, made = console.ids.new(), []
    for number in range(5):
        new = companies.sandbox_company(console, partner_id=partner_id, name=f"Shop {number}")
        await companies.add(console, new)
        made.append(new.id)
    await companies.allow_partner(console, company_id=made[2], by=made[2])
    seen, before = [], None
    while True:
        page = await partners.customers(console, partner_id=partner_id, before=before, count=2)
        seen += page.rows
        before = page.after
        if before is None:
            break
    assert sorted(made, reverse=True) == [row.id for row in seen]
    assert {row.id: row.allowed for row in seen} == {each: each == made[2] for each in made}
