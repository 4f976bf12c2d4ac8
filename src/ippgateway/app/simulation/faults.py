"""When what goes wrong: rates that differ from seed to seed, and draws from the seed."""

import random
from dataclasses import dataclass
from enum import Enum, auto

_CALM, _USUAL, _ROUGH = 0.0, 1.0, 4.0
_SHOPS = (0.05, 0.25, 0.25, 0.85)
"""How often a shop is out of order; in the last case some never hear of a payment."""
_TURNS_S = ((0.0, 0.0, 0.001, 0.02), (0.0, 0.05, 0.2), (0.5, 2.0))
"""How long a connection is waited for at most; the longer, the more requests come together in a batch."""


class AtStatement(Enum):
    """What happens at one statement to the database."""

    NOTHING = auto()
    DIES_BEFORE = auto()
    """The process dies; the statement was not sent."""
    DIES_AFTER = auto()
    """The process dies; the statement was carried out, and nobody heard."""
    CUT_BEFORE = auto()
    """This connection is lost; the transaction is rolled back."""
    CUT_AFTER = auto()
    """This connection is lost after the statement was carried out; a commit is on record, but nobody heard."""
    SERVER_LOST_BEFORE = auto()
    """The same for every connection: the server restarts."""
    SERVER_LOST_AFTER = auto()
    """The same after it carried the statement out."""


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
class Mishap:
    """What happens to a process `after_s` from now: it stalls for `stalls_s`, or dies when that is None."""

    after_s: float
    stalls_s: float | None


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
    """Draws of one seed. `on` is taken back in the end, so that everything can be cleared up.

    `busy_s`: when the shops have customers, which is when faults hurt.
    """

    def __init__(self, seed: int, *, lasts_s: float, most_rushes: int) -> None:
        self.random = random.Random(f"{seed}/faults")  # noqa: S311
        self.on = True
        rushes = self.random.choice((1, most_rushes, most_rushes))
        self.busy_s = [self.random.uniform(0, lasts_s) for _ in range(rushes)]
        self._program = self.random.choice((_CALM, _USUAL, _USUAL, _ROUGH))
        self._line = self.random.choice((_CALM, _USUAL, _USUAL, _ROUGH))
        self._server = self.random.choice((_CALM, _USUAL, _USUAL, _ROUGH))
        self._shops = self.random.choice(_SHOPS)
        self._turns_s = self.random.choice(_TURNS_S)
        self._outages = [self._outage() for _ in range(self.random.choice((0, 0, 0, 1, 2)))]

    def _outage(self) -> _Outage:
        """The acquirer is out of reach, or silent, for a minute to an hour."""
        long_s = self.random.choice((60.0, 600.0, 3_600.0))
        begins = self.random.choice(self.busy_s) + self.random.uniform(-0.2 * long_s, 120.0)
        return _Outage(begins_s=begins, ends_s=begins + long_s, silent=self.random.random() < 0.5)

    def _happens(self, probability: float) -> bool:
        return self.on and self.random.random() < probability

    def at_statement(self, *, commit: bool, met: int) -> AtStatement:
        """What happens at the next statement, met for the `met`-th time: at a commit it hurts most, and what comes
        seldom must have its share."""
        weight = (5.0 if commit else 0.5) + 6.0 / met
        if self._happens(0.0006 * weight * self._program):
            return self.random.choice((AtStatement.DIES_BEFORE, AtStatement.DIES_AFTER))
        if self._happens(0.0002 * weight * self._server):
            return self.random.choice((AtStatement.SERVER_LOST_BEFORE, AtStatement.SERVER_LOST_AFTER))
        if self._happens(0.001 * weight * self._server):
            return self.random.choice((AtStatement.CUT_BEFORE, AtStatement.CUT_AFTER))
        return AtStatement.NOTHING

    def while_waiting(self) -> Mishap | None:
        """What happens to a process that waits for the outside; mostly nothing."""
        if not self._happens(0.04 * self._program):
            return None
        return Mishap(after_s=self.random.uniform(0, 12), stalls_s=self.random.choice((None, self._stall_s())))

    def stalls_after_commit_s(self) -> float | None:
        """For how long a process stalls now; mostly it does not. Everybody else takes it for dead."""
        return self._stall_s() if self._happens(0.004 * self._program) else None

    def _stall_s(self) -> float:
        return self.random.choice((2.0, 20.0, 60.0, 200.0)) * self.random.uniform(0.5, 1.5)

    def server_away_s(self) -> float:
        """How long a restart of the database takes; now and then longer than anybody's patience."""
        return self.random.choice((0.3, 1.0, 3.0, 6.0, 12.0, 40.0)) * self.random.uniform(0.5, 1.5)

    def dies_meanwhile(self, away_s: float) -> float | None:
        """After how many seconds a process dies that waits for the server; mostly it does not."""
        return self.random.uniform(0, away_s) if self._happens(0.08 * self._program) else None

    def process_away_s(self) -> float:
        """How long until a dead process is back."""
        return self.random.uniform(0.3, 5.0)

    def turn_s(self) -> float:
        """How long it takes to get a connection: what brings transactions of different tasks into any order."""
        return self.random.choice(self._turns_s) * self.random.random()

    def way(self, now_s: float, *, timer_s: float) -> Way:
        """How the next message to the acquirer fares."""
        there, back = self.random.uniform(0.02, 0.4), self.random.uniform(0.02, 0.4)
        outage = next((o for o in self._outages if self.on and o.begins_s <= now_s < o.ends_s), None)
        if outage is not None:
            return Way() if outage.silent else Way(refused=True)
        if not self._happens(0.12 * self._line):
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
        """Whether a shop is out of order when it is called; it may be for good."""
        return self.random.random() < self._shops

    def shop_is_not_heard(self) -> bool:
        """Whether a shop's answer is lost on its way."""
        return self._happens(0.03 * self._line)
