"""A legal hold is stronger than a term and than an erasure, for as long as it stands and no longer."""

from datetime import date, timedelta
from typing import Any

import pytest

from ippgateway.app.backup.replay import Replayed, replay
from ippgateway.domains.payments.service import people
from ippgateway.privacy.rights import holds
from ippgateway.privacy.rights.erase import OPERATOR, erase, look_after
from ippgateway.privacy.rights.held import Shown, held
from ippgateway.privacy.rights.holds import BadHold, NewHold, NoSuchHold, OnHold, Scope
from ippgateway.privacy.rights.plan import plan_of
from ippgateway.privacy.rights.retain import due, remove
from ippgateway.privacy.vocabulary import KeptFor

from .world import Purchase, Shop, World

ROOMS = (people.let_go,)


def a_hold(world: World, scope: Scope, named: str, tenant_id: str | None = None, **other: Any) -> NewHold:
    said: dict[str, Any] = {
        "reason": KeptFor.INVESTIGATION, "reference": "2026/114",
        "ends_on": (world.now + timedelta(days=400)).date(), **other,
    }  # fmt: skip
    return NewHold(scope=scope, named=named, tenant_id=tenant_id, **said)


async def two_payers(world: World) -> tuple[Shop, Purchase, Purchase]:
    shop = await world.shop()
    return shop, await world.paid(shop, "held@borger.example"), await world.paid(shop, "free@borger.example")


async def last4(world: World) -> dict[str, str]:
    return {row["person_id"]: row["last4"] for row in await world.main.fetch("select person_id, last4 from ipp.card")}


@pytest.mark.parametrize("scope", [Scope.PERSON, Scope.PAYMENT])
async def test_what_a_hold_names_outlives_its_term_and_nothing_else_does(world: World, scope: Scope) -> None:
    shop, kept, free = await two_payers(world)
    world.pass_days(300)
    named = kept.person.person_id if scope is Scope.PERSON else kept.payment_id
    hold_id = await holds.place(world.desk, a_hold(world, scope, named, shop.company_id), by="staff-1")
    world.pass_days(300)
    assert {each.part: each.held for each in await due(world.worker) if each.held}["card/card"] == 1
    await remove(world.worker)
    assert await last4(world) == {kept.person.person_id: "1111", free.person.person_id: ""}
    assert await world.main.fetchval("select held from ipp.retention_run where part = 'card/card'") == 1
    await holds.release(world.desk, hold_id, by="staff-2")
    await remove(world.worker)
    assert set((await last4(world)).values()) == {""}


async def test_a_hold_on_a_customer_keeps_its_payers_and_its_users(world: World) -> None:
    shop, *_ = await two_payers(world)
    await holds.place(world.desk, a_hold(world, Scope.TENANT, shop.company_id), by="staff-1")
    await world.leave(shop)
    world.pass_days(350)
    await remove(world.worker)
    assert await world.main.fetchval("select count(*) from ipp.credential") == 1
    world.pass_days(60)
    await remove(world.worker)
    assert await world.main.fetchval("select count(*) from ipp.credential") == 0, "its last day is over"


async def test_a_hold_on_a_user_keeps_whatever_hangs_on_them(world: World) -> None:
    shop = await world.shop()
    await holds.place(world.desk, a_hold(world, Scope.PERSON, shop.user_id, shop.company_id), by="staff-1")
    await world.leave(shop)
    world.pass_days(10)
    await remove(world.worker)
    assert await world.main.fetchval("select count(*) from ipp.credential") == 1
    assert await world.main.fetchval("select email from ipp.app_user") != b""


async def test_a_hold_on_a_table_keeps_every_row_of_it(world: World) -> None:
    await two_payers(world)
    await holds.place(world.desk, a_hold(world, Scope.TABLE, "card", ends_on=_in(world, 700)), by="staff-1")
    world.pass_days(600)
    await remove(world.worker)
    assert set((await last4(world)).values()) == {"1111"}
    assert await world.main.fetchval("select count(*) from ipp.notification") == 0


async def test_an_erasure_waits_for_a_hold_locked_and_goes_on_by_itself(world: World) -> None:
    shop, kept, _ = await two_payers(world)
    hold_id = await holds.place(
        world.desk, a_hold(world, Scope.PERSON, kept.person.person_id, shop.company_id), by="staff-1"
    )
    plan = plan_of(await held(world.console, kept.person))
    assert plan.goes == ()
    assert {(line.why.en if line.why else "", line.until) for line in plan.stays} == {
        ("assistance with an investigation", (world.now + timedelta(days=400)).date())
    }
    with pytest.raises(OnHold) as refused:
        await erase(world.console, kept.person, asked_by=OPERATOR, rooms=ROOMS)
    assert refused.value.reason is KeptFor.INVESTIGATION
    told = await held(world.console, kept.person)
    assert told.erased is not None
    assert told.erased.state == "HELD"
    assert {f.shown for f in told.fields} <= {Shown.RESTRICTED, Shown.CODE, Shown.NEVER}
    assert await _open_keys(world, kept) == set()
    await look_after(world.console, ROOMS)
    assert (await last4(world))[kept.person.person_id] == "1111"
    await holds.release(world.desk, hold_id, by="staff-2")
    for _ in ("what it waited for", "the second look"):
        world.pass_days(1)
        await look_after(world.console, ROOMS)
    assert (await last4(world))[kept.person.person_id] == ""
    told = await held(world.console, kept.person)
    assert told.erased is not None
    assert told.erased.state == "LOOKED_AFTER"
    assert {field.table for field in told.fields} <= {"payment", "payment_action", "disclosure"}


