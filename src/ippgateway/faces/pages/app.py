"""A face's pages as an ASGI application: a home page in every language, the shared files, and a page for all else."""

from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ippgateway.faces.pages import headers
from ippgateway.faces.pages.language import Language, preferred
from ippgateway.faces.pages.press import MISSING, Press, Printed, Sheet

_READING = frozenset({"GET", "HEAD"})
_LONGEST_TAGS = 500
_OF_A_BODY = frozenset({"content-type", "content-encoding"})


def pages_app(home: Sheet, *, templates: Path) -> ASGIApp:
    """`home` at `/` (the reader's language), `/en` and `/da`; files below `/static/`; 404 and 405 with a page.

    Prints everything now, so that a page that can't be printed stops the start. Handles `http` only. Sets no cookie,
    and answers the same whatever the query says.
    """
    press = Press(templates)
    return _Pages(press.print(home), press.print(MISSING), press.files)


class _Pages:
    def __init__(
        self, home: dict[Language, Printed], missing: dict[Language, Printed], files: dict[str, Printed]
    ) -> None:
        self._home = home
        self._missing = missing
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        asked, path = Headers(scope=scope), scope["path"]
        language = preferred(asked.get("accept-language", ""))
        if scope["method"] not in _READING:
            return _absent(self._missing[language], language, 405)
        if path in self._files:
            file = self._files[path].taken(asked.get("accept-encoding", ""))
            return _response(file, asked, {"cache-control": headers.FILE_CACHE})
        named = path.strip("/")
        if named in ("", *Language):
            chosen = Language(named) if named else language
            return _response(self._home[chosen], asked, {**_spoken(chosen), "cache-control": headers.PAGE_CACHE})
        return _absent(self._missing[language], language, 404)


def _response(what: Printed, asked: Headers, more: dict[str, str]) -> Response:
    """The body, or only the word that the reader has it already (RFC 9110, 13.1.2)."""
    known = asked.get("if-none-match", "")[:_LONGEST_TAGS]
    fields = {**headers.SECURITY, **what.headers, **more}
    if what.tag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return Response(status_code=304, headers={k: v for k, v in fields.items() if k not in _OF_A_BODY})
    return Response(what.body, headers=fields)


def _absent(what: Printed, language: Language, status: int) -> Response:
    fields = {**headers.SECURITY, **_spoken(language), "cache-control": headers.MISSING_CACHE}
    if status == 405:
        fields["allow"] = "GET, HEAD"
    return Response(what.body, status_code=status, headers={**fields, "content-type": what.kind})


def _spoken(language: Language) -> dict[str, str]:
    return {"content-language": language.value, "vary": "accept-language"}
