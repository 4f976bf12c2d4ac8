"""The papers say what the program does, every version is kept, and a difference can be read (CHANGE-1, SCOPE-1)."""

import ast
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import ippgateway
from ippgateway.faces.shell import files
from ippgateway.privacy.catalogue import VISIT_TERM
from ippgateway.privacy.declare import MAIN, declaration_of, declared
from ippgateway.privacy.papers import versions
from ippgateway.privacy.papers.common import in_places
from ippgateway.privacy.papers.cookies import COOKIES, NOTES
from ippgateway.privacy.papers.paper import Paper, Section, filled, lines_of
from ippgateway.privacy.papers.versions import PAPERS, behind, current, difference, in_force, today, write
from ippgateway.privacy.policy import People, kept_about, places_of, receiving
from ippgateway.privacy.registry import tables
from ippgateway.privacy.vocabulary import Place, Words

SRC = Path(ippgateway.__file__).parent


def test_the_newest_version_says_what_the_program_does() -> None:
    assert behind() == [], "declarations or words changed: `.venv/bin/ippgateway policy write --from DAY`"


def test_a_changed_declaration_without_a_new_version_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    column = MAIN.tables["ipp.visit"].c.address
    longer = replace(VISIT_TERM, key="planted", words=Words(en="for ever", da="for altid"))
    monkeypatch.setitem(column.info, "declaration", replace(declaration_of(column), keep=longer))
    kept_about.cache_clear()
    try:
        assert behind() == ["privacy"]
    finally:
        monkeypatch.undo()
        kept_about.cache_clear()


def test_every_personal_field_is_told_to_somebody() -> None:
    told = {(kept.category, use) for people in People for kept in kept_about(people) for use in kept.uses}
    for table in tables(MAIN):
        for column in table.c:
            said = declaration_of(column)
            for use in said.uses if said.category is not None and declared(table).owner else ():
                assert (said.category, use) in told, f"{table.name}.{column.name}"


@pytest.mark.parametrize("key", PAPERS)
def test_every_paper_has_both_languages_and_no_empty_section(key: str) -> None:
    for section in current(key).sections:
        assert section.texts or section.entries
        assert len(list(lines_of(section, "en"))) == len(list(lines_of(section, "da")))
        assert "!" not in "".join(lines_of(section, "en"))


@pytest.mark.parametrize("key", PAPERS)
def test_a_version_names_exactly_its_text_and_day(key: str) -> None:
    newest = versions.versions(key)[-1]
    assert newest.name == f"{newest.in_force:%Y-%m-%d}-{newest.paper.mark}"
    assert len(newest.name) <= 24
    changed = replace(newest.paper, title=Words(en="Another", da="En anden"))
    assert changed.mark != newest.paper.mark


@pytest.mark.parametrize("language", ["en", "da"])
def test_the_terms_name_every_recipient_and_place_that_users_and_payers_have(language: str) -> None:
    """PLACE-1: whoever accepts a version of the terms accepts these places, and no other."""
    places = next(section for section in current("terms").sections if section.key == "places")
    told = " ".join(lines_of(places, language))
    for people in (People.USERS, People.PAYERS):
        assert getattr(in_places(places_of(people)), language) in told
        for recipient in receiving(people):
            assert getattr(recipient.words, language) in told


def test_another_place_is_another_version_of_the_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ippgateway.privacy.papers.terms.places_of", lambda _: tuple(Place))
    assert "terms" in behind()


def _paper(*sections: tuple[str, str]) -> Paper:
    return Paper(key="terms", title=Words(en="t", da="t"), sections=tuple(
        Section(key=key, title=Words(en=key, da=key), texts=tuple(Words(en=x, da=x) for x in text.split("|")))
        for key, text in sections
    ))  # fmt: skip


def test_a_difference_shows_what_went_and_what_came_and_nothing_that_stayed() -> None:
    old = _paper(("one", "stays|goes"), ("two", "same"), ("three", "whole section goes"))
    new = _paper(("one", "stays|comes"), ("two", "same"), ("four", "whole section comes"))
    found = difference(old, new, "en")
    assert [(each.title.en, each.lines) for each in found] == [
        ("one", (("-", "goes"), ("+", "comes"))),
        ("four", (("+", "whole section comes"),)),
        ("three", (("-", "whole section goes"),)),
    ]
    assert difference(old, old, "da") == ()


def test_a_version_applies_from_its_first_day_and_a_new_one_comes_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "_FOLDER", tmp_path)
    versions.versions.cache_clear()
    try:
        monkeypatch.setitem(versions._WRITERS, "terms", lambda: _paper(("one", "first")))
        assert write("terms", date(2026, 1, 1), folder=tmp_path) is not None
        assert write("terms", date(2026, 2, 1), folder=tmp_path) is None, "it says the same"
        monkeypatch.setitem(versions._WRITERS, "terms", lambda: _paper(("one", "second")))
        with pytest.raises(ValueError, match="comes after"):
            write("terms", date(2025, 12, 31), folder=tmp_path)
        write("terms", date(2026, 3, 1), folder=tmp_path)
        first, second = versions.versions("terms")
        assert in_force("terms", date(2020, 1, 1)) == first
        assert in_force("terms", date(2026, 2, 28)) == first
        assert versions.coming("terms", date(2026, 2, 28)) == second
        assert in_force("terms", date(2026, 3, 1)) == second
        assert versions.coming("terms", date(2026, 3, 1)) is None
    finally:
        versions.versions.cache_clear()


def test_a_day_begins_where_the_papers_apply() -> None:
    assert today(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2027, 1, 1)
    assert today(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == date(2026, 7, 1)


def test_what_differs_between_installations_is_filled_in_and_nothing_else_changes() -> None:
    paper = current("privacy")
    told = filled(paper, {"operator": "Gateway ApS", "support": "help@gateway.example", "mine": "https://mine.example"})
    text = " ".join(line for section in told.sections for line in lines_of(section, "en"))
    assert "Gateway ApS" in text
    assert "help@gateway.example" in text
    assert "{" not in text
    assert filled(paper, {}) == paper


def test_the_cookie_page_lists_every_cookie_that_the_program_sets_and_no_other() -> None:
    setting = [
        path for path in SRC.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "set_cookie"
    ]  # fmt: skip
    assert [path.name for path in setting] == ["guard.py"], "a cookie is set somewhere else: tell of it on the page"
    from ippgateway.faces.shell.guard import Cookies

    set_there = Cookies(secure=False)
    assert {each.name for each in COOKIES} == {set_there.session, set_there.device}


def test_what_the_consoles_library_leaves_in_a_browser_is_listed() -> None:
    source = files._htmx().get(files.HTMX, b"").decode()
    kept = set(re.findall(r'(?:session|local)Storage\.setItem\("([^"]+)"', source))
    # The cache of whole pages is off: `historyCacheSize` is 0 in the shell's base template.
    assert '"historyCacheSize":0' in (SRC / "faces/shell/templates/base.html").read_text()
    assert kept - {"htmx-history-cache"} <= {each.name for each in NOTES}


def test_no_script_of_ours_keeps_anything_in_a_browser() -> None:
    for path in SRC.rglob("*.js"):
        # What htmx left there is taken out again; that keeps nothing.
        text = re.sub(r"sessionStorage\.removeItem\(", "(", path.read_text())
        for word in ("localStorage", "sessionStorage", "indexedDB", "document.cookie"):
            assert word not in text, f"{path.name} uses {word}: the cookie page says that nothing does"
