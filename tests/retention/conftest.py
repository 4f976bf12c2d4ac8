"""An installation of its own under a clock of its own, with nothing in it but what a test puts there."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import asyncpg
import pytest

from browser import browser, open_page
from ippgateway.app.database.access import as_owner, keys_database, main_database
from ippgateway.app.settings import Settings
from ippgateway.app.setup import setup
from ippgateway.app.wiring import platform_for
from ippgateway.core.clock import ManualClock
from ippgateway.privacy.zones import Zone

from .world import World

__all__ = ["browser", "open_page"]

BEGINS = datetime(2019, 11, 4, 9, tzinfo=UTC)


@pytest.fixture(scope="package")
async def place(installation: Settings) -> Settings:
    """Other roles and databases in the same server, no demo."""
    settings = dataclasses.replace(installation, role_prefix="retained", sandbox=False)
    await setup(settings)
    return settings


@pytest.fixture
async def world(place: Settings) -> AsyncIterator[World]:
    """The zones that have to do with what is kept, and the owner's eyes. Emptied afterwards, for the next test."""
    clock = ManualClock(BEGINS)
    async with AsyncExitStack() as opened:
        zones = {
            zone: await opened.enter_async_context(platform_for(zone, place, clock=clock))
            for zone in (Zone.PAY, Zone.CONSOLE, Zone.DESK, Zone.WORKER)
        }
        main, keys = [await asyncpg.connect(**as_owner(place, name(place))) for name in (main_database, keys_database)]
        opened.push_async_callback(main.close)
        opened.push_async_callback(keys.close)
        yield World(clock=clock, zones=zones, main=main, keys=keys, settings=place)
        tables = await main.fetch(
            "select format('ipp.%I', relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where n.nspname = 'ipp' and relkind = 'r' and relname not in ('alembic_version', 'recipient')"
        )
        for row in tables:
            await main.execute(f"alter table {row['name']} disable trigger user")
        await main.execute(f"truncate {', '.join(row['name'] for row in tables)} cascade")
        for row in tables:
            await main.execute(f"alter table {row['name']} enable trigger user")
        await keys.execute("delete from ipp.person_key; delete from ipp.destroyed_key")
