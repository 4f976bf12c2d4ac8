"""The use cases of requests, a file per verb."""

from ippgateway.domains.requests.service.asking import ask, objectable, withdraw
from ippgateway.domains.requests.service.carrying import Rooms, carry_out, look_after
from ippgateway.domains.requests.service.deciding import extend, grant, identify, refuse
from ippgateway.domains.requests.service.links import ask_link, end_link, forget_links, open_link, proves
from ippgateway.domains.requests.service.reading import certificate, may_read, of_person, of_shop, of_us, one

__all__ = [
    "Rooms",
    "ask",
    "ask_link",
    "carry_out",
    "certificate",
    "end_link",
    "extend",
    "forget_links",
    "grant",
    "identify",
    "look_after",
    "may_read",
    "objectable",
    "of_person",
    "of_shop",
    "of_us",
    "one",
    "open_link",
    "proves",
    "refuse",
    "withdraw",
]
