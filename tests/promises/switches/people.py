"""Switches: people."""

from collections.abc import AsyncIterator
from dataclasses import replace

from sqlalchemy import MetaData

from ippgateway.core.clock import Clock
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience, Session
from ippgateway.domains.visits import service as visits
from ippgateway.privacy import declare, registry
from ippgateway.privacy.declare import KEYS, MAIN, declaration_of
from ippgateway.promises.context import Answer, Context
from promises.bench import COMPANY, ENTRY

from .base import Tools, answering, by_sql, off, said, with_field

# --- SCOPE-2 ---

by_sql(
    "SCOPE-2", "a_partner_sees_every_customer",
    "create policy all_of_them on ipp.company to {p}_p_account using (true)",
    "drop policy all_of_them on ipp.company",
)  # fmt: skip
by_sql(
    "SCOPE-2", "the_console_sees_staff",
    "create policy staff_too on ipp.app_user to {p}_p_authenticate using (true)",
    "drop policy staff_too on ipp.app_user",
)  # fmt: skip


@off("SCOPE-2")
async def resellers_are_no_kind(tools: Tools) -> AsyncIterator[Context]:
    page = await tools.context.ask("sign-up?kind=shop", None, "console")
    yield answering(tools.context, "sign-up?kind=reseller", page, at="console")


@off("SCOPE-2")
async def anybody_signs_up_at_the_desk(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "sign-up", Answer(200, {}), at="desk")


# --- SCOPE-4, COLLECT-5 ---

by_sql(
    "SCOPE-4", "an_undeclared_column",
    "alter table ipp.company add column nickname text", "alter table ipp.company drop column nickname",
)  # fmt: skip
by_sql(
    "SCOPE-4", "an_undeclared_table", "create table ipp.notes (words text)", "drop table ipp.notes", of=KEYS
)  # fmt: skip


