"""An installation of its own in the test run's server, with a shop that took one payment: there to be damaged."""

import contextlib
import dataclasses
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlencode

import asyncpg
from sqlalchemy import ARRAY, Boolean, Column, DateTime, Integer, LargeBinary, MetaData, String
from sqlalchemy import Table as SqlTable
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ippgateway.app.database.access import as_admin, as_owner, keys_database, main_database
from ippgateway.app.promises_command import context_of
from ippgateway.app.settings import Settings
from ippgateway.app.setup import setup
from ippgateway.app.web.visits import Recorder, Visited
from ippgateway.app.wiring import platform_for
from ippgateway.connectors.breaches.local import LocalList
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.companies import service as companies
from ippgateway.domains.partners import service as partners
from ippgateway.domains.payments.service import Gateway
from ippgateway.domains.visits.schemas import Surface, visitor_of
from ippgateway.domains.visits.states import OpenVisits
from ippgateway.faces.classic.app import classic_app
from ippgateway.faces.classic.face import ClassicSettings
from ippgateway.faces.classic.paths import logical_path
from ippgateway.faces.classic.table import zone_of
from ippgateway.faces.console.app import console_app, console_house
from ippgateway.faces.desk.app import desk_app, desk_house
from ippgateway.faces.mine.app import mine_app
from ippgateway.faces.mine.unsubscribe import PATH as UNSUBSCRIBE
from ippgateway.faces.mine.unsubscribe import unsubscribe_app
from ippgateway.faces.pay.files import Files
from ippgateway.faces.pay.page import Page
from ippgateway.faces.pay.widget import Widget
from ippgateway.faces.site.app import SiteFacts, site_app
from ippgateway.privacy.declare import KEYS, MAIN
from ippgateway.privacy.papers.versions import PRIVACY, in_force, today
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM, Zone
from ippgateway.promises.context import Answer, Ask, Context
from signing import NOWHERE, PASSWORD, member

from . import furnish

COMPANY, PAYER, CHECKOUT, CARD, PAYMENT, ACTION, ENTRY, PARTNER, YES, LETTER = (
    f"prom-ised-{n:04}" for n in range(1, 11)
)
NAMES = ("canary@promised.example", "Canary Person", "Canary shop")
NOW = datetime.now(UTC)
READY = {"ready": True, "parts": {"database": True, "acquirer": True, "guard": True}}


def sealed(what: str) -> bytes:
    """Bytes in the form of a sealed value; the nonce is made from `what`."""
    return b"\x01" + sha256(what.encode()).digest() + bytes([255])


@dataclass(frozen=True)
class Bench:
    """The installation, and what a test needs to break it."""

    settings: Settings
    context: Context
    named: Callable[[str], Context]
    """The same under another operator's name."""

    async def run(self, sql: str, *, of: MetaData = MAIN, admin: bool = False) -> None:
        """As the owner, or as the server's administrator."""
        name = main_database(self.settings) if of is MAIN else keys_database(self.settings)
        connection = await asyncpg.connect(**(as_admin if admin else as_owner)(self.settings, name))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


@contextlib.asynccontextmanager
async def made(installation: Settings) -> AsyncIterator[Bench]:
    """Set up, furnished, and reached as a running one would be, without its processes."""
    settings = dataclasses.replace(installation, role_prefix="promised", sandbox=False)
    await setup(settings)
    async with (
        platform_for(Zone.CONSOLE, settings) as console,
        platform_for(Zone.DESK, settings) as desk,
        platform_for(Zone.PAY, settings) as pay,
    ):

        def named(operator: str) -> Context:
            zones = (dataclasses.replace(zone, operator=operator) for zone in (console, desk, pay))
            context = context_of(settings, _asking(*zones))
            return dataclasses.replace(context, links=(), operator=operator)

        bench = Bench(settings, named(settings.operator_name), named)
        await _furnish(bench, console, desk)
        await furnish.furnish(settings, console, desk, company=COMPANY, user=NAMES[0])
        await bench.run(furnish.records(COMPANY, PAYER, LETTER, ACTION))
        await bench.run(furnish.kept(f"'\\x{sealed('kept').hex()}'"), of=KEYS)
        yield bench


