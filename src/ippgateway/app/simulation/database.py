"""The real server as the simulated program sees it: a statement takes no simulated time, and may be the last one.

Statements run on a loop of their own in a thread of their own, while the simulation stands still. So only one
transaction is open at a time; which one comes next is the seed's choice, by the time it takes to get a connection.
"""

import asyncio
import threading
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar, cast

import asyncpg
import uvloop

from ippgateway.app.database.access import as_owner, as_zone, keys_database, main_database
from ippgateway.app.settings import Settings
from ippgateway.app.simulation.faults import AtStatement, Faults
from ippgateway.app.simulation.loop import SimulatedLoop
from ippgateway.app.simulation.processes import Process
from ippgateway.app.simulation.trace import Trace
from ippgateway.core.connections import Connections
from ippgateway.core.database import Database
from ippgateway.privacy.zones import Zone

if TYPE_CHECKING:
    Real = asyncpg.Connection[asyncpg.Record]

T = TypeVar("T")

_PATIENCE_S = 60.0
_MOST_CONNECTIONS = 10
_KEEPS = {"synchronous_commit": "off"}  # the server itself is not killed here; what it forgets then is not the question


class Server:
    """Connections to the real databases of one scratch installation; used again from seed to seed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="database", daemon=True)
        self._free: dict[tuple[Zone, str, str], list[Real]] = {}
        self._all: list[Real] = []
        self._thread.start()
        self.main = self.do(asyncpg.connect(**as_owner(settings, main_database(settings)), server_settings=_KEEPS))
        self.keys = self.do(asyncpg.connect(**as_owner(settings, keys_database(settings)), server_settings=_KEEPS))
        self.stop_cleaning()

    def do(self, work: Awaitable[T]) -> T:
        """Have the real server do something, now."""

        async def waited() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(waited(), self._loop).result(_PATIENCE_S)

    def close(self) -> None:
        """Leave the server."""
        for each in (*self._all, self.main, self.keys):
            self.do(each.close(timeout=_PATIENCE_S))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE_S)
        self._loop.close()

    def take(self, zone: Zone, database: str, purpose: str) -> "Real":
        """A connection of a zone's login."""
        free = self._free.setdefault((zone, database, purpose), [])
        if free:
            return free.pop()
        real: Real = self.do(asyncpg.connect(**as_zone(self.settings, zone, database), server_settings=_KEEPS))
        self._all.append(real)
        return real

    def give_back(self, zone: Zone, database: str, purpose: str, real: "Real") -> None:
        """Whatever is open on it is rolled back, as when a connection is lost."""
        if real.is_in_transaction():
            self.do(real.execute("ROLLBACK"))
        self._free[zone, database, purpose].append(real)

    def stop_cleaning(self) -> None:
        """Without housekeeping at times of its own, rows are found in the order in which they were written."""
        for connection in (self.main, self.keys):
            tables = self.do(connection.fetch(
                "select format('%I.%I', schemaname, tablename) as name from pg_tables "
                "where schemaname in ('ipp', 'jobs') and tableowner = current_user"
            ))  # fmt: skip
            for table in tables:
                self.do(connection.execute(f"alter table {table['name']} set (autovacuum_enabled = off)"))

    def empty(self) -> None:
        """Forget every earlier seed: all rows but the installation's own, and the sequences."""
        for connection, kept in ((self.main, ("alembic_version", "audit_entry")),
                                 (self.keys, ("alembic_version", "wrapping_key", "vault_key"))):  # fmt: skip
            tables = self.do(connection.fetch(
                "select string_agg(format('%I.%I', schemaname, tablename), ', ') as names from pg_tables "
                "where schemaname in ('ipp', 'jobs') and tableowner = current_user and not tablename = any($1)",
                list(kept),
            ))  # fmt: skip
            self.do(connection.execute(self._unguarded(connection, f"truncate {tables[0]['names']} restart identity")))
        self.do(self.main.execute("alter sequence ipp.stan restart"))
        for real in self._all:
            self.do(real.execute("discard sequences"))

    def _unguarded(self, connection: "Real", statement: str) -> str:
        """The same with the triggers that refuse it to everybody set aside, in one transaction: what is agreed in an
        installation is never forgotten, and a seed is not an installation."""
        guards = self.do(connection.fetch(
            "select format('alter table %s %%s trigger %I', tgrelid::regclass, tgname) as way from pg_trigger "
            "where not tgisinternal and tgname = 'not_truncated' order by 1"
        ))  # fmt: skip
        off, on = ([guard["way"] % what for guard in guards] for what in ("disable", "enable"))
        return "; ".join((*off, statement, *on))


class Weather:
    """What the server is like for everybody at once: there, or restarting."""

    def __init__(self, loop: SimulatedLoop, trace: Trace, faults: Faults) -> None:
        self.loop, self.trace, self.faults = loop, trace, faults
        self.written = asyncio.Event()
        """Set at every commit; whoever looks for work clears it."""
        self._back_at = 0.0
        self._met: Counter[tuple[str, str]] = Counter()
        self._open: dict[_Connection, None] = {}

    @property
    def away(self) -> bool:
        """Whether nobody can connect now."""
        return self.faults.on and self.loop.time() < self._back_at

    def opened(self, connection: "_Connection") -> None:
        """A connection is in somebody's hands."""
        self._open[connection] = None

    def closed(self, connection: "_Connection") -> None:
        """It is not any more."""
        self._open.pop(connection, None)

    def meet(self, before: str, sql: str) -> int:
        """How often this statement came until now, this time included; a commit after the same statement."""
        statement = (before if sql == "COMMIT" else "", sql)
        self._met[statement] += 1
        return self._met[statement]

    def restart(self) -> float:
        """Every connection is lost, and for a while there is no new one: for how many seconds."""
        away_s = self.faults.server_away_s()
        self._back_at = self.loop.time() + away_s
        self.trace.tell("database.restarts", away_s=f"{away_s:.1f}")
        for connection in tuple(self._open):
            connection.lose()
        return away_s


