"""What a person restricts or objects to binds in the database at once: in every process, and for what is queued."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import MetaData

from ippgateway.app.backup.replay import replay
from ippgateway.app.keys.ways import keys_owner, main_owner
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.domains.checkouts.errors import CheckoutNotFound
from ippgateway.domains.checkouts.models import Payer
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.errors import PaymentNotFound
from ippgateway.domains.payments.schemas import Result, Wanted
from ippgateway.domains.payments.service import people
from ippgateway.domains.visits import service as visits
from ippgateway.privacy.catalogue import (
    ACCESS_RECORDING,
    ACCESS_RECORDS,
    ACCOUNT,
    ERASURE,
    MAIL,
    OWN_DATA,
    PAYMENT_RECORDS,
)
from ippgateway.privacy.declare import KEYS, MAIN
from ippgateway.privacy.persons import Box, KeyDestroyed
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.held import Shown, held
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.rights.restrict import object_to, overrule, release, restrict
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import PLATFORM, Zone
from rights.people import BROWSER, a_card, ordered, paid, rows_of

EMAIL = "signe.svane@borger.example"


@pytest.fixture(scope="module")
async def other_process(installation: Settings) -> AsyncIterator[Platform]:
    async with platform_for(Zone.CONSOLE, installation) as it:
        yield it


async def opened(p: Platform, person: Person) -> Box:
    return await p.persons.open(PAYMENT_RECORDS, person.controller, person.person_id)


async def test_a_restricted_person_is_shown_to_duties_by_law_alone(console: Platform, payer: Person) -> None:
    await console.persons.pause(ERASURE, payer.controller, payer.person_id)
    assert not (await opened(console, payer)).has(Payer.email)
    found = await held(console, payer)
    assert "signe.svane@borger.example" in {f.value.open() for f in found.fields if f.shown is Shown.OPEN}
    assert not (await opened(console, payer)).has(Payer.email), "what answered the person was remembered for others"
    await console.persons.resume(ERASURE, payer.controller, payer.person_id)
    assert (await opened(console, payer)).has(Payer.email)


async def test_another_process_forgets_the_key_when_it_is_told(
    console: Platform, other_process: Platform, payer: Person
) -> None:
    for _ in range(50):  # until it listens
        await console.persons.resume(ERASURE, payer.controller, payer.person_id)
        await opened(other_process, payer)
        await console.persons.pause(ERASURE, payer.controller, payer.person_id)
        for _ in range(200):
            if not (await opened(other_process, payer)).has(Payer.email):
                return
            await asyncio.sleep(0)
    raise AssertionError("the other process remembers the key")


async def test_whoever_has_it_restricted_can_buy_again_as_another_payer_of_the_same_address(
    console: Platform, gateway: payments.Gateway, shop: str, payer: Person
) -> None:
    await pause(console, gateway, payer)
    _, result = await paid(gateway, shop, EMAIL)
    again = (await people.payer_of(console, payment_id=result.payment_id)).person
    assert again.person_id != payer.person_id
    assert await people.payers_at(console, company_id=shop, email=EMAIL) == (again, payer), "an address finds them all"
    assert (await ordered(gateway.platform, shop, EMAIL)).person_id == again.person_id, "the newest is bought as"
    await console.persons.resume(ERASURE, payer.controller, payer.person_id)
    await pause(console, gateway, again)
    assert (await ordered(gateway.platform, shop, EMAIL)).person_id == payer.person_id, "the newest whose keys open"


async def test_many_equal_checkouts_at_once_make_one_payer_and_one_more_when_that_one_is_restricted(
    console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    made = []
    for _ in range(3):
        checkouts = await asyncio.gather(*(ordered(gateway.platform, shop, EMAIL) for _ in range(16)))
        (person_id,) = {each.person_id for each in checkouts}
        made.append(Person(shop, person_id))
        assert await people.payers_at(console, company_id=shop, email=EMAIL) == tuple(reversed(made))
        await pause(console, gateway, made[-1])


async def pause(console: Platform, gateway: payments.Gateway, person: Person) -> None:
    await console.persons.pause(ERASURE, person.controller, person.person_id)
    gateway.platform.persons.forget_all()


async def test_an_objection_hides_a_person_from_that_purpose_alone(p: Platform) -> None:
    person_id = p.ids.new()
    await p.persons.create(ACCOUNT, PLATFORM, person_id)
    await p.persons.object_to(ERASURE, PLATFORM, person_id, ACCOUNT.key)
    await p.persons.object_to(ERASURE, PLATFORM, person_id, ACCOUNT.key)
    assert not (await p.persons.open(ACCOUNT, PLATFORM, person_id)).has(_OF_USERS)
    assert (await p.persons.open(OWN_DATA, PLATFORM, person_id)).has(_OF_USERS)
    await p.persons.overrule(ERASURE, PLATFORM, person_id, ACCOUNT.key)
    assert (await p.persons.open(ACCOUNT, PLATFORM, person_id)).has(_OF_USERS)


async def digits(p: Platform, purpose: Purpose, person: Person) -> list[str]:
    """What that purpose sees of the person's cards."""
    async with p.db.begin(purpose, tenants=[person.controller]) as tx:
        rows = await tx.fetch("select last4 from ipp.card where person_id = $1", person.person_id)
    return [row["last4"] for row in rows]


