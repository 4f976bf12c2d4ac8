"""`ippgateway queue`: what has no outcome yet, for staff to see. Ids, states and times; nothing about a person."""

import asyncio
import json
import sys
from typing import Any

import asyncpg

from ippgateway.app.database.access import as_owner, main_database
from ippgateway.app.settings import Settings

_CODE_LENGTH = 2

_UNSETTLED = """
select p.company_id, p.id as payment_id, a.id as action_id, a.method, p.state, coalesce(v.kind, '') as owed,
       coalesce(v.tries, 0) as tries, a.created_at as since, v.next_at, coalesce(v.reason, '') as reason
  from ipp.payment_action a
  join ipp.payment p on p.company_id = a.company_id and p.id = a.payment_id
  left join ipp.advice v on v.company_id = a.company_id and v.action_id = a.id and v.state = 'QUEUED'
 where a.result = 'WAIT' or v.state = 'QUEUED'
 order by a.created_at
"""


def main(settings: Settings, *, as_json: bool) -> int:
    """Print the queue. The exit code."""
    rows = asyncio.run(unsettled(settings))
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return 0
    for row in rows:
        owed = (
            f"{row['owed'].lower()} owed, tried {row['tries']} times, next {row['next_at']}" if row["owed"] else "sent"
        ) + (f", last {_why(row['reason'])}" if row["reason"] else "")
        sys.stdout.write(f"{row['since']}  {row['payment_id']}  {row['method']:<11}  {owed}\n")
    sys.stdout.write(f"without an outcome: {len(rows)}\n")
    return 0


def _why(reason: str) -> str:
    return f"refused with {reason}" if len(reason) == _CODE_LENGTH else reason.replace("_", " ")


async def unsettled(settings: Settings) -> list[dict[str, Any]]:
    """Every action without an outcome, oldest first, and what is owed to the acquirer for it."""
    connection = await asyncpg.connect(**as_owner(settings, main_database(settings)))
    try:
        rows = await connection.fetch(_UNSETTLED)
    finally:
        await connection.close()
    return [{k: v.isoformat(timespec="seconds") if hasattr(v, "isoformat") else v for k, v in r.items()} for r in rows]
