"""An installation of its own in the test run's server, with a shop that took one payment: there to be damaged."""

import contextlib
import dataclasses
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlencode

import asyncpg
from sqlalchemy import MetaData
from starlette.types import ASGIApp, Message

from ippgateway.app.database.access import as_admin, as_owner, keys_database, main_database
from ippgateway.app.promises_command import context_of
from ippgateway.app.settings import Settings
from ippgateway.app.setup import setup
from ippgateway.app.wiring import platform_for
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.companies import service as companies
from ippgateway.domains.payments.service import Gateway
from ippgateway.faces.classic.app import classic_app
from ippgateway.faces.classic.face import ClassicSettings
from ippgateway.faces.classic.paths import logical_path
from ippgateway.faces.classic.table import zone_of
from ippgateway.privacy.declare import MAIN
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone
from ippgateway.promises.context import Answer, Context

COMPANY, PAYER, CHECKOUT, CARD, PAYMENT, ACTION, ENTRY = (f"prom-ised-000{n}" for n in range(1, 8))
NAMES = ("canary@promised.example", "Canary Person", "Canary shop")
READY = {"ready": True, "parts": {"database": True, "acquirer": True}}


@dataclass(frozen=True)
class Bench:
    """The installation, and what a test needs to break it."""

    settings: Settings
    context: Context

    async def run(self, sql: str, *, of: MetaData = MAIN, admin: bool = False) -> None:
        """As the owner, or as the server's administrator."""
        name = main_database(self.settings) if of is MAIN else keys_database(self.settings)
        connection = await asyncpg.connect(**(as_admin if admin else as_owner)(self.settings, name))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    def role(self, name: str) -> str:
        return f"{self.settings.role_prefix}_{name}"


@contextlib.asynccontextmanager
async def made(installation: Settings) -> AsyncIterator[Bench]:
    """Set up, furnished, and reached as a running one would be, without its processes."""
    settings = dataclasses.replace(installation, role_prefix="promised", sandbox=False)
    await setup(settings)
    async with platform_for(Zone.CONSOLE, settings) as console, platform_for(Zone.PAY, settings) as pay:
        bench = Bench(settings, dataclasses.replace(context_of(settings, _asking(console, pay)), links=()))
        await _furnish(bench, console)
        yield bench


def _asking(console: Platform, pay: Platform) -> Any:
    face = ClassicSettings(pay_url="http://pay.localhost")
    apps = {
        Zone.CONSOLE: classic_app(zone=Zone.CONSOLE, platform=console, gateway=None, settings=face),
        Zone.PAY: classic_app(zone=Zone.PAY, platform=pay, gateway=cast("Gateway", object()), settings=face),
    }

    async def ask(path: str, fields: Mapping[str, str] | None) -> Answer:
        if path == "health/ready":
            return Answer(200, READY)
        return await _call(apps[zone_of(logical_path(path)) or Zone.CONSOLE], path, urlencode(fields or {}).encode())

    return ask


async def _call(app: ASGIApp, path: str, body: bytes) -> Answer:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": f"/{path}", "query_string": b"", "client": ("127.0.0.1", 9),
        "headers": [(b"content-type", b"application/x-www-form-urlencoded")],
    }  # fmt: skip
    await app(scope, receive, send)
    return Answer(sent[0]["status"], json.loads(sent[1]["body"]))


async def _furnish(bench: Bench, console: Platform) -> None:
    keys = {name: Secret(name * 10) for name in ("key1", "key2")}
    await companies.add(
        console, companies.NewCompany(id=COMPANY, partner_id="", name=NAMES[2], merchant_number="1", mcc="5999", **keys)
    )
    await accounts.add(
        console, accounts.NewUser(audience=Audience.COMPANY, tenant_id=COMPANY, email=NAMES[0], name=NAMES[1],
                                  password=Secret("not to be guessed")),
    )  # fmt: skip
    sealed = "'\\x01' || sha256('a') || sha256('%s')"
    at = f"'{datetime.now(UTC).isoformat()}'"
    await bench.run(f"""
        insert into ipp.payer (company_id, person_id, created_at, email)
        values ('{COMPANY}', '{PAYER}', {at}, {"'\\x01' || sha256('b')"});
        insert into ipp.checkout (company_id, id, person_id, amount_text, amount_hundredths, currency, transaction_type,
            test, store_card, authenticated, declines, created_at, expires_at, digest, cryptogram_digest)
        values ('{COMPANY}', '{CHECKOUT}', '{PAYER}', '12.00', 1200, 'DKK', 'ECOM', true, false, true, 0, {at}, {at},
            sha256('d'), sha256('e'));
        insert into ipp.card (company_id, id, checkout_id, person_id, number_key, created_at, number, fingerprint,
            first6, last4, length, brand, expiry_month, expiry_year)
        values ('{COMPANY}', '{CARD}', '{CHECKOUT}', '{PAYER}', 0, {at}, {sealed % "c"}, sha256('f'), '411111', '1111',
            16, 'visa', 12, 2030);
        insert into ipp.payment (company_id, id, checkout_id, card_id, person_id, method, state, state_at, amount_minor,
            currency, test, purchases, seen_before, created_at)
        values ('{COMPANY}', '{PAYMENT}', '{CHECKOUT}', '{CARD}', '{PAYER}', 'AUTH', 'APPROVED', {at}, 1200, 'DKK',
            true, 1, false, {at});
        insert into ipp.payment_action (company_id, id, payment_id, method, result, reason, again, amount_minor,
            currency, acquirer_id, terminal, stan, rrn, sent_at, response_code, auth_code, created_at, settled_at)
        values ('{COMPANY}', '{ACTION}', '{PAYMENT}', 'AUTH', 'ACK', '', '', 1200, 'DKK', '', 'IPP00001', '000001', '1',
            {at}, '00', '123456', {at}, {at});
        insert into ipp.ledger_line (company_id, entry_id, line, account, amount_minor, currency, action_id, at)
        values ('{COMPANY}', '{ENTRY}', 1, 'a', 1200, 'DKK', '{ACTION}', {at}),
               ('{COMPANY}', '{ENTRY}', 2, 'b', -1200, 'DKK', '{ACTION}', {at});
    """)


