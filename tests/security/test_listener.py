"""The Platform's own listener with TLS (CARD-2), by real handshakes."""

import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from handshakes import VERSIONS, certificate, spoken

_SERVER = """
import asyncio, sys
from pathlib import Path
from starlette.responses import PlainTextResponse
from ippgateway.app.web.serve import Certificate, serve
chain, key = map(Path, sys.argv[2:])
asyncio.run(serve(PlainTextResponse("here"), port=int(sys.argv[1]), certificate=Certificate(chain=chain, key=key)))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the certificate lies."""
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def port(place: Path) -> Iterator[int]:
    """A listener with a certificate, in a process of its own."""
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        port = int(it.getsockname()[1])
    files = map(str, certificate(place))
    process = subprocess.Popen([sys.executable, "-c", _SERVER, str(port), *files])
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


@pytest.mark.parametrize(("version", "wanted"), VERSIONS.items())
def test_nothing_below_tls_1_2_is_spoken(port: int, version: str, wanted: bool) -> None:
    assert spoken(port, version) == (version.replace("_", ".") if wanted else None)


def test_plain_http_is_not_answered(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 5) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"here" not in plain.recv(1000)


def test_browsers_are_told_to_come_back_encrypted(port: int, place: Path) -> None:
    context = ssl.create_default_context(cafile=place / "chain.pem")
    with urllib.request.urlopen(f"https://localhost:{port}/", context=context, timeout=5) as answer:
        assert answer.read() == b"here"
        assert answer.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
