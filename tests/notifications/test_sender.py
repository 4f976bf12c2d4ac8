"""The call itself: what it sends, what it makes of the answer, and where it does not go."""

import asyncio
import datetime as dt
import gzip
import io
import ipaddress
import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gates import way
from ippgateway.connectors.notify.addresses import Reach, reach
from ippgateway.connectors.notify.sender import HttpSender, _Gate, _Refused
from ippgateway.core import database, log, tls
from ippgateway.core.secret import Secret
from ippgateway.domains.notifications.ports import Answer, Failure
from ippgateway.privacy.catalogue import NOTIFY, SHOP

from .shop import Names, open_shop, raw_server

CANARY = "canary-4929000000006"
DELIVERED = Answer(status=200, failure=None)


async def get(sender: HttpSender, url: str, *, allow_plain: bool = True) -> Answer:
    return await sender.get(Secret(url), allow_plain=allow_plain)


def here(timeout_s: float = 5.0) -> HttpSender:
    return HttpSender(way(SHOP, NOTIFY), allow_private=True, timeout_s=timeout_s)


# --- what is sent, and what the answer means ---


async def test_it_is_a_get_of_exactly_that_address_without_a_body_or_cookies() -> None:
    async with open_shop(headers={"Set-Cookie": "a=b"}) as shop:
        url = f"http://127.0.0.1:{shop.port}/a//b/../c?x=%41&y=ü&x=%2f#end"
        assert await get(here(), url) == DELIVERED
        assert await get(here(), url) == DELIVERED
    for request in shop.seen:
        assert (request.method, request.raw_path) == ("GET", "/a//b/../c?x=%41&y=%C3%BC&x=%2f")
        assert not request.body_exists
        assert not {"Cookie", "Authorization", "Referer"} & set(request.headers)
        assert "python" not in request.headers["User-Agent"].lower()


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_any_2xx_is_delivered(status: int) -> None:
    async with open_shop(status=status, body=b"") as shop:
        assert await get(here(), shop.url) == Answer(status=status, failure=None)


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_any_other_status_is_not(status: int) -> None:
    async with open_shop(status=status) as shop:
        assert await get(here(), shop.url) == Answer(status=status, failure=Failure.HTTP_STATUS)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_a_failure_and_is_not_followed(status: int) -> None:
    async with open_shop() as elsewhere, open_shop(status=status, headers={"Location": elsewhere.url}) as shop:
        assert await get(here(), shop.url) == Answer(status=status, failure=Failure.HTTP_STATUS)
    assert len(shop.seen) == 1
    assert not elsewhere.seen


async def test_a_shop_that_keeps_silent_is_a_timeout() -> None:
    async with raw_server(b"", end=False) as port:
        assert await get(here(0.1), f"http://127.0.0.1:{port}/") == Answer(status=None, failure=Failure.TIMEOUT)


@pytest.mark.parametrize("body", [b"", b"begun"])
async def test_a_2xx_counts_even_if_its_body_never_ends(body: bytes) -> None:
    async with raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + body, end=False) as port:
        assert await get(here(0.1), f"http://127.0.0.1:{port}/") == DELIVERED


async def test_a_shop_is_heard_out_because_some_stop_working_when_the_caller_hangs_up() -> None:
    half, rest = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc")
        half.set()
        await rest.wait()
        writer.write(b"def")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        calling = asyncio.create_task(get(here(), f"http://127.0.0.1:{port}/"))
        await half.wait()
        assert not (await asyncio.wait({calling}, timeout=0.1))[0]
        rest.set()
        assert await calling == DELIVERED


async def test_an_endless_body_is_not_listened_to_for_ever() -> None:
    async with open_shop(body=b"x" * 3_000_000) as shop:
        assert await get(here(), shop.url) == DELIVERED


async def test_a_body_is_never_unpacked() -> None:
    bomb = gzip.compress(b"0" * 1_000_000) + b"not gzip"
    async with open_shop(headers={"Content-Encoding": "gzip"}, body=bomb) as shop:
        assert await get(here(), shop.url) == DELIVERED


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", b"HTTP/9.9 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(500)) + b"\r\n",
    ],
)  # fmt: skip
async def test_what_is_no_http_is_no_connection(answer: bytes) -> None:
    async with raw_server(answer) as port:
        outcome = await get(here(), f"http://127.0.0.1:{port}/")
    assert outcome == Answer(status=None, failure=Failure.NO_CONNECTION)


