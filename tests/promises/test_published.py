"""What everybody may read of the checks is about nobody: not in the file, not on the page, not for programs."""

from html import unescape
from pathlib import Path

import pytest

from ippgateway.core.clock import SystemClock
from ippgateway.faces.pages.language import Language
from ippgateway.faces.pages.press import Press
from ippgateway.faces.site import app as site
from ippgateway.faces.site.trust import SHEET, News
from ippgateway.privacy import trustfile
from ippgateway.privacy.trust import Standing
from ippgateway.privacy.trustfile import Posted
from ippgateway.promises.checks import CHECKS
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Status
from ippgateway.promises.register import SECTIONS
from ippgateway.promises.report import Check, find, findings, for_all

from .bench import CARD, COMPANY, NAMES, PAYER, PAYMENT, Bench

CANARIES = (*NAMES, "411111", COMPANY, PAYER, CARD, PAYMENT)


async def published(path: Path, context: Context, checks: dict[str, Check]) -> str:
    """Everything that is published of what these checks find: the file, the page in both languages, for programs."""
    found = [for_all(*each) for each in await findings(context, checks)]
    trustfile.post(path, found, at=SystemClock().now(), every_s=3_600)
    news = News(SECTIONS, Posted(path))
    press = Press(Path(site.__file__).parent / "templates")
    sheet = type(SHEET)(template=SHEET.template, title=SHEET.title, facts={**SHEET.facts, **news(), "here": "/trust"})
    pages = [press.one(sheet, language).body for language in Language]
    return unescape("".join(body.decode() for body in (path.read_bytes(), *pages, news.json().body)))


async def test_of_an_installation_full_of_canaries_none_is_published(bench: Bench, tmp_path: Path) -> None:
    text = await published(tmp_path / "promises.json", bench.context, dict(CHECKS))
    assert "declared fields" in text
    assert [canary for canary in CANARIES if canary in text] == []


@pytest.mark.parametrize("canary", ["canary@promised.example", "4111111111111111", "192.0.2.7", PAYMENT])
async def test_a_check_that_gives_somebody_away_is_not_published(canary: str, bench: Bench, tmp_path: Path) -> None:
    async def check(_: Context) -> Finding:
        return Finding(Status.BROKEN, f"1 of 1 is readable: {canary}")

    text = await published(tmp_path / "promises.json", bench.context, {"CARD-3": check})
    assert canary not in text
    assert "withheld" in text


@pytest.mark.parametrize("error", [ValueError("4111111111111111"), CannotCheck("nobody answers"), TimeoutError()])
async def test_a_check_that_can_not_run_is_published_as_that(error: Exception, bench: Bench) -> None:
    async def check(_: Context) -> Finding:
        raise error

    promise = SECTIONS[0].promises[0]
    found = for_all(promise, await find(bench.context, check))
    assert found.standing is Standing.UNCHECKED
    assert "4111" not in found.evidence
