"""Whatever is killed, the rest comes back or goes; nothing is left behind."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from ippgateway.app.local import ready

from . import dummies
from .living import alive, until

SERVING = ("beside", "stubborn", "one", "two")


class Run:
    """A keeper with its supervisor and four dummies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "setup-codes").touch()
        self.output = folder / "output"

    def begin(self) -> None:
        with self.output.open("ab") as out:
            self.keeper = subprocess.Popen(
                dummies.command("keeper", self.folder),
                stdout=out,
                stderr=out,
                env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
            )

    async def serving(self) -> None:
        await until(self.all_answer, "everything serves")

    async def all_answer(self) -> bool:
        return all([await ready.socket(self.folder / f"{name}.sock")() for name in SERVING])

    def one(self, *words: str) -> int:
        (pid,) = alive(self.folder, *words)
        return pid

    async def gone(self) -> None:
        await until(lambda: not alive(self.folder), "nothing is left")

    async def code(self) -> int:
        await until(lambda: self.keeper.poll() is not None, "the keeper ends")
        return self.keeper.returncode

    def said(self) -> str:
        return self.output.read_text()


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Run]:
    fresh = Run(tmp_path)
    fresh.begin()
    yield fresh
    if fresh.keeper.poll() is None:
        fresh.keeper.kill()
    await fresh.code()
    await fresh.gone()


async def test_a_killed_process_is_started_again_and_the_others_stay(run: Run) -> None:
    await run.serving()
    killed, other = run.one("child", "one"), run.one("child", "two")
    os.kill(killed, signal.SIGKILL)
    await until(lambda: bool(alive(run.folder, "child", "one") - {killed}), "a new one")
    await run.serving()
    assert run.one("child", "two") == other
    assert "one stopped (signal 9), starting again" in run.said()


async def test_a_killed_supervisor_comes_back_with_new_children_and_leaves_no_old_one(run: Run) -> None:
    await run.serving()
    before = alive(run.folder) - {run.keeper.pid}
    os.kill(run.one("supervisor"), signal.SIGKILL)
    await until(lambda: not before & alive(run.folder), "the old ones are gone")
    await run.serving()
    assert len(alive(run.folder)) == len(SERVING) + 2


async def test_when_the_keeper_is_killed_everything_ends_and_the_next_start_is_clean(run: Run) -> None:
    await run.serving()
    before = alive(run.folder)
    run.keeper.kill()
    run.keeper.wait()
    run.begin()  # at once: the old ones may still be leaving
    await until(lambda: not before & alive(run.folder), "the old ones are gone")
    await run.serving()
    assert len(alive(run.folder)) == len(SERVING) + 2


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_to_the_keeper_ends_all_of_it(run: Run, how: signal.Signals) -> None:
    await run.serving()  # one of them ignores SIGTERM
    run.keeper.send_signal(how)
    assert await run.code() == 0
    assert not alive(run.folder)
    assert run.said().endswith("stopping\nstopped\n")


async def test_a_signal_during_the_start_ends_it(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.begin()
    await until(lambda: bool(alive(tmp_path, "supervisor")), "a supervisor")
    run.keeper.send_signal(signal.SIGINT)
    assert await run.code() == 0
    assert not alive(tmp_path)


async def test_a_second_instance_is_refused_in_plain_words(run: Run) -> None:
    await run.serving()
    second = await asyncio.create_subprocess_exec(
        *dummies.command("keeper", run.folder), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await second.communicate()
    assert second.returncode == 3
    assert b"another instance is running" in said
    assert await run.all_answer()


async def test_a_refused_setup_ends_the_start_with_its_own_sentence(tmp_path: Path) -> None:
    run = Run(tmp_path)
    (tmp_path / "setup-codes").write_text("3")
    run.begin()
    assert await run.code() == 3
    assert run.said().endswith("a sentence for the person\n")
    assert not alive(tmp_path)


async def test_a_setup_that_was_disturbed_runs_again(tmp_path: Path) -> None:
    run = Run(tmp_path)
    (tmp_path / "setup-codes").write_text("1 1")
    run.begin()
    await run.serving()
    run.keeper.send_signal(signal.SIGINT)
    assert await run.code() == 0


async def test_children_write_no_core_file_and_share_nothing_with_the_terminal(run: Run) -> None:
    await run.serving()
    child = psutil.Process(run.one("child", "one"))
    assert child.rlimit(psutil.RLIMIT_CORE) == (0, 0)
    assert child.terminal() is None
    assert os.getsid(child.pid) == child.pid
    mode = (run.folder / "logs" / "one.log").stat().st_mode
    assert mode & 0o777 == 0o600
