"""The acquirer's host and its books. Nothing here is the program's: what it says of money is told by its own rules,
after `docs/reference/iso8583.md`, and compared in the end.

A card's number says how its bank behaves; see `CARDS`.
"""

from dataclasses import dataclass, field
from datetime import datetime

from ippgateway.domains.payments.ports import (
    AdviceAccepted,
    AdviceKind,
    AdviceRefused,
    AdviceRequest,
    Approved,
    AuthorisationRequest,
    Declined,
    DeclineReason,
    Kind,
    ReversalRequest,
    Trace,
    TryAgain,
    VoidRequest,
)

Key = tuple[str, str, datetime]
"""Terminal, STAN, time of transmission: what makes a message itself."""

CARDS = {
    "good": "00", "declined": "05", "no_funds": "51", "stolen": "43", "no_capture": "71", "no_refund": "72",
    "no_increment": "73",
}  # fmt: skip
"""How a card's bank behaves, by the seventh and eighth digits of its number."""

_DECLINES = {
    "05": (DeclineReason.DO_NOT_HONOUR, TryAgain.LATER), "51": (DeclineReason.INSUFFICIENT_FUNDS, TryAgain.LATER),
    "43": (DeclineReason.STOLEN_CARD, TryAgain.NEVER),
}  # fmt: skip


class NoWord(Exception):
    """The host answers with something that settles nothing."""


@dataclass(slots=True)
class Account:
    """One authorisation or sale as the host has it. `raised_by`: increments booked and not taken back."""

    sale: bool
    currency: str
    auth_code: str
    approved: bool
    reversed: bool = False
    authorised_minor: int = 0
    held_minor: int = 0
    captured_minor: int = 0
    refunded_minor: int = 0
    raised_by: dict[Key, int] = field(default_factory=dict)

    def stays(self, minor: int) -> None:
        """Hold no more than what is missing of `minor`."""
        self.held_minor = max(0, min(self.held_minor, minor - self.captured_minor))


Told = Approved | Declined | AdviceAccepted | AdviceRefused | None


