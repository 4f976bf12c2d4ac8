"""The reference flows of the wire contract's section 14, and what sections 5, 8 and 13 promise around them."""

import asyncio
import time
from typing import Any

import pytest

from .books import Ledgers, value
from .client import SECURED, Client, assert_envelope
from .shop import Shop

CURRENCIES = ("DKK", "SEK", "NOK", "EUR", "USD", "GBP", "PLN")
VISA = "4111111111111111"


def assert_id(text: object) -> None:
    assert isinstance(text, str)
    assert [len(group) for group in text.split("-")] == [4, 4, 4]
    assert text.replace("-", "").isalnum()


def assert_approved(answer: dict[str, Any], *, amount: str = "432100", accept: str = "success.php") -> None:
    """Section 8.4: types and values as clients compare them."""
    assert (answer["result"], answer["status"]) == ("ACK", "NEW")
    assert_id(answer["transaction_id"])
    assert_id(answer["action_id"])
    assert isinstance(answer["transaction_key"], str)
    assert len(answer["transaction_key"]) == 8
    assert answer["consumer"]["recurring"] is False
    assert (type(answer["consumer"]["purchases"]), answer["consumer"]["purchases"]) == (int, 1)
    assert (type(answer["risk"]["score"]), answer["risk"]) == (int, {"score": 0, "suggestion": "SERVE"})
    assert answer["presentation"]["amount"] == amount
    assert answer["success_url"] == accept
    assert (answer["card_data"]["month"], answer["card_data"]["year"]) == ("04", "2030")


async def reference_flow(client: Client, session: dict[str, str], currency: str, number: str) -> None:
    """Steps 3 to 9."""
    checkout = await client.checkout(currency=currency)
    assert checkout["cryptogram"]
    asked = client.keys | {"checkout_id": checkout["checkout_id"]}
    assert (await client.post("/payments/status?", asked)).performed()["result"] == "WAIT"
    fields = client.card(checkout["checkout_id"], number)
    secured = (await client.post("/payments/secure?", fields)).performed()
    assert secured["transaction_data"]["z3"] == SECURED
    assert (await client.post("/payments/status?", asked)).performed()["result"] == "COMPLETED"
    approved = await client.authorise(fields)
    assert_approved(approved)
    detail = (await client.post("/company/payments/?", session, action_id=approved["action_id"])).performed()
    assert detail["order_data"] == {"order_id": "Testing Order", "related": {}}
    assert detail["initilization_data"] == {"rebilling_id": None}
    assert isinstance(detail["acquirer_data"]["response"], str)
    rows = await client.listed(session, type="AUTH", result="ACK")
    mine = next(row for row in rows if row["action_id"] == approved["action_id"])
    assert (mine["method"], mine["result"], mine["cardholder"]) == ("AUTH", "ACK", "Test Customer")
    assert (mine["amount"], type(mine["unixtimestamp"])) == (432100, int)
    for name in ("transaction_id", "action_id", "company_id"):
        assert_id(mine[name])


async def test_a_card_payment_from_server_to_server_step_by_step(client: Client, session: dict[str, str]) -> None:
    data = (await client.post("//company/data/?", session)).performed()
    assert data["id"] == client.company["id"]
    assert data["security"]["key2"] == client.company["key2"]
    assert data["user"]["acccess_rights"] == ["ALL"]
    assert data["acquirers"]
    await reference_flow(client, session, "EUR", VISA)
    newest = (await client.listed(session, type="AUTH", result="ACK"))[0]
    assert newest["currency"] == "978"


async def test_every_currency_and_brand_within_seconds_each_a_new_shopper(
    client: Client, session: dict[str, str], ledgers: Ledgers
) -> None:
    cards = [client.cards["approve_amex"], client.cards["approve_discover"], client.cards["approve_mastercard"]]
    await asyncio.gather(
        *(reference_flow(client, session, currency, VISA) for currency in CURRENCIES),
        *(reference_flow(client, session, "USD", number) for number in cards),
    )
    books = await ledgers.settled()
    assert sorted(row.currency for row in books.theirs.values()) == sorted(
        ["208", "752", "578", "978", "840", "826", "985", "840", "840", "840"]
    )


async def test_the_same_card_twenty_times_at_once_is_always_served(client: Client, ledgers: Ledgers) -> None:
    for approved in await asyncio.gather(*(client.pay(VISA, amount="800000") for _ in range(20))):
        assert_approved(approved, amount="800000")
    assert len((await ledgers.settled()).theirs) == 20


async def test_settings_make_the_round_trip_and_the_name_stays(client: Client, session: dict[str, str]) -> None:
    async def meta() -> dict[str, Any]:
        return dict((await client.post("/company/data/?", session)).performed()["meta_data"])

    before = (await meta())["company"]["name"]
    update = session | {"field": "meta"}
    try:
        (await client.post("/company/data/update?", update, **{"value[company][name]": "test"})).performed()
        assert (await meta())["company"]["name"] == "test"
        (await client.post("/company/data/update?", update, **{"value[address][postal]": "2600"})).performed()
        after = await meta()
        assert (after["company"]["name"], after["address"]["postal"]) == ("test", "2600")
        assert (await client.post("/company/data/?", session)).performed()["name"] == "Klint & Krus"
    finally:
        await client.post("/company/data/update?", update, **{"value[company][name]": before})


