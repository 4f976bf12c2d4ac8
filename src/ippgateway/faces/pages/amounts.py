"""Amounts as people read them: `DKK 1,250.00` in English, `1.250,00 kr.` in Danish."""

from ippgateway.core.money import Money
from ippgateway.faces.pages.language import Language

_SPACE = "\u00a0"
_MARKS = {Language.EN: (",", "."), Language.DA: (".", ",")}


def readable(money: Money, language: Language) -> str:
    """The amount with its currency, in one piece that no line break tears apart."""
    thousands, mark = _MARKS[language]
    whole, rest = divmod(money.amount_minor, money.currency.minor_per_major)
    digits = f"{whole:,}".replace(",", thousands)
    if money.currency.decimals:
        digits += f"{mark}{rest:0{money.currency.decimals}d}"
    if language is Language.EN:
        return f"{money.currency.code}{_SPACE}{digits}"
    return f"{digits}{_SPACE}{'kr.' if money.currency.code == 'DKK' else money.currency.code}"
