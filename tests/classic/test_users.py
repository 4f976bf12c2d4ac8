"""Users and access policies of a company (wire contract 7.4, R-24): shapes, spellings, and nobody by another's account
beyond their own."""

import pytest

from ippgateway.domains.accounts.errors import BadProfile, LastAdministrator, NoSuchPolicy, Weakness, WeakPassword
from ippgateway.domains.accounts.schemas import PolicyView
from ippgateway.domains.accounts.service.passwords import Rule

from .conftest import Contract
from .rooms import CLOSED_USER, COMPANY, KEY1, OTHER_USER, POLICY, SESSION, USER, USERNAME, Rooms

S = {"user_id": USER, "session_id": SESSION}
K1 = {"company_id": COMPANY, "key1": KEY1}
PASSWORD = "new-Password-1!"
SESSION_ID = "s1S1-s2S2-s3S3"


async def test_closed_users_are_not_listed_and_access_names_a_policy_that_there_is(
    contract: Contract, rooms: Rooms
) -> None:
    rows = (await contract.post("/company/users/list/?", S)).json["content"]
    assert rows == [
        {"id": USER, "email": USERNAME, "admin": "Yes", "access": {"id": ""}},
        {"id": OTHER_USER, "email": "other@shop.example", "admin": "No", "access": {"id": ""}},
    ]
    assert (await contract.post("/company/users/list", K1)).json["content"] == rows
    assert rooms.asked["accounts.users"][0]["tenant_id"] == COMPANY


async def test_the_rules_are_objects_also_without_a_policy(contract: Contract, rooms: Rooms) -> None:
    content = (await contract.get("/company/users/access_policy/list/", S)).content
    assert content["all_rules"]["ALL"] == {"id": "ALL", "name": "ALL", "description": "Everything"}
    assert content["all_rules"]["Rg01-view-pays"] == {
        "id": "Rg01-view-pays", "name": "payments", "description": "See payments",
    }  # fmt: skip
    assert content["company_rules"] == {POLICY: {"name": "Cashier", "rights": ["Rg01-view-pays", "Rg03-refu-pays"]}}
    rooms.policies = ()
    answer = await contract.get("/company/users/access_policy/list", S)
    assert '"company_rules":{}' in answer.body.decode()


async def test_a_new_user_may_do_what_its_maker_may(contract: Contract, rooms: Rooms) -> None:
    fields = {"name": 'Ida "<', "email": " ida@shop.example", "phone": "12 34 56 78", "password": PASSWORD,
              "access_id": ""}  # fmt: skip
    rooms.rights = ("users", "payments")
    assert (await contract.post("/company/users/add/?", S | fields)).content == {"user_id": OTHER_USER}
    asked = rooms.asked["accounts.add"][0]
    new = asked["asked"]
    assert (new.tenant_id, new.audience, new.email, new.name, new.phone, new.rights) == (
        COMPANY, "company", "ida@shop.example", "Ida ", "12 34 56 78", ("users", "payments"),
    )  # fmt: skip
    assert new.password.open() == PASSWORD
    assert asked["by"].user_id == USER
    assert (await contract.post("/company/users/add", K1 | fields)).status == 200
    assert (rooms.asked["accounts.add"][1]["by"], rooms.asked["accounts.add"][1]["asked"].rights) == (COMPANY, ("ALL",))


@pytest.mark.parametrize("wrong", [{"password": "short"}, {"password": "x" * 129}, {"password": ""}, {"email": " "}])
async def test_a_new_user_has_an_address_and_a_password_of_8_to_128(
    contract: Contract, rooms: Rooms, wrong: dict[str, str]
) -> None:
    fields = S | {"email": "ida@shop.example", "password": "x" * 8}
    assert (await contract.post("/company/users/add", fields | wrong)).json["code"] == 400
    assert "accounts.add" not in rooms.asked
    assert (await contract.post("/company/users/add", fields)).status == 200


@pytest.mark.parametrize("named", ["update_user_id", "update_company_id"])
async def test_a_user_is_closed_and_helped_under_both_names_of_the_parameter(
    contract: Contract, rooms: Rooms, named: str
) -> None:
    fields = S | {named: OTHER_USER, "password": PASSWORD}
    assert (await contract.post("/company/users/close/?", fields)).content == {}
    assert (await contract.post("/company/users/password/reset/?", fields)).content == {}
    (closed,), (reset,) = rooms.asked["accounts.close_user"], rooms.asked["accounts.set_password"]
    assert (closed["tenant_id"], closed["user_id"], closed["by"].user_id) == (COMPANY, OTHER_USER, USER)
    assert (reset["user_id"], reset["new"].open(), reset["rule"], reset["keep"]) == (
        OTHER_USER, PASSWORD, Rule.WIRE_RESET, None,
    )  # fmt: skip


async def test_one_s_own_password_takes_no_right_and_keeps_the_session(contract: Contract, rooms: Rooms) -> None:
    rooms.rights = ()
    fields = S | {"update_user_id": USER, "password": PASSWORD}
    assert (await contract.post("/company/users/password/reset", fields)).status == 200
    assert rooms.asked["accounts.set_password"][0]["keep"] == SESSION_ID
    assert (await contract.post("/company/users/password/reset", fields | {"update_user_id": OTHER_USER})).status == 403
    assert len(rooms.asked["accounts.set_password"]) == 1