@off("SCOPE-4")
async def declarations_are_not_asked_for(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(declare, "declaration_of", lambda column: column.info.get("declaration"))
    yield tools.context


@off("COLLECT-5")
async def a_field_without_purpose(tools: Tools) -> AsyncIterator[Context]:
    yield with_field(tools.context, "name", said(uses=frozenset()))


@off("COLLECT-5")
async def a_field_without_term(tools: Tools) -> AsyncIterator[Context]:
    yield with_field(tools.context, "name", said(keep=None))


# --- COLLECT-6 ---

by_sql(
    "COLLECT-6", "another_purpose_reads_addresses",
    "grant select (address) on ipp.visit to {p}_p_payment", "revoke select (address) on ipp.visit from {p}_p_payment",
)  # fmt: skip
by_sql(
    "COLLECT-6", "whoever_ends_records_reads_addresses",
    "grant select (address) on ipp.visit to {p}_p_retention",
    "revoke select (address) on ipp.visit from {p}_p_retention",
)  # fmt: skip
by_sql(
    "COLLECT-6", "whoever_writes_may_remove",
    "grant delete on ipp.visit to {p}_p_access_recording", "revoke delete on ipp.visit from {p}_p_access_recording",
)  # fmt: skip
by_sql(
    "COLLECT-6", "the_person_can_not_be_told",
    "revoke select (seconds) on ipp.visit_page from {p}_p_own_data",
    "grant select (seconds) on ipp.visit_page to {p}_p_own_data",
)  # fmt: skip
by_sql(
    "COLLECT-6", "a_record_past_its_term",
    "insert into ipp.visit values "
    "('platform', 'old', 'old', 'api', now() - interval '92 days', now(), 1, 'a', 'b', 'c')",
    "delete from ipp.visit where id = 'old'",
)  # fmt: skip


class _Impatient:
    """A clock that waits for nothing."""

    def __init__(self, clock: Clock) -> None:
        self.now = clock.now

    async def sleep(self, _: float) -> None:
        """Over at once."""


@off("COLLECT-6")
async def nothing_is_written(tools: Tools) -> AsyncIterator[Context]:
    async def write(*_: object) -> dict[str, str]:
        return {}

    tools.monkeypatch.setattr(visits, "write", write)
    yield replace(tools.context, clock=_Impatient(tools.context.clock))


# --- COLLECT-7 ---

by_sql(
    "COLLECT-7", "a_company_named_in_clear",
    f"update ipp.company set meta = name, name = convert_to('Canary shop', 'UTF8') where id = '{COMPANY}'",
    f"update ipp.company set name = meta, meta = null where id = '{COMPANY}'",
)  # fmt: skip


@off("COLLECT-7")
async def numbers_are_not_sealed(tools: Tools) -> AsyncIterator[Context]:
    company = MAIN.tables["ipp.company"].to_metadata(MetaData())
    company.c.meta.info = {"declaration": replace(declaration_of(company.c.meta), sealed=None)}
    yield replace(
        tools.context, tables=lambda of: [company if t.name == company.name else t for t in registry.tables(of)]
    )


# --- CUST-3, CUST-5 ---


@off("CUST-3")
async def no_authorisation(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "payments/authorize", Answer(404, {}))


by_sql(
    "CUST-3", "an_entry_off_balance",
    f"update ipp.ledger_line set amount_minor = amount_minor + 1 where entry_id = '{ENTRY}' and line = 1",
    f"update ipp.ledger_line set amount_minor = amount_minor - 1 where entry_id = '{ENTRY}' and line = 1",
)  # fmt: skip
by_sql(
    "CUST-3", "an_approval_without_an_entry",
    "create table public.aside as select * from ipp.ledger_line; delete from ipp.ledger_line",
    "insert into ipp.ledger_line select * from public.aside; drop table public.aside",
    admin=True,
)  # fmt: skip


@off("CUST-3")
async def a_script_that_is_not_in_the_inventory(tools: Tools) -> AsyncIterator[Context]:
    scripts = (await tools.context.ask("pay/scripts.json", None)).body["scripts"]
    core = next(script["path"].lstrip("/") for script in scripts if script["name"] == "core.js")
    yield answering(tools.context, core, Answer(200, {}, {}, "alert(1)"))


@off("CUST-3")
async def a_payment_page_without_its_policy(tools: Tools) -> AsyncIterator[Context]:
    page = await tools.context.ask("?checkout_id=none", None)
    loose = {**page.headers, "content-security-policy": "script-src 'self' 'unsafe-inline'"}
    yield answering(tools.context, "?checkout_id=none", replace(page, headers=loose))


@off("CUST-5")
async def any_session_will_do(tools: Tools) -> AsyncIterator[Context]:
    async def resume(*_: object, audience: Audience, **__: object) -> Session:
        return Session(
            id="", audience=audience, tenant_id=COMPANY, home_id=COMPANY, user_id="", moves_money=True, rights=("ALL",)
        )

    tools.monkeypatch.setattr(accounts, "resume", resume)
    yield tools.context


by_sql(
    "CUST-5", "no_row_security",
    "alter table ipp.company disable row level security", "alter table ipp.company enable row level security",
)  # fmt: skip
by_sql(
    "CUST-5", "an_open_policy",
    "create policy all_of_them on ipp.payment to {p}_p_payment_records using (true)",
    "drop policy all_of_them on ipp.payment",
)  # fmt: skip

by_sql(
    "CUST-5", "a_policy_of_nobody", "update ipp.app_user set policy_id = 'none' where audience = 'company'",
    "update ipp.app_user set policy_id = null where audience = 'company'",
)  # fmt: skip
by_sql(
    "CUST-5", "sign_ins_that_nobody_can_end",
    "revoke update (ended_at) on ipp.sign_in_session from {p}_p_account",
    "grant update (ended_at) on ipp.sign_in_session to {p}_p_account",
)  # fmt: skip


@off("CUST-5")
async def a_page_for_anybody(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "payments", Answer(200, {}), at="console")
