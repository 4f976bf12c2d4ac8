"""The worker over the real queue and a real mail server: what is owed is sent, and a kill loses nothing."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from ippgateway.app import worker
from ippgateway.domains.mail.states import LEASE
from notifications.conftest import Installation
from notifications.room import FakeSender, until

from .post import Post, open_post
from .room import Owed, Room
from .test_carrier import carrier


@asynccontextmanager
async def working(installed: Installation, room: Room, port: int) -> AsyncIterator[None]:
    """The worker in this process, ended in order."""
    ending = asyncio.Event()
    task = asyncio.create_task(
        worker.run(room.working, FakeSender(), carrier(port), installed.worker(), ending=ending)
    )  # fmt: skip
    try:
        yield
    finally:
        ending.set()
        await task


@asynccontextmanager
async def worker_process(installed: Installation, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """The worker as a process of its own, with the mail server that its settings name."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "notifications.process", cwd=Path(__file__).parent.parent,
        env={**os.environ, "IPPGATEWAY_DATA_DIR": str(installed.settings.data_dir), "IPPGATEWAY_SMTP_PORT": str(port)},
    )  # fmt: skip
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def is_sent(room: Room, owed: Owed) -> bool:
    return await room.state(owed) == "SENT"


async def test_letters_of_customers_and_of_our_staff_are_sent_by_the_worker(
    installed: Installation, room: Room
) -> None:
    async with open_post() as post:
        before = await room.owe(staff=True)
        async with working(installed, room, post.port):
            await until(lambda: is_sent(room, before), "the first was sent")
            after = await room.owe()
            await until(lambda: is_sent(room, after), "the second was sent")
    assert len(post.taken) == 2


async def test_a_worker_killed_between_the_servers_yes_and_the_record_sends_it_twice_and_never_loses_it(
    installed: Installation, room: Room
) -> None:
    async with open_post(Post(holding=asyncio.Event())) as post:
        owed = await room.owe()
        async with worker_process(installed, post.port) as first:
            await asyncio.wait_for(post.arrived.wait(), 20)
            os.kill(first.pid, signal.SIGKILL)
        assert post.holding is not None
        post.holding.set()
        post.holding = None
        assert await room.state(owed) == "DUE"
        room.clock.advance(LEASE.total_seconds() + 5)  # the first one's claim is over; its job is still marked as taken
        async with working(installed, room, post.port):
            await until(lambda: is_sent(room, owed), "another worker took it up")
    assert len(post.taken) == 2
    assert len({message["Message-ID"].partition("@")[0] for message in post.taken}) == 1
