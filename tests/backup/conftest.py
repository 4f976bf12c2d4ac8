"""A Platform that is backed up, loses somebody, and is restored."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from ippgateway.app.database.access import as_admin
from ippgateway.app.local.cluster import Server
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.service import people
from ippgateway.privacy.declare import KEYS
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.zones import Zone
from privacy.shops import open_shop, paying
from rights.people import dump, paid


@dataclass(frozen=True)
class Payer:
    """Somebody who paid: who, at which shop, and what was stored about them then."""

    person: Person
    shop: str
    email: str
    payment_id: str


async def payer(gateway: payments.Gateway, console: Platform, shop: str, email: str) -> Payer:
    """Somebody who has just paid, and whose card may be charged again."""
    _, result = await paid(gateway, shop, email, store_card=True)
    found = await people.payer_of(console, payment_id=result.payment_id)
    return Payer(found.person, shop, email, result.payment_id)


@asynccontextmanager
async def shop_with_console(settings: Settings) -> AsyncIterator[tuple[payments.Gateway, Platform, str]]:
    """The payment zone, the console zone, and a new shop."""
    async with platform_for(Zone.CONSOLE, settings) as console, paying(settings) as gateway:
        yield gateway, console, await open_shop(console)


async def wrapped_keys(settings: Settings, person: Person | None = None) -> set[bytes]:
    """The wrapped keys as they are stored: a person's, or everybody's and the epochs."""
    rows = await dump(settings, KEYS)
    return {
        bytes(row["wrapped"])
        for name, row in rows
        if "wrapped" in row and (person is None or row.get("person_id") == person.person_id)
    }


async def epochs(settings: Settings) -> dict[int, bytes]:
    """The epochs, wrapped, by their number."""
    return {
        row["id"]: bytes(row["wrapped"])
        for name, row in await dump(settings, KEYS)
        if name == "ipp.wrapping_key" and row["kind"] == "epoch"
    }


async def on_disk(settings: Settings) -> None:
    """Whatever the servers have is in their files."""
    for server in Server:
        connection = await asyncpg.connect(**as_admin(settings, server=server))
        await connection.execute("checkpoint")
        await connection.close()


def found_in(folder: Path, wanted: set[bytes]) -> dict[str, int]:
    """How many of `wanted` a file below a folder holds, by the file."""
    found: dict[str, int] = {}
    for path in (p for p in folder.rglob("*") if p.is_file()):
        octets = path.read_bytes()
        if count := sum(each in octets for each in wanted):
            found[str(path.relative_to(folder))] = count
    return found


def row_of(rows: dict[str, Any], table: str) -> dict[str, Any]:
    """The only row of a table."""
    (row,) = rows[table]
    return dict(row)