async def test_nobody_there_is_no_connection() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening
        outcome = await get(here(), f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert outcome == Answer(status=None, failure=Failure.NO_CONNECTION)


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1/", "http://", f"{CANARY}", "http://127.0.0.1:0/"])
async def test_what_is_no_address_is_not_called(url: str) -> None:
    assert await get(here(), url) == Answer(status=None, failure=Failure.BAD_URL)


async def test_it_refuses_to_call_while_a_transaction_is_open() -> None:
    mark = database._open_transaction.set("payment")
    try:
        with pytest.raises(database.NetworkInsideTransaction):
            await get(here(), "http://127.0.0.1:1/")
    finally:
        database._open_transaction.reset(mark)


async def test_an_address_is_never_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    said = io.StringIO()
    monkeypatch.setattr(log, "_stream", said)
    for url in (f"http://127.0.0.1:1/{CANARY}", f"http://{CANARY}.invalid/", f"http://[{CANARY}/", f"{CANARY}://x"):
        await get(HttpSender(way(SHOP, NOTIFY), allow_private=True, resolver=lambda: Names([])), url)
    assert CANARY not in said.getvalue()


# --- where it does not go ---

_NEITHER = (
    "0.0.0.0 100.64.0.1 169.254.169.254 192.0.0.8 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 "
    "239.255.255.255 240.0.0.1 255.255.255.255 :: fe80::1 fe80::1%1 ff02::1 fec0::1 2001:db8::1 2002:7f00:1:: "
    "2001:0:1:2::3 3fff::1 100::1 64:ff9b:1::1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::a9fe:a9fe 4000::1 a.example"
).split()
_PRIVATE = ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12::1", "::ffff:10.0.0.1"]
_LOOPBACK = ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "64:ff9b::7f00:1"]
_PUBLIC = ["1.1.1.1", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        *((a, Reach.NEVER) for a in _NEITHER), *((a, Reach.PRIVATE) for a in _PRIVATE),
        *((a, Reach.LOOPBACK) for a in _LOOPBACK), *((a, Reach.PUBLIC) for a in _PUBLIC),
    ],
)  # fmt: skip
def test_how_far_away_an_address_is(address: str, expected: Reach) -> None:
    assert reach(address) is expected


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
async def test_this_machine_is_refused_by_number_and_by_name(host: str) -> None:
    async with open_shop() as shop:
        outcome = await get(HttpSender(way(SHOP, NOTIFY), allow_private=False), f"http://{host}:{shop.port}/")
    assert outcome == Answer(status=None, failure=Failure.REFUSED_ADDRESS)
    assert not shop.seen


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "017700000001", "127.0.0.1.", "①27.0.0.1"]
)
async def test_odd_spellings_of_this_machine_do_not_reach_it(host: str) -> None:
    async with open_shop() as shop:
        outcome = await get(HttpSender(way(SHOP, NOTIFY), allow_private=False), f"http://{host}:{shop.port}/")
    assert outcome.failure in {Failure.REFUSED_ADDRESS, Failure.BAD_URL, Failure.NO_CONNECTION}
    assert not shop.seen


@pytest.mark.parametrize("address", "127.0.0.1 ::1 ::ffff:127.0.0.1 10.0.0.8 169.254.169.254 0.0.0.0".split())
async def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    async with open_shop() as shop:
        sender = HttpSender(way(SHOP, NOTIFY), allow_private=False, resolver=lambda: Names([address]))
        outcome = await get(sender, f"http://shop.example:{shop.port}/")
    assert outcome == Answer(status=None, failure=Failure.REFUSED_ADDRESS)
    assert not shop.seen


async def test_a_name_is_asked_for_once_so_that_no_second_answer_can_differ() -> None:
    names = Names(["192.0.2.1"], ["127.0.0.1"])
    async with open_shop() as shop:
        outcome = await get(
            HttpSender(way(SHOP, NOTIFY), allow_private=False, resolver=lambda: names),
            f"http://shop.example:{shop.port}/",
        )
    assert (names.asked, outcome.failure, shop.seen) == (1, Failure.REFUSED_ADDRESS, [])


def test_every_socket_is_judged_by_the_address_it_is_made_for() -> None:
    gate = _Gate(allow_private=False, plain=False, allow_plain=False)
    gate.socket_for((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("1.1.1.1", 443))).close()
    for address in ("127.0.0.1", "10.0.0.1", "169.254.169.254"):
        with pytest.raises(_Refused):
            gate.socket_for((socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, 443)))


@pytest.mark.parametrize("address", ["169.254.169.254", "224.0.0.1", "fe80::1"])
async def test_private_addresses_may_be_allowed_but_never_link_local_or_multicast_ones(address: str) -> None:
    sender = HttpSender(way(SHOP, NOTIFY), allow_private=True, resolver=lambda: Names([address]))
    assert (await get(sender, "http://shop.example/")).failure is Failure.REFUSED_ADDRESS


# --- encryption (CARD-2) ---


async def test_plain_http_is_for_tests_and_for_this_machine() -> None:
    async with open_shop() as shop:
        assert await get(here(), shop.url, allow_plain=False) == DELIVERED
    sender = HttpSender(way(SHOP, NOTIFY), allow_private=True, resolver=lambda: Names(["10.0.0.8"]))
    refused = await get(sender, "http://shop.example/", allow_plain=False)
    assert refused == Answer(status=None, failure=Failure.REFUSED_PLAIN)


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName(
        [x509.DNSName("shop.example"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1)).add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )  # fmt: skip
    return paths


async def test_https_is_checked_and_is_tls_1_2_or_newer(tmp_path: Path) -> None:
    certificate, key = _certificate(tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    trusting = tls.calling()
    assert trusting.minimum_version is ssl.TLSVersion.TLSv1_2
    trusting.load_verify_locations(certificate)
    async with open_shop(tls=server) as shop:
        url = f"https://127.0.0.1:{shop.port}/"
        assert (
            await get(HttpSender(way(SHOP, NOTIFY), allow_private=True, tls=trusting), url, allow_plain=False)
            == DELIVERED
        )
        assert (await get(here(), url)).failure is Failure.NO_CONNECTION  # nobody vouches for it
        other = HttpSender(way(SHOP, NOTIFY), allow_private=True, tls=trusting, resolver=lambda: Names(["127.0.0.1"]))
        assert (await get(other, f"https://other.example:{shop.port}/")).failure is Failure.NO_CONNECTION
        assert await get(other, f"https://shop.example:{shop.port}/") == DELIVERED
    assert len(shop.seen) == 2
