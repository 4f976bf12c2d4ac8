"""A partner's data, users and companies (wire contract 9.1 to 9.4, 9.12)."""

import pytest

from ippgateway.domains.companies.errors import BadKey, CompanyNotFound, NoPartner
from ippgateway.domains.partners.errors import BadAccount, NotLetIn
from ippgateway.domains.partners.schemas import Changes

from .conftest import Contract
from .rooms import COMPANY, KEY1, KEY2, OTHER_COMPANY, OTHER_USER, PARTNER, PARTNER_SESSION, SESSION, USER, Rooms

S = {"user_id": USER, "session_id": PARTNER_SESSION}
PASSWORD = "new-Password-1!"
NEW = {"company[name]": "Shop", "contact[name]": "Ida", "contact[phone]": "12345678",
       "contact[email]": "ida@shop.example", "contact[password]": "at least 8"}  # fmt: skip


def changes(rooms: Rooms) -> Changes:
    (asked,) = rooms.asked["partners.change"]
    assert asked["partner_id"] == PARTNER
    found: Changes = asked["changes"]
    return found


async def test_the_form_is_sent_twice_and_what_did_not_change_is_no_change(contract: Contract, rooms: Rooms) -> None:
    flat = [("meta[name]", "Partner"), ("meta[country]", "DNK"), ("meta[invoicetext]", "thanks"), ("name", "Partner"),
            ("security[key1]", KEY1), ("security[key2]", KEY2), ("security[key1]", PARTNER_SESSION), ("id", USER),
            ("url", "https://console.example/"), ("partner_merchant_id", ""), ("partner_merchant_key2", ""),
            ("field", "meta"), ("", "noise")]  # fmt: skip
    again = [(f"value[{name.replace('[', '][', 1).rstrip(']')}]", value) for name, value in flat if name]
    answer = await contract.post("/partner/data/update/?", [*S.items(), *flat, *again])
    assert answer.content == {}
    assert changes(rooms) == Changes()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"name": "New"}, Changes(name="New")),
        ({"name": "One", "meta[name]": "Two"}, Changes(name="Two")),
        ({"name": "One", "meta[name]": ""}, Changes(name="One")),
        ({"name": 'Te"<st'}, Changes(name="Test")),
        ({"meta[country]": "SWE"}, Changes(country_id="SWE")),
        ({"meta[invoicetext]": "", "meta[other]": "x"}, Changes(meta={"invoicetext": "", "other": "x"})),
        ({"value[name]": "Below"}, Changes(name="Below")),
        ({"name": "Flat", "value[name]": "Below"}, Changes(name="Flat")),
        ({"security[key1]": "new1", "security[key2]": "new2"}, Changes(key1="new1", key2="new2")),
        ({"security[key1]": "not-shown", "security[key2]": ""}, Changes()),
        (
            {"partner_merchant_id": COMPANY, "partner_merchant_key2": "k"},
            Changes(merchant_id=COMPANY, merchant_key="k"),
        ),
    ],
)
async def test_what_changed_is_changed(
    contract: Contract, rooms: Rooms, sent: dict[str, str], expected: Changes
) -> None:
    assert (await contract.post("/partner/data/update", S | sent)).status == 200
    assert changes(rooms) == expected


@pytest.mark.parametrize(
    "wrong", [{"meta[country]": "XXX"}, {"name": "x" * 300}, {"partner_merchant_id": "x"}, {"meta[x]": "y" * 20_000}]
)
async def test_what_can_not_be_is_refused(contract: Contract, rooms: Rooms, wrong: dict[str, str]) -> None:
    assert (await contract.post("/partner/data/update", S | wrong)).json["code"] == 400
    assert "partners.change" not in rooms.asked


async def test_settings_and_keys_are_two_rights(contract: Contract, rooms: Rooms) -> None:
    for held, refused, taken in (
        ("settings", {"security[key2]": "new"}, {"name": "New"}),
        ("settings", {"partner_merchant_key2": "new"}, {"meta[x]": "y"}),
        ("keys", {"name": "New"}, {"security[key2]": "new"}),
    ):
        rooms.rights = (held,)
        assert (await contract.post("/partner/data/update", S | refused)).status == 403
        assert (await contract.post("/partner/data/update", S | taken)).status == 200


