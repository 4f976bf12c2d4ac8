"""Requests that the connector tests share. The numbers are public test numbers; nobody has such a card."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from ippgateway.core.money import Money, currency
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.ports import (
    AdviceKind,
    AdviceRequest,
    Authentication,
    AuthorisationRequest,
    CardData,
    ChargesStored,
    Entry,
    Initiator,
    Kind,
    Merchant,
    ReversalRequest,
    VoidRequest,
    increment_trace,
    reversal_trace,
    trace_for,
)

PAN = "4111111111111111"
SECURITY_CODE = "739"
VALUE = "QkJCQkJCQkJCQkJCQkJCQkJCQkI="
DS_ID = "f38e6948-5388-41a6-bca4-b49723c19437"
AT = datetime(2026, 3, 4, 23, 30, 9, 123456, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 1, 2, 3, tzinfo=UTC)

MERCHANT = Merchant(
    number="MERCHANT1",
    name="Købmand Åse & Sønners lille butik",
    city="København Ø",
    country="208",
    mcc="5411",
    acquirer_institution="457199",
    zone=timezone(timedelta(hours=1)),
)
CARD = CardData(pan=Secret(PAN), expiry_month=4, expiry_year=2030, security_code=Secret(SECURITY_CODE))
STORED_CARD = replace(CARD, security_code=None)
PROOF = Authentication(eci="05", value=Secret(VALUE), ds_transaction_id=DS_ID, version="2.2.0")


def authorisation(number: int = 0, **changes: object) -> AuthorisationRequest:
    """An online authorisation of 12.00 DKK that 3-D Secure vouched for."""
    request = AuthorisationRequest(
        kind=Kind.AUTHORISATION,
        trace=trace_for(number, AT, 100, "IPP"),
        merchant=MERCHANT,
        card=CARD,
        amount=Money(1200, currency("DKK")),
        entry=Entry.ECOM,
        authentication=PROOF,
    )
    return replace(request, **changes)  # type: ignore[arg-type]


def reversal_of(request: AuthorisationRequest, number: int = 77, *, repeat: bool = False) -> ReversalRequest:
    """The reversal of a request."""
    return ReversalRequest(
        trace=reversal_trace(number, LATER, request.trace),
        original_kind=request.kind,
        original=request.trace,
        merchant=request.merchant,
        pan=request.card.pan,
        amount=request.amount,
        repeat=repeat,
    )


def increment_of(request: AuthorisationRequest, number: int = 55, **changes: object) -> AuthorisationRequest:
    """Five kroner more on an authorisation, at the merchant's wish."""
    more = replace(
        request,
        trace=increment_trace(number, LATER, request.trace),
        card=replace(request.card, security_code=None),
        amount=Money(500, request.amount.currency),
        authentication=None,
        initiator=Initiator.MERCHANT,
        increment_of=request.trace,
    )
    return replace(more, **changes)  # type: ignore[arg-type]


def charge_of_stored(request: AuthorisationRequest, number: int = 66, **changes: object) -> AuthorisationRequest:
    """A charge of the card that a payment stored, without the cardholder."""
    charge = authorisation(
        number,
        card=replace(request.card, security_code=None),
        authentication=None,
        initiator=Initiator.MERCHANT,
        stored=ChargesStored(reference_rrn=request.trace.rrn),
    )
    return replace(charge, **changes)  # type: ignore[arg-type]


def advice_of(
    request: AuthorisationRequest,
    kind: AdviceKind = AdviceKind.CAPTURE,
    *,
    number: int = 88,
    minor: int = 700,
    auth_code: str = "AB1234",
    repeat: bool = False,
) -> AdviceRequest:
    """A capture or refund of a part of a request."""
    return AdviceRequest(
        kind=kind,
        trace=reversal_trace(number, LATER, request.trace),
        original_kind=request.kind,
        original=request.trace,
        auth_code=auth_code,
        merchant=request.merchant,
        pan=request.card.pan,
        amount=Money(minor, request.amount.currency),
        repeat=repeat,
    )


def void_of(
    request: AuthorisationRequest, *, number: int = 99, more_minor: int = 0, stays_minor: int = 0, repeat: bool = False
) -> VoidRequest:
    """The void of an authorisation whose increments came to `more_minor`."""
    return VoidRequest(
        trace=reversal_trace(number, LATER, request.trace),
        original=request.trace,
        merchant=request.merchant,
        pan=request.card.pan,
        authorised=Money(request.amount.amount_minor + more_minor, request.amount.currency),
        stays_minor=stays_minor,
        repeat=repeat,
    )
