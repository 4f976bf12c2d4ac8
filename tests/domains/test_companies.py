"""Settings of a company: what it may change and what only its partner may."""

import pytest

from ippgateway.core.secret import Secret
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import BadContact, BadMeta
from ippgateway.domains.companies.schemas import Meta
from ippgateway.privacy.platform import Platform


@pytest.fixture
async def company(console: Platform) -> str:
    company_id = console.ids.new()
    await companies.add(
        console,
        companies.NewCompany(id=company_id, partner_id=console.ids.new(), name="Shop", merchant_number="1", mcc="5999",
                             key1=Secret(console.ids.letters(42)), key2=Secret(console.ids.letters(14))),
    )  # fmt: skip
    return company_id


@pytest.mark.parametrize(
    "tree", [{"company": {"refund": "1"}}, {"company": "plain"}, {"company": {"void": "0", "x": "y"}}]
)
async def test_a_company_can_not_touch_its_partners_switches(console: Platform, company: str, tree: Meta) -> None:
    await companies.merge_meta(console, company_id=company, tree=tree)
    view = await companies.read(console, company_id=company)
    kept = view.meta["company"]
    assert isinstance(kept, dict)
    assert kept["name"] == "Shop"
    assert not {"refund", "void", "capture"} & kept.keys()
    assert view.switched_off == frozenset()


async def test_settings_merge_deeply(console: Platform, company: str) -> None:
    await companies.merge_meta(console, company_id=company, tree={"address": {"postal": "2600"}})
    await companies.merge_meta(console, company_id=company, tree={"address": {"city": "Glostrup"}, "new": {"a": "b"}})
    meta = (await companies.read(console, company_id=company)).meta
    assert meta == {"company": {"name": "Shop"}, "address": {"postal": "2600", "city": "Glostrup"}, "new": {"a": "b"}}


async def test_settings_have_a_limit(console: Platform, company: str) -> None:
    with pytest.raises(BadMeta):
        await companies.merge_meta(console, company_id=company, tree={"big": "x" * 70_000})


async def contact(console: Platform, company: str, text: str) -> str:
    """What payers are told once `text` was asked for."""
    await companies.set_payers_contact(console, company_id=company, text=text, by="user")
    return (await companies.read(console, company_id=company)).payers_contact


@pytest.mark.parametrize(
    "text",
    ["hej@krus.example", "+45 12 34 56 78", "(12) 345-678", "krus.example/kontakt", "Bo Ræv, bo@krus.example", ""],
)
async def test_payers_are_told_where_they_reach_the_company(console: Platform, company: str, text: str) -> None:
    assert (await companies.read(console, company_id=company)).payers_contact == ""
    assert await contact(console, company, f"  {text} ") == text
    assert await contact(console, company, "") == ""


@pytest.mark.parametrize(
    "text",
    ["call us", "12345", "hej@krus.example\nkrus.example", "hej@krus.example\u202e", f"{'x' * 109}@krus.example"],
)
async def test_where_nobody_can_be_reached_changes_nothing(console: Platform, company: str, text: str) -> None:
    await contact(console, company, "hej@krus.example")
    with pytest.raises(BadContact):
        await contact(console, company, text)
    assert (await companies.read(console, company_id=company)).payers_contact == "hej@krus.example"
