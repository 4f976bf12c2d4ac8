"""Transactions as the merchant's console reads them (wire contract 7.5 and 7.6)."""

from typing import Any

from ippgateway.core.ids import is_id
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.schemas import ActionDetail, ActionRow
from ippgateway.faces.classic import values
from ippgateway.faces.classic.credentials import Caller
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.refusals import bad, not_found
from ippgateway.faces.classic.request import Call


async def listed(face: Face, call: Call, caller: Caller) -> Content:
    """`company/payments/list`: newest first. No limit of its own; the use case ends it at 5000 rows (R-25)."""
    rows = await payments.actions(
        face.platform,
        company_id=caller.tenant_id,
        methods=values.methods("type", call.raw("type")),
        result=values.result("result", call.raw("result")),
        earliest=values.time_bound("payment_earliest", call.raw("payment_earliest")),
        latest=values.time_bound("payment_latest", call.raw("payment_latest"), end=True),
    )
    return [_row(row) for row in rows]


async def related(face: Face, call: Call, caller: Caller) -> Content:
    """`company/payments/related`: all actions of one transaction. Always an array, also when there is none (13.1)."""
    if not call.raw("transaction_id"):
        raise bad("transaction_id")
    methods = values.methods("method", call.raw("method"))
    if not is_id(call.raw("transaction_id")):
        return []
    rows = await payments.actions(
        face.platform,
        company_id=caller.tenant_id,
        methods=methods,
        result=None,
        earliest=None,
        latest=None,
        payment_id=call.raw("transaction_id"),
    )
    return [_row(row) for row in rows]


async def detail(face: Face, call: Call, caller: Caller) -> Content:
    """`company/payments`: one action in full."""
    if not call.raw("action_id"):
        raise bad("action_id")
    if not is_id(call.raw("action_id")):
        raise not_found()
    return _detail(await payments.detail(face.platform, company_id=caller.tenant_id, action_id=call.raw("action_id")))


def _row(row: ActionRow) -> dict[str, Any]:
    return {
        "transaction_id": row.payment_id,
        "action_id": row.action_id,
        "company_id": row.company_id,
        "method": row.method,
        "result": row.result,
        "unixtimestamp": int(row.at.timestamp()),
        "cardholder": row.holder,
        "order_id": row.order_id,
        "amount": row.amount.hundredths,
        "currency": row.amount.currency.digits,
        "reason": row.reason,
    }


def _detail(view: ActionDetail) -> dict[str, Any]:
    row = view.row
    return {
        "transaction_id": row.payment_id,
        "action_id": row.action_id,
        "method": row.method,
        "status": view.status,
        "timestamp": int(row.at.timestamp()),
        "amount": row.amount.hundredths,
        "currency": row.amount.currency.digits,
        "card_data": {
            "cardholder": row.holder,
            "pan": view.card_masked,
            "month": "" if view.card_month is None else f"{view.card_month:02d}",
            "year": "" if view.card_year is None else f"{view.card_year:04d}",
        },
        "initilization_data": {"rebilling_id": view.recurring_of},  # spelled so on the wire; null hides the row
        "acquirer_data": {"response": view.acquirer_response},
        "order_data": {
            "order_id": row.order_id,
            "related": {payment: {"readable_order_id": order} for payment, order in view.related.items()},
        },
    }
