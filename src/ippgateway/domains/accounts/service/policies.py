"""Access policies: named sets of rights that a company or partner gives to its users (wire contract 7.4)."""

import re

from ippgateway.domains.accounts.errors import BadProfile, NoSuchPolicy, PolicyInUse
from ippgateway.domains.accounts.rights import ALL, OF_COMPANIES, OF_PARTNERS
from ippgateway.domains.accounts.schemas import PolicyView
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.managing import By, recorded, require_own, still_managed
from ippgateway.domains.accounts.service.users import rights_of_policy
from ippgateway.privacy.platform import Platform

MOST_POLICIES = 100
"""Of one tenant."""
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,60}")
_KNOWN = frozenset({ALL, *(right.key for right in (*OF_COMPANIES, *OF_PARTNERS))})


async def policies(p: Platform, *, tenant_id: str) -> tuple[PolicyView, ...]:
    """A tenant's policies, in the order they were made."""
    async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx:
        rows = await tx.fetch(
            "select id, name, rights from ipp.access_policy where tenant_id = $1 order by id limit $2",
            tenant_id, MOST_POLICIES,
        )  # fmt: skip
    return tuple(PolicyView(id=row["id"], name=row["name"], rights=tuple(row["rights"])) for row in rows)


async def add_policy(p: Platform, *, tenant_id: str, name: str, rights: tuple[str, ...], by: By) -> str:
    """Make a policy; its id. Raises BadProfile."""
    _require(name, rights, by)
    policy_id = p.ids.new()
    async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx:
        if await tx.value("select count(*) from ipp.access_policy where tenant_id = $1", tenant_id) >= MOST_POLICIES:
            raise BadProfile("policies")
        await tx.execute(
            "insert into ipp.access_policy (tenant_id, id, name, rights, created_at) values ($1, $2, $3, $4, $5)",
            tenant_id, policy_id, name.strip(), list(dict.fromkeys(rights)), p.clock.now(),
        )  # fmt: skip
        await recorded(tx, p, by, "policy.added", tenant_id, policy_id)
    return policy_id


async def change_policy(
    p: Platform, *, tenant_id: str, policy_id: str, name: str, rights: tuple[str, ...], by: By
) -> None:
    """Change a policy, and at once what its users may do. Raises BadProfile, NoSuchPolicy, LastAdministrator."""
    _require(name, rights, by)
    async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx, still_managed(tx, p, tenant_id):
        require_own(by, await rights_of_policy(tx, tenant_id, policy_id))
        if not await tx.execute(
            "update ipp.access_policy set name = $3, rights = $4 where tenant_id = $1 and id = $2",
            tenant_id, policy_id, name.strip(), list(dict.fromkeys(rights)),
        ):  # fmt: skip
            raise NoSuchPolicy
        await recorded(tx, p, by, "policy.changed", tenant_id, policy_id)


async def remove_policy(p: Platform, *, tenant_id: str, policy_id: str, by: By) -> None:
    """Remove a policy that nobody has. Raises NoSuchPolicy, PolicyInUse."""
    async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx, still_managed(tx, p, tenant_id):
        if await tx.value(
            "select exists (select from ipp.app_user where tenant_id = $1 and policy_id = $2 and status <> 'closed')",
            tenant_id, policy_id,
        ):  # fmt: skip
            raise PolicyInUse
        if not await tx.execute(
            "delete from ipp.access_policy where tenant_id = $1 and id = $2", tenant_id, policy_id
        ):  # fmt: skip
            raise NoSuchPolicy
        await recorded(tx, p, by, "policy.removed", tenant_id, policy_id)


def _require(name: str, rights: tuple[str, ...], by: By) -> None:
    if not _NAME.fullmatch(name.strip()):
        raise BadProfile("name")
    if not set(rights) <= _KNOWN:
        raise BadProfile("rights")
    require_own(by, rights)
