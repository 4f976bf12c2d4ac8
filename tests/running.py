"""A Platform that somebody started, as a newcomer starts it: its own data folder, its own ports, short timers."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from ippgateway.app import demo
from ippgateway.app.settings import Settings

STARTS_WITHIN_S = 90
ENDS_WITHIN_S = 30

Scratch = Callable[[], Awaitable[Settings]]
"""Makes another installation in the same server (fixture `scratch`)."""


def free_ports() -> int:
    """The first of eight ports in a row that are free now."""
    for first in range(21_000 + 9 * (os.getpid() % 1_000), 60_000, 9):
        with contextlib.ExitStack() as held:
            try:
                for port in range(first, first + 8):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise RuntimeError("no eight free ports in a row")


class Running:
    """A Platform that somebody started with `ippgateway run`."""

    def __init__(self, data: Path, **env: str) -> None:
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("IPPGATEWAY_", "PG"))},
            "IPPGATEWAY_DATA_DIR": str(data),
            "IPPGATEWAY_PORT": str(free_ports()),
            "IPPGATEWAY_ACQUIRER_TIMEOUT_S": "1",
            "IPPGATEWAY_SANDBOX_LATE_S": "1.6",
            "IPPGATEWAY_PROMISES_EVERY_S": "0",  # the checks knock at the doors that the tests watch
            **env,
        }
        self.starts_with = [sys.executable, "-m", "ippgateway.app.cli", "run"]
        self.settings = Settings.from_env(self.env)
        self.output = data.with_suffix(".out")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The one address."""
        return f"http://{self.settings.host}:{self.settings.port}"

    def start(self) -> None:
        """Start it and wait until it serves."""
        with self.output.open("ab") as out:
            self.process = subprocess.Popen(
                self.starts_with, env=self.env, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True
            )  # fmt: skip
        self.wait_until_serving(STARTS_WITHIN_S)

    def wait_until_serving(self, within_s: float) -> float:
        """Ask until it is ready; how long that took, in seconds."""
        begun = time.monotonic()
        while time.monotonic() - begun < within_s:
            if self.process is not None and self.process.poll() is not None:
                break
            with contextlib.suppress(OSError, ValueError, urllib.error.URLError):
                answer = urllib.request.urlopen(f"{self.url}/health/ready", timeout=2)
                if json.load(answer)["ready"]:
                    return time.monotonic() - begun
            time.sleep(0.05)
        raise AssertionError(f"not serving; it said:\n{self.output.read_text()[-3000:]}")

    def stop(self) -> int:
        """Ctrl-C, which a terminal sends to everybody in the group; its exit code."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(ENDS_WITHIN_S)

    def demo(self) -> dict[str, Any]:
        """What `ippgateway demo --json` prints."""
        return demo.facts(self.settings)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `ippgateway ...` on this installation."""
        return subprocess.run(
            [sys.executable, "-m", "ippgateway.app.cli", *words],
            env=self.env, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
