"""The end of a partner."""

from ippgateway.domains.accounts.service.leaving import depart_all
from ippgateway.domains.accounts.service.managing import By, recorded
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.platform import Platform


async def close_own(p: Platform, *, partner_id: str, by: By) -> None:
    """Close a partner because it leaves, or the last of its own users does: its keys and sign-ins open nothing from now
    on. A closed one stays so. Whether customers are left is for whoever asks to know."""
    async with p.db.begin(ACCOUNT, tenants=[partner_id]) as tx:
        if await tx.execute(
            "update ipp.partner set status = 'closed', closed_at = $2 where id = $1 and status <> 'closed'",
            partner_id, p.clock.now(),
        ):  # fmt: skip
            await depart_all(tx, p, tenant_id=partner_id, by=by)
            await recorded(tx, p, by, "partner.closed", partner_id)
