"""Master keys that never leave a PKCS#11 token (a hardware security module, or SoftHSM in tests).

They are made on the token, sensitive and not extractable. Wrapping happens there: with AES-GCM, the place as additional
data (PKCS#11 3.0, 2.13.3); on a token without it with AES key wrap (RFC 3394), and the place bound by an HMAC under a
second key of the token.

Layout of a wrapped key: `02`, twelve bytes of nonce, ciphertext with its tag; or `03`, the HMAC, the wrapped key. A key
of the token is named `ippgateway INSTALLATION NAME GENERATION DAY`.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11 import exceptions as failures

from ippgateway.core.ids import Randomness
from ippgateway.privacy.masterkeys import TokenUnavailable, check_rights
from ippgateway.privacy.sealing import KEY_OCTETS, CannotOpen

_GCM, _WRAP = b"\x02", b"\x03"
_NONCE_OCTETS, _CODE_OCTETS = 12, 32
_DAY = "%Y%m%d"
_NOT_OURS = (
    failures.EncryptedDataInvalid, failures.EncryptedDataLenRange, failures.FunctionFailed, failures.GeneralError,
    failures.WrappedKeyInvalid, failures.WrappedKeyLenRange, failures.ArgumentsBad, failures.DataInvalid,
)  # fmt: skip
"""What tokens say of a value that another key sealed, or that was altered."""


@dataclass(frozen=True, slots=True)
class _Generation:
    """One generation of a master key on the token. `code`: the key of its HMAC, when it needs one."""

    number: int
    made_on: datetime
    key: Any
    code: Any | None


class TokenMasterKeys:
    """Master keys of one installation on one token."""

    def __init__(self, *, module: Path, label: str, pin_file: Path, installation: str, randomness: Randomness) -> None:
        """Sign on to the token. Raises TokenUnavailable, UnsafeKeyFile."""
        self._installation = installation
        self._randomness = randomness
        check_rights(pin_file, 0o600)
        try:
            self._token = pkcs11.lib(str(module)).get_token(token_label=label)
            self.session = self._token.open(user_pin=pin_file.read_text().strip(), rw=True)
            self.has_gcm = Mechanism.AES_GCM in self._token.slot.get_mechanisms()
        except failures.UserAlreadyLoggedIn:
            self.session = self._token.open(rw=True)
            self.has_gcm = Mechanism.AES_GCM in self._token.slot.get_mechanisms()
        except (failures.PKCS11Error, RuntimeError, OSError) as error:
            raise TokenUnavailable(f"the PKCS#11 token can't be used ({type(error).__name__})") from None

    def exists(self, name: str) -> bool:
        """See MasterKeys."""
        return bool(self.generations(name))

    def make(self, name: str, *, at: datetime) -> None:
        """See MasterKeys. The key is made on the token; the token's own randomness makes it."""
        number = max((g.number for g in self.generations(name)), default=0) + 1
        label = f"{self._prefix(name)}{number} {at.astimezone(UTC):{_DAY}}"
        can = MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT
        if not self.has_gcm:
            can = MechanismFlag.WRAP | MechanismFlag.UNWRAP
            self.session.generate_key(
                KeyType.GENERIC_SECRET, 8 * KEY_OCTETS, label=f"{label} code", store=True,
                capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY, template=_KEPT,
            )  # fmt: skip
        self.session.generate_key(
            KeyType.AES, 8 * KEY_OCTETS, label=label, store=True, capabilities=can, template=_KEPT
        )

    def key(self, name: str) -> "TokenMasterKey":
        """See MasterKeys."""
        return TokenMasterKey(self, name, self._randomness)

    def retire(self, name: str, *, before: datetime) -> int:
        """See MasterKeys. A key's day counts as its whole day."""
        there = self.generations(name)
        gone = [old for old, new in pairwise(there) if new.made_on < before]
        for generation in gone:
            generation.key.destroy()
            if generation.code is not None:
                generation.code.destroy()
        return len(gone)

    def generations(self, name: str) -> list[_Generation]:
        """What the token has of a master key, oldest first."""
        keys = {
            str(key[Attribute.LABEL]): key
            for key in self.session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY})
            if str(key[Attribute.LABEL]).startswith(self._prefix(name))
        }
        found = []
        for label, key in keys.items():
            if not label.endswith(" code"):
                number, day = label.removeprefix(self._prefix(name)).split(" ")
                made_on = datetime.strptime(day, _DAY).replace(hour=23, minute=59, tzinfo=UTC)
                found.append(_Generation(int(number), made_on, key, keys.get(f"{label} code")))
        return sorted(found, key=lambda generation: generation.number)

    def _prefix(self, name: str) -> str:
        return f"ippgateway {self._installation} {name} "


