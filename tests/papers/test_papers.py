"""The papers say what the program is: the picture is drawn from it, tables are its own, links lead somewhere."""

import importlib.util
import re
import tomllib
from html import unescape
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest

import ippgateway.domains
from ippgateway.app.cli import COMMANDS
from ippgateway.app.settings import Settings, settings_table
from ippgateway.faces.site import walk
from ippgateway.privacy import registry
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.declare import KEYS, MAIN
from ippgateway.privacy.zones import PURPOSES, RIGHTS, Zone, ZoneRights
from ippsandbox.cards import DEMO_CARDS

ROOT = Path(__file__).parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text()


def load_picture() -> ModuleType:
    spec = importlib.util.spec_from_file_location("picture", ROOT / "scripts" / "picture.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_picture_is_the_one_that_the_code_draws() -> None:
    assert read("docs/picture.svg") == load_picture().picture(), "run: .venv/bin/python scripts/picture.py"


def test_the_picture_names_every_zone_and_what_it_may_do() -> None:
    drawing = ET.fromstring(read("docs/picture.svg"))  # noqa: S314 - our own file
    text = " ".join("".join(each.itertext()) for each in drawing.iter("{http://www.w3.org/2000/svg}text"))
    for zone in Zone:
        assert f"zone {zone.value}" in text
    for purpose in PURPOSES:
        assert purpose.key in text
    for count in (len(registry.tables(MAIN)), len(registry.tables(KEYS))):
        assert f"{count} tables" in text


def test_the_picture_changes_when_a_zone_may_do_more(monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_picture().picture()
    more = ZoneRights(purposes=RIGHTS[Zone.WORKER].purposes | {PAYMENT}, jobs=True)
    monkeypatch.setitem(RIGHTS, Zone.WORKER, more)
    assert load_picture().picture() != before


def test_the_readme_tells_the_same_first_payment_as_the_site() -> None:
    blocks = re.findall(r"```sh\n(.*?)\n```", read("README.md"), re.DOTALL)
    api_url = f"http://{Settings.from_env({}).host}:{Settings.from_env({}).port}"
    for step in walk.steps(api_url, DEMO_CARDS):
        assert step.command in blocks
        assert step.words.en in read("README.md")


def test_the_settings_page_is_what_the_program_prints() -> None:
    assert settings_table() in read("docs/reference/settings.md"), "paste what `ippgateway settings` prints"


@pytest.mark.parametrize("paper", PAPERS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_and_named_script_is_there(paper: Path) -> None:
    text = re.sub(r"```.*?```", "", paper.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target:
            assert (paper.parent / target).exists(), target
    for script in re.findall(r"`[^`]*\b(scripts/[\w.]+)", text):
        assert (ROOT / script).exists(), script


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", read("docs/decisions/README.md")))
    assert listed == {path.name for path in folder.glob("*.md")} - {"README.md"}


def test_the_architecture_page_knows_every_room_zone_and_purpose() -> None:
    page = read("docs/architecture.md")
    rooms = [p.name for p in Path(ippgateway.domains.__path__[0]).iterdir() if (p / "__init__.py").exists()]
    assert len(rooms) > 5
    for name in (*rooms, *(zone.value for zone in Zone), *(purpose.key for purpose in PURPOSES)):
        assert f"`{name}`" in page, name


@pytest.mark.parametrize("paper", PAPERS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_file_that_a_paper_names_is_there(paper: Path) -> None:
    """Paths are given below `src/ippgateway`, as the architecture page does, or from the root."""
    for name in re.findall(r"`((?:[a-z_0-9]+/)+[a-z_0-9]+\.(?:py|md|svg))`", paper.read_text()):
        assert (ROOT / name).exists() or (ROOT / "src" / "ippgateway" / name).exists(), name


def test_every_command_that_a_paper_names_exists() -> None:
    known = {command.name for command in COMMANDS}
    for paper in PAPERS:
        for name in re.findall(r"`(?:\.venv/bin/)?ippgateway ([a-z-]+)", paper.read_text()):
            assert name in known, f"{paper.name}: {name}"
    targets = set(re.findall(r"^([a-z-]+):.*## ", read("Makefile"), re.MULTILINE))
    for paper in PAPERS:
        assert set(re.findall(r"\bmake ([a-z-]+)(?=`|\s{2,})", paper.read_text())) <= targets, paper.name


def test_licence_and_version_agree_everywhere() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert project["license"] == "Apache-2.0"
    assert "Version 2.0, January 2004" in read("LICENSE")
    assert ippgateway.__version__ in read("CHANGELOG.md")
    assert "Apache License 2.0" in unescape(read("README.md"))
