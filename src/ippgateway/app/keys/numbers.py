"""The vault's keys: a new one, and everything in the vault sealed anew under it, company by company."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

from ippgateway.app.database.access import as_zone, keys_database, main_database
from ippgateway.app.database.keys import master
from ippgateway.app.keys.epochs import new_key
from ippgateway.app.keys.ways import Connection, audited, keys_owner, main_owner
from ippgateway.app.settings import Settings
from ippgateway.core.clock import Clock
from ippgateway.core.database import Database
from ippgateway.core.ids import Randomness
from ippgateway.domains.cards.vault import Vault, number_place
from ippgateway.domains.payments.service.secure import value_place
from ippgateway.privacy import masterkeys
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.zones import Zone

_BATCH = 500


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


async def new_number_key(settings: Settings, *, clock: Clock, randomness: Randomness) -> int:
    """Make a key of the vault. No number is given twice, even when the keys were restored from an older backup."""
    async with main_owner(settings) as main:
        beyond = max(await _used(main), default=0)
    return await new_key(
        settings, masterkeys.VAULT, "vault_key", "number", clock=clock, randomness=randomness, beyond=beyond
    )


async def newest(settings: Settings) -> int:
    """The number of the vault's newest key."""
    async with keys_owner(settings) as keys:
        return int(await keys.fetchval("select max(id) from ipp.vault_key where kind = 'number'"))


async def missing(settings: Settings) -> set[int]:
    """The vault's keys that something is sealed under and that are not here: data from before they were destroyed."""
    async with main_owner(settings) as main, keys_owner(settings) as keys:
        here = {row["id"] for row in await keys.fetch("select id from ipp.vault_key")}
        return await _used(main) - here


async def _used(main: Connection) -> set[int]:
    return {
        row["key"]
        for s in _UNDER_VAULT
        for row in await main.fetch(f"select distinct {s.key} as key from ipp.{s.table} where {s.key} is not null")
    }


async def reseal(settings: Settings, newest: int, *, randomness: Randomness) -> int:
    """Seal every vault value under the newest key, as the payment zone does: under its purpose. How many there were."""
    done = 0
    async with AsyncExitStack() as stack:
        keys, main = (
            Database(as_zone(settings, Zone.PAY, name), role_prefix=settings.role_prefix, pool_size=1)
            for name in (keys_database(settings), main_database(settings))
        )
        for database in (keys, main):
            stack.push_async_callback(database.close)
        vault = Vault(keys, master(settings, masterkeys.VAULT, randomness), randomness)
        owner = await stack.enter_async_context(main_owner(settings))
        await vault.start(PAYMENT)
        for company in await owner.fetch("select id from ipp.company order by id"):
            for sealed in _UNDER_VAULT:
                while moved := await _reseal_batch(main, vault, sealed, company["id"], newest):
                    done += moved
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


async def retire(settings: Settings, *, clock: Clock, superseded_for: timedelta) -> int:
    """Destroy the vault's keys that seal nothing any more and have had a successor for so long. How many."""
    async with main_owner(settings) as main, keys_owner(settings) as keys:
        used = await _used(main)
        rows = await keys.fetch(
            "delete from ipp.vault_key k where kind = 'number' and not id = any($1::smallint[]) and exists "
            "(select 1 from ipp.vault_key n "
            "  where n.kind = 'number' and n.id > k.id and n.created_at < $2) returning id",
            sorted(used), clock.now() - superseded_for,
        )  # fmt: skip
    for row in rows:
        await audited(settings, "keys.number_destroyed", f"number.{row['id']}")
    return len(rows)
