"""A company's and a partner's own data (wire contract 7.1, 7.3, 9.1): shapes that PHP and page scripts rely on."""

import json

import pytest

from ippgateway.domains.companies.errors import BadKey, BadMeta, CompanyNotFound, UnknownAcquirer

from .conftest import Contract
from .rooms import COMPANY, KEY1, KEY2, PARTNER_SESSION, SESSION, USER, USERNAME, Rooms

S = {"user_id": USER, "session_id": SESSION}
K1 = {"company_id": COMPANY, "api_key": KEY1}


async def test_versions(contract: Contract) -> None:
    assert (await contract.post("/version.php?")).content == {"version": "1.4.5"}
    assert (await contract.post("/versions.php?")).content == {"versions": {"1.4.5": "1.4.5"}}


async def test_company_data(contract: Contract) -> None:
    content = (await contract.post("//company/data/?", S)).content
    assert (content["id"], content["name"]) == (COMPANY, "Demo shop")
    assert content["security"] == {"key1": KEY1, "key2": KEY2}
    assert content["meta_data"] == {
        "company": {"name": "demo", "capture": "0", "refund": "0", "void": "0"},
        "address": {},
        "processing": {},
    }
    assert content["channels"] == ["ecom"]
    assert content["user"] == {
        "id": USER,
        "email": USERNAME,
        "acccess_rights": ["ALL"],
        "access_rights": ["ALL"],
        "password": {"new": False},
    }
    acquirer = content["acquirers"]["Te5t-Acqu-irer"]
    assert acquirer["fields"] == [{"key": "mid", "id": "mid", "value": "Merchant number"}]
    assert "'" not in acquirer["settings"]  # the console puts it between apostrophes
    assert json.loads(acquirer["settings"]) == {"mid": "it's 1"}


async def test_an_acquirer_without_settings_has_an_empty_text(contract: Contract, rooms: Rooms) -> None:
    rooms.settings = {}
    content = (await contract.post("/company/data", S)).content
    assert content["acquirers"]["Te5t-Acqu-irer"]["settings"] == ""


async def test_the_onboarding_page_neither_breaks_nor_polls(contract: Contract) -> None:
    onboarding = (await contract.post("/company/data", S)).content["onboarding_data"]
    assert onboarding["key_personnel"] == {}
    assert onboarding["website"]["pending_customer"] == 1
    for page in ("terms", "privacy_policy", "product", "checkout", "login", "lorem_ipsum"):
        assert onboarding["website"][page]["found"] is False


async def test_what_the_partner_switched_off_shows_in_both_places(contract: Contract, rooms: Rooms) -> None:
    rooms.switched_off, rooms.meta = (
        frozenset({"REFUND"}),
        {"company": {"refund": "0"}, "x": {"y": "z"}, "address": "?"},
    )
    content = (await contract.post("/company/data", S)).content
    assert content["limitations"] == {"CAPTURE": {"active": "0"}, "REFUND": {"active": "1"}, "VOID": {"active": "0"}}
    assert content["meta_data"]["company"] == {"refund": "1", "void": "0", "capture": "0"}
    assert content["meta_data"]["x"] == {"y": "z"}
    assert content["meta_data"]["address"] == {}  # an object wherever the console looks for one


async def test_a_key_has_no_user_but_the_field_is_there(contract: Contract, rooms: Rooms) -> None:
    content = (await contract.post("/company/data", K1)).content
    assert content["user"] == {"acccess_rights": ["ALL"], "access_rights": ["ALL"], "password": {"new": False}}
    assert "accounts.user" not in rooms.asked


async def test_company_user(contract: Contract) -> None:
    content = (await contract.post("/company/user/?", S)).content
    assert (content["id"], content["email"], content["name"], content["phone"]) == (USER, USERNAME, "Owner", "")
    assert content["password"] == {"new": False}


