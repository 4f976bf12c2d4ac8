"""What is held is told field by field, from the declarations, in one snapshot."""

from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.held import Shown, held
from ippgateway.privacy.rights.reach import Person

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
