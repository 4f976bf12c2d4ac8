"""Checkout, 3-D Secure step, authorisation, and what the console reads of them (wire contract 7.5, 7.6, 8.1 to 8.4)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts.errors import BadCheckout, CheckoutNotFound
from ippgateway.domains.checkouts.schemas import TransactionType
from ippgateway.domains.payments.errors import BadCard, TooManyDeclines
from ippgateway.domains.payments.schemas import CardEntry, Method, Result, SecureResult

from .asgi import Answer
from .conftest import Contract
from .rooms import (
    ACTION,
    APPROVED,
    CHECKOUT,
    COMPANY,
    CRYPTOGRAM,
    KEY2,
    PAYMENT,
    PAYMENT_KEY,
    SESSION,
    USER,
    Rooms,
)

S = {"user_id": USER, "session_id": SESSION}
K2 = {"id": COMPANY, "key2": KEY2, "origin": "http://testing"}
ORDER = K2 | {"currency": "EUR", "amount": "432100", "order_id": "Testing Order", "transaction_type": "ECOM"}
CARD = {
    "method": "card",
    "cipher": "2020",
    "checkout_id": CHECKOUT,
    "holder": "Test Customer",
    "cardno": "4111 1111 1111 1111",
    "expmonth": "04",
    "expyear": "2030",
    "cvv": "123",
}


async def created(contract: Contract, rooms: Rooms, **fields: str) -> Any:
    answer = await contract.post("/payments/checkout_id.php?", ORDER | fields)
    assert answer.json["code"] == 200, answer.json["message"]
    return rooms.asked["checkouts.create"][-1]["order"]


async def test_a_checkout_is_two_secrets_and_an_address_with_a_query(contract: Contract, rooms: Rooms) -> None:
    content = (await contract.post("/payments/checkout_id.php?", ORDER)).content
    assert content == {
        "checkout_id": CHECKOUT,
        "cryptogram": CRYPTOGRAM,
        "url": f"http://pay.localhost:8000/?checkout_id={CHECKOUT}&cryptogram={CRYPTOGRAM}",
    }
    order = rooms.asked["checkouts.create"][0]["order"]
    assert (order.amount_text, order.amount_hundredths, order.currency.code) == ("432100", 432100, "EUR")
    assert (order.order_id, order.origin, order.notify_url) == ("Testing Order", "http://testing", "")


async def test_amount_and_currency_in_either_spelling(contract: Contract, rooms: Rooms) -> None:
    order = await created(contract, rooms, amount="275.00", currency="978")
    assert (order.amount_text, order.amount_hundredths, order.currency.code) == ("275.00", 27500, "EUR")
    assert (await created(contract, rooms, currency="aud")).currency.digits == "036"


async def test_the_optional_fields_of_a_checkout(contract: Contract, rooms: Rooms) -> None:
    told = {
        "ipn": "https://shop.example/?wc-api=ipp&wooorderid=5",
        "accepturl": "/done",
        "rebilling": "1",
        "test": "true",
        "transaction_type": "alternative",
        "method": "hosted_payment",
        "billing[name]": "Test <Customer>",
        "billing[email]": "Customer@Shop.example",
        "product[1_name]": "Socks",
        "product[1_x]": "?",
        "first_name": "Test",
        "unknown": "?",
    }
    order = await created(contract, rooms, **told)
    assert (order.notify_url, order.accept_url, order.method) == (told["ipn"], "/done", "hosted_payment")
    assert (order.store_card, order.test, order.transaction_type) == (True, True, TransactionType.ALTERNATIVE)
    assert (order.payer_name, order.payer_email) == ("Test Customer", "Customer@Shop.example")
    assert order.extra == {"product[1_name]": "Socks", "first_name": "Test"}
    plain = await created(contract, rooms, transaction_type="", order_id="", rebill="0")
    assert (plain.transaction_type, plain.order_id, plain.store_card) == (TransactionType.ECOM, "", False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", ""), ("amount", "0"), ("amount", "0.00"), ("amount", "-1"), ("amount", "10.005"), ("amount", "x"),
        ("currency", ""), ("currency", "XXX"), ("currency", "999"),
        ("transaction_type", "POS"), ("order_id", "o" * 256), ("billing", "x"), ("billing[name]", "n" * 501),
        ("ipn", "not an address"), ("ipn", "javascript:x"), ("ipn", "http://[x"), ("accepturl", "javascript:alert(1)"),
        ("accepturl", "http://[x"),
    ],
)  # fmt: skip
async def test_a_malformed_checkout_is_refused_by_the_field_s_name(
    contract: Contract, rooms: Rooms, field: str, value: str
) -> None:
    answer = await contract.post("/payments/checkout_id", ORDER | {field: value})
    assert answer.json["code"] == 400
    assert answer.json["message"] == f"Invalid or missing parameter: {field.partition('[')[0]}"
    assert "checkouts.create" not in rooms.asked


async def test_the_room_s_own_refusal_names_the_field_too(contract: Contract, rooms: Rooms) -> None:
    for told, name in (("order_id", "order_id"), ("product[4111111111111111]", "request")):
        rooms.failure = BadCheckout(told, "too long")
        answer = await contract.post("/payments/checkout_id", ORDER)
        assert (answer.status, answer.json["message"]) == (400, f"Invalid or missing parameter: {name}")


async def test_status_of_a_checkout_waits_and_then_is_completed(contract: Contract, rooms: Rooms) -> None:
    asked = K2 | {"checkout_id": CHECKOUT}
    assert (await contract.post("/payments/status?", asked)).content == {"result": "WAIT"}
    rooms.authenticated = True
    assert (await contract.post("/payments/status?", asked)).content == {"result": "COMPLETED"}


async def test_status_of_a_transaction(contract: Contract) -> None:
    asked = K2 | {"transaction_id": PAYMENT, "transaction_key": PAYMENT_KEY}
    assert (await contract.post("/payments/status.php?", asked)).content == {
        "result": "ACK",
        "status": "NEW",
        "method": "AUTH",
        "transaction_id": PAYMENT,
        "action_id": ACTION,
        "order_id": "Testing Order",
        "amount": 432100,
        "currency": "978",
        "card_data": {"pan": "411111******1111"},
    }


@pytest.mark.parametrize(
    ("outcome", "content"),
    [
        (SecureResult(done=True, refused=False, text="ok"), {"result": "COMPLETED", "transaction_data": {"z3": "ok"}}),
        (SecureResult(done=True, refused=True, text="no"), {"result": "NOK", "transaction_data": {"z3": "no"}}),
        (SecureResult(done=False, refused=False, text="wait"), {"result": "WAIT", "transaction_data": {"z3": "wait"}}),
        (
            SecureResult(done=False, refused=False, text="wait", challenge_url="https://acs.example/1"),
            {"result": "WAIT", "transaction_data": {"z3": "wait"}, "challenge": {"url": "https://acs.example/1"}},
        ),
    ],
)
async def test_the_secure_step(contract: Contract, rooms: Rooms, outcome: SecureResult, content: Any) -> None:
    rooms.secured = outcome
    assert (await contract.post("/payments/secure?", CARD)).content == content


async def test_an_approval_to_the_letter(contract: Contract, rooms: Rooms) -> None:
    answer = await contract.post("/payments/authorize?", CARD | {"cryptogram": CRYPTOGRAM})
    assert answer.content == {
        "result": "ACK",
        "status": "NEW",
        "transaction_id": PAYMENT,
        "action_id": ACTION,
        "transaction_key": PAYMENT_KEY,
        "consumer": {"recurring": False, "purchases": 1},
        "risk": {"score": 0, "suggestion": "SERVE"},
        "presentation": {"amount": "432100", "currency": "978"},
        "success_url": "success.php",
        "card_data": {"month": "04", "year": "2030", "pan": "411111******1111", "brand": "VISA"},
    }
    card: CardEntry = rooms.asked["payments.authorise"][0]["card"]
    assert (card.number.open(), card.holder.open(), card.month, card.year) == (
        "4111111111111111",
        "Test Customer",
        4,
        2030,
    )
    assert isinstance(card.security_code, Secret)
    assert card.security_code.open() == "123"


async def test_a_decline_is_a_success_with_a_reason(contract: Contract, rooms: Rooms) -> None:
    rooms.authorised = replace(APPROVED, result=Result.NOK, status="DECLINED", reason="Insufficient funds")
    answer = await contract.post("/payments/authorize?", CARD)
    assert (answer.json["success"], answer.json["code"]) == (True, 200)
    content = answer.content
    assert (content["result"], content["status"], content["reason"]) == ("NOK", "DECLINED", "Insufficient funds")
    assert (content["transaction_id"], content["transaction_key"]) == (PAYMENT, PAYMENT_KEY)
    assert content["risk"] == {"score": 0, "suggestion": "SERVE"}


async def test_nobody_knows_yet_is_wait_with_ids_and_key(contract: Contract, rooms: Rooms) -> None:
    rooms.authorised = replace(APPROVED, result=Result.WAIT, status="anything", accept_url="https://shop.example/ok")
    content = (await contract.post("/payments/authorize?", CARD)).content
    assert (content["result"], content["status"], content["transaction_id"]) == ("WAIT", "WAIT", PAYMENT)
    assert (content["transaction_key"], content["success_url"]) == (PAYMENT_KEY, "https://shop.example/ok")


@pytest.mark.parametrize("path", ["/payments/secure", "/payments/authorize"])
async def test_a_malformed_card_is_refused_by_the_field_s_name_before_any_room(
    contract: Contract, rooms: Rooms, path: str
) -> None:
    wrong = {
        "holder": ["", "  ", "<>", "h" * 101],
        "cardno": ["", "4111111111111112"],
        "expmonth": ["13"],
        "expyear": ["203"],
        "cvv": ["", "12345"],
        "method": ["mobilepay"],
        "checkout_id": [""],
    }
    for field, values in wrong.items():
        for value in values:
            answer = await contract.post(path, CARD | {field: value})
            assert (answer.status, answer.json["message"]) == (400, f"Invalid or missing parameter: {field}")
    assert rooms.asked == {}


async def test_american_express_with_three_digits_and_short_forms(contract: Contract, rooms: Rooms) -> None:
    amex = {"cardno": "378282246310005", "cvv": "123", "expmonth": "4", "expyear": "30"}
    assert (await contract.post("/payments/secure", CARD | amex)).status == 200
    card: CardEntry = rooms.asked["payments.secure"][0]["card"]
    assert (card.month, card.year, card.number.open()) == (4, 2030, "378282246310005")


async def test_the_browser_that_3d_secure_asks_about(contract: Contract, rooms: Rooms) -> None:
    told = {"user-agent": 'Moz<"illa\x01', "accept": "*/*", "accept-language": "da-DK,da;q=0.9"}
    body = "&".join(f"{k}={v}" for k, v in CARD.items()).encode()
    for headers in (told, {}):
        await contract.send("POST", "/payments/secure", body=body, headers=headers)
    full, bare = (asked["browser"] for asked in rooms.asked["payments.secure"])
    assert (full.user_agent.open(), full.accept.open(), full.language) == ("Mozilla", "*/*", "da-DK")
    assert (bare.user_agent.open(), bare.accept.open(), bare.language) == ("", "", "")
    assert full.ip.open() == "192.0.2.7"


@pytest.mark.parametrize("path", ["/payments/secure", "/payments/authorize"])
async def test_an_unknown_checkout_is_not_found(contract: Contract, path: str) -> None:
    for wrong in ({"checkout_id": "wrong"}, {"checkout_id": "no such"}, {"cryptogram": "wrong"}, {"cryptogram": "a b"}):
        assert (await contract.post(path, CARD | wrong)).json["code"] == 404


@pytest.mark.parametrize(
    ("failure", "code"), [(CheckoutNotFound(), 404), (BadCard("cardno"), 400), (TooManyDeclines(), 429)]
)
async def test_refusals_of_the_room(contract: Contract, rooms: Rooms, failure: Exception, code: int) -> None:
    rooms.failure = failure
    assert (await contract.post("/payments/authorize", CARD)).json["code"] == code


async def listed(contract: Contract, **fields: str) -> Answer:
    return await contract.post("/company/payments/list/?", S | fields)


async def test_the_transaction_list(contract: Contract, rooms: Rooms) -> None:
    answer = await listed(contract, type="AUTH", result="ACK", payment_earliest="0", payment_latest="0")
    assert answer.content == [
        {
            "transaction_id": PAYMENT,
            "action_id": ACTION,
            "company_id": COMPANY,
            "method": "AUTH",
            "result": "ACK",
            "unixtimestamp": 1795523415,
            "cardholder": "Test Customer",
            "order_id": "Testing Order",
            "amount": 432100,
            "currency": "978",
            "reason": "",
        }
    ]
    asked = {"company_id": COMPANY, "methods": {Method.AUTH}, "result": Result.ACK, "earliest": None, "latest": None}
    assert rooms.asked["payments.actions"] == [asked]


async def test_the_list_s_filters(contract: Contract, rooms: Rooms) -> None:
    await listed(contract)
    await listed(contract, type="AUTH+SALE", result="ALL", payment_earliest="1700000000", payment_latest="1700000000")
    everything, some = rooms.asked["payments.actions"]
    assert (everything["methods"], everything["result"]) == (None, None)
    assert some["methods"] == {Method.AUTH, Method.SALE}
    assert some["earliest"] == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert some["latest"] == datetime(2023, 11, 14, 22, 13, 20, 999_999, UTC)
    for field in ("type", "result", "payment_earliest", "payment_latest"):
        assert (await listed(contract, **{field: "nonsense"})).json["code"] == 400


async def test_lists_are_arrays_when_empty(contract: Contract, rooms: Rooms) -> None:
    rooms.rows = []
    assert (await listed(contract)).content == []
    for transaction in (PAYMENT, "unknown"):
        answer = await contract.post(
            "/company/payments/related/?", S | {"transaction_id": transaction, "method": "AUTH"}
        )
        assert answer.content == []
    assert rooms.asked["payments.actions"][-1]["payment_id"] == PAYMENT
    assert (await contract.post("/company/payments/related/?", S)).json["code"] == 400


async def test_details(contract: Contract) -> None:
    content = (await contract.post("/company/payments/?", S | {"action_id": ACTION})).content
    assert content["order_data"] == {"order_id": "Testing Order", "related": {}}
    assert content["initilization_data"] == {"rebilling_id": None}
    assert content["acquirer_data"] == {"response": "00"}
    assert content["card_data"] == {
        "cardholder": "Test Customer",
        "pan": "411111******1111",
        "month": "04",
        "year": "2030",
    }
    assert (content["timestamp"], content["amount"], content["currency"]) == (1795523415, 432100, "978")
    for action, code in (("", 400), ("aaaa-bbbb-cccc", 404), ("x\0", 404)):
        assert (await contract.post("/company/payments", S | {"action_id": action})).json["code"] == code
