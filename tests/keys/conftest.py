"""A token in software: Debian's SoftHSM, installed by `scripts/softhsm` when it is missing."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ippgateway.connectors.pkcs11.masterkeys import TokenMasterKeys
from privacy.seeded import Seeded

_SCRIPT = Path(__file__).parents[2] / "scripts/softhsm"
LABEL = "ipp tests"
PIN = "4711-and-more"


@dataclass(frozen=True)
class SoftHsm:
    """A token that was made for this run."""

    module: Path
    pin_file: Path
    configuration: Path

    def keys(self, installation: str) -> TokenMasterKeys:
        return TokenMasterKeys(
            module=self.module, label=LABEL, pin_file=self.pin_file, installation=installation, randomness=Seeded(5)
        )


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftHsm]:
    found = subprocess.run([_SCRIPT], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.fail(found.stderr.strip())
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(configuration)  # read once, when the library is loaded
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", PIN],
        check=True, capture_output=True,
    )  # fmt: skip
    pin_file = folder / "pin"
    pin_file.touch(mode=0o600)
    pin_file.write_text(f"{PIN}\n")
    yield SoftHsm(Path(found.stdout.strip()), pin_file, configuration)
    del os.environ["SOFTHSM2_CONF"]
