"""Another user name, given by whoever manages a user (wire contract 9.3)."""

from ippgateway.domains.accounts.errors import BadProfile
from ippgateway.domains.accounts.models import User
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.accounts.service import tickets
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import known, tell
from ippgateway.domains.accounts.service.managing import By, recorded
from ippgateway.domains.accounts.service.sessions import end_all
from ippgateway.domains.accounts.service.users import code_of, require_profile
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.platform import Platform


async def set_email(p: Platform, *, audience: Audience, tenant_id: str, user_id: str, email: str, by: By) -> None:
    """Give a user another address, which is not verified yet; sessions and links end, and the old address is told. The
    same address changes nothing. Raises NoSuchUser; BadProfile, also when the tenant has a user with it."""
    require_profile(email=email)
    async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx:
        whom = await known(tx, p, tenant_id=tenant_id, user_id=user_id)
        code = code_of(p, audience, email)
        if code == code_of(p, audience, whom.email.open()):
            return
        taken = await tx.value(
            "select 1 from ipp.app_user where tenant_id = $1 and audience = $2 and username_code = $3",
            tenant_id, audience.value, code,
        )  # fmt: skip
        if taken:
            raise BadProfile("email")
        await tx.execute(
            "update ipp.app_user set username_code = $3, email = $4, verified_at = null "
            "where tenant_id = $1 and id = $2",
            tenant_id, user_id, code, whom.box.seal(User.email, email.strip()),
        )  # fmt: skip
        await end_all(tx, p, tenant_id=tenant_id, user_id=user_id)
        await tickets.end_all(tx, p, tenant_id=tenant_id, user_id=user_id)
        await tell(tx, p, whom, Kind.EMAIL_CHANGED)
        await recorded(tx, p, by, "user.email_set", tenant_id, user_id)
