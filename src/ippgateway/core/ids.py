"""Ids and secrets: made by a source of randomness that is passed in.

An id that clients see has 14 characters, three groups of four letters or digits (wire contract 4.1). The first seven
characters are the time in milliseconds, so that indexes grow at one end; the other five are random.
"""

import secrets
from typing import Protocol

from ippgateway.core.clock import Clock

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ID_LENGTH = 14
OWN_TENANT = "platform"
"""Stands where a tenant's id stands, for what is the Platform's own: our staff."""
_TIME_CHARACTERS = 7
_RANDOM_CHARACTERS = 5
# 248 of an octet's values stand for a letter, each letter by four of them; the other eight are thrown away.
_FAIR = 4 * len(ALPHABET)
_LETTER = (ALPHABET * 5)[:256].encode()
_UNFAIR = bytes(range(_FAIR, 256))


class Randomness(Protocol):
    """Where randomness comes from: the operating system, or a seed in a simulation."""

    def below(self, limit: int) -> int:
        """A uniform integer, 0 <= n < limit."""
        ...

    def octets(self, count: int) -> bytes:
        """`count` random bytes."""
        ...


class SystemRandomness:
    """The operating system's generator."""

    def below(self, limit: int) -> int:
        return secrets.randbelow(limit)

    def octets(self, count: int) -> bytes:
        return secrets.token_bytes(count)


def _base62(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


class Ids:
    """Makes ids and bearer secrets."""

    def __init__(self, clock: Clock, randomness: Randomness) -> None:
        self._clock = clock
        self.randomness = randomness
        self._moment = (-1, "")

    def new(self) -> str:
        """A new id, `xxxx-xxxx-xxxx`, later ones sort after earlier ones (to the millisecond)."""
        milliseconds = int(self._clock.now().timestamp() * 1000)
        if self._moment[0] != milliseconds:
            self._moment = (milliseconds, _base62(milliseconds, _TIME_CHARACTERS))
        text = self._moment[1] + self.letters(_RANDOM_CHARACTERS)
        return f"{text[:4]}-{text[4:8]}-{text[8:]}"

    def letters(self, length: int) -> str:
        """Random letters and digits: 5.95 bits each, none likelier than another."""
        letters = b""
        while len(letters) < length:
            letters += self.randomness.octets(length + 3).translate(_LETTER, _UNFAIR)
        return letters[:length].decode()


def is_id(text: str) -> bool:
    """Whether this has the shape of an id; says nothing of whether it exists."""
    groups = text.split("-")
    return (
        len(text) == ID_LENGTH and len(groups) == 3 and all(len(g) == 4 and g.isascii() and g.isalnum() for g in groups)
    )


def is_tenant(text: str) -> bool:
    """Whether this names a tenant by its shape: an id, or the Platform itself."""
    return text == OWN_TENANT or is_id(text)
