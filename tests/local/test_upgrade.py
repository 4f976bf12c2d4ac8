"""An installation of an earlier version keeps what it has when the program is renewed."""

from typing import TYPE_CHECKING

import asyncpg

from ippgateway.app.database import migrate
from ippgateway.app.database.access import as_admin, as_owner, main_database
from ippgateway.app.setup import setup
from ippgateway.privacy.declare import MAIN
from running import Scratch

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]

COMPANY, CARD, OTHER_CARD, PAYMENT = "comp-anyc-ompa", "card-card-card", "card-card-good", "paym-entp-ayme"
_SOMETHING = {
    "character varying": "'x'", "timestamp with time zone": "now()", "boolean": "false", "bytea": "'x'",
    "smallint": "1", "integer": "1", "bigint": "1",
}  # fmt: skip


async def insert(connection: "Connection", table: str, **given: str) -> None:
    """A row with what is given; the other columns that must have a value get any."""
    columns = await connection.fetch(
        "select column_name as name, data_type as type from information_schema.columns where table_schema = 'ipp' "
        "and table_name = $1 and is_nullable = 'NO' and column_default is null and is_generated = 'NEVER'",
        table,
    )
    values = {c["name"]: _SOMETHING[c["type"]] for c in columns}
    values |= {name: f"'{value}'" for name, value in given.items()}
    await connection.execute(f"insert into ipp.{table} ({', '.join(values)}) values ({', '.join(values.values())})")


async def test_a_card_that_was_refused_for_good_stays_so(scratch: Scratch) -> None:
    settings = await scratch()
    name = main_database(settings)
    owner = await asyncpg.connect(**as_owner(settings, name))
    await owner.execute("drop schema ipp cascade; drop schema jobs cascade")
    await owner.close()
    await migrate.upgrade(as_owner(settings, name), MAIN, to="0001")
    rows = await asyncpg.connect(**as_admin(settings, name))
    await rows.execute("set session_replication_role = replica")  # neither parents nor triggers: only what is asked
    for card in (CARD, OTHER_CARD):
        await insert(rows, "card", company_id=COMPANY, id=card)
    await insert(rows, "payment", company_id=COMPANY, id=PAYMENT, card_id=CARD, method="AUTH",
                 state="DECLINED")  # fmt: skip
    await insert(rows, "payment_action", company_id=COMPANY, id="a", payment_id=PAYMENT, method="AUTH",
                 result="NOK", reason="stolen_card", again="NEVER", response_code="43",
                 settled_at="2026-03-01")  # fmt: skip

    await setup(settings)

    cards = await rows.fetch("select id, refused_at::date::text as on, refused_reason, refused_code from ipp.card")
    await rows.close()
    assert {tuple(card) for card in cards} == {
        (CARD, "2026-03-01", "stolen_card", "43"), (OTHER_CARD, None, None, None),
    }  # fmt: skip
