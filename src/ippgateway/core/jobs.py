"""Jobs: alarm clocks in the same database, set inside the transaction that made them necessary.

The queue is the library pgqueuer's, in a schema of its own. A use case can't touch it: it calls `ipp.defer`, which runs
with its owner's rights, knows the jobs by name and takes ids by their shape, so that an argument can never hold text.
A row of our own tables says what is owed; a job only says when to look. `jobrunner` runs them.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from ippgateway.core.database import Tx
from ippgateway.core.ids import OWN_TENANT

if TYPE_CHECKING:
    from pgqueuer.domain.settings import DBSettings

SCHEMA = "jobs"
CHANNEL = "ipp_jobs"

NOTIFICATION_DUE = "notifications.deliver"
MAIL_DUE = "mail.send"
ENTRYPOINTS: tuple[str, ...] = (NOTIFICATION_DUE, MAIL_DUE)
"""Every job there is. The database holds the same list: another one here takes a migration."""

_ID_SHAPE = "^[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}$"
_TENANT_SHAPE = f"{_ID_SHAPE}|^{OWN_TENANT}$"

DEFER_FUNCTION = f"""
create or replace function ipp.defer(p_job text, p_company_id text, p_object_id text, p_at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if (p_job = any (array[{", ".join(f"'{e}'" for e in ENTRYPOINTS)}])) is not true then
        raise exception 'no such job' using errcode = 'invalid_parameter_value';
    end if;
    if (p_company_id collate "C" ~ '{_TENANT_SHAPE}' and p_object_id collate "C" ~ '{_ID_SHAPE}') is not true then
        raise exception 'an argument of a job is not an id' using errcode = 'invalid_parameter_value';
    end if;
    if isfinite(p_at) is not true then
        raise exception 'a job without a time' using errcode = 'invalid_parameter_value';
    end if;
    insert into {SCHEMA}.pgqueuer (priority, entrypoint, payload, execute_after, dedupe_key, status)
    values (
        0, p_job,
        convert_to(json_build_object('company_id', p_company_id, 'object_id', p_object_id)::text, 'UTF8'),
        p_at, concat_ws(' ', p_job, p_company_id, p_object_id, extract(epoch from p_at)), 'queued'
    )
    on conflict (dedupe_key) where status in ('queued', 'picked') and dedupe_key is not null do nothing;
end $$
"""
"""One row as the library's own `enqueue(..., on_conflict="skip")` would insert it, without that one's line in its log:
nobody reads that line, and it would cost the payment path an insert into a table with five indexes. The same alarm for
the same moment is set once."""


async def defer(tx: Tx, job: str, *, company_id: str, object_id: str, at: datetime) -> None:
    """Have `job` run for `object_id` at `at` or soon after, if this transaction commits. One statement."""
    await tx.execute("select ipp.defer($1, $2, $3, $4)", job, company_id, object_id, at)


def library_settings() -> "DBSettings":
    """Where the library's tables are and what they are called, whatever the process's environment says."""
    from pgqueuer.domain.settings import DBSettings, Durability  # noqa: PLC0415 - only the worker and migrations need it

    return DBSettings.model_validate({**_NAMES, "durability": Durability.durable})


_NAMES: Mapping[str, str] = MappingProxyType({
    "prefix": "",
    "db_schema": SCHEMA,
    "channel": CHANNEL,
    "function": "fn_pgqueuer_changed",
    "statistics_table": "pgqueuer_statistics",
    "queue_status_type": "pgqueuer_status",
    "queue_table": "pgqueuer",
    "queue_table_log": "pgqueuer_log",
    "trigger": "tg_pgqueuer_changed",
    "schedules_table": "pgqueuer_schedules",
})  # fmt: skip


def install_statements() -> list[str]:
    """What the owner runs once: the library's tables, as its release in the lock file declares them."""
    from pgqueuer.adapters.persistence import schema_ddl  # noqa: PLC0415
    from pgqueuer.domain.schema.declaration import target  # noqa: PLC0415

    settings = library_settings()
    schema = target(settings)
    return [
        f"create schema if not exists {SCHEMA}",
        *(schema_ddl.render_enum(each, settings) for each in schema.enums),
        *(schema_ddl.render_table(each, settings) for each in schema.tables),
        *(schema_ddl.render_index(each, settings) for each in schema.indexes),
        *(schema_ddl.render_function(each, settings) for each in schema.functions),
        *(schema_ddl.render_trigger(each, settings) for each in schema.triggers),
        # The trigger would send a NOTIFY from inside the payment's transaction, and PostgreSQL lets those commit one
        # at a time only (measured with 32 connections: 3,700 transactions a second instead of 10,000). The worker
        # looks twice a second instead.
        f"alter table {SCHEMA}.pgqueuer disable trigger tg_pgqueuer_changed",
        # Rows come and go; their table stays small only if it is cleaned often.
        f"alter table {SCHEMA}.pgqueuer set (autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=1000)",
    ]


_TAKING = ("status", "updated", "heartbeat", "queue_manager_id", "slot", "execute_after", "attempts")
WORKER_MAY: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("pgqueuer", "SELECT", ()),
    ("pgqueuer", "DELETE", ()),
    ("pgqueuer", "UPDATE", _TAKING),
    ("pgqueuer_log", "SELECT", ()),
    ("pgqueuer_log", "INSERT", ()),
    ("pgqueuer_log", "DELETE", ()),
    ("pgqueuer_statistics", "SELECT", ()),  # the library asks whether it is there
)
"""The worker's login on the library's tables: table, privilege, columns (all when empty).

It can take up and finish jobs and clear their log; it can neither make one nor change what one says.
"""


def grant_statements(worker_role: str) -> list[str]:
    """What the owner runs after every migration: the queue is open to the worker's login role, as far as it needs."""
    return [
        f"revoke all on all tables in schema {SCHEMA} from public, {worker_role}",
        f"revoke all on function {SCHEMA}.fn_pgqueuer_changed() from public",
        f"grant usage on schema {SCHEMA} to {worker_role}",
        *(
            f"grant {privilege} {_in_brackets(columns)} on {SCHEMA}.{table} to {worker_role}"
            for table, privilege, columns in WORKER_MAY
        ),
    ]


def _in_brackets(columns: tuple[str, ...]) -> str:
    return f"({', '.join(columns)})" if columns else ""
