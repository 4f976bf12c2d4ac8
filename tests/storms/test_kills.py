"""Kill -9 of any one process at a random moment, under a load of payments; then the second start, and the end."""

import socket
from collections.abc import Iterator

import pytest

from e2e.client import until
from running import Running

from .processes import Installation
from .storm import storm_over

KILLS = 10
SEED = 8583


@pytest.fixture(scope="module")
def stormy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An installation of its own, because the whole test run would suffer."""
    it = Running(tmp_path_factory.mktemp("stormy") / "var")
    it.start()
    yield it
    assert it.process is not None
    if it.process.poll() is None:
        it.stop()


async def test_killed_under_load_it_serves_again_and_keeps_its_word(stormy: Running) -> None:
    async with storm_over(stormy, SEED) as storm:
        await storm.run(KILLS, SEED)
    report = storm.report
    assert report.problems == [], report.told()  # how long it took is for `storm.py`, on a machine of its own
    assert report.acknowledged > KILLS
    assert report.notifications >= report.acknowledged


async def test_ctrl_c_leaves_nothing_and_a_second_start_keeps_everything(stormy: Running) -> None:
    async with storm_over(stormy, SEED) as storm:
        before = await storm.client.listed(await storm.client.login())
    assert before
    demo = stormy.demo()
    assert stormy.process is not None
    installation = Installation(stormy.settings.data_dir, stormy.process.pid)
    assert stormy.stop() == 0
    await until(lambda: _gone(installation), "everybody gone", 10)
    for port in range(stormy.settings.port, stormy.settings.port + 6):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    stormy.start()
    assert stormy.demo() == demo
    async with storm_over(stormy, SEED) as storm:
        assert await storm.client.listed(await storm.client.login()) == before


async def _gone(installation: Installation) -> bool:
    return installation.alive() == []
