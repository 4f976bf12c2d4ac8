"""Switches: weighing."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from markupsafe import escape
from sqlalchemy import MetaData

from ippgateway.domains.disclosures.kinds import KINDS, REASON, WHO
from ippgateway.domains.requests import service as requests
from ippgateway.privacy import interests, wanted
from ippgateway.privacy.catalogue import (
    ACCESS_RECORDS,
    AUDIT_REVIEW,
    BOOKKEEPING,
    BOOKKEEPING_TERM,
    HAND_OVER,
    STAFF_ACCOUNT,
)
from ippgateway.privacy.declare import KEYS, MAIN
from ippgateway.privacy.interests import BALANCED
from ippgateway.privacy.rights import reach
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import PLATFORM, RIGHTS, Zone, purpose_role
from ippgateway.promises.context import Answer, Context

from .base import Tools, answering, by_sql, lacking, off, said, with_field

Switch = Callable[[Tools], AsyncIterator[Context]]


def unweighed(purpose: Purpose) -> Switch:
    async def nobody_weighed_it(tools: Tools) -> AsyncIterator[Context]:
        tools.monkeypatch.delitem(BALANCED, purpose)
        yield tools.context

    return nobody_weighed_it


def untold(purpose: Purpose, language: str) -> Switch:
    async def the_policy_says_nothing_of_it(tools: Tools) -> AsyncIterator[Context]:
        need = str(escape(getattr(BALANCED[purpose].need, language)))
        yield await lacking(tools.context, f"{language}/privacy", need, at="site")

    return the_policy_says_nothing_of_it


async def nobody_may_object(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(requests, "objectable", lambda: ())
    yield tools.context


# --- BASIS-2 ---

off("BASIS-2")(unweighed(STAFF_ACCOUNT))
off("BASIS-2")(untold(STAFF_ACCOUNT, "en"))
off("BASIS-2")(nobody_may_object)


@off("BASIS-2")
async def weighing_is_not_demanded(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(interests, "require_balanced", lambda _: None)
    yield tools.context


def _not_hidden(name: str, purpose: Purpose, table: str, *, of: MetaData) -> Switch:
    """The purpose sees the rows of whoever objected to it."""

    async def shown(tools: Tools) -> AsyncIterator[Context]:
        prefix = tools.bench.settings.role_prefix
        role = purpose_role(prefix, purpose)
        again = next(
            sql for policy, sql in wanted.policies(of, prefix).items() if (policy.table, policy.role) == (table, role)
        )
        gone = f"drop policy {purpose.key} on {table}"
        await tools.bench.run(f"{gone}; create policy {purpose.key} on {table} to {role} using (true)", of=of)
        try:
            yield tools.context
        finally:
            await tools.bench.run(f"{gone}; {again}", of=of)

    shown.__name__ = name
    return shown


off("BASIS-2")(_not_hidden("keys_are_not_hidden", STAFF_ACCOUNT, "ipp.person_key", of=KEYS))
off("BASIS-2")(_not_hidden("visits_are_not_hidden", ACCESS_RECORDS, "ipp.visit", of=MAIN))


by_sql(
    "BASIS-2", "an_objection_that_does_not_bind",
    "insert into ipp.data_request (tenant_id, id, person_id, payer, kind, state, identity, language, purpose, "
    "asked_at, due_on, ended_at) select tenant_id, 'objection', person_id, false, 'objection', 'DONE', 'session', "
    f"'en', '{STAFF_ACCOUNT.key}', now() - interval '1 day', current_date + 30, now() from ipp.app_user "
    "where audience = 'company' limit 1",
    "delete from ipp.data_request where id = 'objection'",
)  # fmt: skip

# --- BASIS-5 ---


@off("BASIS-5")
async def a_field_that_no_law_keeps(tools: Tools) -> AsyncIterator[Context]:
    yield with_field(tools.context, "name", said(sealed=BOOKKEEPING, keep=replace(BOOKKEEPING_TERM, statute="")))


@off("BASIS-5")
async def years_that_end_otherwise(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(reach, "ends_on", lambda *_: None)
    yield tools.context


@off("BASIS-5")
async def a_policy_without_the_law(tools: Tools) -> AsyncIterator[Context]:
    yield await lacking(tools.context, "da/privacy", str(escape(BOOKKEEPING_TERM.statute)), at="site")


@off("BASIS-5")
async def a_report_without_a_paragraph(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setitem(KINDS, "regulator", replace(KINDS["regulator"], contents=(WHO, REASON)))
    yield tools.context


# --- BASIS-6 ---

by_sql(
    "BASIS-6", "one_approval_will_do",
    "alter table ipp.disclosure_case drop constraint ck_disclosure_case_two_approvals",
    "alter table ipp.disclosure_case add constraint ck_disclosure_case_two_approvals "
    "check (state in ('OPEN', 'REFUSED') or (first_by is not null and second_by is not null))",
)  # fmt: skip
by_sql(
    "BASIS-6", "whoever_enters_it_may_approve",
    "alter table ipp.disclosure_case drop constraint ck_disclosure_case_three_people",
    "alter table ipp.disclosure_case add constraint ck_disclosure_case_three_people "
    "check (first_by <> requested_by and second_by <> requested_by and first_by <> second_by)",
)  # fmt: skip
by_sql(
    "BASIS-6", "nobody_is_told",
    "insert into ipp.disclosure_case (tenant_id, id, asker_id, kind, state, organisation, place, transfer_tool, "
    "measures, categories, pseudonymised, silent, hold, requested_by, created_at, first_by, second_by, ready_at, "
    "ended_at, due_on) "
    f"values ('{PLATFORM}', 'case', 'asker', 'authority', 'DONE', 'x', 'DK', '', '', '{{email}}', false, false, "
    "false, 'one', now(), 'two', 'three', now() - interval '1 day', now() - interval '1 day', current_date)",
    "delete from ipp.disclosure_case where id = 'case'",
)  # fmt: skip


@off("BASIS-6")
async def a_request_without_its_instrument(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setitem(KINDS, "authority", replace(KINDS["authority"], contents=(WHO, REASON)))
    yield tools.context


@off("BASIS-6")
async def nothing_is_held_meanwhile(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setitem(KINDS, "authority", replace(KINDS["authority"], holds=False))
    yield tools.context


@off("BASIS-6")
async def whoever_decides_puts_it_together(tools: Tools) -> AsyncIterator[Context]:
    desk = RIGHTS[Zone.DESK]
    tools.monkeypatch.setitem(RIGHTS, Zone.DESK, replace(desk, purposes=desk.purposes | {HAND_OVER}))
    yield tools.context


@off("BASIS-6")
async def cases_for_anybody(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "disclosures", Answer(200, {}), at="desk")


# --- BASIS-15, BASIS-17 ---

off("BASIS-15")(unweighed(ACCESS_RECORDS))
off("BASIS-15")(untold(ACCESS_RECORDS, "en"))
off("BASIS-15")(nobody_may_object)
by_sql(
    "BASIS-15", "it_is_used_for_something_else",
    "grant select (address) on ipp.visit to {p}_p_account", "revoke select (address) on ipp.visit from {p}_p_account",
)  # fmt: skip
off("BASIS-17")(unweighed(AUDIT_REVIEW))
off("BASIS-17")(untold(AUDIT_REVIEW, "da"))
off("BASIS-17")(nobody_may_object)
by_sql(
    "BASIS-17", "it_sees_more",
    "grant select (email) on ipp.app_user to {p}_p_audit_review",
    "revoke select (email) on ipp.app_user from {p}_p_audit_review",
)  # fmt: skip


@off("BASIS-17")
async def nobody_works_under_it(tools: Tools) -> AsyncIterator[Context]:
    desk = RIGHTS[Zone.DESK]
    tools.monkeypatch.setitem(RIGHTS, Zone.DESK, replace(desk, purposes=desk.purposes - {AUDIT_REVIEW}))
    yield tools.context
