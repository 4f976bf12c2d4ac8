"""Accounts on an installation of their own, whose letters nobody sends: they are read here."""

import dataclasses
import itertools
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from ippgateway.app.settings import Settings
from ippgateway.app.setup import setup
from ippgateway.app.wiring import platform_for
from ippgateway.core.clock import ManualClock
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.mail.models import Letter
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.catalogue import MAIL
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM, Zone

from .newcomers import Door
from .people import NOW, Mailed, Post

_days = itertools.count()


@pytest.fixture(scope="session")
async def home(installation: Settings) -> Settings:
    """An installation of their own, without the demo and without a worker."""
    settings = dataclasses.replace(installation, role_prefix="accounts", sandbox=False)
    await setup(settings)
    return settings


@pytest.fixture(scope="session")
async def zones(home: Settings) -> AsyncIterator[dict[Zone, Platform]]:
    async with (
        platform_for(Zone.CONSOLE, home) as console,
        platform_for(Zone.DESK, home) as desk,
        platform_for(Zone.PAY, home) as pay,
        platform_for(Zone.WORKER, home) as worker,
    ):
        yield {each.zone: each for each in (console, desk, pay, worker)}


@pytest.fixture
def clock() -> ManualClock:
    """What every zone goes by. Each test has a day of its own, for failures are counted over all names."""
    return ManualClock(NOW + timedelta(days=next(_days)))


@pytest.fixture
def p(zones: dict[Zone, Platform], clock: ManualClock) -> Platform:
    """The console zone under `clock`."""
    return under(zones[Zone.CONSOLE], clock)


@pytest.fixture
def desk(zones: dict[Zone, Platform], clock: ManualClock) -> Platform:
    """The desk zone under `clock`."""
    return under(zones[Zone.DESK], clock)


@pytest.fixture
def pay(zones: dict[Zone, Platform], clock: ManualClock) -> Platform:
    """The payment zone under `clock`."""
    return under(zones[Zone.PAY], clock)


@pytest.fixture
def door(p: Platform, clock: ManualClock) -> Door:
    """Second factors at the console."""
    return Door(p, clock)


@pytest.fixture
def staff_door(desk: Platform, clock: ManualClock) -> Door:
    """Second factors at the desk."""
    return Door(desk, clock)


def under(platform: Platform, clock: ManualClock) -> Platform:
    return dataclasses.replace(platform, clock=clock, ids=Ids(clock, SystemRandomness()))


@pytest.fixture
def post(zones: dict[Zone, Platform]) -> Post:
    """The letters that a tenant's users are owed, the oldest first."""
    worker = zones[Zone.WORKER]

    async def read(tenant_id: str) -> list[Mailed]:
        await accounts.written()
        async with worker.db.begin(MAIL) as tx:
            rows = await tx.fetch(
                "select person_id, kind, address, told from ipp.letter where tenant_id = $1 order by created_at, id",
                tenant_id,
            )
        letters = []
        for row in rows:
            box = await worker.persons.open(MAIL, PLATFORM, row["person_id"])
            told = json.loads(box.open(Letter.told, row["told"]).open() or "{}")
            letters.append(
                Mailed(kind=Kind(row["kind"]), to=box.open(Letter.address, row["address"]).open(), told=told)
            )
        return letters

    return read