class SimulatedDatabase(Database):
    """`core.database.Database` as it is, on connections that stand for the real ones."""

    def __init__(self, server: Server, weather: Weather, process: Process, zone: Zone, name: str) -> None:
        super().__init__({}, role_prefix=server.settings.role_prefix)
        self._make: Callable[[str], Connections] = lambda purpose: _Kept(
            server, weather, process, (zone, name, purpose)
        )

    def _connections(self, purpose: str) -> Connections:
        if purpose not in self._kept:
            self._kept[purpose] = self._make(purpose)
        return self._kept[purpose]


class _Kept(Connections):
    def __init__(self, server: Server, weather: Weather, process: Process, whose: tuple[Zone, str, str]) -> None:
        super().__init__({}, most=_MOST_CONNECTIONS)
        self._server, self._weather, self._process, self._whose = server, weather, process, whose

    async def take(self, patience_s: float) -> "Real":
        async with asyncio.timeout(patience_s):
            await self._room.acquire()
        try:
            await asyncio.sleep(self._weather.faults.turn_s())
            if self._weather.away:
                raise ConnectionRefusedError  # noqa: TRY301 - as the driver does it
            return cast("Real", _Connection(self._server, self._weather, self._process, self._whose))
        except BaseException:
            self._room.release()
            raise

    def give_back(self, connection: "Real") -> None:
        connection.terminate()
        self._room.release()


class _Connection:
    """One connection, from `take` to `give_back`. Statements are carried out when they are called, not when they are
    awaited, so that no other task can come between those of one transaction."""

    def __init__(self, server: Server, weather: Weather, process: Process, whose: tuple[Zone, str, str]) -> None:
        self._server, self._weather, self._process, self._whose = server, weather, process, whose
        self._real: Real | None = server.take(*whose)
        self._before = ""
        weather.opened(self)
        process.at_death.append(self.lose)

    def fetch(self, sql: str, *args: object) -> "asyncio.Future[Any]":
        return self._carry_out(sql, lambda real: real.fetch(sql, *args))

    def fetchrow(self, sql: str, *args: object) -> "asyncio.Future[Any]":
        return self._carry_out(sql, lambda real: real.fetchrow(sql, *args))

    def fetchval(self, sql: str, *args: object) -> "asyncio.Future[Any]":
        return self._carry_out(sql, lambda real: real.fetchval(sql, *args))

    def execute(self, sql: str, *args: object) -> "asyncio.Future[Any]":
        return self._carry_out(sql, lambda real: real.execute(sql, *args))

    def executemany(self, sql: str, args: Any) -> "asyncio.Future[Any]":
        return self._carry_out(sql, lambda real: real.executemany(sql, args))

    def terminate(self) -> None:
        """As asyncpg's: gone at once."""
        self.lose()

    def lose(self) -> None:
        """The connection is gone; what it had begun is rolled back."""
        if self._real is None:
            return
        self._server.give_back(*self._whose, self._real)
        self._real = None
        self._weather.closed(self)
        if self._process.alive:
            self._process.at_death.remove(self.lose)

    def _carry_out(self, sql: str, work: "Callable[[Real], Coroutine[Any, Any, Any]]") -> "asyncio.Future[Any]":
        if not self._process.alive or self._real is None:
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
        commit = sql == "COMMIT"
        fault = self._weather.faults.at_statement(commit=commit, met=self._weather.meet(self._before, sql))
        self._before = sql
        if fault is AtStatement.DIES_BEFORE:
            return self._dies(sql)
        if fault in {AtStatement.CUT_BEFORE, AtStatement.SERVER_LOST_BEFORE}:
            raise self._lost(fault)
        result = self._server.do(work(self._real))
        self._weather.trace.feed(f"{self._process.name} {zlib.crc32(self._same(sql).encode())}")
        if commit:
            self._weather.written.set()
            stalls_s = self._weather.faults.stalls_after_commit_s()
            if stalls_s is not None:
                self._process.stall(stalls_s)
        if fault is AtStatement.DIES_AFTER:
            return self._dies(sql)
        if fault in {AtStatement.CUT_AFTER, AtStatement.SERVER_LOST_AFTER}:
            raise self._lost(fault)
        return _done(self._weather.loop, result)

    def _same(self, sql: str) -> str:
        """The statement as every installation has it: roles have names of their own in each."""
        return sql.replace(f"{self._server.settings.role_prefix}_p_", "")

    def _dies(self, sql: str) -> "asyncio.Future[Any]":
        self._weather.trace.tell("dies_at", process=self._process.name, statement=sql.split(None, 3)[:3])
        self._process.die()
        return self._process.never()

    def _lost(self, how: AtStatement) -> asyncpg.PostgresConnectionError:
        weather, away_s = self._weather, 0.0
        if how in {AtStatement.CUT_BEFORE, AtStatement.CUT_AFTER}:
            weather.trace.tell("database.cut", process=self._process.name)
            self.lose()
        else:
            away_s = weather.restart()
        dies_after_s = weather.faults.dies_meanwhile(away_s)
        if dies_after_s is not None:
            weather.loop.outside(dies_after_s, self._process.die)
        return asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")


def _done(loop: SimulatedLoop, result: T) -> "asyncio.Future[T]":
    done: asyncio.Future[T] = loop.create_future()
    done.set_result(result)
    return done
