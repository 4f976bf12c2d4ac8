"""A real database of this room's own; console and worker under one clock that stands still."""

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
    """Nobody said anything yet, no letter is owed, and it is now."""
    async with installed.connected(installed.superuser()) as admin:
        await admin.execute("set session_replication_role = replica")
        await admin.execute("truncate ipp.consent, ipp.consent_text, ipp.acceptance, ipp.letter, jobs.pgqueuer")
        await admin.execute("set session_replication_role = origin")
        clock = ManualClock(datetime.now(UTC))
        async with (
            platform(installed.settings, Zone.CONSOLE, clock) as console,
            platform(installed.settings, Zone.WORKER, clock) as working,
        ):
            yield Room(clock=clock, console=console, working=working, admin=admin, owner=installed.owner())
