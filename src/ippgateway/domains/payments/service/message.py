"""The messages that follow an authorisation or sale, made from what is on record and sent over the acquirer's port."""

from dataclasses import dataclass

from ippgateway.core.money import Money
from ippgateway.core.secret import Secret
from ippgateway.domains.companies.service import Contract
from ippgateway.domains.payments.ports import (
    AcquirerAnswer,
    AdviceKind,
    AdviceRefused,
    AdviceRequest,
    AuthorisationRequest,
    CardData,
    Declined,
    Entry,
    Kind,
    ReversalRequest,
    Trace,
    VoidRequest,
)
from ippgateway.domains.payments.schemas import Method
from ippgateway.domains.payments.service.gateway import Gateway, merchant_for
from ippgateway.domains.payments.service.settle import Answer
from ippgateway.privacy.vocabulary import Purpose


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """A message on record. `own` identifies it for ever; `original` is the authorisation or sale it is about.

    `undo`: do not do the action but reverse it (an increment that nobody answered, an authorisation or sale).
    `authorised` and `stays_minor`: what a void says of the authorisation; stored, so that a repeat says the same.
    """

    company_id: str
    payment_id: str
    action_id: str
    method: Method
    own: Trace
    original: Trace
    original_method: Method
    auth_code: str
    amount: Money
    authorised: Money
    stays_minor: int
    contract: Contract
    number: Secret[str]
    expiry: tuple[int, int] | None
    """Month and year; only an increment carries them."""
    repeat: bool
    undo: bool = False


async def send(g: Gateway, purpose: Purpose, out: Outgoing) -> Answer:
    """Send it and wait for the answer. Raises NotSent, NoAnswer. Never called inside a transaction."""
    merchant = await merchant_for(g, purpose, out.contract)
    kind = Kind.SALE if out.original_method is Method.SALE else Kind.AUTHORISATION
    if out.undo:
        await g.acquirer.reverse(
            ReversalRequest(trace=out.own, original_kind=kind, original=out.original, merchant=merchant, pan=out.number,
                            amount=out.amount, repeat=out.repeat)
        )  # fmt: skip
        return Answer.undone()
    match out.method:
        case Method.CAPTURE | Method.REFUND:
            told = await g.acquirer.advise(
                AdviceRequest(kind=AdviceKind.CAPTURE if out.method is Method.CAPTURE else AdviceKind.REFUND,
                              trace=out.own, original_kind=kind, original=out.original, auth_code=out.auth_code,
                              merchant=merchant, pan=out.number, amount=out.amount, repeat=out.repeat)
            )  # fmt: skip
            return Answer.refused(told) if isinstance(told, AdviceRefused) else Answer.accepted()
        case Method.VOID:
            await g.acquirer.void(
                VoidRequest(trace=out.own, original=out.original, merchant=merchant, pan=out.number,
                            authorised=out.authorised, repeat=out.repeat,
                            stays_minor=out.stays_minor)
            )  # fmt: skip
            return Answer.accepted()
        case _:
            month, year = out.expiry or (0, 0)
            return _increment(await g.acquirer.authorise(
                AuthorisationRequest(kind=Kind.AUTHORISATION, trace=out.own, merchant=merchant, amount=out.amount,
                                     card=CardData(pan=out.number, expiry_month=month, expiry_year=year),
                                     entry=Entry.ECOM, increment_of=out.original)
            ))  # fmt: skip


def _increment(answer: AcquirerAnswer) -> Answer:
    return Answer.refused(answer) if isinstance(answer, Declined) else Answer.approved(answer)
