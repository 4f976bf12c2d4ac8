"""What the host has booked, found again by the elements that make a message itself, and what it made of the money."""

import hmac
from collections.abc import Iterator
from typing import Any, NamedTuple

from ippsandbox.acquirer.entries import PAYMENTS, REQUESTS, Entry, Key, Kind
from ippsandbox.acquirer.holdings import Holding
from ippsandbox.acquirer.journal import Journal, Then

CAPACITY = 1_000_000


class BooksFull(Exception):
    """The books hold as many entries as they may."""


class Settled(NamedTuple):
    """The key of an authorisation or sale, and its money before and after something was done with it."""

    payment: Key
    before: Holding
    after: Holding


class _Reference(NamedTuple):
    message_class: str
    rrn: str
    fingerprint: str


_MONEY = ("held_minor", "captured_minor", "refunded_minor")


class Books:
    """Entries in memory, each journalled first when there is a journal.

    What became of the money is worked out from the entries, one after the other in the order of the journal, so that
    a restart comes to the same.
    """

    def __init__(self, *, fingerprint_key: bytes, journal: Journal | None = None) -> None:
        self.journal = journal
        self._fingerprint_key = fingerprint_key
        self._entries: dict[Key, Entry] = {}
        self._reversed: set[Key] = set()
        self._holdings: dict[Key, Holding] = {}  # of payments to which something happened since
        self._released: dict[Key, int] = {}
        self._references: dict[_Reference, Key] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, key: Key) -> Entry | None:
        """The entry booked under a key."""
        return self._entries.get(key)

    def referred(self, message_class: str, rrn: str, fingerprint: str) -> Entry | None:
        """The approved authorisation (class 1) or sale (class 2) of a card with a retrieval reference (DE 37)."""
        key = self._references.get(_Reference(message_class, rrn, fingerprint))
        return None if key is None else self._entries[key]

    def is_reversed(self, key: Key) -> bool:
        """Whether a reversal was acknowledged for a request, seen or not."""
        return key in self._reversed

    def holding(self, payment: Entry) -> Holding:
        """What became of an authorisation's or a sale's money so far."""
        return self._holdings.get(payment.key) or _opening(payment)

    def settle(self, entry: Entry) -> Settled | None:
        """What an approved entry would leave of the payment it is about; None when it moves no money.

        Raises Exceeds when there is not enough of it. Changes nothing.
        """
        original = self._entries.get(entry.original) if entry.original else None
        if original is None or not (original.approved and entry.approved):
            return None
        if entry.kind is Kind.REVERSAL:
            return None if original.key in self._reversed else self._undone(original)
        before = self.holding(original)
        match entry.kind:
            case Kind.CAPTURE:
                after = before.capture(entry.amount_minor)
            case Kind.REFUND:
                after = before.refund(entry.amount_minor)
            case Kind.INCREMENT:
                after = before.increase(entry.amount_minor)
            case _:
                after = before.release(stays_minor=entry.stays_minor)
        return Settled(original.key, before, after)

    def book(self, entry: Entry, then: Then) -> None:
        """Remember an entry now, and call `then` when it is durable. Raises BooksFull, and Exceeds (see `settle`)."""
        if len(self._entries) >= CAPACITY:
            raise BooksFull
        self._remember(entry)
        if self.journal is None:
            then()
        else:
            self.journal.write(entry._asdict(), then)

    def when_durable(self, then: Then) -> None:
        """Call `then` when everything booked so far is durable."""
        if self.journal is None:
            then()
        else:
            self.journal.write(None, then)

    def replay(self, record: dict[str, Any]) -> None:
        """Take in a journal's record. Raises TypeError or ValueError if it is none, or does not add up."""
        entry = Entry(**record)
        self._remember(entry._replace(kind=Kind(entry.kind)))

    def fingerprint(self, pan: str) -> str:
        """Tells one card from another without holding its number (HMAC-SHA-256 under a key of this host)."""
        return hmac.digest(self._fingerprint_key, pan.encode(), "sha256").hex()

    def listing(self) -> Iterator[dict[str, Any]]:
        """What was booked, oldest first, in the words of the books' HTTP interface. Reversals show in their originals.

        A void is listed with the amount that it released.
        """
        for entry in self._entries.values():
            if entry.kind is not Kind.REVERSAL:
                yield self._listed(entry)

    def totals(self) -> dict[str, dict[str, Any]]:
        """Currency -> state -> `count` and `amount_minor` of authorisations and sales; kind -> the same of the others.

        Beside them `held_minor`, `captured_minor` (sales included) and `refunded_minor` of the currency.
        """
        totals: dict[str, dict[str, Any]] = {}
        for entry in self._entries.values():
            if entry.kind is Kind.REVERSAL:
                continue
            of_currency = totals.setdefault(entry.currency, dict.fromkeys(_MONEY, 0))
            states = of_currency
            if entry.kind in PAYMENTS:
                for name, amount_minor in self._money(entry).items():
                    of_currency[name] += amount_minor
            else:
                states = of_currency.setdefault(entry.kind.value, {})
            row = states.setdefault(self._state(entry), {"count": 0, "amount_minor": 0})
            row["count"] += 1
            row["amount_minor"] += self._amount_minor(entry)
        return totals

    def _listed(self, entry: Entry) -> dict[str, Any]:
        listed = {
            "mti": entry.mti,
            "terminal": entry.terminal.rstrip(),
            "stan": entry.stan,
            "transmitted_at": entry.transmitted_at,
            "rrn": entry.rrn,
            "amount_minor": self._amount_minor(entry),
            "currency": entry.currency,
            "card": entry.card,
            "response_code": entry.response_code,
            "state": self._state(entry),
            "kind": entry.kind.value,
        }
        if entry.kind in PAYMENTS:
            return listed | self._money(entry)
        return listed | {"original_stan": entry.about[4:10], "original_transmitted_at": entry.about[10:20]}

    def _amount_minor(self, entry: Entry) -> int:
        return self._released.get(entry.key, 0) if entry.kind is Kind.VOID else entry.amount_minor

    def _money(self, payment: Entry) -> dict[str, int]:
        holding = self.holding(payment)
        return dict(zip(_MONEY, holding[1:], strict=True))

    def _undone(self, original: Entry) -> Settled:
        """What a reversal leaves: of a payment, or of the one that an increment raised."""
        raised = self._entries[original.original] if original.original else original
        before = self.holding(raised)
        match original.kind:
            case Kind.INCREMENT:
                after = before.decrease(original.amount_minor)
            case Kind.SALE:
                after = before.undo_sale()
            case _:
                after = before.release(stays_minor=0)
        return Settled(raised.key, before, after)

    def _remember(self, entry: Entry) -> None:
        settled = self.settle(entry)
        self._entries[entry.key] = entry
        if settled is not None:
            self._holdings[settled.payment] = settled.after
            if entry.kind is Kind.VOID:
                self._released[entry.key] = settled.before.held_minor - settled.after.held_minor
        if entry.kind in PAYMENTS and entry.approved:
            reference = _Reference(entry.key.message_class, entry.rrn, entry.fingerprint)
            self._references.setdefault(reference, entry.key)
        if entry.original is not None and _undoes_all(entry):
            self._reversed.add(entry.original)

    def _state(self, entry: Entry) -> str:
        if not entry.approved:
            return "declined"
        return "reversed" if entry.kind in REQUESTS and entry.key in self._reversed else "approved"


def _opening(payment: Entry) -> Holding:
    if not payment.approved:
        return Holding(payment.amount_minor)
    opened = Holding.sold if payment.kind is Kind.SALE else Holding.authorised
    return opened(payment.amount_minor)


def _undoes_all(entry: Entry) -> bool:
    """A void by which nothing stays does to an authorisation what its reversal does."""
    return entry.kind is Kind.REVERSAL or (entry.kind is Kind.VOID and entry.stays_minor == 0)
