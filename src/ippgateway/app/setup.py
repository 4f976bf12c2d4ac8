"""`ippgateway setup`: everything that must be true before a zone may start. Safe to repeat, safe to kill."""

import asyncio
import sys

import asyncpg

from ippgateway.app import recipients_command, seed
from ippgateway.app.backup.replay import Replayed, replay
from ippgateway.app.database.access import as_owner, main_database
from ippgateway.app.database.apart import move_keys
from ippgateway.app.database.keys import MasterKeyMissing, ensure_keys
from ippgateway.app.database.migrate import migrate
from ippgateway.app.database.provision import ServerTooOld, provision
from ippgateway.app.local.refusal import REFUSED
from ippgateway.app.settings import Settings
from ippgateway.core import log
from ippgateway.core.clock import SystemClock
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.privacy import audit
from ippgateway.privacy.masterkeys import TokenUnavailable, UnsafeKeyFile


def main(settings: Settings) -> int:
    """Roles, databases, migrations, grants, keys, demo. The exit code."""
    log.start(settings.log_level)
    try:
        asyncio.run(setup(settings))
    except (MasterKeyMissing, ServerTooOld, TokenUnavailable, UnsafeKeyFile) as why:
        sys.stderr.write(f"{why}\n")
        return REFUSED
    return 0


async def setup(settings: Settings) -> Replayed:
    """See main. What of an erasure was done again. Raises MasterKeyMissing, ServerTooOld."""
    clock, randomness = SystemClock(), SystemRandomness()
    await provision(settings, Ids(clock, randomness))
    await migrate(settings)
    await move_keys(settings)
    await ensure_keys(settings, randomness, at=clock.now())
    replayed = await replay(settings, clock=clock)
    if settings.sandbox:
        await recipients_command.seed(settings)
        await seed.demo(settings)
    connection = await asyncpg.connect(**as_owner(settings, main_database(settings)))
    try:
        await audit.record(connection, actor="setup", act="installation.started", on="grants")
    finally:
        await connection.close()
    return replayed
