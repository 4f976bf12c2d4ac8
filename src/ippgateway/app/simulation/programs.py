"""The programs whose lives are simulated: two payment zones and the worker. Dead ones are started again.

They are put together as `app.gateway`, `app.zones.pay` and `app.worker` do it. Their loops look as those do, but skip
rounds in which there is nothing to find: a simulated day has eighty thousand of them.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

import asyncpg

from ippgateway.app.database.access import keys_database, main_database
from ippgateway.app.database.keys import master
from ippgateway.app.simulation.acquirer import Host
from ippgateway.app.simulation.database import Server, SimulatedDatabase, Weather
from ippgateway.app.simulation.faults import Faults, SeededRandomness
from ippgateway.app.simulation.line import TIMER_S, Line, Secure
from ippgateway.app.simulation.loop import SimulatedClock, SimulatedLoop
from ippgateway.app.simulation.processes import Process
from ippgateway.app.simulation.trace import Trace
from ippgateway.core.database import DatabaseUnavailable, PurposeLike
from ippgateway.core.ids import Ids
from ippgateway.core.log import where
from ippgateway.domains.cards.vault import Vault
from ippgateway.domains.notifications import jobs, service
from ippgateway.domains.notifications.ports import Sender
from ippgateway.domains.payments.service import Gateway, Limits, Recovery
from ippgateway.privacy import masterkeys
from ippgateway.privacy.catalogue import NOTIFY, PAYMENT
from ippgateway.privacy.persons import Persons
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone

ABANDONED_AFTER_S = TIMER_S + 25.0
_EVERY_S, _SELDOM_S = 1.0, 60.0
_LIBRARY_NOTICES_S = 4.0
"""How long after a worker's death its jobs are taken up by another one (`core.jobrunner`)."""
_OVERDUE_S = 10.0

GONE = (DatabaseUnavailable, OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError)
"""What a program answers when its database is away: nobody knows what came of it."""

T = TypeVar("T")


class World:
    """What all programs of one seed share."""

    def __init__(self, loop: SimulatedLoop, server: Server, seed: int, *, lasts_s: float, most_rushes: int) -> None:
        self.loop, self.server, self.seed = loop, server, seed
        self.clock = SimulatedClock(loop)
        self.trace = Trace(loop)
        self.faults = Faults(seed, lasts_s=lasts_s, most_rushes=most_rushes)
        self.weather = Weather(loop, self.trace, self.faults)
        self.host = Host()
        self.wrong: list[str] = []
        """What must never happen and did, noticed on the way."""

    def unexpected(self, whom: str, error: Exception) -> None:
        """Somebody met an error that a correct program does not have."""
        self.trace.tell("unexpected", whom=whom, **where(error))
        self.wrong.append(f"{whom} met {type(error).__name__}: {' '.join(map(str, where(error).values()))}")

    async def platform(self, zone: Zone, process: Process, purpose: PurposeLike) -> Platform:
        """A zone's view, as `wiring.platform_for` makes it."""
        settings, randomness = self.server.settings, SeededRandomness(f"{self.seed}/{process.name}")
        main, keys = (
            SimulatedDatabase(self.server, self.weather, process, zone, name)
            for name in (main_database(settings), keys_database(settings))
        )
        persons = Persons(keys, master(settings, masterkeys.PERSONS, randomness), self.clock, randomness)
        await persons.start(purpose)
        return Platform(zone=zone, db=main, clock=self.clock, ids=Ids(self.clock, randomness), persons=persons)

    def earliest(self, sql: str) -> datetime | None:
        """When there is something to do; for the rounds that are skipped."""
        found: datetime | None = self.server.do(self.server.main.fetchval(sql))
        return found

    async def moments(self, sql: str) -> AsyncIterator[None]:
        """Now, and whenever the moment that `sql` names has come, however often it changes. At most once a second, and
        ever more seldom while the last round did nothing about it."""
        before, pause_s = None, _EVERY_S
        yield
        while True:
            await asyncio.sleep(pause_s)
            self.weather.written.clear()
            due = self.earliest(sql)
            left_s = None if due is None else (due - self.clock.now()).total_seconds()
            if left_s is not None and left_s <= 0:
                pause_s = min(2 * pause_s, _SELDOM_S) if due == before else _EVERY_S
                before = due
                yield
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left_s):
                    await self.weather.written.wait()


