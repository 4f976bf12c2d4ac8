"""How it stood day by day, as bars: kept at the foot, not built at the top, a gap where nobody looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ippgateway.privacy.trust import Day, Standing

HEIGHT = 100
STEP = 10
_GAP = 1
_FEWEST_DAYS, _MOST_DAYS = 14, 90

UPWARDS = (Standing.KEPT, Standing.PARTLY, Standing.UNCHECKED, Standing.BROKEN, Standing.NOT_BUILT)
"""From the foot of a bar to its top."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A part of a bar, in the plot's own space. `top` counts from above."""

    standing: Standing
    top: float
    height: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A day's bar: the day as it was counted, and where it stands."""

    day: Day
    left: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plot:
    """Bars from left to right, in a space that the page stretches to its width. `first`, `last`: its days."""

    bars: tuple[Bar, ...]
    first: date
    last: date
    wide: int = STEP - 2 * _GAP
    height: int = HEIGHT

    @property
    def width(self) -> int:
        """Of the space."""
        return ((self.last - self.first).days + 1) * STEP


def drawn(days: Sequence[Day]) -> Plot | None:
    """The newest days, at most ninety; None when there is none. A day without a result has no bar."""
    if not days:
        return None
    last = days[-1].day
    span = min(max((last - days[0].day).days + 1, _FEWEST_DAYS), _MOST_DAYS)
    first = last - timedelta(days=span - 1)
    shown = [day for day in days if day.day >= first]
    most = max(map(_all, shown)) or 1
    bars = (Bar(day=day, left=(day.day - first).days * STEP + _GAP, pieces=_pieces(day, most)) for day in shown)
    return Plot(bars=tuple(bars), first=first, last=last)


def _all(day: Day) -> int:
    return sum(day.of(standing) for standing in Standing)


def _pieces(day: Day, most: int) -> tuple[Piece, ...]:
    pieces, foot = [], float(HEIGHT)
    for standing in UPWARDS:
        height = HEIGHT * day.of(standing) / most
        if height:
            pieces.append(Piece(standing=standing, top=round(foot - height, 2), height=round(height, 2)))
        foot -= height
    return tuple(pieces)
