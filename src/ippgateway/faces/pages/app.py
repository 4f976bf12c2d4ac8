"""A face's pages as an ASGI application: pages in every language, the shared files, and a page for all else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Dated:
    """A page that becomes another one on a day: what it is from each first day on, the oldest first."""

    sheets: Sequence[tuple[date, Sheet]]


def pages_app(
    home: Sheet, *, templates: Path, today: Callable[[], date], more: Mapping[str, Sheet | Dated] | None = None,
    shared: Mapping[str, object] | None = None, news: Callable[[], Mapping[str, object]] | None = None,
    data: Mapping[str, Callable[[], Printed]] | None = None, operator: str = "IPP",
) -> ASGIApp:  # fmt: skip
    """`home` at `/` (the reader's language), `/en` and `/da`, and each of `more` at its path in the same three ways;
    files below `/static/`; 404 and 405 with a page. `shared`: what every template is told; `operator`: under whose
    name they stand. `today`: which day it is. `news`: what every template is told besides; when it gives another
    object than before, whatever is asked for next is printed anew. `data`: what is for programs, by its path.

    Prints everything now, so that a page that can't be printed stops the start. Handles `http` only. Sets no cookie,
    and answers the same whatever the query says.
    """
    press, told = Press(templates, operator=operator), dict(shared or {})
    sheets = {
        (path, day): _with(sheet, told, path)
        for path, found in {"": home, **(more or {})}.items()
        for day, sheet in _dated(found)
    }
    missing = press.print(_with(MISSING, told, ""))
    return _Pages(_Edition(press, sheets, news or _no_news), missing, press.files, data or {}, today)


def _dated(found: Sheet | Dated) -> Sequence[tuple[date, Sheet]]:
    return found.sheets if isinstance(found, Dated) else [(date.min, found)]


_NO_NEWS: Mapping[str, object] = {}


def _no_news() -> Mapping[str, object]:
    return _NO_NEWS


def _with(sheet: Sheet, told: Mapping[str, object], path: str) -> Sheet:
    return replace(sheet, facts={**told, **sheet.facts, "here": f"/{path}" if path else ""})


class _Edition:
    """Every page as it is printed with the newest news."""

    def __init__(
        self, press: Press, sheets: Mapping[tuple[str, date], Sheet], news: Callable[[], Mapping[str, object]]
    ) -> None:
        self._press = press
        self._sheets = sheets
        self._read = news
        self._news = news()
        self._printed = {which: self._print(sheet) for which, sheet in sheets.items()}
        self.days: dict[str, list[date]] = {}
        """The first days of each page, the oldest first, by its path."""
        for path, day in sheets:
            self.days.setdefault(path, []).append(day)

    def page(self, path: str, day: date) -> dict[Language, Printed]:
        """A page by its path and first day."""
        news = self._read()
        if news is not self._news:
            self._news, self._printed = news, {}
        if (path, day) not in self._printed:
            self._printed[path, day] = self._print(self._sheets[path, day])
        return self._printed[path, day]

    def _print(self, sheet: Sheet) -> dict[Language, Printed]:
        return self._press.print(replace(sheet, facts={**sheet.facts, **self._news}))


class _Pages:
    def __init__(
        self, edition: _Edition, missing: dict[Language, Printed], files: dict[str, Printed],
        data: Mapping[str, Callable[[], Printed]], today: Callable[[], date],
    ) -> None:  # fmt: skip
        self._edition = edition
        self._missing = missing
        self._files = files
        self._data = data
        self._today = today

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
        if (name := path.strip("/")) in self._data:
            return _response(self._data[name](), asked, {"cache-control": headers.PAGE_CACHE})
        first, _, rest = path.strip("/").partition("/")
        chosen, named = (Language(first), rest) if first in list(Language) else (language, path.strip("/"))
        if named not in self._edition.days:
            return _absent(self._missing[chosen], chosen, 404)
        page = self._edition.page(named, self._first_day(self._edition.days[named]))[chosen]
        return _response(page, asked, {**_spoken(chosen), "cache-control": headers.PAGE_CACHE})

    def _first_day(self, days: Sequence[date]) -> date:
        """The first day of what a page is today; before its first one, of what it will be then."""
        today = self._today()
        return next((day for day in reversed(days) if day <= today), days[0])


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
