"""Card numbers leave this machine encrypted, or not at all."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from fake_host import FakeHost, until
from link_bench import CALM, Fixed, Pauses, ask, ready, why_not_sent

from gates import way
from ippgateway.connectors.iso8583.link import Iso8583Link
from ippgateway.domains.payments.ports import Approved, NotSentReason
from ippgateway.privacy.catalogue import ACQUIRER, PAYMENT


async def test_plain_tcp_is_for_this_machine_alone() -> None:
    def link(host: str, tls: ssl.SSLContext | None = None) -> Iso8583Link:
        return Iso8583Link(way=way(ACQUIRER, PAYMENT), host=host, port=1, clock=Pauses(), randomness=Fixed(), tls=tls)

    for far in ("192.0.2.1", "acquirer.example", "127.0.0.1.example"):
        with pytest.raises(ValueError, match="needs TLS"):
            link(far)
        link(far, ssl.create_default_context())
    for near in ("127.0.0.1", "::1", "localhost"):
        link(near)


def _certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A host's TLS context with a certificate of its own for 127.0.0.1, and the file to trust it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "host")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "host.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context, file


async def test_over_tls_a_host_is_known_by_its_certificate(tmp_path: Path) -> None:
    context, file = _certificate(tmp_path)
    for trusted in (True, False):
        client = ssl.create_default_context(cafile=str(file) if trusted else None)
        async with (
            FakeHost(tls=context) as host,
            Iso8583Link(
                way=way(ACQUIRER, PAYMENT),
                host="127.0.0.1",
                port=host.port,
                clock=(pauses := Pauses()),
                randomness=Fixed(),
                settings=CALM,
                tls=client,
            ) as link,
        ):
            if not trusted:
                await until(lambda p=pauses: len(p.slept) >= 2)
                assert await why_not_sent(link) is NotSentReason.LINK_DOWN
                continue
            await ready(link)
            task = ask(link)
            (await host.arrived()).answer()
            assert isinstance(await task, Approved)
