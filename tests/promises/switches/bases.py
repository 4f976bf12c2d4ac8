"""Switches: bases."""

from collections.abc import AsyncIterator
from dataclasses import replace

from ippgateway.domains.accounts import rights
from ippgateway.privacy import vocabulary
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.promises.context import Answer, Context

from .base import Tools, answering, by_sql, off

# --- BASIS-1, BASIS-7, DISC-1, DISC-11 ---

by_sql(
    "BASIS-1", "a_zone_reads_without_a_purpose",
    "grant select (id) on ipp.company to {p}_z_site", "revoke select (id) on ipp.company from {p}_z_site",
)  # fmt: skip


@off("BASIS-7")
async def a_door_without_a_second_factor(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "sign-in/factor", Answer(404, {}), at="desk")


by_sql(
    "BASIS-7", "a_new_browser_is_told_to_nobody", "update ipp.letter set kind = 'aside' where kind = 'new_device'",
    "update ipp.letter set kind = 'new_device' where kind = 'aside'",
)  # fmt: skip
by_sql(
    "BASIS-7", "browsers_are_not_remembered",
    "create table public.aside as select * from ipp.known_device; delete from ipp.known_device",
    "insert into ipp.known_device select * from public.aside; drop table public.aside",
    admin=True,
)  # fmt: skip
by_sql(
    "DISC-1", "staff_without_an_employer",
    "alter table ipp.app_user add aside bytea; update ipp.app_user set aside = employment, employment = null",
    "update ipp.app_user set employment = aside; alter table ipp.app_user drop aside",
)  # fmt: skip
by_sql(
    "DISC-1", "staff_with_every_role", "update ipp.app_user set rights = '{ALL}' where audience = 'staff'",
    "update ipp.app_user set rights = '{administrator}' where audience = 'staff'",
)  # fmt: skip
by_sql(
    "DISC-1", "the_desk_sees_customers",
    "create policy others_too on ipp.app_user to {p}_p_staff_account using (true)",
    "drop policy others_too on ipp.app_user",
)  # fmt: skip
by_sql(
    "DISC-1", "support_sees_staff",
    "create policy staff_too on ipp.app_user to {p}_p_support using (true)", "drop policy staff_too on ipp.app_user",
)  # fmt: skip


@off("DISC-1")
async def a_role_for_payments(tools: Tools) -> AsyncIterator[Context]:
    support = replace(rights.ROLES["support"], purposes=frozenset({PAYMENT}))
    tools.monkeypatch.setitem(rights.ROLES, "support", support)
    yield tools.context


@off("DISC-11")
async def sales_are_not_refused(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(vocabulary, "refuse_sale", lambda _: None)
    yield tools.context


by_sql(
    "DISC-11", "somebody_else_reads",
    "grant select on ipp.payer to public", "revoke select on ipp.payer from public",
)  # fmt: skip
