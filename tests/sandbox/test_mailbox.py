"""The sandbox's mail server and its page: every letter is taken, none is passed on, and none is shown to a stranger."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

import aiosmtplib
import pytest
import pytest_asyncio
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer, unused_port

from browser import DESKTOP, PHONE, OpenPage, accessible, browser, open_page, shot
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import mail_address
from ippgateway.domains.mail import service as mail
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM
from ippsandbox.mailbox.box import LARGEST, MOST_LETTERS, Box
from ippsandbox.mailbox.pages import MOST_SHOWN, Mailbox
from ippsandbox.mailbox.server import listen
from notifications.room import until
from running import Running

__all__ = ["browser", "open_page"]

NOW = datetime(2026, 11, 30, 20, 17, 5, tzinfo=UTC)
JENS, SIGNE = "jens@borger.example", "Signe@borger.example"


@dataclass
class Post:
    """A mailbox to write to and to look into."""

    box: Box
    smtp_port: int
    pages: TestClient  # type: ignore[type-arg]

    async def send(self, to: str = JENS, *, subject: str = "Emne", text: str = "Tekst\n", language: str = "da") -> None:
        """Send a letter as a mail program does."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "no-reply@localhost", to, subject
        message.set_content(text)
        message["Content-Language"] = language
        await aiosmtplib.send(message, hostname="127.0.0.1", port=self.smtp_port, start_tls=False)

    async def page(self, path: str = "/en") -> str:
        return await (await self.pages.get(path)).text()

    async def messages(self, to: str = "") -> list[dict[str, object]]:
        answer = await self.pages.get("/messages.json", params={"to": to} if to else {})
        found: list[dict[str, object]] = (await answer.json())["messages"]
        return found


@pytest_asyncio.fixture
async def post() -> AsyncIterator[Post]:
    box = Box()
    server = await listen(box, host="127.0.0.1", port=0, now=lambda: NOW)
    async with TestClient(TestServer(Mailbox(box).app())) as pages:
        yield Post(box, server.sockets[0].getsockname()[1], pages)
    server.close()


async def test_a_letter_is_shown_with_its_links_newest_first(post: Post) -> None:
    await post.send(subject="Den første")
    await post.send(SIGNE, subject="Vælg en ny adgangskode", text="Åbn:\nhttps://console.example/reset/Ab3.\n")
    newest, oldest = await post.messages()
    assert (newest["subject"], oldest["subject"]) == ("Vælg en ny adgangskode", "Den første")
    assert (newest["to"], newest["links"]) == ([SIGNE], ["https://console.example/reset/Ab3"])
    assert newest["text"] == "Åbn:\nhttps://console.example/reset/Ab3."
    page = await post.page("/da")
    assert page.index("Vælg en ny adgangskode") < page.index("Den første")
    assert '<a href="https://console.example/reset/Ab3" rel="noreferrer">' in page
    assert '<div class="text" lang="da">' in page


async def test_a_person_finds_their_letters_whatever_the_case(post: Post) -> None:
    await post.send(JENS)
    await post.send(SIGNE)
    assert [m["to"] for m in await post.messages("signe@BORGER.example")] == [[SIGNE]]
    assert SIGNE not in await post.page(f"/en?to={JENS}")
    assert "No letter has come to this address" in await post.page("/en?to=nobody@borger.example")


async def test_what_a_letter_says_is_text_and_never_markup(post: Post) -> None:
    await post.send(
        subject="<script>alert(1)</script>", text='<img src=x onerror=alert(1)> https://x.example/"onclick=a\n'
    )
    page = await post.page('/en?to="><script>')
    assert "<script" not in page + await post.page()
    assert "<img src=x" not in await post.page()
    answer = await post.pages.get("/en")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "mail.localhost.evil.example"])
async def test_a_page_that_points_its_own_name_at_this_machine_reads_nothing(post: Post, host: str) -> None:
    await post.send(text="https://console.example/reset/Ab3")
    for path in ("/", "/en", "/messages.json"):
        answer = await post.pages.get(path, headers={"Host": f"{host}:8007"})
        assert answer.status == 421
        assert "reset" not in await answer.text()


async def test_no_more_letters_are_kept_than_a_person_looks_at(post: Post) -> None:
    for n in range(MOST_LETTERS + 1):
        post.box.take(f"Subject: {n}\r\n\r\nText\r\n".encode(), sender="a@b", to=(JENS,), at=NOW, encrypted=False)
    messages = await post.messages()
    assert (len(messages), messages[-1]["subject"]) == (MOST_LETTERS, "1")
    assert (await post.page()).count("<details") == MOST_SHOWN
    with pytest.raises(aiosmtplib.SMTPResponseException) as caught:
        await post.send(text="x" * LARGEST)
    assert caught.value.code == 552


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: =?utf-8?q?=ff?=\r\n\r\nText",
        b"Content-Type: text/plain; charset=no-such\r\n\r\n\xff",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        b"Content-Type: text/html\r\n\r\n<script>",
        b"Message-ID: <\r\nSubject: \r\n\r\n",
    ],
)
async def test_a_letter_that_is_none_breaks_no_page(post: Post, raw: bytes) -> None:
    post.box.take(raw, sender="", to=(JENS,), at=NOW, encrypted=False)
    assert len(await post.messages()) == 1
    assert "<details" in await post.page()


