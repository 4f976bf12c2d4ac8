"""Our staff, told of something by what they answer for."""

from collections.abc import Collection, Mapping

from ippgateway.core.database import Tx
from ippgateway.domains.accounts.schemas import Session
from ippgateway.domains.accounts.service.knowing import ACTIVE, known, known_with, tell
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

_MOST = 200


async def tell_staff(
    tx: Tx, p: Platform, *, roles: Collection[str], kind: Kind, by: Session, told: Mapping[str, str]
) -> int:
    """Owe a letter to every active member of staff with one of these roles; how many. It says who `by` is."""
    rows = await tx.fetch(
        "select id from ipp.app_user where tenant_id = $1 and audience = 'staff' and status = $2 "
        f"and rights::text[] && $3::text[] order by id limit {_MOST}",
        PLATFORM, ACTIVE, list(roles),
    )  # fmt: skip
    who = await known(tx, p, tenant_id=PLATFORM, user_id=by.user_id)
    for whom in await known_with(tx, p, tenant_id=PLATFORM, ids=[row["id"] for row in rows]):
        await tell(tx, p, whom, kind, told={"name": who.name.open() or who.email.open(), **told})
    return len(rows)


async def box_of(tx: Tx, p: Platform, session: Session) -> Box:
    """The keys of whoever is signed in."""
    return (await known(tx, p, tenant_id=session.home_id, user_id=session.user_id)).box
