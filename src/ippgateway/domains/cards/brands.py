"""Which brand a card number belongs to, by its first digits; the longest prefix wins (facts, F.1)."""

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


def brand_of(number: str) -> str:
    """The brand, or CARD when no range fits."""
    best, length = UNKNOWN, 0
    for low, high, name in _RANGES:
        digits = len(str(low))
        if digits > length and low <= int(number[:digits]) <= high:
            best, length = name, digits
    return best


def luhn(number: str) -> bool:
    """Whether the check digit fits."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
