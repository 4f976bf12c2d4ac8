"""What is told at the end: a table for people, JSON for programs."""

import statistics
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

CLIENTS = (32, 256)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One measurement of the path. `*_us`: processor time for each payment, microseconds."""

    rps: float
    p50_ms: float
    p99_ms: float
    gateway_us: float
    database_us: float


@dataclass(frozen=True, kw_only=True)
class Round:
    """The limit, ours and bare, each measured once, close together in time. `ours` and `bare`: by clients."""

    limit_tps: float
    ours: dict[int, Measured]
    bare: dict[int, Measured]

    def ratio(self, clients: int) -> float:
        """Our share of the limit."""
        return self.ours[clients].rps / self.limit_tps

    def cost(self, clients: int) -> float:
        """The share of throughput that privacy takes."""
        return 1 - self.ours[clients].rps / self.bare[clients].rps

    @property
    def privacy_cost(self) -> float:
        """The mean over the numbers of clients."""
        return statistics.mean(self.cost(c) for c in CLIENTS)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Authorisations that wait for a slow acquirer, all in one process."""

    count: int
    delay_s: float
    took_s: float
    memory_mib: float
    idle_mib: float
    errors: Counter[str]


@dataclass(frozen=True, kw_only=True)
class Grown:
    """The path with so many payments in the tables, and the limit with them."""

    payments: int
    limit_tps: float
    ours: Measured


@dataclass(kw_only=True)
class Figures:
    """Everything that was measured. `errors`: by kind, those of `waiting` not among them."""

    limits: dict[int, float] = field(default_factory=dict)
    limit_clients: int = 0
    rounds: list[Round] = field(default_factory=list)
    grown: list[Grown] = field(default_factory=list)
    waiting: Waiting | None = None
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def failed(self) -> int:
        """How many authorisations ended in an error."""
        return self.errors.total() + (self.waiting.errors.total() if self.waiting else 0)

    @property
    def limit_tps(self) -> float:
        """The median of the rounds."""
        return statistics.median(r.limit_tps for r in self.rounds)

    def ours(self, clients: int, name: str) -> float:
        """The median of a field of `Measured`."""
        return _median([r.ours[clients] for r in self.rounds], name)

    def bare(self, clients: int, name: str) -> float:
        """The same, without what privacy costs."""
        return _median([r.bare[clients] for r in self.rounds], name)

    def ratio(self, clients: int) -> float:
        """The median of each round's own ratio."""
        return statistics.median(r.ratio(clients) for r in self.rounds)

    @property
    def privacy_cost(self) -> float:
        """The median of each round's own cost."""
        return statistics.median(r.privacy_cost for r in self.rounds)

    def as_json(self) -> dict[str, Any]:
        """The contract's names first; what stands beside them is ours."""
        return {
            "limit_tps": round(self.limit_tps, 1),
            "clients": {str(c): self._of(c) for c in CLIENTS},
            "privacy_cost": round(self.privacy_cost, 4),
            "waiting": self._waiting(),
            "limit_clients": self.limit_clients,
            "rounds": [
                {"limit_tps": round(r.limit_tps, 1), "ratio": {str(c): round(r.ratio(c), 4) for c in CLIENTS},
                 "privacy_cost": {str(c): round(r.cost(c), 4) for c in CLIENTS}}
                for r in self.rounds
            ],
            "rows": [
                {"payments": g.payments, "rps": g.ours.rps, "database_us": round(g.ours.database_us),
                 "gateway_us": round(g.ours.gateway_us), "limit_tps": round(g.limit_tps, 1)}
                for g in self.grown
            ],
            "errors": dict(self.errors),
        }  # fmt: skip

    def _of(self, clients: int) -> dict[str, Any]:
        figures = {name: round(self.ours(clients, name), 2) for name in ("rps", "p50_ms", "p99_ms")}
        spent = {name: float(round(self.ours(clients, name))) for name in ("gateway_us", "database_us")}
        bare = {name: float(round(self.bare(clients, name))) for name in ("rps", "gateway_us", "database_us")}
        return {**figures, "ratio": round(self.ratio(clients), 4), **spent, "bare": bare}

    def _waiting(self) -> dict[str, Any]:
        if self.waiting is None:
            return {"count": 0, "errors": 0}
        it = self.waiting
        return {
            "count": it.count, "errors": it.errors.total(), "delay_s": it.delay_s, "took_s": round(it.took_s, 2),
            "memory_mib": round(it.memory_mib), "idle_mib": round(it.idle_mib),
        }  # fmt: skip

    def table(self) -> str:
        """For people."""
        limits = ", ".join(f"{tps:,.0f} with {c}" for c, tps in sorted(self.limits.items()))
        return "\n".join([
            f"limit: {self.limit_tps:,.0f} payments a second by pgbench, {self.limit_clients} clients ({limits})",
            "",
            "clients          rps   p50 ms   p99 ms   gateway   database   of the limit",
            *(line for c in CLIENTS for line in self._lines(c)),
            "",
            f"privacy costs {self.privacy_cost:.1%} of the throughput, by the rounds",
            *self._grown_lines(),
            *self._waiting_lines(),
            "",
            f"errors: {self.failed}",
            *(f"  {kind}: {count}" for kind, count in (self.errors + _of(self.waiting)).most_common()),
        ])  # fmt: skip

    def _lines(self, clients: int) -> list[str]:
        ratios = [r.ratio(clients) for r in self.rounds]
        cost = statistics.median(r.cost(clients) for r in self.rounds)
        names = ("rps", "p50_ms", "p99_ms", "gateway_us", "database_us")
        form = "{:7d} {} {:8,.0f} {:8.1f} {:8.1f} {:6.0f} us {:7.0f} us   {}".format
        return [
            form(clients, "ours", *(self.ours(clients, name) for name in names),
                 f"{self.ratio(clients):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"),
            form(clients, "bare", *(self.bare(clients, name) for name in names), f"privacy costs {cost:.1%}"),
        ]  # fmt: skip

    def _grown_lines(self) -> list[str]:
        if not self.grown:
            return []
        return [
            "", f"payments there      rps   database   gateway   limit      ({CLIENTS[-1]} clients)",
            *(f"{g.payments:14,d} {g.ours.rps:8,.0f} {g.ours.database_us:7.0f} us {g.ours.gateway_us:6.0f} us "
              f"{g.limit_tps:7,.0f}" for g in self.grown),
        ]  # fmt: skip

    def _waiting_lines(self) -> list[str]:
        it = self.waiting
        if it is None:
            return []
        return ["", (
            f"{it.count:,d} at once on an acquirer that takes {it.delay_s:g} s: {it.errors.total()} errors, all "
            f"answered after {it.took_s:.1f} s; the gateway held {it.memory_mib:.0f} MiB (idle: {it.idle_mib:.0f})"
        )]  # fmt: skip


def _median(measured: list[Measured], name: str) -> float:
    return float(statistics.median(getattr(each, name) for each in measured))


def _of(waiting: Waiting | None) -> Counter[str]:
    return waiting.errors if waiting else Counter()
