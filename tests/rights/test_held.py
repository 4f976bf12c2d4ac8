"""What is held is told field by field, from the declarations, in one snapshot."""

from ippgateway.privacy.catalogue import ACCOUNT, STAFF_ACCOUNT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.held import Shown, held
from ippgateway.privacy.rights.reach import Person, reached, said_in
from ippgateway.privacy.zones import PLATFORM

from .people import HOLDER, LAST4, NUMBER, ORDER


async def test_everything_is_told_and_the_card_number_is_not_opened(console: Platform, payer: Person) -> None:
    found = await held(console, payer)
    shown = {(f.table, f.column): f for f in found.fields}
    assert shown["payment", "holder"].value.open() == HOLDER
    assert shown["checkout", "order_id"].value.open() == ORDER
    assert shown["card", "last4"].value.open() == LAST4
    assert shown["card", "number"].shown is Shown.NEVER
    assert shown["checkout", "digest"].shown is Shown.NEVER
    assert shown["payer", "email_code"].shown is Shown.CODE
    assert not [f for f in found.fields if NUMBER in f.value.open()]


def test_nobody_is_told_of_a_purpose_that_never_sees_their_rows() -> None:
    email = next(each for each in reached() if each.table.name == "app_user")
    said = {column.name: said for column, said in email.personal}["email"]
    customer, staff = (said_in(email.said, said, tenant).uses for tenant in ("Shop-0000-0001", PLATFORM))
    assert (ACCOUNT in customer, STAFF_ACCOUNT in customer) == (True, False)
    assert (ACCOUNT in staff, STAFF_ACCOUNT in staff) == (False, True)
