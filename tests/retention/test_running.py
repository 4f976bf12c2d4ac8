"""Retention gets in nobody's way, survives being killed, and says what it left."""

import asyncio
import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from ippgateway.app.database.access import as_zone, main_database
from ippgateway.privacy.catalogue import PAYMENT, RETENTION
from ippgateway.privacy.rights import retain
from ippgateway.privacy.rights.endings import endings
from ippgateway.privacy.rights.retain import due, remove
from ippgateway.privacy.zones import Zone, purpose_role

from .overdue import overdue
from .world import Connection, Shop, World

EMAILS = 12


async def long_ago(world: World, purchases: int = EMAILS) -> Shop:
    """A shop whose payers' terms are all over."""
    shop = await world.shop()
    for n in range(purchases):
        await world.paid(shop, f"long-ago-{n}@borger.example")
    world.pass_days(600)
    return shop


async def another(world: World) -> Connection:
    """A connection of our own, as the payment zone has one."""
    connection: Connection = await asyncpg.connect(**as_zone(world.settings, Zone.PAY, main_database(world.settings)))
    return connection


async def test_a_dry_run_says_what_is_due_and_why_and_changes_nothing(world: World) -> None:
    await long_ago(world, 3)
    before = await due(world.worker)
    counts = {each.part: each.count for each in before if each.count}
    assert counts["checkout/checkout"] == counts["payer/payer"] == counts["card/card"] == 3
    assert "payment/bookkeeping" not in counts
    assert await due(world.worker) == before
    (checkout,) = [each for each in before if each.part == "checkout/checkout"]
    assert checkout.oldest is not None
    assert (checkout.deletes, checkout.term.days) == (False, 540)
    assert "order_id" in checkout.columns
    assert await world.main.fetchval("select count(*) from ipp.checkout where order_id is not null") == 3


async def test_a_run_that_is_killed_is_on_record_and_the_next_one_finishes_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await long_ago(world)
    steps = 0
    step = retain._step

    async def killed(*args: Any) -> int:
        nonlocal steps
        steps += 1
        if steps == 3:
            raise asyncio.CancelledError
        return await step(*args)

    monkeypatch.setattr(retain, "_step", killed)
    with pytest.raises(asyncio.CancelledError):
        await remove(world.worker, batch=5)
    monkeypatch.undo()
    cut = await world.main.fetch("select part, removed, behind from ipp.retention_run where ended_at is null")
    assert [(row["removed"], row["behind"]) for row in cut] == [(10, 0)]
    emptied = await world.main.fetchval("select count(*) from ipp.notification")
    assert emptied == EMAILS - 10
    run = await remove(world.worker, batch=5)
    assert run.behind == {}
    assert await overdue(world.main, world.now) == {}


