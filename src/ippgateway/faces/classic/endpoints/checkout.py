"""A shop's own calls around a checkout: make one, ask how it stands (wire contract 8.1 and 8.2)."""

import re
from typing import Any
from urllib.parse import urlencode

from ippgateway.core.ids import is_id
from ippgateway.core.money import BadAmount, currency
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.schemas import NewCheckout, TransactionType
from ippgateway.domains.payments import service as payments
from ippgateway.faces.classic import values
from ippgateway.faces.classic.credentials import Caller, company_keys, shown_secrets
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.idempotent import once
from ippgateway.faces.classic.parameters import Params
from ippgateway.faces.classic.refusals import bad, not_found, unauthorised
from ippgateway.faces.classic.request import Call

# What WHMCS and WooCommerce tell of payer and basket besides; stored, never acted upon.
_EXTRA = (
    "total_products invoice_id description first_name last_name email address1 address2 city state postcode country"
    " phone return_url"
).split()
_PRODUCT = re.compile(r"\d{1,4}_(id|name|qty|total|tax)", re.ASCII)
_MOST_PRODUCT_FIELDS = 500
_LONGEST_EXTRA = 500


async def create(face: Face, call: Call, caller: Caller) -> Content:
    """`payments/checkout_id`. The same order id any number of times, several a second: all are new checkouts."""

    async def run(call: Call) -> Content:
        return await _created(face, call, caller)

    return await once(face, call, company_id=caller.tenant_id, scope="checkout", run=run)


async def _created(face: Face, call: Call, caller: Caller) -> Content:
    created = await checkouts.create(face.platform, company_id=caller.tenant_id, order=_order(call))
    checkout_id, cryptogram = created.checkout_id.open(), created.cryptogram.open()
    query = urlencode({"checkout_id": checkout_id, "cryptogram": cryptogram})
    # always there, and always with a query, because clients append `&theme=…`.
    url = f"{face.settings.pay_url}/?{query}"
    return {"checkout_id": checkout_id, "cryptogram": cryptogram, "url": url}


async def status(face: Face, call: Call) -> Content:
    """`payments/status`: of a transaction when one is named, else of a checkout (R-42)."""
    if call.raw("transaction_id"):
        return await _transaction_status(face, call)
    if call.raw("checkout_id"):
        return await _checkout_status(face, call)
    raise bad("transaction_id")


async def _transaction_status(face: Face, call: Call) -> Content:
    """By the transaction's own key, or by its company's payment key. Whatever is sent must be right, else 404 (8.2)."""
    payment_id, key = call.raw("transaction_id"), call.token("transaction_key")
    company_id = None
    if _names_company(call):
        match = await company_keys(face, call)
        if match is None or not match.payment_key:
            raise not_found()
        company_id = match.company_id
    wrong_key = key is None and (call.raw("transaction_key") or company_id is None)
    if wrong_key or not is_id(payment_id):
        raise not_found()
    view = await payments.status(face.platform, payment_id=payment_id, payment_key=key, company_id=company_id)
    return {
        "result": view.result,
        "status": view.status,
        "method": view.method,
        "transaction_id": view.payment_id,
        "action_id": view.action_id,
        "order_id": view.order_id,
        "amount": view.amount.hundredths,
        "currency": view.amount.currency.digits,
        "card_data": {"pan": view.card_masked},
    }


async def _checkout_status(face: Face, call: Call) -> Content:
    """By the bearer secret of the checkout; keys, when sent, must be right and their company must own it."""
    company_id = None
    if _names_company(call):
        match = await company_keys(face, call)
        if match is None or not match.payment_key:
            raise unauthorised()
        company_id = match.company_id
        call.visitor.acts_for(company_id)
    # A challenge may take longer than the checkout's time.
    checkout = await checkouts.find(face.platform, **bearer(call), expired_too=True)
    if company_id is not None and checkout.company_id != company_id:
        raise not_found()
    call.visitor.pays(checkout)
    ended = await payments.step_ended(face.platform, checkout=checkout)
    return {"result": "COMPLETED" if ended else "WAIT"}


def bearer(call: Call) -> dict[str, Any]:
    """A checkout's two secrets, as `checkouts.find` takes them. A cryptogram that is sent must match (5, rule 5), so
    one that can't exist is passed on as one that can't match."""
    checkout_id = call.token("checkout_id")
    if checkout_id is None:
        raise not_found() if call.raw("checkout_id") else bad("checkout_id")
    cryptogram = call.token("cryptogram")
    if cryptogram is None and call.raw("cryptogram"):
        raise not_found()
    return {"checkout_id": checkout_id, "cryptogram": cryptogram}


def _names_company(call: Call) -> bool:
    return bool(call.raw("company_id") or call.raw("id") or shown_secrets(call))


def _order(call: Call) -> NewCheckout:
    amount_text = call.raw("amount")
    amount = values.hundredths(amount_text) if amount_text else 0
    if amount <= 0:
        raise BadAmount("a checkout has an amount")
    billing = call.tree("billing")
    return NewCheckout(
        amount_text=amount_text,
        amount_hundredths=amount,
        currency=currency(call.raw("currency")),
        transaction_type=_transaction_type(call.raw("transaction_type")),
        order_id=call.text("order_id"),
        notify_url=values.address("ipn", call.raw("ipn"), absolute=True),
        accept_url=values.address("accepturl", call.raw("accepturl"), absolute=False),
        origin=_clipped(call.raw("origin")),
        theme=_clipped(call.raw("theme")),
        method=_clipped(call.raw("method")),
        store_card=values.ticked(call.raw("rebill")) or values.ticked(call.raw("rebilling")),
        test=values.ticked(call.raw("test")),
        payer_name=_leaf(billing, "name"),
        payer_email=_leaf(billing, "email"),
        extra=_extra(call),
    )


def _transaction_type(text: str) -> TransactionType:
    try:
        return TransactionType(text) if text else TransactionType.ECOM
    except ValueError:
        raise bad("transaction_type") from None


def _leaf(tree: Params, name: str) -> str:
    value = tree.get(name, "")
    if not isinstance(value, str) or len(value) > _LONGEST_EXTRA:
        raise bad("billing")
    return values.clean(value)


def _extra(call: Call) -> dict[str, str]:
    told = {name: _clipped(value) for name in _EXTRA if (value := call.raw(name))}
    product = call.params.get("product", {})
    if isinstance(product, dict):
        lines = [(key, value) for key, value in product.items() if _PRODUCT.fullmatch(key) and isinstance(value, str)]
        told |= {f"product[{key}]": _clipped(value) for key, value in lines[:_MOST_PRODUCT_FIELDS]}
    return told


def _clipped(text: str) -> str:
    """Text that only informs: a long one is cut instead of stopping a payment."""
    return values.clean(text)[:_LONGEST_EXTRA]
