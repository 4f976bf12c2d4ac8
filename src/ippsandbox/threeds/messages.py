"""Messages of EMV 3-D Secure 2.2.0: what an AReq of a browser payment must hold, and the error message.

Field names and formats follow the 3DS server documentation of an acquirer (Clearhaus, 2.2.0); EMVCo's own text is
licensed and was not used.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from aiohttp import web

VERSION = "2.2.0"
LARGEST_MESSAGE = 64 * 1024

Fields = dict[str, Any]

# Error codes of EMV 3-D Secure.
INVALID_MESSAGE, UNSUPPORTED_VERSION, ELEMENT_MISSING, ELEMENT_FORMAT = "101", "102", "201", "203"
NOT_RECOGNISED, TIMED_OUT, SYSTEM_FAILURE, CONNECTION_FAILURE = "301", "402", "403", "405"

_DESCRIPTIONS = {
    INVALID_MESSAGE: "Message is not one this component takes.",
    UNSUPPORTED_VERSION: "Message version is not supported.",
    ELEMENT_MISSING: "A required data element is missing.",
    ELEMENT_FORMAT: "The format of a data element is invalid.",
    NOT_RECOGNISED: "Transaction ids are not recognised.",
    TIMED_OUT: "The next component did not answer in time.",
    SYSTEM_FAILURE: "The component failed; trying again may help.",
    CONNECTION_FAILURE: "The next component can't be reached.",
}

UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_DAY = "(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
_URL = "https?://[!-~]+"
# ISO 4217 numbers; 955 to 964 and 999 are metals, tests and "no currency".
_CURRENCY = "(?!95[5-9]|96[0-4]|999)[0-9]{3}"


class ProtocolError(Exception):
    """What an `Erro` message reports: its code and the names (never the values) of the fields concerned."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def _form(pattern: str, longest: int = 2048) -> re.Pattern[str]:
    return re.compile(f"(?=.{{0,{longest}}}$)(?:{pattern})", re.DOTALL)


_REQUIRED = {
    "messageCategory": _form("01"),
    "deviceChannel": _form("02"),
    "threeDSServerTransID": _form(UUID),
    "threeDSRequestorAuthenticationInd": _form("0[1-6]"),
    "threeDSRequestorURL": _form(_URL),
    "notificationURL": _form(_URL, 256),
    "threeDSCompInd": _form("[YNU]"),
    "acctNumber": _form("[0-9]{13,19}"),
    "cardExpiryDate": _form("[0-9]{2}(0[1-9]|1[0-2])"),
    "cardholderName": _form(r"[^\x00-\x1f\x7f]{2,45}"),
    "acquirerBIN": _form("[0-9]{1,11}"),
    "acquirerMerchantID": _form("[!-~][ -~]{0,34}"),
    "mcc": _form("[0-9]{4}"),
    "merchantCountryCode": _form("[0-9]{3}"),
    "merchantName": _form(r"[^\x00-\x1f\x7f]{1,40}"),
    "purchaseAmount": _form("[0-9]{1,48}"),
    "purchaseCurrency": _form(_CURRENCY),
    "purchaseExponent": _form("[0-9]"),
    "purchaseDate": _form(f"20[0-9]{{2}}{_DAY}([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"),
    "browserAcceptHeader": _form("[ -~]{1,2048}"),
    "browserUserAgent": _form("[ -~]{1,2048}"),
    "browserLanguage": _form("[A-Za-z0-9-]{1,8}"),
}

# Required only when a scheme, the kind of payment or the browser's scripts ask for them.
_CONDITIONAL = {
    "transType": _form("01|03|10|11|28"),
    "recurringExpiry": _form(f"20[0-9]{{2}}{_DAY}"),
    "recurringFrequency": _form("[0-9]{1,4}"),
    "purchaseInstalData": _form("[2-9]|[1-9][0-9]{1,2}"),
    "browserColorDepth": _form("1|4|8|15|16|24|32|48"),
    "browserScreenHeight": _form("[0-9]{1,6}"),
    "browserScreenWidth": _form("[0-9]{1,6}"),
    "browserTZ": _form("[+-]?[0-9]{1,4}"),
}
_OPTIONAL = {
    "threeDSRequestorChallengeInd": _form("0[1-9]"),
    "threeDSServerURL": _form(_URL),
    "browserIP": _form("[0-9a-fA-F.:]{2,45}"),
    "email": _form("[^@\x00-\x20]+@[^@\x00-\x20]+", 254),
    "ds": _form("[a-z]{2,20}"),
}
_FORMS = _REQUIRED | _CONDITIONAL | _OPTIONAL

_BOOLEANS = ("browserJavascriptEnabled", "browserJavaEnabled")
_SCREEN = ("browserJavaEnabled", "browserColorDepth", "browserScreenHeight", "browserScreenWidth", "browserTZ")


def check_areq(message: Fields) -> None:
    """Check an AReq of a browser payment. Raises ProtocolError naming the first kind of fault and all its fields."""
    if message.get("messageType") != "AReq":
        raise ProtocolError(INVALID_MESSAGE, "messageType")
    if message.get("messageVersion") != VERSION:
        raise ProtocolError(UNSUPPORTED_VERSION, "messageVersion")
    missing = [name for name in _needed(message) if message.get(name) in (None, "")]
    if missing:
        raise ProtocolError(ELEMENT_MISSING, ",".join(missing))
    wrong = list(_wrong(message))
    if wrong:
        raise ProtocolError(ELEMENT_FORMAT, ",".join(wrong))


def _needed(message: Fields) -> Iterator[str]:
    yield from _REQUIRED
    yield "browserJavascriptEnabled"
    if message.get("browserJavascriptEnabled") is True:
        yield from _SCREEN
    if str(message.get("acctNumber", "")).startswith("4"):
        yield "transType"  # Visa's rule
    kind = message.get("threeDSRequestorAuthenticationInd")
    if kind in ("02", "03"):
        yield from ("recurringExpiry", "recurringFrequency")
    if kind == "03":
        yield "purchaseInstalData"


def _wrong(message: Fields) -> Iterator[str]:
    for name, form in _FORMS.items():
        value = message.get(name)
        if value is not None and not (isinstance(value, str) and form.fullmatch(value)):
            yield name
    yield from (name for name in _BOOLEANS if not isinstance(message.get(name, False), bool))


async def read_message(request: web.Request) -> Fields:
    """The JSON object in a request's body. Raises ProtocolError for anything else."""
    try:
        message = json.loads(await request.read())
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise ProtocolError(INVALID_MESSAGE, "messageType")
    return message


def erro(error: ProtocolError, *, component: str, about: Fields) -> Fields:
    """The `Erro` message of a component (`D` directory, `A` access control) about a message it was sent.

    Ids are repeated only when they are ids; whatever else was sent stays unsaid.
    """
    answer = {
        "messageType": "Erro",
        "messageVersion": VERSION,
        "errorCode": error.code,
        "errorComponent": component,
        "errorDescription": _DESCRIPTIONS[error.code],
        "errorDetail": error.detail,
    }
    if about.get("messageType") in ("AReq", "PReq", "RReq", "CReq"):
        answer["errorMessageType"] = about["messageType"]
    for name in ("threeDSServerTransID", "dsTransID", "acsTransID"):
        value = about.get(name)
        if isinstance(value, str) and re.fullmatch(UUID, value):
            answer[name] = value
    return answer
