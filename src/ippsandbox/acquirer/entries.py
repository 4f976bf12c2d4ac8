"""A message as the books hold it."""

from enum import StrEnum
from typing import NamedTuple

APPROVED = "00"


class Kind(StrEnum):
    """What a booked message does with money. On the wire a void is a reversal with DE 95."""

    AUTHORISATION = "authorisation"
    SALE = "sale"
    INCREMENT = "increment"
    CAPTURE = "capture"
    REFUND = "refund"
    VOID = "void"
    REVERSAL = "reversal"


PAYMENTS = (Kind.AUTHORISATION, Kind.SALE)
REQUESTS = (*PAYMENTS, Kind.INCREMENT)
ADVICES = (Kind.CAPTURE, Kind.REFUND)


class Key(NamedTuple):
    """A message's identity: its class (second digit of its type), DE 7, DE 11, DE 32 as eleven digits, DE 41."""

    message_class: str
    transmitted_at: str
    stan: str
    acquirer: str
    terminal: str


class Entry(NamedTuple):
    """A booked message: what its answer and the books need, never a whole card number or security code.

    `about` is the start of DE 90 (type, DE 11, DE 7, DE 32) of the earlier request that this one is about, empty when
    there is none; an increment, which has no DE 90, is booked with that of the authorisation it raises. `stays_minor`
    is DE 95. Amounts are in minor units.
    """

    kind: Kind
    mti: str
    transmitted_at: str
    stan: str
    acquirer: str
    terminal: str
    merchant: str
    rrn: str
    amount_minor: int
    currency: str
    card: str
    fingerprint: str
    response_code: str
    approval: str = ""
    about: str = ""
    stays_minor: int = 0
    stores_card: bool = False

    @property
    def key(self) -> Key:
        return Key(self.mti[1], self.transmitted_at, self.stan, self.acquirer.zfill(11), self.terminal)

    @property
    def original(self) -> Key | None:
        """The request that this entry is about. Whatever follows a request keeps its terminal."""
        of = self.about
        return Key(of[1], of[10:20], of[4:10], of[20:31], self.terminal) if of else None

    @property
    def approved(self) -> bool:
        return self.response_code == APPROVED

    @property
    def original_data(self) -> str:
        """How DE 90 of another message names this one."""
        return f"{self.mti}{self.stan}{self.transmitted_at}{self.acquirer.zfill(11)}"

    def same_payer(self, other: "Entry") -> bool:
        """Whether two messages speak of one card and currency."""
        return self.fingerprint == other.fingerprint and self.currency == other.currency

    def same_parties(self, other: "Entry") -> bool:
        """Whether they speak of one merchant, too, and come from one terminal."""
        mine, theirs = (self.merchant, self.terminal), (other.merchant, other.terminal)
        return self.same_payer(other) and mine == theirs

    def repeats(self, first: "Entry") -> bool:
        """Whether this message is the first one once more, not another with the same identity."""
        mine = (self.kind, self.amount_minor, self.about, self.stays_minor)
        return self.same_payer(first) and mine == (first.kind, first.amount_minor, first.about, first.stays_minor)


def masked(pan: str) -> str:
    """First six and last four digits of a card number, stars between (PCI DSS 3.4.1)."""
    return f"{pan[:6]}{'*' * (len(pan) - 10)}{pan[-4:]}"
