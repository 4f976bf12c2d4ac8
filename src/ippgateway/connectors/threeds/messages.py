"""AReq, ARes and Erro of EMV 3DS 2.2.0, and what they mean to the payments room. Pure functions.

Only what a browser payment requires is sent: neither e-mail nor addresses nor telephone numbers.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC
from urllib.parse import urlsplit

import msgspec

from ippgateway.connectors.place import this_machine
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.ports import (
    Attempted,
    Authenticated,
    Authentication,
    AuthenticationRequest,
    AuthenticationResult,
    ChallengeNeeded,
    Refused,
    Unavailable,
    UnavailableReason,
)
from ippgateway.domains.payments.schemas import Browser, Screen
from ippgateway.privacy.vocabulary import Category

VERSION = "2.2.0"

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}|[A-Za-z]{2,3}-[0-9A-Za-z]{2,4}")  # BCP 47, at most eight characters
_REASON = re.compile(r"[0-9]{2}")
_AUTHENTICATED, _ATTEMPTED = frozenset({"05", "02"}), frozenset({"06", "01"})
_VALUE_OCTETS = 20
_DEPTHS = (1, 4, 8, 15, 16, 24, 32, 48)  # the colour depths that there are, in bits
_ADDRESS = re.compile(r"(?=.{1,2048}\Z)https?://([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?([/?#][!-~]*)?")
_NAMELESS = Secret("")
_NO_BROWSER = Browser(user_agent=_NAMELESS, accept=_NAMELESS, language="", ip=_NAMELESS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """Who we are to the directory server: reference and operator numbers of our registration, and our addresses.

    `url` takes the result of a challenge (RReq) from the directory server; `notification_url` (at most 256 characters)
    the browser that returns from one.
    """

    reference: str
    operator: str
    url: str
    notification_url: str


_NAMES = {
    "message_type": "messageType",
    "message_version": "messageVersion",
    "transaction_id": "threeDSServerTransID",
    "ds_transaction_id": "dsTransID",
    "acs_transaction_id": "acsTransID",
    "status": "transStatus",
    "reason": "transStatusReason",
    "value": "authenticationValue",
    "acs_url": "acsURL",
}


class Answer(msgspec.Struct, frozen=True, kw_only=True, rename=_NAMES):
    """An ARes, RReq or Erro, as far as it is read. Its representation shows nothing."""

    message_type: str
    message_version: str = ""
    transaction_id: str = ""
    ds_transaction_id: str = ""
    acs_transaction_id: str = ""
    status: str = ""
    reason: str = ""
    value: str = ""
    eci: str = ""
    acs_url: str = ""

    def __repr__(self) -> str:
        return "Answer(…)"


def request(asked: AuthenticationRequest, server: Server) -> bytes:
    """The AReq of a browser payment, as JSON. Field list: facts of the version 2.2.0, required ones only.

    Raises ValueError, without any value in it, when `transaction_id` is not a UUID.
    """
    if not UUID.fullmatch(asked.transaction_id):
        raise ValueError("a transaction id is a UUID")
    fields = _header(asked, server) | _merchant(asked) | _card(asked) | _purchase(asked)
    return msgspec.json.encode(fields | _browser(asked.browser or _NO_BROWSER))


def carried(asked: AuthenticationRequest) -> frozenset[Category]:
    """What an AReq carries about the payer."""
    return asked.carries


def result(asked: AuthenticationRequest, raw: bytes) -> AuthenticationResult:
    """What the directory server answered. Whatever breaks the specification counts as no result at all."""
    answer = read(raw)
    if answer is None:
        return Unavailable(reason=UnavailableReason.MALFORMED)
    if answer.message_type == "Erro":
        return Unavailable(reason=UnavailableReason.ERROR_MESSAGE)
    if not _belongs(answer, asked):
        return Unavailable(reason=UnavailableReason.MALFORMED)
    return decided(answer) or Unavailable(reason=UnavailableReason.MALFORMED)


def _header(asked: AuthenticationRequest, server: Server) -> dict[str, str]:
    return {
        "messageType": "AReq",
        "messageVersion": VERSION,
        "messageCategory": "01",
        "deviceChannel": "02",
        "threeDSServerTransID": asked.transaction_id,
        "threeDSServerRefNumber": server.reference,
        "threeDSServerOperatorID": server.operator,
        "threeDSServerURL": server.url,
        "threeDSCompInd": "U",  # no 3DS Method was run: no script of ours in the shop's page
        "notificationURL": server.notification_url,
    }


def _merchant(asked: AuthenticationRequest) -> dict[str, str]:
    merchant = asked.merchant
    return {
        "threeDSRequestorID": merchant.number,
        "threeDSRequestorName": merchant.name[:40],
        "threeDSRequestorURL": asked.shop_url,
        "threeDSRequestorAuthenticationInd": "01",
        "threeDSRequestorChallengeInd": "01",
        "acquirerBIN": merchant.acquirer_institution,
        "acquirerMerchantID": merchant.number,
        "mcc": merchant.mcc,
        "merchantCountryCode": merchant.country,
        "merchantName": merchant.name[:40],
    }


def _card(asked: AuthenticationRequest) -> dict[str, str]:
    card = asked.card
    fields = {
        "acctNumber": card.pan.open(),
        "cardExpiryDate": f"{card.expiry_year % 100:02d}{card.expiry_month:02d}",
    }
    holder = "".join(c for c in asked.holder.open() if c.isprintable()).strip()[:45]
    return fields | {"cardholderName": holder} if len(holder) >= 2 else fields


def _purchase(asked: AuthenticationRequest) -> dict[str, str]:
    money = asked.amount
    return {
        "purchaseAmount": str(money.amount_minor),
        "purchaseCurrency": money.currency.digits,
        "purchaseExponent": str(money.currency.decimals),
        "purchaseDate": f"{asked.purchased_at.astimezone(UTC):%Y%m%d%H%M%S}",
        "transType": "01",
    }


def _browser(browser: Browser) -> dict[str, str | bool]:
    """Without script language, user agent and accept header are all that is required; with it the screen as well."""
    fields: dict[str, str | bool] = {
        "browserAcceptHeader": _ascii(browser.accept.open()) or "*/*",
        "browserUserAgent": _ascii(browser.user_agent.open()) or "unknown",
        "browserLanguage": browser.language if _LANGUAGE.fullmatch(browser.language) else "en",
        "browserJavascriptEnabled": browser.screen is not None,
    }
    if browser.screen is not None:
        fields |= _screen(browser.screen)
    address = browser.ip.open()
    return fields | {"browserIP": address} if 0 < len(address) <= 45 else fields


def _screen(screen: Screen) -> dict[str, str | bool]:
    return {
        "browserJavaEnabled": screen.java,
        "browserColorDepth": str(max(depth for depth in _DEPTHS if depth <= max(screen.colour_depth, _DEPTHS[0]))),
        "browserScreenHeight": str(screen.height),
        "browserScreenWidth": str(screen.width),
        "browserTZ": str(screen.zone_minutes),
    }


def _ascii(header: str) -> str:
    """A header's printable ASCII, at most 2,048 characters: a browser's oddities must not cost the payment."""
    return "".join(c for c in header if " " <= c <= "~")[:2048]


def read(raw: bytes) -> Answer | None:
    """The fields of a message that are read here; None when it is no message."""
    try:
        return msgspec.json.decode(raw, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # the last for brackets without end
        return None


def _belongs(answer: Answer, asked: AuthenticationRequest) -> bool:
    return (
        answer.message_type == "ARes"
        and answer.message_version == VERSION
        and answer.transaction_id.lower() == asked.transaction_id.lower()
        and bool(UUID.fullmatch(answer.ds_transaction_id))
        and bool(UUID.fullmatch(answer.acs_transaction_id))
    )


def decided(answer: Answer) -> AuthenticationResult | None:
    """What an ARes or RReq says; None when it says nothing that the specification knows."""
    match answer.status:
        case "Y" if (proof := _proof(answer, _AUTHENTICATED)) is not None:
            return Authenticated(authentication=proof, acs_transaction_id=answer.acs_transaction_id)
        case "A" if (proof := _proof(answer, _ATTEMPTED)) is not None:
            return Attempted(authentication=proof, acs_transaction_id=answer.acs_transaction_id)
        case "N" | "R":
            return Refused(
                reason_code=answer.reason if _REASON.fullmatch(answer.reason) else "",
                by_issuer=answer.status == "R",
                ds_transaction_id=answer.ds_transaction_id,
            )
        case "U":
            return Unavailable(reason=UnavailableReason.NOT_PERFORMED)
        case "C" if _safe_address(answer.acs_url):
            return ChallengeNeeded(
                acs_url=answer.acs_url,
                acs_transaction_id=answer.acs_transaction_id,
                ds_transaction_id=answer.ds_transaction_id,
                version=VERSION,
            )
    return None


def _proof(answer: Answer, allowed: frozenset[str]) -> Authentication | None:
    """The evidence for the authorisation: indicator 05/02 or 06/01, and a value of 20 octets in base64."""
    try:
        octets = base64.b64decode(answer.value, validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(octets) != _VALUE_OCTETS or answer.eci not in allowed:
        return None
    return Authentication(
        eci=answer.eci,
        value=Secret(answer.value),
        ds_transaction_id=answer.ds_transaction_id,
        version=VERSION,
    )


def _safe_address(url: str) -> bool:
    """A payer's browser is sent there: TLS, or this machine; and its origin goes into a header of ours, so that it is
    a plain host name or address with a port and nothing else."""
    if not _ADDRESS.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and this_machine(host)))
