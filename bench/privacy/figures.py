"""What is told at the end: medians, 99th percentiles, and the ratios of each round; a table for people, JSON."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from bench.privacy.sides import WITH, WITHOUT

UPDATE, COPY, ERASURE = "update", "copy", "erasure"
BY_ERASURE, BY_RETENTION, BY_MIX = 50.0, 1.2, 0.9
"""The aims: an erasure in updates, payments' p99 in that without retention, throughput in that without."""
MIX = "mix"

Times: TypeAlias = dict[str, list[float]]
"""Seconds of each time something was done, by its name."""


@dataclass(frozen=True, kw_only=True)
class Retained:
    """Payments alone, and while retention ran: the 99th percentile, milliseconds, of so many payments a second. What
    retention removed, and for how long it was at it."""

    side: str
    alone_ms: float
    during_ms: float
    rate: float
    removed: int
    took_s: float

    @property
    def ratio(self) -> float:
        """What retention does to payments."""
        return self.during_ms / self.alone_ms


@dataclass(frozen=True, kw_only=True)
class Mixed:
    """One round of one role, or of all three (MIX): operations a second on each side."""

    role: str
    done: dict[str, float]

    @property
    def ratio(self) -> float:
        """The share of the throughput that is left."""
        return self.done[WITH] / self.done[WITHOUT]


