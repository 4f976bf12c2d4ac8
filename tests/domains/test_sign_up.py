"""Signing up: one flow, a new tenant whoever has the address elsewhere, numbers checked by their country's rule."""

import dataclasses

import pytest

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import BadProfile, TooManyFailures, WeakPassword
from ippgateway.domains.accounts.schemas import Arrival, Audience, Happened, Session
from ippgateway.domains.companies import service as companies
from ippgateway.domains.partners import service as partners
from ippgateway.domains.partners.errors import BadAccount
from ippgateway.domains.partners.schemas import AccountKind, Doubt, NewAccount, PartnerKind
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.platform import Platform

PASSWORD = "klinker og krus paa havnen"


class Nobody:
    """Knows no leaked password."""

    async def leaked(self, password: Secret[str]) -> bool:
        return False


def arrival(p: Platform) -> Arrival:
    """From a network of its own each time, for sign-ups are counted by network."""
    a, b, c = (p.ids.randomness.below(254) + 1 for _ in range(3))
    return Arrival(address=Secret(f"{a}.{b}.{c}.7"), browser="Firefox 150", system="Linux")


def account(p: Platform, kind: AccountKind = AccountKind.COMPANY) -> NewAccount:
    """Somebody who signs up with an address that nobody has."""
    new = NewAccount(kind=kind, email=f"{p.ids.letters(12)}@shop.example", name="Ida Holm", language="da",
                     password=Secret(PASSWORD), arrival=arrival(p))  # fmt: skip
    if kind is AccountKind.PUBLIC:
        return new
    return dataclasses.replace(new, company_name="Holm & Søn", country="DK", number="13 58 56 28")


async def signed_up(p: Platform, new: NewAccount) -> Session:
    """The session of whoever just signed up."""
    signed_in, tenant_id = await partners.sign_up(p, Nobody(), new)
    session = await accounts.resume_browser(p, bearer=signed_in.session_id)
    assert session is not None
    assert session.tenant_id == tenant_id
    return session


async def test_a_company_is_in_the_sandbox_with_keys_and_its_first_user_may_do_everything(console: Platform) -> None:
    session = await signed_up(console, account(console))
    view = await companies.read(console, company_id=session.tenant_id)
    assert (view.name, view.live, view.partner_id) == ("Holm & Søn", False, None)
    assert view.meta["company"] == {"name": "Holm & Søn", "reg_id": "13585628", "vat": "DK13585628"}
    match = await companies.match_keys(console, company_id=view.id, secrets=[view.key1.open(), view.key2.open()])
    assert match is not None
    assert (match.data_key, match.payment_key, match.reads_only) == (True, True, False)
    assert (session.audience, session.rights, session.verified, session.moves_money) == (
        Audience.COMPANY, ("ALL",), False, False,
    )  # fmt: skip


@pytest.mark.parametrize("kind", [AccountKind.PARTNER, AccountKind.RESELLER])
async def test_a_partner_is_one_with_keys(console: Platform, kind: AccountKind) -> None:
    session = await signed_up(console, account(console, kind))
    view = await partners.read(console, partner_id=session.tenant_id)
    assert (view.kind, view.name, view.country_id) == (PartnerKind(kind.value), "Holm & Søn", "DNK")
    assert view.meta == {"reg_id": "13585628", "vat": "DK13585628"}
    match = await partners.match_keys(console, partner_id=view.id, secrets=[view.key2.open()])
    assert match is not None
    assert (match.data_key, match.payment_key) == (False, True)
    assert session.audience is Audience.PARTNER


async def test_a_member_of_the_public_is_a_tenant_of_their_own(console: Platform) -> None:
    session = await signed_up(console, account(console, AccountKind.PUBLIC))
    assert session.tenant_id == session.home_id == session.user_id
    assert session.audience is Audience.PUBLIC


async def test_the_same_address_makes_another_tenant_and_says_nothing(console: Platform) -> None:
    first = account(console)
    second = dataclasses.replace(account(console), email=first.email.upper())
    assert (await signed_up(console, first)).tenant_id != (await signed_up(console, second)).tenant_id


