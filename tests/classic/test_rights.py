"""What a session may do is what its user's rights say, endpoint by endpoint (wire contract 7.4)."""

import pytest

from ippgateway.domains.accounts.rights import OF_COMPANIES, OF_GUESTS, OF_PARTNERS
from ippgateway.faces.classic.face import Scheme
from ippgateway.faces.classic.table import TABLE

from .conftest import Contract
from .rooms import COMPANY, KEY1, KEY2, OTHER_USER, PARTNER, PARTNER_SESSION, READ_KEY, SESSION, USER, Rooms
from .test_credentials import FIELDS

S = {"user_id": USER, "session_id": SESSION}
PARTNER_S = {"user_id": USER, "session_id": PARTNER_SESSION}
BY_SESSION = sorted(p for p, r in TABLE.items() if r.built and Scheme.SESSION in r.schemes)
EVERY_RIGHT = {right.key for right in (*OF_COMPANIES, *OF_PARTNERS)}

FOR_EVERYBODY = {
    "company/data": "the session check of every page; keys are shown to whoever may see them",
    "company/user": "the caller itself",
    "company/users/data": "the caller itself",
    "company/users/password/reset": "one's own; of others it takes `users`, which the endpoint sees to",
    "company/users/access_policy/list": "every page asks what the rights in `company/data` mean",
    "partner/data": "the session check of every page",
    "partner/users/data": "the caller itself",
    "partner/users/password/reset": "one's own; of others it takes `users`, which the endpoint sees to",
    "partner/list/country": "a list that everybody knows",
    "partner/list/acquirers": "those that there are",
}
"""What a session without any right may call, with the reason."""


def session_for(path: str) -> dict[str, str]:
    return FIELDS | (PARTNER_S | {"company_id": COMPANY} if path.startswith("partner/") else S)


def test_every_endpoint_names_a_right_or_a_reason_for_none() -> None:
    assert {p for p in BY_SESSION if not TABLE[p].terms.rights} == set(FOR_EVERYBODY)
    for path in BY_SESSION:
        assert TABLE[path].terms.rights <= EVERY_RIGHT, path


@pytest.mark.parametrize("path", [p for p in BY_SESSION if p not in FOR_EVERYBODY])
async def test_without_its_right_a_session_is_known_and_may_not(contract: Contract, rooms: Rooms, path: str) -> None:
    needed = TABLE[path].terms.rights
    rooms.rights = tuple(EVERY_RIGHT - needed)
    answer = await contract.post(f"/{path}", session_for(path))
    assert (answer.status, answer.json["code"], answer.content) == (403, 403, {})
    assert set(rooms.asked) == {"accounts.resume"}
    rooms.rights = ()
    assert (await contract.post(f"/{path}", session_for(path))).status == 403


@pytest.mark.parametrize("path", BY_SESSION)
async def test_with_its_right_and_the_other_user_s_a_session_may(contract: Contract, rooms: Rooms, path: str) -> None:
    rooms.others = ()
    rooms.rights = ("ALL",)
    assert (await contract.post(f"/{path}", session_for(path))).status == 200


@pytest.mark.parametrize(
    ("field", "right"), [({"field": "meta"}, "settings"), ({"field": "security", "value[key2]": "new"}, "keys")]
)
async def test_settings_and_keys_are_two_rights_of_one_endpoint(
    contract: Contract, rooms: Rooms, field: dict[str, str], right: str
) -> None:
    for held, status in ((right, 200), ({"settings": "keys", "keys": "settings"}[right], 403)):
        rooms.rights = (held,)
        assert (await contract.post("/company/data/update", S | field)).status == status


@pytest.mark.parametrize("action", ["capture", "refund", "void", "incremental"])
async def test_moving_money_takes_the_right_and_a_strong_session(contract: Contract, rooms: Rooms, action: str) -> None:
    path = f"/company/payments/{action}"
    rooms.rights = ("capture", "refund", "void")
    assert (await contract.post(path, FIELDS | S)).status == 200
    rooms.moves_money = False
    assert (await contract.post(path, FIELDS | S)).status == 403
    rooms.moves_money, rooms.rights = True, ("payments", "users", "keys", "settings")
    assert (await contract.post(path, FIELDS | S)).status == 403
    rooms.rights = ()
    for key in ({"id": COMPANY, "key1": KEY1}, {"id": COMPANY, "key2": KEY2}):
        assert (await contract.post(path, FIELDS | key)).status == 200


