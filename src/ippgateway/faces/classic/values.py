"""Values as the clients write them (wire contract 4): text, ids, amounts, times, filters, addresses, card fields.

Every function refuses by parameter name and never shows the value.
"""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ippgateway.core.money import BadAmount
from ippgateway.domains.payments.errors import BadCard
from ippgateway.domains.payments.schemas import Method, Result
from ippgateway.faces.classic.refusals import bad

# The consoles paste our strings into HTML and scripts without escaping; this is the only place to defend (13.19).
# U+2028 and U+2029 end a line inside a script's string for older engines.
_UNWANTED = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *map(ord, '<>"\\')])

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
# Groups of thousands, if any, are set off by the separator that is not the decimal mark.
_DECIMAL = re.compile(r"(\d*|\d{1,3}(?:,\d{3})+(?=\.)|\d{1,3}(?:\.\d{3})+(?=,))[.,](\d*)", re.ASCII)
_UNIX = re.compile(r"(-?\d{1,18})(\.\d{1,9})?", re.ASCII)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.ASCII | re.IGNORECASE)
_WEB = re.compile(r"https?://[^/?#\s]", re.ASCII | re.IGNORECASE)
_LONGEST_AMOUNT = 32
_LONGEST_ADDRESS = 2_048
_LAST_SECOND = 253_402_300_799  # the end of the year 9999


def clean(text: str) -> str:
    """Text without control characters, `<`, `>`, backslash and double quotes; all else unchanged (13.19)."""
    return text.translate(_UNWANTED)


def token(text: str) -> str | None:
    """An id, key or bearer secret if it has their alphabet (4.1), else None: no such thing can exist."""
    return text if _TOKEN.fullmatch(text) else None


def hundredths(text: str) -> int:
    """A payment amount in hundredths of the major unit (R-05): digits alone are hundredths, with a separator it is a
    decimal number of major units whose last separator is the mark. Raises BadAmount, also below a hundredth."""
    if len(text) > _LONGEST_AMOUNT:
        raise BadAmount("malformed amount")
    if _DIGITS.fullmatch(text):
        return int(text)
    match = _DECIMAL.fullmatch(text)
    if match is None or text in {".", ","} or len(match[2].rstrip("0")) > 2:
        raise BadAmount("malformed amount")
    whole = match[1].replace(",", "").replace(".", "")
    return int(whole or "0") * 100 + int(match[2][:2].ljust(2, "0"))


def time_bound(name: str, text: str, *, end: bool = False) -> datetime | None:
    """Unix seconds as a moment; empty, zero and negative mean "no bound" (4.4). Bounds are inclusive, so an `end`
    reaches to the last microsecond of its second."""
    if not text:
        return None
    match = _UNIX.fullmatch(text)
    if match is None:
        raise bad(name)
    seconds = min(int(match[1]), _LAST_SECOND)
    if seconds <= 0:
        return None
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=999_999 if end else 0)


def methods(name: str, text: str) -> frozenset[Method] | None:
    """A method filter (6): one, or a sum such as `AUTH+SALE` whose `+` may arrive as a space. None: everything."""
    words = re.split(r"[+ ]+", text.strip("+ ").upper())
    if words == [""] or "ALL" in words:
        return None
    try:
        return frozenset(map(Method, words))
    except ValueError:
        raise bad(name) from None


def result(name: str, text: str) -> Result | None:
    """A result filter. None: everything."""
    if text in {"", "ALL"}:
        return None
    try:
        return Result(text)
    except ValueError:
        raise bad(name) from None


def readable(at: datetime | None) -> str:
    """A moment for people, UTC (R-09); empty for one that has not come."""
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def ticked(text: str) -> bool:
    """A check box or a PHP truth value."""
    return text.lower() in {"1", "on", "true"}


def flag(value: bool) -> str:
    """A flag (4.5): text, compared strictly."""
    return "1" if value else "0"


def address(name: str, text: str, *, absolute: bool) -> str:
    """A web address, or "". Relative ones only where a browser will resolve them; no other schemes (`javascript:`)."""
    if not text:
        return ""
    if len(text) > _LONGEST_ADDRESS or text != clean(text).strip():
        raise bad(name)
    if not _WEB.match(text) and (absolute or _SCHEME.match(text)):
        raise bad(name)
    try:
        urlsplit(text)
    except ValueError:  # `http://[x`
        raise bad(name) from None
    return text


def card_number(text: str) -> str:
    """The digits of a card number; spaces and dashes tolerated. Raises BadCard."""
    digits = re.sub(r"[\s-]", "", text)
    if not (12 <= len(digits) <= 19 and digits.isascii() and digits.isdigit() and _luhn(digits)):
        raise BadCard("cardno")
    return digits


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = sum(sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return (doubled + sum(map(int, digits[-1::-2]))) % 10 == 0


def expiry_month(text: str) -> int:
    """1 to 12, with or without a leading zero. Raises BadCard."""
    if not re.fullmatch(r"0?[1-9]|1[0-2]", text, re.ASCII):
        raise BadCard("expmonth")
    return int(text)


def expiry_year(text: str) -> int:
    """Four digits, or the last two of them. Whether it is over is for the acquirer to say. Raises BadCard."""
    if not re.fullmatch(r"(20)?\d\d", text, re.ASCII):
        raise BadCard("expyear")
    return 2000 + int(text[-2:])


def security_code(text: str) -> str:
    """Three or four digits for every brand; three are accepted for American Express too (8.3). Raises BadCard."""
    if not re.fullmatch(r"\d{3,4}", text, re.ASCII):
        raise BadCard("cvv")
    return text
