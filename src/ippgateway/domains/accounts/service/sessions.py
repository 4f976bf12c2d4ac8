"""Staying signed in."""

import hmac
from datetime import timedelta

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.schemas import Audience, Session
from ippgateway.privacy.catalogue import AUTHENTICATE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import digest

_ABSOLUTE_WIRE = timedelta(hours=24)


async def resume(p: Platform, *, audience: Audience, user_id: str, session_id: Secret[str]) -> Session | None:
    """The live session of that kind, if there is one; its idle time starts anew (wire contract R-12)."""
    now = p.clock.now()
    async with p.db.begin(AUTHENTICATE) as tx:
        row = await tx.row(
            "select s.tenant_id, s.id, s.digest, s.moves_money, s.seen_at, u.rights from ipp.sign_in_session s "
            "join ipp.app_user u on u.tenant_id = s.tenant_id and u.id = s.user_id and u.status = 'active' "
            "where s.user_id = $1 and s.digest = $2 and s.audience = $3 and s.seen_at > $4 and s.created_at > $5",
            user_id, digest(session_id.open()), audience.value,
            now - timedelta(seconds=p.session_idle_s), now - _ABSOLUTE_WIRE,
        )  # fmt: skip
        if row is None or not hmac.compare_digest(row["digest"], digest(session_id.open())):
            return None
        if now - row["seen_at"] > timedelta(seconds=60):
            await tx.execute(
                "update ipp.sign_in_session set seen_at = $3 where tenant_id = $1 and id = $2",
                row["tenant_id"], row["id"], now,
            )  # fmt: skip
    return Session(
        id=row["id"], audience=audience, tenant_id=row["tenant_id"], home_id=row["tenant_id"], user_id=user_id,
        moves_money=row["moves_money"], rights=tuple(row["rights"]),
    )  # fmt: skip
