"""What the host decides about a well-formed message, as the page says or as it leaves to a host. Changes nothing."""

from typing import NamedTuple

from ippsandbox.acquirer.books import Books
from ippsandbox.acquirer.entries import ADVICES, APPROVED, PAYMENTS, REQUESTS, Entry, Kind
from ippsandbox.acquirer.holdings import Exceeds
from ippsandbox.cards import Delivery, luhn_valid, outcome_of

INVALID_AMOUNT, INVALID_CARD, NOT_FOUND, FORMAT_ERROR = "13", "14", "25", "30"
EXPIRED, NOT_PERMITTED, TOO_MUCH, TOO_LATE, WRONG_SECURITY_CODE = "54", "57", "61", "68", "82"


class Ruling(NamedTuple):
    """DE 39, how the answer travels the first time, and whether the books keep it: approved or refused for good."""

    response_code: str
    delivery: Delivery = Delivery.ONCE
    kept: bool = True


def rule(entry: Entry, fields: dict[int, str], private: dict[str, str], books: Books, *, this_month: str) -> Ruling:
    """What to answer to an entry that was not booked before. `private` is DE 48, `this_month` is YYMM."""
    if entry.kind in REQUESTS:
        return _on_request(entry, fields, private, books, this_month)
    original = books.find(entry.original) if entry.original else None
    if entry.kind in ADVICES:
        return _on_advice(entry, fields, original, books)
    return _on_reversal(entry, original, books)


def _on_request(entry: Entry, fields: dict[int, str], private: dict[str, str], books: Books, this_month: str) -> Ruling:
    if books.is_reversed(entry.key):
        return Ruling(TOO_LATE)
    if not luhn_valid(fields[2]):
        return Ruling(INVALID_CARD)
    if entry.amount_minor == 0:
        return Ruling(INVALID_AMOUNT)
    # A card is good to the end of its month.
    if fields[14] < this_month:
        return Ruling(EXPIRED)
    if private.get("05") in ("000", "0000"):
        return Ruling(WRONG_SECURITY_CODE)
    outcome = outcome_of(fields[2])
    code = outcome.response_code
    if code == APPROVED and entry.kind is Kind.INCREMENT:
        code = _may_raise(entry, books) or outcome.increment.response_code
    elif code == APPROVED and "08" in private:
        code = _may_charge(entry, private["08"], books)
    return Ruling(code, outcome.delivery) if code == APPROVED else Ruling(code)


def _may_raise(entry: Entry, books: Books) -> str:
    """Why an increment is refused whatever the card says; empty when it is not."""
    raised = books.find(entry.original) if entry.original else None
    if raised is None or not raised.same_parties(entry) or books.is_reversed(raised.key):
        return NOT_FOUND
    return ""


def _may_charge(entry: Entry, reference: str, books: Books) -> str:
    """A stored card is charged by the merchant who stored it, after the cardholder agreed to that.

    The payment that stored it may be reversed since; the agreement stands.
    """
    found = (books.referred(message_class, reference, entry.fingerprint) for message_class in "12")
    stored = [payment for payment in found if payment is not None and payment.merchant == entry.merchant]
    if not stored:
        return NOT_FOUND
    return APPROVED if any(payment.stores_card for payment in stored) else NOT_PERMITTED


def _on_advice(entry: Entry, fields: dict[int, str], original: Entry | None, books: Books) -> Ruling:
    if original is None or original.kind not in PAYMENTS or not original.approved:
        return Ruling(NOT_FOUND)
    if not original.same_parties(entry) or (original.rrn, original.approval) != (entry.rrn, fields[38]):
        return Ruling(FORMAT_ERROR, kept=False)
    if entry.amount_minor == 0:
        return Ruling(INVALID_AMOUNT)
    outcome = outcome_of(fields[2])
    reply = outcome.capture if entry.kind is Kind.CAPTURE else outcome.refund
    if reply.response_code != APPROVED:
        return Ruling(reply.response_code)
    try:
        books.settle(entry)
    except Exceeds:
        return Ruling(TOO_MUCH)
    return Ruling(APPROVED, reply.delivery)


def _on_reversal(entry: Entry, original: Entry | None, books: Books) -> Ruling:
    """A reversal or void. None is refused for good: it comes again, and may be right then."""
    if entry.stays_minor and (original is None or not original.approved):
        # Where something is said to stay, there is nothing: an acknowledgement would hide that.
        return Ruling(NOT_FOUND, kept=False)
    if original is None:
        return Ruling(APPROVED)
    if not _names_rightly(entry, original, books):
        return Ruling(FORMAT_ERROR, kept=False)
    try:
        books.settle(entry)
    except Exceeds:
        return Ruling(TOO_MUCH, kept=False)
    return Ruling(APPROVED)


def _names_rightly(entry: Entry, original: Entry, books: Books) -> bool:
    """Whether card, currency and the whole amount are the original's; of an authorisation, increments included."""
    permitted = (Kind.AUTHORISATION,) if entry.kind is Kind.VOID else REQUESTS
    if original.kind not in permitted or not original.same_payer(entry):
        return False
    whole_minor = books.holding(original).authorised_minor if original.kind in PAYMENTS else original.amount_minor
    return entry.amount_minor == whole_minor