async def test_keys_are_not_shown_to_whoever_has_no_right_to_them(contract: Contract, rooms: Rooms) -> None:
    rooms.rights = ("settings",)
    answer = await contract.post("/partner/data", S)
    assert answer.content["security"] == {"key1": "not-shown", "key2": "not-shown"}
    assert KEY2 not in answer.body.decode()


@pytest.mark.parametrize(
    ("rights", "told"),
    [(("ALL",), (True, True)), (("users",), (True, False)), (("compliance",), (False, True)), ((), (False, False))],
)
async def test_what_the_caller_is_on_every_page(
    contract: Contract, rooms: Rooms, rights: tuple[str, ...], told: tuple[bool, bool]
) -> None:
    rooms.rights = rights
    content = (await contract.post("/partner/users/data/?", S)).content
    assert content == {"super_admin": told[0], "compliance_admin": told[1]}


@pytest.mark.parametrize("spelling", ["/partner/list/users.php?", "/partner/list/users/"])
async def test_users_with_both_flags_as_text(contract: Contract, spelling: str) -> None:
    rows = (await contract.post(spelling, S)).json["content"]
    assert [(row["active"], row["compliance"]) for row in rows] == [("1", "1"), ("1", "0"), ("0", "0")]
    assert all(set(row) == {"id", "email", "active", "compliance"} for row in rows)


@pytest.mark.parametrize("room", ["users", "user"])
async def test_users_are_added_closed_and_helped_under_both_spellings(
    contract: Contract, rooms: Rooms, room: str
) -> None:
    fields = S | {"email": "ida@partner.example", "password": PASSWORD, "update_user_id": OTHER_USER}
    assert (await contract.post(f"/partner/{room}/add/?", fields)).content == {"user_id": OTHER_USER}
    assert (await contract.post(f"/partner/{room}/close/?", fields)).content == {}
    assert (await contract.post(f"/partner/{room}/password/reset/?", fields)).content == {}
    new = rooms.asked["accounts.add"][0]["asked"]
    assert (new.audience, new.tenant_id, new.rights) == (
        "partner", PARTNER, ("customers", "settings", "keys", "users"),
    )  # fmt: skip
    assert rooms.asked["accounts.close_user"][0]["tenant_id"] == PARTNER
    assert rooms.asked["accounts.set_password"][0]["tenant_id"] == PARTNER


@pytest.mark.parametrize(
    ("before", "asked", "after"),
    [
        (("customers",), "1", ("customers", "compliance")),
        (("customers", "compliance"), "0", ("customers",)),
        (("ALL",), "0", ("customers", "settings", "keys", "users")),
        (("ALL",), "1", None),
        (("customers",), "0", None),
    ],
)
async def test_compliance_is_given_and_taken(
    contract: Contract, rooms: Rooms, before: tuple[str, ...], asked: str, after: tuple[str, ...] | None
) -> None:
    rooms.others = before
    fields = S | {"update_user_id": OTHER_USER, "compliance_admin": asked}
    assert (await contract.post("/partner/users/update/?", fields)).content == {}
    assert [a["rights"] for a in rooms.asked.get("accounts.set_rights", [])] == ([] if after is None else [after])
    assert (await contract.post("/partner/users/update", fields | {"compliance_admin": "on"})).json["code"] == 400


async def test_companies_are_an_array_each_with_a_user(contract: Contract, rooms: Rooms) -> None:
    (row,) = (await contract.post("/partner/list/company.php?", S)).json["content"]
    assert row == {
        "id": COMPANY,
        "name": "Demo shop",
        "security": {"key2": KEY2},
        "domains": [],
        "users": [{"id": USER, "username": "owner@shop.example"}],
        "invoices": {"overdue": 0, "total": 0},
    }
    assert rooms.asked["partners.customers"][0]["open_only"] is True


async def test_a_customer_s_payment_key_takes_its_leave(contract: Contract, rooms: Rooms) -> None:
    rooms.allowed = False
    answer = await contract.post("/partner/list/company", S)
    assert answer.json["content"][0]["security"] == {"key2": "not-shown"}
    assert KEY2 not in answer.body.decode()


