"""Whom a zone's process reaches without the gate: its two databases, and for the entrance the zones behind it."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from ippgateway.app.database.access import as_zone, keys_database, main_database
from ippgateway.app.settings import Settings
from ippgateway.core.guard import Address
from ippgateway.privacy.zones import Zone

_POSTGRES = 5432


def addresses(settings: Settings, zone: Zone) -> set[Address]:
    """Hosts and ports of the databases."""
    return {(host, port) for host, port in _databases(settings, zone) if not host.startswith("/")}


def sockets(settings: Settings, zone: Zone) -> set[str]:
    """Local sockets: the databases', and those of the zones behind the entrance."""
    found = {f"{host}/.s.PGSQL.{port}" for host, port in _databases(settings, zone) if host.startswith("/")}
    if zone is Zone.PAY:
        found |= {str(settings.zone_socket(each.value)) for each in (Zone.CONSOLE, Zone.DESK, Zone.SITE)}
    return found


def _databases(settings: Settings, zone: Zone) -> set[Address]:
    return {_where(as_zone(settings, zone, name)) for name in (main_database(settings), keys_database(settings))}


def _where(connect: dict[str, Any]) -> Address:
    """Host and port of connect arguments, as the driver takes them."""
    if "dsn" not in connect:
        return str(connect["host"]), int(connect["port"])
    parts = urlsplit(connect["dsn"])
    asked = parse_qs(parts.query)
    host = asked.get("host", [parts.hostname or "localhost"])[0]
    return host, int(asked.get("port", [parts.port or _POSTGRES])[0])
