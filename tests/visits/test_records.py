"""Access records of the running Platform: complete for each surface, of nothing else, readable under one purpose."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp
import asyncpg
import pytest

from ippgateway.app.database.access import as_owner, as_zone, main_database
from ippgateway.app.web.visits import _MOST_UNKNOWN, Recorder
from ippgateway.app.wiring import platform_for
from ippgateway.core.database import DatabaseUnavailable
from ippgateway.domains.visits import service
from ippgateway.domains.visits.schemas import Client, Surface, Visitor
from ippgateway.domains.visits.states import OpenVisits
from ippgateway.privacy.catalogue import ACCESS_RECORDING, ACCESS_RECORDS, RETENTION, VISIT_TERM
from ippgateway.privacy.declare import MAIN, declaration_of
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM, RIGHTS, Zone, purpose_role

if TYPE_CHECKING:
    from ippgateway.app.settings import Settings
    from running import Running

LONGEST_S = 30
NUMBER, MAIL = "4000056655665556", "frida.kanin@borger.example"
CANARY = f"{NUMBER}-{MAIL}"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:{}.0) Gecko/20100101 Firefox/{}.0"
VIEW = "fedcba9876543210" * 2

Owner = Callable[..., Awaitable[list[asyncpg.Record]]]


@pytest.fixture
async def owner(installation: "Settings") -> AsyncIterator[Owner]:
    """Runs SQL as the owner, which no zone can."""
    connection = await asyncpg.connect(**as_owner(installation, main_database(installation)))

    async def fetch(sql: str, *args: object) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await connection.fetch(sql, *args)
        return rows

    yield fetch
    await connection.close()


@pytest.fixture
async def pay(installation: "Settings") -> AsyncIterator[Platform]:
    """The payment zone's view of the running Platform."""
    async with platform_for(Zone.PAY, installation) as platform:
        yield platform


async def until(rows: Callable[[], Awaitable[list[Any]]]) -> list[Any]:
    """What is found, as soon as something is; the records are written every other second."""
    async with asyncio.timeout(LONGEST_S):
        while not (found := await rows()):  # noqa: ASYNC110 - another process writes them
            await asyncio.sleep(0.05)
        return found


def visited(owner: Owner, browser: str, where: str = "true") -> Callable[[], Awaitable[list[asyncpg.Record]]]:
    return lambda: owner(f"select * from ipp.visit where browser = $1 and {where}", browser)


async def test_each_surface_leaves_its_record_and_nobody_gets_a_cookie(running: "Running", owner: Owner) -> None:
    port, agent = running.settings.port, AGENT.format(201, 201)
    async with aiohttp.ClientSession(headers={"User-Agent": agent}, cookie_jar=aiohttp.CookieJar()) as http:
        for host, path in (
            ("site", "/en"),
            ("console", "/da"),
            ("pay", f"/?checkout_id={CANARY}"),
            ("api", "/version"),
        ):
            asked = f"http://127.0.0.1:{port}{path}"
            async with http.get(asked, headers={"Host": f"{host}.localhost:{port}", "Referer": CANARY}) as answer:
                assert "set-cookie" not in answer.headers
        seen = f"http://127.0.0.1:{port}/seen"
        async with http.post(seen, data=f"{VIEW} 0", headers={"Host": f"site.localhost:{port}"}) as answer:
            assert (answer.status, "set-cookie" in answer.headers) == (204, False)
        assert len(http.cookie_jar) == 0

    async def all_there() -> list[Any]:
        rows = await visited(owner, "Firefox 201")()
        return rows if len(rows) == 4 else []

    rows = {row["surface"]: row for row in await until(all_there)}
    assert set(rows) == {"site", "console", "page", "api"}
    for row in rows.values():
        assert (row["address"], row["system"], row["requests"]) == ("127.0.0.1", "Linux", 1)
        assert row["began_at"] <= row["last_at"]
        assert (row["tenant_id"], row["person_id"]) == (PLATFORM, row["id"])

    pages = await owner(
        "select v.surface, p.page from ipp.visit_page p join ipp.visit v on v.id = p.visit_id where v.browser = $1",
        "Firefox 201",
    )
    assert {("site", "home"), ("console", "home")} <= {(row["surface"], row["page"]) for row in pages}


async def test_nothing_that_somebody_sent_is_in_the_tables(running: "Running", owner: Owner) -> None:
    port = running.settings.port
    async with aiohttp.ClientSession() as http:
        for host in ("site", "console", "pay", "api"):
            for path in (f"/{CANARY}?{CANARY}", f"/?checkout_id={CANARY}", f"/payments/status?checkout_id={CANARY}"):
                everywhere = ("User-Agent", "Referer", "X-Forwarded-For", "Cookie", "Origin")
                headers = {"Host": f"{host}.localhost:{port}", **dict.fromkeys(everywhere, f"https://{CANARY}")}
                async with http.get(f"http://127.0.0.1:{port}{path}", headers=headers):
                    pass
        async with http.get(f"http://127.0.0.1:{port}/version", headers={"User-Agent": AGENT.format(202, 202)}):
            pass
    await until(visited(owner, "Firefox 202"))  # what was sent before was noted before
    rows = await owner("select v::text as text from ipp.visit v union all select p::text from ipp.visit_page p")
    text = "\n".join(row["text"] for row in rows).lower()
    for part in (NUMBER, "frida", "kanin", "borger", NUMBER.encode().hex()):
        assert part not in text
    assert not re.search(r"checkout_id|/payments|https?:", text)


