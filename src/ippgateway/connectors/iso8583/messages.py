"""Requests of the payments room as ISO 8583 messages, and answers as its results. Pure functions.

The table of data elements in `docs/reference/iso8583.md` is what these functions write down.
"""

import re
import unicodedata
from datetime import datetime
from typing import NamedTuple

from ippgateway.connectors.iso8583 import responses
from ippgateway.connectors.iso8583.codec import BadMessage, Message, message
from ippgateway.core.money import Money
from ippgateway.domains.payments.ports import (
    AcquirerAnswer,
    AdviceAccepted,
    AdviceAnswer,
    AdviceKind,
    AdviceRefused,
    AdviceRequest,
    Approved,
    AuthorisationRequest,
    CardData,
    ChargesStored,
    Declined,
    Entry,
    Initiator,
    Kind,
    Merchant,
    NoAnswer,
    ReversalRequest,
    StoresCard,
    Trace,
    UnknownReason,
    VoidRequest,
)
from ippgateway.privacy.catalogue import CARD_AUTHENTICATION, CARD_DETAILS, CARD_NUMBER
from ippgateway.privacy.vocabulary import Category

SIGN_ON, SIGN_OFF, ECHO = "001", "002", "301"

_REQUEST = {Kind.AUTHORISATION: "0100", Kind.SALE: "0200"}
_ANSWERS = {
    "0100": "0110",
    "0200": "0210",
    "0220": "0230",
    "0221": "0230",
    "0420": "0430",
    "0421": "0430",
    "0800": "0810",
}
_ECHOED = (3, 4, 7, 11, 32, 37, 41, 42, 49)
_PURCHASE = "000000"
_PROCESSING = {AdviceKind.CAPTURE: _PURCHASE, AdviceKind.REFUND: "200000"}
_ENTRY = {Entry.ECOM: ("812", "59"), Entry.MOTO: ("012", "08")}
_STORED_CARD = ("102", "08")
_INITIATOR = {Initiator.CARDHOLDER: "C", Initiator.MERCHANT: "M"}
_MASTERCARD = re.compile("(?!5019)5|63|67|222[1-9]|22[3-9]|2[3-6]|27[01]|2720")  # 5019 is Dankort
_APART = str.maketrans(
    {"æ": "ae", "Æ": "Ae", "ø": "oe", "Ø": "Oe", "å": "aa", "Å": "Aa", "ß": "ss", "ł": "l", "Ł": "L"}
)


class Key(NamedTuple):
    """What an answer has in common with its request: message class, DE 41, DE 11, DE 7."""

    message_class: str
    terminal: str
    stan: str
    transmitted_at: str


def key_of(either: Message) -> Key:
    """The key of a request or an answer. Raises BadMessage when it has none."""
    fields = either.fields
    if not (7 in fields and 11 in fields and 41 in fields):
        raise BadMessage("key")
    return Key(either.mti[1], fields[41], fields[11], fields[7])


def is_answer(received: Message) -> bool:
    """Whether its type is one that a host answers with."""
    return received.mti in _ANSWERS.values()


def network(code: str, terminal: str, stan: int, at: datetime) -> Message:
    """0800: sign-on, sign-off or echo test. Raises BadMessage."""
    return message("0800", {7: _transmitted(at), 11: str(stan), 41: terminal, 70: code})


_CARRIES = {2: CARD_NUMBER, 14: CARD_DETAILS, 48: CARD_AUTHENTICATION}
"""The elements that say something about a payer; all others are about the message, the merchant and the money."""


def carried(sent: Message) -> frozenset[Category]:
    """What a message carries about the payer, by the elements that are in it."""
    return frozenset(category for number, category in _CARRIES.items() if number in sent.fields)


