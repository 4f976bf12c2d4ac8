"""The use cases of disclosures, a file per part. Staff enter and decide at the desk; what is handed over is put
together by the process that answers people, once two have approved."""

from ippgateway.domains.disclosures.service.deciding import approve, hand_over, refuse, set_silence
from ippgateway.domains.disclosures.service.entering import add
from ippgateway.domains.disclosures.service.preparing import look_after
from ippgateway.domains.disclosures.service.reading import case, cases

__all__ = ["add", "approve", "case", "cases", "hand_over", "look_after", "refuse", "set_silence"]