@pytest.mark.parametrize(
    ("path", "verb"),
    [
        ("close", "close_user"),
        ("password/reset", "set_password"),
        ("update/access_policy", "set_policy"),
    ],
)
async def test_nobody_gets_beyond_their_own_rights_by_another_s_account(
    contract: Contract, rooms: Rooms, path: str, verb: str
) -> None:
    fields = S | {"update_user_id": OTHER_USER, "password": PASSWORD, "rule": POLICY}
    rooms.rights = ("users", "payments")
    for others, status in ((("ALL",), 403), (("payments", "refund"), 403), (("payments",), 200), ((), 200)):
        rooms.others = others
        assert (await contract.post(f"/company/users/{path}", fields)).status == status, others
    assert len(rooms.asked[f"accounts.{verb}"]) == 2


async def test_a_user_s_policy_is_what_counts(contract: Contract, rooms: Rooms) -> None:
    rooms.rights = ("users",)
    fields = S | {"update_user_id": CLOSED_USER, "password": PASSWORD}
    assert (await contract.post("/company/users/password/reset", fields)).status == 403
    rooms.policies = (PolicyView(id=POLICY, name="Less", rights=("users",)),)
    assert (await contract.post("/company/users/password/reset", fields)).status == 200


async def test_policies_are_made_and_given(contract: Contract, rooms: Rooms) -> None:
    fields = S | {"name": "Cashier", "rules": "Rg01-view-pays,Rg03-refu-pays"}
    assert (await contract.post("/company/users/access_policy/add/?", fields)).content == {"rule": POLICY}
    assert rooms.asked["accounts.add_policy"][0]["rights"] == ("payments", "refund")
    assert (await contract.post("/company/users/access_policy/add", fields | {"rules": "ALL"})).status == 200
    assert rooms.asked["accounts.add_policy"][1]["rights"] == ("ALL",)
    given = S | {"update_user_id": OTHER_USER, "rule": POLICY}
    assert (await contract.post("/company/users/update/access_policy/?", given)).content == {}
    asked = rooms.asked["accounts.set_policy"][0]
    assert (asked["tenant_id"], asked["user_id"], asked["policy_id"]) == (COMPANY, OTHER_USER, POLICY)


@pytest.mark.parametrize(
    "rules", ["", ",", "payments", "Rg01-view-pays,nonsense", "ALL,Rg01-view-pays", "Rg08-cust-omer"]
)
async def test_a_policy_of_rights_that_no_company_has_is_none(contract: Contract, rooms: Rooms, rules: str) -> None:
    answer = await contract.post("/company/users/access_policy/add", S | {"name": "x", "rules": rules})
    assert answer.json["code"] == 400
    assert "accounts.add_policy" not in rooms.asked


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (LastAdministrator(), 409),
        (NoSuchPolicy(), 404),
        (BadProfile("email"), 400),
        (BadProfile("rights"), 403),
        (WeakPassword(Weakness.TOO_SHORT, 12), 400),
    ],
)
async def test_refusals_of_the_room(contract: Contract, rooms: Rooms, failure: Exception, code: int) -> None:
    rooms.failure = failure
    answer = await contract.post("/company/users/list", S)
    assert (answer.json["code"], answer.content) == (code, {})


@pytest.mark.parametrize("wrong", [{}, {"update_user_id": ""}])
async def test_a_target_that_is_missing_is_malformed_and_one_that_can_not_be_is_not_there(
    contract: Contract, wrong: dict[str, str]
) -> None:
    fields = S | {"password": PASSWORD, "rule": POLICY}
    for path in ("close", "password/reset", "update/access_policy"):
        assert (await contract.post(f"/company/users/{path}", fields | wrong)).json["code"] == 400
        for odd in ("x", "nobo-dysI-dHer"):
            answer = await contract.post(f"/company/users/{path}", fields | {"update_user_id": odd})
            assert answer.json["code"] == 404


async def test_support_lets_the_partner_in_or_no_longer(contract: Contract, rooms: Rooms) -> None:
    assert (await contract.post("/company/support/?", S | {"status": "1"})).content == {}
    assert (await contract.post("/company/support", K1 | {"status": "0"})).content == {}
    assert rooms.asked["companies.allow_partner"][0]["by"].user_id == USER
    assert rooms.asked["companies.withdraw_partner"] == [{"company_id": COMPANY, "by": COMPANY}]
    for wrong in ("", "on", "2"):
        assert (await contract.post("/company/support", S | {"status": wrong})).json["code"] == 400


async def test_the_caller_itself_under_both_names_and_by_key(contract: Contract) -> None:
    for path in ("/company/user/?", "/company/users/data/?"):
        content = (await contract.post(path, S | {"company_id": COMPANY})).content
        assert (content["id"], content["email"], content["name"]) == (USER, USERNAME, "Owner")
    content = (await contract.post("/company/users/data", K1)).content
    assert (content["id"], content["access_rights"]) == ("", ["ALL"])
