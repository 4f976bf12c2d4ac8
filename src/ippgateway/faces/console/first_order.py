"""A new company's first order: made as its own server would make it, and paid on the payment page."""

from starlette.responses import Response

from ippgateway.core.ids import is_id
from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.companies import service as companies
from ippgateway.faces.console import overview_words as words
from ippgateway.faces.console import wire
from ippgateway.faces.console.overview import TEST_CARD
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route

_COMPANIES = frozenset({Audience.COMPANY})
_ORDER_LETTERS = 5


async def make(house: House, ask: Ask) -> Response:
    """A checkout over 100 kroner, and the way to its page. Sandbox alone: with real money a shop makes its orders."""
    company = await companies.read(house.platform, company_id=ask.known.tenant_id)
    if company.live:
        raise Refused(404)
    answer = await wire.as_company(house, "payments/checkout_id", {
        "company_id": company.id, "key2": company.key2.open(), "amount": "10000", "currency": "DKK", "test": "1",
        "order_id": f"TEST-{house.platform.ids.letters(_ORDER_LETTERS)}",
        "accepturl": f"{house.origin}/first-order/paid",
    })  # fmt: skip
    url = answer.content.get("url") if answer.done else None
    return house.page(
        ask, "first_order.html", title=words.FIRST, w=words, pay_url=url, test_card=TEST_CARD,
        problem=None if url else words.ORDER_FAILED, status=200 if url else 502,
    )  # fmt: skip


async def paid(house: House, ask: Ask) -> Response:
    """Back from the payment page, which names the payment; its key in the address is not needed here."""
    payment_id = ask.query.get("transaction_id", "")
    return house.see_other(f"/payments/{payment_id}" if is_id(payment_id) else "/payments")


ROUTES = (
    Route(path="/first-order", name="first order", post=make, audiences=_COMPANIES, right=rights.PAYMENTS.key),
    Route(path="/first-order/paid", name="first order paid", get=paid, audiences=_COMPANIES, right=rights.PAYMENTS.key),
)
