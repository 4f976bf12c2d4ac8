"""TLS 1.2 is the floor on every listener and every way out (CARD-2). Every context is made here."""

import asyncio
import ssl
import warnings
from pathlib import Path

FLOOR = ssl.TLSVersion.TLSv1_2

_CIPHERS = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
)
"""Of TLS 1.2; TLS 1.3 has good ones only (facts, I.6)."""

_HANDSHAKE_S = 10.0


def calling(trusted: Path | None = None) -> ssl.SSLContext:
    """For calling somebody whose certificate the system trusts, or one of `trusted` (PEM) does. Raises OSError."""
    context = ssl.create_default_context(cafile=trusted)
    context.minimum_version = FLOOR
    return context


def listening(chain: Path, key: Path) -> ssl.SSLContext:
    """For a listener that proves itself with a certificate and its chain (PEM). Raises OSError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = FLOOR
    context.set_ciphers(_CIPHERS)
    context.load_cert_chain(chain, key)
    return context


async def speaks_older(host: str, port: int) -> bool:
    """Whether a listener agrees to a version below the floor, by a real handshake. Raises OSError without an answer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # asking for an old version is the point
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    async with asyncio.timeout(_HANDSHAKE_S):
        try:
            _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
        except (ssl.SSLError, ConnectionResetError):
            return False
        writer.close()
        return True
