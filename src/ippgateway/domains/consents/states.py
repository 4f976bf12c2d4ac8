"""Whether a consent stands. Pure: the clock is an argument."""

from collections.abc import Collection
from datetime import datetime

from ippgateway.domains.consents.schemas import LASTS, Said


def standing(said: Collection[tuple[datetime, Said]], *, now: datetime) -> bool:
    """Whether the last word is a yes that still counts. `said`: all that was said for one purpose and channel, in any
    order. Of a yes and a no at the same moment the no counts."""
    yes = [at for at, each in said if each is Said.GIVEN]
    no = [at for at, each in said if each is not Said.GIVEN]
    if not yes or (no and max(no) >= max(yes)):
        return False
    return now < max(yes) + LASTS


def objecting(said: Collection[tuple[datetime, Said]]) -> bool:
    """Whether an objection counts: they made one, and said yes to nothing since."""
    objected = [at for at, each in said if each is Said.OBJECTED]
    yes = [at for at, each in said if each is Said.GIVEN]
    return bool(objected) and not (yes and max(yes) > max(objected))
