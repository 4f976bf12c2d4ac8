"""When what goes wrong: rates that differ from seed to seed, and draws from the seed."""

import random
from dataclasses import dataclass
from enum import Enum, auto

_CALM, _USUAL, _ROUGH = 0.0, 1.0, 4.0


class AtStatement(Enum):
    """What happens at one statement to the database."""

    NOTHING = auto()
    DIES_BEFORE = auto()
    """The process dies; the statement was not sent."""
    DIES_AFTER = auto()
    """The process dies; the statement was carried out, and nobody heard."""
    SERVER_LOST_BEFORE = auto()
    """The server restarts; the transaction is rolled back."""
    SERVER_LOST_AFTER = auto()
    """The server restarts after it carried the statement out; a commit is on record, but nobody heard."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a message fares. `arrives_s`: each copy's delay; none when it is lost. `back_s`: the answer's, if it comes.

    `refused`: nothing left at all. `cut_s`: after this long the connection is gone. `garbled`: the answer is unusable.
    """

    arrives_s: tuple[float, ...] = ()
    back_s: float | None = None
    refused: bool = False
    cut_s: float | None = None
    garbled: bool = False


@dataclass(frozen=True, kw_only=True)
class _Outage:
    begins_s: float
    ends_s: float
    silent: bool


class SeededRandomness:
    """Fulfils `core.ids.Randomness` from a seed: ids, nonces and keys are the same each time."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a simulation; nothing secret is made of it

    def below(self, limit: int) -> int:
        """0 <= n < limit."""
        return self._random.randrange(limit)

    def octets(self, count: int) -> bytes:
        """`count` bytes."""
        return self._random.randbytes(count)


class Faults:
    """Draws of one seed. `on` is taken back in the end, so that everything can be cleared up."""

    def __init__(self, seed: int, *, lasts_s: float) -> None:
        self.random = random.Random(f"{seed}/faults")  # noqa: S311
        self.on = True
        self._program = self.random.choice((_CALM, _USUAL, _USUAL, _ROUGH))
        self._line = self.random.choice((_CALM, _USUAL, _USUAL, _ROUGH))
        self._server = self.random.choice((_CALM, _CALM, _USUAL, _ROUGH))
        self._outages = [self._outage(lasts_s) for _ in range(self.random.choice((0, 0, 1, 2)))]

    def _outage(self, lasts_s: float) -> _Outage:
        begins = self.random.uniform(0, lasts_s)
        return _Outage(begins_s=begins, ends_s=begins + self.random.choice((60.0, 600.0, 3_600.0)),
                       silent=self.random.random() < 0.5)  # fmt: skip

    def _happens(self, probability: float) -> bool:
        return self.on and self.random.random() < probability

    def at_statement(self, *, commit: bool) -> AtStatement:
        """What happens at the next statement. A commit is where it hurts most."""
        weight = 8.0 if commit else 1.0
        if self._happens(0.0006 * weight * self._program):
            return self.random.choice((AtStatement.DIES_BEFORE, AtStatement.DIES_AFTER))
        if self._happens(0.0003 * weight * self._server):
            return self.random.choice((AtStatement.SERVER_LOST_BEFORE, AtStatement.SERVER_LOST_AFTER))
        return AtStatement.NOTHING

    def while_waiting(self) -> float | None:
        """After how many seconds of waiting for the outside the process dies; mostly it does not."""
        return self.random.uniform(0, 12) if self._happens(0.01 * self._program) else None

    def server_away_s(self) -> float:
        """How long a restart of the database takes; now and then longer than anybody's patience."""
        return self.random.choice((0.3, 1.0, 3.0, 6.0, 12.0, 40.0)) * self.random.uniform(0.5, 1.5)

    def process_away_s(self) -> float:
        """How long until a dead process is back."""
        return self.random.uniform(0.3, 5.0)

    def turn_s(self) -> float:
        """How long it takes to get a connection: what brings transactions of different tasks into any order."""
        return self.random.choice((0.0, 0.0, 0.001, 0.004, 0.02)) * self.random.random()

    def way(self, now_s: float, *, timer_s: float) -> Way:
        """How the next message to the acquirer fares."""
        there, back = self.random.uniform(0.02, 0.4), self.random.uniform(0.02, 0.4)
        outage = next((o for o in self._outages if self.on and o.begins_s <= now_s < o.ends_s), None)
        if outage is not None:
            return Way() if outage.silent else Way(refused=True)
        if not self._happens(0.08 * self._line):
            return Way(arrives_s=(there,), back_s=back)
        late = self.random.uniform(timer_s, 3 * timer_s)
        return self.random.choice((
            Way(),
            Way(refused=True),
            Way(cut_s=there),
            Way(arrives_s=(there,)),
            Way(arrives_s=(there,), back_s=late),
            Way(arrives_s=(late,), back_s=back),
            Way(arrives_s=(there, there + self.random.uniform(0, 2 * timer_s)), back_s=back),
            Way(arrives_s=(there,), back_s=back, garbled=True),
            Way(arrives_s=(there,), cut_s=there + back),
            Way(arrives_s=(late,), cut_s=there),
        ))  # fmt: skip

    def authentication_fails(self) -> bool:
        """Whether 3-D Secure can't be performed this time."""
        return self._happens(0.03 * self._line)

    def job_is_lost(self) -> bool:
        """Whether an alarm never rings."""
        return self._happens(0.02 * self._program)

    def shop_fails(self) -> bool:
        """Whether a shop is out of order when it is called."""
        return self._happens(0.25)

    def shop_is_not_heard(self) -> bool:
        """Whether a shop's answer is lost on its way."""
        return self._happens(0.03 * self._line)
