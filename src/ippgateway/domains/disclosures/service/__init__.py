"""The use cases of disclosures, a file per part. Staff enter and decide at the desk; what is handed over is put
together by the process that answers people, once two have approved."""

from collections.abc import Mapping

from ippgateway.domains.disclosures.kinds import KINDS, Kind
from ippgateway.domains.disclosures.service.deciding import approve, hand_over, refuse, set_silence
from ippgateway.domains.disclosures.service.entering import add, disclosable
from ippgateway.domains.disclosures.service.preparing import look_after
from ippgateway.domains.disclosures.service.reading import case, cases

__all__ = [
    "add", "approve", "case", "cases", "disclosable", "hand_over", "kinds", "look_after", "refuse", "set_silence",
]  # fmt: skip


def kinds() -> Mapping[str, Kind]:
    """Every kind of request, with what it must say."""
    return KINDS
