"""What payments and customers have to say before somebody is erased, corrected or leaves, for whoever carries out
requests."""

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.accounts.service.managing import By
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.companies import service as companies
from ippgateway.domains.partners import service as partners
from ippgateway.domains.payments.service import people
from ippgateway.domains.payments.service.references import references
from ippgateway.domains.requests import service as requests
from ippgateway.privacy.platform import Platform


async def _has_customers(p: Platform, partner_id: str) -> bool:
    return bool((await companies.customers(p, partner_id=partner_id, count=1, open_only=True)).rows)


async def _close_partner(p: Platform, tenant_id: str, by: By) -> None:
    await partners.close_own(p, partner_id=tenant_id, by=by)


ROOMS = requests.Rooms(
    erasing=(people.let_go,), owes=people.owes, has_customers=_has_customers, references=references,
    correcting={"app_user": accounts.correct, "payer": checkouts.correct},
    closing={Audience.PARTNER: _close_partner},
)  # fmt: skip
