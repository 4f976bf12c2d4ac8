"""What an operator does while the Platform runs: rotate keys, verify the trail, look at the queue and the figures."""

import asyncio
import json
from typing import TYPE_CHECKING

from .client import Client, until

if TYPE_CHECKING:
    from running import Running


async def test_keys_rotate_while_payments_run(client: Client, running: "Running", session: dict[str, str]) -> None:
    """CARD-5: nothing that was sealed before becomes unreadable, and no payment notices."""
    before = await client.pay(client.cards["approve_visa"], rebill="1", order_id="before the rotation")
    rotation = asyncio.create_task(asyncio.to_thread(running.command, "keys", "rotate"))
    paid = 0
    while not rotation.done():
        assert (await client.pay(client.cards["approve_mastercard"]))["result"] == "ACK"
        paid += 1
        await asyncio.sleep(0.1)  # it takes a minute
    assert (await rotation).returncode == 0
    assert paid > 0
    rows = await client.listed(session, type="AUTH")
    found = [r for r in rows if r["transaction_id"] == before["transaction_id"]]
    assert [(r["cardholder"], r["order_id"]) for r in found] == [("Test Customer", "before the rotation")]
    renewal = await client.checkout(amount="100")
    charged = await client.post(
        "/payments/rebilling.php?",
        {**client.keys, "checkout_id": renewal["checkout_id"], "reference_transaction_id": before["transaction_id"]},
    )
    assert charged.performed()["result"] == "ACK"  # the number opens under the new key
    assert running.command("audit", "verify").returncode == 0


async def test_the_queue_shows_what_has_no_outcome(client: Client, running: "Running") -> None:
    payment = await client.pay(client.cards["capture_silent"])
    named = {"transaction_id": payment["transaction_id"], "transaction_key": payment["transaction_key"]}
    waiting = (await client.post("/company/payments/capture/index.php?", {**client.keys, **named})).performed()
    assert waiting["result"] == "WAIT"

    async def empty() -> bool:
        queue = await asyncio.to_thread(running.command, "queue", "--json")
        listed = {row["payment_id"]: row["owed"] for row in json.loads(queue.stdout)}
        assert listed.get(payment["transaction_id"]) in {None, "CAPTURE"}
        return payment["transaction_id"] not in listed

    await until(empty, "the capture is answered and leaves the queue")


async def test_figures_are_for_this_machine_and_name_nobody(client: Client) -> None:
    figures = (await client.get("/metrics")).body.decode()
    assert "ippgateway_link_signed_on 1.0" in figures
    assert 'ippgateway_requests_total{endpoint="payments/authorize"' in figures
    assert client.company["id"] not in figures
