"""Switches: the registers of paper files and of breaches."""

from collections.abc import AsyncIterator
from datetime import timedelta

from ippgateway.domains.registers import schemas
from ippgateway.promises.checks import registers
from ippgateway.promises.context import Answer, Context

from .base import Tools, answering, by_sql, off
from .ruling import unruled

# --- SEC-2 ---

for _rule in ("in_the_eea", "destroyed", "confirmed", "two_people", "how"):
    unruled("SEC-2", "paper_file", f"ck_paper_file_{_rule}")
unruled("SEC-2", "paper_file", "ck_paper_file_in_the_eea", loosened="country <> ''")
by_sql(
    "SEC-2", "a_file_without_a_last_day", "alter table ipp.paper_file alter destroy_by drop not null",
    "alter table ipp.paper_file alter destroy_by set not null",
)  # fmt: skip
by_sql(
    "SEC-2", "a_file_past_its_last_day",
    "insert into ipp.paper_file (id, label, country, place, categories, destroy_by, entered_by, created_at) values "
    "('aside', 'Contracts', 'DK', 'Safe 2', '{name}', now()::date - 3, 'x', now())",
    "delete from ipp.paper_file where id = 'aside'",
)  # fmt: skip
by_sql(
    "SEC-2", "files_that_vanish", "grant delete on ipp.paper_file to {p}_p_registers",
    "revoke delete on ipp.paper_file from {p}_p_registers",
)  # fmt: skip
by_sql(
    "SEC-2", "last_days_that_move", "grant update (destroy_by) on ipp.paper_file to {p}_p_registers",
    "revoke update (destroy_by) on ipp.paper_file from {p}_p_registers",
)  # fmt: skip


@off("SEC-2")
async def a_register_for_anybody(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "paper", Answer(200, {}), at="desk")


# --- LIMIT-1 ---

for _rule in ("number", "risk", "ended", "aware", "closed"):
    unruled("LIMIT-1", "breach_entry", f"ck_breach_entry_{_rule}")
unruled("LIMIT-1", "breach_entry", "ck_breach_entry_closed", loosened="closed_at is null or risk is not null")
by_sql(
    "LIMIT-1", "a_clock_that_begins_at_no_moment", "alter table ipp.breach_entry alter aware_at drop not null",
    "alter table ipp.breach_entry alter aware_at set not null",
)  # fmt: skip

_ENTERED = (
    "insert into ipp.breach_entry (tenant_id, breach_id, number, keys_id, at, by_id, act, aware_at, categories, risk, "
    "notified_at, closed_at) values ('platform', 'aside', "
)
_GONE = "delete from ipp.breach_entry where breach_id = 'aside'"
_LATE = "1, 'x', now(), 'x', 'opened', now() - interval '80 hours', '{name}'"
for _name, _values in {
    "a_breach_that_nobody_assessed_in_time": f"{_LATE}, null, null, null",
    "a_risk_that_the_authority_has_not_heard_of": f"{_LATE}, 'high', null, null",
}.items():
    by_sql("LIMIT-1", _name, f"{_ENTERED}{_values})", _GONE)
by_sql(
    "LIMIT-1", "a_log_with_a_line_torn_out",
    f"{_ENTERED}1, 'x', now(), 'x', 'opened', now(), '{{name}}', null, null, null); "
    f"{_ENTERED}3, 'x', now(), 'x', 'changed', now(), '{{name}}', null, null, null)", _GONE,
)  # fmt: skip
by_sql(
    "LIMIT-1", "closed_and_the_authority_never_heard",
    "alter table ipp.breach_entry drop constraint ck_breach_entry_closed; "
    f"{_ENTERED}1, 'x', now(), 'x', 'closed', now(), '{{name}}', 'risk', null, now()); "
    "alter table ipp.breach_entry add constraint ck_breach_entry_closed check (closed_at is null or (risk is not null "
    "and (risk = 'unlikely' or notified_at is not null))) not valid",
    f"{_GONE}; alter table ipp.breach_entry validate constraint ck_breach_entry_closed",
)  # fmt: skip
by_sql(
    "LIMIT-1", "lines_that_can_be_rewritten", "grant update (risk) on ipp.breach_entry to {p}_p_registers",
    "revoke update (risk) on ipp.breach_entry from {p}_p_registers",
)  # fmt: skip
by_sql(
    "LIMIT-1", "lines_that_can_be_removed", "grant delete on ipp.breach_entry to {p}_p_registers",
    "revoke delete on ipp.breach_entry from {p}_p_registers",
)  # fmt: skip


@off("LIMIT-1")
async def a_clock_of_ninety_hours(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(schemas, "NOTIFY_WITHIN", timedelta(hours=90))
    yield tools.context


@off("LIMIT-1")
async def anything_can_be_closed(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(registers, "missing_of", lambda _: None)
    yield tools.context


@off("LIMIT-1")
async def a_register_without_a_page(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "breaches", Answer(404, {}), at="desk")
