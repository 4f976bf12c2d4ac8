"""When a customer leaves, its terms remove what is held of it: its users' accounts at once, the rest in its time."""

from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.domains.requests import service as requests
from ippgateway.privacy.rights import retain

from .overdue import overdue, with_something_left
from .world import Shop, World


async def removed(world: World) -> None:
    """The worker removes what is due, and nothing that is overdue is left."""
    run = await retain.remove(world.worker)
    assert run.behind == {}
    assert await overdue(world.main, world.now) == {}


async def left_of(world: World, shop: Shop) -> set[str]:
    """Which of its own are still there: `user`, `company`, `payer`."""
    user = await world.main.fetchval("select person_id from ipp.app_user where id = $1", shop.user_id)
    company = await world.main.fetchval("select person_id from ipp.company where id = $1", shop.company_id)
    who = {user: "user", company: "company", shop.purchases[0].person.person_id: "payer"}
    return {who[person] for person in await with_something_left(world.main) if person in who}


async def test_a_customer_that_leaves_is_gone_in_its_time_and_nothing_of_it_stays(world: World) -> None:
    shop, stays = await world.shop(), await world.shop()
    await world.paid(shop, "ida@borger.example")
    await world.paid(stays, "ida@borger.example")
    assert await left_of(world, shop) == {"user", "company", "payer"}
    why = await requests.leave(
        world.console, ROOMS, tenant_id=shop.company_id, audience=Audience.COMPANY, by="test"
    )  # fmt: skip
    assert why is None
    world.pass_days(1)
    await removed(world)
    user = await world.main.fetchrow("select email, name, username_code from ipp.app_user where id = $1", shop.user_id)
    assert user is not None
    assert not any(user.values())
    world.pass_days(541)
    await removed(world)
    assert await left_of(world, shop) == {"payer"}, "the books are kept longer"
    world.pass_days(6 * 366)
    await removed(world)
    assert await left_of(world, shop) == set()
    assert await left_of(world, stays) == {"user", "company"}
