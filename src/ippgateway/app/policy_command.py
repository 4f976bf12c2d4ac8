"""`ippgateway policy check|write|announce`: versions of the policy, the cookie page, the terms and the processors.

`write` puts a new version beside the code, in a checkout, for each paper that no longer says what the program does;
`check` says which those are. `announce` owes a letter to every user about the versions that are coming; run again, it
writes to those alone who came since. It is run with the release that brings the new version, before that is started.
"""

import asyncio
import sys
from datetime import date

from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.core.clock import SystemClock
from ippgateway.domains.accounts import service as accounts
from ippgateway.privacy.papers.versions import PAPERS, TERMS, behind, coming, today, write
from ippgateway.privacy.zones import Zone

BEHIND = 1
MISUSED = 2
"""Exit codes besides 0."""


def main(settings: Settings, *, what: str, first_day: str) -> int:
    """Do one of the three. The exit code."""
    if what == "check":
        return _check()
    if what == "write":
        return _write(first_day)
    return asyncio.run(_announce(settings))


def _check() -> int:
    for key in behind():
        sys.stdout.write(f"{key}: the newest version does not say what the program does\n")
    return BEHIND if behind() else 0


def _write(first_day: str) -> int:
    try:
        day = date.fromisoformat(first_day)
        made = [path for path in (write(key, day) for key in PAPERS) if path is not None]
    except ValueError as error:
        sys.stderr.write(f"--from: {error}\n")
        return MISUSED
    for path in made:
        sys.stdout.write(f"wrote {path.name}\n")
    return 0


async def _announce(settings: Settings) -> int:
    here = today(SystemClock().now())
    versions = [version for version in (coming(key, here) for key in PAPERS) if version is not None]
    if not versions:
        sys.stdout.write("no version is coming\n")
        return 0
    # One letter tells of all that comes into force on the first of the days; the terms' name stands for them.
    first = min(versions, key=lambda version: (version.in_force, version.paper.key != TERMS))
    async with platform_for(Zone.CONSOLE, settings) as p:
        told = await accounts.announce(p, paper=first.paper.key, version=first.name, day=first.in_force)
    sys.stdout.write(f"{told} users are owed a letter about {first.name}\n")
    return 0
