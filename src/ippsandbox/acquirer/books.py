"""What the host has booked: requests and reversals, found again by the elements that make a message itself."""

import hmac
from collections.abc import Iterator
from typing import Any, NamedTuple

from ippsandbox.acquirer.journal import Journal, Then

APPROVED = "00"
CAPACITY = 1_000_000


class Key(NamedTuple):
    """A message's identity: its class (second digit of its type), DE 7, DE 11, DE 32 as eleven digits, DE 41."""

    message_class: str
    transmitted_at: str
    stan: str
    acquirer: str
    terminal: str


class Entry(NamedTuple):
    """A booked request or reversal: what its answer and the books need, never a whole card number or security code.

    `reverses` is the start of DE 90 (type, DE 11, DE 7, DE 32), empty for requests; amounts in minor units.
    """

    mti: str
    transmitted_at: str
    stan: str
    acquirer: str
    terminal: str
    rrn: str
    amount_minor: int
    currency: str
    card: str
    fingerprint: str
    response_code: str
    approval: str = ""
    reverses: str = ""

    @property
    def key(self) -> Key:
        return Key(self.mti[1], self.transmitted_at, self.stan, self.acquirer.zfill(11), self.terminal)

    @property
    def original(self) -> Key | None:
        """The request that this entry reverses."""
        of = self.reverses
        return Key(of[1], of[10:20], of[4:10], of[20:31], self.terminal) if of else None

    def same_payment(self, other: "Entry") -> bool:
        """Whether two messages speak of one card, amount and currency."""
        mine, theirs = (self.amount_minor, self.currency), (other.amount_minor, other.currency)
        return mine == theirs and self.fingerprint == other.fingerprint


class BooksFull(Exception):
    """The books hold as many entries as they may."""


class Books:
    """Entries in memory, each journalled first when there is a journal."""

    def __init__(self, *, fingerprint_key: bytes, journal: Journal | None = None) -> None:
        self.journal = journal
        self._fingerprint_key = fingerprint_key
        self._entries: dict[Key, Entry] = {}
        self._reversed: set[Key] = set()

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, key: Key) -> Entry | None:
        """The entry booked under a key."""
        return self._entries.get(key)

    def is_reversed(self, key: Key) -> bool:
        """Whether a reversal was acknowledged for a request, seen or not."""
        return key in self._reversed

    def book(self, entry: Entry, then: Then) -> None:
        """Remember an entry now, and call `then` when it is durable. Raises BooksFull."""
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
        """Take in a journal's record. Raises TypeError if it is none."""
        self._remember(Entry(**record))

    def fingerprint(self, pan: str) -> str:
        """Tells one card from another without holding its number (HMAC-SHA-256 under a key of this host)."""
        return hmac.digest(self._fingerprint_key, pan.encode(), "sha256").hex()

    def listing(self) -> Iterator[dict[str, Any]]:
        """The requests booked, oldest first, in the words of the books' HTTP interface."""
        for entry in self._entries.values():
            if not entry.reverses:
                yield {
                    "mti": entry.mti,
                    "terminal": entry.terminal.rstrip(),
                    "stan": entry.stan,
                    "transmitted_at": entry.transmitted_at,
                    "rrn": entry.rrn,
                    "amount_minor": entry.amount_minor,
                    "currency": entry.currency,
                    "card": entry.card,
                    "response_code": entry.response_code,
                    "state": self._state(entry),
                    "kind": "sale" if entry.mti == "0200" else "authorisation",
                }

    def totals(self) -> dict[str, dict[str, dict[str, int]]]:
        """Currency -> state -> `count` and `amount_minor` of the requests booked."""
        totals: dict[str, dict[str, dict[str, int]]] = {}
        for entry in self._entries.values():
            if not entry.reverses:
                states = totals.setdefault(entry.currency, {})
                row = states.setdefault(self._state(entry), {"count": 0, "amount_minor": 0})
                row["count"] += 1
                row["amount_minor"] += entry.amount_minor
        return totals

    def _remember(self, entry: Entry) -> None:
        self._entries[entry.key] = entry
        if entry.original is not None:
            self._reversed.add(entry.original)

    def _state(self, entry: Entry) -> str:
        if entry.response_code != APPROVED:
            return "declined"
        return "reversed" if entry.key in self._reversed else "approved"


def masked(pan: str) -> str:
    """First six and last four digits of a card number, stars between (PCI DSS 3.4.1)."""
    return f"{pan[:6]}{'*' * (len(pan) - 10)}{pan[-4:]}"
