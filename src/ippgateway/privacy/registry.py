"""Every table of the Platform. Importing this module imports every declaration; an undeclared column stops it here.

The rooms register by living in `ippgateway.domains`: each folder with a `models` module is one. (This floor may not
import that one, so it is done by name.)
"""

import importlib
import importlib.util
import pkgutil
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import MetaData
from sqlalchemy import Table as SqlTable

from ippgateway.core import jobs
from ippgateway.privacy import auditmodels, keymodels
from ippgateway.privacy.catalogue import (
    ACCOUNT,
    AUDIT_REVIEW,
    DISCLOSURE,
    ERASURE,
    HAND_OVER,
    LEGAL_HOLD,
    MAIL,
    NOTIFY,
    OWN_DATA,
    PAYMENT,
    PAYMENT_RECOVERY,
    REGISTERS,
    REQUESTS,
    STAFF_ACCOUNT,
    SUPPORT_SEARCH,
)
from ippgateway.privacy.declare import KEYS, MAIN, check_table
from ippgateway.privacy.disclosure import models as disclosuremodels
from ippgateway.privacy.looks import models as lookmodels
from ippgateway.privacy.rights import models as rightsmodels
from ippgateway.privacy.vocabulary import Purpose

__all__ = [
    "FUNCTIONS", "KEYS", "LIBRARY_FUNCTIONS", "LIBRARY_TABLES", "MAIN", "SEQUENCES", "TRIGGERS", "Function",
    "auditmodels", "disclosuremodels", "keymodels", "load", "lookmodels", "rightsmodels", "tables",
]  # fmt: skip

LIBRARY_TABLES = {
    "ipp.alembic_version": "Alembic's note of the newest migration; no personal data",
    "jobs.pgqueuer": "the job library's queue; a job's arguments are ids only",
    "jobs.pgqueuer_log": "what became of jobs, by their numbers; a traceback never reaches it",
    "jobs.pgqueuer_statistics": "the job library's own counts; not used",
    "jobs.pgqueuer_schedules": "the job library's timetable; not used",
}
"""Tables that libraries own, with the reason why they need no declaration of ours."""

LIBRARY_FUNCTIONS = {"jobs.fn_pgqueuer_changed()": "the job library's; nobody may call it, its trigger is off"}
"""Functions that libraries own; they run with the rights of whoever calls them."""

SEQUENCES: dict[str, frozenset[Purpose]] = {"stan": frozenset({PAYMENT, PAYMENT_RECOVERY})}
"""Sequences and the purposes that may draw from them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Function:
    """A function of the database: who may call it, and what it is, so that one in its place is noticed.

    `signature` as the server writes it. `as_owner`: it runs with its owner's rights. `body`: SHA-256 of the text
    between its dollars; another text is another migration and another line here.
    """

    signature: str
    purposes: frozenset[Purpose] = frozenset()
    as_owner: bool = True
    body: str
    search_path: str = "pg_catalog, pg_temp"


FUNCTIONS: tuple[Function, ...] = (
    Function(
        signature="ipp.audit_append(text,text,text)",
        purposes=frozenset({
            OWN_DATA, REQUESTS, LEGAL_HOLD, ACCOUNT, ERASURE, STAFF_ACCOUNT, DISCLOSURE, HAND_OVER, SUPPORT_SEARCH,
            AUDIT_REVIEW, REGISTERS,
        }),
        body="b1348b1d1bf7cbaf878c9e0c822a607aad562ec82c4dbad9dabce51f8400dfe6",
    ),
    Function(
        signature="ipp.defer(text,text,text,timestamp with time zone)",
        purposes=frozenset({HAND_OVER, PAYMENT, PAYMENT_RECOVERY, NOTIFY, ACCOUNT, STAFF_ACCOUNT, OWN_DATA, MAIL}),
        body=sha256(jobs.DEFER_FUNCTION.split("$$")[1].encode()).hexdigest(),
    ),
    # Nobody calls it any more: retention ends access records. It goes with the next release's migrations.
    Function(
        signature="ipp.visits_forget()",
        body="1a192b2b7ba3ac36635e0ea62be73f71208719406d58a53c75de009a49f78990",
    ),
    Function(
        signature="ipp.ledger_balanced()", as_owner=False,
        body="f909d3d2854721dbc2a11e761ca2d4cf01455e08504a9cb284bc5b62edb4d9a7",
    ),
    Function(
        signature="ipp.append_only()", as_owner=False,
        body="15044709e8245997880cabaa9ba08a95be960ce9933b5784f05c2484cefdbab7",
    ),
    Function(
        signature="ipp.case_way()", as_owner=False,
        body="f106a75dcfad7358d0f28f83889019ecccbc4378a422f08ec0d4ab06f343fe4d",
    ),
)  # fmt: skip

TRIGGERS = {
    **{
        f"{name} ipp.{table} ipp.append_only()": "O"
        for table in ("acceptance", "consent", "consent_text")
        for name in ("append_only", "not_truncated")
    },
    "case_way ipp.disclosure_case ipp.case_way()": "O",
    "ledger_balanced ipp.ledger_line ipp.ledger_balanced()": "O",
    "tg_pgqueuer_changed jobs.pgqueuer jobs.fn_pgqueuer_changed()": "D",
}
"""Triggers by name, table and function, with their mode (O: on, D: off)."""


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