@pytest.mark.parametrize("path", sorted(p for p, r in TABLE.items() if r.built and Scheme.DATA_KEY in r.schemes))
async def test_a_key_for_reading_changes_nothing(contract: Contract, rooms: Rooms, path: str) -> None:
    key = {"company_id": COMPANY, "key1": READ_KEY}
    answer = await contract.post(f"/{path}", FIELDS | key)
    assert answer.status == (403 if TABLE[path].post_only else 200)
    if TABLE[path].post_only:
        assert set(rooms.asked) == {"companies.match_keys"}
        assert (await contract.post(f"/{path}", FIELDS | key | {"api_key": KEY1})).status == 200


async def test_a_key_for_reading_opens_no_payment_and_shows_no_key(contract: Contract) -> None:
    order = {"id": COMPANY, "amount": "1", "currency": "EUR"}
    assert (await contract.post("/payments/checkout_id", order | {"key2": READ_KEY})).status == 401
    body = (await contract.post("/company/data", {"id": COMPANY, "key1": READ_KEY})).body.decode()
    assert KEY1 not in body
    assert KEY2 not in body


@pytest.mark.parametrize(
    ("rights", "moves_money", "live", "shown"),
    [
        (("ALL",), True, True, True),
        (("keys",), True, True, True),
        (("keys",), False, False, True),
        (("keys",), False, True, False),
        (("ALL",), False, True, False),
        (("settings", "payments"), True, False, False),
        (OF_GUESTS, True, False, False),
    ],
)
async def test_keys_are_shown_to_whoever_may_use_them(
    contract: Contract, rooms: Rooms, rights: tuple[str, ...], *, moves_money: bool, live: bool, shown: bool
) -> None:
    rooms.rights, rooms.moves_money, rooms.live = rights, moves_money, live
    answer = await contract.post("/company/data", S)
    expected = {"key1": KEY1, "key2": KEY2} if shown else {"key1": "not-shown", "key2": "not-shown"}
    assert answer.content["security"] == expected
    assert (KEY2 in answer.body.decode()) is shown
    sent = {"field": "security", "value[key1]": SESSION, "value[key2]": expected["key2"]}
    again = await contract.post("/company/data/update", S | sent)
    assert again.status == (200 if shown else 403)


async def test_what_was_shown_in_a_key_s_place_is_no_key(contract: Contract, rooms: Rooms) -> None:
    sent = {"field": "security", "value[key1]": "not-shown", "value[key2]": "not-shown"}
    assert (await contract.post("/company/data/update", S | sent)).status == 200
    assert "companies.replace_keys" not in rooms.asked


async def test_rights_are_told_by_their_ids_in_both_spellings(contract: Contract, rooms: Rooms) -> None:
    rooms.rights = ("payments", "refund")
    user = (await contract.post("/company/data", S)).content["user"]
    rules = (await contract.get("/company/users/access_policy/list", S)).content["all_rules"]
    assert user["acccess_rights"] == user["access_rights"]
    assert [rules[right]["name"] for right in user["access_rights"]] == ["payments", "refund"]
    assert all(len(right) == 14 for right in user["access_rights"])


async def test_a_guest_is_shown_as_the_partner_s_user_that_it_is(contract: Contract, rooms: Rooms) -> None:
    rooms.guest_of, rooms.rights = PARTNER, OF_GUESTS
    content = (await contract.post("/company/data", S)).content
    assert content["id"] == COMPANY
    assert content["user"]["id"] == USER
    asked = rooms.asked["accounts.user"][0]
    assert (asked["audience"], asked["tenant_id"]) == ("partner", PARTNER)


async def test_a_guest_is_no_user_of_the_company(contract: Contract, rooms: Rooms) -> None:
    rooms.guest_of, rooms.rights = PARTNER, OF_GUESTS
    for user_id in (USER, OTHER_USER):
        sent = S | {"update_user_id": user_id, "password": "new-Password-1!"}
        assert (await contract.post("/company/users/password/reset", sent)).status == 403
    for status in ("0", "1"):
        assert (await contract.post("/company/support", S | {"status": status})).status == 403
    assert not {"accounts.set_password", "companies.allow_partner"} & set(rooms.asked)
