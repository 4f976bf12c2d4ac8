"""`ippgateway recipients`: the register, by hand, each act on the trail; and the gate closes when an entry ends."""

import asyncio
import json

import pytest

from ippgateway.app.settings import Settings
from ippgateway.app.wiring import gate_for, platform_for
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import EMAIL, MAIL, SECURITY_PROVIDER, STAFF_ACCOUNT
from ippgateway.privacy.disclosure.register import NotHandedOver
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone
from running import Running

_GUARD = ("--kind", "security_provider", "--name", "Vagt ApS", "--contract", "2026/7", "--purpose", "staff_account")


async def test_whoever_is_entered_may_receive_until_it_is_ended(
    running: Running, installation: Settings, desk: Platform
) -> None:
    added = running.command("recipients", "add", *_GUARD, "--place", "DK")
    assert added.returncode == 0, added.stderr
    entry_id = added.stdout.strip()
    listed = json.loads(running.command("recipients", "list", "--json").stdout)
    assert next(each for each in listed if each["id"] == entry_id)["in_force"] is True
    async with platform_for(Zone.DESK, installation) as p, gate_for(p, STAFF_ACCOUNT) as gate:
        way = gate.to(SECURITY_PROVIDER, STAFF_ACCOUNT, named=entry_id)
        await way.admit(frozenset())
        with pytest.raises(NotHandedOver):
            await way.admit(frozenset({EMAIL}))  # no declaration gives it to this kind
        with pytest.raises(NotHandedOver):
            await gate.to(SECURITY_PROVIDER, MAIL, named=entry_id).admit(frozenset())
        assert running.command("recipients", "end", entry_id).returncode == 0
        async with asyncio.timeout(60):
            while True:  # the register is read anew every few seconds
                try:
                    await way.admit(frozenset())
                except NotHandedOver:
                    break
                await p.clock.sleep(0.2)
    acts = [e.act for e in (await audit.trail(desk, count=200)).rows if e.on == entry_id]
    assert acts == ["recipient.ended", "recipient.entered"]


@pytest.mark.parametrize(
    "wrong",
    [("--place", "US"), ("--place", "IN", "--tool", "clauses", "--measures", "m"),
     ("--place", "DK", "--category", "email"), ("--place", "DK", "--category", "nonsense")],
)  # fmt: skip
def test_an_entry_that_could_never_receive_anything_is_refused(running: Running, wrong: tuple[str, ...]) -> None:
    done = running.command("recipients", "add", *_GUARD, *wrong)
    assert done.returncode == 1
    assert done.stderr.startswith("refused")


def test_a_recipient_of_a_single_case_is_not_entered_by_hand(running: Running) -> None:
    done = running.command("recipients", "add", "--kind", "purchaser", "--name", "K", "--place", "DK", "--contract",
                           "1", "--purpose", "mail")  # fmt: skip
    assert done.returncode == 1


def test_the_sandbox_has_its_recipients_from_the_start(running: Running) -> None:
    listed = json.loads(running.command("recipients", "list", "--json").stdout)
    assert {"acquirer", "directory_server", "mail_provider", "shop"} <= {each["kind"] for each in listed}