def _asking(console: Platform, desk: Platform, pay: Platform) -> Ask:
    face = ClassicSettings(pay_url="http://pay.localhost")
    visits = OpenVisits(pay.ids)
    recorder = Recorder(pay, visits)
    apps = {
        Zone.CONSOLE: classic_app(zone=Zone.CONSOLE, platform=console, gateway=None, settings=face),
        Zone.PAY: classic_app(zone=Zone.PAY, platform=pay, gateway=cast("Gateway", object()), settings=face),
    }

    payers, faces = _payers(pay), _faces(console, desk)

    async def ask(path: str, fields: Mapping[str, str] | None, host: str = "") -> Answer:
        if host:
            host = "stopping" if host == "mine" and path.startswith(f"{UNSUBSCRIBE}/") else host
            return await _call(faces[host], path, None if fields is None else urlencode(fields).encode(), host)
        if path == "health/ready":
            return Answer(200, READY)
        if (part := payers.get(path.partition("?")[0].partition("/")[0])) is not None:
            return await _call(part, path, None)
        app = Visited(_noted(apps[zone_of(logical_path(path)) or Zone.CONSOLE]), visits, pay.clock)
        answer = await _call(app, path, urlencode(fields or {}).encode())
        await recorder.flush()
        return answer

    return ask


def _faces(console: Platform, desk: Platform) -> Mapping[str, ASGIApp]:
    """The pages that have a name of their own."""
    api_url, breaches = "http://127.0.0.1:9", LocalList()
    consoles = console_house(console, origin="http://console.localhost", api_url=api_url, breaches=breaches)
    staffs = desk_house(desk, origin="http://desk.localhost", api_url=api_url, breaches=breaches)
    return {
        "console": console_app(consoles), "desk": desk_app(staffs), "mine": mine_app(console),
        "stopping": unsubscribe_app(console),
        "site": site_app(SiteFacts(cards={}, version="0", api_url=api_url, console_url=consoles.origin, mine_url="",
                                   shop_url="", sandbox=False, checked_at=NOW, operator=console.operator,
                                   support="support@promised.example", today=lambda: today(console.clock.now()))),
    }  # fmt: skip


def _payers(pay: Platform) -> Mapping[str, ASGIApp]:
    """The payer's pages, without a gateway behind them: as far as somebody without a checkout comes."""
    files = Files(checked_at=NOW, site_url=pay.origins["site"], operator=pay.operator)
    page = Page(cast("Gateway", SimpleNamespace(platform=pay)), files, "http://pay.localhost")
    return {"": page, "pay": files, "pay.js": Widget(pay, files, "http://pay.localhost")}


def _noted(app: ASGIApp) -> ASGIApp:
    """As the entrance does it: a call of the contract belongs into the access records."""

    async def noted(scope: Scope, receive: Receive, send: Send) -> None:
        visitor_of(scope).surface = Surface.API
        await app(scope, receive, send)

    return noted


async def _call(app: ASGIApp, path: str, body: bytes | None, host: str = "") -> Answer:
    path, _, query = path.partition("?")
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body or b""}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "GET" if body is None else "POST", "path": f"/{path}",
        "query_string": query.encode(), "client": ("127.0.0.1", 9),
        "headers": [(b"content-type", b"application/x-www-form-urlencoded"),
                    *([(b"host", f"{host}.localhost".encode()), (b"sec-fetch-site", b"same-origin")] if host else [])],
    }  # fmt: skip
    await app(scope, receive, send)
    answered = sent[1]["body"]
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    told = json.loads(answered) if "json" in headers.get("content-type", "") else {}
    return Answer(sent[0]["status"], told, headers, answered.decode())


