"""What the payment path is given, and what its verbs share."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakValueDictionary

from ippgateway.core.database import may_pass
from ippgateway.core.log import Log
from ippgateway.core.secret import Secret
from ippgateway.domains.cards.brands import luhn
from ippgateway.domains.cards.vault import Vault
from ippgateway.domains.companies.service import Contract, name_of
from ippgateway.domains.payments.errors import BadCard
from ippgateway.domains.payments.ports import AcquirerLink, Authenticator, CardData, Merchant
from ippgateway.domains.payments.schemas import AuthoriseResult, CardEntry
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import PLATFORM

if TYPE_CHECKING:
    from ippgateway.domains.payments.service.velocity import Rush

_log = Log("payments")
_PAUSE_S = 0.2

CITY = "Copenhagen"
"""Where merchants are, until onboarding asks them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Everything has a limit."""

    declines_per_checkout: int = 10
    declines_per_network: int = 50
    """In a quarter of an hour, at one company."""
    declines_per_company: int = 200
    declines_while_attacked: int = 3
    """In place of `declines_per_network`, while a company is beyond `declines_per_company`."""
    authentications_per_checkout: int = 30
    authentication_valid_s: int = 3_600
    challenge_begins_within_s: int = 30
    challenge_lasts_s: int = 600
    never_again_days: int = 30
    record_patience_s: float = 15.0
    advice_lease_s: float = 30.0
    terminals: int = 64
    terminal_prefix: str = "IPP"


@dataclass(frozen=True, kw_only=True, slots=True)
class Gateway:
    """The payment zone's tools. `under_way`: attempts that this process waits for, so that a second arrival on the
    same checkout gets the same answer. `woken`: set when something became unknown, for the recovery to look at once."""

    platform: Platform
    vault: Vault
    acquirer: AcquirerLink
    authenticator: Authenticator
    limits: Limits = field(default_factory=Limits)
    under_way: dict[tuple[str, str], "asyncio.Future[AuthoriseResult]"] = field(default_factory=dict)
    public_url: str = "https://localhost"
    pay_url: str = "https://pay.localhost"
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    rushes: "dict[tuple[str, bytes], Rush]" = field(default_factory=dict)
    """By company and network; see `velocity.turn`."""
    _locks: "WeakValueDictionary[tuple[str, str], asyncio.Lock]" = field(default_factory=WeakValueDictionary)

    def one_at_a_time(self, company_id: str, payment_id: str) -> asyncio.Lock:
        """A lock for what is done with one payment: what follows an authorisation reaches the acquirer in order.
        Between processes the database decides; this only spares the second one a refusal."""
        return self._locks.setdefault((company_id, payment_id), asyncio.Lock())

    @property
    def busy(self) -> bool:
        """Whether an attempt or an action waits for its outcome here."""
        return bool(self.under_way) or any(lock.locked() for lock in tuple(self._locks.values()))

    async def drain(self, within_s: float) -> bool:
        """Wait until nothing is under way here any more, at most so long; whether that came true. An attempt goes on
        though the payer has left, so the link stays until it has its answer; the recovery finds what takes longer."""
        clock = self.platform.clock
        deadline = clock.now() + timedelta(seconds=within_s)
        while self.busy and clock.now() < deadline:
            await clock.sleep(_PAUSE_S)
        return not self.busy


T = TypeVar("T")


async def hold_on(g: Gateway, work: Callable[[], Awaitable[T]]) -> T | None:
    """What was answered is held on to until the database has it; None when it stays away for too long.

    `work` is a whole transaction that may be tried again: it decides by the state that it finds.
    """
    deadline = g.platform.clock.now() + timedelta(seconds=g.limits.record_patience_s)
    while True:
        try:
            return await work()
        except Exception as error:
            if not may_pass(error) or g.platform.clock.now() > deadline:
                _log.error("outcome.not_recorded", error)
                return None
            await g.platform.clock.sleep(_PAUSE_S)


def card_data(card: CardEntry) -> CardData:
    """The card for the acquirer. Raises BadCard naming the field that is malformed."""
    number = card.number.open()
    if not (12 <= len(number) <= 19 and number.isascii() and number.isdigit() and luhn(number)):
        raise BadCard("cardno")
    if not 1 <= card.month <= 12:
        raise BadCard("expmonth")
    if not 2000 <= card.year <= 2099:
        raise BadCard("expyear")
    code = card.security_code.open() if card.security_code else "000"
    if not (3 <= len(code) <= 4 and code.isascii() and code.isdigit()):
        raise BadCard("cvv")
    if not 2 <= len(card.holder.open()) <= 100:
        raise BadCard("holder")
    return CardData(pan=card.number, expiry_month=card.month, expiry_year=card.year, security_code=card.security_code)


async def merchant_for(g: Gateway, purpose: Purpose, contract: Contract) -> Merchant:
    """Who is paid, as the acquirer and the issuer know them."""
    box = await g.platform.persons.open(purpose, PLATFORM, contract.person_id)
    return Merchant(
        number=contract.merchant_number, name=name_of(box, contract), city=CITY, country=contract.acquirer.country,
        mcc=contract.mcc, acquirer_institution=contract.acquirer.institution,
    )  # fmt: skip


def payment_key(platform: Platform, company_id: str, payment_id: str) -> Secret[str]:
    """The transaction key of the wire contract: eight characters, derived, never stored."""
    return Secret(platform.persons.index.letters(company_id, "payment_key", payment_id, 8))
