"""`ippgateway ledger check`: recompute the books from the raw lines and compare them with everything else.

Reads as the owner, all companies, one snapshot. What each action posts is written down here once more, from
`docs/reference/ledger.md` and not from the code that posts, so that a mistake there can't hide itself.
"""

import asyncio
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import asyncpg

from ippgateway.app.database.access import as_owner, main_database
from ippgateway.app.settings import Settings
from ippgateway.privacy.zones import owner_role

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]

MOST_SHOWN = 20
"""Of each kind of difference, this many are named; all are counted."""

_POSTS = (
    ("AUTH", "holds_at_issuers", 1), ("AUTH", "authorised", -1),
    ("INCREMENTAL", "holds_at_issuers", 1), ("INCREMENTAL", "authorised", -1),
    ("SALE", "due_from_acquirer", 1), ("SALE", "due_to_merchant", -1),
    ("CAPTURE", "authorised", 1), ("CAPTURE", "holds_at_issuers", -1),
    ("CAPTURE", "due_from_acquirer", 1), ("CAPTURE", "due_to_merchant", -1),
    ("VOID", "authorised", 1), ("VOID", "holds_at_issuers", -1),
    ("REFUND", "due_to_merchant", 1), ("REFUND", "due_from_acquirer", -1),
)  # fmt: skip
"""Action, account, debit (1) or credit (-1); always the action's whole amount."""

_POSTED = ", ".join(f"('{action}', '{account}', {sign})" for action, account, sign in _POSTS)

_UNBALANCED = """
select company_id || ' entry ' || entry_id || ' ' || currency || ': off by ' || sum(amount_minor)
  from ipp.ledger_line group by company_id, entry_id, currency having sum(amount_minor) <> 0
"""

# Every approved action has exactly its lines, in one entry; what is unknown, declined or reversed has none.
_OTHER_LINES = f"""
with posts (method, account, sign) as (values {_POSTED}),
wanted as (
    select a.company_id, a.id as action_id, p.account, (p.sign * a.amount_minor)::bigint as minor, a.currency::text
      from ipp.payment_action a join posts p on p.method = a.method where a.result = 'ACK'),
found as (
    select company_id, action_id, account::text, amount_minor as minor, currency::text from ipp.ledger_line)
select company_id || ' action ' || action_id || ': ' || what || ' ' || account || ' ' || minor || ' ' || currency
  from (select 'lacks' as what, * from (select * from wanted except all select * from found) m
        union all
        select 'has beyond its due', * from (select * from found except all select * from wanted) m) d
"""

_ENTRIES = """
select company_id || ' action ' || action_id || ': ' || count(distinct entry_id) || ' entries'
  from ipp.ledger_line group by company_id, action_id having count(distinct entry_id) > 1
"""

# What the lines alone say of a payment, beside what its columns say.
_BALANCES = """
with lines as (
    select a.company_id, a.payment_id, l.account, l.amount_minor as minor, l.currency
      from ipp.ledger_line l join ipp.payment_action a on a.company_id = l.company_id and a.id = l.action_id),
sums as (
    select company_id, payment_id,
           coalesce(sum(minor) filter (where account = 'holds_at_issuers' and minor > 0), 0) as held,
           coalesce(-sum(minor) filter (where account = 'holds_at_issuers' and minor < 0), 0) as released,
           coalesce(sum(minor) filter (where account = 'due_from_acquirer' and minor > 0), 0) as taken,
           coalesce(-sum(minor) filter (where account = 'due_from_acquirer' and minor < 0), 0) as returned,
           array_agg(distinct currency::text) as currencies
      from lines group by company_id, payment_id),
said as (
    select p.company_id, p.id, p.currency::text, coalesce(s.currencies, array[p.currency::text]) as currencies,
           array[p.authorised_minor, p.captured_minor, p.voided_minor, p.refunded_minor] as columns,
           case p.method when 'SALE' then array[coalesce(taken, 0), coalesce(taken, 0), 0, coalesce(returned, 0)]
                else array[coalesce(held, 0), coalesce(taken, 0), coalesce(released - taken, 0), coalesce(returned, 0)]
           end as lines
      from ipp.payment p left join sums s on s.company_id = p.company_id and s.payment_id = p.id)
select company_id || ' payment ' || id || ': authorised, captured, voided, refunded are ' || columns::text
       || ' on the payment and ' || lines::text || ' in the ledger'
  from said where columns::numeric[] <> lines::numeric[] or currencies <> array[currency]
"""

_IMPOSSIBLE = """
select company_id || ' payment ' || id || ': impossible amounts' from ipp.payment
 where least(authorised_minor, captured_minor, capturing_minor, voided_minor, voiding_minor, refunded_minor,
             refunding_minor) < 0
    or captured_minor + capturing_minor + voided_minor + voiding_minor > authorised_minor
    or refunded_minor + refunding_minor > captured_minor
"""

# A payment is approved exactly when what began it is.
_STATES = """
select p.company_id || ' payment ' || p.id || ': ' || p.state || ', and what began it is '
       || coalesce(a.result, 'absent')
  from ipp.payment p left join ipp.payment_action a
    on a.company_id = p.company_id and a.payment_id = p.id and a.method in ('AUTH', 'SALE')
 where (p.state = 'APPROVED') <> (coalesce(a.result, '') = 'ACK')
"""

