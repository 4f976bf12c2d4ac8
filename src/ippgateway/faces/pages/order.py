"""In which order people read what is kept about them: what they look for first, ids and codes last."""

from enum import IntEnum

from ippgateway.privacy.catalogue import (
    ACCESS,
    CARD_AUTHENTICATION,
    CARD_DETAILS,
    CARD_NUMBER,
    CREDENTIAL,
    DEVICE,
    EMAIL,
    IP_ADDRESS,
    NAME,
    PSEUDONYM,
    PURCHASE,
)
from ippgateway.privacy.vocabulary import Category

_FIRST = (EMAIL, NAME, CARD_NUMBER, CARD_DETAILS, PURCHASE)
_LAST = (ACCESS, IP_ADDRESS, DEVICE, CARD_AUTHENTICATION, PSEUDONYM, CREDENTIAL)


class Place(IntEnum):
    """Where a category stands. `RECORDS`: of what an erasure deletes whole, and which is told whole."""

    FIRST, MIDDLE, RECORDS, LAST = range(4)


def place_of(category: Category | None, *, record: bool = False) -> tuple[Place, str]:
    """By what to sort. `record`: of a row that an erasure deletes."""
    if record or category is None:
        return Place.RECORDS, ""
    for place, known in ((Place.FIRST, _FIRST), (Place.LAST, _LAST)):
        if category in known:
            return place, str(known.index(category))
    return Place.MIDDLE, category.key
