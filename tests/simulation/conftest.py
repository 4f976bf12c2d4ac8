"""A scratch installation beside the running one, which simulations empty again and again."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from io import StringIO

import pytest

from ippgateway.app.settings import Settings
from ippgateway.app.setup import setup
from ippgateway.app.simulate_command import scratch as beside
from ippgateway.app.simulation import course
from ippgateway.app.simulation.database import Server
from ippgateway.core import log

PURCHASES = 6
"""Per seed; the command's own default is twice that."""


class Simulator:
    """Runs seeds, each in a thread, because a simulation is an event loop of its own."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def run(self, seed: int, *, count: int = PURCHASES) -> course.Outcome:
        """What became of the seed."""
        return await asyncio.to_thread(course.run, self.server, seed, count=count)

    async def first_wrong(self, seeds: range) -> course.Outcome | None:
        """The first of these seeds in which an invariant does not hold."""
        for seed in seeds:
            outcome = await self.run(seed)
            if outcome.wrong:
                return outcome
        return None


@pytest.fixture(scope="session")
def simulated(installation: Settings) -> Settings:
    """The settings of what simulations damage."""
    return beside(installation)


@pytest.fixture(scope="session")
async def simulator(simulated: Settings) -> AsyncIterator[Simulator]:
    """Runs seeds."""
    await setup(simulated)
    server = Server(simulated)
    yield Simulator(server)
    await asyncio.to_thread(server.close)


@pytest.fixture(autouse=True)
def own_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulation takes the process's log; the other tests get back theirs."""
    root = logging.getLogger()
    monkeypatch.setattr(log, "_stream", StringIO())
    monkeypatch.setattr(log, "_threshold", logging.ERROR)
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
