"""The shop's pages: templates, languages, and headers that let the browser refuse what no page needs."""

import re
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ippsandbox.shop import words
from ippsandbox.shop.things import CARDS, THINGS, Said

LANGUAGES = ("en", "da")

_HERE = Path(__file__).parent
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_CODE = re.compile(r"`([^`]+)`")
_LONGEST_HEADER = 200
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A receipt's address carries the key of its transaction.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def preferred(accept_language: str) -> str:
    """The first of our languages that a browser names; English when it names none."""
    for part in accept_language[:_LONGEST_HEADER].split(","):
        tag = part.partition(";")[0].strip().lower().partition("-")[0]
        if tag in LANGUAGES:
            return tag
    return LANGUAGES[0]


def policy(*, pay_url: str = "", widget: bool = False) -> str:
    """A page's content policy. `pay_url`: where its form may lead. `widget`: card fields of that origin stand in it."""
    theirs = f" {pay_url}" if widget else ""
    rules = [
        "default-src 'none'", f"script-src 'self'{theirs}", f"style-src 'self'{theirs}", f"img-src 'self'{theirs}",
        f"connect-src 'self'{theirs}", f"form-action 'self' {pay_url}".rstrip(), "base-uri 'none'",
        "frame-ancestors 'none'",
    ]  # fmt: skip
    if widget:
        rules.append(f"frame-src {pay_url}")  # a cardholder's bank asks in a frame of that origin's own page
    return "; ".join(rules)


def money(amount_minor: int, language: str) -> str:
    """Kroner as the language writes them."""
    text = f"{amount_minor // 100:,}.{amount_minor % 100:02d}"
    if language == "da":
        return text.translate(str.maketrans(",.", ".,")) + " kr."
    return f"DKK {text}"


def clock_time(at: datetime) -> str:
    """The time of day on this machine, to the second."""
    return f"{at.astimezone():%H:%M:%S}"


class Pages:
    """Prints pages, and holds the shop's own files."""

    def __init__(self) -> None:
        self._files = {path.name: path.read_bytes() for path in sorted((_HERE / "static").iterdir())}
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        marks = {name: sha256(body).hexdigest()[:12] for name, body in self._files.items()}
        self._environment.globals.update(
            w=words, things=tuple(THINGS.values()), cards=CARDS, languages=LANGUAGES, clock_time=clock_time,
            file={name: f"/static/{name}?{mark}" for name, mark in marks.items()},
        )  # fmt: skip

    def answer(
        self, template: str, language: str, *, path: str, status: int = 200, csp: str | None = None, **told: Any
    ) -> web.Response:
        """A page. `path`: where it is in either language, behind `/en` or `/da`, with its query."""

        def say(text: Said) -> Markup:
            return prose(getattr(text, language))

        def price(amount_minor: int) -> str:
            return money(amount_minor, language)

        body = self._environment.get_template(template).render(
            language=language, path=path, say=say, price=price, **told
        )
        headers = {**_SECURITY, "Content-Language": language, "Content-Security-Policy": csp or policy()}
        return web.Response(text=body, content_type="text/html", charset="utf-8", status=status, headers=headers)

    def file(self, name: str) -> web.Response:
        """One of the shop's own files. Raises HTTPNotFound."""
        if name not in self._files:
            raise web.HTTPNotFound
        headers = {**_SECURITY, "Cache-Control": "no-cache"}
        kind = _KINDS[Path(name).suffix]
        return web.Response(body=self._files[name], content_type=kind, charset="utf-8", headers=headers)


def prose(text: str) -> Markup:
    """Plain text as HTML; what stands between backticks is code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped in the same line