async def test_rows_in_which_not_all_is_sealed_hide_from_what_is_restricted(console: Platform, payer: Person) -> None:
    before = await digits(console, PAYMENT_RECORDS, payer)
    assert before
    await restrict(console, payer, asked_by="test")
    await restrict(console, payer, asked_by="test")
    assert await digits(console, PAYMENT_RECORDS, payer) == []
    assert await digits(console, OWN_DATA, payer) == before, "whoever asks about themselves is answered"
    (row,) = (await payments.browse(console, company_id=payer.controller, wanted=Wanted())).rows
    assert (row.last4, row.brand, row.holder) == ("", "", "")
    await release(console, payer, asked_by="test")
    assert await digits(console, PAYMENT_RECORDS, payer) == before


async def test_what_was_paid_before_is_still_answered(console: Platform, gateway: payments.Gateway, shop: str) -> None:
    checkout, done = await paid(gateway, shop, "signe.svane@borger.example", store_card=True)
    person = Person(shop, checkout.person_id)
    other = await ordered(gateway.platform, shop, "en.anden@borger.example")
    await restrict(console, person, asked_by="test")
    gateway.platform.persons.forget_all()
    again = await payments.answer_after_time(gateway, checkout=checkout)
    assert (again.result, again.payment_id, again.accept_url) == (Result.ACK, done.payment_id, "")
    assert (
        await payments.status(console, payment_id=done.payment_id, payment_key=None, company_id=shop)
    ).order_id == ""
    with pytest.raises(PaymentNotFound):
        await payments.rebill(gateway, checkout=other, reference_id=done.payment_id)


