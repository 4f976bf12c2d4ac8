"""`ippgateway audit verify`: recompute the whole chain of the audit trail."""

import asyncio
import sys

import asyncpg

from ippgateway.app.database.access import as_owner, main_database
from ippgateway.app.settings import Settings
from ippgateway.privacy import audit


def main(settings: Settings, *, what: str) -> int:
    """Exit code 0 when the chain holds, 1 at the first entry that does not follow."""
    length, broken = asyncio.run(verify(settings))
    if broken is not None:
        sys.stdout.write(f"the audit trail is broken at entry {broken} of {length}\n")
        return 1
    sys.stdout.write(f"the audit trail holds: {length} entries\n")
    return 0


async def verify(settings: Settings) -> tuple[int, int | None]:
    """How many entries there are, and the first that does not follow from the one before it."""
    connection = await asyncpg.connect(**as_owner(settings, main_database(settings)))
    try:
        rows = await connection.fetch(
            "select seq, (extract(epoch from at) * 1000000)::bigint as at_microseconds, actor, act, object, previous, "
            "hash from ipp.audit_entry order by seq"
        )
    finally:
        await connection.close()
    return len(rows), audit.broken_at(rows)
