"""Printing: every page is written once, when the process starts, in every language; a request only picks one.

So no request can make a page fail, and nothing of a request can get into one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ippgateway.faces.pages.language import Language
from ippgateway.privacy.vocabulary import Words

_HERE = Path(__file__).parent
_CODE = re.compile(r"`([^`]+)`")
_KINDS = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """A body as it goes out, with its media type and an entity tag that names its content."""

    body: bytes
    kind: str
    tag: str


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
    """Prints sheets from `templates` (a face's own folder) and the templates that all faces share."""

    def __init__(self, templates: Path) -> None:
        self.files, self._addresses = _files(_HERE / "static")
        self._environment = Environment(
            loader=FileSystemLoader([templates, _HERE / "templates"]), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip

    def print(self, sheet: Sheet) -> dict[Language, Printed]:
        """The page in every language. Raises jinja2's UndefinedError when a template asks for what it is not told."""
        return {language: self._one(sheet, language) for language in Language}

    def _one(self, sheet: Sheet, language: Language) -> Printed:
        def say(words: Words) -> Markup:
            return prose(getattr(words, language.value))

        text = self._environment.get_template(sheet.template).render(
            sheet.facts, say=say, language=language, languages=list(Language), title=sheet.title, file=self._addresses
        )
        return printed(text.encode(), "text/html; charset=utf-8")


def prose(text: str) -> Markup:
    """Plain text as HTML; what stands between backticks is code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped in the same line


def printed(body: bytes, kind: str) -> Printed:
    """A body with its entity tag."""
    return Printed(body=body, kind=kind, tag=f'"{sha256(body).hexdigest()[:20]}"')


def _files(folder: Path) -> tuple[dict[str, Printed], dict[str, str]]:
    """The shared files by the path they are served under, which carries their content's fingerprint, and the path of
    each by its name."""
    files, addresses = {}, {}
    for path in sorted(folder.iterdir()):
        file = printed(path.read_bytes(), _KINDS[path.suffix])
        address = f"/static/{path.stem}.{file.tag[1:13]}{path.suffix}"
        files[address], addresses[path.name] = file, address
    return files, addresses
