"""Amounts as people type them, in either language."""

import re

from ippgateway.core.money import BadAmount, Currency, Money
from ippgateway.faces.pages.language import Language

_MARK = {Language.EN: ".", Language.DA: ","}
_TYPED = re.compile(r"(\d{1,12})(?:[.,](\d{1,3}))?", re.ASCII)


def typed(amount: Money, language: Language) -> str:
    """An amount as it stands in a field: no currency, no marks between thousands."""
    whole, rest = divmod(amount.amount_minor, amount.currency.minor_per_major)
    decimals = amount.currency.decimals
    return f"{whole}{_MARK[language]}{rest:0{decimals}d}" if decimals else str(whole)


def read(text: str, of: Currency) -> Money:
    """What somebody typed. Point and comma both stand before the decimals; a thousand is written without a mark,
    because whoever wrote 1.250 may have meant either. Raises BadAmount."""
    match = _TYPED.fullmatch(text.replace("\u00a0", "").replace(" ", ""))
    if match is None or len(match[2] or "") > of.decimals:
        raise BadAmount("malformed amount")
    minor = int(match[1]) * of.minor_per_major + int((match[2] or "").ljust(of.decimals, "0") or "0")
    if minor == 0:
        raise BadAmount("nothing")
    return Money(minor, of)


def on_the_wire(amount: Money) -> str:
    """With a decimal mark, which the contract reads as major units whatever else is sent (4.2, R-05). Raises BadAmount
    for what its hundredths can't express."""
    if Money.from_hundredths(amount.hundredths, amount.currency) != amount:
        raise BadAmount("below a hundredth")
    whole, rest = divmod(amount.hundredths, 100)
    return f"{whole}.{rest:02d}"
