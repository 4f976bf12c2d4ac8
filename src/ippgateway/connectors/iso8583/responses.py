"""DE 39: what an acquirer's two characters mean, and what may be tried again.

Meanings: ISO 8583:1987 and the common network lists; `NEVER` is where the card schemes forbid or charge for another
attempt (Visa category 1: 04 07 12 15 41 43 46 57 R0 R1 R3) or where the card itself is to be kept.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ippgateway.domains.payments.ports import DeclineReason as Why
from ippgateway.domains.payments.ports import TryAgain

Refusal = tuple[Why, TryAgain]

_NEVER, _LATER, _NOW = TryAgain.NEVER, TryAgain.LATER, TryAgain.NOW

APPROVALS = frozenset({"00", "11", "16"})
"""Approved; approved (VIP); approved, update track 3."""

UNCLEAR = frozenset({"08", "09", "10", "32", "68", "85", "94"})
"""Neither a full approval nor a refusal, so money may be held: identify the payer (08), still in progress (09), partial
(10, 32), received too late (68), no reason to decline (85, for account checks), duplicate (94). The outcome counts as
unknown and is reversed."""

UNDECIDED = UNCLEAR | frozenset({"06", "11", "16", "19", "20", "21", "22", "28", "90", "91", "92", "96"})
"""What leaves a capture or refund open: besides the unclear ones, approvals of something else, and trouble of host or
issuer. The same advice is repeated: a new one could be booked beside it."""

REFUSALS: Mapping[str, Refusal] = MappingProxyType(
    {
        "01": (Why.REFER_TO_ISSUER, _LATER),
        "02": (Why.REFER_TO_ISSUER, _LATER),
        "03": (Why.MERCHANT_SETUP, _LATER),
        "04": (Why.PICK_UP_CARD, _NEVER),
        "05": (Why.DO_NOT_HONOUR, _LATER),
        "06": (Why.SYSTEM_ERROR, _LATER),
        "07": (Why.PICK_UP_CARD, _NEVER),
        "12": (Why.INVALID_TRANSACTION, _NEVER),
        "13": (Why.INVALID_AMOUNT, _LATER),
        "14": (Why.INVALID_CARD, _NEVER),
        "15": (Why.INVALID_CARD, _NEVER),  # no such issuer
        "17": (Why.DECLINED, _LATER),  # cancelled by the customer
        "18": (Why.DECLINED, _LATER),  # disputed by the customer
        "19": (Why.SYSTEM_ERROR, _LATER),  # enter again
        "20": (Why.SYSTEM_ERROR, _LATER),  # invalid response
        "21": (Why.SYSTEM_ERROR, _LATER),  # no action taken
        "22": (Why.SYSTEM_ERROR, _LATER),  # suspected malfunction
        "23": (Why.INVALID_AMOUNT, _LATER),  # unacceptable fee
        "25": (Why.ORIGINAL_NOT_FOUND, _LATER),
        "28": (Why.SYSTEM_ERROR, _LATER),  # file not available
        "30": (Why.FORMAT_ERROR, _LATER),
        "31": (Why.NOT_PERMITTED, _LATER),  # bank not supported by the switch
        "33": (Why.EXPIRED_CARD, _NEVER),  # pick up
        "34": (Why.SUSPECTED_FRAUD, _NEVER),  # pick up
        "35": (Why.PICK_UP_CARD, _NEVER),
        "36": (Why.RESTRICTED_CARD, _NEVER),  # pick up
        "37": (Why.PICK_UP_CARD, _NEVER),
        "38": (Why.PIN, _NEVER),  # tries exceeded, pick up
        "39": (Why.NO_SUCH_ACCOUNT, _LATER),  # no credit account
        "40": (Why.NOT_PERMITTED, _LATER),  # function not supported
        "41": (Why.LOST_CARD, _NEVER),
        "42": (Why.NO_SUCH_ACCOUNT, _LATER),
        "43": (Why.STOLEN_CARD, _NEVER),
        "44": (Why.NO_SUCH_ACCOUNT, _LATER),
        "46": (Why.CLOSED_ACCOUNT, _NEVER),
        "51": (Why.INSUFFICIENT_FUNDS, _LATER),
        "52": (Why.NO_SUCH_ACCOUNT, _LATER),
        "53": (Why.NO_SUCH_ACCOUNT, _LATER),
        "54": (Why.EXPIRED_CARD, _NOW),
        "55": (Why.PIN, _LATER),
        "56": (Why.INVALID_CARD, _LATER),  # no card record
        "57": (Why.NOT_PERMITTED, _NEVER),
        "58": (Why.MERCHANT_SETUP, _LATER),
        "59": (Why.SUSPECTED_FRAUD, _LATER),
        "60": (Why.REFER_TO_ISSUER, _LATER),
        "61": (Why.LIMIT_EXCEEDED, _LATER),
        "62": (Why.RESTRICTED_CARD, _LATER),
        "63": (Why.SECURITY_VIOLATION, _LATER),
        "64": (Why.INVALID_AMOUNT, _LATER),
        "65": (Why.LIMIT_EXCEEDED, _LATER),  # see `refusal`
        "66": (Why.REFER_TO_ISSUER, _LATER),
        "67": (Why.PICK_UP_CARD, _NEVER),
        "70": (Why.REFER_TO_ISSUER, _LATER),
        "75": (Why.PIN, _LATER),
        "78": (Why.NO_SUCH_ACCOUNT, _LATER),
        "82": (Why.SECURITY_CODE, _NOW),
        "90": (Why.ISSUER_UNAVAILABLE, _LATER),  # cut-off in progress
        "91": (Why.ISSUER_UNAVAILABLE, _LATER),
        "92": (Why.ISSUER_UNAVAILABLE, _LATER),  # no route
        "93": (Why.FORBIDDEN_BY_LAW, _NEVER),
        "96": (Why.SYSTEM_ERROR, _LATER),
        "1A": (Why.AUTHENTICATION_REQUIRED, _NOW),
        "N7": (Why.SECURITY_CODE, _NOW),
        "R0": (Why.STOPPED_BY_CARDHOLDER, _NEVER),
        "R1": (Why.STOPPED_BY_CARDHOLDER, _NEVER),
        "R3": (Why.STOPPED_BY_CARDHOLDER, _NEVER),
    }
)

_UNKNOWN: Refusal = (Why.DECLINED, _LATER)


def refusal(code: str, *, may_authenticate: bool) -> Refusal:
    """What a code that is neither an approval nor unclear means.

    65 has two meanings: too many payments, or (Mastercard) strong authentication is missing. The second one can be
    meant only where the payer could have authenticated and did not: an online payment without 3-D Secure. A code that
    no list knows is a decline all the same: an acquirer that approves says so.
    """
    if code == "65" and may_authenticate:
        return Why.AUTHENTICATION_REQUIRED, _NOW
    return REFUSALS.get(code, _UNKNOWN)


def advice_refusal(code: str) -> Why:
    """Why a capture or refund was refused; for codes that are neither `00` nor undecided.

    61 is a limit of the card to a request, and to an advice what is held or captured.
    """
    if code == "61":
        return Why.EXCEEDS_OPEN_AMOUNT
    return REFUSALS.get(code, _UNKNOWN)[0]
