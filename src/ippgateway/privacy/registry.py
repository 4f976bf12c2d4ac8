"""Every table of the Platform. Importing this module imports every declaration; an undeclared column stops it here.

The rooms register by living in `ippgateway.domains`: each folder with a `models` module is one. (This floor may not
import that one, so it is done by name.)
"""

import importlib
import importlib.util
import pkgutil
from dataclasses import dataclass

from sqlalchemy import MetaData
from sqlalchemy import Table as SqlTable

from ippgateway.privacy import auditmodels, keymodels
from ippgateway.privacy.catalogue import NOTIFY, PAYMENT, PAYMENT_RECOVERY
from ippgateway.privacy.declare import KEYS, MAIN, check_table
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import RIGHTS, Zone

__all__ = ["FUNCTIONS", "KEYS", "LIBRARY_TABLES", "MAIN", "SEQUENCES", "auditmodels", "keymodels", "load", "tables"]

LIBRARY_TABLES = {
    "ipp.alembic_version": "Alembic's note of the newest migration; no personal data",
    "jobs.*": "the job library's queue, its log and schedules; a job's arguments are ids only",
}
"""Tables that libraries own, with the reason why they need no declaration of ours."""

SEQUENCES: dict[str, frozenset[Purpose]] = {"stan": frozenset({PAYMENT, PAYMENT_RECOVERY})}
"""Sequences and the purposes that may draw from them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Function:
    """A function that runs with its owner's rights, and who may call it."""

    signature: str
    purposes: frozenset[Purpose] = frozenset()
    zones: frozenset[Zone] = frozenset()


FUNCTIONS: tuple[Function, ...] = (
    Function(signature="ipp.audit_append(text, text, text)", zones=frozenset(RIGHTS)),
    Function(
        signature="ipp.defer(text, text, text, timestamptz)", purposes=frozenset({PAYMENT, PAYMENT_RECOVERY, NOTIFY})
    ),
)


def load() -> None:
    """Import every room's tables."""
    domains = importlib.import_module("ippgateway.domains")
    for room in pkgutil.iter_modules(domains.__path__):
        name = f"ippgateway.domains.{room.name}"
        if importlib.util.find_spec(f"{name}.models"):
            importlib.import_module(f"{name}.models")


def tables(of: MetaData = MAIN) -> list[SqlTable]:
    """The declared tables of one database, checked once more, by name."""
    load()
    found = sorted(of.tables.values(), key=lambda t: t.name)
    for table in found:
        check_table(table)
    return found
