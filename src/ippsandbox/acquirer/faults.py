"""Faults to play, in the words of `POST /faults`."""

from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Any

from ippsandbox.cards import Delivery


class Mode(Enum):
    """Answer; answer and book nothing; close connections as they arrive; book, and lose answers at random."""

    NORMAL = "normal"
    SILENT = "silent"
    DROP = "drop"
    LOSSY = "lossy"


class Chance:
    """How answers to payments travel, drawn from a seed one after the other. Network messages are spared."""

    def __init__(self, seed: int, *, lose: float = 0, double: float = 0, late: float = 0) -> None:
        """Shares of one. Raises ValueError when they are none."""
        shares = (lose, double, late)
        if not all(0 <= share <= 1 for share in shares) or sum(shares) > 1:
            raise ValueError("shares")
        self._random = Random(seed)  # noqa: S311 - a fault that was found is played again by its seed
        self._bounds = ((lose, Delivery.NEVER), (lose + double, Delivery.TWICE), (sum(shares), Delivery.LATE))

    def draw(self) -> Delivery:
        """How the next answer travels."""
        drawn = self._random.random()
        return next((delivery for bound, delivery in self._bounds if drawn < bound), Delivery.ONCE)


@dataclass(frozen=True, slots=True)
class Fault:
    """What to play; `chance` belongs to `lossy`."""

    mode: Mode = Mode.NORMAL
    chance: Chance | None = None

    @property
    def listens(self) -> bool:
        """Whether messages are booked and answered at all."""
        return self.mode in (Mode.NORMAL, Mode.LOSSY)


def fault_from(body: dict[str, Any]) -> Fault:
    """`{"mode": ...}`, with lossy `seed` and the shares `lose`, `double`, `late`.

    Raises ValueError, KeyError or TypeError for anything else.
    """
    wanted = dict(body)
    mode = Mode(wanted.pop("mode"))
    if mode is Mode.LOSSY:
        return Fault(mode, Chance(int(wanted.pop("seed")), **wanted))
    if wanted:
        raise ValueError("mode")
    return Fault(mode)
