"""What goes out is what was asked for about whom was asked for, and not a field more (DISC-5, DISC-9)."""

import dataclasses
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import asyncpg
import pytest

from clocks import Shifted
from disclosures.cases import ANNA, BENT, CARLA, request, row_of
from ippgateway.app.database.access import as_owner, main_database
from ippgateway.app.settings import Settings
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.disclosures import service as disclosures
from ippgateway.domains.disclosures.errors import Decided
from ippgateway.domains.disclosures.schemas import NewCase
from ippgateway.domains.disclosures.service import export
from ippgateway.domains.disclosures.service.entering import disclosable
from ippgateway.domains.disclosures.states import State
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.service import people
from ippgateway.privacy.catalogue import DISCLOSURE
from ippgateway.privacy.disclosure.records import recipients_of
from ippgateway.privacy.disclosure.register import end, entries
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.held import held
from ippgateway.privacy.rights.holds import OnHold
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.rights.restrict import restrict
from rights.people import HOLDER, LAST4, NUMBER, ORDER, erased, paid

EMAIL, OTHER = "signe.svane@borger.example", "gorm.gammel@borger.example"


async def prepared(desk: Platform, console: Platform, new: NewCase) -> str:
    """A case that two have approved, put together."""
    case_id = await disclosures.add(desk, new, by=ANNA)
    await disclosures.approve(desk, case_id=case_id, by=BENT)
    await disclosures.approve(desk, case_id=case_id, by=CARLA)
    for _ in range(2):  # the hold first, then the file
        await disclosures.look_after(console)
    return case_id


async def handed(desk: Platform, console: Platform, new: NewCase) -> tuple[str, str]:
    """The file of such a case, and the case's id."""
    case_id = await prepared(desk, console, new)
    return (await disclosures.hand_over(desk, case_id=case_id, by=ANNA)).decode(), case_id


def fields(file: str) -> set[str]:
    """Names of the fields in a file."""
    document: dict[str, Any] = json.loads(file)
    return {name for person in document["people"] for row in person["data"] for name in row["fields"]}


