"""PostgreSQL: a unit of work begins with its purpose and the tenants it is about.

`async with db.begin(PAYMENT, tenants=[company_id]) as tx:` sends `BEGIN`, `SET LOCAL ROLE` and the tenants in one round
trip; from there the server itself refuses what that purpose may not see. Each purpose has a pool of its own, because
alternating roles on one connection makes the server plan row-secured statements anew.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, Protocol

import asyncpg

TENANTS_SETTING = "ipp.tenants"
_TENANT = re.compile(r"[0-9A-Za-z-]{1,14}", re.ASCII)
_CONNECT_PATIENCE_S = 8.0
_COMMAND_TIMEOUT_S = 30.0
_GONE = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError,
         asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.TooManyConnectionsError)  # fmt: skip

_open_transaction: ContextVar[str | None] = ContextVar("open_transaction", default=None)


class NetworkInsideTransaction(RuntimeError):
    """Somebody was about to call the outside while holding a transaction open (style: three steps, never two)."""


class DatabaseUnavailable(RuntimeError):
    """The server could not be reached in time. Nothing was begun."""


class TransactionAborted(RuntimeError):
    """The server rolled back at the end because a statement had failed and its error was swallowed."""


def may_pass(error: BaseException) -> bool:
    """Whether the same work may succeed a moment later: the server is away, overloaded, locked or restarting.

    By classes of SQLSTATE: connection, transaction rollback, resources, object state, operator intervention.
    """
    if isinstance(error, DatabaseUnavailable | OSError | asyncpg.InterfaceError):
        return True
    return isinstance(error, asyncpg.PostgresError) and str(error.sqlstate)[:2] in {"08", "40", "53", "55", "57"}


class PurposeLike(Protocol):
    """What a purpose is to this floor: a word that names a role."""

    @property
    def key(self) -> str: ...


def outside_transaction() -> None:
    """Every door to the outside calls this first. Raises NetworkInsideTransaction."""
    if _open_transaction.get() is not None:
        raise NetworkInsideTransaction("a transaction is open; finish it before calling out")


class Tx:
    """One transaction under one purpose. Helpers take it and never commit."""

    __slots__ = ("_connection", "purpose")

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", purpose: str) -> None:
        self._connection = connection
        self.purpose = purpose

    async def fetch(self, sql: str, *args: object) -> list[asyncpg.Record]:
        """All rows of a prepared statement."""
        return await self._connection.fetch(sql, *args)

    async def row(self, sql: str, *args: object) -> asyncpg.Record | None:
        """The first row, or None."""
        return await self._connection.fetchrow(sql, *args)

    async def value(self, sql: str, *args: object) -> Any:
        """The first column of the first row, or None."""
        return await self._connection.fetchval(sql, *args)

    async def execute(self, sql: str, *args: object) -> int:
        """Run a statement; how many rows it touched."""
        status = await self._connection.execute(sql, *args)
        last = status.rsplit(" ", 1)[-1]
        return int(last) if last.isdigit() else 0


class Database:
    """The pools of one zone's login role to one database."""

    def __init__(self, connect: Mapping[str, Any], *, role_prefix: str, pool_size: int = 10) -> None:
        self._connect = dict(connect)
        self._prefix = role_prefix
        self._pool_size = pool_size
        self._pools: dict[str, asyncpg.Pool[asyncpg.Record]] = {}

    @asynccontextmanager
    async def begin(self, purpose: PurposeLike, *, tenants: Sequence[str] = ()) -> AsyncIterator[Tx]:
        """A transaction under `purpose` that can see rows of `tenants` only. Commits at the end, rolls back on error.

        Raises DatabaseUnavailable when the server does not come back within some seconds.
        """
        opening = self._opening(purpose.key, tenants)
        pool, connection = await self._begun(purpose.key, opening)
        mark = _open_transaction.set(purpose.key)
        try:
            try:
                yield Tx(connection, purpose.key)
            except BaseException:
                await _rollback(connection)
                raise
            if await connection.execute("COMMIT") != "COMMIT":
                raise TransactionAborted("an error inside the transaction was swallowed; nothing was written")
        finally:
            _open_transaction.reset(mark)
            await asyncio.shield(pool.release(connection, timeout=_COMMAND_TIMEOUT_S))

    async def close(self) -> None:
        """Close every pool; what is under way is given a moment."""
        for pool in self._pools.values():
            try:
                await asyncio.wait_for(pool.close(), 5)
            except TimeoutError:
                pool.terminate()
        self._pools.clear()

    def _opening(self, purpose: str, tenants: Sequence[str]) -> str:
        if not all(_TENANT.fullmatch(t) for t in tenants):
            raise ValueError("a tenant's id has another shape")
        role = f"{self._prefix}_p_{purpose}"
        named = "{" + ",".join(tenants) + "}"
        return f"BEGIN; SET LOCAL ROLE {role}; SET LOCAL {TENANTS_SETTING} = '{named}'"

    async def _begun(
        self, purpose: str, opening: str
    ) -> tuple["asyncpg.Pool[asyncpg.Record]", "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"]:
        """A connection on which the transaction has begun; a server that restarts is waited for."""
        deadline = asyncio.get_running_loop().time() + _CONNECT_PATIENCE_S
        while True:
            try:
                pool = await self._pool(purpose)
                connection = await pool.acquire(timeout=_CONNECT_PATIENCE_S)
            except (*_GONE, TimeoutError):
                await _pause(deadline)
                continue
            try:
                await connection.execute(opening)
            except _GONE:
                await pool.release(connection)
                await _pause(deadline)
                continue
            except BaseException:
                await _rollback(connection)
                await pool.release(connection)
                raise
            return pool, connection

    async def _pool(self, purpose: str) -> "asyncpg.Pool[asyncpg.Record]":
        if purpose not in self._pools:
            pool = asyncpg.create_pool(
                **self._connect, min_size=0, max_size=self._pool_size, command_timeout=_COMMAND_TIMEOUT_S,
                reset=_nothing_to_reset, server_settings={"application_name": f"ippgateway {purpose}"},
            )  # fmt: skip
            self._pools[purpose] = pool
            await pool
        return self._pools[purpose]


async def _pause(deadline: float) -> None:
    if asyncio.get_running_loop().time() > deadline:
        raise DatabaseUnavailable("the database does not answer") from None
    await asyncio.sleep(0.1)


async def _rollback(connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
    try:
        await asyncio.shield(connection.execute("ROLLBACK"))
    except (*_GONE, asyncpg.PostgresError):
        connection.terminate()


async def _nothing_to_reset(_connection: object) -> None:
    """Everything is set with SET LOCAL and ends with its transaction; a reset would cost a round trip."""
