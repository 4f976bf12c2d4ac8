"""Versions of the papers: which one is in force, which one is coming, and what became of the words between two.

A version is a file, committed with the code that keeps it: so the site can show it without asking a database, and
whoever reads the history of the code reads that of the policy. `current` says what the program does now; the newest
version has to say the same, or a test fails and nobody can agree to something else than what runs.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from ippgateway.privacy.papers.cookies import cookie_paper
from ippgateway.privacy.papers.paper import Paper, lines_of, read
from ippgateway.privacy.papers.policy import policy_paper
from ippgateway.privacy.papers.processors import processor_paper
from ippgateway.privacy.papers.terms import terms_paper
from ippgateway.privacy.vocabulary import Words

PRIVACY, COOKIES, TERMS, PROCESSORS = "privacy", "cookies", "terms", "processors"
PAPERS = (PRIVACY, COOKIES, TERMS, PROCESSORS)
_HOME = ZoneInfo("Europe/Copenhagen")
_FOLDER = Path(__file__).parent / "versions"
_WRITERS = {PRIVACY: policy_paper, COOKIES: cookie_paper, TERMS: terms_paper, PROCESSORS: processor_paper}


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version of a paper. `in_force`: the first day on which it applies."""

    in_force: date
    paper: Paper

    @property
    def name(self) -> str:
        """What people agree to: at most 24 letters, digits and hyphens."""
        return f"{self.in_force:%Y-%m-%d}-{self.paper.mark}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """What became of one section: lines that went, and lines that came, in the order of the page."""

    title: Words
    lines: tuple[tuple[str, str], ...]
    """`-` or `+`, and the line."""


def today(now: datetime) -> date:
    """Which day it is where the papers apply."""
    return now.astimezone(_HOME).date()


def current(key: str) -> Paper:
    """The paper as the declarations of this program make it now."""
    return _WRITERS[key]()


@cache
def versions(key: str) -> tuple[Version, ...]:
    """Every version of a paper, the oldest first. There is at least one. Raises FileNotFoundError."""
    return _versions(key, _FOLDER)


def _versions(key: str, folder: Path) -> tuple[Version, ...]:
    found = []
    for path in sorted(folder.glob(f"{key}-*.json")):
        plain = json.loads(path.read_text())
        found.append(Version(in_force=date.fromisoformat(plain["in_force"]), paper=read(plain["paper"])))
    if not found:
        raise FileNotFoundError(f"no version of {key}: `ippgateway policy write` makes the first")
    return tuple(sorted(found, key=lambda version: version.in_force))


def in_force(key: str, on: date) -> Version:
    """The version that applies on a day; before the first one, the first."""
    return max((v for v in versions(key) if v.in_force <= on), key=lambda v: v.in_force, default=versions(key)[0])


def coming(key: str, on: date) -> Version | None:
    """The version that will apply, when there is one."""
    return next((version for version in versions(key) if version.in_force > on), None)


def write(key: str, first_day: date, *, folder: Path = _FOLDER) -> Path | None:
    """Write down what the program does now as a new version, in force from a day on; None when the newest says it
    already. One that is not in force on that day yet and says something else is written anew. Raises ValueError for a
    day before the newest version's."""
    paper = current(key)
    known = _versions(key, folder) if list(folder.glob(f"{key}-*.json")) else ()
    if known and known[-1].paper == paper:
        return None
    if known and known[-1].in_force > first_day:
        raise ValueError(f"a version of {key} is in force from {known[-1].in_force}; a new one comes after it")
    path = folder / f"{key}-{first_day:%Y-%m-%d}.json"
    plain = {"in_force": first_day.isoformat(), "paper": asdict(paper)}
    path.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n")
    versions.cache_clear()
    return path


def behind() -> list[str]:
    """The papers whose newest version does not say what the program does."""
    return [key for key in PAPERS if versions(key)[-1].paper != current(key)]


def difference(old: Paper, new: Paper, language: str) -> tuple[Changed, ...]:
    """What went and what came between two versions, section by section; sections that stayed are left out."""
    before, after = ({section.key: section for section in paper.sections} for paper in (old, new))
    titles = {key: section.title for key, section in {**before, **after}.items()}
    changed = []
    for key in _in_order(list(before), list(after)):
        one = list(lines_of(before[key], language)) if key in before else []
        other = list(lines_of(after[key], language)) if key in after else []
        lines = tuple(_between(one, other))
        if lines:
            changed.append(Changed(title=titles[key], lines=lines))
    return tuple(changed)


def _in_order(before: list[str], after: list[str]) -> Iterator[str]:
    """As the new paper has them; what it no longer has stands at the end."""
    yield from after
    yield from (key for key in before if key not in after)


def _between(one: list[str], other: list[str]) -> Iterator[tuple[str, str]]:
    for tag, a, b, c, d in SequenceMatcher(a=one, b=other, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from (("-", line) for line in one[a:b])
            yield from (("+", line) for line in other[c:d])
