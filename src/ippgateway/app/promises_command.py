"""`ippgateway promises`: how it stands with every promise, found out on the running system.

The exit code is 0 whenever the report could be made, also when a promise is broken: the report is the answer.
"""

import asyncio
import json
import sys
import textwrap
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import asyncpg
from sqlalchemy import MetaData

import ippgateway
from ippgateway.app import promises_posting
from ippgateway.app.database.access import as_zone, keys_database, main_database
from ippgateway.app.database.keys import stored
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import api_address, origin
from ippgateway.connectors.smtp.message import message
from ippgateway.core import log
from ippgateway.core.clock import SystemClock
from ippgateway.core.ids import SystemRandomness
from ippgateway.domains.mail.ports import Outgoing
from ippgateway.privacy.declare import MAIN
from ippgateway.privacy.trust import Promise
from ippgateway.privacy.zones import Zone
from ippgateway.promises.checks import CHECKS
from ippgateway.promises.context import Answer, Ask, Context, Link
from ippgateway.promises.finding import Finding
from ippgateway.promises.register import REGISTER
from ippgateway.promises.report import as_row, findings

_TIMEOUT_S = 10.0
_HTTPS = 443
_SERVES = 200
_LARGEST_ANSWER = 1_000_000
_WIDTH = 100
_OWN_FORM = {"sec-fetch-site": "same-origin"}
"""What a browser says of a form that a page sends to its own origin."""


def main(settings: Settings, *, as_json: bool, publish: bool, keep: bool) -> int:
    """Print the report, and with `publish` show it on the site. `keep`: print nothing and publish by schedule, until a
    signal ends it. The exit code."""
    log.start(settings.log_level)
    if keep:
        asyncio.run(
            promises_posting.run(settings, partial(found, settings), partial(ready, settings), clock=SystemClock())
        )
        return 0
    seen = asyncio.run(found(settings))
    if publish:
        promises_posting.post(settings, seen, at=SystemClock().now())
    rows = [as_row(promise.id, finding) for promise, finding in seen]
    sys.stdout.write((json.dumps(rows, indent=2) if as_json else told(rows)) + "\n")
    return 0


async def found(settings: Settings) -> list[tuple[Promise, Finding]]:
    """What is found on the installation of these settings."""
    async with _asking(settings) as ask:
        return await findings(context_of(settings, ask), CHECKS)


async def ready(settings: Settings) -> bool:
    """Whether it serves by now. Raises OSError when nobody answers."""
    async with _asking(settings) as ask:
        return (await ask("health/ready", None)).status == _SERVES


@asynccontextmanager
async def _asking(settings: Settings) -> AsyncIterator[Ask]:
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, timeout=timeout) as session:
        yield over_http(session, settings)


def context_of(settings: Settings, ask: Ask) -> Context:
    """The installation as the checks see it."""

    @asynccontextmanager
    async def connect(zone: Zone, of: MetaData) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
        name = main_database(settings) if of is MAIN else keys_database(settings)
        connection = await asyncpg.connect(**as_zone(settings, zone, name), timeout=_TIMEOUT_S)
        try:
            yield connection
        finally:
            connection.terminate()

    randomness = SystemRandomness()
    return Context(
        role_prefix=settings.role_prefix, connect=connect, ask=ask, links=links(settings), keys_dir=settings.keys_dir,
        secrets_dir=settings.secrets_dir, log_dir=settings.log_dir, source_dir=Path(ippgateway.__file__).parent,
        operator=settings.operator_name,
        clock=SystemClock(), randomness=randomness, as_sent=_as_sent,
        token=None if settings.master_keys == "file" else lambda: stored(settings, randomness),
    )  # fmt: skip


def _as_sent(letter: Outgoing) -> str:
    """A letter as the mail connector writes it, to an address that is nobody's."""
    return message(letter, sender="sender@promise.example", to="reader@promise.example").as_string()


def links(settings: Settings) -> tuple[Link, ...]:
    """Where personal or financial data leaves a process. (How the databases are reached, the checks ask them.)"""
    directory = urlsplit(settings.directory_url)
    return (
        _entrance(settings),
        Link(name="the acquirer link", host=settings.acquirer_host, encrypted=settings.acquirer_tls),
        Link(name="the 3-D Secure link", host=directory.hostname or "", encrypted=directory.scheme == "https"),
        Link(name="the mail link", host=settings.smtp_host, encrypted=settings.smtp_tls != "off"),
        *_breaches(settings),
    )


def _breaches(settings: Settings) -> tuple[Link, ...]:
    """Where new passwords are asked about, if that is anywhere."""
    if settings.breaches_url is None:
        return ()
    at = urlsplit(settings.breaches_url)
    return (Link(name="the breach list's link", host=at.hostname or "", encrypted=at.scheme == "https"),)


def _entrance(settings: Settings) -> Link:
    """Where browsers and clients arrive: at our own listener, or at the proxy in front of it."""
    at, name = urlsplit(origin(settings, "pay")), "the payment entrance"
    if settings.tls_certificate is not None:
        return Link(name=name, host=settings.host, port=settings.port, encrypted=True)
    if at.scheme == "https":
        return Link(name=name, host=at.hostname or "", port=at.port or _HTTPS, encrypted=True)
    return Link(name=name, host=settings.host, port=settings.port, encrypted=False)


def over_http(session: aiohttp.ClientSession, settings: Settings) -> Ask:
    """Requests to the one address, and to a face at its own name there."""

    async def ask(path: str, fields: Mapping[str, str] | None, host: str = "") -> Answer:
        method = "GET" if fields is None else "POST"
        address, headers = _reached(settings, host)
        url = f"{address}/{path}"
        async with session.request(method, url, data=fields, headers=headers, allow_redirects=False) as response:
            body = await _whole(response)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, _object(body), headers, body.decode("utf-8", "replace"))

    return ask


def _reached(settings: Settings, host: str) -> tuple[str, dict[str, str]]:
    """Where a face is reached, and what a browser would say. Without TLS it is on this machine, where a name below
    localhost need not be known to anybody: it is said instead of looked up."""
    if not host:
        return api_address(settings), {}
    at = origin(settings, host)
    if at.startswith("https:"):
        return at, _OWN_FORM
    return api_address(settings), {**_OWN_FORM, "host": urlsplit(at).netloc}


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    while len(body) < _LARGEST_ANSWER and (part := await response.content.read(_LARGEST_ANSWER - len(body))):
        body += part
    return body


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def told(rows: list[dict[str, Any]]) -> str:
    """The report as text: what there is to say of each promise, then those that are not built."""
    titles = {promise.id: promise.title.en for promise in REGISTER}
    counts = {
        status: sum(row["status"] == status for row in rows) for status in ("kept", "partly", "broken", "not built")
    }
    lines = [", ".join(f"{count} {status}" for status, count in counts.items()) + f", of {len(rows)} promises", ""]
    for row in rows:
        if row["status"] != "not built":
            lines += [f"{row['id']:<11}{row['status']:<11}{titles[row['id']]}"]
            lines += textwrap.wrap(row["evidence"], _WIDTH, initial_indent=" " * 22, subsequent_indent=" " * 22)
    waiting = ", ".join(row["id"] for row in rows if row["status"] == "not built")
    return "\n".join([*lines, "", *textwrap.wrap(f"Not built: {waiting}", _WIDTH, break_on_hyphens=False)])