async def test_nobodys_stored_card_pays_for_somebody_restricted(
    console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, done = await paid(gateway, shop, "signe.svane@borger.example", store_card=True)
    other = await ordered(gateway.platform, shop, "en.anden@borger.example")
    await restrict(console, Person(shop, other.person_id), asked_by="test")
    gateway.platform.persons.forget_all()
    with pytest.raises(CheckoutNotFound):
        await payments.rebill(gateway, checkout=other, reference_id=done.payment_id)


async def test_an_objection_hides_visits_until_it_is_overruled(
    console: Platform, gateway: payments.Gateway, payer: Person
) -> None:
    async with gateway.platform.db.begin(ACCESS_RECORDING, tenants=[payer.controller]) as tx:
        await tx.execute(
            "insert into ipp.visit (tenant_id, id, person_id, surface, began_at, last_at, requests, address, browser, "
            "system) values ($1, $2, $3, 'page', now(), now(), 1, '192.0.2.9', 'Firefox', 'Linux')",
            payer.controller, console.ids.new(), payer.person_id,
        )  # fmt: skip
    whose = {"tenant_id": payer.controller, "person_id": payer.person_id}
    assert len(await visits.of_person(console, **whose)) == 1
    await object_to(console, payer, ACCESS_RECORDS.key)
    await object_to(console, payer, ACCESS_RECORDS.key)
    assert await visits.of_person(console, **whose) == []
    assert await digits(console, PAYMENT_RECORDS, payer), "it hides nothing from another purpose"
    await overrule(console, payer, ACCESS_RECORDS.key)
    assert len(await visits.of_person(console, **whose)) == 1


@pytest.mark.parametrize("lost", [MAIN, KEYS], ids=["data", "keys"])
async def test_what_one_side_has_forgotten_it_hears_from_the_other(
    console: Platform, installation: Settings, payer: Person, lost: MetaData
) -> None:
    """As after a restore of one of the two."""
    await restrict(console, payer, asked_by="test")
    await object_to(console, payer, ACCESS_RECORDS.key)
    if lost is MAIN:
        async with main_owner(installation) as owner:
            await owner.execute("delete from ipp.stop")
    else:
        async with keys_owner(installation) as owner:
            await owner.execute("update ipp.person_key set paused_at = null, objected = '{}'")
    await replay(installation, clock=console.clock)
    console.persons.forget_all()
    assert not (await opened(console, payer)).has(Payer.email)
    assert await digits(console, PAYMENT_RECORDS, payer) == []
    async with console.db.begin(ERASURE, tenants=[payer.controller]) as tx:
        said = await tx.value("select objected from ipp.stop where person_id = $1", payer.person_id)
    assert said == [ACCESS_RECORDS.key]
    await release(console, payer, asked_by="test")


_OF_USERS = Payer.name
"""Any column that is sealed for the service."""


async def test_a_letter_that_is_queued_finds_no_key(zones: dict[Zone, Platform], p: Platform) -> None:
    person_id = p.ids.new()
    box = await p.persons.create(ACCOUNT, PLATFORM, person_id)
    sealed = box.seal(Payer.name, "queued")
    await p.persons.pause(ERASURE, PLATFORM, person_id)
    with pytest.raises(KeyDestroyed):
        (await zones[Zone.WORKER].persons.open(MAIL, PLATFORM, person_id)).open(Payer.name, sealed)


async def test_the_stored_card_of_somebody_restricted_is_not_charged(
    console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, stored = await paid(gateway, shop, "signe.svane@borger.example", store_card=True)
    payer = (await people.payer_of(console, payment_id=stored.payment_id)).person
    await console.persons.pause(ERASURE, payer.controller, payer.person_id)
    gateway.platform.persons.forget_all()
    renewal = await ordered(gateway.platform, shop, "")
    with pytest.raises(PaymentNotFound):
        await payments.rebill(gateway, checkout=renewal, reference_id=stored.payment_id)
    await console.persons.resume(ERASURE, payer.controller, payer.person_id)
    again = await payments.rebill(gateway, checkout=renewal, reference_id=stored.payment_id)
    assert again.result is Result.ACK


async def test_a_checkout_of_somebody_restricted_is_found_by_nobody(
    console: Platform, gateway: payments.Gateway, installation: Settings, shop: str
) -> None:
    """Neither paid nor told to the directory server, and no card is kept."""
    checkout = await ordered(gateway.platform, shop, "signe.svane@borger.example")
    await console.persons.pause(ERASURE, shop, checkout.person_id)
    gateway.platform.persons.forget_all()
    for step in (payments.secure, payments.authorise):
        with pytest.raises(CheckoutNotFound):
            await step(gateway, checkout=checkout, card=a_card(), browser=BROWSER)
    assert "card" not in await rows_of(installation, Person(shop, checkout.person_id))
