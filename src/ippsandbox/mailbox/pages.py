"""The page that shows the letters, and the same as JSON for programs."""

import re
from collections.abc import Awaitable, Callable
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ippsandbox.mailbox import words
from ippsandbox.mailbox.box import Box
from ippsandbox.mailbox.words import Said
from ippsandbox.process import log

LANGUAGES = ("en", "da")
MOST_SHOWN = 50

_HERE = Path(__file__).parent
_KINDS = {".css": "text/css", ".svg": "image/svg+xml"}
_HOSTS = frozenset({"mail.localhost", "localhost", "127.0.0.1"})
_LONGEST_HEADER = 200
_LONGEST_ADDRESS = 254
_LINK = re.compile(r"https?://[^\s<>\"]+", re.ASCII)
_CODE = re.compile(r"`([^`]+)`")
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A letter's link opens something: where it is followed to is told nothing of this page.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
                               "base-uri 'none'; frame-ancestors 'none'",
}  # fmt: skip
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def preferred(accept_language: str) -> str:
    """The first of our languages that a browser names; English when it names none."""
    for part in accept_language[:_LONGEST_HEADER].split(","):
        tag = part.partition(";")[0].strip().lower().partition("-")[0]
        if tag in LANGUAGES:
            return tag
    return LANGUAGES[0]


def linked(text: str) -> Markup:
    """Plain text as HTML, in which addresses are links."""
    parts, at = [], 0
    for found in _LINK.finditer(text):
        address = found.group().rstrip(".,)")
        parts += [escape(text[at : found.start()]), Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(address)]
        at = found.start() + len(address)
    return Markup("").join([*parts, escape(text[at:])])


class Mailbox:
    """All that a request needs."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._files = {path.name: path.read_bytes() for path in sorted((_HERE / "static").iterdir())}
        marks = {name: sha256(body).hexdigest()[:12] for name, body in self._files.items()}
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self._environment.globals.update(
            w=words, languages=LANGUAGES, linked=linked,
            file={name: f"/static/{name}?{mark}" for name, mark in marks.items()},
        )  # fmt: skip

    def app(self) -> web.Application:
        """The program's pages."""
        app = web.Application(middlewares=[self.honest])
        app.add_routes([
            web.get("/", self.letters),
            web.get("/{language:" + "|".join(LANGUAGES) + "}", self.letters),
            web.get("/messages.json", self.messages),
            web.get("/static/{name}", self.file),
            web.get("/health", self.health),
        ])  # fmt: skip
        return app

    async def letters(self, request: web.Request) -> web.Response:
        """What was sent, the newest first; with `?to=` what was sent to one address."""
        to = _wanted(request)
        shown = list(islice(self._box.newest(to=to), MOST_SHOWN))
        return self._page("letters.html", _language(request), letters=shown, to=to)

    async def messages(self, request: web.Request) -> web.Response:
        """The same for programs: `{"messages": [{"to", "subject", "text", "links", …}]}`."""
        found = [letter.told() for letter in self._box.newest(to=_wanted(request))]
        return web.json_response({"messages": found}, headers=_SECURITY)

    async def file(self, request: web.Request) -> web.Response:
        """Style sheet and mark."""
        name = request.match_info["name"]
        if name not in self._files:
            raise web.HTTPNotFound
        kind = _KINDS[Path(name).suffix]
        headers = {**_SECURITY, "Cache-Control": "no-cache"}
        return web.Response(body=self._files[name], content_type=kind, charset="utf-8", headers=headers)

    async def health(self, _: web.Request) -> web.Response:
        """That it runs."""
        return web.json_response({"status": "ok"})

    @web.middleware
    async def honest(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Letters hold links that open something, so a name that somebody else's page points at this machine is not
        answered. Whatever goes wrong ends in a page that says so."""
        if request.url.host not in _HOSTS:
            return web.Response(status=421, text="not a name of this program\n", headers=_SECURITY)
        try:
            return await handler(request)
        except web.HTTPException as answer:
            if answer.status < 400:
                raise
            return self._page("told.html", _language(request), status=answer.status, title=words.MISSING)
        except Exception as error:
            # Python's own report would quote what it was given; the kind is enough to look for it.
            log.error("internal error kind=%s", type(error).__name__)
            return self._page("told.html", _language(request), status=500, title=words.BROKEN)

    def _page(self, template: str, language: str, *, status: int = 200, **told: Any) -> web.Response:
        def say(text: Said) -> Markup:
            return Markup(_CODE.sub(r"<code>\1</code>", str(escape(getattr(text, language)))))  # noqa: S704 - escaped

        body = self._environment.get_template(template).render(language=language, say=say, **{"to": "", **told})
        headers = {**_SECURITY, "Content-Language": language, "Vary": "Accept-Language"}
        return web.Response(text=body, content_type="text/html", charset="utf-8", status=status, headers=headers)


def _language(request: web.Request) -> str:
    return request.match_info.get("language") or preferred(request.headers.get("Accept-Language", ""))


def _wanted(request: web.Request) -> str:
    return request.query.get("to", "").strip()[:_LONGEST_ADDRESS]
