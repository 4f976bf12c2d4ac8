"""What payments and customers have to say before somebody is erased or leaves, for whoever carries out requests."""

from ippgateway.domains.companies import service as companies
from ippgateway.domains.payments.service import people
from ippgateway.domains.requests import service as requests
from ippgateway.privacy.platform import Platform


async def _has_customers(p: Platform, partner_id: str) -> bool:
    return bool((await companies.customers(p, partner_id=partner_id, count=1, open_only=True)).rows)


ROOMS = requests.Rooms(erasing=(people.let_go,), owes=people.owes, has_customers=_has_customers)
