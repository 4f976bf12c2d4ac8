"""The letters' jobs: what runs when an alarm rings."""

from collections.abc import Mapping

from ippgateway.core.jobrunner import Handler
from ippgateway.core.jobs import MAIL_DUE
from ippgateway.domains.mail import service
from ippgateway.domains.mail.ports import Carrier, Permits
from ippgateway.privacy.platform import Platform

_AT_ONCE = 10
"""Connections to the mail server. One that hangs holds up letters, and no notification of a shop."""


def handlers(p: Platform, carrier: Carrier, permits: Permits) -> Mapping[str, Handler]:
    """Jobs by their name."""
    sending = 0

    async def due(tenant_id: str, letter_id: str) -> None:
        nonlocal sending
        if sending >= _AT_ONCE:
            await service.postpone(p, tenant_id=tenant_id, letter_id=letter_id)
            return
        sending += 1
        try:
            await service.send(p, carrier, permits, tenant_id=tenant_id, letter_id=letter_id)
        finally:
            sending -= 1

    return {MAIL_DUE: due}
