"""Money: integer minor units with a currency, and the two ways in which outsiders write amounts.

Exponents: ISO 4217, list data of 1 February 2026.
"""

from dataclasses import dataclass

_NO_DECIMALS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())

_NUMBERS = {
    "AED": 784, "ALL": 8, "AMD": 51, "ARS": 32, "AUD": 36, "AZN": 944, "BAM": 977, "BDT": 50, "BHD": 48, "BIF": 108,
    "BOB": 68, "BRL": 986, "BWP": 72, "CAD": 124, "CHF": 756, "CLP": 152, "CNY": 156, "COP": 170, "CRC": 188,
    "CZK": 203, "DJF": 262, "DKK": 208, "DOP": 214, "DZD": 12, "EGP": 818, "EUR": 978, "GBP": 826, "GEL": 981,
    "GHS": 936, "GNF": 324, "GTQ": 320, "HKD": 344, "HNL": 340, "HRK": 191, "HUF": 348, "IDR": 360, "ILS": 376,
    "INR": 356, "IQD": 368, "ISK": 352, "JMD": 388, "JOD": 400, "JPY": 392, "KES": 404, "KMF": 174, "KRW": 410,
    "KWD": 414, "KZT": 398, "LBP": 422, "LKR": 144, "LYD": 434, "MAD": 504, "MDL": 498, "MKD": 807, "MUR": 480,
    "MXN": 484, "MYR": 458, "NGN": 566, "NOK": 578, "NZD": 554, "OMR": 512, "PEN": 604, "PHP": 608, "PKR": 586,
    "PLN": 985, "PYG": 600, "QAR": 634, "RON": 946, "RSD": 941, "RWF": 646, "SAR": 682, "SEK": 752, "SGD": 702,
    "THB": 764, "TND": 788, "TRY": 949, "TWD": 901, "TZS": 834, "UAH": 980, "UGX": 800, "USD": 840, "UYU": 858,
    "VND": 704, "VUV": 548, "XAF": 950, "XOF": 952, "XPF": 953, "ZAR": 710,
}  # fmt: skip
_CODES = {number: code for code, number in _NUMBERS.items()}

# DE 4 of ISO 8583 has twelve digits; no amount on any face may be larger.
LARGEST = 999_999_999_999


class BadCurrency(ValueError):
    """The currency is not one we know."""


class BadAmount(ValueError):
    """The amount is malformed, not positive, too large, or a fraction that its currency can't express."""


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 currency: three letters, number, and the number of decimals of its minor unit."""

    code: str
    number: int
    decimals: int

    @property
    def digits(self) -> str:
        """The number as three digits with leading zeros (`036`)."""
        return f"{self.number:03d}"

    @property
    def minor_per_major(self) -> int:
        """How many minor units make one major unit: 1, 100 or 1000."""
        return int(10**self.decimals)


def currency(text: str) -> Currency:
    """A currency from its letters (any case) or its three-digit number. Raises BadCurrency."""
    text = text.strip()
    if len(text) == 3 and text.isascii():
        if text.isdigit():
            code = _CODES.get(int(text))
        else:
            code = text.upper() if text.upper() in _NUMBERS else None
        if code is not None:
            decimals = 0 if code in _NO_DECIMALS else 3 if code in _THREE_DECIMALS else 2
            return Currency(code, _NUMBERS[code], decimals)
    raise BadCurrency("unknown currency")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency's own minor units (`Money(1200, currency("DKK"))` is twelve kroner)."""

    amount_minor: int
    currency: Currency

    def __post_init__(self) -> None:
        if not 0 <= self.amount_minor <= LARGEST:
            raise BadAmount("amount out of range")

    @classmethod
    def from_hundredths(cls, hundredths: int, of: Currency) -> "Money":
        """The wire contract's unit (4.2: hundredths whatever the currency) in minor units. Raises BadAmount."""
        scaled = hundredths * of.minor_per_major
        if scaled % 100:
            raise BadAmount("a fraction that the currency can't express")
        return cls(scaled // 100, of)

    @property
    def hundredths(self) -> int:
        """The wire contract's unit. Exact for every amount that came in through it; thousandths round down."""
        return self.amount_minor * 100 // self.currency.minor_per_major
