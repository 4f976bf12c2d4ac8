"""Section 10: security. (Passwords and second factors: `doors`.)"""

import stat
from datetime import timedelta

from ippgateway.core.ids import Randomness
from ippgateway.privacy.catalogue import BOOKKEEPING, OWN_DATA, SERVICE, VAULT
from ippgateway.privacy.declare import KEYS, MAIN, Table
from ippgateway.privacy.persons import GROUNDS, Box, KeyDestroyed
from ippgateway.privacy.sealing import KEY_OCTETS, CannotOpen, SealingKey
from ippgateway.privacy.vocabulary import Identifies
from ippgateway.privacy.zones import Zone
from ippgateway.promises.checks.cards import unsafe_links
from ippgateway.promises.checks.confidentiality import looks_sealed
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge
from ippgateway.promises.looking import StoredField, fields, sealed_values

# --- SEC-1 ---

_HASHED = "password_encryption"
_SETTINGS = ["listen_addresses", "ssl", _HASHED]


async def defaults_are_hardened(context: Context) -> Finding:
    """SEC-1: roles without powers, a server that nobody reaches from outside unencrypted, folders closed to others."""
    faults = []
    async with context.connect(Zone.SITE, MAIN) as connection:
        strong = await connection.fetch(
            "select rolname from pg_roles where rolname like $1 and (rolsuper or rolcreatedb or rolcreaterole or "
            "rolreplication or rolbypassrls)",
            context.role_prefix.replace("_", r"\_") + r"\_%",
        )
        roles = await connection.fetchval(
            "select count(*) from pg_roles where rolname like $1", context.role_prefix.replace("_", r"\_") + r"\_%"
        )
        rows = await connection.fetch("select name, setting from pg_settings where name = any($1)", _SETTINGS)
    settings = {row["name"]: row["setting"] for row in rows}
    faults += [f"the role {row['rolname']} may do more than it needs" for row in strong]
    if settings["listen_addresses"] and settings["ssl"] != "on":
        faults.append("the database server listens on the network without TLS")
    if settings[_HASHED] != "scram-sha-256":
        faults.append("the database server stores weak password hashes")
    faults += [
        f"the folder {folder.name} is open to others"
        for folder in (context.keys_dir, context.secrets_dir)
        if stat.S_IMODE(folder.stat().st_mode) & 0o077
    ]
    return judge(
        faults=faults,
        proof=f"none of {roles} roles has powers over the server, which "
        f"{'listens with TLS' if settings['listen_addresses'] else 'listens on no network'}, and the folders of keys "
        "and passwords are closed to others",
        missing="a register of servers and providers with their places, and a self-check of everything else",
        surfaces=(Surface.MAIN_DATABASE, Surface.KEY_DATABASE, Surface.KEY_FILES),
    )


# --- SEC-5 ---

_SUPERSEDED = timedelta(days=1)
"""Longer than an epoch that has a successor is still needed: whoever looks after keys looks every minute."""


async def sealed_per_person_and_ground(context: Context) -> Finding:
    """SEC-5: what names somebody directly is sealed under that person's keys, and dies with the key of its ground; the
    epochs under which keys are wrapped end, so that a destroyed one does not live on; every link is encrypted."""
    sealed = [field for field in fields(context) if field.said.sealed not in (None, VAULT)]
    faults = [
        f"{field} identifies directly and is not sealed for its person"
        for field in fields(context)
        if field.said.identifies is Identifies.DIRECTLY and field.said.sealed in (None, VAULT)
    ]
    faults += [fault for field in sealed for fault in _kept_otherwise(field)]
    count, bad = 0, set()
    async for field, value in sealed_values(context):
        count += 1
        if not looks_sealed(value):
            bad.add(str(field))
    faults += [f"{place} holds a value that is not sealed" for place in sorted(bad)]
    faults += [fault for field in sealed for fault in _outlives(field, context.randomness)]
    keys, epochs, wrong = await _wrapped(context)
    faults += wrong
    faults += [f"{link.name} goes to another machine unencrypted" for link in unsafe_links(context)]
    return judge(
        faults=faults,
        proof=f"{len(sealed)} fields, all that identify directly among them, are sealed for their person under a key "
        f"of the ground that keeps them; {count} stored values lie sealed, and tried on every field a destroyed key, "
        f"the key of another ground or another person's opens nothing; {keys} keys of persons are each wrapped for one "
        f"person and ground, under {epochs} epochs of which none outlives its successor by a day; "
        f"{len(context.links)} links are encrypted or stay on this machine",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE, Surface.KEY_DATABASE),
    )


def _kept_otherwise(field: StoredField) -> list[str]:
    """Whether a field is sealed for another ground than the one that its term is about."""
    ground, keep = field.said.sealed, field.said.keep
    if ground not in GROUNDS:
        return [f"{field} is sealed on a ground that no person has a key for"]
    if field.said.stays is not (keep is not None and bool(keep.financial_years)):
        return [f"{field} is kept by another ground than the one it is sealed for"]
    return []


async def _wrapped(context: Context) -> tuple[int, int, list[str]]:
    """How many keys of persons and epochs there are, and what is wrong with them: two persons or grounds with the same
    wrapped key, a ground that there is not, an epoch that is gone, an epoch past its time."""
    now = context.clock.now()
    async with context.under(Zone.CONSOLE, OWN_DATA, of=KEYS, tenants=await context.tenants()) as tx:
        row = await tx.fetchrow(
            "select count(*) as keys, count(*) - count(distinct wrapped) as shared, "
            "count(*) filter (where not ground = any($1::text[])) as odd, "
            "count(*) filter (where not exists (select from ipp.wrapping_key w where w.kind = 'epoch' "
            "and w.id = k.epoch)) as lost from ipp.person_key k where octet_length(wrapped) > 0",
            [ground.key for ground in GROUNDS],
        )
        epochs = await tx.fetch("select id, created_at from ipp.wrapping_key where kind = 'epoch' order by id")
    if row is None or not epochs:
        raise CannotCheck("the keys of persons could not be counted")
    overlong = sum(now - newer["created_at"] > _SUPERSEDED for newer in epochs[1:])
    faults = {
        f"{row['shared']} keys are those of another person or ground": row["shared"],
        f"{row['odd']} keys are kept on a ground that there is not": row["odd"],
        f"{row['lost']} keys are wrapped under an epoch that is gone": row["lost"],
        f"{overlong} epochs outlive their successor": overlong,
    }
    return row["keys"], len(epochs), [words for words, count in faults.items() if count]


def _outlives(field: StoredField, randomness: Randomness) -> list[str]:
    """Seal a word for an invented person in this field, then try to open it without the key of its ground."""
    model = next((m.class_ for m in Table.registry.mappers if m.local_table is field.table), None)
    if model is None:
        return [f"{field} belongs to no model"]
    column = getattr(model, field.column.name)
    keys = {ground.key: SealingKey(randomness.octets(KEY_OCTETS)) for ground in (SERVICE, BOOKKEEPING)}
    others = {ground: SealingKey(randomness.octets(KEY_OCTETS)) for ground in keys}
    left = {ground: key for ground, key in keys.items() if field.said.sealed and ground != field.said.sealed.key}
    value = Box("promise", "first", keys, randomness).seal(column, "tried")
    faults = []
    for box in (Box("promise", "first", left, randomness), Box("promise", "second", keys, randomness),
                Box("promise", "first", others, randomness)):  # fmt: skip
        try:
            box.open(column, value)
        except (KeyDestroyed, CannotOpen):
            continue
        faults.append(f"{field} opens without its person's key")
    return faults
