"""Contrast of the tokens, computed from the file itself (WCAG 2.2: 1.4.3, 1.4.6, 1.4.11)."""

import re
from pathlib import Path

import pytest

from ippgateway.faces import pages
from ippgateway.faces.pages.themes import themes

FOLDER = Path(pages.__file__).parent / "static"
TOKENS = (FOLDER / "tokens.css").read_text()

GROUNDS = ("paper", "surface", "wash")
TEXT = 7.0  # AAA
MEANING = 4.5
EDGE = 3.0
PAIRS = [
    *[("ink", ground, TEXT) for ground in GROUNDS],
    *[("ink-soft", ground, TEXT) for ground in GROUNDS],
    *[("accent", ground, TEXT) for ground in GROUNDS],
    ("on-accent", "accent", TEXT),
    *[(state, ground, MEANING) for state in ("amber", "red") for ground in GROUNDS],
    *[("red", ground, TEXT) for ground in ("paper", "surface")],  # what is wrong with a field is told in it
    *[("edge", ground, EDGE) for ground in GROUNDS],
]


def theme(name: str) -> dict[str, str]:
    """The colours of a theme; the dark one overrides the light one."""
    light, _, dark = TOKENS.partition("@media (prefers-color-scheme: dark)")
    pick = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
    return dict(pick.findall(light)) | (dict(pick.findall(dark)) if name == "dark" else {})


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_a_pair_can_be_read(name: str, front: str, back: str, least: float) -> None:
    colours = theme(name)
    assert contrast(colours[front], colours[back]) >= least


def test_the_two_themes_have_the_same_colours_and_differ() -> None:
    light, dark = theme("light"), theme("dark")
    assert light.keys() == dark.keys()
    assert [name for name in light if light[name] == dark[name]] == ["scan"]
    assert light["scan"] == "#ffffff"  # what a camera reads


def test_a_chosen_theme_has_the_same_colours() -> None:
    style = themes().decode()
    for name in ("light", "dark"):
        block = style.partition(f':root[data-theme="{name}"]')[2].partition("}")[0]
        assert dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) == theme(name)
        assert f"color-scheme: {name};" in block


def test_known_contrasts_come_out() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_pages_take_every_colour_from_a_token() -> None:
    page = (FOLDER / "page.css").read_text()
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", page)
    for name in re.findall(r"var\(--([a-z-]+)\)", page):
        assert f"--{name}:" in TOKENS
    assert "url(" not in page + TOKENS
    assert "@import" not in page + TOKENS
