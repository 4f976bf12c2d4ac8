"""Accounts on an installation of their own, whose letters nobody sends: they are read here."""

import dataclasses
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from ippgateway.app.settings import Settings
from ippgateway.app.setup import setup
from ippgateway.app.wiring import platform_for
from ippgateway.core.clock import ManualClock
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Arrival, Audience
from ippgateway.domains.companies import service as companies
from ippgateway.domains.mail.models import Letter
from ippgateway.domains.mail.schemas import Kind
from ippgateway.domains.partners import service as partners
from ippgateway.privacy.catalogue import MAIL
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM, Zone

from .newcomers import Door

NOW = datetime(2031, 3, 1, 12, tzinfo=UTC)
PASSWORD = Secret("a hedgehog under 7 lamps")
OTHER_PASSWORD = Secret("nine quiet ferries to Samsoe")
STAFF = json.dumps({"employer": "IPP", "country": "DK"})


class NothingLeaked:
    """Knows no password."""

    async def leaked(self, password: Secret[str]) -> bool:
        return False


LEAKED = NothingLeaked()


def from_(address: str = "192.0.2.7", device: Secret[str] | None = None) -> Arrival:
    """Where a request comes from."""
    return Arrival(address=Secret(address), browser="Firefox 140", system="Linux", device=device)


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
    """What every zone goes by."""
    return ManualClock(NOW)


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailed:
    """A letter that is owed, as its reader gets it."""

    kind: Kind
    to: str
    told: dict[str, str]

    @property
    def ticket(self) -> Secret[str]:
        """The secret at the end of its link."""
        return Secret(self.told["link"].rpartition("/")[2])


Post = Callable[[str], Awaitable[list[Mailed]]]


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


# --- who is there ---


async def shop(p: Platform, partner_id: str | None = None) -> str:
    """A company; its id."""
    new = companies.sandbox_company(p, partner_id=partner_id or p.ids.new(), name="Shop")
    await companies.add(p, new)
    return new.id


async def partner(p: Platform) -> str:
    """A partner; its id."""
    new = partners.NewPartner(
        id=p.ids.new(), name="Partner", key1=Secret(p.ids.letters(42)), key2=Secret(p.ids.letters(14))
    )
    await partners.add(p, new)
    return new.id


async def somebody(p: Platform, tenant_id: str, audience: Audience = Audience.COMPANY, **other: object) -> str:
    """A user; their address, which is nobody else's unless `email` says so."""
    told = {"email": f"{p.ids.letters(12)}@example.org", "name": "Karen", "password": PASSWORD, **other}
    await accounts.add(p, accounts.NewUser(audience=audience, tenant_id=tenant_id, **told))  # type: ignore[arg-type]
    return str(told["email"])


async def member(desk: Platform, role: str = "administrator") -> str:
    """One of our staff; their address."""
    return await somebody(desk, PLATFORM, Audience.STAFF, rights=(role,), employment=STAFF)
