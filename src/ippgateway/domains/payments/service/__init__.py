"""The use cases of payments, a file per verb."""

from ippgateway.domains.payments.service.act import Asked, act
from ippgateway.domains.payments.service.authorise import authorise
from ippgateway.domains.payments.service.gateway import Gateway, Limits
from ippgateway.domains.payments.service.read import actions, detail, status, stored_cards
from ippgateway.domains.payments.service.rebill import rebill
from ippgateway.domains.payments.service.recover import Recovery
from ippgateway.domains.payments.service.secure import secure

__all__ = [
    "Asked",
    "Gateway",
    "Limits",
    "Recovery",
    "act",
    "actions",
    "authorise",
    "detail",
    "rebill",
    "secure",
    "status",
    "stored_cards",
]
