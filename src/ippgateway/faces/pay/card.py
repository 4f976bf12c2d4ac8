"""The card as a payer typed it into the plain form: read, judged field by field, sealed for the time of a challenge.

The script judges by the same rules (`static/core.js`), so both say the same words beside the same field.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from ippgateway.core.clock import Clock
from ippgateway.core.ids import Randomness
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts.schemas import CheckoutRef
from ippgateway.domains.payments.schemas import CardEntry
from ippgateway.privacy.sealing import KEY_OCTETS, CannotOpen, SealingKey

_EXPIRY = re.compile(r"(0?[1-9]|1[0-2])[\s/.-]*(?:20)?(\d\d)", re.ASCII)
_CODE = re.compile(r"\d{3,4}", re.ASCII)
_NUMBER = re.compile(r"\d{12,19}", re.ASCII)
_UNWANTED = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *map(ord, '<>"\\')])
_LONGEST_HOLDER = 100
_SEALED_FOR_S = 900
_LARGEST_SEALED = 2_048


class Faults(Exception):
    """What is wrong, by field: keys of the words. Never a value."""

    def __init__(self, of: Mapping[str, str]) -> None:
        super().__init__(", ".join(of))
        self.of = dict(of)


def read(form: Mapping[str, str], now: datetime) -> CardEntry:
    """The card. Raises Faults with everything that is wrong, not only the first thing."""
    holder = form.get("holder", "").translate(_UNWANTED).strip()
    number = re.sub(r"[\s-]", "", form.get("number", ""))
    expiry, code = _EXPIRY.fullmatch(form.get("expiry", "").strip()), form.get("code", "").strip()
    faults = {}
    if not 2 <= len(holder) <= _LONGEST_HOLDER:
        faults["holder"] = "holder"
    if not (_NUMBER.fullmatch(number) and _luhn(number)):
        faults["number"] = "number"
    if expiry is None:
        faults["expiry"] = "expiry"
    elif (2000 + int(expiry[2]), int(expiry[1])) < (now.year, now.month):
        faults["expiry"] = "expired"
    if not _CODE.fullmatch(code):
        faults["code"] = "code"
    if faults or expiry is None:
        raise Faults(faults)
    return CardEntry(
        holder=Secret(holder), number=Secret(number), month=int(expiry[1]), year=2000 + int(expiry[2]),
        security_code=Secret(code),
    )  # fmt: skip


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (doubled + sum(map(int, digits[-1::-2]))) % 10 == 0


class Envelope:
    """Carries a card through a challenge when the browser runs no script: sealed, in the payer's own page and nowhere
    else, for one checkout and a quarter of an hour. The key lives in this process alone and is never stored, so that
    the security code is not either (PCI DSS 3.3.1.2); after a restart the card has to be typed again."""

    def __init__(self, clock: Clock, randomness: Randomness) -> None:
        self._clock = clock
        self._randomness = randomness
        self._key = SealingKey(randomness.octets(KEY_OCTETS))

    def seal(self, checkout: CheckoutRef, card: CardEntry) -> str:
        """The card as text for a hidden field."""
        until = self._clock.now() + timedelta(seconds=_SEALED_FOR_S)
        code = card.security_code.open() if card.security_code else ""
        told = [until.timestamp(), card.holder.open(), card.number.open(), card.month, card.year, code]
        return base64.urlsafe_b64encode(
            self._key.seal(json.dumps(told).encode(), _place(checkout), self._randomness)
        ).decode()

    def open(self, checkout: CheckoutRef, text: str) -> CardEntry | None:
        """The card, or None when this is no card of this checkout, or too old."""
        try:
            sealed = base64.urlsafe_b64decode(text[:_LARGEST_SEALED].encode())
            until, holder, number, month, year, code = json.loads(self._key.open(sealed, _place(checkout)))
        except (CannotOpen, binascii.Error, ValueError):
            return None
        if until < self._clock.now().timestamp():
            return None
        return CardEntry(
            holder=Secret(holder), number=Secret(number), month=month, year=year, security_code=Secret(code)
        )


def _place(checkout: CheckoutRef) -> str:
    return f"pay.card|{checkout.company_id}|{checkout.id}"