async def paid_checkout(running: "Running", http: aiohttp.ClientSession) -> str:
    demo = running.demo()["company"]
    fields = {"id": demo["id"], "key2": demo["key2"], "amount": "100", "currency": "DKK", "billing[email]": MAIL}
    async with http.post(f"{running.url}/payments/checkout_id", data=fields) as answer:
        return str((await answer.json())["content"]["checkout_id"])


async def test_a_payers_visit_is_shown_to_the_payer(running: "Running", owner: Owner, console: Platform) -> None:
    agent = {"User-Agent": AGENT.format(203, 203)}
    async with aiohttp.ClientSession(headers=agent) as http:
        checkout_id = await paid_checkout(running, http)
        headers = {"Origin": "https://shop.example"}
        asked = {"checkout_id": checkout_id}
        async with http.post(f"{running.url}/payments/status", data=asked, headers=headers) as answer:
            assert answer.status == 200
    [row] = await until(visited(owner, "Firefox 203", "surface = 'widget'"))
    [payer] = await owner(
        "select person_id from ipp.payer where company_id = $1 order by created_at desc limit 1", row["tenant_id"]
    )
    assert row["person_id"] == payer["person_id"]
    assert row["checkout_id"].replace("-", "") == checkout_id[:12]  # the key of this purchase shows it, no other's
    found = await service.of_person(console, tenant_id=row["tenant_id"], person_id=row["person_id"])
    mine = next(visit for visit in found if visit.id == row["id"])
    assert (mine.surface, mine.address, mine.browser) == (Surface.WIDGET, "127.0.0.1", "Firefox 203")
    # The shop's own call for the same checkout was made with the company's key, and is the company's.
    [by_key] = await until(visited(owner, "Firefox 203", "surface = 'api'"))
    [company] = await owner("select person_id from ipp.company where id = $1", by_key["tenant_id"])
    assert by_key["person_id"] == company["person_id"] != payer["person_id"]
    assert by_key["checkout_id"] is None


async def test_a_call_without_a_key_is_never_the_owners(running: "Running", owner: Owner) -> None:
    """An app of a payer's asks without naming an origin, and the shop's owner does not get the payer's address."""
    async with aiohttp.ClientSession() as http:
        checkout_id = await paid_checkout(running, http)
    agent, asked = {"User-Agent": AGENT.format(216, 216)}, {"checkout_id": checkout_id}
    async with (
        aiohttp.ClientSession(headers=agent) as http,
        http.post(f"{running.url}/payments/status", data=asked) as answer,
    ):
        assert answer.status == 200
    [row] = await until(visited(owner, "Firefox 216"))
    [company] = await owner("select person_id from ipp.company where id = $1", row["tenant_id"])
    payers = await owner("select person_id from ipp.payer where company_id = $1", row["tenant_id"])
    assert row["person_id"] != company["person_id"]
    assert row["person_id"] in {payer["person_id"] for payer in payers}


async def test_a_call_that_another_zone_answers_is_its_companys_too(running: "Running", owner: Owner) -> None:
    demo = running.demo()["company"]
    fields = {"company_id": demo["id"], "key1": demo["key1"]}
    async with aiohttp.ClientSession(headers={"User-Agent": AGENT.format(214, 214)}) as http:
        async with http.post(f"{running.url}/company/data", data=fields) as answer:
            assert answer.status == 200
            assert not [name for name in answer.headers if name.lower().startswith("ippgateway")]
        async with http.post(f"{running.url}/company/data", data={**fields, "key1": "wrong"}) as answer:
            assert answer.status == 401
    await until(visited(owner, "Firefox 214", f"tenant_id = '{PLATFORM}'"))
    [row] = await until(visited(owner, "Firefox 214", f"tenant_id <> '{PLATFORM}'"))
    assert (row["tenant_id"], row["surface"], row["requests"]) == (demo["id"], "api", 1)


async def test_whoever_begins_a_challenge_is_its_checkouts_payer(running: "Running", owner: Owner) -> None:
    demo, agent = running.demo(), {"User-Agent": AGENT.format(217, 217)}
    async with aiohttp.ClientSession(headers=agent) as http:
        checkout_id = await paid_checkout(running, http)
        card = {"checkout_id": checkout_id, "holder": "Frida Kanin", "cardno": demo["cards"]["challenge"],
                "expmonth": "11", "expyear": "2032", "cvv": "737"}  # fmt: skip
        async with http.post(f"{running.url}/payments/secure", data=card) as answer:
            url = (await answer.json())["content"]["challenge"]["url"]
        async with http.get(running.url + urlsplit(url).path) as answer:
            assert answer.status == 200
    [row] = await until(visited(owner, "Firefox 217", "surface = 'page'"))
    payers = await owner("select person_id from ipp.payer where company_id = $1", row["tenant_id"])
    assert row["person_id"] in {payer["person_id"] for payer in payers}


