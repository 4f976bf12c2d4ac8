"""A real database of this room's own, and the Platform as three zones see it, under one clock that stands still."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest_asyncio

from ippgateway.core.clock import ManualClock
from ippgateway.privacy.zones import Zone
from notifications.conftest import Installation, installed, platform

from .room import Room

__all__ = ["installed"]


@pytest_asyncio.fixture(loop_scope="session")
async def room(installed: Installation) -> AsyncIterator[Room]:
    """No letter is owed, no alarm is set, and it is now."""
    async with installed.connected(installed.superuser()) as admin:
        await admin.execute("truncate ipp.letter, jobs.pgqueuer, jobs.pgqueuer_log")
        clock = ManualClock(datetime.now(UTC))
        async with (
            platform(installed.settings, Zone.CONSOLE, clock) as console,
            platform(installed.settings, Zone.DESK, clock) as desk,
            platform(installed.settings, Zone.WORKER, clock) as working,
        ):
            yield Room(clock=clock, console=console, desk=desk, working=working, admin=admin)
