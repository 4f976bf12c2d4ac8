"""The notifications' jobs: what runs when an alarm rings, and how often lost alarms are set again."""

from collections import Counter
from collections.abc import Mapping

from ippgateway.core.jobrunner import Handler
from ippgateway.core.jobs import NOTIFICATION_DUE
from ippgateway.domains.notifications import service
from ippgateway.domains.notifications.ports import Sender
from ippgateway.privacy.platform import Platform

SWEEP_EVERY_S = 30.0
"""How often `service.ring_again` is to be called."""

_CALLS_PER_SHOP = 20


def handlers(p: Platform, sender: Sender) -> Mapping[str, Handler]:
    """Jobs by their name. A shop that lets every call time out holds up its own notifications only."""
    calling: Counter[str] = Counter()

    async def due(company_id: str, notification_id: str) -> None:
        if calling[company_id] >= _CALLS_PER_SHOP:
            await service.postpone(p, company_id=company_id, notification_id=notification_id)
            return
        calling[company_id] += 1
        try:
            await service.deliver(p, sender, company_id=company_id, notification_id=notification_id)
        finally:
            calling[company_id] -= 1
            if not calling[company_id]:
                del calling[company_id]

    return {NOTIFICATION_DUE: due}
