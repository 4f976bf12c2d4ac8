"""One at a time: an update of one row by its primary key, an access copy, an erasure."""

import itertools
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Sequence

import asyncpg

from bench.privacy.figures import COPY, ERASURE, UPDATE, Times
from bench.privacy.sides import WITH, Side
from ippgateway.app.database.access import as_owner, main_database
from ippgateway.app.settings import Settings
from ippgateway.domains.payments.service import people
from ippgateway.privacy.rights import copy
from ippgateway.privacy.rights.erase import PERSON, erase
from ippgateway.privacy.rights.held import held
from ippgateway.privacy.rights.reach import Person

ROOMS = (people.let_go,)
WARM_UP = 10
"""The server makes a plan for good when a statement came for the sixth time."""
_UPDATE = "update ipp.payment set state_at = now() where company_id = $1 and id = $2"


async def measure(settings: Settings, sides: Sequence[Side], *, count: int) -> dict[str, Times]:
    """Each verb `count` times on each side, the sides in turns; seconds."""
    times: dict[str, Times] = {side.name: defaultdict(list) for side in sides}
    connection = await asyncpg.connect(**as_owner(settings, main_database(settings)))
    try:
        for turn, side in itertools.product(range(-WARM_UP, count), sides):
            took = await _turn(connection, side)
            if turn >= 0:
                for name, seconds in took.items():
                    times[side.name][name].append(seconds)
    finally:
        await connection.close()
    for side in sides:  # it is the same update, whoever is compared with it
        times[WITH][UPDATE] += times[side.name].pop(UPDATE) if side.name != WITH else []
    return times


async def _turn(connection: "asyncpg.Connection[asyncpg.Record]", side: Side) -> dict[str, float]:
    payment = random.choice(side.payments)  # noqa: S311 - any will do
    with side.inside():
        return {
            UPDATE: await _seconds(connection.execute(_UPDATE, side.company_id, payment)),
            COPY: await _seconds(access_copy(side, random.choice(side.people))),  # noqa: S311 - anybody will do
            ERASURE: await _seconds(erasure(side)),
        }


async def access_copy(side: Side, person: Person) -> bytes:
    """Everything that is held about somebody, as the file that is handed over."""
    return copy.encoded(copy.access_copy(await held(side.console, person, whole=True)))


async def erasure(side: Side) -> None:
    """Somebody is erased: all rows, keys, the record. The second look, two minutes later, is not in it."""
    await erase(side.console, side.next_leaving(), asked_by=PERSON, rooms=ROOMS)


async def _seconds(doing: Awaitable[object]) -> float:
    begun = time.perf_counter()
    await doing
    return time.perf_counter() - begun
