"""Hearing whose keys to remember no more: what one process restricts, hides or destroys the others forget at once.

PostgreSQL passes the word on when the change is committed. While nobody listens, whoever might have been meant is
forgotten with everybody else; what is remembered in spite of it ends by itself (`privacy.persons.REMEMBER_S`).
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import asyncpg

from ippgateway.core import log
from ippgateway.core.clock import Clock
from ippgateway.privacy.persons import FORGET, Persons

_AGAIN_S = 1.0

_log = log.Log("forgetting")


async def listen(persons: Persons, connect: Mapping[str, Any], clock: Clock) -> None:
    """Until it is cancelled. `connect`: arguments of `asyncpg.connect` for the zone's login to the key database."""
    while True:
        try:
            await _listen(persons, connect)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            _log.warning("forgetting.deaf", **log.where(error))
        persons.forget_all()
        await clock.sleep(_AGAIN_S)


async def _listen(persons: Persons, connect: Mapping[str, Any]) -> None:
    connection = await asyncpg.connect(**connect)
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _: lost.set())
    try:
        await connection.add_listener(FORGET, lambda *told: _forget(persons, str(told[-1])))
        persons.forget_all()  # what was said before we listened
        await lost.wait()
    finally:
        if not connection.is_closed():
            connection.terminate()


def _forget(persons: Persons, whose: str) -> None:
    controller, _, person_id = whose.partition("/")
    persons.forget(controller, person_id)
