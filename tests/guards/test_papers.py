"""What is written for people is what the program does."""

import dataclasses
from pathlib import Path

import pytest

from ippgateway.app import settings

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"


def undocumented(page: str) -> list[str]:
    """Settings whose line is missing or says something else."""
    return [line for line in settings.settings_table().splitlines() if line not in page.splitlines()]


def unknown(page: str) -> list[str]:
    """Lines of the page's table that no setting has."""
    return [line for line in page.splitlines() if line.startswith("|") and line not in settings.settings_table()]


def test_every_setting_is_documented() -> None:
    page = PAGE.read_text()
    assert undocumented(page) == []
    assert unknown(page) == []


def test_a_planted_setting_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    page = PAGE.read_text()

    @dataclasses.dataclass(frozen=True, kw_only=True)
    class More(settings.Settings):
        secret_door: bool = settings._setting(settings.switch, "off", "Nobody wrote of it.")

    monkeypatch.setattr(settings, "Settings", More)
    assert undocumented(page) == ["| `IPPGATEWAY_SECRET_DOOR` | `off` | Nobody wrote of it. |"]
    assert unknown(page + "| `IPPGATEWAY_GONE` | `on` | It was there once. |") != []
