"""Capture, refund, void, increment and idempotency keys, as shops and consoles use them, and many at once."""

import asyncio
from collections.abc import Mapping
from itertools import permutations
from typing import TYPE_CHECKING, Any

import aiohttp
import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ippgateway.app.database.access import as_owner, keys_database, main_database

from .client import Answer, Client, until

if TYPE_CHECKING:
    from ippgateway.app.settings import Settings

WHOLE = 10_000


async def paid(client: Client, outcome: str = "approve_visa", amount: int = WHOLE, **order: str) -> dict[str, str]:
    """An approved authorisation: the parameters that name it."""
    answer = await client.pay(client.cards[outcome], amount=str(amount), **order)
    assert answer["result"] == "ACK"
    return {"transaction_id": answer["transaction_id"], "transaction_key": answer["transaction_key"]}


async def act(client: Client, action: str, payment: Mapping[str, str], **more: str) -> Answer:
    """As the shop plugin does it, with the payment key."""
    return await client.post(f"/company/payments/{action}/index.php?", {**client.keys, **payment, **more})


async def status(client: Client, payment: Mapping[str, str]) -> str:
    """The payment's status word."""
    return str((await client.verify(**payment))["status"])


async def settled(client: Client, payment: Mapping[str, str], session: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """All actions of a payment once none waits: method, result, amount; oldest first."""
    rows: list[dict[str, Any]] = []

    async def none_waits() -> bool:
        named = {**session, "transaction_id": payment["transaction_id"]}
        rows[:] = (await client.post("/company/payments/related/?", named)).performed()
        return all(row["result"] != "WAIT" for row in rows)

    await until(none_waits, "every action has an outcome")
    return [(row["method"], row["result"], row["amount"]) for row in reversed(rows)]


async def test_capture_in_parts_then_refund_in_parts(client: Client) -> None:
    payment = await paid(client)
    assert (await act(client, "capture", payment, amount="4000")).performed()["amount"] == 4000
    assert await status(client, payment) == "PARTIAL"
    assert (await act(client, "capture", payment, amount="")).performed()["amount"] == 6000
    assert await status(client, payment) == "CAPTURED"
    assert (await act(client, "capture", payment)).code == 409
    refund = (await act(client, "refund", payment, amount="10.00", comment="shop")).performed()
    assert (refund["result"], refund["amount"], refund["currency"]) == ("ACK", 1000, "978")
    assert (await act(client, "refund", payment, amount="10", comment="no decimals in this shop")).performed()[
        "amount"
    ] == 1000
    assert await status(client, payment) == "PARTIAL"
    assert (await act(client, "refund", payment, amount="80.01", comment="")).code == 409
    assert (await act(client, "refund", payment)).performed()["amount"] == 8000
    assert await status(client, payment) == "REFUNDED"


async def test_void_releases_what_was_not_captured(client: Client) -> None:
    payment = await paid(client)
    assert (await act(client, "capture", payment, amount="2500")).performed()["result"] == "ACK"
    assert (await act(client, "void", payment, amount="0")).performed()["amount"] == 7500
    assert await status(client, payment) == "CAPTURED"
    assert (await act(client, "void", payment)).code == 409
    untouched = await paid(client)
    assert (await act(client, "void", untouched)).performed()["result"] == "ACK"
    assert await status(client, untouched) == "VOIDED"
    assert (await act(client, "capture", untouched)).code == 409


async def test_an_increment_raises_what_may_be_captured(client: Client, session: dict[str, str]) -> None:
    payment = await paid(client)
    named = {"transaction_id": payment["transaction_id"], "amount": "500", **session}
    assert (await client.post("/company/payments/incremental/?", named)).performed()["result"] == "ACK"
    assert (await act(client, "capture", payment)).performed()["amount"] == WHOLE + 500
    declined = await paid(client, "increment_declined")
    assert (await act(client, "incremental", declined, amount="500")).code == 409
    assert (await act(client, "capture", declined)).performed()["amount"] == WHOLE


@pytest.mark.parametrize("action", ["capture", "refund"])
async def test_a_refusal_is_no_success_and_moves_no_money(client: Client, action: str) -> None:
    payment = await paid(client, f"{action}_refused")
    if action == "refund":
        (await act(client, "capture", payment)).performed()
    answer = await act(client, action, payment, amount="100")
    assert (answer.code, answer.content) == (409, {})
    assert await status(client, payment) == ("NEW" if action == "capture" else "CAPTURED")


@pytest.mark.parametrize("action", ["capture", "refund"])
async def test_silence_is_unknown_and_repeated_until_answered(
    client: Client, session: dict[str, str], action: str
) -> None:
    payment = await paid(client, f"{action}_silent")
    if action == "refund":
        (await act(client, "capture", payment)).performed()
    assert (await act(client, action, payment, amount="100")).performed()["result"] == "WAIT"
    assert (action.upper(), "ACK", 100) in await settled(client, payment, session)


async def test_only_what_the_key_and_the_company_own(client: Client, partner_session: dict[str, str]) -> None:
    payment = await paid(client)
    assert (await act(client, "capture", payment, transaction_key="wrong123")).code == 404
    assert (await act(client, "capture", {"transaction_id": "aaaa-bbbb-cccc"})).code == 404
    assert (await act(client, "capture", {})).code == 400
    assert (await client.post("/company/payments/capture/?", payment)).code == 401
    assert (await client.post("/company/payments/capture/?", payment | partner_session)).code == 401
    assert (await client.get("/company/payments/capture/", **client.keys, **payment)).code == 400
    assert await status(client, payment) == "NEW"


@pytest.mark.parametrize(
    ("currency", "amount", "part", "fits"),
    [
        ("JPY", 100_000, "12300", True),
        ("JPY", 100_000, "12345", False),
        ("KWD", 12_345, "1", True),
        ("DKK", 100, "1", True),
    ],
)
async def test_currencies_with_other_decimals(
    client: Client, currency: str, amount: int, part: str, fits: bool
) -> None:
    payment = await paid(client, amount=amount, currency=currency)
    assert (await act(client, "capture", payment, amount=part)).code == (200 if fits else 400)


# --- many at once ---


async def test_of_fifty_refunds_of_sixty_on_a_capture_of_a_hundred_one_is_done(
    client: Client, session: dict[str, str]
) -> None:
    payment = await paid(client, amount=100)
    (await act(client, "capture", payment)).performed()
    answers = await asyncio.gather(*(act(client, "refund", payment, amount="60") for _ in range(50)))
    assert sorted(a.code for a in answers) == [200] + [409] * 49
    done = [a for a in await settled(client, payment, session) if a[0] == "REFUND"]
    assert done == [("REFUND", "ACK", 60)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wanted=st.lists(
        st.tuples(st.sampled_from(["capture", "void", "refund"]), st.sampled_from([0, 3000, 5000, 6000, 10_000])),
        min_size=3, max_size=5,
    )
)  # fmt: skip
async def test_a_race_ends_as_some_serial_order_could(
    client: Client, session: dict[str, str], wanted: list[tuple[str, int]]
) -> None:
    payment = await paid(client)
    answers = await asyncio.gather(*(act(client, a, payment, amount=str(n)) for a, n in wanted))
    outcome = tuple(answer.code == 200 for answer in answers)
    amounts = tuple(answer.content.get("amount", 0) for answer in answers)
    ended = await settled(client, payment, session)
    assert sum(result == "ACK" for _, result, _ in ended) == 1 + sum(outcome)
    assert any(
        _serial([wanted[i] for i in order]) == [(outcome[i], amounts[i]) for i in order]
        for order in permutations(range(len(wanted)))
    ), (wanted, outcome, amounts)


def _serial(order: list[tuple[str, int]]) -> list[tuple[bool, int]]:
    """What one after the other would have said: done or not, and how much."""
    captured = voided = refunded = 0
    said = []
    for action, asked in order:
        room = captured - refunded if action == "refund" else WHOLE - captured - voided
        amount = asked or room
        done = 0 < amount <= room
        said.append((done, amount if done else 0))
        if done:
            captured += amount * (action == "capture")
            voided += amount * (action == "void")
            refunded += amount * (action == "refund")
    return said


# --- idempotency keys ---


async def keyed(client: Client, http: aiohttp.ClientSession, path: str, key: str, fields: Mapping[str, str]) -> Answer:
    """A post with an `Idempotency-Key`."""
    async with http.post(client.base + path, data=dict(fields), headers={"Idempotency-Key": key}) as answer:
        return Answer(status=answer.status, headers=dict(answer.headers), body=await answer.read())


async def test_thirty_calls_with_one_key_are_one_capture_and_one_answer(
    client: Client, http: aiohttp.ClientSession, session: dict[str, str]
) -> None:
    payment = await paid(client)
    fields = {**client.keys, **payment, "amount": "1000"}
    calls = (keyed(client, http, "/company/payments/capture/", '"c0ffee"', fields) for _ in range(30))
    answers = await asyncio.gather(*calls)
    assert len({a.body for a in answers}) == 1
    assert answers[0].performed()["amount"] == 1000
    assert await settled(client, payment, session) == [("AUTH", "ACK", WHOLE), ("CAPTURE", "ACK", 1000)]
    other = await keyed(client, http, "/company/payments/capture/", "c0ffee", fields | {"amount": "2000"})
    assert other.code == 409
    assert (await keyed(client, http, "/company/payments/refund/", "c0ffee", fields)).performed()["result"] == "ACK"


async def test_one_key_makes_one_checkout(client: Client, http: aiohttp.ClientSession) -> None:
    order = {**client.keys, "currency": "DKK", "amount": "100", "order_id": "1"}
    path = "/payments/checkout_id.php?"
    answers = await asyncio.gather(*(keyed(client, http, path, "k-checkout", order) for _ in range(10)))
    assert len({a.content["checkout_id"] for a in answers}) == 1
    assert (await keyed(client, http, path, "k-checkout", order | {"amount": "101"})).code == 409
    assert (await keyed(client, http, path, "", order)).code == 400
    assert (await keyed(client, http, path, "x" * 256, order)).code == 400


async def test_the_security_code_is_no_part_of_the_request_and_the_card_is(
    client: Client, http: aiohttp.ClientSession
) -> None:
    fields = client.card((await client.checkout())["checkout_id"], client.cards["approve_visa"])
    path = "/payments/authorize?"
    first = await keyed(client, http, path, "k-auth", fields)
    assert first.performed()["result"] == "ACK"
    assert (await keyed(client, http, path, "k-auth", fields | {"cvv": "999"})).body == first.body
    other = await keyed(client, http, path, "k-auth", fields | {"cardno": client.cards["approve_mastercard"]})
    assert other.code == 409


async def test_an_unknown_outcome_is_not_frozen(client: Client, http: aiohttp.ClientSession) -> None:
    fields = client.card((await client.checkout())["checkout_id"], client.cards["timeout"])
    first = (await keyed(client, http, "/payments/authorize?", "k-wait", fields)).performed()
    assert first["result"] == "WAIT"

    async def resolved() -> bool:
        return (await client.verify(first["transaction_id"], first["transaction_key"]))["result"] == "NOK"

    await until(resolved, "the payment is reversed")


async def test_a_refusal_before_any_effect_frees_the_key(client: Client, http: aiohttp.ClientSession) -> None:
    order = {**client.keys, "currency": "DKK", "amount": "ten", "order_id": "1"}
    assert (await keyed(client, http, "/payments/checkout_id.php?", "k-mend", order)).code == 400
    made = (await keyed(client, http, "/payments/checkout_id.php?", "k-mend", order | {"amount": "100"})).performed()
    fields = client.card(made["checkout_id"], client.cards["approve_visa"])
    mistyped = fields | {"cardno": "4111111111111112"}
    assert (await keyed(client, http, "/payments/authorize?", "k-mend", mistyped)).code == 400
    paid = (await keyed(client, http, "/payments/authorize?", "k-mend", fields)).performed()
    named = {**client.keys, "transaction_id": "aaaa-bbbb-cccc", "amount": "40"}
    assert (await keyed(client, http, "/company/payments/capture/", "k-mend", named)).code == 404
    named |= {"transaction_id": paid["transaction_id"]}
    first = await keyed(client, http, "/company/payments/capture/", "k-mend", named)
    assert first.performed()["amount"] == 40
    assert (await keyed(client, http, "/company/payments/capture/", "k-mend", named)).body == first.body


@pytest.mark.parametrize(
    ("action", "column"),
    [("refund", "refunding"), ("void", "voiding"), ("capture", "capturing"), ("incremental", "voiding")],
)
async def test_what_is_only_reserved_is_no_final_refusal(
    client: Client, http: aiohttp.ClientSession, installation: "Settings", action: str, column: str
) -> None:
    """Somebody else's reservation is planted; when it is given back, the same key does what was refused."""
    payment = await paid(client)
    if action == "refund":
        (await act(client, "capture", payment)).performed()
    fields = {**client.keys, **payment, "amount": "6000"}
    owner = await asyncpg.connect(**as_owner(installation, main_database(installation)))
    reserve = f"update ipp.payment set {column}_minor = $2 where id = $1"
    try:
        await owner.execute(reserve, payment["transaction_id"], WHOLE)
        refused = await keyed(client, http, f"/company/payments/{action}/", "k-wait", fields)
        await owner.execute(reserve, payment["transaction_id"], 0)
    finally:
        await owner.close()
    assert (refused.code, "no outcome yet" in refused.envelope["message"]) == (409, True)
    done = await keyed(client, http, f"/company/payments/{action}/", "k-wait", fields)
    assert done.performed()["result"] == "ACK"


async def test_browsers_may_send_the_key(client: Client, http: aiohttp.ClientSession) -> None:
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Headers": "idempotency-key"}
    async with http.options(f"{client.base}/payments/authorize", headers=asked) as answer:
        assert "idempotency-key" in answer.headers["Access-Control-Allow-Headers"].lower()


# --- renewals ---


async def renew(client: Client, reference: str, **order: str) -> Answer:
    """A renewal: a fresh checkout, charged without the payer."""
    made = await client.checkout(**order)
    fields = {"method": "card", "cipher": "2022", "reference_transaction_id": reference,
              "checkout_id": made["checkout_id"], "cryptogram": made["cryptogram"]}  # fmt: skip
    return await client.post("/payments/rebilling.php?", {**client.keys, **fields})


async def test_a_stored_card_is_charged_again_without_the_payer(client: Client, session: dict[str, str]) -> None:
    first = await paid(client, rebill="1")
    again = (await renew(client, first["transaction_id"], amount="4900", order_id="Renewal 1")).performed()
    assert (again["result"], again["consumer"]["recurring"]) == ("ACK", True)
    detail = (await client.post("/company/payments/?", {**session, "action_id": again["action_id"]})).performed()
    assert detail["initilization_data"]["rebilling_id"] == first["transaction_id"]
    assert detail["card_data"]["cardholder"] == "Test Customer"
    cards = (await client.post("/company/cards/stored/?", {**session, "result": "ALL"})).performed()
    kept = [card["card"]["hashed"] for card in cards if card["transaction_id"] == first["transaction_id"]]
    assert kept == ["411111******1111"]


async def test_only_a_stored_card_of_one_s_own_is_charged(client: Client) -> None:
    kept_to_itself = await paid(client)
    assert (await renew(client, kept_to_itself["transaction_id"])).code == 404
    assert (await renew(client, "aaaa-bbbb-cccc")).code == 404
    assert (await renew(client, "")).code == 404


async def test_a_renewal_is_filed_under_whoever_stored_the_card(client: Client, installation: "Settings") -> None:
    first = await paid(client, rebill="1", **{"billing[email]": "stores@payer.example"})
    again = await renew(client, first["transaction_id"], **{"billing[email]": "other@payer.example"})
    ids = [first["transaction_id"], again.performed()["transaction_id"]]
    owner = await asyncpg.connect(**as_owner(installation, main_database(installation)))
    try:
        people = await owner.fetch("select distinct person_id from ipp.payment where id = any($1::text[])", ids)
        held = await owner.fetch(
            "select distinct c.person_id from ipp.card c join ipp.payment p on p.card_id = c.id where p.id = any($1)",
            ids,
        )
    finally:
        await owner.close()
    assert len(people) == len(held) == 1


async def test_ten_declines_end_a_checkout_for_renewals_too(client: Client) -> None:
    first = await paid(client, rebill="1")
    made = await client.checkout()
    declined = client.card(made["checkout_id"], client.cards["decline_do_not_honour"])
    codes = [(await client.post("/payments/authorize?", declined)).code for _ in range(11)]
    assert codes == [200] * 10 + [429]
    fields = {"checkout_id": made["checkout_id"], "reference_transaction_id": first["transaction_id"]}
    assert (await client.post("/payments/rebilling.php?", {**client.keys, **fields})).code == 429


async def test_an_increment_has_room_or_is_refused(client: Client) -> None:
    payment = await paid(client)
    assert (await act(client, "incremental", payment, amount="999999999999")).code == 409
    (await act(client, "capture", payment)).performed()
    assert (await act(client, "incremental", payment, amount="100")).code == 409


async def test_a_destroyed_key_stops_no_money_that_is_owed(
    client: Client, session: dict[str, str], installation: "Settings"
) -> None:
    payment = await paid(client, "capture_silent", ipn="http://127.0.0.1:9/never")
    waiting = (await act(client, "capture", payment)).performed()
    assert waiting["result"] == "WAIT"
    owner = await asyncpg.connect(**as_owner(installation, main_database(installation)))
    keys = await asyncpg.connect(**as_owner(installation, keys_database(installation)))
    try:
        person = await owner.fetchval("select person_id from ipp.payment where id = $1", payment["transaction_id"])
        gone = await keys.execute("delete from ipp.person_key where person_id = $1 and ground = 'service'", person)
        assert gone == "DELETE 1"
    finally:
        await owner.close()
        await keys.close()
    assert ("CAPTURE", "ACK", WHOLE) in await settled(client, payment, session)
