"""Staff read through one verb: on record first, told to the person, and for nobody to change."""

import asyncpg
import pytest

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.privacy.catalogue import EMAIL, NAME, SUPPORT, SUPPORT_SEARCH
from ippgateway.privacy.looks.looking import BadReason, Looker, NobodyThere, Why, look
from ippgateway.privacy.looks.told import looks_of
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.held import held
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.zones import PLATFORM
from signing import Member, member

from .conftest import Asks

REASON = "asked by telephone, case 7731"


async def looked(desk: Platform, helper: Member, asks: Asks, reason: str = REASON) -> dict[str, str]:
    """What is seen, by table and column."""
    rows = await look(
        desk, by=Looker(user_id=helper.user_id), purpose=SUPPORT, person=asks.person, why=Why.ASKED, reason=reason
    )
    return {f"{row.table}.{field.column}": field.value.open() for row in rows for field in row.fields}


async def test_a_look_shows_what_the_declarations_give_support_and_the_person_sees_that_it_was(
    desk: Platform, console: Platform, helper: Member, asks: Asks
) -> None:
    assert await looks_of(console, asks.person) == ()
    seen = await looked(desk, helper, asks)
    assert seen["app_user.name"] == "Liva Lind"
    assert seen["app_user.email"] == asks.member.email
    assert not any("password" in name or "digest" in name or "code" in name for name in seen)
    (told,) = await looks_of(console, asks.person)
    assert told.why.en == "they asked us for help"
    assert not told.emergency
    assert {EMAIL, NAME} <= set(told.categories)


async def test_the_reason_is_the_persons_to_read_and_the_looker_is_not_named(
    desk: Platform, console: Platform, helper: Member, asks: Asks
) -> None:
    await looked(desk, helper, asks)
    found = await held(console, asks.person)
    told = {f"{f.table}.{f.column}": f.value.open() for f in found.fields}
    assert told["look.reason"] == REASON
    assert len(found.looks) == 1
    assert helper.user_id not in "".join(told.values())


@pytest.mark.parametrize("reason", ["", "       ", "help", "x" * 401])
async def test_without_a_reason_nothing_is_shown_and_nothing_noted(
    desk: Platform, console: Platform, helper: Member, asks: Asks, reason: str
) -> None:
    with pytest.raises(BadReason):
        await looked(desk, helper, asks, reason)
    assert await looks_of(console, asks.person) == ()


@pytest.mark.parametrize(
    "sql",
    ["select why from ipp.look", "update ipp.look set why = 'fault'", "delete from ipp.look", "truncate ipp.look"],
)
async def test_whoever_looks_neither_reads_nor_changes_the_record(desk: Platform, sql: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with desk.db.begin(SUPPORT, tenants=[PLATFORM]) as tx:
            await tx.execute(sql)


async def test_the_search_reads_ids_alone(desk: Platform, helper: Member, asks: Asks) -> None:
    for typed in (asks.member.email.upper(), asks.member.user_id):
        (found,) = await accounts.find_asker(desk, f" {typed} ", by=helper.user_id)
        assert (found.tenant_id, found.person_id) == (asks.shop, asks.person.person_id)
    (shop,) = await accounts.find_asker(desk, asks.shop, by=helper.user_id)
    assert shop.kind == "shop"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with desk.db.begin(SUPPORT_SEARCH) as tx:
            await tx.fetch("select email from ipp.app_user")


async def test_our_staff_are_neither_found_nor_seen(desk: Platform, helper: Member) -> None:
    other = await member(desk, PLATFORM, Audience.STAFF, rights=("finance",))
    assert await accounts.find_asker(desk, other.email, by=helper.user_id) == ()
    assert await accounts.find_asker(desk, other.user_id, by=helper.user_id) == ()
    keeps = accounts.hall(desk)[1]
    async with desk.db.begin(keeps, tenants=[PLATFORM]) as tx:
        person = await tx.value("select person_id from ipp.app_user where id = $1", other.user_id)
    with pytest.raises(NobodyThere):
        await look(
            desk, by=Looker(user_id=helper.user_id), purpose=SUPPORT, person=Person(PLATFORM, str(person)),
            why=Why.FAULT, reason=REASON,
        )  # fmt: skip


async def test_no_payer_is_seen_though_the_shop_is(desk: Platform, helper: Member, asks: Asks) -> None:
    with pytest.raises(NobodyThere):
        await look(
            desk, by=Looker(user_id=helper.user_id), purpose=SUPPORT, person=Person(asks.shop, desk.ids.new()),
            why=Why.ASKED, reason=REASON,
        )  # fmt: skip
