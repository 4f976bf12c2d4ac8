"""The report: every promise, in order, honest about what it could not look at, and nothing personal in it."""

import contextlib
import dataclasses
import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING

import asyncpg
import pytest
from sqlalchemy import MetaData

from ippgateway.app.promises_command import told
from ippgateway.privacy.zones import Zone
from ippgateway.promises.checks import CHECKS
from ippgateway.promises.context import Answer, Context
from ippgateway.promises.finding import CannotCheck, Finding, Status, judge
from ippgateway.promises.register import REGISTER
from ippgateway.promises.report import find, report

from .bench import NAMES, Bench

if TYPE_CHECKING:
    from running import Running

SECTIONS = (
    ("SCOPE", 4), ("COLLECT", 8), ("VISIT", 10), ("CUST", 8), ("CARD", 5), ("SUPP", 6), ("BASIS", 20), ("DISC", 11),
    ("PLACE", 2), ("SEC", 5), ("CHOICE", 6), ("STAT", 10), ("PUBLIC", 3), ("RETAIN", 4), ("LAW", 1), ("LIMIT", 1),
    ("CHANGE", 1), ("CONTACT", 1), ("START", 1), ("BRAND", 1),
)  # fmt: skip


def stopped(context: Context) -> Context:
    """The context of an installation whose processes and database do not run."""

    @contextlib.asynccontextmanager
    async def connect(_zone: Zone, _of: MetaData) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
        raise ConnectionRefusedError
        yield  # type: ignore[unreachable]

    async def ask(_path: str, _fields: Mapping[str, str] | None, _host: str = "") -> Answer:
        raise ConnectionRefusedError

    return dataclasses.replace(context, connect=connect, ask=ask)


def test_the_register_holds_every_promise_of_every_section() -> None:
    assert [p.id for p in REGISTER] == [f"{section}-{n + 1}" for section, count in SECTIONS for n in range(count)]
    assert len(REGISTER) == 108
    assert set(CHECKS) <= {p.id for p in REGISTER}


async def test_what_can_not_be_looked_at_is_never_kept(bench: Bench) -> None:
    rows = await report(stopped(bench.context), CHECKS)
    checked = [row for row in rows if row["id"] in CHECKS]
    assert {row["status"] for row in checked} == {"broken"}
    assert all(row["evidence"].startswith("can't be checked: ") for row in checked)
    assert {row["status"] for row in rows if row["id"] not in CHECKS} == {"not built"}


@pytest.mark.parametrize("error", [ValueError("4111111111111111"), asyncpg.DataError("canary"), CannotCheck("because")])
async def test_a_check_that_fails_itself_tells_its_kind_and_nothing_else(error: Exception, bench: Bench) -> None:
    async def check(_: Context) -> Finding:
        raise error

    finding = await find(bench.context, check)
    assert finding.status is Status.BROKEN
    assert "4111" not in finding.evidence
    assert "canary" not in finding.evidence


def test_a_fault_outweighs_what_is_missing() -> None:
    assert judge(faults=["one"], proof="", missing="much", surfaces=()).status is Status.BROKEN
    assert judge(faults=[], proof="", missing="much", surfaces=()).status is Status.PARTLY
    assert judge(faults=[], proof="", surfaces=()).status is Status.KEPT


SECRET = ("BASIS-6", *(f"DISC-{number}" for number in range(3, 11)), "LIMIT-1", "SEC-4")
"""What is looked into, and who could be broken into: to say how many there are would warn or invite somebody."""


async def test_how_many_cases_breaches_or_unguarded_users_there_are_is_not_told(bench: Bench) -> None:
    """The bench has a case of each kind, handed over, one that nobody has decided, and breaches."""
    rows = await report(bench.context, {promise: CHECKS[promise] for promise in SECRET})
    found = {row["id"]: row["evidence"] for row in rows}
    for promise in SECRET:
        assert not re.search(r"\d+ (cases|requests|breaches|of \d+|of our staff|are open)", found[promise]), promise


async def test_the_report_names_nobody(bench: Bench) -> None:
    text = json.dumps(await report(bench.context, CHECKS))
    assert not [name for name in (*NAMES, "411111") if name in text]


def test_the_command_reports_on_the_running_platform(running: "Running") -> None:
    done = running.command("promises", "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [row["id"] for row in rows] == [p.id for p in REGISTER]
    assert {tuple(row) for row in rows} == {("id", "status", "evidence", "surfaces")}
    assert not [(row["id"], row["evidence"]) for row in rows if row["status"] == "broken"]
    assert {row["id"] for row in rows if row["status"] == "kept"} >= {"SCOPE-4", "CARD-3", "CARD-5", "DISC-11"}
    demo = running.demo()
    assert not [v for part in ("company", "partner") for v in demo[part].values() if v in done.stdout + done.stderr]


async def test_the_text_fits_a_page_and_names_every_promise(bench: Bench) -> None:
    text = told(await report(stopped(bench.context), CHECKS))
    assert max(map(len, text.splitlines())) <= 100
    assert [p.id for p in REGISTER if p.id not in text] == []