def authorisation(request: AuthorisationRequest) -> Message:
    """0100 or 0200. Raises BadMessage when the wire can't express it."""
    card = request.card
    entry_mode, condition = _STORED_CARD if isinstance(request.stored, ChargesStored) else _ENTRY[request.entry]
    values = _common(request.trace, request.merchant, card.pan.open(), request.amount.amount_minor)
    values |= _local_time(request.trace.transmitted_at, request.merchant)
    values |= {
        14: f"{card.expiry_year % 100:02d}{card.expiry_month:02d}",
        22: entry_mode,
        25: condition,
        43: _name_and_place(request.merchant),
        48: _private_data(request),
        49: request.amount.currency.digits,
    }
    return message(_REQUEST[request.kind], values)


def reversal(request: ReversalRequest) -> Message:
    """0420, or 0421 for a repeat. Raises BadMessage."""
    values = _about(request, _REQUEST[request.original_kind], request.amount)
    values |= _local_time(request.original.transmitted_at, request.merchant)
    return message("0421" if request.repeat else "0420", values)


def void(request: VoidRequest) -> Message:
    """0420 of an authorisation, or 0421 for a repeat, with DE 95 when a part stays. Raises BadMessage."""
    values = _about(request, _REQUEST[Kind.AUTHORISATION], request.authorised)
    values |= _local_time(request.original.transmitted_at, request.merchant)
    if request.stays_minor:
        values[95] = f"{request.stays_minor:012d}" + "0" * 30
    return message("0421" if request.repeat else "0420", values)


def advice(request: AdviceRequest) -> Message:
    """0220 of a capture or refund, or 0221 for a repeat. Raises BadMessage."""
    values = _about(request, _REQUEST[request.original_kind], request.amount)
    values |= _local_time(request.trace.transmitted_at, request.merchant)
    values |= {3: _PROCESSING[request.kind], 38: request.auth_code}
    return message("0221" if request.repeat else "0220", values)


def answer_to_authorisation(request: AuthorisationRequest, sent: Message, answer: Message) -> AcquirerAnswer:
    """What the host decided. Raises NoAnswer(UNUSABLE_ANSWER) when that can't be told for certain."""
    code = _code(sent, answer)
    if code in responses.APPROVALS:
        return _approved(answer, code)
    if code in responses.UNCLEAR:
        raise NoAnswer(UnknownReason.UNUSABLE_ANSWER)
    reason, again = responses.refusal(code, may_authenticate=_may_authenticate(request))
    return Declined(reason=reason, again=again, response_code=code)


def answer_to_advice(sent: Message, answer: Message) -> AdviceAnswer:
    """What the host did. Raises NoAnswer(UNUSABLE_ANSWER) when that can't be told for certain: it is to be repeated."""
    code = _code(sent, answer)
    if code == "00" and _repeats_all(answer):
        return AdviceAccepted()
    if code == "00" or code in responses.UNDECIDED:
        raise NoAnswer(UnknownReason.UNUSABLE_ANSWER, code)
    return AdviceRefused(reason=responses.advice_refusal(code), response_code=code)


def check_acknowledged(sent: Message, answer: Message) -> None:
    """Whether a reversal or void was taken. Raises NoAnswer(UNUSABLE_ANSWER) when not: then it has to be repeated."""
    code = _code(sent, answer)
    if code != "00":
        raise NoAnswer(UnknownReason.UNUSABLE_ANSWER, code)


def network_accepted(answer: Message) -> bool:
    """Whether the host agreed to a network message."""
    return answer.mti == "0810" and answer.fields.get(39) == "00"


def _code(sent: Message, answer: Message) -> str:
    """DE 39 of an answer that does not contradict its request in anything it repeats.

    What is absent is no contradiction: a host that refuses a format repeats only what it could read.
    """
    agrees = all(answer.fields.get(number, sent.fields[number]) == sent.fields[number] for number in _ECHOED)
    if answer.mti != _ANSWERS[sent.mti] or not agrees or 39 not in answer.fields:
        raise NoAnswer(UnknownReason.UNUSABLE_ANSWER)
    return answer.fields[39]


