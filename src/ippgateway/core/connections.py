"""Connections that are kept: one list for each purpose, because a connection keeps its role's plans.

Smaller than the driver's own pool: what is given back is at hand for the next at once, without a task or a reset in
between, because everything a transaction sets ends with it.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_CLOSED_WITHIN_S = 5.0


class Connections:
    """At most `most` connections, made when they are needed. The one used last is given out first."""

    def __init__(self, connect: Mapping[str, Any], *, most: int) -> None:
        self._connect = connect
        self._room = asyncio.Semaphore(most)
        self._idle: list[Connection] = []

    async def take(self, patience_s: float) -> Connection:
        """An open connection. Raises TimeoutError, and what the driver raises when there is no server."""
        if self._room.locked():
            async with asyncio.timeout(patience_s):
                await self._room.acquire()
        else:
            await self._room.acquire()
        try:
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
            return await asyncpg.connect(timeout=patience_s, **self._connect)
        except BaseException:
            self._room.release()
            raise

    def give_back(self, connection: Connection) -> None:
        """Keep it for the next. One that is in the middle of something is ended instead."""
        if connection.is_in_transaction():
            connection.terminate()
        if not connection.is_closed():
            self._idle.append(connection)
        self._room.release()

    async def close(self) -> None:
        """End those that nobody uses; the others end with their process."""
        idle, self._idle = self._idle, []
        for connection in idle:
            try:
                await connection.close(timeout=_CLOSED_WITHIN_S)
            except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError):
                connection.terminate()
