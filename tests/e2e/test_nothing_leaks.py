"""A canary card number, security code, address and name, sent everywhere: found nowhere afterwards but sealed.

The installation is this test's own, because it damages it on the way.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import asyncpg
import psutil
import pytest

from ippgateway.app.database.access import as_admin, keys_database, main_database
from running import Running

from .attacks import every_field, every_place
from .books import play, unsettled
from .canaries import CODE, MAIL, NAME, NUMBER, NUMBER_SPACED, ORDER, dump, forms, found_in, found_in_files, processes
from .client import Client, assert_envelope, until
from .shop import Shop, open_shop

if TYPE_CHECKING:
    from ippgateway.app.settings import Settings

REFERENCE = re.compile(r"Internal error, reference ([0-9A-Za-z]{4}(-[0-9A-Za-z]{4}){2})")

# What a shop stored (its settings, its order ids) these show to that shop; all other answers repeat nothing.
SHOWN_TO_ITS_OWNER = {"/company/data", "/company/payments/list"}


@dataclass
class Hunted:
    """The installation after everything was sent, and all that came back."""

    running: Running
    client: Client
    answers: list[bytes] = field(default_factory=list)
    refusals: list[bytes] = field(default_factory=list)  # while something was broken
    unforeseen: list[dict[str, Any]] = field(default_factory=list)
    paid: list[dict[str, Any]] = field(default_factory=list)

    @property
    def settings(self) -> "Settings":
        return self.running.settings


@pytest.fixture(scope="module")
async def hunted(tmp_path_factory: pytest.TempPathFactory, http: aiohttp.ClientSession) -> AsyncIterator[Hunted]:
    """Everything is sent, something is broken meanwhile, and the database has written all of it to its files."""
    running = Running(tmp_path_factory.mktemp("hunted") / "var")
    running.start()
    try:
        it = Hunted(running, Client(http, running.url, running.demo()))
        async with open_shop() as shop:
            await _pay_with_canaries(it, shop)
            await _attack(it)
            await _break(it)
            await shop.called(len(it.paid))
        await until(lambda: _settled(it.settings), "everything settled")
        await _checkpoint(it.settings)
        yield it
    finally:
        running.stop()


async def _pay_with_canaries(it: Hunted, shop: Shop) -> None:
    """Real payments of the canary: approved, and unknown with a reversal after it."""
    order = {
        "order_id": ORDER, "ipn": f"{shop.url}/ipn?customer={MAIL}", "accepturl": f"https://shop.example/?c={MAIL}",
        "billing[name]": NAME, "billing[email]": MAIL, "first_name": NAME, "email": MAIL, "address1": ORDER,
        "product[1_name]": ORDER, "description": ORDER, "origin": f"http://{MAIL}", "theme": NAME,
    }  # fmt: skip
    for mode in ("normal", "silent"):
        checkout = await it.client.checkout(**order)
        fields = it.client.card(checkout["checkout_id"], NUMBER_SPACED, holder=NAME, cvv=CODE)
        await it.client.post("/payments/secure?", fields)
        await play(it.settings, mode)
        it.paid.append(await it.client.authorise(fields))
    await play(it.settings, "normal")


async def _attack(it: Hunted) -> None:
    sessions = {who: await it.client.login(who) for who in ("company", "partner")}
    security = {f"value[{name}]": it.client.company[name] for name in ("key1", "key2")}
    for path, answer in await every_field(it.client, sessions):
        if path not in SHOWN_TO_ITS_OWNER:
            it.answers.append(answer)
    await it.client.post("/company/data/update", sessions["company"] | security | {"field": "security"})
    it.answers += await every_place(it.client, sessions["company"])


async def _break(it: Hunted) -> None:
    """The database refuses with sentences that quote what they refuse; then it dies in the middle of a payment."""
    card = {"holder": NAME, "cvv": CODE}
    fields = it.client.card((await it.client.checkout(order_id=ORDER))["checkout_id"], NUMBER, **card)
    order = it.client.keys | {"currency": "EUR", "amount": "1", "order_id": ORDER}
    asked = {
        "checkout": ("/payments/checkout_id", order),
        "payment": ("/payments/authorize", fields),
        "authentication": ("/payments/secure", fields),
        "sign_in_session": ("/company/login", {k: it.client.company[k] for k in ("username", "password")}),
    }
    for table, (path, parameters) in asked.items():
        async with _refusing(it.settings, table):
            answer = await it.client.post(path, parameters, unknown=f"{NUMBER} {MAIL}")
        assert_envelope(answer)
        it.unforeseen.append(answer.envelope)
        it.refusals.append(answer.body)
    fields = it.client.card((await it.client.checkout())["checkout_id"], NUMBER, **card)
    dying = asyncio.create_task(it.client.post("/payments/authorize", fields))
    _postmaster(it.running).kill()
    it.refusals.append((await dying).body)
    await until(lambda: _ready(it.client), "serving again")


@asynccontextmanager
async def _refusing(settings: "Settings", table: str) -> AsyncIterator[None]:
    """Every new row of a table is refused by a sentence that quotes it."""
    body = "begin raise exception $x$no room for %$x$, new using detail = new::text; end"
    connection = await asyncpg.connect(**as_admin(settings, main_database(settings)))
    try:
        await connection.execute(f"create function public.refuse() returns trigger language plpgsql as '{body}'")
        await connection.execute(
            f"create trigger refuse before insert on ipp.{table} for each row execute function public.refuse()"
        )
        yield
        await connection.execute("drop function public.refuse() cascade")
    finally:
        await connection.close()


async def _checkpoint(settings: "Settings") -> None:
    connection = await asyncpg.connect(**as_admin(settings, main_database(settings)))
    try:
        await connection.execute("checkpoint")
    finally:
        await connection.close()


async def _settled(settings: "Settings") -> bool:
    return await unsettled(settings) == 0


async def _ready(client: Client) -> bool:
    return (await client.get("/health/ready")).status == 200


def _postmaster(running: Running) -> psutil.Process:
    assert running.process is not None
    below = psutil.Process(running.process.pid).children(recursive=True)
    return next(each for each in below if "wal_level=replica" in each.cmdline())


# --- what was stored can be seen by whom it belongs to; the search below is not for nothing ---


async def test_the_shop_sees_its_own_payment_and_the_card_only_masked(hunted: Hunted) -> None:
    session = await hunted.client.login()
    rows = {row["transaction_id"]: row for row in await hunted.client.listed(session, type="AUTH")}
    for paid, result in zip(hunted.paid, ("ACK", "NOK"), strict=True):
        row = rows[paid["transaction_id"]]
        assert (row["cardholder"], row["order_id"], row["result"]) == (NAME, ORDER, result)
        assert paid["card_data"]["pan"] == f"{NUMBER[:6]}******{NUMBER[-4:]}"


# --- and nobody finds it anywhere ---


def test_no_answer_repeats_a_canary(hunted: Hunted) -> None:
    assert len(hunted.answers) > 1000
    assert {hit for answer in hunted.answers + hunted.refusals for hit in found_in(answer, text=True)} == set()


def test_no_attack_was_unforeseen(hunted: Hunted) -> None:
    assert [answer for answer in hunted.answers if REFERENCE.search(answer.decode("latin-1"))] == []


def test_the_unforeseen_is_told_as_a_reference_that_the_log_explains_without_a_word(hunted: Hunted) -> None:
    logs = "".join(path.read_text() for path in hunted.settings.log_dir.glob("*.log"))
    lines = [json.loads(line) for line in logs.splitlines() if "classic.unforeseen" in line]
    known = {line["reference"]: line for line in lines}
    assert len(hunted.unforeseen) == 4
    for envelope in hunted.unforeseen:
        assert (envelope["code"], envelope["content"]) == (500, {})
        match = REFERENCE.fullmatch(envelope["message"])
        assert match is not None
        assert known[match[1]]["error"] == "raise_error"
        assert set(known[match[1]]) <= {"at", "level", "room", "event", "error", "at_0", "at_1", "at_2", "reference"}


def test_no_file_below_the_data_directory_holds_one(hunted: Hunted) -> None:
    assert found_in_files(hunted.settings.data_dir, hunted.settings.run_dir) == []


def test_nothing_was_printed(hunted: Hunted) -> None:
    assert found_in(hunted.running.output.read_bytes(), text=True) == []


def test_no_dump_of_a_database_holds_one(hunted: Hunted) -> None:
    for database in (main_database(hunted.settings), keys_database(hunted.settings)):
        copied = dump(hunted.settings, database)
        assert b"CREATE TABLE" in copied
        assert found_in(copied, text=True) == []


async def test_no_figure_for_operators_holds_one(hunted: Hunted) -> None:
    figures = (await hunted.client.get("/metrics")).body
    assert b"ippgateway_requests" in figures
    assert found_in(figures, text=True) == []


def test_no_process_shows_one(hunted: Hunted) -> None:
    assert hunted.running.process is not None
    shown = list(processes(hunted.running.process.pid))
    assert len(shown) > 20
    assert [(where, found) for where, data in shown if (found := found_in(data))] == []


# --- the search finds what is there ---


def test_the_search_finds_a_canary_in_every_form(tmp_path: Path) -> None:
    for text in (NUMBER, NUMBER_SPACED, MAIL, NAME, ORDER):
        for form in forms(text):
            file = tmp_path / "some.bin"
            file.write_bytes(b"\x00before" + form + b"after\xff")
            assert found_in_files(tmp_path)
    for context in (f'{{"cvv":"{CODE}"}}', f"cvv={CODE}&x=1", f"code {CODE}\n", f"({CODE})"):
        assert found_in(context.encode(), text=True)
    (tmp_path / "some.bin").write_bytes(b"nothing of the kind, 411111******1111, 10837, 0837-ab")
    (tmp_path / f"{NUMBER}.bin").touch()
    assert len(found_in_files(tmp_path)) == 1


async def test_the_search_finds_a_canary_in_the_database(hunted: Hunted) -> None:
    connection = await asyncpg.connect(**as_admin(hunted.settings, main_database(hunted.settings)))
    try:
        await connection.execute(f"create table public.planted as select '{NUMBER}'::text as found")
        await connection.execute("checkpoint")
        assert found_in(dump(hunted.settings, main_database(hunted.settings)))
        files = found_in_files(hunted.settings.postgres_dir)
    finally:
        await connection.execute("drop table public.planted")
        await connection.close()
    assert any("/base/" in hit for hit in files)
    assert any("/pg_wal/" in hit for hit in files)
