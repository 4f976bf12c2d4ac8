"""The report: every promise of the register with its status, in the register's order."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import asyncpg

from ippgateway.core.log import where
from ippgateway.privacy.trust import Found, Promise, Standing
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Status
from ippgateway.promises.register import REGISTER

Check = Callable[[Context], Awaitable[Finding]]

_LONGEST_S = 60.0
_NOT_BUILT = Finding(Status.NOT_BUILT, "no mechanism of this promise runs yet")


async def report(context: Context, checks: Mapping[str, Check]) -> list[dict[str, Any]]:
    """A list of {`id`, `status`, `evidence`, `surfaces`}."""
    return [as_row(promise.id, finding) for promise, finding in await findings(context, checks)]


async def findings(context: Context, checks: Mapping[str, Check]) -> list[tuple[Promise, Finding]]:
    """What was found of each promise; the checks run one after the other."""
    return [(promise, await find(context, checks.get(promise.id))) for promise in REGISTER]


def as_row(promise_id: str, finding: Finding) -> dict[str, Any]:
    """One promise as JSON."""
    return {
        "id": promise_id,
        "status": finding.status.value,
        "evidence": finding.evidence,
        "surfaces": [surface.value for surface in finding.surfaces],
    }


def for_all(promise: Promise, finding: Finding) -> Found:
    """The same as it is shown to everybody."""
    standing = Standing(finding.status.value) if finding.could_look else Standing.UNCHECKED
    surfaces = tuple(surface.value for surface in finding.surfaces)
    return Found(id=promise.id, standing=standing, evidence=finding.evidence, surfaces=surfaces)


async def find(context: Context, check: Check | None) -> Finding:
    """What a check found. One that can't run, or fails itself, never counts as kept."""
    if check is None:
        return _NOT_BUILT
    try:
        async with asyncio.timeout(_LONGEST_S):
            return await check(context)
    except CannotCheck as why:
        return _unchecked(str(why))
    except TimeoutError:
        return _unchecked("the system did not answer in time")
    except OSError:
        return _unchecked("the system is not running, or was never set up")
    except Exception as error:  # of a failing check only its kind and place are told, never its message
        # A PostgreSQL error's state is five characters of the standard.
        state = f", SQL state {error.sqlstate}" if isinstance(error, asyncpg.PostgresError) else ""
        place = where(error)
        return _unchecked(
            f"the check itself failed ({place['error']} at {place.get('at_0', 'an unknown place')}{state})"
        )


def _unchecked(why: str) -> Finding:
    return Finding(Status.BROKEN, f"can't be checked: {why}", could_look=False)
