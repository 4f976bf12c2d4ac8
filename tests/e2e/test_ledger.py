"""The ledger of the running Platform, recomputed from its raw lines."""

import re
from typing import TYPE_CHECKING

from .client import Client

if TYPE_CHECKING:
    from running import Running

    from .books import Ledgers


def figures(text: str) -> dict[str, int]:
    """What the check counted, and the balance of each account in each currency in minor units."""
    found = {name: int(count) for name, count in re.findall(r"(\w+): (\d+)", text.splitlines()[0])}
    return found | {f"{name} {of}": int(minor) for name, of, minor in re.findall(r"  (\w+) +([A-Z]{3}) +(-?\d+)", text)}


async def test_whatever_was_paid_until_now_the_ledger_agrees(
    client: Client, running: "Running", ledgers: "Ledgers"
) -> None:
    """Everything that other tests did to the books is in them."""
    await ledgers.settled()
    before = running.command("ledger", "check")
    assert before.returncode == 0, before.stdout
    paid = await client.pay(client.cards["approve_visa"], amount="10000", currency="EUR")
    named = {"transaction_id": paid["transaction_id"], "transaction_key": paid["transaction_key"], **client.keys}
    for action, amount in (("capture", "6000"), ("void", ""), ("refund", "1000")):
        answer = await client.post(f"/company/payments/{action}/index.php?", {**named, "amount": amount})
        assert answer.performed()["result"] == "ACK"
    after = running.command("ledger", "check")
    assert after.returncode == 0, after.stdout
    assert after.stdout.endswith("the ledger agrees\n")
    then, now = figures(before.stdout), figures(after.stdout)
    moved = {name: now[name] - then.get(name, 0) for name in now if name != "companies"}
    assert {name: by for name, by in moved.items() if by} == {
        "entries": 4, "lines": 10, "due_from_acquirer EUR": 5000, "due_to_merchant EUR": -5000,
    }  # fmt: skip
