"""Someone who reads pages: one request, one answer, no socket."""

from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser

from starlette.types import ASGIApp, Message

from ippgateway.faces.site.app import SiteFacts, site_app
from ippsandbox.cards import DEMO_CARDS

CHECKED_AT = datetime(2026, 3, 4, 14, 2, tzinfo=UTC)
API_URL = "http://127.0.0.1:8000"


def site(*, sandbox: bool = True) -> ASGIApp:
    """The site of an installation."""
    return site_app(
        SiteFacts(
            cards=DEMO_CARDS if sandbox else {},
            version="0.1.0",
            api_url=API_URL,
            console_url="http://console.localhost:8000",
            mine_url="http://mine.localhost:8000",
            shop_url="http://shop.localhost:8005",
            sandbox=sandbox,
            checked_at=CHECKED_AT,
        )
    )


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)


async def ask(app: ASGIApp, path: str = "/", *, method: str = "GET", query: str = "", **headers: str) -> Answer:
    """One request; an underscore in a header's name stands for a hyphen."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    fields = [(name.replace("_", "-").encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(b"host", b"site.localhost:8000"), *fields], "client": ("192.0.2.7", 50_000),
    }  # fmt: skip
    await app(scope, receive, send)
    start, *rest = sent
    return Answer(
        status=start["status"],
        headers=[(k.decode(), v.decode()) for k, v in start["headers"]],
        body=b"".join(m.get("body", b"") for m in rest),
    )


class Seen(HTMLParser):
    """The elements of a page with their attributes, and the words of those that carry `mark`."""

    def __init__(self, text: str, mark: str = "") -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.marked: list[str] = []
        self._mark = mark
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        if self._mark in found:
            self.marked.append(found[self._mark])
