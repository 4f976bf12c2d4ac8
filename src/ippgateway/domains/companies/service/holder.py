"""Who holds a company's own keys."""

from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.platform import Platform


async def person_of_active(p: Platform, company_id: str) -> str:
    """The holder of the keys of a company that is open. Raises CompanyNotFound."""
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        found = await tx.value("select person_id from ipp.company where id = $1 and status = 'active'", company_id)
    if found is None:
        raise CompanyNotFound
    return str(found)
