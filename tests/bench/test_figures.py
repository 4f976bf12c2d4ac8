"""What the bench says of its measurements: the names that others read, and medians of each round's own ratio."""

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))  # the bench is no part of what is installed

from bench.figures import Figures, Grown, Measured, Round, Waiting
from bench.limit import by_clients
from bench.same import NotTheSame, _same


def measured(rps: float) -> Measured:
    return Measured(rps=rps, p50_ms=10.0, p99_ms=20.0, gateway_us=300.0, database_us=400.0)


def a_round(limit_tps: float, ours: float, bare: float) -> Round:
    return Round(
        limit_tps=limit_tps, ours={c: measured(ours) for c in (32, 256)}, bare={c: measured(bare) for c in (32, 256)}
    )


@pytest.fixture
def figures() -> Figures:
    """The machine became half as fast for the second round: the ratios stay."""
    return Figures(
        limits={8: 2000.0}, limit_clients=8,
        rounds=[a_round(2000, 1600, 2000), a_round(1000, 800, 1000), a_round(2000, 1500, 2000)],
        grown=[Grown(payments=10_000, limit_tps=2000.0, ours=measured(1600))],
        waiting=Waiting(count=5000, delay_s=2.0, took_s=6.0, memory_mib=200.0, idle_mib=80.0,
                        errors=Counter({"200 WAIT": 2})),
        errors=Counter({"500": 1}),
    )  # fmt: skip


def test_the_names_that_others_read(figures: Figures) -> None:
    told = figures.as_json()
    assert told["limit_tps"] == 2000.0
    assert set(told["clients"]) == {"32", "256"}
    for of in told["clients"].values():
        assert {"rps", "p50_ms", "p99_ms", "ratio"} <= set(of)
    assert told["privacy_cost"] == pytest.approx(0.2)
    assert {"count": 5000, "errors": 2}.items() <= told["waiting"].items()


def test_ratios_are_of_rounds_and_not_of_medians(figures: Figures) -> None:
    assert figures.ratio(32) == pytest.approx(0.8)
    assert [round(r.ratio(256), 2) for r in figures.rounds] == [0.8, 0.8, 0.75]


def test_an_error_is_never_lost(figures: Figures) -> None:
    assert figures.failed == 3
    assert "200 WAIT: 2" in figures.table()
    assert "500: 1" in figures.table()


@pytest.mark.parametrize(
    ("reached", "tried"),
    [
        ([1000, 2000, 2050], [4, 8, 16]),
        ([1000, 900], [4, 8]),
        ([100, 200, 300, 400, 500, 600], [4, 8, 16, 32, 64, 128]),
    ],
)
async def test_the_limit_is_looked_for_as_long_as_more_clients_reach_more(reached: list[int], tried: list[int]) -> None:
    left = iter(reached)

    async def run(clients: int) -> float:
        return float(next(left))

    assert await by_clients(run) == dict(zip(tried, reached, strict=True))


def test_a_limit_that_writes_less_is_refused() -> None:
    ours = {("ipp.payment", ("id",)): (1, 100), ("ipp.event", ("id",)): (1, 50)}
    assert "1 ipp.payment" in _same(ours, dict(ours))
    with pytest.raises(NotTheSame, match=r"ours 1 ipp\.event"):
        _same(ours, {("ipp.payment", ("id",)): (1, 100)})
    with pytest.raises(NotTheSame, match=r"ours 1 ipp\.payment"):
        _same(ours, {("ipp.payment", ("holder", "id")): (1, 100), ("ipp.event", ("id",)): (1, 50)})
    with pytest.raises(NotTheSame, match="octets"):
        _same(ours, {("ipp.payment", ("id",)): (1, 60), ("ipp.event", ("id",)): (1, 50)})
