"""Which brand a card number belongs to, by its first digits; the longest prefix wins (facts, F.1)."""

from functools import lru_cache

_RANGES: tuple[tuple[int, int, str], ...] = (
    (5019, 5019, "DANKORT"),
    (600722, 600722, "FORBRUGSFORENINGEN"),
    (4, 4, "VISA"),
    (51, 55, "MASTERCARD"),
    (222100, 272099, "MASTERCARD"),
    (34, 34, "AMEX"),
    (37, 37, "AMEX"),
    (6011, 6011, "DISCOVER"),
    (644, 649, "DISCOVER"),
    (65, 65, "DISCOVER"),
    (300, 305, "DINERS"),
    (36, 36, "DINERS"),
    (38, 39, "DINERS"),
    (3528, 3589, "JCB"),
    (2131, 2131, "JCB"),
    (1800, 1800, "JCB"),
    (62, 62, "UNIONPAY"),
    (81, 81, "UNIONPAY"),
    (50, 50, "MAESTRO"),
    (56, 59, "MAESTRO"),
    (63, 63, "MAESTRO"),
    (67, 67, "MAESTRO"),
)
UNKNOWN = "CARD"
_LONGEST = 6
_TWICE = str.maketrans("0123456789", "0246813579")
"""A digit taken twice, the digits of that added (ISO/IEC 7812-1, annex B)."""


def brand_of(number: str) -> str:
    """The brand, or CARD when no range fits."""
    return _brand_of(number[:_LONGEST])


@lru_cache(maxsize=4096)
def _brand_of(first: str) -> str:
    best, length = UNKNOWN, 0
    for low, high, name in _RANGES:
        digits = len(str(low))
        if digits > length and low <= int(first[:digits]) <= high:
            best, length = name, digits
    return best


def luhn(number: str) -> bool:
    """Whether the check digit fits."""
    return sum(map(int, number[-1::-2] + number[-2::-2].translate(_TWICE))) % 10 == 0
