"""Whom a case is about: from what was asked to people, in the process that answers them."""

from ippgateway.core.ids import is_id
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.accounts.service.users import code_of
from ippgateway.domains.payments.errors import PaymentNotFound
from ippgateway.domains.payments.service import people
from ippgateway.privacy.catalogue import AUTHENTICATE, HAND_OVER
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.zones import PLATFORM

_AUDIENCES = (Audience.COMPANY, Audience.PARTNER, Audience.PUBLIC)
"""Not our staff: their rows are the desk's alone."""


async def found(p: Platform, subjects: tuple[str, ...]) -> tuple[Person, ...]:
    """Everybody whom these lines name, each once, in the order they were named."""
    people_found = [person for line in subjects for person in await _of_line(p, line)]
    return tuple(dict.fromkeys(people_found))


async def _of_line(p: Platform, line: str) -> tuple[Person, ...]:
    first, _, email = line.partition(" ")
    if email:
        return await people.payers_at(p, company_id=first, email=email)
    if is_id(first):
        try:
            return ((await people.payer_of(p, payment_id=first)).person,)
        except PaymentNotFound:
            return ()
    return await _users(p, first)


async def _users(p: Platform, email: str) -> tuple[Person, ...]:
    async with p.db.begin(AUTHENTICATE) as tx:
        rows = await tx.fetch(
            "select tenant_id, id from ipp.app_user u join unnest($1::text[], $2::bytea[]) as asked(audience, code) "
            "on u.audience = asked.audience and u.username_code = asked.code order by tenant_id, id",
            [each.value for each in _AUDIENCES], [code_of(p, each, email) for each in _AUDIENCES],
        )  # fmt: skip
    if not rows:
        return ()
    async with p.db.begin(HAND_OVER, tenants=[row["tenant_id"] for row in rows]) as tx:
        users = await tx.fetch(
            "select u.tenant_id, u.person_id from unnest($1::text[], $2::text[]) as asked(tenant_id, id) "
            "join ipp.app_user u on u.tenant_id = asked.tenant_id and u.id = asked.id",
            [row["tenant_id"] for row in rows], [row["id"] for row in rows],
        )  # fmt: skip
    return tuple(Person(PLATFORM, row["person_id"], row["tenant_id"]) for row in users)
