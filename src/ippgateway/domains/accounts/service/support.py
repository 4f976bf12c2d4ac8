"""Finding whoever asks our support: by the exact e-mail address, by an id, by a company's merchant number.

It finds ids and states; what anybody is called is read by `privacy.looks` alone, with a reason.
"""

from dataclasses import dataclass

from ippgateway.core.database import Tx
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.accounts.service.users import code_of
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import SUPPORT_SEARCH
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

_MOST = 50
_LONGEST = 254
_ANSWERED = (Audience.COMPANY, Audience.PARTNER, Audience.PUBLIC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """Somebody who may be asking: a user, a company or a partner, in ids. `kind`: what they are."""

    tenant_id: str
    person_id: str
    kind: str
    status: str
    id: str


async def find_asker(p: Platform, text: str, *, by: str) -> tuple[Asker, ...]:
    """Whoever has that e-mail address, id or merchant number; our own staff are never among them.

    That somebody searched stands on the trail, with how many were found and not with what.
    """
    text = text.strip()[:_LONGEST]
    async with p.db.begin(SUPPORT_SEARCH) as tx:
        found = await (_by_address(tx, p, text) if "@" in text else _by_id(tx, text))
        await audit.record(tx, actor=f"{p.zone.value}/{by}", act="people.searched", on=f"found/{len(found)}")
    return found


async def users_of(p: Platform, tenant_id: str) -> tuple[Asker, ...]:
    """The users of a company or partner, at most fifty."""
    async with p.db.begin(SUPPORT_SEARCH) as tx:
        return await _asked(tx, f"{_USERS} where tenant_id = $1 order by id limit {_MOST}", tenant_id)


_USERS = "select tenant_id, person_id, audience as kind, status, id from ipp.app_user"
_SHOPS = "select id as tenant_id, person_id, 'shop' as kind, status, id from ipp.company"
_NAMED = (
    f"{_SHOPS} where id = $1 or id in (select company_id from ipp.company_acquirer where merchant_number = $1)",
    "select id as tenant_id, person_id, 'reseller' as kind, status, id from ipp.partner where id = $1",
    f"{_USERS} where id = $1",
)


async def _by_address(tx: Tx, p: Platform, email: str) -> tuple[Asker, ...]:
    codes = [code_of(p, audience, email) for audience in _ANSWERED]
    return await _asked(tx, f"{_USERS} where username_code = any($1::bytea[]) order by id limit {_MOST}", codes)


async def _by_id(tx: Tx, text: str) -> tuple[Asker, ...]:
    return tuple([asker for sql in _NAMED for asker in await _asked(tx, f"{sql} limit {_MOST}", text)])


async def _asked(tx: Tx, sql: str, asked: object) -> tuple[Asker, ...]:
    return tuple(Asker(**dict(row)) for row in await tx.fetch(sql, asked) if row["tenant_id"] != PLATFORM)
