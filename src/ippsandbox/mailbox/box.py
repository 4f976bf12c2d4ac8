"""Letters in memory: as many as a person looks at, and gone with the process."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from typing import Any

MOST_LETTERS = 200
LARGEST = 65_536
"""Octets of one letter; what is longer is refused."""

_LINK = re.compile(r"https?://[^\s<>\"]+", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A letter as it came. `to`: the addresses in its envelope; `encrypted`: whether it came over TLS."""

    number: int
    at: datetime
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    language: str
    message_id: str
    encrypted: bool

    @property
    def links(self) -> tuple[str, ...]:
        """Every address in the text, in order."""
        return tuple(found.group().rstrip(".,)") for found in _LINK.finditer(self.text))

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "number": self.number, "at": self.at.isoformat(), "from": self.sender, "to": list(self.to),
            "subject": self.subject, "text": self.text, "language": self.language, "links": list(self.links),
            "message_id": self.message_id, "encrypted": self.encrypted,
        }  # fmt: skip


class Box:
    """The newest letters."""

    def __init__(self) -> None:
        self._letters: deque[Letter] = deque(maxlen=MOST_LETTERS)
        self._numbers = count(1)

    def __len__(self) -> int:
        return len(self._letters)

    def take(self, raw: bytes, *, sender: str, to: tuple[str, ...], at: datetime, encrypted: bool) -> None:
        """Keep a letter; the oldest one makes room for it."""
        message = message_from_bytes(raw, policy=policy.default)
        self._letters.append(
            Letter(
                number=next(self._numbers), at=at, sender=sender, to=to, subject=_header(message, "Subject"),
                text=_text(message), language=_header(message, "Content-Language"),
                message_id=_header(message, "Message-ID"), encrypted=encrypted,
            )
        )  # fmt: skip

    def newest(self, *, to: str = "") -> Iterator[Letter]:
        """The newest first; those to one address alone, if one is named."""
        wanted = to.strip().lower()
        return (
            letter for letter in reversed(self._letters)
            if not wanted or wanted in {each.lower() for each in letter.to}
        )  # fmt: skip


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError):  # the library's parser gives up on some headers that nobody should write
        return ""


def _text(message: EmailMessage) -> str:
    try:
        body = message.get_body(("plain",))
        return "\n".join(str(body.get_content()).splitlines()) if body is not None else ""
    except (LookupError, ValueError, AttributeError):  # an unknown character set, or no message at all
        return ""
