"""Section 10: security."""

import stat

from ippgateway.core.ids import Randomness
from ippgateway.privacy.catalogue import AUTHENTICATE, BOOKKEEPING, SERVICE, VAULT
from ippgateway.privacy.declare import MAIN, Table
from ippgateway.privacy.persons import Box, KeyDestroyed
from ippgateway.privacy.sealing import KEY_OCTETS, CannotOpen, SealingKey
from ippgateway.privacy.vocabulary import Identifies
from ippgateway.privacy.zones import Zone
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


# --- SEC-3 ---

_TRIES = 12
_WRONG, _THROTTLED = 401, 429
# An invented user whom nobody has; what is tried of it ends with the term of failed sign-ins.
_INVENTED = {"username": "nobody@promise.example", "password": "invented for promise SEC-3"}


async def passwords_are_guarded(context: Context) -> Finding:
    """SEC-3: stored hashes are Argon2id of OWASP's strength, and guessing is stopped."""
    async with context.under(Zone.CONSOLE, AUTHENTICATE) as tx:
        # The server judges the hashes; none comes here.
        row = await tx.fetchrow(
            r"select count(*) as all, count(*) filter (where hash !~ '^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$'"
            r" or (substring(hash from 'm=(\d+)'))::int < 19456 or (substring(hash from 't=(\d+)'))::int < 2) as weak"
            " from ipp.credential where hash <> ''"  # whoever was erased has an empty one, which opens to nobody
        )
    if row is None:
        raise CannotCheck("the stored hashes could not be counted")
    faults = [f"{row['weak']} of {row['all']} stored hashes are weak"] if row["weak"] else []
    for _ in range(_TRIES):
        status = (await context.ask("company/login", _INVENTED)).status
        if status not in (_WRONG, _THROTTLED):
            faults.append(f"signing in answers {status} to a user whom nobody has")
        if status != _WRONG:
            break
    else:
        faults.append(f"{_TRIES} wrong passwords in a row were not throttled")
    return judge(
        faults=faults,
        proof=f"{row['all']} stored hashes are Argon2id with at least 19 MiB and two passes, and guessing the password "
        f"of one user is stopped within {_TRIES} tries",
        missing="the check against passwords known from breaches",
        surfaces=(Surface.CONSOLES, Surface.MAIN_DATABASE),
    )


# --- SEC-5 ---


async def sealed_per_person_and_ground(context: Context) -> Finding:
    """SEC-5: what names somebody directly is sealed under that person's keys, and dies with the key of its ground."""
    sealed = [field for field in fields(context) if field.said.sealed not in (None, VAULT)]
    faults = [
        f"{field} identifies directly and is not sealed for its person"
        for field in fields(context)
        if field.said.identifies is Identifies.DIRECTLY and field.said.sealed in (None, VAULT)
    ]
    count, bad = 0, set()
    async for field, value in sealed_values(context):
        count += 1
        if not looks_sealed(value):
            bad.add(str(field))
    faults += [f"{place} holds a value that is not sealed" for place in sorted(bad)]
    faults += [fault for field in sealed for fault in _outlives(field, context.randomness)]
    return judge(
        faults=faults,
        proof=f"{len(sealed)} fields, all that identify directly among them, are sealed for their person under a key "
        f"of the ground that keeps them; {count} stored values lie sealed, and tried on every field a destroyed key or "
        "another person's key opens nothing",
        missing="wrapping epochs that end on schedule, and encrypted links to the outside (CARD-2)",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE, Surface.KEY_DATABASE),
    )


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
