"""A second factor put to the test: one at a time for each user, counted when it was wrong, and the session worth more
when it was right."""

from collections.abc import Awaitable, Callable

from ippgateway.core.database import Tx
from ippgateway.domains.accounts.errors import NotStrong, WrongFactor
from ippgateway.domains.accounts.schemas import Arrival, Session, SignedIn, Stage
from ippgateway.domains.accounts.service import throttle
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import Known, known
from ippgateway.domains.accounts.service.sessions import prove, strong
from ippgateway.privacy.platform import Platform

Check = Callable[[Tx, Known], Awaitable[None]]
"""Uses a proof up, in the transaction that lifts the session. Raises WrongFactor."""


async def prove_by(p: Platform, session: Session, arrival: Arrival | None, check: Check) -> SignedIn:
    """Lift a session by what `check` accepts. Raises WrongFactor, TooManyFailures."""
    # One proof of a user at a time: many at once would all be counted after they were tried.
    async with throttle.one_at_a_time(throttle.attempt(p, f"proof\0{session.user_id}", None)):
        await throttle.factor_allowed(p, session, arrival)
        try:
            async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
                await check(tx, await known(tx, p, tenant_id=session.home_id, user_id=session.user_id))
                return await prove(tx, p, session, arrival=arrival)
        except WrongFactor:
            await throttle.wrong_factor(p, session, arrival)
            raise


def require_strong(p: Platform, session: Session) -> None:
    """Raises NotStrong unless the second factor was proven in the session a moment ago."""
    if session.stage is not Stage.OPEN or not strong(session, p.clock.now()):
        raise NotStrong


async def locked(tx: Tx, p: Platform, session: Session) -> Known:
    """The session's user, held until the transaction ends: what proves them changes one step at a time."""
    await tx.execute(
        "select from ipp.app_user where tenant_id = $1 and id = $2 for update", session.home_id, session.user_id
    )
    return await known(tx, p, tenant_id=session.home_id, user_id=session.user_id)
