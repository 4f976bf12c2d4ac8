"""AES-256-GCM with the place of a value bound in: a sealed field opens only in its own table and column, for its
own person; a card number besides in its own row.

Layout of a sealed value: one version byte, twelve bytes of nonce, ciphertext with its tag.
"""

import hmac
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ippgateway.core.ids import ALPHABET, Randomness

KEY_OCTETS = 32
_VERSION = b"\x01"
_NONCE_OCTETS = 12


class CannotOpen(Exception):
    """The key is another one, or the value was moved or altered. Says nothing of the value."""


class SealingKey:
    """A key that seals and opens. Its bytes stay inside."""

    __slots__ = ("_aead",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_OCTETS:
            raise ValueError("a sealing key has 32 bytes")
        self._aead = AESGCM(key)

    def seal(self, value: bytes, place: str, randomness: Randomness) -> bytes:
        """Seal `value` for `place` (table, column and whose it is)."""
        nonce = randomness.octets(_NONCE_OCTETS)
        return _VERSION + nonce + self._aead.encrypt(nonce, value, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """The value, if it was sealed by this key for this place. Raises CannotOpen."""
        if sealed[:1] != _VERSION or len(sealed) < 1 + _NONCE_OCTETS + 16:
            raise CannotOpen
        try:
            return self._aead.decrypt(sealed[1 : 1 + _NONCE_OCTETS], sealed[1 + _NONCE_OCTETS :], place.encode())
        except InvalidTag:
            raise CannotOpen from None


class TurningKey:
    """A key and another one that is to replace it, or that it has replaced: the first seals, both open."""

    __slots__ = ("_key", "_other")

    def __init__(self, key: SealingKey, other: SealingKey) -> None:
        self._key = key
        self._other = other

    def seal(self, value: bytes, place: str, randomness: Randomness) -> bytes:
        """See SealingKey."""
        return self._key.seal(value, place, randomness)

    def open(self, sealed: bytes, place: str) -> bytes:
        """See SealingKey. Raises CannotOpen."""
        try:
            return self._key.open(sealed, place)
        except CannotOpen:
            return self._other.open(sealed, place)


class IndexKey:
    """Keyed codes: blind indexes of sealed fields, digests of bearer secrets, short keys derived from ids.

    Each controller's codes come from a key of its own, so that two shops never share one.
    """

    __slots__ = ("_derived", "_key")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._derived: dict[str, bytes] = {}

    def code(self, controller: str, field: str, value: str) -> bytes:
        """Sixteen bytes that stand for `value` in `field` at one controller."""
        return hmac.digest(self._of(controller), f"{field}\0{value}".encode(), sha256)[:16]

    def letters(self, controller: str, field: str, value: str, length: int) -> str:
        """A derived secret of letters and digits, up to ten of them."""
        number = int.from_bytes(hmac.digest(self._of(controller), f"{field}\0{value}".encode(), sha256)[:16])
        digits = []
        for _ in range(length):
            number, digit = divmod(number, 62)
            digits.append(ALPHABET[digit])
        return "".join(digits)

    def _of(self, controller: str) -> bytes:
        if controller not in self._derived:
            if len(self._derived) > 10_000:
                self._derived.clear()
            derive = HKDF(algorithm=SHA256(), length=KEY_OCTETS, salt=None, info=b"index|" + controller.encode())
            self._derived[controller] = derive.derive(self._key)
        return self._derived[controller]


def digest(secret: str) -> bytes:
    """What is stored of a bearer secret of 128 bits or more: SHA-256."""
    return sha256(secret.encode()).digest()
