"""Who may do what, and who is there at all: what an administrator changes about a tenant's users.

`by`: whoever does it. A session may give no right that it does not have itself, and take none either: it changes
nobody who may do more than it may. A key of the company or partner, by whose id it is then known, has them all.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from ippgateway.core.database import Tx
from ippgateway.domains.accounts import rights as may
from ippgateway.domains.accounts.errors import BadProfile, LastAdministrator, NoSuchUser
from ippgateway.domains.accounts.schemas import Audience, Session
from ippgateway.domains.accounts.service import tickets
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import ACTIVE, Known, known, known_with, tell
from ippgateway.domains.accounts.service.sessions import end_all
from ippgateway.domains.accounts.service.users import require_rights, rights_of_policy
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy import audit
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone

By = Session | str
MOST_TOLD = 20
"""Of those who manage a tenant's users, when something is told to all of them."""

_MANAGES = [may.ALL, may.USERS.key]
_ADMINISTRATES = ["administrator"]


async def close_user(p: Platform, *, tenant_id: str, user_id: str, by: By, audience: Audience) -> None:
    """Close a user's account: no session, ticket or sign-in any more. A closed one stays so.

    Raises NoSuchUser, BadProfile, LastAdministrator.
    """
    async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx, still_managed(tx, p, tenant_id):
        whom = await _of(tx, p, tenant_id=tenant_id, user_id=user_id, audience=audience)
        require_own(by, await rights_now(tx, whom))
        if not await tx.execute(
            "update ipp.app_user set status = 'closed', closed_at = $3 "
            "where tenant_id = $1 and id = $2 and status <> 'closed'",
            tenant_id, user_id, p.clock.now(),
        ):  # fmt: skip
            return
        await end_all(tx, p, tenant_id=tenant_id, user_id=user_id)
        await tickets.end_all(tx, p, tenant_id=tenant_id, user_id=user_id)
        await tell(tx, p, whom, Kind.ACCOUNT_CLOSED)
        await recorded(tx, p, by, "user.closed", tenant_id, user_id)


async def set_policy(p: Platform, *, tenant_id: str, user_id: str, policy_id: str | None, by: By) -> None:
    """Give a user an access policy, or none. Raises NoSuchUser, NoSuchPolicy, BadProfile, LastAdministrator."""
    async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx, still_managed(tx, p, tenant_id):
        whom = await _of(tx, p, tenant_id=tenant_id, user_id=user_id)
        require_own(by, await rights_now(tx, whom))
        if policy_id is not None:
            require_own(by, await rights_of_policy(tx, tenant_id, policy_id))
        else:
            require_own(by, whom.rights)
        await tx.execute(
            "update ipp.app_user set policy_id = $3 where tenant_id = $1 and id = $2", tenant_id, user_id, policy_id
        )
        await tell(tx, p, whom, Kind.ROLE_CHANGED)
        await recorded(tx, p, by, "user.policy_set", tenant_id, user_id)


async def set_rights(p: Platform, *, tenant_id: str, user_id: str, rights: tuple[str, ...], by: By) -> None:
    """Give a user rights of their own, of our staff a role; a policy no longer says. Raises NoSuchUser, BadProfile,
    LastAdministrator."""
    async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx, still_managed(tx, p, tenant_id):
        whom = await _of(tx, p, tenant_id=tenant_id, user_id=user_id)
        require_rights(whom.audience, rights)
        require_own(by, await rights_now(tx, whom))
        require_own(by, rights)
        await tx.execute(
            "update ipp.app_user set rights = $3, policy_id = null where tenant_id = $1 and id = $2",
            tenant_id, user_id, list(rights),
        )  # fmt: skip
        await tell(tx, p, whom, Kind.ROLE_CHANGED)
        await recorded(tx, p, by, "user.rights_set", tenant_id, user_id)


def require_own(by: By, rights: tuple[str, ...]) -> None:
    """Raises BadProfile when a session would give or take what it does not have. Roles of our staff are not rights that
    one has: whoever runs our staff's accounts gives them all."""
    if isinstance(by, str) or by.audience is Audience.STAFF or may.ALL in by.rights:
        return
    if not set(rights) <= set(by.rights):
        raise BadProfile("rights")


async def rights_now(tx: Tx, whom: Known) -> tuple[str, ...]:
    """What a user may do: their policy's rights when they have one."""
    return whom.rights if whom.policy_id is None else await rights_of_policy(tx, whom.tenant_id, whom.policy_id)


async def recorded(tx: Tx, p: Platform, by: By, act: str, *on: str) -> None:
    """Put on the audit trail what `by` did."""
    actor = by if isinstance(by, str) else by.user_id
    await audit.record(tx, actor=f"{p.zone.value}/{actor}", act=act, on="/".join(on))


async def managers(tx: Tx, p: Platform, tenant_id: str) -> list[Known]:
    """Those who manage a customer's or partner's users, at most MOST_TOLD."""
    rows = await tx.fetch(
        "select u.id from ipp.app_user u left join ipp.access_policy a on a.tenant_id = u.tenant_id "
        "and a.id = u.policy_id where u.tenant_id = $1 and u.status = 'active' "
        "and coalesce(a.rights, u.rights)::text[] && $2::text[] order by u.id limit $3",
        tenant_id, _MANAGES, MOST_TOLD,
    )  # fmt: skip
    return await known_with(tx, p, tenant_id=tenant_id, ids=[row["id"] for row in rows])


async def tell_managers(
    tx: Tx, p: Platform, tenant_id: str, kind: Kind, *, told: Mapping[str, str] | None = None
) -> int:  # fmt: skip
    """Owe a letter to everybody who manages the tenant's users. How many they are."""
    found = await managers(tx, p, tenant_id)
    for whom in found:
        await tell(tx, p, whom, kind, told=told)
    return len(found)


async def _of(tx: Tx, p: Platform, *, tenant_id: str, user_id: str, audience: Audience | None = None) -> Known:
    whom = await known(tx, p, tenant_id=tenant_id, user_id=user_id)
    if audience is not None and whom.audience is not audience:
        raise NoSuchUser
    return whom


@asynccontextmanager
async def still_managed(tx: Tx, p: Platform, tenant_id: str) -> AsyncIterator[None]:
    """What is done inside leaves somebody who can manage the users, if there was anybody. The users' rows are locked,
    so that two administrators don't close each other. Raises LastAdministrator."""
    await tx.fetch("select id from ipp.app_user where tenant_id = $1 order by id for update", tenant_id)
    before = await is_managed(tx, p, tenant_id)
    yield
    if before and not await is_managed(tx, p, tenant_id):
        raise LastAdministrator


async def is_managed(tx: Tx, p: Platform, tenant_id: str) -> bool:
    """Whether somebody can sign in who may manage the tenant's users."""
    rights, joined = "u.rights", ""
    if p.zone is not Zone.DESK:
        rights = "coalesce(a.rights, u.rights)"
        joined = "left join ipp.access_policy a on a.tenant_id = u.tenant_id and a.id = u.policy_id"
    found = await tx.value(
        f"select exists (select from ipp.app_user u {joined} where u.tenant_id = $1 and u.status = $2 "
        f"and {rights}::text[] && $3::text[] and exists (select from ipp.credential c where c.tenant_id = u.tenant_id "
        "and c.user_id = u.id and c.kind = 'password'))",
        tenant_id, ACTIVE, _ADMINISTRATES if p.zone is Zone.DESK else _MANAGES,
    )  # fmt: skip
    return bool(found)
