"""How it stands with the promises: what is promised, and what the checks last found, for everybody to read.

Whoever checks posts it, whoever shows it reads it (`trustfile`). Nothing in it is about anybody: a sentence that has
the shape of something personal is withheld here, whichever check wrote it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from ippgateway.privacy.vocabulary import Words

LONGEST_EVIDENCE = 1_200
MOST_DAYS = 400
MOST_LINES = 500
BY_HAND_S = 86_400
"""How often somebody looks who checks by hand: a term to be late by, where no schedule gives one."""

Moment = Annotated[datetime, Meta(tz=True)]
Text = Annotated[str, Meta(max_length=LONGEST_EVIDENCE)]
Id = Annotated[str, Meta(pattern=r"^[A-Z]{2,10}-[0-9]{1,3}$")]


class Standing(StrEnum):
    """How it stands with a promise. A check that could not run has found nothing: that is never `kept`."""

    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"
    UNCHECKED = "not checked"
    NOT_BUILT = "not built"


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: its id, which never changes, and what it says to people."""

    id: str
    title: Words


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the register."""

    key: str
    title: Words
    promises: tuple[Promise, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What was found of a promise. `evidence`: one sentence of facts and counts; `surfaces`: where it was looked."""

    id: str
    standing: Standing
    evidence: str
    surfaces: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """How it stands with a promise. `since`: from when on every check found the same; `checked_at`: when a check last
    could look, None as long as none could."""

    id: Id
    standing: Standing
    evidence: Text
    surfaces: tuple[Text, ...]
    since: Moment
    checked_at: Moment | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """How many promises stood how, by the last result of a day (UTC)."""

    day: date
    kept: int
    partly: int
    broken: int
    unchecked: int
    not_built: int

    def of(self, standing: Standing) -> int:
        """The number of one standing."""
        return int(getattr(self, standing.name.lower()))


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What the checks found at a moment, and how it was before. `every_s`: how often they run, 0 by hand alone."""

    at: Moment
    every_s: Annotated[int, Meta(ge=0)]
    lines: Annotated[tuple[Line, ...], Meta(max_length=MOST_LINES)]
    days: Annotated[tuple[Day, ...], Meta(max_length=MOST_DAYS)]

    def late_from(self) -> datetime:
        """From when on it is too old to say how it stands: two terms, so that one missed run alone tells nobody."""
        return self.at + timedelta(seconds=2 * (self.every_s or BY_HAND_S))


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """What there is to show at a moment. `late`: too old to say how it stands now; `unreadable`: something is there
    and it is no result."""

    result: Result | None = None
    late: bool = False
    unreadable: bool = False
    _lines: dict[str, Line] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._lines.update({line.id: line for line in (self.result.lines if self.result else ())})

    def of(self, promise_id: str) -> Line | None:
        """What was last found of a promise."""
        return self._lines.get(promise_id)

    def is_kept(self, promise_id: str) -> bool:
        """Whether somebody may be told that it is kept: the newest check says so, and it is new enough."""
        line = self.of(promise_id)
        return line is not None and line.standing is Standing.KEPT and not self.late


def following(before: Result | None, found: Sequence[Found], *, at: datetime, every_s: int) -> Result:
    """The result that comes after another."""
    known = {line.id: line for line in (before.lines if before else ())}
    lines = tuple(_line(each, known.get(each.id), at) for each in found)
    earlier = [day for day in (before.days if before else ()) if day.day != at.date()]
    return Result(at=at, every_s=every_s, lines=lines, days=(*earlier, _day(at.date(), lines))[-MOST_DAYS:])


def _line(found: Found, before: Line | None, at: datetime) -> Line:
    same = before is not None and before.standing is found.standing
    looked = at if found.standing is not Standing.UNCHECKED else before.checked_at if before else None
    return Line(
        id=found.id, standing=found.standing, evidence=fit_for_all(found.evidence), surfaces=found.surfaces,
        since=before.since if before is not None and same else at, checked_at=looked,
    )  # fmt: skip


def _day(day: date, lines: Iterable[Line]) -> Day:
    counted = Counter(line.standing.name.lower() for line in lines)
    return Day(day=day, **{standing.name.lower(): counted[standing.name.lower()] for standing in Standing})


# --- nothing about anybody ---

WITHHELD = "the sentence is withheld, because it has the shape of something personal"
_PERSONAL = re.compile(
    r"""
      [^\s@]@[^\s@]+\.[^\s@]              # an e-mail address
    | \d{12,}                            # a card number, or most of one
    | (?<!\d)\d{4}[ -]\d{4,6}[ -]\d{4}   # the same in groups
    | (?<!\d)\d{6}-\d{4}(?!\d)            # a CPR number
    | \+\d(?:[ -]?\d){6,}                 # a telephone number
    | (?<![\d.])(?:\d{1,3}\.){3}\d{1,3}   # an address of the internet
    | (?:[0-9a-f]{1,4}:){3,}[0-9a-f]{0,4} # the same, the longer ones
    | (?<![\w-])(?=[\w-]*\d)[0-9A-Za-z]{4}(?:-[0-9A-Za-z]{4}){2}(?![\w-])  # an id of ours
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)


def fit_for_all(evidence: str) -> str:
    """The sentence, or that it is withheld; never longer than `LONGEST_EVIDENCE`."""
    if _PERSONAL.search(evidence):
        return WITHHELD
    return evidence if len(evidence) <= LONGEST_EVIDENCE else f"{evidence[: LONGEST_EVIDENCE - 1]}…"