async def _furnish(bench: Bench, console: Platform, desk: Platform) -> None:
    await partners.add(
        console, partners.NewPartner(id=PARTNER, name="Canary partner", key1=Secret("keyA" * 10),
                                     key2=Secret("keyB" * 10)),
    )  # fmt: skip
    await companies.add(
        console, companies.NewCompany(id=COMPANY, partner_id=PARTNER, name=NAMES[2], merchant_number="1", mcc="5999",
                                      key1=Secret("key1" * 10), key2=Secret("key2" * 10)),
    )  # fmt: skip
    await accounts.add(
        console, accounts.NewUser(audience=Audience.COMPANY, tenant_id=COMPANY, email=NAMES[0], name=NAMES[1],
                                  password=Secret("not to be guessed")),
    )  # fmt: skip
    await member(console, PARTNER, Audience.PARTNER)
    await (await member(desk, PLATFORM, Audience.STAFF, rights=("administrator",))).bearer()
    owner = await member(console, COMPANY, Audience.COMPANY)
    await owner.bearer()
    # From another browser than before, of which a letter tells.
    await accounts.sign_in_browser(
        console, audiences=(Audience.COMPANY,), username=owner.email, password=PASSWORD, arrival=NOWHERE
    )
    connection = await asyncpg.connect(**as_owner(bench.settings, main_database(bench.settings)))
    try:
        for table, *rows in _ROWS:
            await _insert(connection, MAIN.tables[f"ipp.{table}"], rows)
    finally:
        await connection.close()


_ASKED = (in_force(PRIVACY, today(NOW)).name, "en", "May we write to you?")
_ASKED_AS = sha256("\0".join(_ASKED).encode()).digest()
_ROWS: tuple[tuple[Any, ...], ...] = (
    ("payer", {"email": sealed("email")}),
    ("checkout", {"id": CHECKOUT, "amount_hundredths": 1200, "currency": "DKK", "transaction_type": "ECOM"}),
    ("card", {"id": CARD, "number": sealed("number"), "number_key": 1, "first6": "411111", "last4": "1111"}),
    ("payment", {"id": PAYMENT, "method": "AUTH", "state": "APPROVED"}),
    ("payment_action", {"id": ACTION, "method": "AUTH", "result": "ACK", "auth_code": "123456", "settled_at": NOW}),
    ("ledger_line", {"entry_id": ENTRY, "line": 1, "amount_minor": 1200}, {"entry_id": ENTRY, "line": 2,
                                                                         "amount_minor": -1200}),
    ("consent_text", {"digest": _ASKED_AS, **dict(zip(("version", "language", "text"), _ASKED, strict=True))}),
    ("consent", {"tenant_id": COMPANY, "id": YES, "text_digest": _ASKED_AS, "said": "given", "purpose": "news",
                 "channel": "email", "how": "account", "created_at": NOW - timedelta(days=1)}),
    ("letter", {"tenant_id": COMPANY, "id": LETTER, "kind": "news", "language": "en", "state": "SENT", "sent_at": NOW,
                "address": sealed("address")}),
)  # fmt: skip
_KNOWN = {"company_id": COMPANY, "person_id": PAYER, "checkout_id": CHECKOUT, "card_id": CARD, "payment_id": PAYMENT,
        "action_id": ACTION, "currency": "DKK", "amount_minor": 1200}  # fmt: skip
_FILLERS: tuple[tuple[type, Any], ...] = (
    (Boolean, False), (Integer, 0), (DateTime, NOW), (LargeBinary, bytes(32)), (ARRAY, []), (String, ""),
)  # fmt: skip


async def _insert(
    connection: "asyncpg.Connection[asyncpg.Record]", table: SqlTable, rows: list[dict[str, Any]]
) -> None:
    """Rows with what was given, in one statement; other columns that must hold something hold something."""
    known = [{**_KNOWN, **row} for row in rows]
    columns = [c for c in table.c if c.name in known[0] or not c.nullable]
    values = [row.get(c.name, _filler(c)) for row in known for c in columns]
    places = (f"({', '.join(f'${n * len(columns) + m + 1}' for m in range(len(columns)))})" for n in range(len(rows)))
    names = ", ".join(c.name for c in columns)
    await connection.execute(f"insert into ipp.{table.name} ({names}) values {', '.join(places)}", *values)


def _filler(column: "Column[Any]") -> Any:
    return next(value for kind, value in _FILLERS if isinstance(column.type, kind))
