"""A customer that a partner invites: a sandbox with keys at once, and a first user who chooses a password of their own,
so that the customer is in its own hands from the beginning."""

from dataclasses import replace

from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience, Session
from ippgateway.domains.accounts.service.managing import recorded
from ippgateway.domains.accounts.service.users import require_profile
from ippgateway.domains.companies import service as companies
from ippgateway.domains.partners.errors import BadAccount
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.platform import Platform


async def invite_customer(p: Platform, *, by: Session, name: str, contact_name: str, email: str) -> str:
    """A new customer of the session's partner; its id. A letter leads its first user in.

    Whoever may add customers makes somebody who may do everything there: it is the customer's account, not the
    partner's. Raises BadAccount, BadProfile.
    """
    if not name.strip():
        raise BadAccount("company_name")
    require_profile(email=email, name=contact_name)
    company = companies.sandbox_company(p, partner_id=by.tenant_id, name=name.strip())
    box = await companies.holder(p)
    async with p.db.begin(ACCOUNT, tenants=[company.id]) as tx:
        await companies.insert(tx, p, company, box)
        await recorded(tx, p, by, "company.brought_in", company.id)
    await accounts.invite(
        p, by=replace(by, rights=(rights.ALL,)), audience=Audience.COMPANY, tenant_id=company.id, email=email,
        name=contact_name, rights=(rights.ALL,), language=by.language,
    )  # fmt: skip
    return company.id
