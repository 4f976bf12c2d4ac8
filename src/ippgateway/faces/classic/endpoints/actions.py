"""Capture, increment, refund, void (wire contract 7.7), and what goes with them: stored cards, notifications."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from ippgateway.core.ids import is_id
from ippgateway.domains.notifications import service as notifications
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.schemas import Method, Target
from ippgateway.domains.payments.service import Asked
from ippgateway.faces.classic import values
from ippgateway.faces.classic.credentials import Caller
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.idempotent import Run, once
from ippgateway.faces.classic.refusals import bad, may_not_move_money, not_found
from ippgateway.faces.classic.request import Call

_WHOLE = re.compile(r"\d{1,12}", re.ASCII)
_LONGEST_COMMENT = 500


def acting(method: Method) -> Callable[[Face, Call, Caller], Awaitable[Content]]:
    """The endpoint of one kind of action."""

    async def run(face: Face, call: Call, caller: Caller) -> Content:
        return await once(
            face, call, company_id=caller.tenant_id, scope=f"action.{method.value}", run=_moves(face, caller, method)
        )

    return run


def _moves(face: Face, caller: Caller, method: Method) -> Run:
    async def run(call: Call) -> Content:
        if caller.session is not None and not caller.session.moves_money:
            raise may_not_move_money()
        asked = Asked(
            company_id=caller.tenant_id, method=method, target=_target(call), hundredths=_amount(call, method),
            comment=values.clean(call.raw("comment"))[:_LONGEST_COMMENT], request_id=call.request_id,
        )  # fmt: skip
        done = await payments.act(face.payments(), asked)
        return {
            "result": done.result,
            "action_id": done.action_id,
            "transaction_id": done.payment_id,
            "amount": done.amount.hundredths,
            "currency": done.amount.currency.digits,
        }

    return run


def _target(call: Call) -> Target:
    """R-28: the action when it is named, else the transaction. What has no id's shape can't exist."""
    payment_id, action_id = call.raw("transaction_id"), call.raw("action_id")
    if not payment_id and not action_id:
        raise bad("transaction_id")
    if any(given and not is_id(given) for given in (payment_id, action_id)):
        raise not_found()
    key = call.raw("transaction_key")
    return Target(payment_id=payment_id or None, action_id=action_id or None, payment_key=key or None)


def _amount(call: Call, method: Method) -> int | None:
    """R-05: empty or zero is everything open. A refund with a comment and without an action is in major units, for
    shops set to no decimals send `10` and mean ten."""
    text = call.raw("amount").strip()
    in_major = method is Method.REFUND and "comment" in call.params and not call.raw("action_id")
    if in_major and _WHOLE.fullmatch(text):
        text += ".00"
    return (values.hundredths(text) or None) if text else None


async def stored_cards(face: Face, call: Call, caller: Caller) -> Content:
    """`company/cards/stored`: a row for each checkout that asked to store the card (7.8)."""
    wanted = values.result("result", call.raw("result"))
    found = await payments.stored_cards(face.platform, company_id=caller.tenant_id, result=wanted)
    return [
        {
            "transaction_id": card.payment_id,
            "card": {
                "holder": card.holder,
                "hashed": card.masked,
                "expmonth": f"{card.month:02d}",
                "expyear": f"{card.year:04d}",
            },
            "result": card.result,
        }
        for card in found
    ]


async def notified(face: Face, _: Call, caller: Caller) -> Content:
    """`company/payment_notifications/list`, newest first; all three times are always there (7.13)."""
    rows = await notifications.listed(face.platform, company_id=caller.tenant_id)
    return [_notification(row) for row in rows]


def _notification(row: notifications.Listed) -> dict[str, Any]:
    return {
        "id": row.id,
        "transaction_id": row.payment_id,
        "status": row.state,
        "created": {"time_readable": values.readable(row.created_at)},
        "last": {"time_readable": values.readable(row.last_at)},
        "next": {"time_readable": values.readable(row.next_at)},
    }
