"""What must be true in the end, when the faults have stopped and everything had time to be cleared up."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from ippgateway.app import ledger_command
from ippgateway.app.simulation.acquirer import Account, Key
from ippgateway.app.simulation.loop import BEGINNING
from ippgateway.app.simulation.programs import World
from ippgateway.app.simulation.shops import Memory

_MOST_CALLS = 7

UNSETTLED = """
select (select count(*) from ipp.payment where state in ('SENT', 'UNKNOWN'))
     + (select count(*) from ipp.payment_action where result = 'WAIT')
     + (select count(*) from ipp.advice where state = 'QUEUED')
"""

OWED = "select count(*) from ipp.notification where state = 'PENDING'"

_AWAY = {"database_unavailable", "connection_does_not_exist_error", "connection_refused_error"}
"""What a program may say of its database: the errors of `programs.GONE` that are simulated."""

_ACTIONS = """
select a.id, a.payment_id, a.method, a.result, a.amount_minor, a.currency, a.terminal, a.stan, a.sent_at, a.request_id,
       p.checkout_id, p.state, p.authorised_minor, p.captured_minor, p.voided_minor, p.refunded_minor,
       p.authorised_minor - p.captured_minor - p.voided_minor as open_minor,
       p.increasing_minor + p.capturing_minor + p.voiding_minor + p.refunding_minor as reserved_minor
  from ipp.payment_action a join ipp.payment p on p.company_id = a.company_id and p.id = a.payment_id order by a.id
"""

_EVENTS = """
select p.id as payment_id, p.state, array_agg(e.kind::text order by e.kind) as kinds from ipp.payment p
  left join ipp.event e on e.company_id = p.company_id and e.subject_id = p.id group by p.company_id, p.id
"""

_TOLD_OF = {
    "APPROVED": ["payment.approved"], "DECLINED": ["payment.declined"],
    "REVERSED": ["payment.reversed", "payment.unknown"],
}  # fmt: skip

_NOTIFICATIONS = """
select p.id as payment_id, p.checkout_id, p.state as payment_state, n.state, n.tries, n.last_at
  from ipp.payment p left join ipp.notification n on n.company_id = p.company_id and n.payment_id = p.id order by p.id
"""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How much happened, so that a simulation of nothing is noticed."""

    payments: int
    approved: int
    actions: int
    calls: int


NOTHING = Figures(payments=0, approved=0, actions=0, calls=0)


def regretted(said: str) -> list[str]:
    """Errors in the program's log that a database which goes away does not explain. `said`: a JSON object per line."""
    lines = [json.loads(line) for line in said.splitlines()]
    return [
        f"the program said {line['event']}: {line['error']} {line.get('at_0', '')}"
        for line in lines
        if line.get("error", "database_unavailable") not in _AWAY
    ]


def examine(world: World, memory: Memory) -> tuple[Figures, list[str]]:
    """Everything that is wrong, in sentences of ids and words of ours."""
    server = world.server
    rows = server.do(server.main.fetch(_ACTIONS))
    notifications = server.do(server.main.fetch(_NOTIFICATIONS))
    events = server.do(server.main.fetch(_EVENTS))
    ledger = server.do(ledger_command.compare(server.main, server.settings.role_prefix))
    first = [row for row in rows if row["method"] in ("AUTH", "SALE")]
    wrong = [
        *world.wrong,
        *(f"host: {each}" for each in world.host.surprises),
        *ledger.words,
        *_settled(rows),
        *_same_books(world, first),
        *_same_actions(world, rows),
        *_charged_once(world, first),
        *_kept_word(memory, rows),
        *_notified(world, memory, notifications),
        *(
            f"{e['payment_id']}: {e['state']} with {e['kinds']}"
            for e in events
            if e["kinds"] != _TOLD_OF.get(e["state"])
        ),
    ]
    figures = Figures(
        payments=len(first), approved=sum(row["state"] == "APPROVED" for row in first), actions=len(rows) - len(first),
        calls=len(memory.calls),
    )  # fmt: skip
    return figures, wrong


def _settled(rows: list[asyncpg.Record]) -> list[str]:
    """Nothing is unknown any more, and nothing is reserved."""
    wrong = [f"{row['id']}: {row['method']} is still unknown" for row in rows if row["result"] == "WAIT"]
    wrong += [f"{row['payment_id']}: still {row['state']}" for row in rows if row["state"] in ("SENT", "UNKNOWN")]
    return wrong + [f"{row['payment_id']}: something stays reserved" for row in rows if row["reserved_minor"]]


