"""Whose things nobody else may see: every text of theirs is a canary."""

import asyncio
import json
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

import asyncpg

from ippgateway.app.database.access import as_admin, main_database
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import api_address
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.schemas import KeyScope
from ippgateway.domains.partners import service as partners
from ippgateway.domains.payments.service import people
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.schemas import Identity, Kind, New
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM
from signing import member

CANARY = "quintus-kanarie"
COLLEAGUE = "ulla-kanariefugl"
"""One of our staff, whom colleagues see where they say who answers for something."""
EMAIL = f"{CANARY}@example.org"
GOOD = "4111111111111111"


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """Ids of everything that is theirs, by the name that a route gives its parameter."""

    ids: dict[str, str]
    company_id: str
    partner_id: str
    settings: Settings

    async def state(self) -> list[str]:
        """Everything of theirs in the database that somebody could have changed: states, rights, sums, ends."""
        connection = await asyncpg.connect(**as_admin(self.settings, main_database(self.settings)))
        try:
            return [str([tuple(row) for row in await connection.fetch(sql, self.company_id, self.partner_id)])
                    for sql in _STATE]  # fmt: skip
        finally:
            await connection.close()


_BOTH = "$1::text is not null and $2::text is not null"
_STATE = (
    "select id, status, rights, policy_id, second_factor from ipp.app_user where tenant_id in ($1, $2) order by id",
    "select id, name, rights from ipp.access_policy where tenant_id in ($1, $2) order by id",
    f"select id, status, widget, switched_off, key1_digest, key2_digest from ipp.company where id = $1 and {_BOTH}",
    f"select payers_contact from ipp.company where id = $1 and {_BOTH}",
    f"select id, ends_at from ipp.company_key where company_id = $1 and {_BOTH} order by id",
    f"select id, ends_at, withdrawn_at from ipp.partner_grant where company_id = $1 and {_BOTH} order by id",
    f"select id, state, captured_minor, refunded_minor from ipp.payment where company_id = $1 and {_BOTH}",
    f"select id, method, result from ipp.payment_action where company_id = $1 and {_BOTH} order by id",
    f"select id, status, key1_digest, key2_digest from ipp.partner where id = $2 and {_BOTH}",
    "select user_id, id, kind from ipp.credential where tenant_id in ($1, $2) order by id",
    "select user_id, id from ipp.second_factor where tenant_id in ($1, $2) order by id",
    f"select id, state from ipp.data_request where tenant_id = $1 and {_BOTH} order by id",
)


async def planted(p: Platform, desk: Platform, settings: Settings) -> Owner:
    """A partner, its customer, their users, a payment with a refund, keys, policies, a payer's request, a member of
    staff, a member of the public."""
    partner_id = await _partner(p)
    company = companies.sandbox_company(p, partner_id=partner_id, name=f"{CANARY} shop")
    await companies.add(p, company)
    await companies.merge_meta(p, company_id=company.id, tree={"address": {"city": CANARY}})
    boss = await member(p, company.id, Audience.COMPANY, name=CANARY)
    session, user_id = await boss.session(), boss.user_id
    policy_id = await accounts.add_policy(p, tenant_id=company.id, name=CANARY, rights=("payments",), by=session)
    key_id, _ = await companies.add_key(
        p, company_id=company.id, scope=KeyScope.READ, label=CANARY, ends_at=None, by=session
    )
    program_id, _ = await accounts.add_application(p, session, label=CANARY)
    paid = await asyncio.to_thread(_paid, api_address(settings), company.id, company.key2.open())
    await member(p, partner_id, Audience.PARTNER, name=CANARY)
    await member(p, p.ids.new(), Audience.PUBLIC, name=CANARY)
    staff = await member(desk, PLATFORM, Audience.STAFF, name=COLLEAGUE, rights=("support",), employer=CANARY)
    ids = {
        "payment_id": paid["transaction_id"], "action_id": paid["action_id"], "user_id": user_id,
        "policy_id": policy_id, "key_id": key_id, "company_id": company.id, "program_id": program_id,
        "factor_id": await _factor(settings, company.id, user_id), "staff_id": staff.user_id,
        "request_id": await _request(p, company.id), "tenant_id": company.id,
        "session_id": session.id, "checkout": paid["checkout_id"], "transaction_key": paid["transaction_key"],
    }  # fmt: skip
    return Owner(ids=ids, company_id=company.id, partner_id=partner_id, settings=settings)


async def _partner(p: Platform) -> str:
    new = partners.NewPartner(id=p.ids.new(), name=CANARY, key1=Secret(p.ids.letters(42)),
                              key2=Secret(p.ids.letters(14)))  # fmt: skip
    await partners.add(p, new)
    return new.id


async def _request(p: Platform, company_id: str) -> str:
    """What the payer asked of the shop about their data, which nobody has decided yet."""
    (payer,) = await people.payers_at(p, company_id=company_id, email=EMAIL)
    return await requests.ask(p, New(
        person=payer, kind=Kind.RECTIFICATION, identity=Identity.SHOP, language="en", reply_to=Secret(EMAIL),
        statement=Secret(CANARY),
    ))  # fmt: skip


async def _factor(settings: Settings, tenant_id: str, user_id: str) -> str:
    """A second factor's row, as far as anybody could remove it."""
    connection = await asyncpg.connect(**as_admin(settings, main_database(settings)))
    try:
        await connection.execute(
            "insert into ipp.second_factor (tenant_id, user_id, id, kind, created_at, confirmed_at) "
            "select tenant_id, id, 'fact-orfa-ctor', 'totp', now(), now() from ipp.app_user "
            "where tenant_id = $1 and id = $2",
            tenant_id, user_id,
        )  # fmt: skip
    finally:
        await connection.close()
    return "fact-orfa-ctor"


def _paid(url: str, company_id: str, key2: str) -> dict[str, Any]:
    """A payment, captured and partly refunded, whose texts are canaries."""
    keys = {"id": company_id, "key2": key2}
    made = _post(url, "payments/checkout_id", **keys, amount="10000", currency="DKK", order_id=CANARY,
                 ipn=f"http://127.0.0.1:9/{CANARY}", **{"billing[name]": CANARY, "billing[email]": EMAIL})  # fmt: skip
    bearer = {"checkout_id": made["checkout_id"], "cryptogram": made["cryptogram"]}
    card = {"holder": CANARY, "cardno": GOOD, "expmonth": "04", "expyear": "2031", "cvv": "123"}
    _post(url, "payments/secure", **bearer, **card)
    paid = _post(url, "payments/authorize", **bearer, **card)
    for deed, amount in (("capture", "60.00"), ("refund", "10.00")):
        _post(url, f"company/payments/{deed}", **keys, transaction_id=paid["transaction_id"], amount=amount,
              comment=CANARY)  # fmt: skip
    return {**paid, "checkout_id": made["checkout_id"]}


def _post(url: str, path: str, **fields: str) -> dict[str, Any]:
    request = urllib.request.Request(f"{url}/{path}", data=urllib.parse.urlencode(fields).encode())
    with urllib.request.urlopen(request, timeout=40) as answer:
        content: dict[str, Any] = json.load(answer)["content"]
    return content
