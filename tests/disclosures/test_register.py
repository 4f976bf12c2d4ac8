"""Who may be handed what: the rules of the register (DISC-2, PLACE-2, DISC-11)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gates import LONG_AGO, entry
from ippgateway.connectors.gate import Gate
from ippgateway.core.clock import SystemClock
from ippgateway.privacy.catalogue import (
    ACQUIRER,
    CARD_DETAILS,
    CARD_NUMBER,
    EMAIL,
    FREE_TEXT,
    MAIL,
    MAIL_PROVIDER,
    NAME,
    PAYMENT,
    RECIPIENTS,
    SHOP,
)
from ippgateway.privacy.disclosure.register import Entry, NotHandedOver, Register, Why, could_receive, declared_for
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.vocabulary import Category, Place, Purpose, Recipient, SaleOfPersonalData

NOW = datetime(2026, 11, 30, tzinfo=UTC)
CARD = frozenset({CARD_NUMBER, CARD_DETAILS})


def refused(found: Entry, purpose: Purpose, carries: frozenset[Category], kind: Recipient = ACQUIRER) -> Why:
    with pytest.raises(NotHandedOver) as caught:
        Register([found]).admit(kind, purpose, carries, NOW)
    return caught.value.why


def test_whoever_is_registered_and_in_force_gets_what_is_declared() -> None:
    found = entry(ACQUIRER)
    assert Register([found]).admit(ACQUIRER, PAYMENT, CARD, NOW) == found


def test_nobody_registered_gets_nothing() -> None:
    with pytest.raises(NotHandedOver) as caught:
        Register().admit(ACQUIRER, PAYMENT, frozenset(), NOW)
    assert caught.value.why is Why.NOT_REGISTERED


@pytest.mark.parametrize(("begins", "ends"), [(NOW + timedelta(seconds=1), None), (LONG_AGO, NOW)])
def test_an_entry_counts_from_its_first_moment_to_its_last(begins: datetime, ends: datetime | None) -> None:
    assert refused(entry(ACQUIRER, valid_from=begins, valid_to=ends), PAYMENT, CARD) is Why.NOT_IN_FORCE


def test_another_purpose_is_refused() -> None:
    assert refused(entry(ACQUIRER, purposes=("mail",)), PAYMENT, CARD) is Why.PURPOSE


def test_a_field_that_no_declaration_gives_the_kind_is_refused_whatever_the_entry_says() -> None:
    assert EMAIL not in declared_for(ACQUIRER)
    generous = entry(ACQUIRER, categories=tuple(c.key for c in (*CARD, EMAIL)))
    assert refused(generous, PAYMENT, CARD | {EMAIL}) is Why.FIELDS
    assert could_receive(generous) is Why.FIELDS


def test_a_field_that_the_entry_leaves_out_is_refused_whatever_is_declared() -> None:
    assert refused(entry(ACQUIRER, categories=("card_number",)), PAYMENT, CARD) is Why.FIELDS


@pytest.mark.parametrize(
    ("tool", "measures"), [("", ""), ("clauses", ""), ("", "encrypted"), ("our terms", "encrypted")]
)
def test_outside_the_eea_a_tool_and_measures_stand_on_record(tool: str, measures: str) -> None:
    abroad = entry(ACQUIRER, place="US", transfer_tool=tool, measures=measures)
    assert refused(abroad, PAYMENT, CARD) is Why.NO_TOOL
    carried = replace(abroad, transfer_tool="framework", measures="encrypted on the way and at rest")
    assert Register([carried]).admit(ACQUIRER, PAYMENT, CARD, NOW) == carried


def test_no_tool_helps_where_the_kind_may_not_be() -> None:
    abroad = entry(MAIL_PROVIDER, place="US", transfer_tool="framework", measures="encrypted")
    assert refused(abroad, MAIL, frozenset({EMAIL}), MAIL_PROVIDER) is Why.PLACE
    beyond = entry(ACQUIRER, place="IN", transfer_tool="clauses", measures="encrypted")
    assert refused(beyond, PAYMENT, CARD) is Why.PLACE


def test_the_processors_are_in_the_eu_and_payments_in_the_us_at_most() -> None:
    for kind in RECIPIENTS:
        if kind.promise == "DISC-2":
            assert kind.places == {Place.EU}
    assert ACQUIRER.places == {Place.EU, Place.US}


def test_no_recipient_can_be_declared_for_value() -> None:
    with pytest.raises(SaleOfPersonalData):
        replace(ACQUIRER, in_return_for="money")
    assert not any(kind.in_return_for for kind in RECIPIENTS)


# --- the gate ---


class Agreed:
    """One payer agreed to everything."""

    async def given(self, about: Person, purpose: Purpose, categories: frozenset[Category]) -> bool:
        return about == Person("shop", "payer")


async def test_a_card_number_beyond_the_payment_needs_the_payers_consent() -> None:
    """CARD-4. No declaration gives anybody else a card number; were there one, consent would still be asked."""
    generous = entry(SHOP, categories=("card_number",))
    register = Register([replace(generous, kind="adviser", place="DK")])
    adviser = next(kind for kind in RECIPIENTS if kind.key == "adviser")
    unasked = Gate(register, SystemClock()).to(adviser, PAYMENT)
    with pytest.raises(NotHandedOver) as caught:
        await unasked.admit(frozenset({CARD_NUMBER}), about=Person("shop", "payer"))
    assert caught.value.why is Why.NO_CONSENT
    asked = Gate(register, SystemClock(), consents=Agreed()).to(adviser, PAYMENT)
    assert (await asked.admit(frozenset({CARD_NUMBER}), about=Person("shop", "payer"))).kind == "adviser"
    with pytest.raises(NotHandedOver):
        await asked.admit(frozenset({CARD_NUMBER}), about=Person("shop", "another"))


async def test_only_the_fields_asked_for_pass() -> None:
    way = Gate(Register([entry(MAIL_PROVIDER)]), SystemClock()).to(MAIL_PROVIDER, MAIL)
    facts = {EMAIL: "a@b.example", FREE_TEXT: "hello", NAME: "Signe", CARD_NUMBER: "4111"}
    assert await way.pick(frozenset({EMAIL}), facts) == {EMAIL: "a@b.example"}
    with pytest.raises(NotHandedOver):
        await way.pick(frozenset({EMAIL, NAME}), facts)


async def test_a_named_recipient_is_that_one_and_no_other() -> None:
    gate = Gate(Register([entry(ACQUIRER, id="aaaa-aaaa-aaaa")]), SystemClock())
    await gate.to(ACQUIRER, PAYMENT, named="aaaa-aaaa-aaaa").admit(CARD)
    with pytest.raises(NotHandedOver):
        await gate.to(ACQUIRER, PAYMENT, named="bbbb-bbbb-bbbb").admit(CARD)