async def test_a_hold_on_a_table_keeps_the_keys_that_open_it(world: World) -> None:
    """What an erasure left to the books would be there for the court and say nothing."""
    _, erased, _ = await two_payers(world)
    await erase(world.console, erased.person, asked_by=OPERATOR, rooms=ROOMS)
    years = 8 * 366
    await holds.place(world.desk, a_hold(world, Scope.TABLE, "payment", ends_on=_in(world, years)), by="staff-1")
    world.pass_days(years - 30)
    await remove(world.worker)
    theirs = "select ground from ipp.person_key where person_id = $1"
    assert await world.keys.fetchval(theirs, erased.person.person_id) == "bookkeeping"
    world.pass_days(60)
    await remove(world.worker)
    assert await world.keys.fetchval(theirs, erased.person.person_id) is None


async def test_a_hold_that_comes_after_an_erasure_makes_nothing_last_longer(world: World) -> None:
    shop, erased, _ = await two_payers(world)
    await erase(world.console, erased.person, asked_by=OPERATOR, rooms=ROOMS)
    hold = a_hold(world, Scope.PERSON, erased.person.person_id, shop.company_id, ends_on=_in(world, 9 * 366))
    hold_id = await holds.place(world.desk, hold, by="staff-1")
    world.pass_days(1)
    await look_after(world.console, ROOMS)
    await holds.release(world.desk, hold_id, by="staff-2")
    world.pass_days(1)
    await look_after(world.console, ROOMS)
    ends = await world.keys.fetchval(
        "select kept_until from ipp.person_key where person_id = $1", erased.person.person_id
    )
    assert ends == date(world.now.year + 5, 12, 31)


async def test_restored_data_opens_although_a_hold_of_that_time_stands_again(world: World) -> None:
    """The hold had ended before the erasure; the data is from before both."""
    shop, erased, _ = await two_payers(world)
    await erase(world.console, erased.person, asked_by=OPERATOR, rooms=ROOMS)
    await world.main.execute("delete from ipp.erasure")
    hold_id = await holds.place(
        world.desk, a_hold(world, Scope.PERSON, erased.person.person_id, shop.company_id), by="staff-1"
    )
    assert await replay(world.settings, clock=world.clock) == Replayed(again=1, waiting=1)
    assert await _open_keys(world, erased) == set()
    await holds.release(world.desk, hold_id, by="staff-2")
    for _ in ("what it waited for", "the second look"):
        world.pass_days(1)
        await look_after(world.console, ROOMS)
    assert (await last4(world))[erased.person.person_id] == ""


async def _open_keys(world: World, purchase: Purchase) -> set[str]:
    return {
        row["ground"]
        for row in await world.keys.fetch(
            "select ground from ipp.person_key where person_id = $1 and restricted_at is null",
            purchase.person.person_id,
        )
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("named", {"named": "Signe Svane"}),
        ("tenant_id", {"tenant_id": None}),
        ("reference", {"reference": "Signe Svane's case"}),
        ("ends_on", {"ends_on": None}),
    ],
)
async def test_a_hold_that_says_too_little_or_a_name_is_refused(
    world: World, field: str, change: dict[str, Any]
) -> None:
    change = {name: _in(world, -1) if name == "ends_on" else value for name, value in change.items()}
    good: dict[str, Any] = {"scope": Scope.PERSON, "named": world.new(), "tenant_id": world.new()}
    with pytest.raises(BadHold) as refused:
        await holds.place(world.desk, a_hold(world, **{**good, **change}), by="staff-1")
    assert refused.value.field == field
    assert await holds.every(world.desk) == ()


async def test_a_hold_is_released_once_and_both_acts_stand_on_the_trail(world: World) -> None:
    hold_id = await holds.place(world.desk, a_hold(world, Scope.TABLE, "visit"), by="staff-1")
    await holds.release(world.desk, hold_id, by="staff-2")
    with pytest.raises(NoSuchHold):
        await holds.release(world.desk, hold_id, by="staff-3")
    (hold,) = await holds.every(world.desk)
    assert (hold.owner_id, hold.released_by) == ("staff-1", "staff-2")
    rows = await world.main.fetch("select actor, act from ipp.audit_entry where object = $1 order by seq", hold_id)
    assert [tuple(row) for row in rows] == [("desk/staff-1", "hold.placed"), ("desk/staff-2", "hold.released")]


def _in(world: World, days: int) -> Any:
    return (world.now + timedelta(days=days)).date()
