"""`ippgateway keys rotate`: new epoch, new vault key, and everything sealed anew under them, while payments run.

The running zones notice a newer key within half a minute, or at once when they meet it. A key that sealed something
until then stays until `keys retire` finds it unused and long enough superseded.
"""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from ippgateway.app.database.access import as_owner, as_zone, keys_database, main_database
from ippgateway.app.database.keys import master
from ippgateway.app.settings import Settings
from ippgateway.core.clock import SystemClock
from ippgateway.core.database import Database
from ippgateway.core.ids import SystemRandomness
from ippgateway.domains.cards.vault import Vault, number_place
from ippgateway.domains.payments.service.secure import value_place
from ippgateway.privacy import audit, masterkeys
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.persons import key_place, wrapping_place
from ippgateway.privacy.sealing import KEY_OCTETS, SealingKey
from ippgateway.privacy.zones import Zone

_BATCH = 500
_UNUSED_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A column under the vault's keys: where, which column names its key, and the place bound into the seal."""

    table: str
    column: str
    key: str
    place: Callable[[str, str], str]


_UNDER_VAULT = (
    _Sealed("card", "number", "number_key", number_place),
    _Sealed("authentication", "value", "value_key", value_place),
)


def main(settings: Settings, *, what: str) -> int:
    """Rotate or retire. The exit code."""
    done = asyncio.run(rotate(settings) if what == "rotate" else retire(settings))
    sys.stdout.write("".join(f"{line}\n" for line in done))
    return 0


async def rotate(settings: Settings) -> list[str]:
    """Make a new epoch and a new vault key and seal everything anew; what was done, in sentences."""
    epoch = await _new_key(settings, masterkeys.PERSONS, "wrapping_key", "epoch")
    number = await _new_key(settings, masterkeys.VAULT, "vault_key", "number")
    rewrapped = await _rewrap_persons(settings, epoch)
    resealed = await _reseal_vault(settings, number)
    return [
        f"epoch {epoch}: {rewrapped} person keys wrapped anew",
        f"vault key {number}: {resealed} values sealed anew",
    ]


async def _new_key(settings: Settings, name: str, table: str, kind: str) -> int:
    randomness, clock = SystemRandomness(), SystemClock()
    connection = await asyncpg.connect(**as_owner(settings, keys_database(settings)))
    try:
        async with connection.transaction():
            await connection.execute(f"lock table ipp.{table} in exclusive mode")
            number = int(await connection.fetchval(f"select max(id) + 1 from ipp.{table}"))
            wrapped = master(settings, name, randomness).wrap(
                randomness.octets(KEY_OCTETS), wrapping_place(kind, number)
            )
            await connection.execute(
                f"insert into ipp.{table} (id, kind, wrapped, created_at) values ($1, $2, $3, $4)",
                number, kind, wrapped, clock.now(),
            )  # fmt: skip
    finally:
        await connection.close()
    await _audited(settings, f"keys.{kind}_made", f"{kind}.{number}")
    return number


async def _audited(settings: Settings, act: str, on: str) -> None:
    connection = await asyncpg.connect(**as_owner(settings, main_database(settings)))
    try:
        await audit.record(connection, actor="operator", act=act, on=on)
    finally:
        await connection.close()


async def _rewrap_persons(settings: Settings, newest: int) -> int:
    """Wrap every person's key under the newest epoch, in batches, each a transaction."""
    randomness = SystemRandomness()
    holder = master(settings, masterkeys.PERSONS, randomness)
    connection = await asyncpg.connect(**as_owner(settings, keys_database(settings)))
    done = 0
    try:
        rows = await connection.fetch("select id, wrapped from ipp.wrapping_key where kind = 'epoch'")
        epochs = {r["id"]: SealingKey(holder.unwrap(r["wrapped"], wrapping_place("epoch", r["id"]))) for r in rows}
        while True:
            async with connection.transaction():
                found = await connection.fetch(
                    "select controller, person_id, ground, epoch, wrapped from ipp.person_key where epoch <> $1 "
                    "limit $2 for update skip locked",
                    newest, _BATCH,
                )  # fmt: skip
                for row in found:
                    place = key_place(row["controller"], row["person_id"], row["ground"])
                    key = epochs[row["epoch"]].open(row["wrapped"], place)
                    await connection.execute(
                        "update ipp.person_key set epoch = $4, wrapped = $5 "
                        "where controller = $1 and person_id = $2 and ground = $3",
                        row["controller"], row["person_id"], row["ground"], newest,
                        epochs[newest].seal(key, place, randomness),
                    )  # fmt: skip
            done += len(found)
            if not found:
                return done
    finally:
        await connection.close()


