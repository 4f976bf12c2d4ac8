"""Telling users of new terms ahead of their day, and recording that they accept them (CHANGE-1, LAW-1)."""

from datetime import date

from ippgateway.domains.accounts.schemas import Session
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import ACTIVE, known, tell
from ippgateway.domains.accounts.service.managing import recorded
from ippgateway.domains.consents import service as consents
from ippgateway.domains.consents.schemas import How, What
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.papers.versions import TERMS, in_force, today
from ippgateway.privacy.persons import KeyDestroyed
from ippgateway.privacy.platform import Platform

_AT_ONCE = 500


async def announce(p: Platform, *, paper: str, version: str, day: date) -> int:
    """Owe every active user a letter about a version that comes into force on `day`, once for each user and version.
    How many are owed one now. Whoever is killed on the way goes on by being run again."""
    told, after = 0, ("", "")
    while True:
        async with p.db.begin(hall(p)[0]) as tx:
            rows = await tx.fetch(
                "select tenant_id, id from ipp.app_user where status = $1 and (tenant_id, id) > ($2, $3) "
                "order by tenant_id, id limit $4",
                ACTIVE, *after, _AT_ONCE,
            )  # fmt: skip
        for row in rows:
            told += await _tell(p, row["tenant_id"], row["id"], paper, version, day)
        if len(rows) < _AT_ONCE:
            return told
        after = (rows[-1]["tenant_id"], rows[-1]["id"])


async def _tell(p: Platform, tenant_id: str, user_id: str, paper: str, version: str, day: date) -> bool:
    async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx:
        try:
            whom = await known(tx, p, tenant_id=tenant_id, user_id=user_id)
        except KeyDestroyed:
            return False
        new = await consents.record(
            tx, p, tenant_id=tenant_id, user_id=user_id, what=What.TOLD, paper=paper, version=version,
            language=whom.language, how=How.LETTER,
        )  # fmt: skip
        if new:
            told = {"day": day.isoformat(), "link": f"{p.origins['site']}/{whom.language}/privacy/changes"}
            await tell(tx, p, whom, Kind.POLICY_CHANGED, told=told)
    return new


def terms_in_force(p: Platform) -> str:
    """The version of the terms that applies now."""
    return in_force(TERMS, today(p.clock.now())).name


async def accepted(p: Platform, session: Session) -> bool:
    """Whether whoever is signed in has accepted the terms that apply now."""
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        return await consents.has_accepted(
            tx, tenant_id=session.home_id, user_id=session.user_id, paper=TERMS, version=terms_in_force(p)
        )


async def accept(p: Platform, session: Session, *, version: str) -> bool:
    """Whoever is signed in accepts the terms that they were shown. False when another version applies by now."""
    if version != terms_in_force(p):
        return False
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        new = await consents.record(
            tx, p, tenant_id=session.home_id, user_id=session.user_id, what=What.ACCEPTED, paper=TERMS,
            version=version, language=session.language, how=How.ACCOUNT,
        )  # fmt: skip
        if new:
            await recorded(tx, p, session.user_id, "terms.accepted", f"{session.home_id}/{version}")
    return True
