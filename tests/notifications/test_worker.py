"""The worker over the real queue and the real network of this machine: kills, restarts, doubles, stops."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from gates import gate, way
from ippgateway.app import worker
from ippgateway.app.zones.worker import carrier
from ippgateway.connectors.notify.sender import HttpSender
from ippgateway.core import jobrunner
from ippgateway.core.jobs import NOTIFICATION_DUE
from ippgateway.domains.notifications.ports import Sender
from ippgateway.domains.notifications.states import LEASE
from ippgateway.privacy.catalogue import NOTIFY, SHOP

from .conftest import Installation
from .room import FakeSender, Owed, Room, until
from .shop import open_shop

CANARY = "canary-4929000000006"


@asynccontextmanager
async def working(installed: Installation, room: Room, sender: Sender | None = None) -> AsyncIterator[asyncio.Event]:
    """The worker in this process, ended in order."""
    ending = asyncio.Event()
    sender = sender or HttpSender(way(SHOP, NOTIFY), allow_private=True)
    task = asyncio.create_task(
        worker.run(room.working, sender, carrier(installed.settings, gate()), installed.worker(), ending=ending)
    )
    try:
        yield ending
    finally:
        ending.set()
        await task


@asynccontextmanager
async def worker_process(installed: Installation) -> AsyncIterator[asyncio.subprocess.Process]:
    """The worker as a process of its own."""
    tests = Path(__file__).parent.parent
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "notifications.process", cwd=tests,
        env={**os.environ, "IPPGATEWAY_DATA_DIR": str(installed.settings.data_dir)},
    )  # fmt: skip
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def is_delivered(room: Room, owed: Owed) -> bool:
    return await room.state(owed) == "DELIVERED"


async def queue_is_empty(room: Room) -> bool:
    return bool(await room.admin.fetchval("select count(*) = 0 from jobs.pgqueuer"))


async def test_what_is_owed_is_delivered_whether_the_worker_or_the_debt_came_first(
    installed: Installation, room: Room
) -> None:
    async with open_shop() as shop:
        before = await room.owe(shop.url)
        async with working(installed, room):
            await until(lambda: is_delivered(room, before), "the first was delivered")
            after = await room.owe(shop.url)
            await until(lambda: is_delivered(room, after), "the second was delivered")
            await until(lambda: queue_is_empty(room), "the queue was empty")
    assert [r.query["transaction_id"] for r in shop.seen] == [before.payment_id, after.payment_id]


async def test_a_job_that_comes_three_times_calls_once(installed: Installation, room: Room) -> None:
    async with open_shop() as shop:
        owed = await room.owe(shop.url)
        await room.admin.execute(
            "insert into jobs.pgqueuer (priority, entrypoint, payload, status) "
            "select 0, entrypoint, payload, 'queued' from jobs.pgqueuer, generate_series(1, 2)"
        )
        async with working(installed, room):
            await until(lambda: is_delivered(room, owed), "it was delivered")
            # A double that found it taken has set an alarm for the end of the lease; nothing else may be left.
            await room.admin.execute("update jobs.pgqueuer set execute_after = now() where status = 'queued'")
            await until(lambda: queue_is_empty(room), "every double was taken up")
    assert len(shop.seen) == 1


async def test_a_lost_job_is_found_when_the_worker_starts(installed: Installation, room: Room) -> None:
    async with open_shop() as shop:
        owed = await room.owe(shop.url)
        await room.admin.execute("delete from jobs.pgqueuer")
        room.clock.advance(11)
        async with working(installed, room):
            await until(lambda: is_delivered(room, owed), "it was delivered")


async def test_a_worker_killed_in_the_middle_of_a_call_is_succeeded_within_seconds(
    installed: Installation, room: Room
) -> None:
    async with open_shop(holding=asyncio.Event()) as shop:
        owed = await room.owe(shop.url)
        async with worker_process(installed) as first:
            await asyncio.wait_for(shop.arrived.wait(), 20)
            os.kill(first.pid, signal.SIGKILL)
        assert await room.admin.fetchval("select status = 'picked' from jobs.pgqueuer")
        assert await room.state(owed) == "PENDING"
        shop.holding = None
        room.clock.advance(LEASE.total_seconds() + 5)  # the first one's claim is over; its job is still marked as taken
        async with working(installed, room):
            await until(lambda: is_delivered(room, owed), "another worker took it up")
    assert len(shop.seen) == 2


async def test_a_worker_that_is_told_to_stop_finishes_its_call(installed: Installation, room: Room) -> None:
    async with open_shop(holding=asyncio.Event()) as shop:
        assert shop.holding is not None
        owed = await room.owe(shop.url)
        async with worker_process(installed) as child:
            await asyncio.wait_for(shop.arrived.wait(), 20)
            child.send_signal(signal.SIGTERM)
            shop.holding.set()
            assert await asyncio.wait_for(child.wait(), 20) == 0
        assert await room.state(owed) == "DELIVERED"
        assert await queue_is_empty(room)


async def test_a_call_that_does_not_end_does_not_keep_the_worker_from_stopping(
    installed: Installation, room: Room
) -> None:
    sender = FakeSender(holding=asyncio.Event())
    owed = await room.owe("https://shop.example/")
    async with working(installed, room, sender):
        await asyncio.wait_for(sender.arrived.wait(), 20)
    assert await room.state(owed) == "PENDING"  # and the next worker's sweep finds it


async def test_the_worker_outlives_the_database(installed: Installation, room: Room) -> None:
    async with open_shop() as shop, working(installed, room):
        first = await room.owe(shop.url)
        await until(lambda: is_delivered(room, first), "the first was delivered")
        assert installed.server.pid is not None
        os.kill(installed.server.pid, signal.SIGKILL)
        await until(room.admin.is_closed, "the connection broke")
        await installed.server.until_ready()
        async with installed.connected(installed.superuser()) as admin:
            again = Room(clock=room.clock, paying=room.paying, working=room.working, admin=admin)
            second = await again.owe(shop.url)
            await until(lambda: is_delivered(again, second), "the second was delivered")


async def test_what_a_handler_raises_is_stored_nowhere(installed: Installation, room: Room) -> None:
    asked: list[tuple[str, str]] = []

    async def broken(company_id: str, object_id: str) -> None:
        asked.append((company_id, object_id))
        raise RuntimeError(CANARY)

    handlers: Mapping[str, jobrunner.Handler] = {NOTIFICATION_DUE: broken}
    owed, ending = await room.owe("https://shop.example/"), asyncio.Event()
    await room.admin.execute("insert into jobs.pgqueuer (priority, entrypoint, payload, status) "
                             "values (0, $1, $2, 'queued')", NOTIFICATION_DUE, CANARY.encode())  # fmt: skip
    task = asyncio.create_task(jobrunner.run(installed.worker(), handlers, ending=ending))
    await until(lambda: queue_is_empty(room), "both jobs were taken up")
    ending.set()
    await task
    assert asked == [(owed.company_id, owed.id)]
    rows = await room.admin.fetch("select * from jobs.pgqueuer_log")
    assert rows
    assert CANARY not in str([dict(r) for r in rows])
