"""The page that says how it stands with every promise, and the same for programs.

What the checks found comes in a file (`privacy.trustfile`): this process reads no row of any table, and can find
nothing out by itself. What is missing, too old or can't be read is told as that, and never as kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from ippgateway.faces.pages.evidence import NOT_YET, PAGE, Evidence
from ippgateway.faces.pages.press import Printed, Sheet, printed
from ippgateway.faces.site import trust_words as words
from ippgateway.faces.site.trust_plot import UPWARDS, drawn
from ippgateway.privacy.trust import Line, Promise, Section, Seen, Standing
from ippgateway.privacy.trustfile import Posted
from ippgateway.privacy.vocabulary import Words

JSON = f"{PAGE}.json"
SHEET = Sheet(template="trust.html", title=words.TITLE, facts={
    "w": words, "json": JSON, "Standing": Standing, "upwards": UPWARDS,
})  # fmt: skip
_UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A promise as the page tells of it. `sign`: the name of its sign; `said`: the same in words; `line`: what was last
    found, None when nothing was."""

    promise: Promise
    sign: str
    said: Words
    line: Line | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A section of the register with its promises. `kept`: how many of them are."""

    section: Section
    promises: tuple[Told, ...]

    @property
    def kept(self) -> int:
        """How many are found kept; that is no claim when the result is too old."""
        return _count(self.promises, Standing.KEPT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """The whole of it."""

    parts: tuple[Part, ...]
    seen: Seen

    @property
    def promises(self) -> tuple[Told, ...]:
        """Every promise."""
        return tuple(told for part in self.parts for told in part.promises)

    @property
    def counts(self) -> dict[Standing, int]:
        """How many stand how, those apart that nothing was found of."""
        return {standing: _count(self.promises, standing) for standing in Standing}

    @property
    def wanting(self) -> tuple[Told, ...]:
        """What somebody should look at: broken, or not to be checked."""
        wrong = (Standing.BROKEN, Standing.UNCHECKED)
        return tuple(told for told in self.promises if told.line is not None and told.line.standing in wrong)


class News:
    """What the site is told of the promises: the same object for as long as nothing changed."""

    def __init__(self, sections: Sequence[Section], posted: Posted) -> None:
        self._sections = sections
        self._posted = posted
        self._take(posted.now())

    def __call__(self) -> Mapping[str, object]:
        """What every template is told."""
        seen = self._posted.now()
        if seen is not self._seen:
            self._take(seen)
        return self._facts

    def json(self) -> Printed:
        """For programs."""
        self()
        return self._json

    def _take(self, seen: Seen) -> None:
        page = page_of(self._sections, seen)
        self._seen = seen
        self._facts: Mapping[str, object] = {
            "trust": Evidence(seen, ""), "page": page, "plot": drawn(seen.result.days if seen.result else ()),
            "every": words.every(seen.result.every_s) if seen.result else NOT_YET,
        }  # fmt: skip
        self._json = printed(msgspec.json.encode(for_programs(page)), "application/json")


def page_of(sections: Sequence[Section], seen: Seen) -> Page:
    """The page as it follows from what there is to show."""
    parts = (
        Part(section=section, promises=tuple(_told(promise, seen) for promise in section.promises))
        for section in sections
    )
    return Page(parts=tuple(parts), seen=seen)


def _told(promise: Promise, seen: Seen) -> Told:
    line = seen.of(promise.id)
    if line is None:
        return Told(promise=promise, sign=_UNKNOWN, said=words.NOT_FOUND, line=None)
    if seen.late:
        return Told(promise=promise, sign=_UNKNOWN, said=words.WAS[line.standing], line=line)
    return Told(promise=promise, sign=line.standing.name.lower(), said=words.IS[line.standing], line=line)


def _count(promises: Sequence[Told], standing: Standing) -> int:
    return sum(told.line is not None and told.line.standing is standing for told in promises)


def for_programs(page: Page) -> dict[str, Any]:
    """The same as plain values. `late`: too old to say how it stands now; every `status` is then what it was. A status
    is null where nothing was found."""
    result = page.seen.result
    return {
        "format": 1,
        "checked_at": _moment(result.at if result else None),
        "every_s": result.every_s if result else None,
        "late": page.seen.late,
        "late_from": _moment(result.late_from() if result else None),
        "unreadable": page.seen.unreadable,
        "counts": {standing.value: number for standing, number in page.counts.items()} | {"all": len(page.promises)},
        "promises": [
            {**_as_json(told), "section": part.section.key} for part in page.parts for told in part.promises
        ],
        "days": [
            {"day": day.day.isoformat(), **{standing.value: day.of(standing) for standing in Standing}}
            for day in (result.days if result else ())
        ],
    }  # fmt: skip


def _as_json(told: Told) -> dict[str, Any]:
    line, title = told.line, told.promise.title
    return {
        "id": told.promise.id,
        "title": {"en": title.en, "da": title.da},
        "status": line.standing.value if line else None,
        "evidence": line.evidence if line else None,
        "looked_at": list(line.surfaces) if line else [],
        "checked_at": _moment(line.checked_at if line else None),
        "since": _moment(line.since if line else None),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at is not None else None