async def test_a_shopper_known_by_address_comes_back_and_nobody_else_does(client: Client) -> None:
    address = f"Regular.{time.time_ns()}@shopper.example"
    first = await client.pay(VISA, **{"billing[email]": address})
    again = await client.pay(client.cards["approve_mastercard"], **{"billing[email]": address.lower()})
    stranger = await client.pay(VISA)
    assert first["consumer"] == stranger["consumer"] == {"recurring": False, "purchases": 1}
    assert again["consumer"] == {"recurring": True, "purchases": 2}


async def test_a_repeated_authorisation_returns_the_first_answer_and_charges_nothing(
    client: Client, ledgers: Ledgers
) -> None:
    checkout = await client.checkout(accepturl="https://shop.example/thanks?a=1")
    fields = client.card(checkout["checkout_id"], VISA)
    first = await client.authorise(fields)
    assert first["success_url"] == "https://shop.example/thanks?a=1"
    assert await client.authorise(fields) == first
    other = client.card(checkout["checkout_id"], client.cards["approve_mastercard"], holder="Somebody Else")
    assert await client.authorise(other) == first
    assert len((await ledgers.settled()).theirs) == 1


async def test_authorisations_that_arrive_together_are_one_payment(client: Client, ledgers: Ledgers) -> None:
    checkout = await client.checkout()
    fields = client.card(checkout["checkout_id"], VISA)
    answers = await asyncio.gather(*(client.authorise(fields) for _ in range(6)))
    assert {answer["transaction_id"] for answer in answers} == {answers[0]["transaction_id"]}
    assert_approved(answers[0])
    assert len((await ledgers.settled()).theirs) == 1


async def test_after_a_decline_the_checkout_can_be_paid(client: Client, ledgers: Ledgers) -> None:
    checkout = await client.checkout()
    declined = await client.authorise(client.card(checkout["checkout_id"], client.cards["decline_insufficient_funds"]))
    assert (declined["result"], declined["status"]) == ("NOK", "DECLINED")
    assert declined["reason"]
    assert len(declined["transaction_key"]) == 8
    assert_approved(await client.authorise(client.card(checkout["checkout_id"], VISA)))
    assert len((await ledgers.settled()).theirs) == 2


async def test_the_secure_step_may_be_skipped_when_nobody_must_be_asked(client: Client) -> None:
    async def unasked(number: str, kind: str = "ECOM") -> dict[str, Any]:
        checkout = await client.checkout(transaction_type=kind)
        return await client.authorise(client.card(checkout["checkout_id"], number))

    assert_approved(await unasked(client.cards["frictionless"]))
    assert (await unasked(client.cards["challenge"]))["result"] == "NOK"
    assert (await unasked(client.cards["authentication_refused"]))["result"] == "NOK"
    assert_approved(await unasked(client.cards["challenge"], "MOTO"))


async def test_a_refused_authentication_completes_the_step_and_declines_the_payment(client: Client) -> None:
    checkout = await client.checkout()
    fields = client.card(checkout["checkout_id"], client.cards["authentication_refused"])
    refused = (await client.post("/payments/secure?", fields)).performed()
    assert refused["result"] == "NOK"
    assert refused["transaction_data"]["z3"] != SECURED
    asked = client.keys | {"checkout_id": checkout["checkout_id"]}
    assert (await client.post("/payments/status?", asked)).performed()["result"] == "COMPLETED"
    assert (await client.authorise(fields))["result"] == "NOK"


@pytest.mark.parametrize("step", ["secure", "authorize"])
async def test_only_the_right_secrets_of_a_living_checkout_open_it(client: Client, ledgers: Ledgers, step: str) -> None:
    checkout = await client.checkout()
    fields = client.card(checkout["checkout_id"], VISA)
    wrong = fields["checkout_id"][:-1] + ("a" if fields["checkout_id"][-1] != "a" else "b")
    for change in ({"checkout_id": wrong}, {"checkout_id": "nothing"}, {"cryptogram": "wrong"}):
        answer = await client.post(f"/payments/{step}?", fields | change)
        assert_envelope(answer)
        assert answer.code == 404
    right = fields | {"cryptogram": checkout["cryptogram"]}
    (await client.post("/payments/secure?", right)).performed()
    name = "-".join((wrong[:4], wrong[4:8], wrong[8:12]))
    await value(ledgers.settings, "update ipp.checkout set expires_at = now() where id = $1", name)
    assert (await client.post(f"/payments/{step}?", right)).code == 404
    assert (await ledgers.settled()).theirs == {}


AMOUNTS = [("ISK", "12300", 123), ("JPY", "100", 1), ("KWD", "12345", 123450), ("EUR", "12345", 12345)]


