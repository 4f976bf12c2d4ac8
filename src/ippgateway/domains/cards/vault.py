"""The vault's keys: held by the payment zone's process alone, unwrapped once when it starts.

Several number keys may be alive: the newest seals, all open, so that keys rotate while payments run (CARD-5). A
fingerprint key goes with the number keys that were made after it, until the next fingerprint key: a card's fingerprint
is under the one that goes with the key of its number, and ends with it.
"""

import hmac
from hashlib import sha256

from ippgateway.core.database import Database, PurposeLike
from ippgateway.core.ids import Randomness
from ippgateway.core.secret import Secret
from ippgateway.privacy.masterkeys import MasterKey
from ippgateway.privacy.persons import wrapping_place
from ippgateway.privacy.sealing import SealingKey


class Vault:
    """Seals and opens what must be readable for payment alone."""

    def __init__(self, keys: Database, master: MasterKey, randomness: Randomness) -> None:
        self._db = keys
        self._master = master
        self._randomness = randomness
        self._keys: dict[int, SealingKey] = {}
        self._fingerprint_keys: dict[int, bytes] = {}

    async def start(self, purpose: PurposeLike) -> None:
        """Unwrap the vault's keys and forget those that were destroyed: when the process starts, now and then, and when
        a newer key turns up."""
        async with self._db.begin(purpose) as tx:
            rows = await tx.fetch("select id, kind, wrapped from ipp.vault_key order by id")
        keys, fingerprint_keys = dict[int, SealingKey](), dict[int, bytes]()
        for row in rows:
            number, place = row["id"], wrapping_place(row["kind"], row["id"])
            if row["kind"] == "number":
                known = self._keys.get(number)
                keys[number] = known or SealingKey(self._master.unwrap(row["wrapped"], place))
            else:
                code = self._fingerprint_keys.get(number)
                fingerprint_keys[number] = code or self._master.unwrap(row["wrapped"], place)
        self._keys, self._fingerprint_keys = keys, fingerprint_keys

    def seal(self, value: Secret[str], *, place: str) -> tuple[bytes, int]:
        """The sealed value and the number of the key that sealed it. `place` names table, column and row."""
        newest = max(self._keys)
        return self._keys[newest].seal(value.open().encode(), place, self._randomness), newest

    async def open(self, purpose: PurposeLike, sealed: bytes, key: int, *, place: str) -> Secret[str]:
        """The value. Raises CannotOpen; the database refuses the sealed bytes to every other purpose already."""
        if key not in self._keys:
            await self.start(purpose)
        return Secret(self._keys[key].open(sealed, place).decode())

    def fingerprint(self, company_id: str, number: Secret[str]) -> bytes:
        """A keyed code of the whole number, different for each company (PCI DSS 3.5.1.1), to be kept beside the number
        that `seal` seals now."""
        newest = max(self._keys)
        return _code(self._fingerprint_keys[max(n for n in self._fingerprint_keys if n < newest)], company_id, number)

    def fingerprints(self, company_id: str, number: Secret[str]) -> tuple[bytes, ...]:
        """What the fingerprint of this number may be wherever it is kept: one, and another while keys are replaced."""
        return tuple(_code(key, company_id, number) for key in self._fingerprint_keys.values())


def _code(key: bytes, company_id: str, number: Secret[str]) -> bytes:
    return hmac.digest(key, f"{company_id}\0{number.open()}".encode(), sha256)


def number_place(company_id: str, card_id: str) -> str:
    """Where a card number is stored; bound into its seal."""
    return f"card.number|{company_id}|{card_id}"
