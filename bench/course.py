"""The course of the bench: an installation of its own, the limit and ours in turns, the wait, the growth."""

import asyncio
import contextlib
import json
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from bench import bare, grown, same, stock
from bench.figures import CLIENTS, Figures, Grown, Measured, Round, Waiting
from bench.limit import Limit, by_clients
from bench.place import Place
from ippgateway.app.database.access import as_admin, main_database
from ippgateway.app.local.watch import Watch
from ippgateway.app.wiring import platform_for
from ippgateway.privacy.zones import Zone

PORTS = 40
_ACQUIRER, _OURS, _BARE, _SLOW, _WAITING = 5, 10, 15, 20, 25
"""Behind the first port."""
_OTHER_SHOPS = tuple(f"0the-rsho-p{n:03d}" for n in range(4))
_FEW = 10_000
_WARM_UP = 3_000
_TRY_S = 2.0
_DELAY_S = 2.0
_PAST = timedelta(days=60)
"""A payment a second has room in it."""
_ROOM = 1.5
_MEMORY_EVERY_S = 0.05
_LOAD_STARTS_S = 1.0


class NotDurable(RuntimeError):
    """The server does not keep what it says."""


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How much is measured. `seconds`: each measurement; `rows`: payments there at the end; `waiting`: at once."""

    seconds: float
    rounds: int
    rows: int
    waiting: int


@dataclass(eq=False)
class Side:
    """One of the two gateways that are compared: its stock of checkouts, its process, the requests made for it."""

    name: str
    stock: stock.Stock
    port: int
    process: Watch
    requests: Path
    _most: float = 0.0

    async def make(self, count: int) -> None:
        """That many checkouts to be paid."""
        await self.stock.make(count, self.requests)

    async def make_for(self, seconds: float) -> None:
        """More checkouts than can be paid in this time."""
        await self.make(int((self._most or 2_000) * _ROOM * seconds) + 500)

    async def load(self, clients: int, seconds: float) -> dict[str, Any]:
        """Pay them. `seconds` 0: all there are."""
        got = await _ended(await self._loading(clients, seconds, 0.0))
        self._most = max(self._most, got["rps"])
        return got

    async def load_while(self, clients: int, rate: float, busy: Callable[[], Awaitable[object]]) -> dict[str, Any]:
        """Pay them, `rate` a second, until `busy` has ended. Too few of them is an error of its own."""
        child = await self._loading(clients, 0.0, rate)
        try:
            await asyncio.sleep(_LOAD_STARTS_S)
            await busy()
        finally:
            early = child.returncode is not None
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)
            got = await _ended(child)
        return got | ({"errors": {**got["errors"], "nothing left to pay": 1}} if early else {})

    async def _loading(self, clients: int, seconds: float, rate: float) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.load", f"--port={self.port}", f"--requests={self.requests}",
            f"--clients={clients}", f"--seconds={seconds}", f"--rate={rate}", stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip


async def _ended(load: asyncio.subprocess.Process) -> dict[str, Any]:
    """What a load tells at its end."""
    out, _ = await load.communicate()
    got: dict[str, Any] = json.loads(out)
    return got


@dataclass(eq=False)
class Course:
    """Everything that is measured at one place, step by step."""

    place: Place
    port: int
    folder: Path
    extent: Extent
    figures: Figures = field(default_factory=Figures)

    def __post_init__(self) -> None:
        self._limit = Limit(self.place.settings)
        self._begins = datetime.now(UTC) - _PAST

    async def run(self) -> Figures:
        """All of it."""
        await self.check_durable()
        async with self.sides() as (ours, plain):
            shops = [ours.stock.company_id, *_OTHER_SHOPS]
            await self._begin(ours, plain, shops)
            for number in range(self.extent.rounds):
                self.figures.rounds.append(await self._round(ours, plain, number))
            self.figures.waiting = await self._wait(ours)
            if self.extent.rows > _FEW:
                say(f"growing to {self.extent.rows:,d} payments")
                await self._grow(shops, _FEW, self.extent.rows)
                self.figures.grown.append(await self._grown(ours, self.extent.rows))
        return self.figures

    async def profile(self, out: Path) -> None:
        """Only ours, looked at while it works; `out` gets the tables."""
        argv = ("bench.sampled", str(out))
        async with self.sides(ours=argv) as (ours, _):
            await self._grow([ours.stock.company_id, *_OTHER_SHOPS], 0, _FEW)
            for _ in range(self.extent.rounds):
                for clients in CLIENTS:
                    await self._measure(ours, clients)

    @asynccontextmanager
    async def sides(
        self, *, ours: tuple[str, ...] = ("ippgateway.app.cli", "zone", "pay")
    ) -> AsyncIterator[tuple[Side, Side]]:
        """Ours and bare, each with a shop of its own."""
        place, settings = self.place, self.place.settings
        acquirer = self.port + _ACQUIRER
        async with AsyncExitStack() as stack:
            pay = await stack.enter_async_context(platform_for(Zone.PAY, settings))
            async with platform_for(Zone.CONSOLE, settings) as console:
                shop = await stock.company(console, "Bench shop")
            with bare.stand_ins():
                async with platform_for(Zone.CONSOLE, settings) as console:
                    open_shop = await stock.company(console, "Bare shop")
            await stack.enter_async_context(place.acquirer(acquirer))

            async def side(name: str, port: int, argv: tuple[str, ...], company_id: str, *, sealed: bool) -> Side:
                process = await stack.enter_async_context(place.gateway(port, acquirer, argv=argv))
                made = stock.Stock(settings, pay, company_id, sealed=sealed)
                return Side(name, made, port, process, self.folder / f"{name}.requests")

            yield (
                await side("ours", self.port + _OURS, ours, shop, sealed=True),
                await side("bare", self.port + _BARE, ("bench.bare",), open_shop, sealed=False),
            )

    # --- before anything is measured ---

    async def check_durable(self) -> None:
        connection = await asyncpg.connect(**as_admin(self.place.settings, main_database(self.place.settings)))
        try:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                value = await connection.fetchval(f"show {name}")
                print(f"{name} is {value}")
                if value != "on":
                    raise NotDurable(name)
        finally:
            await connection.close()

    async def _begin(self, ours: Side, plain: Side, shops: list[str]) -> None:
        """Tables with something in them, warm processes, and a limit that is known to be honest."""
        for side in (ours, plain):
            await side.make(_WARM_UP)
            self._note(await side.load(CLIENTS[0], 0))
        await self._grow(shops, 0, _FEW)
        limit = self._limit
        await limit.prepare_one()
        await ours.make(1)

        async def one() -> None:
            self._note(await ours.load(1, 0))

        say(f"the same rows: {await same.compare(self.place.settings, one, limit.one)}")
        self.figures.limits = await by_clients(lambda clients: limit.run(clients, _TRY_S))
        self.figures.limit_clients = max(self.figures.limits, key=lambda clients: self.figures.limits[clients])
        say(f"limit by clients: { {c: round(tps) for c, tps in self.figures.limits.items()} }")
        self.figures.grown.append(await self._grown(ours, _FEW))

    async def _grow(self, shops: list[str], there: int, to: int) -> None:
        past = grown.Past(companies=shops, begins=self._begins)
        await grown.grow(self.place.settings, past, there=there, to=to)
        await grown.look(self.place.settings)

    # --- what is measured ---

    async def _round(self, ours: Side, plain: Side, number: int) -> Round:
        """The limit, then both sides with each number of clients; the order of the sides changes with every round."""
        limit_tps = await self._run_limit()
        found: dict[str, dict[int, Measured]] = {ours.name: {}, plain.name: {}}
        for clients in CLIENTS:
            for side in (ours, plain) if number % 2 == 0 else (plain, ours):
                found[side.name][clients] = await self._measure(side, clients)
        it = Round(limit_tps=limit_tps, ours=found[ours.name], bare=found[plain.name])
        say(f"round {number + 1}: limit {limit_tps:,.0f}; " + "; ".join(
            f"{c} clients: ours {it.ours[c].rps:,.0f} ({it.ratio(c):.2f}), bare {it.bare[c].rps:,.0f}" for c in CLIENTS
        ))  # fmt: skip
        return it

    async def _grown(self, ours: Side, payments: int) -> Grown:
        limit_tps = await self._run_limit()
        measured = await self._measure(ours, CLIENTS[-1])
        say(f"with {payments:,d} payments: limit {limit_tps:,.0f}, ours {measured.rps:,.0f}")
        return Grown(payments=payments, limit_tps=limit_tps, ours=measured)

    async def _run_limit(self) -> float:
        return await self._limit.run(self.figures.limit_clients, self.extent.seconds)

    async def _measure(self, side: Side, clients: int) -> Measured:
        await side.make_for(self.extent.seconds)
        before = _spent(side.process), _spent(self.place.server)
        got = await side.load(clients, self.extent.seconds)
        gateway_s, database_s = _spent(side.process) - before[0], _spent(self.place.server) - before[1]
        self._note(got)
        each = 1e6 / max(got["count"], 1)
        return Measured(
            rps=got["rps"], p50_ms=got["p50_ms"], p99_ms=got["p99_ms"], gateway_us=gateway_s * each,
            database_us=database_s * each,
        )  # fmt: skip

    async def _wait(self, ours: Side) -> Waiting:
        """All at once to a process of its own, whose acquirer takes its time."""
        acquirer, port = self.port + _SLOW, self.port + _WAITING
        count = self.extent.waiting
        await ours.make(count)
        async with (
            self.place.acquirer(acquirer, delay_s=_DELAY_S) as slow,
            self.place.gateway(port, acquirer) as process,
        ):
            say(f"{count:,d} at once on an acquirer that takes {_DELAY_S:g} s ({slow.process.name})")
            side = Side("waiting", ours.stock, port, process, ours.requests)
            idle_mib = _memory_mib(process)
            watching = asyncio.create_task(_most_memory_mib(process))
            got = await side.load(count, 0)
            watching.cancel()
            memory_mib = max(await watching, idle_mib)
        return Waiting(
            count=count, delay_s=_DELAY_S, took_s=got["took_s"], memory_mib=memory_mib, idle_mib=idle_mib,
            errors=Counter(got["errors"]),
        )  # fmt: skip

    def _note(self, got: dict[str, Any]) -> None:
        self.figures.errors.update(got["errors"])


def say(what: str) -> None:
    """Progress, for whoever waits."""
    print(what, file=sys.stderr, flush=True)


def _spent(watch: Watch) -> float:
    """Processor time of a process with all that it started, dead ones included, seconds."""
    if watch.pid is None:
        return 0.0
    process, total = psutil.Process(watch.pid), 0.0
    for each in (process, *process.children(recursive=True)):
        try:
            total += sum(each.cpu_times()[:4])
        except psutil.NoSuchProcess:
            continue  # what it did counts as its parent's now
    return total


def _memory_mib(watch: Watch) -> float:
    return float(psutil.Process(watch.pid).memory_info().rss) / 2**20


async def _most_memory_mib(watch: Watch) -> float:
    """The most that was seen until it is cancelled."""
    most = 0.0
    try:
        while True:
            most = max(most, _memory_mib(watch))
            await asyncio.sleep(_MEMORY_EVERY_S)
    except asyncio.CancelledError:
        return most
