"""What happened at somebody's door, for them to see."""

from ippgateway.domains.accounts.models import SignInEvent
from ippgateway.domains.accounts.schemas import EventView, Happened, Page, Session
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import known
from ippgateway.privacy.platform import Platform

MOST_EVENTS = 100
"""Of one page."""


async def events(p: Platform, session: Session, *, before: str | None = None, count: int = 25) -> Page:
    """One page of a user's own events, the newest first. `before`: the cursor that the page before gave."""
    shown = max(1, min(count, MOST_EVENTS))
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await known(tx, p, tenant_id=session.home_id, user_id=session.user_id)
        rows = await tx.fetch(
            "select id, what, created_at, browser, system, address from ipp.sign_in_event "
            "where tenant_id = $1 and user_id = $2 and ($3::text is null or id < $3) order by id desc limit $4",
            session.home_id, session.user_id, before, shown + 1,
        )  # fmt: skip
    views = tuple(
        EventView(
            id=row["id"], what=Happened(row["what"]), at=row["created_at"], browser=row["browser"] or "",
            system=row["system"] or "", address=whom.box.open(SignInEvent.address, row["address"]).open(),
        )
        for row in rows[:shown]
    )  # fmt: skip
    return Page(rows=views, after=views[-1].id if len(rows) > shown else None)
