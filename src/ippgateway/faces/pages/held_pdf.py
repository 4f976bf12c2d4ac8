"""What is held about somebody as a PDF: the page `held.html` on paper, in the same order and words.

The font has the letters of the languages of Europe that are written with Latin ones; another letter stands as its
number in Unicode, and as itself in the archive for programs.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

from ippgateway.faces.pages import held_words as words
from ippgateway.faces.pages.held import Alike, Entry, beside_in, groups, label_in, received_in, told_in
from ippgateway.faces.pages.language import Language
from ippgateway.faces.pages.moments import Told
from ippgateway.faces.pages.moments import told_in as told_times
from ippgateway.privacy.rights.copy import AUTHORITY, DECISIONS, RIGHTS
from ippgateway.privacy.rights.held import Held
from ippgateway.privacy.vocabulary import Words

_FONT, _BOLD = "Vera", "VeraBd"
_TEXT = ParagraphStyle("text", fontName=_FONT, fontSize=9, leading=13)
_SMALL = ParagraphStyle("small", parent=_TEXT, fontSize=7.5, leading=10.5, textColor=HexColor(0x555555), spaceAfter=3)
_TITLE = ParagraphStyle("title", parent=_TEXT, fontName=_BOLD, fontSize=17, leading=22, spaceAfter=6)
_GROUP = ParagraphStyle("group", parent=_TEXT, fontName=_BOLD, fontSize=11.5, leading=15, spaceBefore=12, spaceAfter=3)
_EDGE = 20 * mm

Say = Callable[[Words], str]


def pdf_of(found: Held, language: Language, *, title: Words, operator: str, controller: str = "") -> bytes:
    """The document. `controller`: whose person it is, by name, when not our own. Takes some milliseconds a page, of the
    processor's time: call it in a thread."""
    face = _face()

    def say(told: Words) -> str:
        return str(getattr(told, language.value))

    def written(text: str, style: ParagraphStyle = _TEXT) -> Paragraph:
        return Paragraph(escape("".join(c if ord(c) in face else f"(U+{ord(c):04X})" for c in text)), style)

    into = BytesIO()
    document = SimpleDocTemplate(
        into, pagesize=A4, leftMargin=_EDGE, rightMargin=_EDGE, topMargin=_EDGE, bottomMargin=_EDGE, title=say(title),
        author=operator, lang=language.value, invariant=True,
    )  # fmt: skip
    story = _story(found, language, say, written, f"{say(title)}: {controller}" if controller else say(title))
    document.build(list(story), onLaterPages=_numbered, onFirstPage=_numbered)
    return into.getvalue()


def _story(
    found: Held, language: Language, say: Say, written: Callable[..., Paragraph], title: str
) -> Iterator[Any]:  # fmt: skip
    when = told_times(language)
    yield written(title, _TITLE)
    yield written(f"{found.person} · {when.moment(found.at)}", _SMALL)
    for group in groups(found):
        yield written(say(group.title), _GROUP)
        for alike in group.alike:
            for entry in alike.entries:
                yield from (written(line) for line in _entry(entry, language, say))
                yield written(_place(entry, say, when), _SMALL)
            yield from (written(line, _SMALL) for line in _why(alike, say))
            yield Spacer(0, 2 * mm)
    yield written(say(words.RECEIVED), _GROUP)
    yield from (written(line) for line in _received(found, language) or [say(words.RECEIVED_NOBODY)])
    yield written(say(words.LOOKS), _GROUP)
    yield from (written(line) for line in _looks(found, say, when) or [say(words.LOOKS_NONE)])
    yield Spacer(0, 4 * mm)
    yield from (written(say(told)) for told in (DECISIONS, RIGHTS, AUTHORITY))
    if found.more:
        yield written(f"{say(words.MORE)} {', '.join(found.more)}")


def _entry(entry: Entry, language: Language, say: Say) -> Iterator[str]:
    label, told = label_in(language), told_in(language)
    yield from (f"{label(field)}: {told(field)}" for field in entry.opened)
    yield from (f"{name}: {value}" for field in entry.fields for name, value in beside_in(language)(field))
    for shown, fields in entry.closed:
        yield f"{', '.join(label(field) for field in fields)}: {say(words.SHOWN[shown])}"


def _place(entry: Entry, say: Say, when: Told) -> str:
    parts = [say(entry.first.about), *([when.day(entry.first.since)] if entry.first.since else [])]
    if entry.first.ends_on:
        parts.append(f"{say(words.UNTIL)} {when.day(entry.first.ends_on)}")
    return " · ".join((*parts, ", ".join(entry.columns)))


def _why(alike: Alike, say: Say) -> Iterator[str]:
    keep = alike.first.said.keep
    yield f"{say(words.WHY)}: {_joined(f'{say(purpose)} ({say(basis)})' for purpose, basis in alike.purposes)}"
    if keep is not None:
        statute = f", {say(words.STATUTE)} {keep.statute}" if keep.statute else ""
        yield f"{say(words.HOW_LONG)}: {say(keep.words)}{statute}"
    if alike.source is not None:
        yield f"{say(words.SOURCE)}: {say(alike.source)}"
    if alike.ground is not None:
        yield f"{say(words.GROUND)}: {say(alike.ground)}"
    places = (f"{say(who)} ({', '.join(say(where) for where in places)})" for who, places in alike.recipients)
    yield f"{say(words.RECEIVES)}: {_joined(places) or say(words.NOBODY)}"


def _received(found: Held, language: Language) -> list[str]:
    given, when = received_in(language), told_times(language)
    return [f"{when.day(each.at)}: {who}: {what}" for each in found.received for who, what in (given(each),)]


def _looks(found: Held, say: Say, when: Told) -> list[str]:
    return [
        f"{when.moment(each.at)}: {say(each.why)}{f', {say(words.EMERGENCY)}' if each.emergency else ''} · "
        f"{', '.join(say(category.words) for category in each.categories) or '–'}"
        for each in found.looks
    ]


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(parts)


def _numbered(canvas: Any, document: Any) -> None:
    canvas.setFont(_FONT, 7.5)
    canvas.drawRightString(A4[0] - _EDGE, _EDGE / 2, str(document.page))


@cache
def _face() -> frozenset[int]:
    """The letters of the font, which is registered with the library at the first call."""
    fonts = Path(reportlab.__file__).parent / "fonts"
    text = TTFont(_FONT, fonts / f"{_FONT}.ttf")
    for each in (text, TTFont(_BOLD, fonts / f"{_BOLD}.ttf")):
        pdfmetrics.registerFont(each)
    return frozenset(text.face.charToGlyph)
