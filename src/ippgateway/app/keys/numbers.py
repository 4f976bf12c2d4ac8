"""The vault's keys: new ones, and everything in the vault sealed anew under them, company by company.

A card's fingerprint is replaced with the seal of its number, by the same statement. Payments find it meanwhile, because
the next fingerprint key is made first: every process compares by it before one writes with it (`cards.vault`).
"""

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
_NOTICED = timedelta(minutes=1)
"""How long a key must have been there until every process has it: they look twice as often."""


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A column under the vault's keys: where, which column names its key, and the place bound into the seal.
    `fingerprint`: the column that keeps its value's fingerprint."""

    table: str
    column: str
    key: str
    place: Callable[[str, str], str]
    fingerprint: str | None = None


_UNDER_VAULT = (
    _Sealed("card", "number", "number_key", number_place, "fingerprint"),
    _Sealed("authentication", "value", "value_key", value_place),
)


async def prepare(settings: Settings, *, clock: Clock, randomness: Randomness) -> None:
    """Make the fingerprint key that the next number key goes with, unless it is there, and wait until every process
    has it."""
    async with keys_owner(settings) as keys:
        row = await keys.fetchrow("select kind, created_at from ipp.vault_key order by id desc limit 1")
    if row is None or row["kind"] == "number":
        await _new_key(settings, "fingerprint", clock, randomness)
        made_at = clock.now()
    else:
        made_at = row["created_at"]
    if (left := (made_at + _NOTICED - clock.now()).total_seconds()) > 0:
        await clock.sleep(left)


async def new_number_key(settings: Settings, *, clock: Clock, randomness: Randomness) -> int:
    """Make a key of the vault, with which the fingerprint key goes that was prepared."""
    return await _new_key(settings, "number", clock, randomness)


async def _new_key(settings: Settings, kind: str, clock: Clock, randomness: Randomness) -> int:
    """No number is given twice, even when the keys were restored from an older backup."""
    async with main_owner(settings) as main:
        beyond = max(await _used(main), default=0)
    return await new_key(
        settings, masterkeys.VAULT, "vault_key", kind, clock=clock, randomness=randomness, beyond=beyond
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
    """Seal every vault value under the newest key, as the payment zone does: under its purpose, and replace the
    fingerprints with it. How many values there were."""
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
            f"where company_id = $1 and {sealed.key} < $2 limit $3",
            company_id, newest, _BATCH,
        )  # fmt: skip
        for row in rows:
            place = sealed.place(company_id, row["id"])
            value = await vault.open(PAYMENT, row["value"], row["key"], place=place)
            fresh, key = vault.seal(value, place=place)
            besides, code = "", list[bytes]()
            if sealed.fingerprint is not None:
                besides, code = f", {sealed.fingerprint} = $6", [vault.fingerprint(company_id, value)]
            await tx.execute(
                f"update ipp.{sealed.table} set {sealed.column} = $3, {sealed.key} = $4{besides} "
                f"where company_id = $1 and id = $2 and {sealed.key} = $5",
                company_id, row["id"], fresh, key, row["key"], *code,
            )  # fmt: skip
    return len(rows)


async def retire(settings: Settings, *, clock: Clock, superseded_for: timedelta) -> int:
    """Destroy the vault's keys that seal nothing any more and have had a successor for so long, and the fingerprint
    keys that go with none any more. How many."""
    async with main_owner(settings) as main, keys_owner(settings) as keys:
        used = await _used(main)
        rows = await keys.fetch(
            "delete from ipp.vault_key k where kind = 'number' and not id = any($1::int[]) and exists "
            "(select 1 from ipp.vault_key n "
            "  where n.kind = 'number' and n.id > k.id and n.created_at < $2) returning id",
            sorted(used), clock.now() - superseded_for,
        )  # fmt: skip
        codes = await keys.fetch(
            "delete from ipp.vault_key f where kind = 'fingerprint' and exists "
            "(select 1 from ipp.vault_key later where later.kind = 'fingerprint' and later.id > f.id "
            "  and not exists (select 1 from ipp.vault_key n "
            "    where n.kind = 'number' and n.id > f.id and n.id < later.id)) returning id"
        )
    for row in rows:
        await audited(settings, "keys.number_destroyed", f"number.{row['id']}")
    for row in codes:
        await audited(settings, "keys.fingerprint_destroyed", f"fingerprint.{row['id']}")
    return len(rows) + len(codes)