@pytest.mark.parametrize(("currency", "hundredths", "minor"), AMOUNTS)
async def test_the_acquirer_gets_the_amount_in_the_currency_s_own_units(
    client: Client, ledgers: Ledgers, currency: str, hundredths: str, minor: int
) -> None:
    assert_approved(await client.pay(VISA, currency=currency, amount=hundredths), amount=hundredths)
    (booked,) = (await ledgers.settled()).theirs.values()
    assert booked.amount_minor == minor


@pytest.mark.parametrize(("currency", "amount"), [("ISK", "12350"), ("JPY", "1"), ("JPY", "1.5"), ("EUR", "0.001")])
async def test_a_fraction_that_the_currency_does_not_have_is_refused(
    client: Client, currency: str, amount: str
) -> None:
    answer = await client.post("/payments/checkout_id.php?", client.keys, currency=currency, amount=amount)
    assert_envelope(answer)
    assert answer.code == 400


def outcome(name: str) -> str:
    """Result of the authorisation; cards named after a capture, refund or increment are approved first."""
    if name in {"late", "timeout"}:
        return "WAIT"
    refused = name.startswith(("decline_", "challenge")) or name == "authentication_refused"
    return "NOK" if refused else "ACK"


async def test_every_demo_card_does_what_its_name_says(client: Client, ledgers: Ledgers) -> None:
    assert {"approve_visa", "challenge", "frictionless", "timeout", "late", "twice"} < set(client.cards)
    names = list(client.cards)
    answers = await asyncio.gather(*(client.pay(client.cards[name]) for name in names))
    assert {n: a["result"] for n, a in zip(names, answers, strict=True)} == {n: outcome(n) for n in names}
    told = {n: a["reason"] for n, a in zip(names, answers, strict=True) if a["result"] == "NOK"}
    assert {told.pop(name) for name in names if name.startswith("challenge")} == {"3-D Secure required"}
    assert len(set(told.values())) == len(told)  # each tells its own
    await ledgers.settled()


# --- the shop's side: notifications (8.7) ---


async def test_a_shop_is_told_once_the_payment_is_final_and_verifies_it(client: Client, shop: Shop) -> None:
    shop.asks = lambda named: client.verify(named["transaction_id"], named["transaction_key"])
    approved = await client.pay(VISA, ipn=f"{shop.url}/wc?wooorderid=17&wc-api=ipp", accepturl="https://shop.example/")
    await shop.called(1)
    call = shop.calls[0]
    assert (call.method, call.path, call.body) == ("GET", "/wc", b"")
    assert call.query == [
        ("wooorderid", "17"), ("wc-api", "ipp"),
        ("transaction_id", approved["transaction_id"]), ("transaction_key", approved["transaction_key"]),
    ]  # fmt: skip
    assert call.asked["result"] == "ACK"
    assert call.asked["card_data"]["pan"] == "411111******1111"
    assert (call.asked["amount"], call.asked["currency"], call.asked["order_id"]) == (432100, "978", "Testing Order")


async def test_a_decline_is_told_too_and_after_success_nobody_is_told_again(
    client: Client, shop: Shop, ledgers: Ledgers
) -> None:
    shop.asks = lambda named: client.verify(named["transaction_id"], named["transaction_key"])
    checkout = await client.checkout(ipn=shop.url)
    declined = await client.authorise(client.card(checkout["checkout_id"], client.cards["decline_do_not_honour"]))
    await shop.called(1)
    approved = await client.authorise(client.card(checkout["checkout_id"], VISA))
    await shop.called(2)
    assert [call.path for call in shop.calls] == ["/", "/"]
    told = [call.named["transaction_id"] for call in shop.calls]
    assert told == [declined["transaction_id"], approved["transaction_id"]]
    assert [call.asked["result"] for call in shop.calls] == ["NOK", "ACK"]
    await shop.recorded(ledgers.settings)
    await client.authorise(client.card(checkout["checkout_id"], VISA))
    await client.verify(approved["transaction_id"], approved["transaction_key"])
    owed = "select count(*) from ipp.notification where payment_id = any($1)"
    assert await value(ledgers.settings, f"{owed} and state = 'DELIVERED' and next_at is null and tries = 1", told) == 2
    assert len(shop.calls) == 2


async def test_a_shop_that_names_no_address_is_owed_nothing(client: Client, ledgers: Ledgers) -> None:
    for order in ({}, {"ipn": ""}):
        paid = await client.pay(VISA, **order)
        owed = "select count(*) from ipp.notification where payment_id = $1"
        assert await value(ledgers.settings, owed, paid["transaction_id"]) == 0


async def test_a_shop_that_fails_is_called_again_later(client: Client, shop: Shop, ledgers: Ledgers) -> None:
    shop.status = 503
    paid = await client.pay(VISA, ipn=shop.url)
    await shop.called(1)
    await shop.recorded(ledgers.settings, state="PENDING", tries=1)
    pause = "select extract(epoch from next_at - last_at)::int from ipp.notification where payment_id = $1"
    assert await value(ledgers.settings, pause, paid["transaction_id"]) == 60