async def _reseal_vault(settings: Settings, newest: int) -> int:
    """Seal every vault value under the newest key, company by company, as the payment zone does: under its purpose."""
    randomness = SystemRandomness()
    keys, main = (
        Database(as_zone(settings, Zone.PAY, name), role_prefix=settings.role_prefix, pool_size=1)
        for name in (keys_database(settings), main_database(settings))
    )
    vault = Vault(keys, master(settings, masterkeys.VAULT, randomness), randomness)
    owner = await asyncpg.connect(**as_owner(settings, main_database(settings)))
    done = 0
    try:
        await vault.start(PAYMENT)
        for company in await owner.fetch("select id from ipp.company order by id"):
            for sealed in _UNDER_VAULT:
                while moved := await _reseal_batch(main, vault, sealed, company["id"], newest):
                    done += moved
    finally:
        await owner.close()
        await main.close()
        await keys.close()
    return done


async def _reseal_batch(main: Database, vault: Vault, sealed: _Sealed, company_id: str, newest: int) -> int:
    async with main.begin(PAYMENT, tenants=[company_id]) as tx:
        rows = await tx.fetch(
            f"select id, {sealed.column} as value, {sealed.key} as key from ipp.{sealed.table} "
            f"where company_id = $1 and {sealed.key} <> $2 limit $3",
            company_id, newest, _BATCH,
        )  # fmt: skip
        for row in rows:
            place = sealed.place(company_id, row["id"])
            value = await vault.open(PAYMENT, row["value"], row["key"], place=place)
            fresh, key = vault.seal(value, place=place)
            await tx.execute(
                f"update ipp.{sealed.table} set {sealed.column} = $3, {sealed.key} = $4 "
                f"where company_id = $1 and id = $2 and {sealed.key} = $5",
                company_id, row["id"], fresh, key, row["key"],
            )  # fmt: skip
    return len(rows)


async def retire(settings: Settings) -> list[str]:
    """Destroy superseded epochs and vault keys that nothing uses any more; what was done, in sentences."""
    keys = await asyncpg.connect(**as_owner(settings, keys_database(settings)))
    main = await asyncpg.connect(**as_owner(settings, main_database(settings)))
    before = SystemClock().now() - _UNUSED_FOR
    try:
        used = {r["epoch"] for r in await keys.fetch("select distinct epoch from ipp.person_key")}
        epochs = await _destroy(keys, "wrapping_key", "epoch", used, before)
        used = {
            r["key"]
            for s in _UNDER_VAULT
            for r in await main.fetch(f"select distinct {s.key} as key from ipp.{s.table} where {s.key} is not null")
        }
        numbers = await _destroy(keys, "vault_key", "number", used, before)
    finally:
        await keys.close()
        await main.close()
    for kind, gone in (("epoch", epochs), ("number", numbers)):
        for number in gone:
            await _audited(settings, f"keys.{kind}_destroyed", f"{kind}.{number}")
    return [f"epochs destroyed: {len(epochs)}", f"vault keys destroyed: {len(numbers)}"]


async def _destroy(
    connection: "asyncpg.Connection[asyncpg.Record]", table: str, kind: str, used: set[int], before: datetime
) -> list[int]:
    """Delete keys that nothing uses and whose successor is older than every zone's memory of them."""
    rows = await connection.fetch(
        f"delete from ipp.{table} k where kind = $1 and not id = any($2::smallint[]) and exists "
        f"(select 1 from ipp.{table} n where n.kind = $1 and n.id > k.id and n.created_at < $3) returning id",
        kind, sorted(used), before,
    )  # fmt: skip
    return [int(r["id"]) for r in rows]
