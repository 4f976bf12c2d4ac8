"""The use cases of payments, a file per verb."""

from ippgateway.domains.payments.ports import ChallengeForm, ChallengeMessages, ResultTaken
from ippgateway.domains.payments.service.act import Asked, act
from ippgateway.domains.payments.service.authorise import authorise
from ippgateway.domains.payments.service.browse import STATUSES, attention, browse, totals
from ippgateway.domains.payments.service.challenge import Closed, begin_challenge, record_result, step_ended
from ippgateway.domains.payments.service.gateway import Gateway, Limits
from ippgateway.domains.payments.service.present import answer_after_time, present, standing_result
from ippgateway.domains.payments.service.read import actions, detail, status, stored_cards
from ippgateway.domains.payments.service.rebill import rebill
from ippgateway.domains.payments.service.recover import Recovery
from ippgateway.domains.payments.service.secure import secure
from ippgateway.domains.payments.service.story import story

__all__ = [
    "STATUSES",
    "Asked",
    "ChallengeForm",
    "ChallengeMessages",
    "Closed",
    "Gateway",
    "Limits",
    "Recovery",
    "ResultTaken",
    "act",
    "actions",
    "answer_after_time",
    "attention",
    "authorise",
    "begin_challenge",
    "browse",
    "detail",
    "present",
    "rebill",
    "record_result",
    "secure",
    "standing_result",
    "status",
    "step_ended",
    "stored_cards",
    "story",
    "totals",
]
