"""Who got a payer's data: recorded where the payment is, without a round trip of its own, and told to the payer."""

import dataclasses
from typing import NoReturn

import pytest

from ippgateway.connectors.iso8583.link import Iso8583Link
from ippgateway.core.database import Tx
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.ports import (
    AuthorisationRequest,
    NoAnswer,
    NotSent,
    NotSentReason,
    UnknownReason,
)
from ippgateway.domains.payments.schemas import Result
from ippgateway.domains.payments.service import people
from ippgateway.privacy.catalogue import ACQUIRER, DIRECTORY_SERVER
from ippgateway.privacy.disclosure.records import Received, recipients_of
from ippgateway.privacy.platform import Platform
from privacy.shops import open_shop
from rights.people import BROWSER, a_card, ordered, paid


async def received(console: Platform, payment_id: str) -> tuple[Received, ...]:
    payer = await people.payer_of(console, payment_id=payment_id)
    return await recipients_of(console, payer.person)


async def test_a_payment_is_told_to_acquirer_and_directory_server(
    gateway: payments.Gateway, console: Platform, shop: str
) -> None:
    _, result = await paid(gateway, shop, "signe.svane@borger.example")
    found = {each.kind.key: each for each in await received(console, result.payment_id)}
    assert {"acquirer", "directory_server"} <= set(found)
    assert set(found["acquirer"].categories) == {"card_number", "card_details", "card_authentication"}
    assert {"card_number", "card_details", "name"} <= set(found["directory_server"].categories)
    assert found["acquirer"].name == "Test acquirer (sandbox)"
    assert found["acquirer"].place == "DK"
    assert found["acquirer"].purpose == "payment"


async def test_a_record_costs_the_payment_path_no_statement(
    gateway: payments.Gateway, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The statements of a payment under its hot purpose, counted: as many as before there were records."""
    await paid(gateway, shop, "signe.svane@borger.example")
    said: list[str] = []
    fetch, execute = Tx.fetch, Tx.execute

    async def fetched(tx: Tx, sql: str, *args: object) -> object:
        said.append(sql)
        return await fetch(tx, sql, *args)

    async def executed(tx: Tx, sql: str, *args: object) -> int:
        said.append(sql)
        return await execute(tx, sql, *args)

    monkeypatch.setattr(Tx, "fetch", fetched)
    monkeypatch.setattr(Tx, "execute", executed)
    await paid(gateway, shop, "signe.svane@borger.example")
    recording = [sql for sql in said if "into ipp.disclosure" in sql]
    assert len(recording) == 2  # the result of 3-D Secure, and the outcome
    assert all(sql.startswith("with ") for sql in recording)


async def test_what_never_left_is_no_hand_over(gateway: payments.Gateway, console: Platform, shop: str) -> None:
    """The gate is shut for the acquirer: the payment is declined, and nobody got anything."""

    class Shut(Iso8583Link):
        async def authorise(self, request: AuthorisationRequest) -> NoReturn:
            raise NotSent(NotSentReason.NOT_ALLOWED)

    shut = dataclasses.replace(gateway, acquirer=object.__new__(Shut), under_way={})
    checkout = await ordered(gateway.platform, shop, "signe.svane@borger.example")
    result = await payments.authorise(shut, checkout=checkout, card=a_card(), browser=BROWSER)
    assert result.result is Result.NOK
    kinds = {each.kind for each in await received(console, result.payment_id)}
    assert ACQUIRER not in kinds
    assert DIRECTORY_SERVER in kinds


async def test_a_silent_acquirer_may_have_it(gateway: payments.Gateway, console: Platform, shop: str) -> None:
    class Silent(Iso8583Link):
        async def authorise(self, request: AuthorisationRequest) -> NoReturn:
            raise NoAnswer(UnknownReason.TIMEOUT)

    silent = dataclasses.replace(gateway, acquirer=object.__new__(Silent), under_way={})
    checkout = await ordered(gateway.platform, shop, "signe.svane@borger.example")
    result = await payments.authorise(silent, checkout=checkout, card=a_card(), browser=BROWSER)
    assert result.result is Result.WAIT
    assert ACQUIRER in {each.kind for each in await received(console, result.payment_id)}


async def test_another_shop_learns_nothing_of_it(gateway: payments.Gateway, console: Platform, shop: str) -> None:
    _, result = await paid(gateway, shop, "signe.svane@borger.example")
    payer = (await people.payer_of(console, payment_id=result.payment_id)).person
    other = await open_shop(console)
    assert await recipients_of(console, payer)
    assert await recipients_of(console, dataclasses.replace(payer, controller=other)) == ()
