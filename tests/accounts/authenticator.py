"""A software authenticator: makes ES256 passkeys and answers as a browser passes them on, with whatever is wrong that a
test wants wrong."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey for one site. `count`: its counter, 0 for those that never count; `verifies`: whether it asks for a
    finger or a PIN."""

    host: str
    origin: str
    count: int = 0
    verifies: bool = True
    cross_origin: bool = False
    user: bytes = b""
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: token_bytes(16))

    def make(self, options: str, *, kind: str = "webauthn.create") -> str:
        """An answer to `navigator.credentials.create`, without attestation."""
        asked = json.loads(options)
        self.user = base64url_to_bytes(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public
        data = encode_cbor({"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + attested})
        return self._answer(clientDataJSON=self._client(kind, asked["challenge"]), attestationObject=data)

    def prove(self, options: str, *, kind: str = "webauthn.get", user: bytes | None = None) -> str:
        """An answer to `navigator.credentials.get`."""
        client, data = self._client(kind, json.loads(options)["challenge"]), self._data()
        signature = self.key.sign(data + sha256(client).digest(), ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=user or self.user
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.cross_origin}
        return json.dumps(told).encode()

    def _data(self, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | more
        return sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, **response: bytes) -> str:
        name = bytes_to_base64url(self.credential_id)
        told: dict[str, Any] = {field: bytes_to_base64url(value) for field, value in response.items() if value}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": told})