@dataclass(kw_only=True)
class Figures:
    """Everything that was measured. `times`: of single verbs, one at a time, and of the mix's, by side."""

    payers: int
    payments: int
    load: tuple[float, ...] = ()
    """The machine's load at the beginning, by the last 1, 5 and 15 minutes."""
    rounds: list[dict[str, Times]] = field(default_factory=list)
    retained: list[Retained] = field(default_factory=list)
    mixed: list[Mixed] = field(default_factory=list)
    verbs: dict[str, Times] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    errors: Counter[str] = field(default_factory=Counter)
    """Payments that ended in one, by kind."""

    def in_updates(self, name: str, side: str = WITH) -> float:
        """How many primary-key updates something takes: the median of the rounds."""
        return statistics.median(self.updates(number, name, side) for number in range(len(self.rounds)))

    def updates(self, number: int, name: str, side: str = WITH) -> float:
        """The same of one round: both medians are its own."""
        return _median(self.rounds[number][side][name]) / _median(self.rounds[number][WITH][UPDATE])

    def retention(self, side: str) -> float:
        """What retention does to payments' p99: the median of the rounds."""
        return statistics.median(r.ratio for r in self.retained if r.side == side)

    def throughput(self, role: str) -> float:
        """The share of a role's throughput that is left: the median of the rounds."""
        return statistics.median(m.ratio for m in self.mixed if m.role == role)

    def _all(self, side: str, name: str) -> list[float]:
        return [took for each in self.rounds for took in each[side][name]]

    # --- for programs ---

    def as_json(self) -> dict[str, Any]:
        """Milliseconds, ratios, aims."""
        return {
            "payers": self.payers, "payments": self.payments, "load": [round(each, 2) for each in self.load],
            "update": _told(self._all(WITH, UPDATE)),
            "copy": self._verb(COPY), "erasure": self._verb(ERASURE) | {"aim": BY_ERASURE},
            "retention": {
                "aim": BY_RETENTION,
                **{side: self._retained(side) for side in (WITH, WITHOUT)},
            },
            "mix": {
                "aim": BY_MIX,
                **{role: self._mixed(role) for role in dict.fromkeys(m.role for m in self.mixed)},
                "verbs": {name: {side: _told(took) for side, took in of.items()} for name, of in self.verbs.items()},
            },
            "errors": dict(self.errors),
        }  # fmt: skip

    def _verb(self, name: str) -> dict[str, Any]:
        return {
            side: {**_told(self._all(side, name)), "in_updates": round(self.in_updates(name, side), 1)}
            for side in (WITH, WITHOUT)
        }

    def _retained(self, side: str) -> dict[str, Any]:
        runs = [r for r in self.retained if r.side == side]
        return {
            "ratio": round(self.retention(side), 3), "rounds": [round(r.ratio, 3) for r in runs],
            "alone_p99_ms": [r.alone_ms for r in runs], "during_p99_ms": [r.during_ms for r in runs],
            "rate": [round(r.rate) for r in runs], "rows": [r.removed for r in runs],
            "took_s": [round(r.took_s, 1) for r in runs],
        }  # fmt: skip

    def _mixed(self, role: str) -> dict[str, Any]:
        runs = [m for m in self.mixed if m.role == role]
        return {
            "ratio": round(self.throughput(role), 3), "rounds": [round(m.ratio, 3) for m in runs],
            **{side: round(statistics.median(m.done[side] for m in runs), 1) for side in (WITH, WITHOUT)},
        }  # fmt: skip

    # --- for people ---

    def table(self) -> str:
        """What was found, beside its aims."""
        update = self._all(WITH, UPDATE)
        return "\n".join([
            f"{self.payers:,d} payers, {self.payments:,d} payments; load {' '.join(f'{x:.2f}' for x in self.load)}",
            "",
            "one at a time            with: median      p99   updates   without: median      p99   updates",
            f"primary-key update     {_ms(_median(update))} {_ms(_p99(update))}",
            *(self._line(name) for name in (COPY, ERASURE)),
            f"an erasure takes {self.in_updates(ERASURE):.1f} updates (aim: {BY_ERASURE:g} at most)",
            "",
            "retention        rows    took   payments   p99 alone     during   ratio",
            *(self._retained_line(side) for side in (WITH, WITHOUT)),
            f"payments' p99 is {self.retention(WITH):.2f} times that without retention (aim: {BY_RETENTION:g} at most)",
            "",
            "role mix           with     without   ratio (of the rounds)",
            *(self._mixed_line(role) for role in dict.fromkeys(m.role for m in self.mixed)),
            f"the mix keeps {self.throughput(MIX):.2f} of the throughput (aim: {BY_MIX:g} at least)",
            "",
            "in the mix               with: median      p99             without: median      p99",
            *(f"{name:<23}{_ms(_median(of[WITH]))} {_ms(_p99(of[WITH]))}            {_ms(_median(of[WITHOUT]))} "
              f"{_ms(_p99(of[WITHOUT]))}" for name, of in sorted(self.verbs.items())),
            "",
            f"errors of payments: {self.errors.total()}",
            *(f"  {kind}: {count}" for kind, count in self.errors.most_common()),
        ])  # fmt: skip

    def _line(self, name: str) -> str:
        told = ""
        for side in (WITH, WITHOUT):
            took = self._all(side, name)
            told += f"{_ms(_median(took))} {_ms(_p99(took))} {self.in_updates(name, side):9.1f}   "
        return f"{name:<23}{told.rstrip()}"

    def _retained_line(self, side: str) -> str:
        runs = [r for r in self.retained if r.side == side]
        mid = [statistics.median(getattr(r, name) for r in runs)
               for name in ("removed", "took_s", "rate", "alone_ms", "during_ms")]  # fmt: skip
        ratios = [r.ratio for r in runs]
        return (
            f"{side:<12}{mid[0]:9,.0f} {mid[1]:5.1f} s {mid[2]:7.0f} /s {mid[3]:8.1f} ms {mid[4]:7.1f} ms"
            f"   {self.retention(side):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        )

    def _mixed_line(self, role: str) -> str:
        runs = [m for m in self.mixed if m.role == role]
        done = [statistics.median(m.done[side] for m in runs) for side in (WITH, WITHOUT)]
        ratios = [m.ratio for m in runs]
        return (
            f"{role:<12}{done[0]:8.1f} /s {done[1]:8.1f} /s   {self.throughput(role):.2f} "
            f"({min(ratios):.2f} to {max(ratios):.2f})"
        )


def _told(took: Sequence[float]) -> dict[str, float]:
    return {"median_ms": round(1e3 * _median(took), 3), "p99_ms": round(1e3 * _p99(took), 3), "count": len(took)}


def _median(took: Sequence[float]) -> float:
    return statistics.median(took) if took else 0.0


def _p99(took: Sequence[float]) -> float:
    return sorted(took)[len(took) * 99 // 100] if took else 0.0


def _ms(seconds: float) -> str:
    return f"{1e3 * seconds:12.2f} ms"[-12:]
