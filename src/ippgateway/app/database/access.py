"""Ways into the databases: as administrator, as owner, as a zone."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ippgateway.app.local.cluster import Server
from ippgateway.app.local.postgres import admin_dsn
from ippgateway.app.settings import Settings
from ippgateway.core.ids import Ids
from ippgateway.privacy.zones import Zone, owner_role, zone_role


def main_database(settings: Settings) -> str:
    """The name of the main database."""
    return f"{settings.role_prefix}gateway"


def keys_database(settings: Settings) -> str:
    """The name of the key database."""
    return f"{settings.role_prefix}gateway_keys"


def server_of(settings: Settings, database: str) -> Server:
    """The server that a database lies in."""
    return Server.KEYS if database == keys_database(settings) else Server.DATA


def as_admin(settings: Settings, database: str | None = None, *, server: Server | None = None) -> dict[str, Any]:
    """Connect arguments of the login that may create roles and databases: of a database's server, or of `server`."""
    given = admin_dsn(settings, server or server_of(settings, database or ""))
    return given if database is None else {**given, "database": database}


def as_owner(settings: Settings, database: str) -> dict[str, Any]:
    """Connect arguments of the owner, for setup and migrations only."""
    return _as(settings, owner_role(settings.role_prefix), database)


def as_zone(settings: Settings, zone: Zone, database: str) -> dict[str, Any]:
    """Connect arguments of a zone's login role."""
    return _as(settings, zone_role(settings.role_prefix, zone), database)


def password(settings: Settings, role: str) -> str:
    """A role's password, from the installation's secrets. Raises FileNotFoundError before setup has run."""
    return _file(settings, role).read_text().strip()


def ensure_password(settings: Settings, role: str, ids: Ids) -> str:
    """A role's password; made on first use, in a file that its owner alone can read."""
    file = _file(settings, role)
    if not file.exists():
        fresh = file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(ids.letters(40))
            out.flush()
            os.fsync(out.fileno())
        fresh.rename(file)
    return password(settings, role)


def _file(settings: Settings, role: str) -> Path:
    return settings.secrets_dir / f"{role}.password"


def _as(settings: Settings, role: str, database: str) -> dict[str, Any]:
    given = admin_dsn(settings, server_of(settings, database))
    if "dsn" in given:
        parts = urlsplit(given["dsn"])
        host = parts.netloc.rpartition("@")[2]
        given = {"dsn": urlunsplit(parts._replace(netloc=host))}
    return {**given, "user": role, "password": password(settings, role), "database": database}
