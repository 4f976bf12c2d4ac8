"""Printing: every page is written once, when the process starts, in every language; a request only picks one.

So no request can make a page fail, and nothing of a request can get into one.
"""

import gzip
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ippgateway.faces.pages.language import Language
from ippgateway.faces.pages.moments import told_in
from ippgateway.privacy.vocabulary import Words

_HERE = Path(__file__).parent
_CODE = re.compile(r"`([^`]+)`")
_TAKES_GZIP = re.compile(r"(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)", re.IGNORECASE)
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "application/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """A body as it goes out, with its media type and an entity tag that names its content. `packed`: the same with
    gzip, of files alone: where a page holds a secret, its length would tell of it (BREACH)."""

    body: bytes
    kind: str
    tag: str
    encoding: str = ""
    packed: "Printed | None" = None

    def taken(self, accepts: str) -> "Printed":
        """The form that a browser takes, by its `accept-encoding` (RFC 9110, 12.5.3)."""
        return self.packed if self.packed is not None and _TAKES_GZIP.search(accepts) else self

    @property
    def headers(self) -> dict[str, str]:
        """The headers that say what the body is."""
        said = {"content-type": self.kind, "etag": self.tag}
        if self.encoding:
            return {**said, "content-encoding": self.encoding, "vary": "accept-encoding"}
        return {**said, "vary": "accept-encoding"} if self.packed is not None else said


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A page before it is printed: its template, its title, and what the template is told."""

    template: str
    title: Words
    facts: Mapping[str, Any]


MISSING = Sheet(
    template="missing.html",
    title=Words(en="There is no such page", da="Den side findes ikke"),
    facts={},
)


class Press:
    """Prints sheets from `templates` (a face's own folder, or several) and the templates that all faces share.

    `own`: files of the face itself, by name, beside the shared ones; `under`: the path that all of them are served at;
    `operator`: the name that the pages stand under, wherever words or templates say so (BRAND-1).
    """

    def __init__(
        self, templates: Path | Sequence[Path], *, own: Mapping[str, bytes] | None = None, under: str = "/static",
        operator: str = "IPP",
    ) -> None:  # fmt: skip
        self._operator = operator
        folders = [templates] if isinstance(templates, Path) else templates
        self.files, self.addresses = _files(_HERE / "static", own or {}, under)
        self._environment = Environment(
            loader=FileSystemLoader([*folders, _HERE / "templates"]), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip

    def print(self, sheet: Sheet) -> dict[Language, Printed]:
        """The page in every language. Raises jinja2's UndefinedError when a template asks for what it is not told."""
        return {language: self.one(sheet, language) for language in Language}

    def one(self, sheet: Sheet, language: Language) -> Printed:
        """The page in one language, for what can't be printed at the start: pages that know who reads them."""

        def say(words: Words) -> Markup:
            return prose(getattr(words.under(self._operator), language.value))

        text = self._environment.get_template(sheet.template).render(
            sheet.facts, say=say, language=language, languages=list(Language), title=sheet.title, file=self.addresses,
            operator=self._operator, day=told_in(language).day, moment=told_in(language).moment,
        )  # fmt: skip
        return printed(text.encode(), "text/html; charset=utf-8")


def prose(text: str) -> Markup:
    """Plain text as HTML; what stands between backticks is code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped in the same line


def printed(body: bytes, kind: str) -> Printed:
    """A body with its entity tag."""
    return Printed(body=body, kind=kind, tag=f'"{sha256(body).hexdigest()[:20]}"')


def _packed(file: Printed) -> Printed:
    """With its packed form, where that is smaller."""
    packed = gzip.compress(file.body, mtime=0)
    if len(packed) >= len(file.body):
        return file
    return replace(file, packed=Printed(body=packed, kind=file.kind, tag=f'{file.tag[:-1]}-gzip"', encoding="gzip"))


def fingerprinted(name: str, file: Printed) -> str:
    """A file's name with the fingerprint of its content."""
    return f"{Path(name).stem}.{file.tag[1:13]}{Path(name).suffix}"


def _files(folder: Path, own: Mapping[str, bytes], under: str) -> tuple[dict[str, Printed], dict[str, str]]:
    """Shared and own files by the path they are served under, which carries their content's fingerprint, and the path
    of each by its name."""
    files, addresses = {}, {}
    for name, body in [*((path.name, path.read_bytes()) for path in sorted(folder.iterdir())), *own.items()]:
        file = _packed(printed(body, _KINDS[Path(name).suffix]))
        address = f"{under}/{fingerprinted(name, file)}"
        files[address], addresses[name] = file, address
    return files, addresses
