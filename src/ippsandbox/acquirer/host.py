"""The host: what it answers to each message, and when. Transport-free; connections come from `line`.

Choices the reference leaves to a host (`rulings` makes those about money):
- Before sign-on, requests and advices are answered 91, and 96 when the books are full; neither is booked.
- A request that comes after its own reversal is booked as declined with 68.
- A repeat that differs from the first in card, amount, currency or original is answered 94 and not booked.
- Format errors (30) are never booked. Neither is what follows a payment and names it with another card, amount,
  currency, reference, merchant or authorisation code.
- Other refusals of captures and refunds are booked as declined, so that a repeat is refused as well.
- A reversal or void that would undo what was captured (or a sale of which something was given back) is answered 61,
  one by which something stays of a payment that is not on the books 25. Neither is booked: the gateway takes for
  undone what is the merchant's money already, and a person has to see that.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ippsandbox.acquirer.books import Books, BooksFull
from ippsandbox.acquirer.codec import Message, pack, unpack
from ippsandbox.acquirer.entries import APPROVED, REQUESTS, Entry, Kind, masked
from ippsandbox.acquirer.faults import Fault, Mode
from ippsandbox.acquirer.fields import ELEMENTS, LAYOUTS, REFUND, private_data, well_formed
from ippsandbox.acquirer.rulings import FORMAT_ERROR, rule
from ippsandbox.cards import Delivery

SIGN_ON, SIGN_OFF = "001", "002"
NOT_SIGNED_ON, DUPLICATE, SYSTEM_ERROR = "91", "94", "96"

_MATCHED = (7, 11, 41)  # without these elements no request can be matched with its answer


class Line(Protocol):
    """A connection as the host sees it."""

    signed_on: bool

    def send(self, answer: bytes) -> None:
        """Send a framed answer; a closed line swallows it."""

    def close(self) -> None:
        """Close the connection at once."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the host must not reach for: the time (UTC), a timer (seconds, callback), authorisation codes (an6)."""

    now: Callable[[], datetime]
    later: Callable[[float, Callable[[], None]], object]
    approval_code: Callable[[], str]