# What is reserved on a payment is what waits for its outcome, each kind in its column.
_RESERVED = """
with waiting as (
    select company_id, payment_id,
           coalesce(sum(amount_minor) filter (where method = 'INCREMENTAL'), 0) as increasing,
           coalesce(sum(amount_minor) filter (where method = 'CAPTURE'), 0) as capturing,
           coalesce(sum(amount_minor) filter (where method = 'VOID'), 0) as voiding,
           coalesce(sum(amount_minor) filter (where method = 'REFUND'), 0) as refunding
      from ipp.payment_action where result = 'WAIT' group by company_id, payment_id),
said as (
    select p.company_id, p.id,
           array[p.increasing_minor, p.capturing_minor, p.voiding_minor, p.refunding_minor]::numeric[] as columns,
           array[coalesce(increasing, 0), coalesce(capturing, 0), coalesce(voiding, 0),
                 coalesce(refunding, 0)]::numeric[] as actions
      from ipp.payment p left join waiting w on w.company_id = p.company_id and w.payment_id = p.id)
select company_id || ' payment ' || id || ': increasing, capturing, voiding, refunding are ' || columns::text
       || ' on the payment and ' || actions::text || ' by its actions'
  from said where columns <> actions
"""

_MAY_CHANGE = """
select r.rolname || ' may ' || lower(p.privilege) || ' lines'
  from pg_roles r cross join (values ('UPDATE'), ('DELETE'), ('TRUNCATE')) p (privilege)
 where starts_with(r.rolname, $1 || '_') and r.rolname <> $2
   and (has_table_privilege(r.oid, 'ipp.ledger_line', p.privilege)
        or (p.privilege = 'UPDATE' and has_any_column_privilege(r.oid, 'ipp.ledger_line', 'UPDATE')))
"""

_TRIGGER = """
select 'the trigger that holds the balance is off'
 where not exists (select 1 from pg_trigger where tgrelid = 'ipp.ledger_line'::regclass
                   and tgname = 'ledger_balanced' and tgenabled in ('O', 'A'))
"""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Figures, and every kind of difference: its name, how many there are, the first of them in words."""

    companies: int
    entries: int
    lines: int
    accounts: list[tuple[str, str, int]]
    """Account, currency, balance in minor units."""
    differences: dict[str, tuple[int, list[str]]] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        """The differences, a line each."""
        return [f"{name}: {each}" for name, (_, shown) in self.differences.items() for each in shown]


def main(settings: Settings, *, what: str) -> int:
    """Exit code 0 when the books agree with themselves and the payments, 1 on a difference."""
    checked = asyncio.run(check(settings))
    out = sys.stdout.write
    out(f"companies: {checked.companies}, entries: {checked.entries}, lines: {checked.lines}\n")
    for account, of, minor in checked.accounts:
        out(f"  {account:<18} {of} {minor:>16}\n")
    for name, (count, shown) in checked.differences.items():
        out(f"{name}: {count}\n")
        for each in shown:
            out(f"  {each}\n")
    out("the ledger differs\n" if checked.differences else "the ledger agrees\n")
    return 1 if checked.differences else 0


async def check(settings: Settings) -> Checked:
    """Read everything as the owner and compare."""
    connection = await asyncpg.connect(**as_owner(settings, main_database(settings)))
    try:
        return await compare(connection, settings.role_prefix)
    finally:
        await connection.close()


async def compare(connection: "Connection", prefix: str) -> Checked:
    """The same on a connection of the owner, in one snapshot, so that payments may go on."""
    kinds: dict[str, tuple[str, tuple[object, ...]]] = {
        "entries that do not balance": (_UNBALANCED, ()),
        "actions with other lines than theirs": (_OTHER_LINES, ()),
        "actions with several entries": (_ENTRIES, ()),
        "payments with other balances": (_BALANCES, ()),
        "payments with impossible amounts": (_IMPOSSIBLE, ()),
        "payments in another state than their first action": (_STATES, ()),
        "payments with other reservations": (_RESERVED, ()),
        "not append-only": (_MAY_CHANGE, (prefix, owner_role(prefix))),
        "not held by the database": (_TRIGGER, ()),
    }
    found: dict[str, tuple[int, list[str]]] = {}
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        row = await connection.fetchrow(
            "select count(distinct company_id) as companies, count(distinct (company_id, entry_id)) as entries, "
            "count(*) as lines from ipp.ledger_line"
        )
        if row is None:
            raise RuntimeError("a count without a row")
        accounts = await connection.fetch(
            "select account, currency, sum(amount_minor)::bigint as minor from ipp.ledger_line "
            "group by account, currency order by currency, account"
        )
        for name, (sql, args) in kinds.items():
            rows = await connection.fetch(
                f"select count(*) over () as n, t.words from ({sql}) t (words) order by 2 limit {MOST_SHOWN}", *args
            )
            if rows:
                found[name] = (rows[0]["n"], [r["words"] for r in rows])
    return Checked(
        companies=row["companies"], entries=row["entries"], lines=row["lines"],
        accounts=[(r["account"], r["currency"], r["minor"]) for r in accounts], differences=found,
    )  # fmt: skip