async def test_a_key_whose_destruction_was_cut_short_goes_with_the_next_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await world.shop()
    for n in range(4):
        await world.ordered(shop, f"never-paid-{n}@borger.example")
    world.pass_days(600)
    persons = [purchase.person.person_id for purchase in shop.purchases]
    left = "select count(distinct person_id) from ipp.person_key where person_id = any($1::text[])"
    destroy, done = world.worker.persons.destroy, 0

    async def killed(*args: Any, **more: Any) -> None:
        nonlocal done
        if done == 2:
            raise asyncio.CancelledError
        done += 1
        await destroy(*args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(type(world.worker.persons), "destroy", lambda _self, *args, **more: killed(*args, **more))
        with pytest.raises(asyncio.CancelledError):
            await remove(world.worker)
    assert await world.keys.fetchval(left, persons) == 2
    assert (await remove(world.worker)).keys == 2
    assert await world.keys.fetchval(left, persons) == 0


async def test_what_somebody_has_locked_is_left_and_reported_and_goes_later(world: World) -> None:
    shop = await long_ago(world, 4)
    held = shop.purchases[0].person.person_id
    async with world.main.transaction():
        await world.main.execute("select 1 from ipp.payer where person_id = $1 for update", held)
        run = await remove(world.worker)
        assert run.behind == {"payer/payer": 1}
        assert run.removed["payer/payer"] == 3
    noted = await world.main.fetchrow("select removed, behind from ipp.retention_run where part = 'payer/payer'")
    assert dict(noted or {}) == {"removed": 3, "behind": 1}
    assert (await remove(world.worker)).removed == {"payer/payer": 1}


async def test_a_table_that_is_locked_as_a_whole_is_given_way_to(world: World) -> None:
    await long_ago(world, 2)
    async with world.main.transaction():
        await world.main.execute("lock table ipp.payer in access exclusive mode")
        run = await remove(world.worker)
    assert run.removed["card/card"] == 2
    assert "payer/payer" not in run.removed
    unlooked = await world.main.fetchval(
        "select count(*) from ipp.retention_run where id = $1 and part = 'payer/payer' and ended_at is null", run.id
    )
    assert unlooked == 1
    assert (await remove(world.worker)).removed == {"payer/payer": 2}


async def test_no_payment_waits_for_a_batch_that_is_under_way(world: World) -> None:
    """The batch has emptied a payer and not committed; the same payer's next checkout is taken meanwhile, by somebody
    who would wait for no lock at all."""
    shop = await long_ago(world, 1)
    (payer,) = [each for each in endings() if each.part == "payer/payer"]
    pay = await another(world)
    try:
        async with world.worker.db.begin(RETENTION) as tx:
            assert (await retain._step(tx, payer, world.now, 10)).gone == 1
            async with pay.transaction():
                await pay.execute(f"set local role {purpose_role(world.settings.role_prefix, PAYMENT)}")
                await pay.execute("set local lock_timeout = '20ms'")
                await pay.execute(f"set local ipp.tenants = '{{{shop.company_id}}}'")
                await pay.execute(_ORDERED, shop.company_id, world.new(), shop.purchases[0].person.person_id, world.now)
    finally:
        await pay.close()
    assert await world.main.fetchval("select count(*) from ipp.checkout") == 2


_ORDERED = (
    "insert into ipp.checkout (company_id, id, person_id, amount_text, amount_hundredths, currency, transaction_type, "
    "test, store_card, authenticated, declines, created_at, expires_at, digest, cryptogram_digest) "
    "values ($1, $2, $3, '1', 100, 'DKK', 'ECOM', true, false, false, 0, $4, $4, '', '')"
)


async def test_two_workers_at_once_do_the_work_of_one(world: World) -> None:
    await long_ago(world)
    one, other = await asyncio.gather(remove(world.worker, batch=3), remove(world.worker, batch=3))
    assert await overdue(world.main, world.now) == {}
    for part in ("card/card", "checkout/checkout", "notification/checkout", "payer/payer"):
        assert one.removed.get(part, 0) + other.removed.get(part, 0) == EMAILS, part


async def test_a_run_has_a_bound_and_says_what_it_left(world: World) -> None:
    await long_ago(world, 5)
    run = await remove(world.worker, batch=2, most=3)
    assert run.removed["card/card"] == 3
    assert run.behind["card/card"] == 2


async def test_who_comes_back_is_looked_at_once_and_ends_with_the_last_purchase(world: World) -> None:
    """Many payers are old and buy still: a run that looked at all of them every time would have no end."""
    shop = await world.shop()
    await world.ordered(shop, "comes-back@borger.example")
    world.pass_days(400)
    again, bought_at = await world.ordered(shop, "comes-back@borger.example"), world.now
    assert again.person == shop.purchases[0].person
    world.pass_days(200)
    assert "payer/payer" not in (await remove(world.worker)).removed
    assert await world.main.fetchval("select used_at from ipp.payer") == bought_at
    noted = await world.main.fetchval("select count(*) from ipp.retention_run where part = 'payer/payer'")
    assert noted == 0, "nothing was removed"
    world.pass_days(200)
    assert "payer/payer" not in (await remove(world.worker)).removed
    world.pass_days(200)
    assert (await remove(world.worker)).removed["payer/payer"] == 1
    assert await overdue(world.main, world.now) == {}


async def test_who_came_back_is_no_reason_to_stop_before_the_others_are_done(world: World) -> None:
    shop = await world.shop()
    for n in range(6):
        await world.ordered(shop, f"payer-{n}@borger.example")
    world.pass_days(400)
    for n in (0, 1, 3):
        await world.ordered(shop, f"payer-{n}@borger.example")
    world.pass_days(200)
    assert (await remove(world.worker, batch=2)).removed["payer/payer"] == 3
    assert await overdue(world.main, world.now) == {}


async def test_after_each_batch_the_database_is_left_to_payments_for_longer_than_it_took(world: World) -> None:
    await long_ago(world, 6)
    clock = _Passing(world.now)
    await remove(dataclasses.replace(world.worker, clock=clock), batch=2)
    assert len(clock.rests) >= 3 * 4, "three batches of two in each of four tables"
    assert min(clock.rests) >= 2 * clock.each.total_seconds()


class _Passing:
    """A clock on which some time passes whenever it is looked at."""

    each = timedelta(milliseconds=10)

    def __init__(self, begins: datetime) -> None:
        self._now = begins
        self.rests: list[float] = []

    def now(self) -> datetime:
        self._now += self.each
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.rests.append(seconds)


async def test_the_purpose_that_removes_can_read_nothing_of_what_it_removes(world: World) -> None:
    await long_ago(world, 1)
    with _refused():
        async with world.worker.db.begin(RETENTION) as tx:
            await tx.fetch("select last4 from ipp.card")
    with _refused():
        async with world.worker.db.begin(RETENTION) as tx:
            await tx.fetch("select 1 from ipp.payer where email is not null")


@contextmanager
def _refused() -> Iterator[None]:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        yield
