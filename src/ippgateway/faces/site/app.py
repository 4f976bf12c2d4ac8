"""The public site as an ASGI application: what this is, a first payment, what is kept; the policy and the terms; how it
stands with the promises."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from starlette.types import ASGIApp

from ippgateway.faces.pages.app import pages_app
from ippgateway.faces.pages.evidence import LINK, PAGE
from ippgateway.faces.pages.press import Sheet
from ippgateway.faces.site import kept, papers, testcards, trust, walk, words
from ippgateway.privacy.trust import Section
from ippgateway.privacy.trustfile import Posted


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteFacts:
    """What the site is told. `cards`: outcome -> test card number. `checked_at`: when this process compared the
    database's rights with the declarations, which every zone does before it serves. Addresses end without a slash;
    that of the demo shop says nothing without a sandbox. `operator`: under whose name it stands."""

    cards: Mapping[str, str]
    version: str
    api_url: str
    console_url: str
    mine_url: str
    shop_url: str
    sandbox: bool
    checked_at: datetime
    operator: str = "IPP"
    controller: str = "whoever runs this"
    support: str = ""
    today: Callable[[], date] | None = None
    """Which day it is; unless it is told, the one of the check."""
    promises: Sequence[Section] = ()
    """What is promised."""
    trust: Posted = field(default_factory=Posted)
    """What was found of it."""


def site_app(facts: SiteFacts) -> ASGIApp:
    """The site's pages. Raises ValueError when the facts don't fit together: a sandbox has test cards, and a time has
    its zone."""
    if facts.sandbox and not facts.cards:
        raise ValueError("a sandbox has test cards")
    if facts.checked_at.tzinfo is None:
        raise ValueError("a time has a zone")
    home = Sheet(
        template="home.html",
        title=words.TITLE,
        facts={
            "w": words,
            "facts": facts,
            "checked": facts.checked_at.astimezone(UTC),
            "steps": walk.steps(facts.api_url, facts.cards) if facts.sandbox else (),
            "cards": testcards.grouped(facts.cards) if facts.sandbox else (),
            "kept": kept.about_payers(),
        },
    )
    news = trust.News(facts.promises, facts.trust)
    places = {"operator": facts.controller, "support": facts.support, "mine": facts.mine_url}
    return pages_app(
        home,
        templates=Path(__file__).parent / "templates",
        more={**papers.pages(places), PAGE: trust.SHEET},
        shared={"papers": (*papers.LINKS, (PAGE, LINK))},
        news=news,
        data={trust.JSON: news.json},
        operator=facts.operator,
        today=facts.today or facts.checked_at.date,
    )
