"""Writes our letters: plain text, in the reader's language, from words of ours and what a letter is told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from textwrap import fill
from zoneinfo import ZoneInfo

from ippgateway.domains.mail.errors import BadLetter
from ippgateway.domains.mail.schemas import Kind
from ippgateway.domains.mail.words import FROM, LISTED, POLICY, SIGNED, WORDINGS
from ippgateway.privacy.vocabulary import Words

__all__ = ["TOLD", "Kind", "Written", "check", "write"]

TOLD = frozenset({"link", "code", "name", "when", "where", "company", "device", "what", "day"})
"""What a letter may be told. `link`: an address at one of our faces; `when`: ISO 8601, else the moment it was owed;
`where`: a network; `device`: browser and system; `name`: who did it; `company`: whose account; `what`: what it is
about, such as a factor's label; `day`: ISO 8601."""

_HOME = ZoneInfo("Europe/Copenhagen")
_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "da": "januar februar marts april maj juni juli august september oktober november december".split(),
}
_WIDTH = 72
_LONGEST = 80
_LONGEST_LINK = 2048
_LINK = re.compile(r"https?://[!-~]+", re.ASCII)
_UNSEEN = re.compile(r"[^\w\s!-~\u00a1-\u00ff\u2010-\u2027]+")
_MADE_A_LINK = re.compile(r"(?<=\w)\.(?=[^\W\d_])|(?<=:)(?=//)")


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Written:
    """A letter as it is sent. The text may hold a link that opens something: it is shown to nobody else."""

    subject: str
    text: str


def check(kind: Kind, told: Mapping[str, str]) -> None:
    """Whether a letter of this kind can be written. Raises BadLetter: a mistake of ours."""
    if not told.keys() <= TOLD or not WORDINGS[kind].needs <= {name for name, text in told.items() if text}:
        raise BadLetter(kind.value)
    link = told.get("link", "")
    if link and (len(link) > _LONGEST_LINK or not _LINK.fullmatch(link)):
        raise BadLetter(kind.value)


def write(
    kind: Kind, language: str, told: Mapping[str, str], *, at: datetime, places: Mapping[str, str],
    operator: str = "IPP",
) -> Written:  # fmt: skip
    """A letter. `at`: when what it tells of happened, unless it is told so; `places`: addresses of ours that a letter
    may name (security, forgot, partner, site, policy, and of marketing stop); `operator`: under whose name we write.
    Raises BadLetter."""
    check(kind, told)
    wording, language = WORDINGS[kind], language if language in _MONTHS else "en"
    facts = {name: text if name == "link" else _tame(text) for name, text in told.items() if text}
    if "day" in facts:
        facts["day"] = _day(facts["day"], language)
    facts |= {"when": _moment(told.get("when", ""), at, language), "operator": operator}
    after = (*wording.ends, *((wording.not_you,) if wording.not_you else ()))
    parts = [
        *_paragraphs(wording.begins, facts | dict(places), language),
        *((_listed(facts, language),) if wording.lists else ()),
        *_paragraphs(after, facts | dict(places), language),
        "\n".join(("-- ", _say(FROM.under(operator), language), *filter(None, (places.get("site"),)))),
        fill(_say(wording.signed or SIGNED, language), _WIDTH),
        *_paragraphs((POLICY,), places, language),
    ]
    return Written(subject=_say(wording.subject.under(operator), language), text="\n\n".join(parts) + "\n")


def _say(words: Words, language: str) -> str:
    return words.da if language == "da" else words.en


def _paragraphs(all_of_them: tuple[Words, ...], facts: Mapping[str, str], language: str) -> list[str]:
    """Those that need nothing which was not told."""
    texts = [_say(words, language) for words in all_of_them]
    return [_set(text, facts) for text in texts if _named(text) <= facts.keys()]


def _named(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _set(text: str, facts: Mapping[str, str]) -> str:
    """Lines of a readable width; an address stands on a line of its own and is never broken."""
    return "\n".join(
        fill(line.format_map(facts), _WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )


def _listed(facts: Mapping[str, str], language: str) -> str:
    lines = [(_say(label, language), facts[name]) for name, label in LISTED.items() if name in facts]
    if "code" in facts:
        lines.append(({"en": "Code", "da": "Kode"}[language], facts["code"]))
    width = max(len(label) for label, _ in lines) + 2
    return "\n".join(f"  {label + ':':<{width}}{text}" for label, text in lines)


def _tame(text: str) -> str:
    """What somebody typed, as one short line of letters, digits and common signs, in which no mail program finds an
    address to make a link of: else a name would be a way to send strangers to other people's pages in our name."""
    line = " ".join(_UNSEEN.sub(" ", text).split())
    line = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
    return _MADE_A_LINK.sub(lambda found: f"{found.group()} ", line)


def _day(told: str, language: str) -> str:
    """`1 December 2026`, `1. december 2026`."""
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return told
    month = _MONTHS[language][day.month - 1]
    return f"{day.day}{'.' if language == 'da' else ''} {month} {day.year}"


def _moment(told: str, at: datetime, language: str) -> str:
    """`30 November 2026, 14:02`, `30. november 2026 kl. 14.02`, with the zone that it is in."""
    try:
        moment = datetime.fromisoformat(told) if told else at
    except ValueError:
        return _tame(told)
    here = (moment if moment.tzinfo else moment.replace(tzinfo=at.tzinfo)).astimezone(_HOME)
    month = _MONTHS[language][here.month - 1]
    if language == "da":
        return f"{here.day}. {month} {here.year} kl. {here:%H.%M} ({here:%Z})"
    return f"{here.day} {month} {here.year}, {here:%H:%M} ({here:%Z})"