async def test_two_letters_are_owed_and_whoever_signed_up_sees_what_happened(console: Platform) -> None:
    session = await signed_up(console, account(console))
    page = await accounts.events(console, session)
    assert [event.what for event in page.rows] == [Happened.SIGNED_IN, Happened.SIGNED_UP]
    async with console.db.begin(ACCOUNT, tenants=[session.tenant_id]) as tx:
        rows = await tx.fetch("select kind from ipp.letter where tenant_id = $1 order by id", session.tenant_id)
    assert sorted(row["kind"] for row in rows) == ["verify", "welcome"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "13585"}, "number"),
        ({"number": ""}, "number"),
        ({"number": "DE123456789"}, "number"),
        ({"country": "ZZ"}, "country"),
        ({"country": "dk"}, "country"),
        ({"company_name": "  "}, "company_name"),
        ({"company_name": "a\nb"}, "company_name"),
        ({"partner_id": "aaaa-bbbb-cccc"}, "partner"),
    ],
)
async def test_what_can_not_be_a_company_makes_nothing(console: Platform, wrong: dict[str, str], field: str) -> None:
    with pytest.raises(BadAccount) as refused:
        await partners.sign_up(console, Nobody(), dataclasses.replace(account(console), **wrong))  # type: ignore[arg-type]
    assert refused.value.field == field


async def test_a_bad_address_and_a_weak_password_are_refused(console: Platform) -> None:
    with pytest.raises(BadProfile):
        await partners.sign_up(console, Nobody(), dataclasses.replace(account(console), email="no address"))
    with pytest.raises(WeakPassword):
        await partners.sign_up(console, Nobody(), dataclasses.replace(account(console), password=Secret("short")))


async def test_a_network_has_its_share_of_sign_ups(console: Platform) -> None:
    place = arrival(console)
    for _ in range(20):
        await accounts.sign_up_allowed(console, place)
    with pytest.raises(TooManyFailures):
        await partners.sign_up(console, Nobody(), dataclasses.replace(account(console), arrival=place))


async def test_a_company_that_comes_by_a_partner_s_pages_is_that_partner_s_customer(console: Platform) -> None:
    partner = await signed_up(console, account(console, AccountKind.PARTNER))
    new = dataclasses.replace(account(console), partner_id=partner.tenant_id)
    company = await signed_up(console, new)
    page = await partners.customers(console, partner_id=partner.tenant_id)
    assert [(row.id, row.name, row.status, row.allowed) for row in page.rows] == [
        (company.tenant_id, "Holm & Søn", "active", False)
    ]


@pytest.mark.parametrize(
    ("country", "typed", "number", "vat", "doubt"),
    [
        ("DK", "13585628", "13585628", "DK13585628", None),
        ("DK", "DK-13 58 56 28", "13585628", "DK13585628", None),
        ("DK", "13585627", "13585627", "DK13585627", Doubt.CHECK_DIGIT),
        ("SE", "556188840401", "556188840401", "SE556188840401", None),
        ("DE", "DE 136,695 976", "136695976", "DE136695976", None),
        ("FI", "2077474-0", "20774740", "FI20774740", None),
        ("GR", "EL 094259216", "094259216", "EL094259216", None),
        ("NO", "NO 995 525 828 MVA", "995525828MVA", "", None),
        ("GL", "12345678", "12345678", "", Doubt.NOT_CHECKED),
    ],
)
def test_numbers_follow_their_country_s_rule(
    country: str, typed: str, number: str, vat: str, doubt: Doubt | None
) -> None:
    checked = partners.check_number(country, typed)
    assert (checked.number, checked.vat, checked.doubt) == (number, vat, doubt)


@pytest.mark.parametrize(
    ("country", "typed"), [("DK", "03585628"), ("DK", "1358562"), ("DE", "136695978"), ("GL", "1"), ("GL", "<b>")]
)
def test_numbers_that_can_not_be_are_refused(country: str, typed: str) -> None:
    with pytest.raises(BadAccount):
        partners.check_number(country, typed)
