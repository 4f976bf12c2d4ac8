"""The use cases of requests, a file per verb."""

from ippgateway.domains.requests.service.asking import ask, objectable, withdraw
from ippgateway.domains.requests.service.carrying import (
    Correct,
    Rooms,
    at_once,
    carry_out,
    keeps_open,
    leave,
    look_after,
)
from ippgateway.domains.requests.service.deciding import extend, grant, identify, refuse
from ippgateway.domains.requests.service.links import ask_link, end_link, forget_links, open_link, proves
from ippgateway.domains.requests.service.notices import mark_told, notice, notices, to_tell
from ippgateway.domains.requests.service.reading import (
    certificate,
    corrections_of,
    may_read,
    of_person,
    of_shop,
    of_us,
    one,
)

__all__ = [
    "Correct",
    "Rooms",
    "ask",
    "ask_link",
    "at_once",
    "carry_out",
    "certificate",
    "corrections_of",
    "end_link",
    "extend",
    "forget_links",
    "grant",
    "identify",
    "keeps_open",
    "leave",
    "look_after",
    "mark_told",
    "may_read",
    "notice",
    "notices",
    "objectable",
    "of_person",
    "of_shop",
    "of_us",
    "one",
    "open_link",
    "proves",
    "refuse",
    "to_tell",
    "withdraw",
]
