"""What a plot draws: a bar for each day, in a space of its own that the page stretches to its width."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

HEIGHT = 100
STEP = 10
_GAP = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One day. `told`: its number in words; `height`: of `HEIGHT`; a number that is not zero can always be seen."""

    day: date
    told: str
    left: int
    height: float

    @property
    def path(self) -> str:
        """Its outline, as an SVG path."""
        return f"M{self.left + _GAP} {HEIGHT}v{-self.height:g}h{STEP - 2 * _GAP:g}v{self.height:g}z"


@dataclass(frozen=True, kw_only=True, slots=True)
class Plot:
    """Bars from left to right; `most`: the highest one's words, empty when there is none, and `most_at` its day."""

    bars: tuple[Bar, ...]
    most: str
    most_at: date | None
    height: int = HEIGHT
    step: int = STEP

    @property
    def width(self) -> int:
        """Of the space that the bars are in; never nothing."""
        return max(len(self.bars), 1) * self.step


def drawn(points: Sequence[tuple[date, int | Decimal, str]]) -> Plot:
    """`points`: day, number, and what it is called, in order. Raises ValueError for a number below zero: a bar has no
    place for it."""
    if any(number < 0 for _, number, _ in points):
        raise ValueError("a bar is never below zero")
    most_at, most, told = max(points, key=lambda point: point[1], default=(None, 0, ""))
    return Plot(
        bars=tuple(
            Bar(day=day, told=name, left=place * STEP, height=_height(number, most))
            for place, (day, number, name) in enumerate(points)
        ),
        most=told if most else "",
        most_at=most_at if most else None,
    )


def _height(number: int | Decimal, most: int | Decimal) -> float:
    return max(round(float(HEIGHT * number / most), 1), 1.0) if number else 0.0
