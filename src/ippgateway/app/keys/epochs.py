"""Wrapping epochs: made, everything wrapped anew under the newest, and the old ones destroyed so that nothing is left.

A person's key that was destroyed is still in a dead row or in the log for a while. Nobody can read it there once the
epoch that wrapped it is destroyed, and of that nothing may be left either: its table is written anew, which leaves out
dead rows, and the log is brought to an end and removed (the settings of the key server see to that).
"""

from datetime import timedelta

import asyncpg

from ippgateway.app.database.access import as_admin, keys_database
from ippgateway.app.database.keys import master
from ippgateway.app.keys.ways import Connection, audited, epochs, keys_owner
from ippgateway.app.local.cluster import Server
from ippgateway.app.settings import Settings
from ippgateway.core.clock import Clock
from ippgateway.core.ids import Randomness
from ippgateway.privacy import masterkeys
from ippgateway.privacy.persons import key_place, wrapping_place
from ippgateway.privacy.sealing import KEY_OCTETS, SealingKey

_BATCH = 1_000
UNUSED_FOR = timedelta(minutes=10)
"""How long a key must have had a successor before it is destroyed: longer than any process goes without noticing."""
_WRITTEN_ANEW_MOST = 16 * 1024 * 1024
"""Octets. A larger table of persons' keys would be locked too long; its dead rows are under a destroyed epoch."""


async def new_key(
    settings: Settings, name: str, table: str, kind: str, *, clock: Clock, randomness: Randomness, beyond: int = 0
) -> int:
    """Make a key of a kind, under the master key `name`, and store it. Its number, which is `beyond` a given one."""
    async with keys_owner(settings) as connection, connection.transaction():
        await connection.execute(f"lock table ipp.{table} in exclusive mode")
        number = max(beyond, int(await connection.fetchval(f"select max(id) from ipp.{table}"))) + 1
        wrapped = master(settings, name, randomness).wrap(randomness.octets(KEY_OCTETS), wrapping_place(kind, number))
        await connection.execute(
            f"insert into ipp.{table} (id, kind, wrapped, created_at) values ($1, $2, $3, $4)",
            number, kind, wrapped, clock.now(),
        )  # fmt: skip
    await audited(settings, f"keys.{kind}_made", f"{kind}.{number}")
    return number


async def new_epoch(settings: Settings, *, clock: Clock, randomness: Randomness) -> int:
    """Make an epoch. New persons' keys are wrapped under it as soon as a process notices."""
    return await new_key(settings, masterkeys.PERSONS, "wrapping_key", "epoch", clock=clock, randomness=randomness)


async def rewrap(settings: Settings, *, randomness: Randomness) -> int:
    """Wrap every person's key under the newest epoch, in batches, each a transaction. How many there were."""
    done = 0
    async with keys_owner(settings) as connection:
        known = await epochs(settings, connection, randomness)
        while moved := await _rewrap_batch(connection, known, randomness):
            done += moved
    return done


async def _rewrap_batch(connection: Connection, known: dict[int, SealingKey], randomness: Randomness) -> int:
    newest = max(known)
    async with connection.transaction():
        found = await connection.fetch(
            "select controller, person_id, ground, epoch, wrapped, other_epoch, other from ipp.person_key "
            "where epoch < $1 or other_epoch < $1 limit $2 for update skip locked",
            newest, _BATCH,
        )  # fmt: skip
        rows = []
        for row in found:
            place = key_place(row["controller"], row["person_id"], row["ground"])
            wrapped = known[newest].seal(known[row["epoch"]].open(row["wrapped"], place), place, randomness)
            other = row["other"]
            if other is not None:
                other = known[newest].seal(known[row["other_epoch"]].open(other, place), place, randomness)
            rows.append((row["controller"], row["person_id"], row["ground"], wrapped, other))
        if rows:
            await connection.execute(
                "update ipp.person_key k set epoch = $1::integer, wrapped = n.wrapped, other = n.other, "
                "other_epoch = case when n.other is null then null else $1::integer end "
                "from unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::bytea[]) "
                "as n(controller, person_id, ground, wrapped, other) "
                "where k.controller = n.controller and k.person_id = n.person_id and k.ground = n.ground",
                newest, *zip(*rows, strict=True),
            )  # fmt: skip
    return len(found)


async def retire(settings: Settings, *, clock: Clock) -> int:
    """Destroy the superseded epochs that wrap nothing any more, and what is left of them. How many."""
    async with keys_owner(settings) as connection:
        rows = await connection.fetch(
            "delete from ipp.wrapping_key k where kind = 'epoch' "
            "and not exists (select 1 from ipp.person_key p where p.epoch = k.id or p.other_epoch = k.id) "
            "and exists (select 1 from ipp.wrapping_key n "
            "  where n.kind = 'epoch' and n.id > k.id and n.created_at < $1) returning id",
            clock.now() - UNUSED_FOR,
        )  # fmt: skip
    for row in rows:
        await audited(settings, "keys.epoch_destroyed", f"epoch.{row['id']}")
    return len(rows)


async def leave_nothing(settings: Settings) -> None:
    """Write the tables of keys anew without their dead rows, and end and remove the log that they were in."""
    async with keys_owner(settings) as connection:
        for table in ("wrapping_key", "vault_key", "person_key"):
            size = await connection.fetchval("select pg_table_size($1::regclass)", f"ipp.{table}")
            await connection.execute(f"vacuum {'(full)' if size <= _WRITTEN_ANEW_MOST else ''} ipp.{table}")
    admin = await asyncpg.connect(**as_admin(settings, keys_database(settings), server=Server.KEYS))
    try:
        # The first makes sure that nothing of the log is needed, the second removes what lies before the switch.
        for statement in ("checkpoint", "select pg_switch_wal()", "checkpoint"):
            await admin.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        pass  # a server that is not ours ends its log by its own rules
    finally:
        await admin.close()
