"""The pages of what applies: the policy, cookies, terms, processors, and what changed between their versions.

They are printed from files that are committed with the code, so that the site's process still reads no row of any
table: whoever takes it over finds a login role without a purpose.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from ippgateway.faces.pages.app import Dated
from ippgateway.faces.pages.language import Language
from ippgateway.faces.pages.press import Sheet
from ippgateway.faces.site import paper_words as words
from ippgateway.privacy.papers.paper import Paper, filled
from ippgateway.privacy.papers.versions import PAPERS, PRIVACY, Changed, Version, difference, versions
from ippgateway.privacy.vocabulary import Words

CHANGES = "privacy/changes"
LINKS: tuple[tuple[str, Words], ...] = (
    *((key, versions(key)[-1].paper.title) for key in PAPERS), (CHANGES, words.CHANGES),
)  # fmt: skip
"""What stands at the foot of every page: path and name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """From one version of a paper to the next, in both languages. `before`: None for the first one."""

    title: Words
    version: Version
    before: Version | None
    changed: Mapping[Language, tuple[Changed, ...]]


def pages(places: Mapping[str, str]) -> dict[str, Sheet | Dated]:
    """Every page by its path; `places`: what stands for the names in braces."""
    found: dict[str, Sheet | Dated] = {}
    for key in PAPERS:
        known = versions(key)
        found[key] = Dated(sheets=[
            (version.in_force, _sheet(version, places, coming=_next(known, version))) for version in known
        ])  # fmt: skip
        found |= {f"{key}/{each.in_force.isoformat()}": _sheet(each, places, old=each) for each in known}
    return {**found, CHANGES: Sheet(
        template="changes.html", title=words.CHANGES, facts={"w": words, "steps": _steps(places)},
    )}  # fmt: skip


def _next(known: tuple[Version, ...], version: Version) -> Version | None:
    return next((each for each in known if each.in_force > version.in_force), None)


def _sheet(
    version: Version, places: Mapping[str, str], *, coming: Version | None = None, old: Version | None = None
) -> Sheet:
    paper = filled(version.paper, places)
    return Sheet(template="paper.html", title=paper.title, facts={
        "w": words, "paper": paper, "version": version, "coming": coming, "old": old, "changes": CHANGES,
        "made": version.paper.key == PRIVACY,
    })  # fmt: skip


def _steps(places: Mapping[str, str]) -> list[Step]:
    """Every version there was, the newest first, each with what it changed."""
    steps = []
    for key in PAPERS:
        known = versions(key)
        first = Step(title=known[0].paper.title, version=known[0], before=None, changed={})
        steps += [first, *(_step(old, new, places) for old, new in pairwise(known))]
    return sorted(steps, key=lambda step: (step.version.in_force, step.before is not None), reverse=True)


def _step(old: Version, new: Version, places: Mapping[str, str]) -> Step:
    before, after = _both(old.paper, new.paper, places)
    return Step(
        title=new.paper.title, version=new, before=old,
        changed={language: difference(before, after, language.value) for language in Language},
    )  # fmt: skip


def _both(old: Paper, new: Paper, places: Mapping[str, str]) -> tuple[Paper, Paper]:
    return filled(old, places), filled(new, places)
