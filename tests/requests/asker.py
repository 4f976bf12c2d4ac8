"""Somebody without an account who asks what is held, and the letters that they get."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.schemas import Arrival
from ippgateway.domains.mail.models import Letter
from ippgateway.domains.requests.service import links
from ippgateway.faces.mine.app import mine_app
from ippgateway.privacy.catalogue import MAIL
from ippgateway.privacy.persons import KeyDestroyed
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

MAILBOX = "http://mail.localhost:8007"
HOME = Arrival(address=Secret("192.0.2.7"))

Post = Callable[[str], Awaitable[list[str]]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def hidden(self) -> dict[str, str]:
        """What its forms carry."""
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.text))


@dataclass
class Asker:
    """One request to the people's pages, as the entrance hands it over; every answer is kept."""

    p: Platform
    heard: list[Answer] = field(default_factory=list)

    async def ask(
        self, path: str, fields: dict[str, str] | None = None, *, method: str = "", spoken: str = "en", **more: str
    ) -> Answer:
        """`fields`: of a form, which makes it a POST."""
        told: list[dict[str, object]] = []
        sent = urlencode(fields or {}).encode()

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": sent}

        async def send(message: dict[str, object]) -> None:
            told.append(message)

        headers = {"accept-language": spoken, **{name.replace("_", "-"): value for name, value in more.items()}}
        path, _, query = path.partition("?")
        scope = {"type": "http", "method": method or ("GET" if fields is None else "POST"), "path": path,
                 "query_string": query.encode(), "client": ("192.0.2.7", 0),
                 "headers": [(k.encode(), v.encode()) for k, v in headers.items()]}  # fmt: skip
        await mine_app(self.p, mail_url=MAILBOX)(scope, receive, send)  # type: ignore[arg-type]
        got = {k.decode(): v.decode() for k, v in told[0]["headers"]}  # type: ignore[attr-defined]
        answer = Answer(told[0]["status"], got, bytes(told[1].get("body", b"")).decode())  # type: ignore[arg-type, call-overload]
        self.heard.append(answer)
        return answer


def letters_to(worker: Platform) -> Post:
    """Reads letters as the worker does: addresses are sealed, so every one is opened."""

    async def read(email: str) -> list[str]:
        await links.written()
        async with worker.db.begin(MAIL) as tx:
            rows = await tx.fetch("select person_id, address, told from ipp.letter order by created_at, id")
        found = []
        for row in rows:
            box = await worker.persons.open(MAIL, PLATFORM, row["person_id"])
            try:
                if box.open(Letter.address, row["address"]).open() == email:
                    found.append(str(json.loads(box.open(Letter.told, row["told"]).open())["link"]))
            except KeyDestroyed:
                continue
        return found

    return read


def secret_of(link: str) -> Secret[str]:
    """The secret at the end of a link."""
    return Secret(link.rpartition("/")[2])


def path_of(link: str) -> str:
    """A link's path."""
    return "/" + link.split("/", 3)[3]
