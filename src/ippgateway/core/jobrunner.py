"""Runs jobs: takes them up when their time has come, again when whoever had one died, and outlives the database.

A handler is told ids and looks at the row of our own that says what is owed; so a job that comes twice, late or not at
all does no harm. Nothing that a handler raises reaches the library, which would store the error's message.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.models import Job
from pgqueuer.domain.types import Channel

from ippgateway.core.ids import is_id, is_tenant
from ippgateway.core.jobs import CHANNEL, SCHEMA, library_settings
from ippgateway.core.log import Log

_log = Log("jobs")

Handler = Callable[[str, str], Awaitable[None]]
"""What a job does, told the tenant's id (a company, a partner, ourselves) and the object's."""

_LOOK_EVERY_S = 0.5
_DEAD_AFTER_S = 4.0
"""How long nothing was heard of a job under way until somebody else takes it up. Sent twice in that time."""
_BATCH = 20
_AT_ONCE = 200
_CONNECTIONS = 6
_COMMAND_TIMEOUT_S = 10.0
_STOP_PATIENCE_S = 3.0
_AGAIN_AFTER_S = 0.5
_TRIM_EVERY_S = 60.0
_LOG_KEPT = timedelta(minutes=10)


async def run(connect: Mapping[str, Any], handlers: Mapping[str, Handler], *, ending: asyncio.Event) -> None:
    """Run jobs until `ending` is set; those under way get some seconds to finish.

    `connect`: arguments of `asyncpg.connect` for the worker's login role.
    """
    while not ending.is_set():
        try:
            await _until_ended_or_broken(connect, handlers, ending)
        except Exception as error:  # whatever happened, the queue must be looked at again
            _log.warning("jobs.interrupted", kind=type(error).__name__.lower())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), _AGAIN_AFTER_S)


async def _until_ended_or_broken(
    connect: Mapping[str, Any], handlers: Mapping[str, Handler], ending: asyncio.Event
) -> None:
    pool = asyncpg.create_pool(**connect, min_size=0, max_size=_CONNECTIONS, command_timeout=_COMMAND_TIMEOUT_S)
    await pool
    manager = _manager(pool, handlers)
    running = asyncio.create_task(
        manager.run(
            dequeue_timeout=timedelta(seconds=_LOOK_EVERY_S),
            batch_size=_BATCH,
            max_concurrent_tasks=_AT_ONCE,
            heartbeat_timeout=timedelta(seconds=_DEAD_AFTER_S),
            log_aggregation_interval=timedelta(0),  # the statistics are ours to make, from our own rows
        )
    )
    trimming = asyncio.create_task(_trim(pool))
    stopping = asyncio.create_task(ending.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        manager.shutdown.set()
        await asyncio.wait({running}, timeout=_STOP_PATIENCE_S)
    finally:
        for task in (trimming, stopping, running):
            task.cancel()
        outcomes = await asyncio.gather(running, trimming, stopping, return_exceptions=True)
        pool.terminate()
    if isinstance(outcomes[0], Exception):
        raise outcomes[0]


def _manager(pool: "asyncpg.Pool[asyncpg.Record]", handlers: Mapping[str, Handler]) -> QueueManager:
    settings = library_settings()
    queries = Queries(
        AsyncpgPoolDriver(pool),
        qbe=QueryBuilderEnvironment(settings),
        qbq=QueryQueueBuilder(settings),
        qbs=QuerySchedulerBuilder(settings),
    )
    manager = QueueManager(queries, channel=Channel(CHANNEL))
    for name, handler in handlers.items():
        manager.entrypoint(name, accepts_context=False)(_shielded(name, handler))
    return manager


def _shielded(name: str, handler: Handler) -> Callable[[Job], Awaitable[None]]:
    async def execute(job: Job) -> None:
        try:
            said = json.loads(job.payload or b"{}")
            company_id, object_id = str(said["company_id"]), str(said["object_id"])
            if not (is_tenant(company_id) and is_id(object_id)):
                raise ValueError("an argument of a job is not an id")  # noqa: TRY301 - logged as any other mistake
            await handler(company_id, object_id)
        except Exception as error:  # its message must not reach the library's tables
            _log.error("job.failed", error, job=name)

    return execute


async def _trim(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """The library writes a line for each step of each job and never deletes one."""
    while True:
        with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await pool.execute(f"delete from {SCHEMA}.pgqueuer_log where created < now() - $1::interval", _LOG_KEPT)
        await asyncio.sleep(_TRIM_EVERY_S)
