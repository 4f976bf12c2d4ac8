"""The example of a front proxy, tried: a real nginx before the running Platform."""

import json
import re
import socket
import ssl
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from running import Running

ROOT = Path(__file__).parents[2]
NAME = "api.example"


def certificate(folder: Path) -> None:
    """A certificate of our own for an hour."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return int(it.getsockname()[1])


@pytest.fixture(scope="module")
def proxy(running: "Running", tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The example with this installation's places in it; the port it listens on."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    certificate(folder)
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for theirs, ours in {
        "listen 443": f"listen 127.0.0.1:{port}",
        "127.0.0.1:8000": f"127.0.0.1:{running.settings.port}",
        "/etc/ippgateway/tls": str(folder),
        "pid nginx.pid": f"user root;\npid {folder}/pid",
        "worker_processes auto": "daemon off;\nworker_processes 1",
    }.items():
        assert theirs in text
        text = text.replace(theirs, ours)
    (folder / "nginx.conf").write_text(text)
    binary = subprocess.run([ROOT / "scripts" / "nginx"], capture_output=True, text=True, check=True).stdout.strip()
    process = subprocess.Popen([binary, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"])
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield port
    process.terminate()
    process.wait(10)


def ask(port: int, path: str, host: str = NAME, **fields: str) -> tuple[int, dict[str, str], bytes]:
    """A request through the proxy; not verified, because nobody knows our certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    data = urllib.parse.urlencode(fields).encode() if fields else None
    request = urllib.request.Request(f"https://127.0.0.1:{port}{path}", data=data, headers={"Host": host})
    try:
        with urllib.request.urlopen(request, context=context, timeout=30) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def content(answer: tuple[int, dict[str, str], bytes]) -> Any:
    """The payload of a success."""
    assert answer[0] == 200
    return json.loads(answer[2])["content"]


def test_a_payment_goes_through_it(running: "Running", proxy: int) -> None:
    demo = running.demo()
    shop, account = {k: demo["company"][k] for k in ("id", "key2")}, demo["company"]
    session = content(ask(proxy, "//company/login/", username=account["username"], password=account["password"]))
    checkout = content(ask(proxy, "//payments/checkout_id.php?", **shop, amount="100", currency="DKK"))["checkout_id"]
    card = {"holder": "Test Payer", "cardno": demo["cards"]["approve_visa"], "expmonth": "04", "expyear": "2030"}
    paid = content(ask(proxy, "/payments/authorize?", checkout_id=checkout, cvv="123", **card))
    assert paid["result"] == "ACK"
    capture = ask(proxy, "//company/payments/capture/index.php?", transaction_id=paid["transaction_id"], **shop)
    assert content(capture)["result"] == "ACK"
    rows = content(ask(proxy, "/company/payments/list/?", type="CAPTURE", **session))
    assert rows[0]["transaction_id"] == paid["transaction_id"]


def test_names_are_origins_and_the_rest_is_not_found(proxy: int) -> None:
    assert b"<html" in ask(proxy, "/", host="www.example")[2]
    assert b"<html" in ask(proxy, "/", host="console.example")[2]
    for path in ("/", "/no/such/path", "/metrics"):
        assert ask(proxy, path, host="pay.example")[0] == 404
    status, headers, _ = ask(proxy, "/version")
    assert status == 200
    assert "max-age=63072000" in headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("version", "spoken"), [("TLSv1", False), ("TLSv1_1", False), ("TLSv1_2", True), ("TLSv1_3", True)]
)
def test_tls_1_2_is_the_floor(proxy: int, version: str, spoken: bool) -> None:
    """CARD-2, by a real handshake of each version."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with (
        pytest.warns(DeprecationWarning, match="deprecated")
        if version in {"TLSv1", "TLSv1_1"}
        else pytest.MonkeyPatch.context()
    ):
        context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    try:
        with socket.create_connection(("127.0.0.1", proxy)) as plain, context.wrap_socket(plain) as tls:
            assert tls.version() == version.replace("_", ".")
            heard = True
    except (ssl.SSLError, ConnectionError):
        heard = False
    assert heard is spoken


def test_the_example_writes_no_requests_down() -> None:
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    assert re.search(r"^\s*access_log off;", text, re.MULTILINE)
    assert "proxy_request_buffering off" in text