async def test_addresses_with_an_outcome_of_their_own_have_it(post: Post) -> None:
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as never:
        await post.send("refused@shop.example")
    assert never.value.recipients[0].code == 550
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as later:
        await post.send("later@shop.example")
    assert later.value.recipients[0].code == 451
    await post.send("later@shop.example")
    assert [m["to"] for m in await post.messages()] == [["later@shop.example"]]


async def test_both_languages_say_the_same_in_their_own_words(post: Post) -> None:
    english, danish = await post.page("/en"), await post.page("/da")
    assert "Letters that were sent" in english
    assert "Breve, der er sendt" in danish
    assert english.count("<") == danish.count("<")
    unknown = await post.pages.get("/en/nothing")
    assert (unknown.status, "no such page" in await unknown.text()) == (404, True)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_the_page_is_for_everybody_on_every_screen_without_script(
    post: Post, open_page: OpenPage, theme: str, viewport: dict[str, int]
) -> None:
    await post.send(SIGNE, subject="Vælg en ny adgangskode", text=f"https://console.example/reset/{'Ab3' * 30}\n")
    await post.send("refuse.nothing@a-long-name-of-a-place-that-sells-many-things.example", text="x" * 200)
    page = await open_page(color_scheme=theme, viewport=viewport)
    for path in ("/en", "/da", "/en?to=nobody@borger.example", "/en/nothing"):
        await page.goto(f"http://127.0.0.1:{post.pages.port}{path}")
        await accessible(page)
        await shot(page, f"mailbox-{theme}-{viewport['width']}-{path.strip('/').replace('/', '-')[:3]}")
    plain = await open_page(java_script_enabled=False, viewport=viewport)
    await plain.goto(f"http://127.0.0.1:{post.pages.port}/da")
    await plain.get_by_label("Breve til").fill(SIGNE)
    await plain.keyboard.press("Enter")
    await plain.get_by_role("link", name="https://console.example/reset").wait_for()
    await plain.get_by_role("link", name="Vis alle").click()
    await plain.get_by_text("Vælg en ny adgangskode").click()
    await plain.get_by_role("link", name="https://console.example/reset").wait_for()


async def test_the_program_starts_takes_a_letter_says_nothing_of_it_and_ends_when_told() -> None:
    port, smtp_port = unused_port(), unused_port()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ippsandbox.mailbox", f"--port={port}", f"--smtp-port={smtp_port}", stderr=PIPE
    )
    assert child.stderr is not None
    ready = (await asyncio.wait_for(child.stderr.readline(), 20)).decode()
    assert ready.strip() == f"ippsandbox.mailbox ready port={port} smtp={smtp_port}"
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", JENS, "canary"
    await aiosmtplib.send(message, hostname="127.0.0.1", port=smtp_port, start_tls=False)
    child.send_signal(signal.SIGTERM)
    _, said = await asyncio.wait_for(child.communicate(), 20)
    assert (child.returncode, said) == (0, b"")


async def test_a_letter_that_the_platform_owes_arrives_here(
    running: Running, installation: Settings, console: Platform
) -> None:
    demo = running.demo()
    assert demo["mail_url"] == mail_address(installation) == f"http://mail.localhost:{installation.port + 7}"
    tenant_id, person_id = console.ids.new(), console.ids.new()
    box = await console.persons.create(ACCOUNT, PLATFORM, person_id)
    link = f"{console.origins['console']}/reset/{console.ids.letters(43)}"
    async with console.db.begin(ACCOUNT, tenants=[tenant_id]) as tx:
        await mail.owe(
            tx, console, box=box, tenant_id=tenant_id, person_id=person_id, kind=Kind.RESET, language="en",
            address=f"{person_id}@borger.example", told={"link": link},
        )  # fmt: skip
    message = await arrived(installation, f"{person_id}@borger.example")
    assert link in message["links"]
    assert f"{console.origins['site']}" in message["links"]


async def arrived(settings: Settings, to: str) -> dict[str, list[str]]:
    """The newest letter to an address."""
    found: list[dict[str, list[str]]] = []
    async with ClientSession() as http:

        async def has_come() -> bool:
            answer = await http.get(
                f"http://127.0.0.1:{settings.sandbox_mailbox_port}/messages.json", params={"to": to}
            )  # fmt: skip
            found[:] = (await answer.json())["messages"]
            return bool(found)

        await until(has_come, "the letter came")
    return found[0]
