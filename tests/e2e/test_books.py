"""Unknown is a state: whatever becomes of an answer, both books agree in the end and nobody is charged wrongly.

Approved there is the same as ACK here; what we call failed is declined, reversed or unseen there; no checkout twice.
"""

import asyncio
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from .books import Ledgers, play
from .client import Client, until
from .shop import Shop

if TYPE_CHECKING:
    from ippgateway.app.settings import Settings
    from running import Running

VISA = "4111111111111111"
PAYMENTS = 12


async def result(client: Client, paid: dict[str, Any]) -> str:
    """What a shop is told about a payment now."""
    return str((await client.verify(paid["transaction_id"], paid["transaction_key"]))["result"])


@pytest.mark.parametrize("card", ["late", "timeout"])
async def test_without_an_answer_in_time_it_waits_then_failed_and_is_reversed(
    client: Client, shop: Shop, ledgers: Ledgers, session: dict[str, str], card: str
) -> None:
    shop.asks = lambda named: client.verify(named["transaction_id"], named["transaction_key"])
    checkout = await client.checkout(ipn=shop.url)
    fields = client.card(checkout["checkout_id"], client.cards[card])
    paid = await client.authorise(fields)
    assert (paid["result"], paid["status"]) == ("WAIT", "WAIT")
    assert (await client.authorise(fields))["transaction_id"] == paid["transaction_id"]
    books = await ledgers.settled()
    assert [row.state for row in books.theirs.values()] == ["reversed"]
    assert await result(client, paid) == "NOK"
    rows = {row["action_id"]: row["result"] for row in await client.listed(session, type="AUTH")}
    assert rows[paid["action_id"]] == "NOK"
    await shop.called(1)
    assert [call.asked["result"] for call in shop.calls] == ["NOK"]  # not before it was final
    again = await client.authorise(client.card(checkout["checkout_id"], VISA))
    assert again["result"] == "ACK"
    assert again["transaction_id"] != paid["transaction_id"]
    await shop.called(2)
    await ledgers.settled()


async def test_a_late_answer_changes_nothing(client: Client, ledgers: Ledgers) -> None:
    before = await client.figure("ippgateway_link_late")
    paid = await client.pay(client.cards["late"])
    await ledgers.settled()
    await until(lambda: _late_came(client, before), "the late answer")
    assert await result(client, paid) == "NOK"
    assert (await client.pay(VISA))["result"] == "ACK"  # the link is in step
    await ledgers.settled()


async def test_an_answer_that_comes_twice_is_one_payment(client: Client, ledgers: Ledgers) -> None:
    answers = await asyncio.gather(*(client.pay(client.cards["twice"]) for _ in range(5)))
    assert [answer["result"] for answer in answers] == ["ACK"] * 5
    assert len((await ledgers.settled()).theirs) == 5


async def test_an_acquirer_that_falls_silent_leaves_nothing_open_once_it_is_back(
    client: Client, shop: Shop, ledgers: Ledgers, installation: "Settings"
) -> None:
    await play(installation, "silent")
    try:
        answers = await asyncio.gather(*(client.pay(VISA, ipn=shop.url) for _ in range(5)))
        assert {answer["result"] for answer in answers} == {"WAIT"}
        assert shop.calls == []
    finally:
        await play(installation, "normal")
    books = await ledgers.settled()
    assert {row.state for row in books.ours.values()} == {"REVERSED"}
    assert {await result(client, answer) for answer in answers} == {"NOK"}
    await shop.called(5)
    await until(lambda: _serves(client), "serving again")


async def test_a_link_that_drops_in_the_middle_loses_nothing(
    client: Client, ledgers: Ledgers, installation: "Settings"
) -> None:
    paying = [asyncio.create_task(client.pay(client.cards["twice"])) for _ in range(PAYMENTS)]
    waiting = [asyncio.create_task(client.pay(client.cards["timeout"])) for _ in range(3)]
    await until(lambda: _booked(ledgers, 2), "some of them booked")
    await play(installation, "drop")
    answers = await asyncio.gather(*paying, *waiting)
    assert {answer["result"] for answer in answers} <= {"ACK", "NOK", "WAIT"}
    await play(installation, "normal")
    await until(lambda: _serves(client), "serving again")
    await _agree(client, ledgers, answers)


async def test_an_acquirer_killed_in_the_middle_keeps_its_word(
    client: Client, ledgers: Ledgers, running: "Running"
) -> None:
    paying = [asyncio.create_task(client.pay(VISA)) for _ in range(PAYMENTS)]
    waiting = [asyncio.create_task(client.pay(client.cards["late"])) for _ in range(3)]
    await until(lambda: _booked(ledgers, 2), "some of them booked")
    _process(running, "ippsandbox.acquirer").kill()
    answers = await asyncio.gather(*paying, *waiting)
    await until(lambda: _serves(client), "serving again")
    await _agree(client, ledgers, answers)


async def _agree(client: Client, ledgers: Ledgers, answers: list[dict[str, Any]]) -> None:
    """Everything settles, the books agree, and no final answer that was given is taken back."""
    await ledgers.settled()
    for answer in answers:
        final = await result(client, answer)
        assert final == answer["result"] or (answer["result"] == "WAIT" and final == "NOK")


async def _late_came(client: Client, before: float) -> bool:
    return await client.figure("ippgateway_link_late") > before


async def _booked(ledgers: Ledgers, entries: int) -> bool:
    return len((await ledgers.now()).theirs) >= entries


async def _serves(client: Client) -> bool:
    return bool((await client.pay(VISA))["result"] == "ACK")


def _process(running: "Running", module: str) -> psutil.Process:
    assert running.process is not None
    below = psutil.Process(running.process.pid).children(recursive=True)
    return next(each for each in below if module in each.cmdline())
