"""The tick on the faces besides the site: it stands where a promise was last found kept, and leads to its line."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from checked import EVERY_S, Checked
from reader import CHECKED_AT

from ippgateway.faces.pages.evidence import Evidence
from ippgateway.faces.pages.language import Language
from ippgateway.faces.pages.moments import told_in
from ippgateway.faces.pages.press import Press, Sheet
from ippgateway.faces.pay.files import Files
from ippgateway.faces.shell import files as shell
from ippgateway.faces.shell import words as shell_words
from ippgateway.privacy.trust import Standing
from ippgateway.privacy.trustfile import Posted
from ippgateway.privacy.vocabulary import Words

SITE = "https://site.example"
TICK = 'd="M3 8.5l3.5 3.5L13 4.5"'
TITLE = Words(en="Pay", da="Betal")
FACTS = {
    "shown": SimpleNamespace(shop="A shop", payers_contact="", test=False, latest=None), "amount": "DKK 12.00",
    "back": "", "front": "",
    "back_to": "", "faults": {}, "reason": None, "again": False, "after": "", "theme": "", "switch": lambda _: "/",
    "told": SimpleNamespace(checkout_id="c", cryptogram="s", query=lambda done: "?"),
    "typed": SimpleNamespace(holder="", expiry=""),
}  # fmt: skip


def card(checked: Checked, language: Language) -> tuple[str, str]:
    """The payment page: what stands beside the security code, and what about who sees the card."""
    files = Files(checked_at=CHECKED_AT, site_url=SITE, trust=Posted(checked.path, checked.clock))
    sheet = Sheet(template="card.html", title=TITLE, facts={**files.facts(language), **FACTS})
    text = files.press.one(sheet, language).body.decode()
    return text.partition('id="code-hint">')[2].partition("</p>")[0], text.partition('class="who">')[2]


def beside_a_field(checked: Checked, language: Language) -> str:
    """A field of the consoles that says why it asks."""
    seen = Posted(checked.path, checked.clock).now()
    press = Press(shell.TEMPLATES)
    facts = {"trust": Evidence(seen, SITE), "s": shell_words, "moment": told_in(language).moment, "why": TITLE}
    template = press._environment.from_string(
        '{% from "parts/kit.html" import field with context %}{{ field("email", why, why=why, check=why) }}'
    )
    return template.render(facts, say=lambda words: getattr(words, language.value), language=language)


@pytest.mark.parametrize("language", list(Language))
def test_the_payment_page_has_its_ticks_only_while_the_promises_are_found_kept(
    language: Language, checked: Checked
) -> None:
    for change, ticks in (
        (lambda: None, False),
        (checked.post, True),
        (lambda: checked.post({"CARD-5": Standing.PARTLY, "PLACE-1": Standing.BROKEN}), False),
        (checked.post, True),
        (lambda: checked.clock.advance(2 * EVERY_S), False),
    ):
        change()
        code, who = card(checked, language)
        assert ((TICK in code), (TICK in who)) == (ticks, ticks)
        assert f'href="{SITE}/{language}/trust#CARD-5" target="_blank" rel="noopener"' in code
        assert f'href="{SITE}/{language}/trust#PLACE-1"' in who


@pytest.mark.parametrize("language", list(Language))
def test_a_field_that_says_why_has_its_tick_only_while_that_is_found_kept(language: Language, checked: Checked) -> None:
    assert TICK not in beside_a_field(checked, language)
    at = checked.post().at
    text = beside_a_field(checked, language)
    assert TICK in text
    assert f'href="{SITE}/{language}/trust#COLLECT-5" target="_blank"' in text
    assert at.isoformat(timespec="seconds") in text
    checked.clock.advance(timedelta(hours=1).total_seconds())
    checked.post({"COLLECT-5": Standing.PARTLY})
    assert TICK not in beside_a_field(checked, language)


def test_a_face_that_does_not_know_the_site_says_the_same_without_a_link(checked: Checked) -> None:
    checked.post()
    evidence = Evidence(Posted(checked.path, checked.clock).now())
    assert evidence.of("CARD-3").kept
    assert evidence.address(Language.EN, "CARD-3") == ""
    assert Evidence(evidence.seen, "").address(Language.DA, "CARD-3") == "/da/trust#CARD-3"
    assert not evidence.leaves
