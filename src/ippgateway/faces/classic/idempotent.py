"""`Idempotency-Key` on the writes of the payment path: the same request twice is one effect and one answer.

The contract's clients send no such header (13.13); whoever does gets the promise of `domains/idempotency`.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec

from ippgateway.core.secret import Secret
from ippgateway.domains.cards.service import masked
from ippgateway.domains.idempotency import service as idempotency
from ippgateway.domains.idempotency.errors import BadKey, NothingDone
from ippgateway.domains.payments.errors import ActionRefused, NothingOpen
from ippgateway.domains.payments.schemas import Result
from ippgateway.faces.classic import values
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.parameters import Params
from ippgateway.faces.classic.refusals import Refusal, bad, refusal_for
from ippgateway.faces.classic.request import Call

_HEADER = "idempotency-key"
# Who asks is the scope, not the body; a security code is kept in no form at all.
_LEFT_OUT = frozenset({"key1", "key2", "api_key", "user_id", "session_id", "partner_id", "cvv", "cipher"})
_OUTCOMES = (ActionRefused, NothingOpen)

Run = Callable[[Call], Awaitable[Content]]


async def once(face: Face, call: Call, *, company_id: str, scope: str, run: Run) -> Content:
    """Carry out `run`, or give the answer of the first time. Raises Refusal, and what `run` raises."""
    header = call.headers.get(_HEADER)
    if header is None:
        return await run(call)
    try:
        key = idempotency.key_from_header(header)
    except BadKey:
        raise bad("Idempotency-Key") from None

    async def said(request_id: str) -> idempotency.Said:
        try:
            content = await run(replace(call, request_id=request_id))
        except _OUTCOMES as refused:
            return _text({"refused": _told(refused)}, final=True)
        except Exception as error:
            if refusal_for(error) is None:
                raise  # nobody foresaw it, so nobody knows what it left behind
            raise NothingDone from error
        waits = isinstance(content, dict) and content.get("result") == Result.WAIT
        return _text({"content": content}, final=not waits)

    keyed = idempotency.Keyed(company_id=company_id, scope=scope, key=key, body=_body(call))
    try:
        answer: dict[str, Any] = msgspec.json.decode(await idempotency.once(face.platform, keyed, said))
    except NothingDone as refused:
        raise refused.__cause__ or refused from None
    if "refused" in answer:
        raise Refusal(*answer["refused"])
    content: Content = answer["content"]
    return content


def _text(answer: dict[str, Any], *, final: bool) -> idempotency.Said:
    return idempotency.Said(text=msgspec.json.encode(answer).decode(), final=final)


def _told(error: Exception) -> tuple[int, str]:
    refusal = refusal_for(error)
    if refusal is None:
        raise error
    return refusal.code, refusal.message


def _body(call: Call) -> dict[str, str]:
    """What makes a request this one: its parameters without credentials, the digits that anybody may see for a card's
    number: they say the same after the vault's keys were replaced."""
    told = {name: value for name, value in _flat(call.params) if name not in _LEFT_OUT}
    if "cardno" in told:
        told["cardno"] = masked(Secret(values.card_number(told["cardno"])), month=0, year=0).masked
    return told


def _flat(tree: Params, before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        whole = f"{before}[{name}]" if before else name
        if isinstance(value, str):
            yield whole, value
        else:
            yield from _flat(value, whole)
