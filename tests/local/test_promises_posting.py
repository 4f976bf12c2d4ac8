"""The promises are checked at the start and by schedule, and whatever fails leaves the last whole result."""

import asyncio
import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ippgateway.app import promises_posting as posting
from ippgateway.app.local import installation
from ippgateway.app.settings import Settings
from ippgateway.core.clock import ManualClock
from ippgateway.privacy import trustfile
from ippgateway.privacy.trust import Standing
from ippgateway.promises.finding import Finding, Status
from ippgateway.promises.register import REGISTER

from .living import until

if TYPE_CHECKING:
    from running import Running

AT = datetime(2026, 3, 4, 14, 2, tzinfo=UTC)
EVERY_S = 7_200
CHECKED_WITHIN_S = 120.0


class Platform:
    """A platform that serves when told, and what its checks find."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings.from_env({"IPPGATEWAY_DATA_DIR": str(folder),
                                           "IPPGATEWAY_PROMISES_EVERY_S": str(EVERY_S)})  # fmt: skip
        self.clock = ManualClock(AT)
        self.serves, self.asked, self.looked = True, 0, 0
        self.status: Status | OSError = Status.KEPT

    async def ready(self) -> bool:
        self.asked += 1
        if not self.serves:
            raise ConnectionRefusedError
        return True

    async def find(self) -> posting.Findings:
        self.looked += 1
        if isinstance(self.status, OSError):
            raise self.status
        return [(promise, Finding(self.status, "as it was found")) for promise in REGISTER]

    async def goes_by(self, seconds: float) -> None:
        """Let time pass, and whoever waits for it act."""
        self.clock.advance(seconds)
        await settled()

    @property
    def posted(self) -> Standing | None:
        """How it stands with the first promise."""
        with contextlib.suppress(FileNotFoundError):
            return trustfile.read(self.settings.trust_file).lines[0].standing
        return None


async def settled() -> None:
    """Every task went as far as it can without time."""
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path)


@contextlib.asynccontextmanager
async def kept(it: Platform) -> AsyncIterator[None]:
    task = asyncio.create_task(posting.rounds(it.settings, it.find, it.ready, clock=it.clock))
    await settled()
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_it_is_checked_at_the_start_and_then_by_schedule(platform: Platform) -> None:
    async with kept(platform):
        assert (platform.looked, platform.posted) == (1, Standing.KEPT)
        platform.status = Status.PARTLY
        await platform.goes_by(EVERY_S - 1)
        assert (platform.looked, platform.posted) == (1, Standing.KEPT)
        await platform.goes_by(1)
        assert (platform.looked, platform.posted) == (2, Standing.PARTLY)
    result = trustfile.read(platform.settings.trust_file)
    assert (result.at.timestamp() - AT.timestamp(), result.every_s) == (EVERY_S, EVERY_S)


async def test_a_platform_that_is_still_starting_is_waited_for(platform: Platform) -> None:
    platform.serves = False
    async with kept(platform):
        await platform.goes_by(1)
        assert (platform.asked, platform.looked) == (2, 0)
        platform.serves = True
        await platform.goes_by(1)
        assert (platform.looked, platform.posted) == (1, Standing.KEPT)


async def test_one_that_does_not_come_is_checked_all_the_same(platform: Platform) -> None:
    platform.serves, platform.status = False, Status.BROKEN
    async with kept(platform):
        for _ in range(60):
            await platform.goes_by(1)
        assert (platform.looked, platform.posted) == (1, Standing.BROKEN)


async def test_a_round_that_fails_leaves_the_last_whole_result_and_is_done_again_soon(platform: Platform) -> None:
    async with kept(platform):
        platform.status = OSError(28, "No space left on device")
        await platform.goes_by(EVERY_S)
        assert (platform.looked, platform.posted) == (2, Standing.KEPT)
        platform.status = Status.BROKEN
        await platform.goes_by(60)
        assert (platform.looked, platform.posted) == (3, Standing.BROKEN)


async def test_by_hand_alone_no_process_looks(platform: Platform) -> None:
    by_hand = replace(platform.settings, promises_every_s=0)
    assert installation.checker(by_hand) == []
    assert [process.name for process in installation.checker(platform.settings)] == ["promises"]
    await posting.run(by_hand, platform.find, platform.ready, clock=platform.clock)
    assert platform.looked == 0
    posting.post(by_hand, await platform.find(), at=AT)
    assert trustfile.read(by_hand.trust_file).every_s == 0


# --- the running Platform ---


def shown(running: "Running") -> dict[str, Any]:
    """What the site says of the promises, to programs."""
    asked = urllib.request.Request(f"{running.url}/trust.json", headers={"host": "site.localhost"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


def test_what_is_published_by_hand_is_on_the_site_at_once(running: "Running") -> None:
    done = running.command("promises", "--publish", "--json")
    assert done.returncode == 0, done.stderr
    said, told = {row["id"]: row for row in json.loads(done.stdout)}, shown(running)
    assert [promise["id"] for promise in told["promises"]] == list(said)
    for promise in told["promises"]:
        assert promise["status"] in {said[promise["id"]]["status"], "not checked"}
        assert promise["looked_at"] == said[promise["id"]]["surfaces"]
    assert told["counts"]["kept"] == sum(row["status"] == "kept" for row in said.values()) > 0
    assert running.settings.trust_file.stat().st_mode & 0o777 == 0o600


async def test_the_process_publishes_at_its_start_and_ends_when_told(running: "Running") -> None:
    running.settings.trust_file.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "ippgateway.app.cli", "promises", "--keep"], stderr=subprocess.PIPE,
        env={**running.env, "IPPGATEWAY_PROMISES_EVERY_S": "3600"},
    )  # fmt: skip
    try:
        await until(running.settings.trust_file.exists, "a result is published", within_s=CHECKED_WITHIN_S)
        told = shown(running)
        assert (told["every_s"], told["late"]) == (3_600, False)
        assert told["counts"]["kept"] > 0
    finally:
        process.terminate()
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert b'"event":"promises.posted"' in said
