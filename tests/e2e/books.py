"""The books of both sides: ours as the database holds them, the acquirer's as it shows them; and their comparison."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp
import asyncpg

from ippgateway.app.database.access import as_admin, main_database
from ippgateway.app.settings import Settings

from .client import until

Key = tuple[str, str, str, str]
"""Terminal, STAN, retrieval reference, transmission time (MMDDhhmmss): what makes one request one."""

_OURS = """
select a.company_id, a.id as action_id, a.payment_id, p.checkout_id, p.state, a.result, a.method, a.amount_minor,
       a.currency, a.terminal, a.stan, a.rrn, a.sent_at
  from ipp.payment_action a join ipp.payment p on p.company_id = a.company_id and p.id = a.payment_id
 where a.method in ('AUTH', 'SALE')
"""
_PAYMENTS = {"authorisation", "sale"}
_OPEN = """
select (select count(*) from ipp.payment where state in ('SENT', 'UNKNOWN'))
     + (select count(*) from ipp.advice where state = 'QUEUED')
"""


@dataclass(frozen=True, kw_only=True)
class Ours:
    """One request to the acquirer as we have it on record."""

    action_id: str
    payment_id: str
    checkout_id: str
    state: str
    result: str
    amount_minor: int
    currency: str
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class Theirs:
    """One request as the acquirer booked it; `state` is approved, declined or reversed."""

    state: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class Books:
    """Both sides at one moment."""

    ours: dict[Key, Ours] = field(default_factory=dict)
    theirs: dict[Key, Theirs] = field(default_factory=dict)

    def since(self, before: "Books") -> "Books":
        """What is new."""
        return Books(
            {key: row for key, row in self.ours.items() if key not in before.ours},
            {key: row for key, row in self.theirs.items() if key not in before.theirs},
        )

    def differences(self) -> list[str]:
        """Where the two do not say the same. Empty when everything is settled and nobody is wronged."""
        found = [f"{row.payment_id}: still {row.state}" for row in self.ours.values() if row.result == "WAIT"]
        for key, row in self.ours.items():
            there = self.theirs.get(key)
            if (row.result == "ACK") != (there is not None and there.state == "approved"):
                found.append(f"{row.payment_id}: {row.state} here, {there.state if there else 'unseen'} there")
            if there is not None and (row.amount_minor, row.currency) != (there.amount_minor, there.currency):
                found.append(f"{row.payment_id}: another amount there")
        found += [f"{key}: {row.state} there, unknown here" for key, row in self.theirs.items() if key not in self.ours]
        charged = Counter(row.checkout_id for row in self.ours.values() if row.result == "ACK")
        return found + [f"{checkout}: charged {times} times" for checkout, times in charged.items() if times > 1]


@dataclass(frozen=True)
class Ledgers:
    """Both books since a moment."""

    settings: Settings
    before: Books

    @classmethod
    async def begin(cls, settings: Settings) -> "Ledgers":
        """From now on."""
        return cls(settings, await read_books(settings))

    async def now(self) -> Books:
        """What both hold that is new."""
        return (await read_books(self.settings)).since(self.before)

    async def settled(self) -> Books:
        """The same, once nothing is under way any more; fails when they differ then."""
        await until(lambda: _nothing_open(self.settings), "everything settled")
        books = await self.now()
        assert books.differences() == []
        return books


async def _nothing_open(settings: Settings) -> bool:
    return await unsettled(settings) == 0


async def read_books(settings: Settings) -> Books:
    """Both books of authorisations and sales now; what follows on them (captures, refunds) is compared elsewhere."""
    connection = await asyncpg.connect(**as_admin(settings, main_database(settings)))
    try:
        rows = await connection.fetch(_OURS)
    finally:
        await connection.close()
    entries = json.loads(await _sandbox(settings, "GET", "books"))
    payments = [each for each in entries if each["kind"] in _PAYMENTS]
    return Books({_key(row): _ours(row) for row in rows}, {_their_key(each): _theirs(each) for each in payments})


async def unsettled(settings: Settings) -> int:
    """How many payments and messages to the acquirer are still under way."""
    return int(await value(settings, _OPEN))


async def value(settings: Settings, sql: str, *args: object) -> Any:
    """One value of our database, read as its administrator."""
    connection = await asyncpg.connect(**as_admin(settings, main_database(settings)))
    try:
        return await connection.fetchval(sql, *args)
    finally:
        await connection.close()


async def play(settings: Settings, mode: str) -> None:
    """Have the sandbox acquirer be `normal`, `silent` or `drop` connections."""
    await _sandbox(settings, "POST", "faults", {"mode": mode})


async def _sandbox(settings: Settings, method: str, path: str, body: object = None) -> bytes:
    url = f"http://127.0.0.1:{settings.sandbox_books_port}/{path}"
    async with aiohttp.ClientSession() as http, http.request(method, url, json=body) as answer:
        assert answer.status == 200
        return await answer.read()


def _key(row: asyncpg.Record) -> Key:
    return row["terminal"].strip(), row["stan"], row["rrn"], f"{row['sent_at']:%m%d%H%M%S}"


def _their_key(entry: dict[str, Any]) -> Key:
    return entry["terminal"], entry["stan"], entry["rrn"], entry["transmitted_at"]


def _ours(row: asyncpg.Record) -> Ours:
    return Ours(
        action_id=row["action_id"], payment_id=row["payment_id"], checkout_id=row["checkout_id"], state=row["state"],
        result=row["result"], amount_minor=row["amount_minor"], currency=_NUMBERS.get(row["currency"], ""),
        sent_at=row["sent_at"],
    )  # fmt: skip


def _theirs(entry: dict[str, Any]) -> Theirs:
    return Theirs(state=entry["state"], amount_minor=entry["amount_minor"], currency=entry["currency"])


# ISO 4217, the currencies that the tests pay in.
_NUMBERS = {
    "DKK": "208", "SEK": "752", "NOK": "578", "EUR": "978", "USD": "840", "GBP": "826", "PLN": "985", "ISK": "352",
    "JPY": "392", "KWD": "414",
}  # fmt: skip
