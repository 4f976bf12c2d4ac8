"""Requests that the connector tests share. The numbers are public test numbers; nobody has such a card."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from ippgateway.core.money import Money, currency
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.ports import (
    Authentication,
    AuthorisationRequest,
    CardData,
    Entry,
    Kind,
    Merchant,
    ReversalRequest,
    reversal_trace,
    trace_for,
)

PAN = "4111111111111111"
SECURITY_CODE = "739"
VALUE = "QkJCQkJCQkJCQkJCQkJCQkJCQkI="
DS_ID = "f38e6948-5388-41a6-bca4-b49723c19437"
AT = datetime(2026, 3, 4, 23, 30, 9, 123456, tzinfo=UTC)

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
        trace=reversal_trace(number, datetime(2026, 3, 5, 1, 2, 3, tzinfo=UTC), request.trace),
        original_kind=request.kind,
        original=request.trace,
        merchant=request.merchant,
        pan=request.card.pan,
        amount=request.amount,
        repeat=repeat,
    )