class Program:
    """A program that is started again whenever it died. `begin` runs in each new process until it serves."""

    def __init__(self, world: World, name: str, begin: Callable[[Process], Awaitable[Any]]) -> None:
        self._world, self._name, self._begin = world, name, begin
        self._lives = 0
        self._serving = asyncio.Event()
        self._served: tuple[Process, Any] | None = None
        self._living: Process | None = None
        self._live()

    def end(self) -> None:
        """The seed is over."""
        living, self._living = self._living, None
        if living is not None:
            living.at_death.remove(self._gone)
            living.die()

    def _live(self) -> None:
        self._lives += 1
        process = Process(self._world.loop, self._world.trace, f"{self._name}.{self._lives}")
        process.at_death.append(self._gone)
        self._living = process
        process.start(self._start(process))

    async def _start(self, process: Process) -> None:
        try:
            self._served = process, await self._begin(process)
        except GONE:
            process.die()  # a zone that can't read its keys ends, and the supervisor starts it again
        except Exception as error:
            self._world.unexpected(process.name, error)
            process.die()
        else:
            self._serving.set()

    def _gone(self) -> None:
        self._serving.clear()
        self._served = None
        self._world.loop.outside(self._world.faults.process_away_s(), self._live)

    async def ask(self, question: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
        """Ask it something, once it serves. Raises Died, and what the question raises."""
        while self._served is None:
            await self._serving.wait()
        process, tools = self._served
        return await process.call(question(tools))


async def _try(world: World, whom: str, work: Awaitable[Any]) -> None:
    """The database may be away; nothing else may be wrong."""
    try:
        await work
    except GONE:
        pass
    except Exception as error:
        world.unexpected(whom, error)


# --- the payment zone ---

_RECOVERY_DUE = f"""
select least((select min(next_at) from ipp.advice where state = 'QUEUED'),
             (select min(state_at) from ipp.payment where state = 'SENT') + interval '{ABANDONED_AFTER_S} s')
"""


def payment_zone(world: World, name: str) -> Program:
    """What shops and payers talk to; its tools are a `Gateway`. Nothing but the database joins it to the other one."""

    async def begin(process: Process) -> Gateway:
        platform = await world.platform(Zone.PAY, process, PAYMENT)
        randomness = platform.ids.randomness
        settings = world.server.settings
        keys = SimulatedDatabase(world.server, world.weather, process, Zone.PAY, keys_database(settings))
        vault = Vault(keys, master(settings, masterkeys.VAULT, randomness), randomness)
        await vault.start(PAYMENT)
        gateway = Gateway(
            platform=platform, vault=vault, authenticator=Secure(world.faults, process),
            acquirer=Line(world.loop, world.trace, world.faults, process, world.host),
            limits=Limits(advice_lease_s=ABANDONED_AFTER_S), public_url="https://shop.example",
        )  # fmt: skip
        process.start(_recover(world, gateway))
        return gateway

    return Program(world, name, begin)


async def _recover(world: World, gateway: Gateway) -> None:
    recovery = Recovery(gateway, abandoned_after_s=ABANDONED_AFTER_S)
    async for _ in world.moments(_RECOVERY_DUE):
        await _try(world, "the recovery", recovery.once())
        gateway.woken.clear()


# --- the worker ---

_WORK_DUE = f"""
select least((select min(execute_after) from jobs.pgqueuer),
             (select min(next_at) from ipp.notification where state = 'PENDING') + interval '{_OVERDUE_S} s')
"""


def worker(world: World, sender: Callable[[Process], Sender]) -> Program:
    """What calls the shops."""

    async def begin(process: Process) -> Platform:
        platform = await world.platform(Zone.WORKER, process, NOTIFY)
        process.start(_work(world, process, platform, jobs.handlers(platform, sender(process))))
        return platform

    return Program(world, "worker", begin)


async def _work(world: World, process: Process, platform: Platform, handlers: Any) -> None:
    """What the job library and `app.worker.sweep` do together."""
    under_way: set[int] = set()
    await asyncio.sleep(_LIBRARY_NOTICES_S)
    async for _ in world.moments(_WORK_DUE):
        if not world.weather.away:
            for job in _due(world):
                if job["id"] not in under_way:
                    under_way.add(job["id"])
                    process.start(_one(world, job, handlers, under_way))
            if _overdue(world):
                await _try(world, "the sweep", service.ring_again(platform))


def _due(world: World) -> list[asyncpg.Record]:
    server = world.server
    found = server.do(server.main.fetch(
        "select id, entrypoint, payload from jobs.pgqueuer where execute_after <= $1 order by execute_after, id",
        world.clock.now(),
    ))  # fmt: skip
    lost = [each["id"] for each in found if world.faults.job_is_lost()]
    _finished(world, lost)
    return [each for each in found if each["id"] not in lost]


def _overdue(world: World) -> bool:
    owed = world.earliest("select min(next_at) from ipp.notification where state = 'PENDING'")
    return owed is not None and owed + timedelta(seconds=_OVERDUE_S) < world.clock.now()


def _finished(world: World, ids: list[int]) -> None:
    if ids:
        server = world.server
        server.do(server.main.execute("delete from jobs.pgqueuer where id = any($1)", ids))


async def _one(world: World, job: asyncpg.Record, handlers: Any, under_way: set[int]) -> None:
    told = json.loads(job["payload"])
    await _try(world, "a job", handlers[job["entrypoint"]](told["company_id"], told["object_id"]))
    under_way.discard(job["id"])
    _finished(world, [job["id"]])
