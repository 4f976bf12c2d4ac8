"""Somebody leaves: their account is closed because they want it to be, whoever else there is in the same tenant."""

from dataclasses import dataclass

from ippgateway.core.database import Tx
from ippgateway.domains.accounts.errors import LastAdministrator, NoSuchUser
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.accounts.service import tickets
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import ACTIVE, known, tell
from ippgateway.domains.accounts.service.managing import By, is_managed, recorded
from ippgateway.domains.accounts.service.sessions import end_all
from ippgateway.domains.accounts.service.users import code_of
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.persons import KeyDestroyed
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.zones import PLATFORM


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A user as one of a tenant's. `alone`: nobody else of the tenant can sign in; `closed`: no more themselves."""

    user_id: str
    audience: Audience
    language: str
    alone: bool
    closed: bool


async def member(p: Platform, person: Person) -> Member:
    """The user who is this person. Raises NoSuchUser."""
    async with p.db.begin(hall(p)[1], tenants=[person.rows_of]) as tx:
        return await _member(tx, person)


async def person_by_address(p: Platform, *, tenant_id: str, email: str) -> Person | None:
    """The user whom a tenant knows by this address, whichever kind of tenant it is; for the operator."""
    codes = [code_of(p, audience, email) for audience in Audience if audience is not Audience.STAFF]
    async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx:
        found = await tx.value(
            "select person_id from ipp.app_user where tenant_id = $1 and username_code = any($2::bytea[]) limit 1",
            tenant_id, codes,
        )  # fmt: skip
    return None if found is None else Person(PLATFORM, str(found), tenant_id)


async def depart(p: Platform, person: Person) -> Member:
    """End every session and ticket of a user, and close the account; a second time it changes nothing.

    Raises NoSuchUser; LastAdministrator while others are left whom nobody could manage any more.
    """
    async with p.db.begin(hall(p)[1], tenants=[person.rows_of]) as tx:
        await tx.fetch("select id from ipp.app_user where tenant_id = $1 order by id for update", person.rows_of)
        whom = await _member(tx, person)
        if whom.closed:
            return whom
        before = await is_managed(tx, p, person.rows_of)
        await tx.execute(
            "update ipp.app_user set status = 'closed', closed_at = $3 where tenant_id = $1 and id = $2",
            person.rows_of, whom.user_id, p.clock.now(),
        )  # fmt: skip
        if before and not whom.alone and not await is_managed(tx, p, person.rows_of):
            raise LastAdministrator
        await end_all(tx, p, tenant_id=person.rows_of, user_id=whom.user_id)
        await tickets.end_all(tx, p, tenant_id=person.rows_of, user_id=whom.user_id)
        await recorded(tx, p, whom.user_id, "user.left", person.rows_of, whom.user_id)
    return whom


async def depart_all(tx: Tx, p: Platform, *, tenant_id: str, by: By) -> int:
    """Close everybody's account of a customer or partner that leaves: their terms begin, and each is told. How many
    there were; a second time nobody is left."""
    rows = await tx.fetch(
        "update ipp.app_user set status = 'closed', closed_at = $2 where tenant_id = $1 and status <> 'closed' "
        "returning id",
        tenant_id, p.clock.now(),
    )  # fmt: skip
    for row in rows:
        place = {"tenant_id": tenant_id, "user_id": row["id"]}
        await end_all(tx, p, **place)
        await tickets.end_all(tx, p, **place)
        try:
            await tell(tx, p, await known(tx, p, **place), Kind.ACCOUNT_CLOSED)
        except KeyDestroyed:  # whoever had everything restricted is told nothing
            continue
        finally:
            await recorded(tx, p, by, "user.closed", tenant_id, row["id"])
    return len(rows)


async def _member(tx: Tx, person: Person) -> Member:
    row = await tx.row(
        "select id, audience, language, status, not exists (select from ipp.app_user o where o.tenant_id = u.tenant_id "
        "and o.id <> u.id and o.status = $3) as alone from ipp.app_user u where tenant_id = $1 and person_id = $2",
        person.rows_of, person.person_id, ACTIVE,
    )  # fmt: skip
    if row is None:
        raise NoSuchUser
    return Member(
        user_id=row["id"], audience=Audience(row["audience"]), language=row["language"], alone=row["alone"],
        closed=row["status"] == "closed",
    )  # fmt: skip
