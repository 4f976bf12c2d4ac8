"""Seven years of customers who come and go, people who pay, ask, are erased, dispute and are on hold. An overdue query
that was written by hand, and shares no code with what removes, finds nothing, ever."""

import random
from datetime import date, timedelta

from ippgateway.domains.payments.service import people
from ippgateway.privacy.declare import MAIN, declaration_of
from ippgateway.privacy.registry import tables
from ippgateway.privacy.rights import holds
from ippgateway.privacy.rights.erase import OPERATOR, erase, look_after
from ippgateway.privacy.rights.holds import NewHold, OnHold, Scope
from ippgateway.privacy.rights.retain import due, remove
from ippgateway.privacy.vocabulary import KeptFor

from .overdue import HAND, overdue, with_something_left
from .world import Purchase, Shop, World

STEP_DAYS = 21
YEARS = 7
LIVES = timedelta(days=800)
ROOMS = (people.let_go,)


def test_whoever_wrote_the_overdue_query_knew_every_table_with_something_personal_in_it() -> None:
    """A new table, or a new field, is written down in `overdue.HAND` by whoever adds it."""
    personal = {
        table.name: {c.name for c in table.c if declaration_of(c).category is not None} for table in tables(MAIN)
    }
    assert {name for name, fields in personal.items() if fields} == set(HAND)
    for name, hand in HAND.items():
        known = set(hand.fields) | ({"name", "meta", "payers_contact"} if name == "company" else set())
        assert personal[name] - known == set(), name


class Life:
    """Who is there, and what is held. Random from a seed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = random.Random(6)  # noqa: S311 - a test's
        self.open: list[Shop] = []
        self.left: list[Shop] = []
        self.erased: set[str] = set()
        self.held: dict[str, tuple[str, str, date]] = {}
        """By the hold's id: the person or the tenant it keeps, and its last day."""

    async def days(self, n: int) -> None:
        """What happens in one step."""
        w = self.world
        if n % 5 == 0:
            self.open.append(await w.shop())
        for shop in [shop for shop in self.open if w.now - shop.opened_at > LIVES]:
            await w.leave(shop)
            self.open.remove(shop)
            self.left.append(shop)
        for shop in self.chance.sample(self.open, min(2, len(self.open))):
            await w.paid(shop, f"comes-once-{n}@borger.example")
            await w.ordered(shop, "comes-again@borger.example")
            await w.came_by(shop)
        if n % 8 == 5:
            await self.ask_for_erasure()
        if n % 3 == 1:
            await self.hold(n)
        await self.release()
        await look_after(w.console, ROOMS)

    def anybody(self) -> Purchase:
        return self.chance.choice([p for shop in (*self.open, *self.left) for p in shop.purchases if p.payment_id])

    async def ask_for_erasure(self) -> None:
        person = self.anybody().person
        try:
            await erase(self.world.console, person, asked_by=OPERATOR, rooms=ROOMS)
        except OnHold:
            return
        self.erased.add(person.person_id)

    async def hold(self, n: int) -> None:
        """A dispute, an investigation; about a payment, a person or a whole customer."""
        w, what = self.world, self.anybody()
        scope = (Scope.PAYMENT, Scope.PERSON, Scope.TENANT)[n // 3 % 3]
        named = {Scope.PAYMENT: what.payment_id, Scope.PERSON: what.person.person_id,
                 Scope.TENANT: what.person.controller}[scope]  # fmt: skip
        ends_on = (w.now + timedelta(days=self.chance.choice((60, 500, 900)))).date()
        tenant = None if scope is Scope.TENANT else what.person.controller
        hold = NewHold(reason=KeptFor.DISPUTE if n % 2 else KeptFor.INVESTIGATION, scope=scope, tenant_id=tenant,
                       named=named, reference=f"case-{n}", ends_on=ends_on)  # fmt: skip
        hold_id = await holds.place(w.desk, hold, by="staff-1")
        kept = what.person.controller if scope is Scope.TENANT else what.person.person_id
        self.held[hold_id] = (scope.value, kept, ends_on)

    async def release(self) -> None:
        today = self.world.now.date()
        for hold_id, (_, _, ends_on) in list(self.held.items()):
            if ends_on < today or self.chance.random() < 0.02:
                await holds.release(self.world.desk, hold_id, by="staff-2")
                del self.held[hold_id]

    def kept(self) -> tuple[list[str], list[str]]:
        """Persons and tenants on hold."""
        return (
            [kept for scope, kept, _ in self.held.values() if scope != "tenant"],
            [kept for scope, kept, _ in self.held.values() if scope == "tenant"],
        )


async def test_seven_years_pass_and_nothing_is_ever_kept_longer_than_its_term(world: World) -> None:
    life = Life(world)
    most_held = removed = keys = 0
    for n in range(YEARS * 365 // STEP_DAYS):
        await life.days(n)
        run = await remove(world.worker)
        assert run.behind == {}
        removed, keys = removed + sum(run.removed.values()), keys + run.keys
        if n % 4 == 0:
            persons, tenants = life.kept()
            assert await overdue(world.main, world.now, persons=persons, tenants=tenants) == {}, n
            most_held = max(most_held, sum((await overdue(world.main, world.now)).values()))
        world.pass_days(STEP_DAYS)
    assert removed > 2_000
    assert keys > 50
    assert most_held > 20, "holds kept nothing, so that they were not tried"
    assert len(life.left) > 10
    assert len(life.erased) > 8
    await _everybody_leaves(world, life)


async def _everybody_leaves(world: World, life: Life) -> None:
    """The last customer goes, every hold ends, the longest term passes: no field and no key of anybody's is left."""
    for shop in life.open:
        await world.leave(shop)
    for hold_id in life.held:
        await holds.release(world.desk, hold_id, by="staff-2")
    await look_after(world.console, ROOMS)
    world.pass_days(6 * 366 + 1)
    for _ in range(2):
        await look_after(world.console, ROOMS)
        await remove(world.worker)
        world.pass_days(1)
    assert [each for each in await due(world.worker) if each.count or each.held] == []
    assert await with_something_left(world.main) == set()
    assert await world.keys.fetchval("select count(*) from ipp.person_key") == 0
    books = await world.main.fetchrow("select count(*) as payments, sum(amount_minor) as minor from ipp.payment")
    assert books is not None
    assert books["payments"] * 1250 == books["minor"] > 0
