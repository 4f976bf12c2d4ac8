"""Company numbers and VAT numbers, as somebody types them who signs up (standards H.3)."""

import re
from dataclasses import dataclass

from stdnum import get_cc_module
from stdnum.eu.vat import MEMBER_STATES
from stdnum.exceptions import InvalidChecksum, ValidationError

from ippgateway.domains.partners.errors import BadAccount
from ippgateway.domains.partners.schemas import Doubt

_COUNTRY = re.compile(r"[A-Z]{2}")
_ANY_NUMBER = re.compile(r"[0-9A-Z]{4,20}")
_SEPARATORS = re.compile(r"[\s.,/:-]")
# In VAT numbers Greece has another code than in ISO 3166 (facts, H.3).
_VAT_PREFIX = {"GR": "EL"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """A number in its shortest form. `vat`: with its country's letters, when it is a VAT number of the EU."""

    number: str
    vat: str
    doubt: Doubt | None


def check_number(country: str, number: str) -> Checked:
    """What a company's number in its country is: the company number or the VAT number. Raises BadAccount.

    A Danish number that fails its check digit only is doubted and taken, because newer ones may have none.
    """
    if not _COUNTRY.fullmatch(country):
        raise BadAccount("country")
    rules = [get_cc_module(country.lower(), kind) for kind in ("vat", "businessid")]
    known = [rule for rule in rules if rule is not None]
    if not known:
        return _unknown(number)
    for rule in known:
        try:
            compact: str = rule.validate(number)
        except InvalidChecksum:
            if country == "DK":
                return _checked(country, rule.compact(number), Doubt.CHECK_DIGIT, vat=True)
        except ValidationError:
            continue
        else:
            return _checked(country, compact, None, vat=rule is rules[0])
    raise BadAccount("number")


def _checked(country: str, number: str, doubt: Doubt | None, *, vat: bool) -> Checked:
    number = number.removeprefix(prefix := _VAT_PREFIX.get(country, country))
    in_eu = vat and country.lower() in MEMBER_STATES
    return Checked(number=number, vat=f"{prefix}{number}" if in_eu else "", doubt=doubt)


def _unknown(number: str) -> Checked:
    """A number of a country whose rule nobody told us."""
    compact = _SEPARATORS.sub("", number).upper()
    if not _ANY_NUMBER.fullmatch(compact):
        raise BadAccount("number")
    return Checked(number=compact, vat="", doubt=Doubt.NOT_CHECKED)
