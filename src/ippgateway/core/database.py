"""PostgreSQL: a unit of work begins with its purpose and the tenants it is about.

`async with db.begin(PAYMENT, tenants=[company_id]) as tx:` sends `BEGIN`, `SET LOCAL ROLE` and the tenants in one round
trip; from there the server itself refuses what that purpose may not see. Each purpose has connections of its own,
because alternating roles on one connection makes the server plan row-secured statements anew. On hot paths many
requests share a transaction: `await db.together(PAYMENT, STAGE, item)`.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, Protocol

import asyncpg

from ippgateway.core.batch import Group, In, Out, Place, TooMuchWaiting
from ippgateway.core.connections import Connection, Connections

TENANTS_SETTING = "ipp.tenants"
_TENANT = re.compile(r"[0-9A-Za-z-]{1,14}", re.ASCII)
_CONNECT_PATIENCE_S = 8.0
_COMMAND_TIMEOUT_S = 30.0
_PLANNED_ANEW_AFTER_S = 60
_GONE = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError,
         asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.TooManyConnectionsError)  # fmt: skip

# The server itself is away, stopped, out of something or broken: no item is to blame, and trying each would keep it
# down. Classes of SQLSTATE: connection, resources, operator intervention, system, internal.
_OF_THE_SERVER = ("08", "53", "57", "58", "XX")

_BY_INDEX = {"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off",
             "plan_cache_mode": "force_generic_plan"}  # fmt: skip

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
    if isinstance(error, DatabaseUnavailable | TooMuchWaiting | OSError | asyncpg.InterfaceError):
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

    def __init__(self, connection: Connection, purpose: str) -> None:
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


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Stage(Generic[In, Out]):
    """A step of a hot path that is taken for many requests at once, each stage in one place of a module.

    `run` is given a transaction and the items, returns an outcome for each in the same order, and never commits; an
    exception among the outcomes is raised to the one whose it is. `place`: the tenant and row that an item is about;
    a stage that writes has each place `once` in a batch.
    """

    run: Callable[[Tx, Sequence[In]], Awaitable[Sequence[Out | Exception]]]
    place: Callable[[In], Place]
    once: bool = True


class Database:
    """The connections of one zone's login role to one database.

    `by_index`: its statements look rows up by their keys and never go through a table, whatever their arguments are;
    planned for each batch anew they would cost a third more. A prepared statement keeps the plan that was made for it,
    perhaps while the tables were empty, until the server has looked at them again or `_PLANNED_ANEW_AFTER_S` have
    passed.
    """

    def __init__(
        self, connect: Mapping[str, Any], *, role_prefix: str, pool_size: int = 10, by_index: bool = False
    ) -> None:
        self._connect = dict(connect)
        self._prefix = role_prefix
        self._pool_size = pool_size
        self._settings = _BY_INDEX if by_index else {}
        self._kept: dict[str, Connections] = {}
        self._groups: dict[tuple[str, Stage[Any, Any]], Group[Any, Any]] = {}

    @asynccontextmanager
    async def begin(self, purpose: PurposeLike, *, tenants: Sequence[str] = ()) -> AsyncIterator[Tx]:
        """A transaction under `purpose` that can see rows of `tenants` only. Commits at the end, rolls back on error.

        Raises DatabaseUnavailable when the server does not come back within some seconds.
        """
        opening = self._opening(purpose.key, tenants)
        kept = self._connections(purpose.key)
        connection = await _begun(kept, opening)
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
            kept.give_back(connection)

    async def together(self, purpose: PurposeLike, stage: Stage[In, Out], item: In) -> Out:
        """Take `stage` for `item` in one transaction with whatever else waits for it under the same purpose.

        The transaction sees rows of the items' tenants only. Returns after its commit. Raises what the stage says about
        this item, DatabaseUnavailable, and what the server or the stage itself says of this item alone.
        """
        outside_transaction()
        group: Group[In, Out] | None = self._groups.get((purpose.key, stage))
        if group is None:
            group = self._groups[purpose.key, stage] = self._group(purpose, stage)
        return await group.join(item)

    def _group(self, purpose: PurposeLike, stage: Stage[In, Out]) -> Group[In, Out]:
        async def do(items: Sequence[In]) -> Sequence[Out | Exception]:
            tenants = sorted({tenant for tenant, _ in map(stage.place, items) if tenant})
            async with self.begin(purpose, tenants=tenants) as tx:
                return await stage.run(tx, items)

        return Group(do, place=stage.place, alone=_of_an_item, once=stage.once)

    async def close(self) -> None:
        """Close the connections that nobody uses any more."""
        for kept in self._kept.values():
            await kept.close()

    def _opening(self, purpose: str, tenants: Sequence[str]) -> str:
        if not all(_TENANT.fullmatch(t) for t in tenants):
            raise ValueError("a tenant's id has another shape")
        role = f"{self._prefix}_p_{purpose}"
        named = "{" + ",".join(tenants) + "}"
        return f"BEGIN; SET LOCAL ROLE {role}; SET LOCAL {TENANTS_SETTING} = '{named}'"

    def _connections(self, purpose: str) -> Connections:
        if purpose not in self._kept:
            connect = {
                **self._connect, "command_timeout": _COMMAND_TIMEOUT_S,
                "max_cached_statement_lifetime": _PLANNED_ANEW_AFTER_S,
                "server_settings": {"application_name": f"ippgateway {purpose}", **self._settings},
            }  # fmt: skip
            self._kept[purpose] = Connections(connect, most=self._pool_size)
        return self._kept[purpose]


async def _begun(kept: Connections, opening: str) -> Connection:
    """A connection on which the transaction has begun; a server that restarts is waited for."""
    deadline = asyncio.get_running_loop().time() + _CONNECT_PATIENCE_S
    while True:
        try:
            connection = await kept.take(_CONNECT_PATIENCE_S)
        except (*_GONE, TimeoutError):
            await _pause(deadline)
            continue
        try:
            await connection.execute(opening)
        except _GONE:
            kept.give_back(connection)
            await _pause(deadline)
            continue
        except BaseException:
            await _rollback(connection)
            kept.give_back(connection)
            raise
        return connection


def _of_an_item(error: Exception) -> bool:
    """Whether a single item may have caused it: a bad row, a lock not had, the program stumbling over what it read.
    What came of the transaction must be certain: a connection or a commit that was lost is everybody's."""
    if isinstance(error, DatabaseUnavailable | TransactionAborted | TimeoutError | OSError | asyncpg.InterfaceError):
        return False
    return not (isinstance(error, asyncpg.PostgresError) and str(error.sqlstate).startswith(_OF_THE_SERVER))


async def _pause(deadline: float) -> None:
    if asyncio.get_running_loop().time() > deadline:
        raise DatabaseUnavailable("the database does not answer") from None
    await asyncio.sleep(0.1)


async def _rollback(connection: Connection) -> None:
    try:
        await asyncio.shield(connection.execute("ROLLBACK"))
    except (*_GONE, asyncpg.PostgresError):
        connection.terminate()
