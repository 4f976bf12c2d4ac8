"""Floors, the order of rooms, and the sandbox apart: held by import-linter, and it does hold them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .source import SRC

ROOT = SRC.parent
FLOORS, ROOMS, FACES, CONNECTORS = "floors:", "rooms:", "faces stand", "connectors stand"
SANDBOX, PLATFORM = "the sandbox shares", "the platform knows"


def lint(src: Path) -> tuple[int, str]:
    """What import-linter says of a source folder under the contracts of pyproject.toml."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--config", ROOT / "pyproject.toml", "--no-cache", "--no-logo"],
        env={**os.environ, "PYTHONPATH": str(src), "COLUMNS": "200"}, cwd=src,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source, to plant breaches in."""
    src = tmp_path_factory.mktemp("planted") / "src"
    shutil.copytree(SRC, src, ignore=shutil.ignore_patterns("__pycache__", "templates", "static"))
    return src


def test_the_floors_hold() -> None:
    code, said = lint(SRC)
    assert code == 0, said


@pytest.mark.parametrize(
    ("where", "text", "contract"),
    [
        ("ippgateway/core/planted.py", "import ippgateway.privacy.declare", FLOORS),
        ("ippgateway/privacy/planted.py", "import ippgateway.domains.cards.models", FLOORS),
        ("ippgateway/domains/cards/planted.py", "import ippgateway.connectors.place", FLOORS),
        ("ippgateway/domains/cards/planted.py", "import ippgateway.faces.classic.face", FLOORS),
        ("ippgateway/faces/classic/planted.py", "import ippgateway.connectors.place", FLOORS),
        ("ippgateway/faces/classic/planted.py", "def f():\n    import ippgateway.app.settings", FLOORS),
        ("ippgateway/connectors/notify/planted.py", "import ippgateway.faces.classic.face", FLOORS),
        ("ippgateway/promises/planted.py", "import ippgateway.faces.classic.face", FLOORS),
        ("ippgateway/promises/planted.py", "import ippgateway.connectors.place", FLOORS),
        ("ippgateway/cellar.py", "", FLOORS),
        ("ippgateway/domains/ledger/planted.py", "import ippgateway.domains.payments.service", ROOMS),
        ("ippgateway/domains/accounts/planted.py", "import ippgateway.domains.companies.service", ROOMS),
        ("ippgateway/domains/loyalty.py", "", ROOMS),
        ("ippgateway/faces/site/planted.py", "import ippgateway.faces.classic.face", FACES),
        ("ippgateway/faces/forum.py", "", FACES),
        ("ippgateway/connectors/notify/planted.py", "import ippgateway.connectors.iso8583.codec", CONNECTORS),
        ("ippsandbox/planted.py", "import ippgateway.connectors.iso8583.codec", SANDBOX),
        ("ippgateway/faces/site/planted.py", "import ippsandbox.cards", PLATFORM),
        ("ippgateway/app/planted.py", "import ippsandbox.acquirer.codec", PLATFORM),
    ],
)
def test_a_planted_import_is_found(where: str, text: str, contract: str, copy: Path) -> None:
    planted = copy / where
    assert not planted.exists()
    planted.write_text(text)
    try:
        code, said = lint(copy)
    finally:
        planted.unlink()
    broken = [line for line in said.splitlines() if line.startswith(contract) and "BROKEN" in line]
    assert code == 1
    assert broken, said