def _approved(answer: Message, code: str) -> Approved:
    # An approval that does not repeat what it approves, or has no code of its own, can't be captured: reverse it.
    auth_code = answer.fields.get(38, "").strip()
    if not auth_code or not _repeats_all(answer):
        raise NoAnswer(UnknownReason.UNUSABLE_ANSWER)
    return Approved(auth_code=auth_code, rrn=answer.fields[37], response_code=code)


def _repeats_all(answer: Message) -> bool:
    return all(number in answer.fields for number in _ECHOED)


def _may_authenticate(request: AuthorisationRequest) -> bool:
    """Whether the payer is there and has not authenticated."""
    with_payer = request.entry is Entry.ECOM and request.initiator is Initiator.CARDHOLDER
    return with_payer and request.authentication is None and request.increment_of is None


def _about(request: ReversalRequest | VoidRequest | AdviceRequest, mti: str, amount: Money) -> dict[int, str]:
    """What a message repeats of an earlier one, and how it names it. `mti` is the earlier one's type."""
    original, merchant = request.original, request.merchant
    return _common(request.trace, merchant, request.pan.open(), amount.amount_minor) | {
        37: original.rrn,
        41: original.terminal,
        49: amount.currency.digits,
        90: mti
        + original.stan
        + _transmitted(original.transmitted_at)
        + merchant.acquirer_institution.rjust(11, "0")
        + "0" * 11,
    }


def _common(trace: Trace, merchant: Merchant, pan: str, amount_minor: int) -> dict[int, str]:
    return {
        2: pan,
        3: _PURCHASE,
        4: str(amount_minor),
        7: _transmitted(trace.transmitted_at),
        11: trace.stan,
        18: merchant.mcc,
        32: merchant.acquirer_institution,
        37: trace.rrn,
        41: trace.terminal,
        42: merchant.number,
    }


def _transmitted(at: datetime) -> str:
    return f"{at:%m%d%H%M%S}"


def _local_time(at: datetime, merchant: Merchant) -> dict[int, str]:
    local = _transmitted(at.astimezone(merchant.zone))
    return {12: local[4:], 13: local[:4]}


def _name_and_place(merchant: Merchant) -> str:
    """DE 43: positions 1-22 name, 24-36 city, 38-40 country."""
    return f"{_ascii(merchant.name):22.22} {_ascii(merchant.city):13.13} {merchant.country:3.3}"


def _ascii(text: str) -> str:
    """The nearest printable ASCII: this wire has no other letters."""
    if text.isascii() and text.isprintable():
        return text
    plain = unicodedata.normalize("NFKD", text.translate(_APART))
    kept = (c for c in plain if not unicodedata.combining(c))
    return "".join(c if " " <= c <= "~" else "?" for c in kept)


def _private_data(request: AuthorisationRequest) -> str:
    elements = dict(_authentication(request))
    if request.card.security_code is not None:
        elements["05"] = request.card.security_code.open()
    elements["06"] = _INITIATOR[request.initiator]
    if request.increment_of is not None:
        elements["07"] = f"I{request.increment_of.rrn}"
    match request.stored:
        case ChargesStored(reference_rrn=reference):
            elements["08"] = reference
        case StoresCard():
            elements["09"] = "1"
    if any(not 1 <= len(value) <= 99 for value in elements.values()):
        raise BadMessage("DE 48")
    return "".join(f"{tag}{len(value):02d}{value}" for tag, value in sorted(elements.items()))


def _authentication(request: AuthorisationRequest) -> dict[str, str]:
    proof = request.authentication
    if proof is None:
        online = request.entry is Entry.ECOM and not isinstance(request.stored, ChargesStored)
        return {"01": _not_authenticated(request.card)} if online else {}
    elements = {"01": proof.eci, "03": proof.ds_transaction_id, "04": proof.version}
    if proof.value is not None:
        elements["02"] = proof.value.open()
    return elements


def _not_authenticated(card: CardData) -> str:
    """The electronic commerce indicator without 3-D Secure: 00 for Mastercard and Maestro, 07 for everybody else."""
    return "00" if _MASTERCARD.match(card.pan.open()) else "07"
