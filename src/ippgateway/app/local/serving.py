"""The embedded servers without the rest: for a command that needs them while nothing else runs."""

import contextlib
from collections.abc import AsyncIterator

from ippgateway.app.local import installation, postgres
from ippgateway.app.local.cluster import Server
from ippgateway.app.local.refusal import StartRefused
from ippgateway.app.local.watch import Watch
from ippgateway.app.settings import Settings
from ippgateway.core.ids import SystemRandomness

_PATIENCE_S = 5.0


@contextlib.asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[dict[Server, Watch]]:
    """Every server of this installation: those that run, and the others for as long as this takes; these are given.

    Raises StartRefused.
    """
    own, missing = postgres.servers(settings), [s for s in Server if not await _answers(settings, s)]
    for server in missing:
        if server not in own:
            name = "DATABASE_URL" if server is Server.DATA else "KEYS_DATABASE_URL"
            raise StartRefused(f"the database in IPPGATEWAY_{name} does not answer")
    places = installation.places(settings)
    watches = {s: Watch(postgres.process(settings, SystemRandomness(), s), places, _quiet) for s in missing}
    try:
        for watch in watches.values():
            watch.start()
        for watch in watches.values():
            await watch.until_ready()
        yield watches
    finally:
        for watch in watches.values():
            await watch.stop(_PATIENCE_S)


def _quiet(_line: str) -> None:
    """Nobody watches."""


async def _answers(settings: Settings, server: Server) -> bool:
    try:
        return await postgres.answers(settings, server)
    except FileNotFoundError:
        return False
