"""Handing letters to a real mail server: encrypted, proven, and with the server's answers understood."""

import asyncio
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gates import way
from handshakes import certificate, only
from ippgateway.connectors.smtp.carrier import Encryption, MailServer, SmtpCarrier
from ippgateway.core import tls as encryption
from ippgateway.core.secret import Secret
from ippgateway.domains.mail.ports import Failure, Handed, Outgoing
from ippgateway.privacy.catalogue import MAIL, MAIL_PROVIDER

from .post import Post, open_post

SENDER = "no-reply@gateway.example"
TO = "jens@borger.example"
AT = datetime(2026, 11, 30, 20, 17, tzinfo=UTC)
TAKEN = Handed(status=250, failure=None)


def letter(
    to: str = TO, *, subject: str = "Vælg en ny adgangskode", text: str = "Åbn:\n.\nhttps://x.example/a\n"
) -> Outgoing:
    return Outgoing(
        id="0abC-1deF-2ghI", to=Secret(to), subject=subject, text=Secret(text), language="da", at=AT
    )  # fmt: skip


def carrier(
    port: int, how: Encryption = Encryption.OFF, *, host: str = "127.0.0.1", trusted: Path | None = None,
    password: str = "", timeout_s: float = 10.0,
) -> SmtpCarrier:  # fmt: skip
    server = MailServer(
        host=host, port=port, encryption=how, trusted=trusted, user="us" if password else "",
        password=Secret(password) if password else None,
    )  # fmt: skip
    return SmtpCarrier(server, way(MAIL_PROVIDER, MAIL), sender=SENDER, timeout_s=timeout_s)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of a CA of our own, and its key."""
    return certificate(tmp_path)


# --- what is sent ---


async def test_a_letter_arrives_as_it_was_written_and_says_that_a_program_wrote_it() -> None:
    async with open_post() as post:
        assert await carrier(post.port).send(letter()) == TAKEN
    (came,) = post.taken
    assert post.envelopes == [(SENDER, (TO,))]
    assert (came["From"], came["To"]) == (f"IPP Platform <{SENDER}>", TO)
    assert came["Subject"] == "Vælg en ny adgangskode"
    assert came["Date"].datetime == AT
    assert came["Message-ID"] == "<0abC-1deF-2ghI@gateway.example>"
    assert (came["Auto-Submitted"], came["Content-Language"]) == ("auto-generated", "da")
    assert (came.get_content_type(), came.get_content_charset()) == ("text/plain", "utf-8")
    assert came.get_content().replace("\r\n", "\n") == "Åbn:\n.\nhttps://x.example/a\n"
    assert post.said == ["gateway.example"]  # our own name, not this machine's


async def test_a_name_of_another_script_is_told_as_name_servers_know_it() -> None:
    async with open_post() as post:
        assert await carrier(post.port).send(letter("jens@blåbær.example")) == TAKEN
    assert post.envelopes[0][1] == ("jens@xn--blbr-roah.example",)


@pytest.mark.parametrize(
    "to",
    [
        f"{TO}\r\nBcc: x@evil.example",
        f"{TO},x@evil.example",
        f"{TO}>\r\nRCPT TO:<x@evil.example",
        "jens <jens@borger.example>",
        "jens",
        "",
        "@borger.example",
        f"{'a' * 65}@borger.example",
        "jens@borger..example",
        "jéns@borger.example",
        "jens@[192.0.2.1]",
    ],
)
async def test_an_address_that_is_none_is_refused_before_anybody_is_called(to: str) -> None:
    async with open_post() as post:
        assert await carrier(post.port).send(letter(to)) == Handed(status=None, failure=Failure.BAD_ADDRESS)
    assert post.said == []


@pytest.mark.parametrize("subject", ["Hello\r\nBcc: x@evil.example", "Hello\nX: y", "Hello\r\n\r\nText"])
async def test_no_subject_can_add_a_header(subject: str) -> None:
    async with open_post() as post:
        assert (await carrier(post.port).send(letter(subject=subject))).failure is Failure.BAD_ADDRESS
    assert post.said == []


async def test_no_text_can_end_the_letter_or_add_a_header() -> None:
    text = "one\r\n.\r\nMAIL FROM:<x@evil.example>\r\n"
    async with open_post() as post:
        assert await carrier(post.port).send(letter(text=text)) == TAKEN
    assert len(post.taken) == 1
    assert "MAIL FROM" in post.taken[0].get_content()


# --- encryption ---


def test_beyond_this_machine_nothing_is_sent_plain() -> None:
    for host in ("mail.example", "192.0.2.1", "10.0.0.1", "localhost.example"):
        with pytest.raises(ValueError, match="encrypted"):
            MailServer(host=host, port=25, encryption=Encryption.OFF)
        MailServer(host=host, port=587, encryption=Encryption.STARTTLS)


@pytest.mark.parametrize("how", [Encryption.STARTTLS, Encryption.TLS])
async def test_a_server_that_proves_itself_gets_the_letter_encrypted(how: Encryption, files: tuple[Path, Path]) -> None:
    context = encryption.listening(*files)
    opened = {"starttls": context} if how is Encryption.STARTTLS else {"tls": context}
    async with open_post(**opened) as post:
        assert await carrier(post.port, how, host="localhost", trusted=files[0]).send(letter()) == TAKEN
    assert len(post.taken) == 1
    if how is Encryption.STARTTLS:
        assert post.tls == ["TLSv1.3"]


@pytest.mark.parametrize("how", [Encryption.STARTTLS, Encryption.TLS])
@pytest.mark.parametrize("wrong", ["authority", "name"])
async def test_a_server_that_does_not_prove_itself_gets_nothing(
    how: Encryption, wrong: str, files: tuple[Path, Path]
) -> None:
    context = encryption.listening(*files)
    opened = {"starttls": context} if how is Encryption.STARTTLS else {"tls": context}
    host = "127.0.0.2" if wrong == "name" else "127.0.0.1"
    async with open_post(host=host, asks=how is Encryption.STARTTLS, **opened) as post:
        trusted = files[0] if wrong == "name" else None
        caller = carrier(post.port, how, host=host, trusted=trusted, password="right")
        assert await caller.send(letter()) == Handed(status=None, failure=Failure.NO_ENCRYPTION)
    assert (post.taken, post.signed_in) == ([], [])


async def test_a_server_without_starttls_gets_neither_letter_nor_password() -> None:
    async with open_post(asks=True) as post:
        caller = carrier(post.port, Encryption.STARTTLS, password="right")
        assert await caller.send(letter()) == Handed(status=None, failure=Failure.NO_ENCRYPTION)
    assert (post.taken, post.signed_in) == ([], [])


@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
async def test_nothing_below_tls_1_2_is_spoken(version: str, files: tuple[Path, Path]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    async with open_post(starttls=only(context, version)) as post:
        caller = carrier(post.port, Encryption.STARTTLS, trusted=files[0])
        assert (await caller.send(letter())).failure in {Failure.NO_ENCRYPTION, Failure.NO_CONNECTION}
    assert (post.taken, len(post.said)) == ([], 1)


async def test_our_password_is_told_after_the_encryption_alone(files: tuple[Path, Path]) -> None:
    async with open_post(starttls=encryption.listening(*files), asks=True) as post:
        good = carrier(post.port, Encryption.STARTTLS, trusted=files[0], password="right")
        bad = carrier(post.port, Encryption.STARTTLS, trusted=files[0], password="wrong")
        assert await good.send(letter()) == TAKEN
        assert await bad.send(letter()) == Handed(status=535, failure=Failure.TURNED_AWAY)
    assert {encrypted for _, encrypted in post.signed_in} == {True}
    assert len(post.taken) == 1


# --- answers ---


@pytest.mark.parametrize(
    ("post", "handed"),
    [
        (Post(rcpt=["550 5.1.1 No such user canary"]), Handed(status=550, failure=Failure.REFUSED)),
        (Post(rcpt=["450 4.2.0 Greylisted"]), Handed(status=450, failure=Failure.POSTPONED)),
        (Post(data=["554 5.7.1 Spam"]), Handed(status=554, failure=Failure.REFUSED)),
        (Post(data=["452 4.3.1 Full"]), Handed(status=452, failure=Failure.POSTPONED)),
        (Post(data=["421 4.3.2 Shutting down"]), Handed(status=421, failure=Failure.POSTPONED)),
        (Post(drops=1), Handed(status=None, failure=Failure.NO_CONNECTION)),
    ],
)
async def test_what_a_server_answers_is_understood(post: Post, handed: Handed) -> None:
    async with open_post(post):
        assert await carrier(post.port).send(letter()) == handed
        assert await carrier(post.port).send(letter()) == TAKEN


def test_a_refusal_of_a_letter_is_final_and_nothing_else_is() -> None:
    assert {f for f in Failure if f.for_good} == {Failure.REFUSED, Failure.BAD_ADDRESS}


async def test_nobody_there_is_no_connection_and_a_silent_server_is_a_timeout() -> None:
    async with open_post() as post:
        port = post.port
    assert (await carrier(port).send(letter())).failure is Failure.NO_CONNECTION
    async with open_post() as post:
        post.holding = asyncio.Event()
        assert (await carrier(post.port, timeout_s=0.5).send(letter())).failure is Failure.TIMEOUT
        post.holding.set()