def test_every_field_is_for_one_purpose_and_has_the_one_term() -> None:
    for name in ("ipp.visit", "ipp.visit_page"):
        said = [declaration_of(column) for column in MAIN.tables[name].c if declaration_of(column).category is not None]
        assert said
        assert {(each.uses, each.keep, each.to) for each in said} == {
            (frozenset({ACCESS_RECORDS}), VISIT_TERM, frozenset())
        }


async def test_other_roles_are_refused(installation: "Settings") -> None:
    for zone, rights in RIGHTS.items():
        connection = await asyncpg.connect(**as_zone(installation, zone, main_database(installation)))
        try:
            for purpose in rights.purposes - {ACCESS_RECORDS}:
                if purpose.key in ("own_data", "hand_over"):
                    continue  # they answer the person whom a record is about, and whoever two people approved
                await connection.execute(f"set role {purpose_role(installation.role_prefix, purpose)}")
                # What ends a record reads when it began, and nothing else of it.
                for column in ("address", "browser", "last_at", "surface",
                               *(() if purpose == RETENTION else ("began_at",))):  # fmt: skip
                    with pytest.raises(asyncpg.InsufficientPrivilegeError):
                        await connection.fetch(f"select {column} from ipp.visit")
                await connection.execute("reset role")
        finally:
            await connection.close()


async def test_whoever_writes_can_not_remove_or_change_what_was_written(pay: Platform) -> None:
    for statement in (
        "delete from ipp.visit", "update ipp.visit set address = ''", "update ipp.visit set began_at = now()",
        "truncate ipp.visit", "update ipp.visit_page set page = ''", "delete from ipp.visit_page",
    ):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with pay.db.begin(ACCESS_RECORDING, tenants=[PLATFORM]) as tx:
                await tx.execute(statement)


# --- writing ---


def opened(p: Platform, *agents: str) -> OpenVisits:
    """Visits that nobody has written yet, each with a page."""
    visits = OpenVisits(p.ids)
    for agent in agents:
        client = Client(address="198.51.100.9", agent=agent, host="h")
        visits.arrived(client, Visitor(surface=Surface.SITE, page="home"), p.clock.now(), page=True)
    return visits


async def test_records_wait_for_the_database_and_are_written_once(
    pay: Platform, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits = opened(pay, AGENT.format(206, 206))
    recorder = Recorder(pay, visits)

    async def away(*_: object) -> dict[str, str]:
        raise DatabaseUnavailable

    written = service.write
    with monkeypatch.context() as patch:
        patch.setattr(service, "write", away)
        await recorder.flush()

    async def unheard(*args: Any) -> dict[str, str]:
        await written(*args)
        raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr(service, "write", unheard)
        await recorder.flush()
    await recorder.flush()
    [row] = await visited(owner, "Firefox 206")()
    assert len(await owner("select 1 from ipp.visit_page where visit_id = $1", row["id"])) == 1
    assert visits.lost == 0


async def test_an_erased_visitor_costs_nobody_else_a_record(pay: Platform, owner: Owner) -> None:
    visits = opened(pay, AGENT.format(207, 207), AGENT.format(208, 208))
    recorder = Recorder(pay, visits)
    await recorder.flush()
    await owner("delete from ipp.visit where browser = 'Firefox 207'")
    for version in (207, 208):
        client = Client(address="198.51.100.9", agent=AGENT.format(version, version), host="h")
        visits.arrived(client, Visitor(surface=Surface.SITE, page="other"), pay.clock.now(), page=True)
    await recorder.flush()
    assert await visited(owner, "Firefox 207")() == []
    [row] = await visited(owner, "Firefox 208")()
    pages = await owner("select page from ipp.visit_page where visit_id = $1 order by number", row["id"])
    assert (row["requests"], [page["page"] for page in pages]) == (2, ["home", "other"])
    await recorder.flush()


async def test_whoever_invents_names_goes_down_as_other(pay: Platform, owner: Owner) -> None:
    agents = [f"invented {n}" for n in range(_MOST_UNKNOWN)]
    await Recorder(pay, opened(pay, *agents, AGENT.format(215, 215))).flush()
    assert await visited(owner, "Firefox 215")() == []
    await Recorder(pay, opened(pay, *agents[1:], AGENT.format(215, 215))).flush()
    assert len(await visited(owner, "Firefox 215")()) == 1


async def test_ending_writes_what_is_left(pay: Platform, owner: Owner) -> None:
    recorder = Recorder(pay, opened(pay, AGENT.format(209, 209)))
    running = asyncio.create_task(recorder.run())
    await asyncio.sleep(0)
    await recorder.stop(running)
    assert running.done()
    assert len(await visited(owner, "Firefox 209")()) == 1