class Host:
    """Answers messages and books them; one for all connections."""

    def __init__(self, books: Books, around: Surroundings, *, late_s: float = 7, delay_s: float = 0) -> None:
        self.books = books
        self.fault = Fault()
        self.lines: set[Line] = set()
        self.counts: Counter[str] = Counter()
        self._around = around
        self._late_s = late_s
        self._delay_s = delay_s

    @property
    def mode(self) -> Mode:
        """The fault being played."""
        return self.fault.mode

    def play(self, fault: Fault) -> None:
        """Change the fault being played; `drop` also closes the connections that stand."""
        self.fault = fault
        if fault.mode is Mode.DROP:
            for line in list(self.lines):
                line.close()

    def receive(self, line: Line, frame: bytes) -> None:
        """Handle one frame. Never raises for what a frame holds."""
        if not self.fault.listens:
            self.counts["ignored"] += 1
            return
        message = unpack(frame)
        if message is None:
            self.counts["undecodable"] += 1
        elif message.mti not in LAYOUTS:
            self.counts["unknown_type"] += 1
        elif message.broken or not well_formed(message.mti, message.fields):
            self._refuse_format(line, message)
        elif message.mti == "0800":
            self._manage(line, message)
        elif not line.signed_on:
            self._send(line, _answer(message, NOT_SIGNED_ON))
        else:
            self._book(line, message)

    def _refuse_format(self, line: Line, message: Message) -> None:
        self.counts["format_error"] += 1
        sound = {n: v for n, v in message.fields.items() if ELEMENTS[n].form.fullmatch(v)}
        if all(number in sound for number in _MATCHED):
            self._send(line, _answer(Message(message.mti, sound), FORMAT_ERROR))

    def _manage(self, line: Line, message: Message) -> None:
        code = message.fields[70]
        if code in (SIGN_ON, SIGN_OFF):
            line.signed_on = code == SIGN_ON
        self._send(line, _answer(message, APPROVED))

    def _book(self, line: Line, message: Message) -> None:
        private = private_data(message.fields.get(48, "")) or {}
        entry = self._entry(message, private)
        first = self.books.find(entry.key)
        if first is not None:
            self._repeat(line, message, entry, first)
            return
        this_month = self._around.now().strftime("%y%m")
        ruling = rule(entry, message.fields, private, self.books, this_month=this_month)
        if ruling.kept:
            self._commit(line, message, self._decided(entry, ruling.response_code), ruling.delivery)
        else:
            self._refuse(line, message, entry, ruling.response_code)

    def _repeat(self, line: Line, message: Message, entry: Entry, first: Entry) -> None:
        self.counts["repeated"] += 1
        if not entry.repeats(first):
            self._send(line, _answer(message, DUPLICATE))
            return
        answer = _answer(message, first.response_code, first.approval)
        self.books.when_durable(lambda: self._deliver(line, answer, Delivery.ONCE))

    def _decided(self, entry: Entry, code: str) -> Entry:
        approval = self._around.approval_code() if code == APPROVED and entry.kind in REQUESTS else ""
        return entry._replace(response_code=code, approval=approval)

    def _refuse(self, line: Line, message: Message, entry: Entry, code: str) -> None:
        """Answer without booking, but not before what spoke against it is durable."""
        self.counts[f"{entry.kind}_not_booked"] += 1
        answer = _answer(message, code)
        self.books.when_durable(lambda: self._deliver(line, answer, Delivery.ONCE))

    def _commit(self, line: Line, message: Message, entry: Entry, delivery: Delivery) -> None:
        # The answer is written first, so that nothing that waits (for the disk, for a timer) holds the card's data.
        answer = _answer(message, entry.response_code, entry.approval)
        try:
            self.books.book(entry, lambda: self._deliver(line, answer, delivery))
        except BooksFull:
            self._send(line, _answer(message, SYSTEM_ERROR))

    def _deliver(self, line: Line, answer: bytes, delivery: Delivery) -> None:
        if delivery is Delivery.ONCE and self.fault.chance is not None:
            delivery = self.fault.chance.draw()
        if delivery is Delivery.NEVER:
            self.counts["withheld"] += 1
        elif delivery is Delivery.LATE:
            self._around.later(self._late_s, lambda: self._send(line, answer))
        else:
            for _ in range(2 if delivery is Delivery.TWICE else 1):
                self._send(line, answer)

    def _send(self, line: Line, answer: bytes) -> None:
        if self._delay_s:
            self._around.later(self._delay_s, lambda: self._send_now(line, answer))
        else:
            self._send_now(line, answer)

    def _send_now(self, line: Line, answer: bytes) -> None:
        if self.fault.listens:
            self.counts["answered"] += 1
            line.send(answer)

    def _entry(self, message: Message, private: dict[str, str]) -> Entry:
        """The message as an entry, approved so far."""
        fields = message.fields
        fingerprint = self.books.fingerprint(fields[2])
        about = fields.get(90, "")[:31]
        if "07" in private:
            raised = self.books.referred("1", private["07"][1:], fingerprint)
            about = "" if raised is None else raised.original_data
        return Entry(
            kind=_kind(message, private),
            mti=message.mti,
            transmitted_at=fields[7],
            stan=fields[11],
            acquirer=fields[32],
            terminal=fields[41],
            merchant=fields[42],
            rrn=fields[37],
            amount_minor=int(fields[4]),
            currency=fields[49],
            card=masked(fields[2]),
            fingerprint=fingerprint,
            response_code=APPROVED,
            about=about,
            stays_minor=int(fields.get(95, "")[:12] or 0),
            stores_card="09" in private,
        )


def _kind(message: Message, private: dict[str, str]) -> Kind:
    match message.mti:
        case "0100":
            return Kind.INCREMENT if "07" in private else Kind.AUTHORISATION
        case "0200":
            return Kind.SALE
        case "0220" | "0221":
            return Kind.REFUND if message.fields[3] == REFUND else Kind.CAPTURE
        case _:
            return Kind.VOID if 95 in message.fields else Kind.REVERSAL


def _answer(message: Message, code: str, approval: str = "") -> bytes:
    """The framed answer to a request: what its layout echoes, DE 39, and DE 38 on approval."""
    layout = LAYOUTS[message.mti]
    fields = {number: message.fields[number] for number in layout.echoed if number in message.fields}
    fields[39] = code
    if approval:
        fields[38] = approval
    return pack(layout.answer, fields)