class Host:
    """Books what it is told, each message once, in whatever order it comes."""

    def __init__(self) -> None:
        self.accounts: dict[Key, Account] = {}
        self.booked: dict[Key, int] = {}
        """Captures, refunds and increments that moved something: amount in minor units."""
        self.surprises: list[str] = []
        """What a correct program would never have asked for."""
        self._told: dict[Key, Told] = {}
        self._undone_before: set[Key] = set()
        self._references: dict[str, Key] = {}
        self._codes = 0

    def authorise(self, request: AuthorisationRequest) -> Approved | Declined:
        """Hold or take the money, or more of it. Raises NoWord for what was reversed before it came."""
        key = key_of(request.trace)
        if key in self._told:
            told = self._told[key]
            if isinstance(told, Approved | Declined):
                return told
            raise NoWord
        if key in self._undone_before:
            raise NoWord
        told = self._raise(key, request) if request.increment_of else self._open(key, request)
        self._told[key] = told
        return told

    def _open(self, key: Key, request: AuthorisationRequest) -> Approved | Declined:
        bank, minor = _bank(request.card.pan.open()), request.amount.amount_minor
        self._codes += 1
        account = Account(
            sale=request.kind is Kind.SALE, currency=request.amount.currency.code, auth_code=f"{self._codes:06d}",
            approved=bank not in _DECLINES,
        )  # fmt: skip
        self.accounts[key] = account
        if not account.approved:
            reason, again = _DECLINES[bank]
            return Declined(reason=reason, again=again, response_code=bank)
        account.authorised_minor = minor
        account.held_minor, account.captured_minor = (0, minor) if account.sale else (minor, 0)
        self._references[request.trace.rrn] = key
        return Approved(auth_code=account.auth_code, rrn=request.trace.rrn, response_code="00")

    def _raise(self, key: Key, request: AuthorisationRequest) -> Approved | Declined:
        of = key_of(request.increment_of) if request.increment_of else key
        account = self.accounts.get(of)
        if account is None or not account.approved or account.reversed or account.sale:
            return Declined(reason=DeclineReason.ORIGINAL_NOT_FOUND, again=TryAgain.LATER, response_code="25")
        if _bank(request.card.pan.open()) == CARDS["no_increment"]:
            return Declined(reason=DeclineReason.INSUFFICIENT_FUNDS, again=TryAgain.LATER, response_code="51")
        minor = request.amount.amount_minor
        account.authorised_minor += minor
        account.held_minor += minor
        account.raised_by[key] = minor
        self.booked[key] = minor
        return Approved(auth_code=account.auth_code, rrn=request.trace.rrn, response_code="00")

    def reverse(self, request: ReversalRequest) -> None:
        """Undo what was booked, or what is still to come."""
        key = key_of(request.original)
        account = self.accounts.get(key)
        raised = next((a for a in self.accounts.values() if key in a.raised_by), None)
        if raised is not None:
            minor = raised.raised_by.pop(key)
            del self.booked[key]
            if raised.held_minor < minor:
                self.surprises.append(f"an increment is taken back that is captured or released: {key[1]}")
            raised.authorised_minor -= minor
            raised.held_minor = max(0, raised.held_minor - minor)
        elif account is None and key not in self._told:
            self._undone_before.add(key)
        elif account is not None and account.approved and not account.reversed:
            if account.refunded_minor or (account.captured_minor and not account.sale):
                self.surprises.append(f"a payment is reversed that was captured or given back: {key[1]}")
            account.reversed = True
            account.held_minor = account.captured_minor = 0

    def advise(self, request: AdviceRequest) -> AdviceAccepted | AdviceRefused:
        """Capture or give back."""
        key = key_of(request.trace)
        told = self._told.get(key)
        if not isinstance(told, AdviceAccepted | AdviceRefused):
            self._told[key] = told = self._advise(key, request)
        return told

    def _advise(self, key: Key, request: AdviceRequest) -> AdviceAccepted | AdviceRefused:
        account, minor = self.accounts.get(key_of(request.original)), request.amount.amount_minor
        if account is None or not account.approved or account.reversed:
            return self._refuse(DeclineReason.ORIGINAL_NOT_FOUND, "25", key)
        if request.auth_code != account.auth_code:
            return self._refuse(DeclineReason.FORMAT_ERROR, "30", key)
        capture, bank = request.kind is AdviceKind.CAPTURE, _bank(request.pan.open())
        if bank == CARDS["no_capture" if capture else "no_refund"]:
            return AdviceRefused(reason=DeclineReason.NOT_PERMITTED, response_code="57")
        if minor > (account.held_minor if capture else account.captured_minor - account.refunded_minor):
            return self._refuse(DeclineReason.EXCEEDS_OPEN_AMOUNT, "61", key)
        if capture:
            account.held_minor -= minor
            account.captured_minor += minor
        else:
            account.refunded_minor += minor
        self.booked[key] = minor
        return AdviceAccepted()

    def _refuse(self, reason: DeclineReason, code: str, key: Key) -> AdviceRefused:
        self.surprises.append(f"an advice has to be refused with {code}: {key[1]}")
        return AdviceRefused(reason=reason, response_code=code)

    def void(self, request: VoidRequest) -> None:
        """Release what is not to stay."""
        key, account = key_of(request.trace), self.accounts.get(key_of(request.original))
        if key in self._told:
            return
        self._told[key] = None
        if account is None or not account.approved or account.reversed:
            self.surprises.append(f"a void of nothing: {key[1]}")
            return
        if account.captured_minor > request.stays_minor:
            self.surprises.append(f"a void of what is captured: {key[1]}")
        account.stays(request.stays_minor)


def key_of(trace: Trace) -> Key:
    """What makes a message itself."""
    return trace.terminal, trace.stan, trace.transmitted_at


def card_number(behaviour: str, secure: str, serial: int) -> str:
    """A number whose bank behaves so; `secure` is how its 3-D Secure ends (a digit of `line.SECURE`)."""
    digits = f"400000{CARDS[behaviour]}{secure}{serial:06d}"
    doubled = (sum(divmod(2 * int(d), 10)) if place % 2 == 0 else int(d) for place, d in enumerate(reversed(digits)))
    return digits + str(-sum(doubled) % 10)


def _bank(number: str) -> str:
    return number[6:8]
