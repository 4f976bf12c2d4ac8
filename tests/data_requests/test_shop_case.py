"""What a shop reads of a case before it decides: whom it is about, whom it has to tell, what an erasure would do."""

import pytest

from accounts.people import PASSWORD, browse, known, prove, somebody
from ippgateway.app.settings import Settings
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.service import people
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.schemas import Identity, Kind, New
from ippgateway.faces.console.app import console_app, console_house
from ippgateway.privacy.catalogue import ERASURE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from rights.people import keys_of, ordered

from .test_pages import HOUSE, Reader

EMAIL = "signe.svane@borger.example"


async def shopkeeper(console: Platform, company_id: str) -> Reader:
    """Somebody of the shop, with a second factor a moment ago."""
    session = await known(console, await browse(console, await somebody(console, company_id), PASSWORD))
    async with console.db.begin(hall(console)[1], tenants=[company_id]) as tx:
        await tx.execute("update ipp.app_user set second_factor = true where id = $1", session.user_id)
    pages = console_app(console_house(console, **HOUSE))  # type: ignore[arg-type]
    return Reader(pages, (await prove(console, session)).session_id)


@pytest.mark.parametrize(("kind", "changes"), [(Kind.ACCESS, False), (Kind.ERASURE, True)])
async def test_a_shop_sees_whom_a_case_is_about_and_what_follows_from_its_decision(
    console: Platform, payer: Person, kind: Kind, changes: bool
) -> None:
    request_id = await requests.ask(console, New(
        person=payer, kind=kind, identity=Identity.SHOP, language="da", reply_to=Secret(EMAIL),
    ))  # fmt: skip
    page = await (await shopkeeper(console, payer.controller)).get(f"/requests/{request_id}")
    assert page.status == 200
    assert EMAIL.encode() in page.body
    assert (b"has to be told of a correction" in page.body) is changes
    assert (b"What stays, on which ground" in page.body) is changes
    assert (b"the acquirer, who carries" in page.body) is changes
    assert b"visits" not in page.body, "what is ours is not the shop's to see"


async def test_who_bought_again_while_restricted_is_found_twice_by_the_shop_and_erased_as_a_whole(
    console: Platform, gateway: payments.Gateway, installation: Settings, payer: Person
) -> None:
    await console.persons.pause(ERASURE, payer.controller, payer.person_id)
    gateway.platform.persons.forget_all()
    await ordered(gateway.platform, payer.controller, EMAIL)
    payers = await people.payers_at(console, company_id=payer.controller, email=EMAIL)
    keeper = await shopkeeper(console, payer.controller)
    sent = await keeper.post("/requests/new", kind="erasure", email=EMAIL)
    assert (sent.status, sent.headers["location"]) == (303, "/requests")
    cases = await requests.of_shop(console, company_id=payer.controller)
    assert {case.person for case in cases} == set(payers)
    assert len(cases) == 2
    for case in cases:
        assert (await keeper.post(f"/requests/{case.id}", do="grant")).status == 303
    for each in payers:
        assert set(await keys_of(installation, each)) == {"bookkeeping"}
    assert await people.payers_at(console, company_id=payer.controller, email=EMAIL) == ()
