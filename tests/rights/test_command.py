"""`ippgateway person show|erase`: whom is read from standard input, values go to standard output of `show` alone."""

import asyncio
import json
import re
import subprocess
import sys
import urllib.request
from urllib.parse import urlsplit

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.service import people
from ippgateway.privacy.catalogue import ERASURE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from running import Running

from .people import HOLDER, LAST4, NUMBER, ORDER, keys_of, ordered, owner, paid

MAIL = "dorte.due@borger.example"


def asked(running: Running, said: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ippgateway.app.cli", "person", *words],
        env=running.env, input=said, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


async def test_a_person_is_shown_and_erased_by_the_operator(
    running: Running, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    _, result = await paid(gateway, shop, MAIL)
    person = (await people.payer_of(console, payment_id=result.payment_id)).person

    shown = asked(running, f"{shop} {MAIL}\n", "show")
    assert (shown.returncode, shown.stderr) == (0, "")
    for value in (MAIL, HOLDER, ORDER, LAST4):
        assert value in shown.stdout
    assert NUMBER not in shown.stdout
    same = json.loads(asked(running, f"{result.payment_id}\n", "show", "--json").stdout)
    assert (same["controller"], same["person_id"], same["erasure"]) == (shop, person.person_id, None)
    number = next(f for f in same["fields"] if (f["table"], f["column"]) == ("card", "number"))
    assert (number["shown"], number["value"], number["term"]) == ("never", None, "card")
    assert number["recipients"] == [
        {"key": "acquirer", "places": ["EU", "US"]}, {"key": "directory_server", "places": ["EU", "US"]},
    ]  # fmt: skip

    thinks_again = asked(running, f"{result.payment_id}\nno\n", "erase")
    assert thinks_again.returncode == 5
    assert "what stays" in thinks_again.stdout
    assert len(await keys_of(running.settings, person)) == 2

    done = asked(running, f"{result.payment_id}\nerase\n", "erase")
    assert done.returncode == 0, done.stderr
    for value in (MAIL, HOLDER, ORDER):
        assert value not in done.stdout + done.stderr + thinks_again.stdout
    assert set(await keys_of(running.settings, person)) == {"bookkeeping"}
    at = re.search(r"certificate: (\S+)", done.stdout)
    assert at is not None
    page = await asyncio.to_thread(read, running, at.group(1))
    assert "What goes" in page
    assert "required by law: the books must be kept" in page
    for value in (MAIL, HOLDER, ORDER, person.person_id):
        assert value not in page
    again = json.loads(asked(running, f"{result.payment_id}\n", "erase", "--yes", "--json").stdout)
    assert (again["erasure"]["state"], again["erasure"]["asked_by"]) == ("ERASED", "operator")
    assert again["plan"]["goes"] == []
    assert {line["ground"] for line in again["plan"]["stays"]} == {"bookkeeping"}


def read(running: Running, at: str) -> str:
    """A page of the console, as a browser that knows nobody's account gets it."""
    origin = urlsplit(at)
    request = urllib.request.Request(f"{running.url}{origin.path}", headers={"host": origin.netloc})
    with urllib.request.urlopen(request, timeout=20) as answer:
        body: bytes = answer.read()
    return body.decode()


async def test_nobody_is_found(running: Running, shop: str) -> None:
    for said in ("", "nonsense\n", f"{shop} nobody@borger.example\n", "x someone\n", "abcd-efgh-ijkl\n"):
        found = asked(running, said, "show")
        assert (found.returncode, found.stdout) == (1, "")
        assert found.stderr == "nobody was found\n"


async def test_a_payment_under_way_is_waited_for_on_record(running: Running, payer: Person) -> None:
    async with owner(running.settings) as connection:
        await connection.execute("update ipp.payment set state = 'UNKNOWN' where company_id = $1", payer.controller)
        payment_id = await connection.fetchval("select id from ipp.payment where company_id = $1", payer.controller)
    try:
        refused = asked(running, f"{payment_id}\n", "erase", "--yes", "--json")
    finally:
        async with owner(running.settings) as connection:
            await connection.execute(
                "update ipp.payment set state = 'APPROVED' where company_id = $1", payer.controller
            )
            rows = await connection.fetch(
                "select state, waits_for from ipp.data_request where tenant_id = $1", payer.controller
            )
    assert refused.returncode == 4
    assert "a payment is under way" in refused.stderr
    assert [tuple(row) for row in rows] == [("GRANTED", "payment")]
    assert len(await keys_of(running.settings, payer)) == 2
    assert asked(running, f"{payment_id}\n", "erase", "--yes", "--json").returncode == 0
    assert set(await keys_of(running.settings, payer)) == {"bookkeeping"}


async def test_a_user_is_shown_restricted_released_and_erased_by_the_operator(
    running: Running, console: Platform, shop: str
) -> None:
    """Nobody else can manage the shop's other users, so the first try is refused."""
    mail = "ulrik.ude@butik.example"
    for email, rights in ((mail, ("ALL",)), ("anden@butik.example", ("payments",))):
        await accounts.add(console, accounts.NewUser(
            audience=Audience.COMPANY, tenant_id=shop, email=email, name="Ulrik Ude", rights=rights,
            password=Secret("a hedgehog under 7 lamps"),
        ))  # fmt: skip
    whom = f"user {shop} {mail}\n"
    assert mail in asked(running, whom, "show").stdout
    assert asked(running, whom, "restrict").stdout.startswith("restrict: platform/")
    assert asked(running, whom, "release").returncode == 0
    assert asked(running, whom, "erase", "--yes").returncode == 7
    await accounts.add(console, accounts.NewUser(
        audience=Audience.COMPANY, tenant_id=shop, email="ny@butik.example", name="Ny", rights=("ALL",),
        password=Secret("a hedgehog under 7 lamps"),
    ))  # fmt: skip
    done = asked(running, whom, "erase", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert mail not in done.stdout
    assert json.loads(done.stdout)["key_dies_by"] > json.loads(done.stdout)["erasure"]["erased_at"]
    assert asked(running, whom, "show").returncode == 1


async def test_who_bought_again_while_restricted_is_shown_twice_and_erased_as_a_whole(
    running: Running, console: Platform, gateway: payments.Gateway, shop: str
) -> None:
    for _ in range(2):
        checkout = await ordered(gateway.platform, shop, MAIL)
        await console.persons.pause(ERASURE, shop, checkout.person_id)
        gateway.platform.persons.forget_all()
    both = await people.payers_at(console, company_id=shop, email=MAIL)
    assert len(both) == 2
    shown = asked(running, f"{shop} {MAIL}\n", "show").stdout
    assert [line for line in shown.splitlines() if line.startswith("person ")] == [
        line for line in shown.splitlines() if any(line.startswith(f"person {each},") for each in both)
    ]
    assert (shown.count("\nperson "), shown.startswith("person ")) == (1, True)
    done = asked(running, f"{shop} {MAIL}\nerase\n", "erase")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("certificate: ") == 2
    for each in both:
        assert set(await keys_of(running.settings, each)) == {"bookkeeping"}
    assert asked(running, f"{shop} {MAIL}\n", "show").returncode == 1
