"""Settings of a company: what it may change and what only its partner may."""

import pytest

from ippgateway.core.secret import Secret
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import BadMeta
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
