"""What is given back to a customer or partner that leaves (GDPR Article 28(3)(g)): one JSON document, written as it is
read, so that a shop with many payers needs no more memory than one with few.

    {"shape": 1, "kind": "customer", "at": ..., "own": an access copy of its own details,
     "users": [...], "customers": [...], "payers": [an access copy each, with its "payments"]}

It has no card numbers and no secrets: those are never shown to anybody.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

from ippgateway.core.database import Tx
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience, UserView
from ippgateway.domains.companies import service as companies
from ippgateway.privacy.catalogue import OWN_DATA
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.copy import access_copy, of_the_shop
from ippgateway.privacy.rights.held import held
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.zones import PLATFORM

SHAPE = 1
_AT_ONCE = 200
_TABLES = {Audience.COMPANY: "company", Audience.PARTNER: "partner"}
_PAYMENTS = (
    "select id, checkout_id, method, state, amount_minor, currency, authorised_minor, captured_minor, voided_minor, "
    "refunded_minor, test, created_at from ipp.payment where company_id = $1 and person_id = $2 order by id"
)


async def returned(p: Platform, *, tenant_id: str, audience: Audience) -> AsyncIterator[bytes]:
    """The document, piece by piece."""
    head = {"shape": SHAPE, "kind": _KIND[audience], "at": p.clock.now().isoformat(timespec="seconds")}
    yield f'{json.dumps(head)[:-1]},\n"own": {_json(await _own(p, tenant_id, audience))}'.encode()
    yield f',\n"users": {_json(await _users(p, tenant_id, audience))}'.encode()
    for name, rows in (("customers", _customers(p, tenant_id, audience)), ("payers", _payers(p, tenant_id, audience))):
        yield f',\n"{name}": ['.encode()
        before = ""
        async for row in rows:
            yield f"{before}\n{_json(row)}".encode()
            before = ","
        yield b"\n]"
    yield b"}\n"


_KIND = {Audience.COMPANY: "customer", Audience.PARTNER: "partner"}


async def _own(p: Platform, tenant_id: str, audience: Audience) -> dict[str, Any]:
    async with p.db.begin(OWN_DATA, tenants=[tenant_id]) as tx:
        person_id = await tx.value(f"select person_id from ipp.{_TABLES[audience]} where id = $1", tenant_id)
    return access_copy(await held(p, Person(PLATFORM, str(person_id), tenant_id), whole=True))


async def _users(p: Platform, tenant_id: str, audience: Audience) -> list[dict[str, Any]]:
    return [_user(user) for user in await accounts.users(p, audience=audience, tenant_id=tenant_id)]


def _user(user: UserView) -> dict[str, Any]:
    return {
        "id": user.user_id, "email": user.email, "name": user.name, "phone": user.phone, "status": user.status,
        "rights": list(user.rights), "policy": user.policy_id,
    }  # fmt: skip


async def _customers(p: Platform, tenant_id: str, audience: Audience) -> AsyncIterator[dict[str, Any]]:
    """Of a partner: those it brought in."""
    after: str | None = None
    while audience is Audience.PARTNER:
        page = await companies.customers(p, partner_id=tenant_id, before=after, count=_AT_ONCE)
        for row in page.rows:
            yield {"id": row.id, "name": row.name, "status": row.status, "since": row.created_at.isoformat()}
        if (after := page.after) is None:
            return


async def _payers(p: Platform, tenant_id: str, audience: Audience) -> AsyncIterator[dict[str, Any]]:
    """Of a shop: everything that is held on its behalf, a payer at a time."""
    after = ""
    while audience is Audience.COMPANY:
        async with p.db.begin(OWN_DATA, tenants=[tenant_id]) as tx:
            rows = await tx.fetch(
                "select person_id from ipp.payer where company_id = $1 and person_id > $2 order by person_id limit $3",
                tenant_id, after, _AT_ONCE,
            )  # fmt: skip
        for row in rows:
            yield await _payer(p, Person(tenant_id, row["person_id"]))
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1]["person_id"]


async def _payer(p: Platform, person: Person) -> dict[str, Any]:
    document = access_copy(of_the_shop(await held(p, person, whole=True)))
    async with p.db.begin(OWN_DATA, tenants=[person.controller]) as tx:
        return document | {"payments": await _payments(tx, person)}


async def _payments(tx: Tx, person: Person) -> list[dict[str, Any]]:
    rows = await tx.fetch(_PAYMENTS, person.controller, person.person_id)
    return [{**dict(row), "created_at": row["created_at"].isoformat()} for row in rows]


def _json(what: object) -> str:
    return json.dumps(what, ensure_ascii=False)
