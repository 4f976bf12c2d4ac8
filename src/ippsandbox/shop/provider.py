"""The payment provider, as a shop sees it: two calls of the wire contract (8.1, 8.2) and the keys for them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession

_TRANSACTION = re.compile(r"[A-Za-z0-9]{4}-[A-Za-z0-9]{4}-[A-Za-z0-9]{4}", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9]{8}", re.ASCII)
RESULTS = frozenset({"ACK", "NOK", "WAIT"})
_LARGEST_ANSWER = 65_536
_LARGEST_FILE = 8_192


class ProviderAway(Exception):
    """The Platform does not answer, or there are no keys for it yet."""


class ProviderRefused(Exception):
    """The Platform answered, and said no. The argument is its code."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What the Platform told this shop: where to call, where it sends payers, and the shop's id and payment key."""

    api_url: str
    pay_url: str
    console_url: str
    company_id: str
    key2: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkout:
    """A checkout: two secrets for the widget, and the address of the payment page."""

    checkout_id: str
    cryptogram: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What the Platform says of a transaction. `result`: ACK, NOK or WAIT; `card`: its number, masked."""

    result: str
    order_number: str
    amount_minor: int
    card: str


class Provider:
    """Calls the Platform. The keys are read from their file each time, so that a shop that is started first finds them
    when they are there."""

    def __init__(self, session: ClientSession, file: Path) -> None:
        self._session = session
        self._file = file

    def terms(self) -> Terms:
        """What the Platform wrote down for this shop. Raises ProviderAway when it has not yet."""
        try:
            told = json.loads(self._file.read_bytes()[:_LARGEST_FILE])
            return Terms(**{name: str(told[name]) for name in Terms.__slots__})
        except (OSError, ValueError, KeyError, TypeError):
            raise ProviderAway from None

    async def checkout(self, order: Mapping[str, str]) -> Checkout:
        """Ask for a checkout (8.1). Raises ProviderAway, ProviderRefused."""
        content = await self._ask("payments/checkout_id", order)
        return Checkout(**{name: _text(content, name) for name in Checkout.__slots__})

    async def outcome(self, transaction_id: str, transaction_key: str) -> Outcome:
        """Ask how a transaction ended (8.2). Raises ProviderAway, ProviderRefused (404: no such one of ours)."""
        if not _TRANSACTION.fullmatch(transaction_id) or not _KEY.fullmatch(transaction_key):
            raise ProviderRefused(404)
        named = {"transaction_id": transaction_id, "transaction_key": transaction_key}
        content = await self._ask("payments/status", named)
        card, result = content.get("card_data"), _text(content, "result")
        if result not in RESULTS:
            raise ProviderAway
        return Outcome(
            result=result,
            order_number=_text(content, "order_id"),
            amount_minor=int(content.get("amount") or 0),
            card=_text(card, "pan") if isinstance(card, dict) else "",
        )

    async def _ask(self, path: str, fields: Mapping[str, str]) -> dict[str, Any]:
        terms = self.terms()
        form = {"id": terms.company_id, "key2": terms.key2, **fields}
        try:
            async with self._session.post(f"{terms.api_url}/{path}", data=form, allow_redirects=False) as answer:
                envelope = json.loads(await answer.content.read(_LARGEST_ANSWER))
        except (ClientError, TimeoutError, OSError, ValueError):
            raise ProviderAway from None
        if not isinstance(envelope, dict) or envelope.get("code", 500) in range(500, 600):
            raise ProviderAway
        content = envelope.get("content")
        if envelope.get("success") is not True or not isinstance(content, dict):
            raise ProviderRefused(envelope.get("code"))
        return content


def _text(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name)
    if not isinstance(value, str):
        raise ProviderAway  # an answer that is not the contract's
    return value
