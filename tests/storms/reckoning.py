"""The reckoning: the database beside the acquirer's books, payment by payment and action by action."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg

from ippgateway.app import ledger_command
from ippgateway.app.database.access import as_admin, main_database
from ippgateway.app.settings import Settings
from ippsandbox.acquirer.books import Books

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Key = tuple[str, str, str]
"""Terminal, STAN, time of transmission: what makes a message itself."""
Money = tuple[int, int, int]
"""Held, captured, given back, in minor units."""

_ACTIONS = """
select a.id, a.payment_id, a.method, a.result, a.amount_minor, a.currency, a.terminal, a.stan, a.sent_at,
       p.checkout_id, p.state, p.captured_minor, p.refunded_minor,
       p.authorised_minor - p.captured_minor - p.voided_minor as held_minor,
       p.increasing_minor + p.capturing_minor + p.voiding_minor + p.refunding_minor as reserved_minor,
       p.voided_minor = p.authorised_minor as leaves_nothing, n.state as told,
       k.notify_url is not null as wants_to_be_told
  from ipp.payment_action a join ipp.payment p on p.company_id = a.company_id and p.id = a.payment_id
  join ipp.checkout k on k.company_id = p.company_id and k.id = p.checkout_id
  left join ipp.notification n on n.company_id = p.company_id and n.payment_id = p.id
"""
_OPEN = """
select (select count(*) from ipp.payment where state in ('SENT', 'UNKNOWN'))
     + (select count(*) from ipp.payment_action where result = 'WAIT')
     + (select count(*) from ipp.advice where state = 'QUEUED')
"""
_NOTHING: Money = (0, 0, 0)


@dataclass(frozen=True)
class Reckoning:
    """Both sides at one moment."""

    rows: list[asyncpg.Record]
    theirs: dict[Key, dict[str, Any]]
    ledger: list[str]

    def wrong(self) -> list[str]:
        """What does not add up, in ids and words of ours."""
        first = [row for row in self.rows if row["method"] in ("AUTH", "SALE")]
        ours = {_key(row): row for row in self.rows}
        return [
            *self.ledger,
            *(f"{key}: there, unknown here" for key in self.theirs if key not in ours),
            *(f"{_named(row)} {row['method']} has no end" for row in self.rows if row["result"] == "WAIT"),
            *(f"{_named(row)} {row['state']} keeps a reservation" for row in first if row["reserved_minor"]),
            *self._payments(first),
            *self._actions(),
            *_once(first, "checkout_id"),
            *_once(self.rows, "payment_id", "method"),
        ]

    def untold(self, called: set[str]) -> list[str]:
        """Final payments whose shop is owed a call and did not get one. `called`: payments that it was called for."""
        owed = [row for row in self.rows if row["wants_to_be_told"]]
        return [
            f"{_named(row)}: {row['told']}, {'called' if row['payment_id'] in called else 'never called'}"
            for row in owed if row["told"] != "DELIVERED" or row["payment_id"] not in called
        ]  # fmt: skip

    def _payments(self, first: list[asyncpg.Record]) -> list[str]:
        wrong = []
        for row in first:
            there = self.theirs.get(_key(row))
            money = (there["held_minor"], there["captured_minor"], there["refunded_minor"]) if there else _NOTHING
            due = (row["held_minor"], row["captured_minor"], row["refunded_minor"])
            if (row["result"] == "ACK") is not (row["state"] == "APPROVED"):
                wrong.append(f"{_named(row)} {row['state']} is {row['result']}")
            if money != (due if row["state"] == "APPROVED" else _NOTHING):
                wrong.append(f"{_named(row)} {row['state']} {due} here, {money} there")
        return wrong

    def _actions(self) -> list[str]:
        wrong = []
        for row in self.rows:
            if row["method"] in ("AUTH", "SALE"):
                continue
            there = self.theirs.get(_key(row), {"state": "nothing", "amount_minor": 0})
            same = there["state"] == "approved" and there["amount_minor"] == row["amount_minor"]
            if row["method"] == "VOID" and row["leaves_nothing"]:
                continue  # a reversal on the wire, and listed as such: its payment's money tells what came of it
            if (row["result"] == "ACK") is not same:
                wrong.append(f"{_named(row)} {row['method']} {row['result']} here, {there['state']} there")
        return wrong


async def connect(settings: Settings) -> Connection:
    """A way in that sees everything; to be closed."""
    return await asyncpg.connect(**as_admin(settings, main_database(settings)))


async def reckon(settings: Settings, connection: Connection, books: Books) -> Reckoning:
    """Read both."""
    theirs = {(row["terminal"], row["stan"], row["transmitted_at"]): row for row in books.listing()}
    ledger = await ledger_command.compare(connection, settings.role_prefix)
    return Reckoning(await connection.fetch(_ACTIONS), theirs, ledger.words)


async def still_open(connection: Connection) -> int:
    """How many payments, actions and advices have no end."""
    return int(await connection.fetchval(_OPEN))


def _once(rows: list[asyncpg.Record], *columns: str) -> list[str]:
    """Nobody is charged twice, and nothing is done twice: here each is asked for once, however often it is repeated."""
    times = Counter(" ".join(row[each] for each in columns) for row in rows if row["result"] == "ACK")
    return [f"{each}: done {count} times" for each, count in times.items() if count > 1]


def _named(row: asyncpg.Record) -> str:
    return f"{row['checkout_id']} {row['payment_id']}"


def _key(row: asyncpg.Record) -> Key:
    return row["terminal"].strip(), row["stan"], f"{row['sent_at']:%m%d%H%M%S}"