_KEPT = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.PRIVATE: True}


class TokenMasterKey:
    """A master key on a token."""

    def __init__(self, token: TokenMasterKeys, name: str, randomness: Randomness) -> None:
        self._token = token
        self._name = name
        self._randomness = randomness

    def wrap(self, key: bytes, place: str) -> bytes:
        """See MasterKey."""
        generation = self._generations()[-1]
        if generation.code is None:
            nonce = self._randomness.octets(_NONCE_OCTETS)
            with_place = pkcs11.GCMParams(nonce, place.encode())
            sealed = generation.key.encrypt(key, mechanism=Mechanism.AES_GCM, mechanism_param=with_place)
            return _GCM + nonce + bytes(sealed)
        wrapped = bytes(generation.key.wrap_key(self._loaded(key), mechanism=Mechanism.AES_KEY_WRAP))
        return _WRAP + _code(generation, place, wrapped) + wrapped

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """See MasterKey."""
        for generation in reversed(self._generations()):
            try:
                return self._open(generation, wrapped, place)
            except (CannotOpen, *_NOT_OURS):
                continue
        raise CannotOpen

    def _open(self, generation: _Generation, wrapped: bytes, place: str) -> bytes:
        kind, rest = wrapped[:1], wrapped[1:]
        if kind == _GCM and generation.code is None:
            with_place = pkcs11.GCMParams(rest[:_NONCE_OCTETS], place.encode())
            return bytes(
                generation.key.decrypt(
                    rest[_NONCE_OCTETS:], mechanism=Mechanism.AES_GCM, mechanism_param=with_place
                )
            )  # fmt: skip
        if kind == _WRAP and generation.code is not None:
            code, inside = rest[:_CODE_OCTETS], rest[_CODE_OCTETS:]
            if hmac.compare_digest(code, _code(generation, place, inside)):
                opened = generation.key.unwrap_key(
                    ObjectClass.SECRET_KEY, KeyType.AES, inside, mechanism=Mechanism.AES_KEY_WRAP, template=_READABLE
                )
                return bytes(opened[Attribute.VALUE])
        raise CannotOpen

    def _generations(self) -> list[_Generation]:
        found = self._token.generations(self._name)
        if not found:
            raise TokenUnavailable(f"the token holds no master key {self._name}")
        return found

    def _loaded(self, key: bytes) -> Any:
        return self._token.session.create_object(
            {
                **_READABLE,
                Attribute.CLASS: ObjectClass.SECRET_KEY,
                Attribute.KEY_TYPE: KeyType.AES,
                Attribute.VALUE: key,
            }
        )


_READABLE = {Attribute.TOKEN: False, Attribute.SENSITIVE: False, Attribute.EXTRACTABLE: True}


def _code(generation: _Generation, place: str, wrapped: bytes) -> bytes:
    assert generation.code is not None  # noqa: S101 - the caller has looked
    text = f"{len(place)}|{place}".encode() + wrapped
    return bytes(generation.code.sign(text, mechanism=Mechanism.SHA256_HMAC))
