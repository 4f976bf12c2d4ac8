"""A customer's leave for its partner to come into its account (wire contract 7.16): explicit, on record, for a while,
withdrawn at once. Without it the partner's users stay outside."""

from datetime import timedelta

import asyncpg

from ippgateway.domains.accounts.service.managing import By, recorded, tell_managers
from ippgateway.domains.companies.errors import CompanyNotFound, NoPartner
from ippgateway.domains.companies.schemas import GrantView
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

LONGEST_DAYS = 365
_MOST_SHOWN = 100
_COLUMNS = "id, partner_id, given_by, created_at, ends_at, withdrawn_at, withdrawn_by"
_OPEN = "withdrawn_at is null and ends_at > $2"


async def allow_partner(p: Platform, *, company_id: str, by: By, days: int = 30) -> None:
    """Let the company's partner in for `days` from now; an earlier leave ends with it. `by`: the session, or the
    company's id when a key did it. Raises CompanyNotFound, NoPartner, ValueError (days beyond LONGEST_DAYS)."""
    if not 0 < days <= LONGEST_DAYS:
        raise ValueError("days")
    now = p.clock.now()
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        partner_id = await tx.value(
            "select partner_id from ipp.company where id = $1 and status = 'active' for update", company_id
        )
        if partner_id is None:
            raise CompanyNotFound
        if partner_id == PLATFORM:
            raise NoPartner
        await tx.execute(
            "update ipp.partner_grant set withdrawn_at = least($2, ends_at), withdrawn_by = $3 "
            "where company_id = $1 and withdrawn_at is null",
            company_id, now, _who(by),
        )  # fmt: skip
        await tx.execute(
            "insert into ipp.partner_grant (company_id, id, partner_id, given_by, created_at, ends_at) "
            "values ($1, $2, $3, $4, $5, $6)",
            company_id, p.ids.new(), partner_id, _who(by), now, now + timedelta(days=days),
        )  # fmt: skip
        await recorded(tx, p, by, "partner.allowed", company_id)
        await tell_managers(tx, p, company_id, Kind.PARTNER_ALLOWED)


async def withdraw_partner(p: Platform, *, company_id: str, by: By) -> None:
    """Take the leave back, for whoever is inside too. `by`: as above. Without a leave it changes nothing."""
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        withdrawn = await tx.execute(
            "update ipp.partner_grant set withdrawn_at = least($2, ends_at), withdrawn_by = $3 "
            "where company_id = $1 and withdrawn_at is null",
            company_id, p.clock.now(), _who(by),
        )  # fmt: skip
        if withdrawn:
            await recorded(tx, p, by, "partner.withdrawn", company_id)


async def partner_allowed(p: Platform, *, company_id: str) -> GrantView | None:
    """The leave that is open now, if there is one."""
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        row = await tx.row(
            f"select {_COLUMNS} from ipp.partner_grant where company_id = $1 and {_OPEN}", company_id, p.clock.now()
        )
    return None if row is None else _grant(row)


async def grant_history(p: Platform, *, company_id: str) -> tuple[GrantView, ...]:
    """The company's leaves, newest first, those that ended too."""
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        rows = await tx.fetch(
            f"select {_COLUMNS} from ipp.partner_grant where company_id = $1 order by id desc limit $2",
            company_id, _MOST_SHOWN,
        )  # fmt: skip
    return tuple(map(_grant, rows))


def _who(by: By) -> str:
    return by if isinstance(by, str) else by.user_id


def _grant(row: asyncpg.Record) -> GrantView:
    return GrantView(**dict(row))
