"""Every component in both languages, the headers around it, and the files below it."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from face import BEARER, Answer, Door, ask, face, house

from ippgateway.faces.shell import files, look_words, plots, words
from ippgateway.privacy.vocabulary import Words

KIT = (files.TEMPLATES / "parts" / "kit.html").read_text()
LOOK = (files.TEMPLATES / "look.html").read_text() + (files.TEMPLATES / "look_confirm.html").read_text()
STYLE = (files.HERE / "static" / "shell.css").read_text()


class Seen(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))


async def looked_at(path: str = "/look", **headers: str) -> Answer:
    """The page of all components."""
    return await ask(face(house(mail_url="http://mail.localhost:8007")), path, **headers)


def test_the_look_shows_every_component_that_there_is() -> None:
    frame = (files.TEMPLATES / "frame.html").read_text()
    for name in re.findall(r"{% macro (\w+)\(", KIT):
        assert re.search(rf"\b{name}\(", LOOK + frame) or re.search(rf"{{{{ {name}\(", KIT), name


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("path", ["/look", "/look/confirm", "/nothing", "/passkey"])
async def test_every_component_speaks_both_languages(door: Door, path: str, language: str) -> None:
    door.let_in(language=language)
    inside = await looked_at(path, cookie=f"session={BEARER}")
    outside = await looked_at(path, accept_language=language)
    other = {"en": "da", "da": "en"}[language]
    for answer in (inside, outside):
        assert answer.header("content-language") == language
        assert f'<html lang="{language}">' in answer.text
        assert "Words(" not in answer.text
        assert "None" not in answer.text
    text = inside.text + outside.text
    said = [each for each in {**vars(words), **vars(look_words)}.values() if isinstance(each, Words)]
    for each in said:
        if len(getattr(each, other)) > 24:
            assert getattr(each, other) not in text


@pytest.mark.parametrize("path", ["/look", "/look/confirm", "/sign-in", "/passkey", "/nothing", "/guessed"])
async def test_no_page_has_anything_that_the_policy_forbids(door: Door, path: str) -> None:
    answer = await looked_at(path)
    policy = answer.header("content-security-policy")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.header("cache-control") == "no-store"
    assert answer.header("referrer-policy") == "same-origin"
    allowed = answer.header("permissions-policy")
    assert "publickey-credentials-get=(self)" in allowed
    assert "publickey-credentials-create=(self)" in allowed
    assert "camera=()" in allowed
    page = Seen(answer.text)
    assert {tag for tag, _ in page.elements}.isdisjoint({"style", "iframe", "object", "embed", "dialog"})
    for tag, attributes in page.elements:
        assert "style" not in attributes
        assert not any(name.startswith(("on", "hx-on")) for name in attributes)
        if tag in {"link", "img", "script"}:
            assert (attributes.get("href") or attributes["src"]).startswith("/static/")


async def test_a_page_can_be_read_without_looking(door: Door) -> None:
    for path in ("/look", "/look/confirm", "/sign-in", "/nothing"):
        page = Seen((await looked_at(path)).text).elements
        assert [tag for tag, _ in page].count("h1") == 1
        ids = [attributes["id"] for _, attributes in page if "id" in attributes]
        assert len(ids) == len(set(ids))
        for _, attributes in page:
            for named in [*attributes.get("aria-describedby", "").split(), *attributes.get("for", "").split()]:
                assert named in ids


async def test_files_are_fingerprinted_and_kept_for_good(door: Door) -> None:
    page = Seen((await looked_at()).text).elements
    named = {attributes.get("href") or attributes.get("src", "") for _, attributes in page}
    served = {name for name in named if name.startswith("/static/")}
    assert {Path(name).name.split(".")[0] for name in served} >= {
        "tokens",
        "themes",
        "shell",
        "passkey",
        "seen",
        "tick",
    }
    for name in served:
        assert re.fullmatch(r"/static/[\w-]+\.[0-9a-f]{12}\.\w+", name)
        answer = await looked_at(name)
        assert answer.status == 200
        assert "immutable" in answer.header("cache-control")
    assert (await looked_at("/static/shell.css")).status == 404
    assert (await looked_at("/static/../app.py")).status == 404


async def test_without_the_packages_every_page_is_there(
    door: Door, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "_PACKAGES", tmp_path)
    plain = await looked_at()
    assert plain.status == 200
    assert "htmx" not in plain.text
    assert 'hx-boost="true"' not in plain.text


def test_fonts_are_those_that_are_installed() -> None:
    found = files.fonts()
    rules = found["fonts.css"].decode()
    assert rules.count("@font-face") == len(found) - 1
    for name, body in found.items():
        if name.endswith(".woff2"):
            assert body.startswith(b"wOF2")
            assert name.removesuffix(".woff2") in rules


def test_the_style_takes_every_colour_from_a_token() -> None:
    tokens = (Path(files.HERE).parent / "pages" / "static" / "tokens.css").read_text()
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", STYLE)
    for name in re.findall(r"var\(--([a-z-]+)\)", STYLE):
        assert f"--{name}:" in tokens, name
    assert "url(" not in STYLE
    assert "prefers-reduced-motion" in STYLE
    assert "@media print" in STYLE


def test_a_bar_can_be_seen_when_its_number_is_not_nothing() -> None:

    days = [date(2026, 11, n) for n in (1, 2, 3)]
    plot = plots.drawn([(days[0], 0, "0"), (days[1], 1, "1"), (days[2], 100_000, "100,000")])
    assert [bar.height for bar in plot.bars] == [0.0, 1.0, 100.0]
    assert (plot.most, plot.most_at) == ("100,000", days[2])
    assert plots.drawn([]).most == plots.drawn([(days[0], 0, "0")]).most == ""
    with pytest.raises(ValueError, match="below zero"):
        plots.drawn([(days[0], -1, "-1")])
