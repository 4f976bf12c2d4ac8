"""The host: what it answers to each message, and when. Transport-free; connections come from `line`.

Choices the reference leaves to a host: before sign-on, requests and advices are answered 91 and not booked; a request
that comes after its own reversal is booked as declined with 68; a repeat that differs from the first in card, amount
or currency is answered 94 and not booked; a reversal that names a request but another card, amount or currency is
answered 30 and reverses nothing; format errors (30) are never booked; full books answer 96.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from ippsandbox.acquirer.books import APPROVED, Books, BooksFull, Entry, masked
from ippsandbox.acquirer.codec import Message, pack, unpack
from ippsandbox.acquirer.fields import ELEMENTS, LAYOUTS, private_data, well_formed
from ippsandbox.cards import Delivery, luhn_valid, outcome_of

SIGN_ON, SIGN_OFF = "001", "002"
FORMAT_ERROR, NOT_SIGNED_ON, TOO_LATE, DUPLICATE, SYSTEM_ERROR = "30", "91", "68", "94", "96"
INVALID_AMOUNT, INVALID_CARD, EXPIRED, WRONG_SECURITY_CODE = "13", "14", "54", "82"

_MATCHED = (7, 11, 41)  # without these elements no request can be matched with its answer


class Mode(Enum):
    """A fault to play: answer and book nothing, or close connections as they arrive."""

    NORMAL = "normal"
    SILENT = "silent"
    DROP = "drop"


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
        self.mode = Mode.NORMAL
        self.lines: set[Line] = set()
        self.counts: Counter[str] = Counter()
        self._around = around
        self._late_s = late_s
        self._delay_s = delay_s

    def play(self, mode: Mode) -> None:
        """Change the fault being played; `drop` also closes the connections that stand."""
        self.mode = mode
        if mode is Mode.DROP:
            for line in list(self.lines):
                line.close()

    def receive(self, line: Line, frame: bytes) -> None:
        """Handle one frame. Never raises for what a frame holds."""
        if self.mode is not Mode.NORMAL:
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
        entry = self._entry(message)
        first = self.books.find(entry.key)
        if first is not None:
            self._repeat(line, message, entry, first)
        elif entry.original is not None:
            self._reverse(line, message, entry, self.books.find(entry.original))
        else:
            self._authorise(line, message, entry)

    def _repeat(self, line: Line, message: Message, entry: Entry, first: Entry) -> None:
        self.counts["repeated"] += 1
        if not entry.same_payment(first) or entry.reverses != first.reverses:
            self._send(line, _answer(message, DUPLICATE))
            return
        answer = _answer(message, first.response_code, first.approval)
        self.books.when_durable(lambda: self._send(line, answer))

    def _reverse(self, line: Line, message: Message, entry: Entry, original: Entry | None) -> None:
        if original is not None and not entry.same_payment(original):
            self.counts["reversal_mismatch"] += 1
            self._send(line, _answer(message, FORMAT_ERROR))
        else:
            self._commit(line, message, entry, Delivery.ONCE)

    def _authorise(self, line: Line, message: Message, entry: Entry) -> None:
        code = TOO_LATE if self.books.is_reversed(entry.key) else self._decide(message.fields)
        approval = self._around.approval_code() if code == APPROVED else ""
        delivery = outcome_of(message.fields[2]).delivery if code == APPROVED else Delivery.ONCE
        self._commit(line, message, entry._replace(response_code=code, approval=approval), delivery)

    def _decide(self, fields: dict[int, str]) -> str:
        pan = fields[2]
        if not luhn_valid(pan):
            return INVALID_CARD
        if int(fields[4]) == 0:
            return INVALID_AMOUNT
        # A card is good to the end of its month.
        if fields[14] < self._around.now().strftime("%y%m"):
            return EXPIRED
        if (private_data(fields.get(48, "")) or {}).get("05") in ("000", "0000"):
            return WRONG_SECURITY_CODE
        return outcome_of(pan).response_code

    def _commit(self, line: Line, message: Message, entry: Entry, delivery: Delivery) -> None:
        # The answer is written first, so that nothing that waits (for the disk, for a timer) holds the card's data.
        answer = _answer(message, entry.response_code, entry.approval)
        try:
            self.books.book(entry, lambda: self._deliver(line, answer, delivery))
        except BooksFull:
            self._send(line, _answer(message, SYSTEM_ERROR))

    def _deliver(self, line: Line, answer: bytes, delivery: Delivery) -> None:
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
        if self.mode is Mode.NORMAL:
            self.counts["answered"] += 1
            line.send(answer)

    def _entry(self, message: Message) -> Entry:
        """The message as an entry, approved so far."""
        fields = message.fields
        return Entry(
            mti=message.mti,
            transmitted_at=fields[7],
            stan=fields[11],
            acquirer=fields[32],
            terminal=fields[41],
            rrn=fields[37],
            amount_minor=int(fields[4]),
            currency=fields[49],
            card=masked(fields[2]),
            fingerprint=self.books.fingerprint(fields[2]),
            response_code=APPROVED,
            reverses=fields.get(90, "")[:31],
        )


def _answer(message: Message, code: str, approval: str = "") -> bytes:
    """The framed answer to a request: what its layout echoes, DE 39, and DE 38 on approval."""
    layout = LAYOUTS[message.mti]
    fields = {number: message.fields[number] for number in layout.echoed if number in message.fields}
    fields[39] = code
    if approval:
        fields[38] = approval
    return pack(layout.answer, fields)
