"""A real database of this room's own, and the platform as two zones see it, under one clock that stands still."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest_asyncio

from ippgateway.app.database.access import as_admin, as_owner, as_zone, keys_database, main_database
from ippgateway.app.database.keys import ensure_keys, master
from ippgateway.app.database.migrate import migrate
from ippgateway.app.database.provision import provision
from ippgateway.app.local import installation, postgres
from ippgateway.app.local.watch import Watch
from ippgateway.app.settings import Settings
from ippgateway.core.clock import Clock, ManualClock, SystemClock
from ippgateway.core.database import Database
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.privacy import masterkeys
from ippgateway.privacy.catalogue import ACCOUNT, NOTIFY, PAYMENT, STAFF_ACCOUNT
from ippgateway.privacy.persons import Persons
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone

from .room import Room


@dataclass(frozen=True)
class Installation:
    """A running server with both databases in it."""

    settings: Settings
    server: Watch

    @asynccontextmanager
    async def connected(self, connect: dict[str, Any]) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        connection = await asyncpg.connect(**connect)
        try:
            yield connection
        finally:
            await connection.close()

    def worker(self) -> dict[str, Any]:
        """The worker's way into the main database."""
        return as_zone(self.settings, Zone.WORKER, main_database(self.settings))

    def owner(self) -> dict[str, Any]:
        """The owner's way in."""
        return as_owner(self.settings, main_database(self.settings))

    def superuser(self) -> dict[str, Any]:
        """The way in of somebody who may break every rule."""
        return as_admin(self.settings, main_database(self.settings))

    def keys_superuser(self) -> dict[str, Any]:
        """The same of the key server."""
        return as_admin(self.settings, keys_database(self.settings))


_STARTS = {Zone.PAY: PAYMENT, Zone.CONSOLE: ACCOUNT, Zone.DESK: STAFF_ACCOUNT, Zone.WORKER: NOTIFY}


@asynccontextmanager
async def platform(settings: Settings, zone: Zone, clock: Clock) -> AsyncIterator[Platform]:
    """One zone's view, as its process would have it."""
    randomness = SystemRandomness()
    main, keys = (
        Database(as_zone(settings, zone, name), role_prefix=settings.role_prefix, pool_size=30)
        for name in (main_database(settings), keys_database(settings))
    )
    persons = Persons(keys, master(settings, masterkeys.PERSONS, randomness), clock, randomness)
    await persons.start(_STARTS[zone])
    try:
        yield Platform(
            zone=zone, db=main, clock=clock, ids=Ids(clock, randomness), persons=persons,
            origins={name: f"http://{name}.localhost:8000" for name in ("console", "desk", "mine", "pay", "site")},
        )  # fmt: skip
    finally:
        await main.close()
        await keys.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def installed() -> AsyncIterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="ippgateway-test-"))
    folder.chmod(0o755)
    settings = Settings.from_env({"IPPGATEWAY_DATA_DIR": str(folder / "data")})
    randomness = SystemRandomness()
    places = installation.places(settings)
    server, keys = (Watch(each, places, lambda _: None) for each in postgres.processes(settings, randomness))
    for each in (server, keys):
        each.start()
    try:
        for each in (server, keys):
            await each.until_ready()
        await provision(settings, Ids(SystemClock(), randomness))
        await migrate(settings)
        await ensure_keys(settings, randomness, at=datetime.now(UTC))
        yield Installation(settings, server)
    finally:
        for each in (server, keys):
            await each.stop(5)
        shutil.rmtree(folder)


@pytest_asyncio.fixture(loop_scope="session")
async def room(installed: Installation) -> AsyncIterator[Room]:
    """Nothing is owed, no alarm is set, and it is now."""
    async with installed.connected(installed.superuser()) as admin:
        await admin.execute("truncate ipp.notification, jobs.pgqueuer, jobs.pgqueuer_log")
        clock = ManualClock(datetime.now(UTC))
        async with (
            platform(installed.settings, Zone.PAY, clock) as paying,
            platform(installed.settings, Zone.WORKER, clock) as working,
        ):
            yield Room(clock=clock, paying=paying, working=working, admin=admin)
