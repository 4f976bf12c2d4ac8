"""The roll of customers, for the record of processing: a processor names every controller it acts for."""

from collections.abc import AsyncIterator

from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.companies.service.data import read
from ippgateway.privacy.catalogue import AUTHENTICATE
from ippgateway.privacy.platform import Platform


async def roll(p: Platform) -> AsyncIterator[tuple[str, str]]:
    """Id and name of every customer, by id (GDPR Article 30(2)(a))."""
    async with p.db.begin(AUTHENTICATE) as tx:
        rows = await tx.fetch("select id from ipp.company where status = 'active' order by id")
    for row in rows:
        try:
            yield row["id"], (await read(p, company_id=row["id"])).name
        except CompanyNotFound:  # closed since
            continue