def _same_books(world: World, first: list[asyncpg.Record]) -> list[str]:
    """Payment for payment, the host has what we have; what we call failed holds and took nothing there."""
    ours = {_key(row): row for row in first}
    wrong = [f"{key[1]}: unknown here, booked there" for key in world.host.accounts if key not in ours]
    for key, row in ours.items():
        there = world.host.accounts.get(key)
        if row["state"] == "APPROVED":
            if there is None or not there.approved or there.reversed:
                wrong.append(f"{row['payment_id']}: approved here, not there")
            elif _ours(row) != _theirs(there):
                wrong.append(f"{row['payment_id']}: {_ours(row)} here, {_theirs(there)} there")
        elif there is not None and there.approved and not there.reversed:
            wrong.append(f"{row['payment_id']}: {row['state']} here, approved there")
    return wrong


def _ours(row: asyncpg.Record) -> str:
    return _words(row["authorised_minor"], row["open_minor"], row["captured_minor"], row["refunded_minor"],
                  row["currency"])  # fmt: skip


def _theirs(account: Account) -> str:
    return _words(account.authorised_minor, account.held_minor, account.captured_minor, account.refunded_minor,
                  account.currency)  # fmt: skip


def _words(authorised: int, held: int, captured: int, refunded: int, of: str) -> str:
    return f"authorised {authorised}, held {held}, captured {captured}, refunded {refunded} {of}"


def _same_actions(world: World, rows: list[asyncpg.Record]) -> list[str]:
    """Each capture, refund and increment is booked there if and only if it succeeded here, with the same amount."""
    ours = {_key(row): row for row in rows if row["method"] in ("CAPTURE", "REFUND", "INCREMENTAL")}
    wrong = [f"{key[1]}: an action there that nobody has here" for key in world.host.booked if key not in ours]
    for key, row in ours.items():
        due = row["amount_minor"] if row["result"] == "ACK" else None
        if world.host.booked.get(key) != due:
            wrong.append(f"{row['id']}: {row['method']} {row['result']} here, {world.host.booked.get(key)} there")
    return wrong


def _charged_once(world: World, first: list[asyncpg.Record]) -> list[str]:
    """No checkout is approved twice, neither here nor there."""
    here = Counter(row["checkout_id"] for row in first if row["state"] == "APPROVED")
    checkout_of = {_key(row): row["checkout_id"] for row in first}
    there = Counter(
        checkout_of.get(key, "") for key, each in world.host.accounts.items() if each.approved and not each.reversed
    )
    return [f"{checkout}: charged {times} times" for checkout, times in (here | there).items() if times > 1]


def _kept_word(memory: Memory, rows: list[asyncpg.Record]) -> list[str]:
    """What a shop was told is on record, and one key made one action."""
    record = {row["id"]: row["result"] for row in rows}
    record |= {row["payment_id"]: row["result"] for row in rows if row["method"] in ("AUTH", "SALE")}
    wrong = [
        f"{what}: told {said.value}, {record.get(what, 'nothing')} on record"
        for what, said in memory.told.items()
        if record.get(what) != said.value
    ]
    requests = Counter(row["request_id"] for row in rows if row["request_id"])
    return wrong + [f"{request}: {times} actions of one request" for request, times in requests.items() if times > 1]


def _notified(world: World, memory: Memory, rows: list[asyncpg.Record]) -> list[str]:
    """Every final payment was told to a shop that wants to know, or as often as is due; never after a yes."""
    wrong = []
    called = defaultdict(list)
    for call in memory.calls:
        called[call.payment_id].append(call)
    for row in rows:
        wanted, calls = row["checkout_id"] in memory.notified, called.get(row["payment_id"], [])
        match row["state"]:
            case None if wanted and row["payment_state"] not in ("SENT", "UNKNOWN"):
                wrong.append(f"{row['payment_id']}: no notification is owed")
            case "DELIVERED":
                if not any(call.heard for call in calls):
                    wrong.append(f"{row['payment_id']}: delivered, but the shop never said yes")
                told_s = (row["last_at"] - BEGINNING) / timedelta(seconds=1)
                if any(call.at_s > told_s for call in calls):
                    wrong.append(f"{row['payment_id']}: called again after the shop's yes was recorded")
            case "FAILED" if len(calls) < _MOST_CALLS:
                wrong.append(f"{row['payment_id']}: given up after {len(calls)} calls")
            case "PENDING":
                wrong.append(f"{row['payment_id']}: the notification is still owed")
    known = {row["payment_id"] for row in rows if row["state"] is not None}
    return wrong + [f"{each}: called without owing it" for each in called if each not in known]


def _key(row: asyncpg.Record) -> Key:
    return row["terminal"], row["stan"], row["sent_at"]