async def test_settings_are_merged_as_a_tree_of_clean_text(contract: Contract, rooms: Rooms) -> None:
    answer = await contract.post(
        "/company/data/update?",
        S | {"field": "meta", "id": USER, "value[company][name]": 'te"s<t', "value[a][b][c]": "ø\n", "value[<]": "x"},
    )
    assert answer.content == {}
    tree = {"company": {"name": "test"}, "a": {"b": {"c": "ø"}}}
    assert rooms.asked["companies.merge_meta"] == [{"company_id": COMPANY, "tree": tree}]
    assert (await contract.post("/company/data/update", S | {"field": "meta"})).status == 200  # PHP omits empty arrays
    assert (await contract.post("/company/data/update", S | {"field": "meta", "value": "x"})).status == 400
    assert (await contract.post("/company/data/update", S | {"field": "other"})).status == 400


@pytest.mark.parametrize(
    ("sent", "replaced"),
    [
        ([("value[key1]", "new"), ("value[key2]", "n2")], ("new", "n2")),
        ([("value[key1]", "new"), ("value[key1]", SESSION), ("value[key2]", "n2"), ("id", USER)], (None, "n2")),
        ([("value[key1]", SESSION), ("value[key2]", "")], None),
        ([("value[key1]", ""), ("value[key2][]", "x")], None),
        ([], None),
    ],
)
async def test_keys_are_replaced_but_never_by_the_session_id(
    contract: Contract, rooms: Rooms, sent: list[tuple[str, str]], replaced: tuple[str | None, str | None] | None
) -> None:
    answer = await contract.post("/company/data/update.php?", [*S.items(), ("field", "security"), *sent])
    assert answer.json["code"] == 200
    asked = rooms.asked.get("companies.replace_keys", [])
    assert [(a["key1"], a["key2"]) for a in asked] == ([replaced] if replaced else [])


async def test_a_stale_session_s_id_is_no_key_either(contract: Contract, rooms: Rooms) -> None:
    stale = "x" * 42
    fields = K1 | {"field": "security", "user_id": USER, "session_id": stale, "value[key1]": stale}
    assert (await contract.post("/company/data/update", fields)).status == 200
    assert "companies.replace_keys" not in rooms.asked


async def test_acquirer_settings(contract: Contract, rooms: Rooms) -> None:
    fields = S | {"acquirer_id": "Te5t-Acqu-irer", "settings[mid]": 'it\'s "1"', "settings[acquirer_id]": "copy"}
    assert (await contract.post("/company/acquirer/data/update.php?", fields)).content == {}
    asked = rooms.asked["companies.save_acquirer_settings"][0]
    assert asked == {"company_id": COMPANY, "acquirer_id": "Te5t-Acqu-irer", "settings": {"mid": "it's 1"}}
    for wrong, code in (({"settings[a][b]": "1"}, 400), ({"acquirer_id": ""}, 400), ({"acquirer_id": "a b"}, 404)):
        assert (await contract.post("/company/acquirer/data/update", fields | wrong)).status == code


@pytest.mark.parametrize(
    ("failure", "code"), [(CompanyNotFound(), 404), (UnknownAcquirer(), 404), (BadMeta(), 400), (BadKey(), 400)]
)
async def test_refusals_of_the_room(contract: Contract, rooms: Rooms, failure: Exception, code: int) -> None:
    rooms.failure = failure
    for fields in ({"field": "meta"}, {"field": "security", "value[key1]": "x"}):
        assert (await contract.post("/company/data/update", S | fields)).json["code"] == code


async def test_partner_data(contract: Contract) -> None:
    content = (await contract.post("/partner/data/?", S | {"session_id": PARTNER_SESSION})).content
    assert content["meta_data"] == {"name": "Partner", "meta": {"invoicetext": "thanks"}}
    assert content["country"] == {"id": "DNK"}
    assert content["acquirers"] == {"Te5t-Acqu-irer": {"id": "Te5t-Acqu-irer", "name": "Test", "url": ""}}
    assert content["domains"] == {}
    assert content["security"] == {"key1": KEY1, "key2": KEY2}
    assert (content["merchant_id"], content["merchant_key"]) == ("", "")
