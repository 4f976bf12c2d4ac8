"""The use cases of the registers."""

from ippgateway.domains.registers.service.affected import concerned
from ippgateway.domains.registers.service.breaches import (
    breach,
    breaches,
    change,
    close,
    count,
    missing_of,
    notified,
    open_breach,
    told,
)
from ippgateway.domains.registers.service.kinds import categories, recipients
from ippgateway.domains.registers.service.paper import confirm, destroy, enter, file, files

__all__ = [
    "breach",
    "breaches",
    "categories",
    "change",
    "close",
    "concerned",
    "confirm",
    "count",
    "destroy",
    "enter",
    "file",
    "files",
    "missing_of",
    "notified",
    "open_breach",
    "recipients",
    "told",
]
