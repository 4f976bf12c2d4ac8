"""What the front page says: true of this installation, and generated where there is something to generate it from."""

from html import unescape

import pytest
from reader import API_URL, CHECKED_AT, Seen, ask, site

from ippgateway.faces.site import testcards, walk
from ippgateway.faces.site.app import SiteFacts, site_app
from ippgateway.privacy import registry
from ippgateway.privacy.declare import MAIN, declaration_of, declared
from ippgateway.privacy.vocabulary import HeldAs
from ippsandbox.cards import DEMO_CARDS


def declared_payer_fields() -> set[str]:
    """Computed here by another way than the page's: straight from the columns."""
    return {
        f"{column.table.name}.{column.name}"
        for table in registry.tables(MAIN)
        for column in table.c
        if declaration_of(column).category is not None
        and (declared(table).held_as is HeldAs.PROCESSOR or table.name in ("visit", "visit_page"))
    }


@pytest.mark.parametrize("language", ["en", "da"])
async def test_the_payer_table_shows_exactly_what_is_declared(language: str) -> None:
    shown = Seen((await ask(site(), f"/{language}")).text, mark="data-field").marked
    assert len(shown) == len(set(shown))
    assert set(shown) == declared_payer_fields()
    assert {"card.number", "payer.email", "payment.holder"} <= set(shown)


@pytest.mark.parametrize("language", ["en", "da"])
async def test_the_payer_table_says_what_each_field_says_of_itself(language: str) -> None:
    text = unescape((await ask(site(), f"/{language}")).text)
    rows = text.split('<tr class="field"')[1:]
    for table in registry.tables(MAIN):
        for column in table.c:
            said = declaration_of(column)
            if f"{table.name}.{column.name}" not in declared_payer_fields():
                continue
            row = next(r for r in rows if f'data-field="{table.name}.{column.name}"' in r).partition("</tr>")[0]
            assert said.category is not None
            assert said.keep is not None
            words = [said.category.words, said.keep.words, *(p.words for p in said.uses), *(r.words for r in said.to)]
            for each in words:
                assert getattr(each, language) in row
            assert ('class="yes"' in row) is (said.sealed is not None)


async def test_a_declaration_that_is_added_appears(monkeypatch: pytest.MonkeyPatch) -> None:
    card = MAIN.tables["ipp.card"]
    taken = dict(card.c.number.info)
    monkeypatch.setitem(card.c.number_key.info, "declaration", taken["declaration"])
    shown = Seen((await ask(site())).text, mark="data-field").marked
    assert "card.number_key" in shown


async def test_every_test_card_is_shown_once_with_words_in_both_languages() -> None:
    page = await ask(site(), "/en")
    assert sorted(Seen(page.text, mark="data-outcome").marked) == sorted(DEMO_CARDS)
    for group in testcards.grouped(DEMO_CARDS):
        for card in group.cards:
            assert "".join(card.number) == DEMO_CARDS[card.outcome]
            assert card.words.en != card.outcome, "a new card wants words"
    assert testcards.grouped({"brand_new": "4111111111111111"})[0].cards[0].words.da == "brand_new"


async def test_the_walk_stands_on_the_page_and_holds_no_credential() -> None:
    text = unescape((await ask(site(), "/en")).text)
    for step in walk.steps(API_URL, DEMO_CARDS):
        assert step.command in text
        assert "key2=$key" in step.command or "key2=" not in step.command
    assert "ippgateway demo" in text


@pytest.mark.parametrize("language", ["en", "da"])
async def test_the_shop_stands_before_everything_else(language: str) -> None:
    text = (await ask(site(), f"/{language}")).text
    assert f'href="http://shop.localhost:8005/{language}"' in text
    assert text.index("shop.localhost") < text.index('id="walk"')
    assert "shop.localhost" not in (await ask(site(sandbox=False), f"/{language}")).text


async def test_the_evidence_names_the_moment_of_the_check() -> None:
    text = (await ask(site(), "/da")).text
    assert f'<time datetime="{CHECKED_AT.isoformat(timespec="seconds")}">4. marts 2026 kl. 15.02' in text


async def test_a_live_installation_shows_neither_test_cards_nor_the_demo() -> None:
    text = (await ask(site(sandbox=False), "/en")).text
    assert "4111" not in text
    assert "ippgateway demo" not in text
    assert "no money" not in text
    assert Seen(text, mark="data-field").marked


def test_facts_that_do_not_fit_stop_the_start() -> None:
    facts = {"version": "1", "api_url": API_URL, "console_url": API_URL, "mine_url": API_URL,
             "shop_url": API_URL, "cards": {}}  # fmt: skip
    with pytest.raises(ValueError, match="test cards"):
        site_app(SiteFacts(**facts, sandbox=True, checked_at=CHECKED_AT))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="zone"):
        site_app(SiteFacts(**facts, sandbox=False, checked_at=CHECKED_AT.replace(tzinfo=None)))  # type: ignore[arg-type]