async def test_only_the_categories_asked_for_go_out(
    desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, result = await paid(gateway, shop, EMAIL)
    await paid(gateway, shop, OTHER)
    file, _ = await handed(desk, console, request("authority", result.payment_id, categories=("name",)))
    assert HOLDER in file
    for canary in (EMAIL, OTHER, ORDER, NUMBER, LAST4, "192.0.2.9", "https://shop.example/swan"):
        assert canary not in file, canary
    assert fields(file) <= {"name", "holder"}


async def test_nobody_else_is_in_it(desk: Platform, console: Platform, gateway: payments.Gateway, shop: str) -> None:
    _, result = await paid(gateway, shop, EMAIL)
    _, other = await paid(gateway, shop, OTHER)
    file, _ = await handed(desk, console, request("authority", result.payment_id, categories=("email", "purchase")))
    assert EMAIL in file
    assert ORDER in file
    assert OTHER not in file
    assert other.payment_id not in file
    assert len(json.loads(file)["people"]) == 1


async def test_a_card_number_and_a_secret_leave_for_nobody(
    desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    """Not even when everything that can be asked for is asked for."""

    _, result = await paid(gateway, shop, EMAIL)
    everything = tuple(category.key for category in disclosable())
    assert not {"card_number", "credential"} & set(everything)
    file, _ = await handed(desk, console, request("authority", result.payment_id, categories=everything))
    assert NUMBER not in file
    assert "digest" not in fields(file)


async def test_every_row_goes_out_however_many_are_read_at_once(
    desk: Platform, console: Platform, gateway: payments.Gateway, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bought = [await paid(gateway, shop, EMAIL) for _ in range(4)]
    asked = request("authority", bought[0][1].payment_id, categories=("purchase", "name", "card_details"))
    whole, _ = await handed(desk, console, asked)
    monkeypatch.setattr(export, "AT_ONCE", 2)
    by_two, _ = await handed(desk, console, asked)
    [rows, again] = [json.loads(file)["people"][0]["data"] for file in (whole, by_two)]
    assert again == rows
    for _, result in bought:
        assert result.payment_id in by_two


async def test_a_case_that_nobody_may_be_told_of_is_in_no_other_file(
    desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, result = await paid(gateway, shop, EMAIL)
    _, silent = await handed(desk, console, request("crime", result.payment_id))
    _, told = await handed(desk, console, request("authority", result.payment_id))
    await disclosures.look_after(console)
    file, _ = await handed(desk, console, request("regulator", result.payment_id, categories=("disclosed",)))
    assert told in file
    assert silent not in file


async def test_a_purchaser_sees_codes_that_differ_from_case_to_case(
    desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, result = await paid(gateway, shop, EMAIL)
    asked = request("purchaser", result.payment_id, categories=("email", "name", "card_details", "free_text"))
    first, _ = await handed(desk, console, asked)
    second, _ = await handed(desk, console, asked)
    for canary in (EMAIL, HOLDER, result.payment_id, shop, "shop.example"):
        assert canary not in first, canary
    assert LAST4 in first  # what identifies nobody by itself is what a purchaser looks at
    codes = [json.loads(file)["people"][0]["person"] for file in (first, second)]
    assert codes[0] != codes[1]


async def test_the_scope_in_time_holds(desk: Platform, console: Platform, gateway: payments.Gateway, shop: str) -> None:
    _, result = await paid(gateway, shop, EMAIL)
    yesterday = (console.clock.now() - timedelta(days=1)).date()
    asked = request("authority", result.payment_id, categories=("purchase", "name"), ends=yesterday)
    file, case_id = await handed(desk, console, asked)
    assert json.loads(file)["people"] == []
    assert (await disclosures.case(desk, case_id=case_id)).found == 0


async def test_the_file_is_handed_over_once_and_only_its_digest_stays(
    desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, result = await paid(gateway, shop, EMAIL)
    file, case_id = await handed(desk, console, request("authority", result.payment_id))
    row = await row_of(desk, case_id)
    assert row["export"] is None
    assert row["digest"] == sha256(file.encode()).hexdigest()
    assert row["state"] == "DONE"
    with pytest.raises(Decided):
        await disclosures.hand_over(desk, case_id=case_id, by=ANNA)


async def test_what_is_stored_of_a_case_is_sealed(
    desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, result = await paid(gateway, shop, EMAIL)
    case_id = await prepared(desk, console, request("authority", f"{shop} {EMAIL}", result.payment_id))
    row = await row_of(desk, case_id)
    for canary in (EMAIL, HOLDER, "17-4402"):
        assert canary not in str(row), canary


async def test_before_the_second_approval_nothing_is_put_together(
    desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, result = await paid(gateway, shop, EMAIL)
    case_id = await disclosures.add(desk, request("authority", result.payment_id), by=ANNA)
    await disclosures.approve(desk, case_id=case_id, by=BENT)
    await disclosures.look_after(console)
    assert (await disclosures.case(desk, case_id=case_id)).state is State.OPEN
    assert (await row_of(desk, case_id))["export"] is None


async def test_whoever_asks_sees_who_got_it(
    desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, result = await paid(gateway, shop, EMAIL)
    _, case_id = await handed(desk, console, request("authority", result.payment_id, categories=("name", "ip_address")))
    await disclosures.look_after(console)  # told
    payer = (await people.payer_of(console, payment_id=result.payment_id)).person
    found = [each for each in await recipients_of(console, payer) if each.subject_id == case_id]
    assert [(each.kind.key, each.name, each.categories) for each in found] == [
        ("authority", "Københavns Byret", ("name",))  # an address was asked for, and there was none
    ]


async def test_the_recipient_of_a_case_is_in_the_register_for_a_month(desk: Platform, console: Platform) -> None:

    case_id = await prepared(desk, console, request("adviser"))
    async with desk.db.begin(DISCLOSURE) as tx:
        entry = next(each for each in await entries(tx) if each.id == case_id)
    assert entry.kind == "adviser"
    assert entry.valid_to is not None
    assert (entry.valid_to - entry.valid_from).days == 30


async def test_a_hold_stops_an_erasure_from_the_day_the_case_is_entered(
    desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, result = await paid(gateway, shop, EMAIL)
    payer: Person = (await people.payer_of(console, payment_id=result.payment_id)).person
    await disclosures.add(desk, request("authority", result.payment_id), by=ANNA)
    await disclosures.look_after(console)
    with pytest.raises(OnHold):
        await erased(console, payer)


# --- what changes before it is handed over ---


async def test_whoever_is_erased_meanwhile_is_in_no_file(
    desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    """The file would have kept them readable for as long as the case lasts."""
    _, result = await paid(gateway, shop, EMAIL)
    _, other = await paid(gateway, shop, OTHER)
    asked = request("rights_holder", result.payment_id, other.payment_id, categories=("email", "name", "purchase"))
    case_id = await prepared(desk, console, asked)
    await erased(console, (await people.payer_of(console, payment_id=result.payment_id)).person)
    await disclosures.look_after(console)
    assert (await row_of(desk, case_id))["export"] is None
    with pytest.raises(Decided):
        await disclosures.hand_over(desk, case_id=case_id, by=ANNA)
    await disclosures.look_after(console)
    file = (await disclosures.hand_over(desk, case_id=case_id, by=ANNA)).decode()
    assert OTHER in file
    for canary in (EMAIL, result.payment_id):
        assert canary not in file, canary
    assert (await disclosures.case(desk, case_id=case_id)).found == 1


@pytest.mark.parametrize(("kind", "goes"), [("adviser", False), ("purchaser", False), ("rights_holder", True)])
async def test_what_is_restricted_goes_out_for_claims_and_duties_alone(
    desk: Platform, console: Platform, gateway: payments.Gateway, shop: str, kind: str, goes: bool
) -> None:
    """GDPR Article 18(2), before the file is put together and after."""
    _, result = await paid(gateway, shop, EMAIL)
    asked = request(kind, result.payment_id, categories=("name", "card_details"))
    before = await prepared(desk, console, asked)
    payer = (await people.payer_of(console, payment_id=result.payment_id)).person
    await restrict(console, payer, asked_by="person")
    after = await prepared(desk, console, asked)
    for case_id in (before, after):
        file = (await disclosures.hand_over(desk, case_id=case_id, by=ANNA)).decode()
        assert (LAST4 in file) is goes


async def test_a_refused_case_leaves_no_hold_and_no_record(
    desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, result = await paid(gateway, shop, EMAIL)
    payer = (await people.payer_of(console, payment_id=result.payment_id)).person
    case_id = await prepared(desk, console, request("authority", result.payment_id))
    await disclosures.refuse(desk, case_id=case_id, by=BENT)
    await disclosures.look_after(console)
    assert await disclosures.look_after(console) == 0
    assert (await row_of(desk, case_id))["told_at"] is None
    assert case_id not in {each.subject_id for each in await recipients_of(console, payer)}
    await erased(console, payer)


async def test_nobody_hands_over_to_a_recipient_who_is_not_in_force_any_more(
    desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, result = await paid(gateway, shop, EMAIL)
    case_id = await prepared(desk, console, request("regulator", result.payment_id))
    clock = Shifted()
    clock.advance(31 * 86_400)
    with pytest.raises(Decided):
        await disclosures.hand_over(dataclasses.replace(desk, clock=clock), case_id=case_id, by=ANNA)
    assert (await row_of(desk, case_id))["export"] is not None
    async with desk.db.begin(DISCLOSURE) as tx:
        await end(tx, entry_id=case_id, at=desk.clock.now())
    with pytest.raises(Decided):
        await disclosures.hand_over(desk, case_id=case_id, by=ANNA)
    await disclosures.look_after(console)
    row = await row_of(desk, case_id)
    assert (row["state"], row["export"], row["ended_by"]) == ("REFUSED", None, None)


# --- telling ---


async def letters(installation: Settings, tenant_id: str) -> list[str]:
    """Kinds of the letters owed to a tenant's users."""

    connection = await asyncpg.connect(**as_owner(installation, main_database(installation)))
    try:
        rows = await connection.fetch("select kind from ipp.letter where tenant_id = $1 order by id", tenant_id)
    finally:
        await connection.close()
    return [row["kind"] for row in rows]


async def user_of(console: Platform, shop: str) -> str:
    """The address of a user of the shop who may do everything."""

    email = f"ejer-{console.ids.letters(6).lower()}@butik.example"
    await accounts.add(console, accounts.NewUser(
        audience=Audience.COMPANY, tenant_id=shop, email=email, name="Ejer Ejersen", verified=True, password=None,
    ))  # fmt: skip
    return email


async def test_a_shop_is_told_about_its_payer_and_a_user_about_themselves(
    installation: Settings, desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    owner = await user_of(console, shop)
    _, result = await paid(gateway, shop, EMAIL)
    await handed(desk, console, request("authority", result.payment_id))
    await disclosures.look_after(console)
    assert await letters(installation, shop) == ["payers_disclosed"]
    file, _ = await handed(desk, console, request("authority", owner, categories=("email", "name")))
    assert owner in file
    assert "Ejer Ejersen" in file
    await disclosures.look_after(console)
    assert await letters(installation, shop) == ["payers_disclosed", "disclosed"]


async def test_nobody_is_told_before_the_silence_ends(
    installation: Settings, desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    await user_of(console, shop)
    _, result = await paid(gateway, shop, EMAIL)
    until = (console.clock.now() + timedelta(days=20)).date()
    _, case_id = await handed(desk, console, request("authority", result.payment_id, silent_until=until))
    await disclosures.look_after(console)
    assert await letters(installation, shop) == []
    payer = (await people.payer_of(console, payment_id=result.payment_id)).person
    assert case_id not in {each.subject_id for each in await recipients_of(console, payer)}
    held_now = await held(console, payer)
    assert case_id not in str([(f.table, f.row) for f in held_now.fields])
    clock = Shifted()
    clock.advance(21 * 86_400)
    later = dataclasses.replace(console, clock=clock)
    await disclosures.look_after(later)
    await disclosures.look_after(later)
    assert await letters(installation, shop) == ["payers_disclosed"]
    assert (await disclosures.case(desk, case_id=case_id)).told_at is not None
    assert case_id in {each.subject_id for each in await recipients_of(console, payer)}


async def test_of_a_suspected_crime_nobody_is_told(
    installation: Settings, desk: Platform, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    await user_of(console, shop)
    _, result = await paid(gateway, shop, EMAIL)
    await handed(desk, console, request("crime", result.payment_id))
    await disclosures.look_after(console)
    assert await letters(installation, shop) == []


async def test_our_own_staff_is_nobody_here(desk: Platform, console: Platform) -> None:
    """The process that puts the file together never sees a member of staff."""
    file, _ = await handed(desk, console, request("authority", "compliance@ipp.example", categories=("email", "name")))
    assert json.loads(file)["people"] == []
