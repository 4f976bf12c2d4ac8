"""A check is real when it turns `broken` as soon as its mechanism is switched off, and holds when it is on again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ippgateway.promises.checks import CHECKS
from ippgateway.promises.finding import Status
from ippgateway.promises.looking import differences
from ippgateway.promises.report import find

from .bench import Bench
from .switches import SWITCHES, SwitchedOff, Tools


@pytest.fixture(scope="module", autouse=True)
async def everything_is_on_again(bench: Bench) -> AsyncIterator[None]:
    yield
    assert await differences(bench.context) == [], "something that was switched off is not on again"


def test_every_check_has_a_switch() -> None:
    assert {promise for promise, _, _ in SWITCHES} == set(CHECKS)


@pytest.mark.parametrize(("promise", "switched_off"), [pytest.param(p, s, id=f"{p}-{name}") for p, name, s in SWITCHES])
async def test_a_promise_is_broken_when_its_mechanism_is_off(
    promise: str, switched_off: SwitchedOff, bench: Bench, tmp_path: Path
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        async with switched_off(Tools(bench, monkeypatch, tmp_path)) as context:
            finding = await find(context, CHECKS[promise])
    assert finding.status is Status.BROKEN, finding.evidence
    assert not finding.evidence.startswith("can't be checked"), finding.evidence


async def test_the_empty_hash_of_somebody_who_was_erased_is_no_weak_one(bench: Bench) -> None:
    await bench.run(
        "insert into ipp.credential (tenant_id, user_id, id, kind, moves_money, created_at, hash) "
        "select tenant_id, user_id, 'eras-eras-eras', 'application', false, created_at, '' from ipp.credential limit 1"
    )
    try:
        finding = await find(bench.context, CHECKS["SEC-3"])
    finally:
        await bench.run("delete from ipp.credential where id = 'eras-eras-eras'")
    assert finding.status is not Status.BROKEN, finding.evidence


async def test_every_face_stands_under_the_name_that_the_operator_sets(bench: Bench) -> None:
    finding = await find(bench.named("Nordlys & Søn"), CHECKS["BRAND-1"])
    assert finding.status is Status.PARTLY, finding.evidence


@pytest.mark.parametrize("promise", CHECKS)
async def test_nothing_is_broken_when_everything_is_on_again(promise: str, bench: Bench) -> None:
    finding = await find(bench.context, CHECKS[promise])
    assert finding.status in {Status.KEPT, Status.PARTLY}, finding.evidence