@pytest.mark.parametrize("credentials", [S, {"partner_id": PARTNER, "key2": KEY2}])
async def test_a_company_is_brought_in_by_session_or_key(
    contract: Contract, rooms: Rooms, credentials: dict[str, str]
) -> None:
    content = (await contract.post("/partner/company/add/?", credentials | NEW)).content
    assert content == {"company_id": COMPANY, "user_id": USER, "security": {"key1": KEY1, "key2": KEY2}}
    asked = rooms.asked["partners.add_customer"][0]
    new = asked["new"]
    assert (asked["partner_id"], new.name, new.contact_name, new.phone, new.email, new.password.open()) == (
        PARTNER, "Shop", "Ida", "12345678", "ida@shop.example", "at least 8",
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"company[name]": ""}, {"contact[email]": ""}, {"contact[password]": ""}, {"contact[phone]": "+45 12"},
     {"contact[phone]": "1" * 26}, {"company[name]": "x" * 300}],
)  # fmt: skip
async def test_a_company_without_its_fields_is_malformed(
    contract: Contract, rooms: Rooms, wrong: dict[str, str]
) -> None:
    assert (await contract.post("/partner/company/add", S | NEW | wrong)).json["code"] == 400
    assert "partners.add_customer" not in rooms.asked


async def test_a_company_is_closed_and_its_user_helped(contract: Contract, rooms: Rooms) -> None:
    assert (await contract.post("/partner/company/close/?", S | {"company_id": COMPANY})).content == {}
    fields = S | {"company_id": COMPANY, "company_user_id": OTHER_USER, "email": "x@y.example", "password": PASSWORD}
    assert (await contract.post("/partner/company/password/reset/?", fields)).content == {}
    asked = rooms.asked["partners.reset_user"][0]
    assert (asked["partner_id"], asked["company_id"], asked["user_id"], asked["email"]) == (
        PARTNER, COMPANY, OTHER_USER, "x@y.example",
    )  # fmt: skip


async def test_another_partner_s_company_is_not_there(contract: Contract) -> None:
    fields = S | {"company_id": OTHER_COMPANY, "company_user_id": USER, "password": PASSWORD}
    for path in ("close", "password/reset"):
        assert (await contract.post(f"/partner/company/{path}", fields)).status == 404
        for odd, code in (("", 400), ("x", 404)):
            assert (await contract.post(f"/partner/company/{path}", fields | {"company_id": odd})).json["code"] == code


async def test_entering_hands_out_a_company_session(contract: Contract, rooms: Rooms) -> None:
    content = (await contract.post("/partner/company/connect/?", S | {"company_id": COMPANY})).content
    assert content == {"user_id": USER, "session_id": SESSION}
    asked = rooms.asked["accounts.enter"][0]
    assert (asked["company_id"], asked["wire"], asked["asked"].tenant_id) == (COMPANY, True, PARTNER)


async def test_nobody_enters_without_leave_or_with_a_password_alone(contract: Contract, rooms: Rooms) -> None:
    rooms.moves_money = False
    answer = await contract.post("/partner/company/connect", S | {"company_id": COMPANY})
    assert (answer.status, answer.content) == (403, {})
    assert "accounts.enter" not in rooms.asked
    rooms.moves_money, rooms.allowed = True, False
    for company_id in (COMPANY, OTHER_COMPANY):
        answer = await contract.post("/partner/company/connect", S | {"company_id": company_id})
        assert (answer.status, answer.content) == (403, {})


async def test_countries_by_three_letters_and_acquirers_by_id(contract: Contract) -> None:
    countries = (await contract.post("/partner/list/country.php?", S)).json["content"]
    assert {"id": "DNK", "name": "Denmark"} in countries
    assert len({country["id"] for country in countries}) == 249
    acquirers = (await contract.post("/partner/list/acquirers.php?", S)).json["content"]
    assert acquirers == {"Te5t-Acqu-irer": {"id": "Te5t-Acqu-irer", "name": "Test"}}


@pytest.mark.parametrize(
    ("failure", "code"),
    [(NotLetIn(), 403), (CompanyNotFound(), 404), (BadKey("x"), 400), (BadAccount("company_name"), 400),
     (NoPartner(), 409)],
)  # fmt: skip
async def test_refusals_of_the_room(contract: Contract, rooms: Rooms, failure: Exception, code: int) -> None:
    rooms.failure = failure
    answer = await contract.post("/partner/company/add", S | NEW)
    assert (answer.json["code"], answer.content) == (code, {})
