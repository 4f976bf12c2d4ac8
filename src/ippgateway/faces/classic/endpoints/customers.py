"""A partner's companies, and entering one (wire contract 9.3 and 9.4)."""

import asyncio
import re
from typing import Any

from ippgateway.core.ids import is_id
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.companies.schemas import CustomerRow
from ippgateway.domains.partners import service as partners
from ippgateway.domains.partners.schemas import NewCustomer
from ippgateway.faces.classic import values
from ippgateway.faces.classic.credentials import NOT_SHOWN, Caller, arrival_of
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.parameters import Params
from ippgateway.faces.classic.refusals import bad, forbidden, may_not_move_money, not_found
from ippgateway.faces.classic.request import Call

_PHONE = re.compile(r"\d{1,25}", re.ASCII)
_MOST_LISTED = 5_000  # as of transactions
_AT_ONCE = 10
_LONGEST_NAME = 200
_LONGEST_PASSWORD = 1_024


async def listed(face: Face, _: Call, caller: Caller) -> Content:
    """`partner/list/company`: those that are not closed (R-51), newest first."""
    rows: list[dict[str, Any]] = []
    before = None
    while len(rows) < _MOST_LISTED:
        page = await partners.customers(
            face.platform, partner_id=caller.tenant_id, before=before, count=200, open_only=True
        )
        for first in range(0, len(page.rows), _AT_ONCE):
            some = page.rows[first : first + _AT_ONCE]
            found = await asyncio.gather(*(_row(face, caller, row) for row in some))
            rows += [row for row in found if row is not None]
        if page.after is None:
            break
        before = page.after
    return rows[:_MOST_LISTED]


async def _row(face: Face, caller: Caller, row: CustomerRow) -> dict[str, Any] | None:
    """One company; None when it was closed a moment ago. No invoice is written yet, so none is overdue."""
    try:
        row, users = await partners.users_of(face.platform, partner_id=caller.tenant_id, company_id=row.id)
        in_their_hands = partners.in_their_hands(row, users)
        key2 = (await companies.read(face.platform, company_id=row.id)).key2.open() if in_their_hands else NOT_SHOWN
    except CompanyNotFound:
        return None
    return {
        "id": row.id,
        "name": row.name,
        "security": {"key2": key2},
        "domains": [],
        "users": [{"id": user.user_id, "username": user.email} for user in users],
        "invoices": {"overdue": 0, "total": 0},
    }


async def add(face: Face, call: Call, caller: Caller) -> Content:
    """`partner/company/add`: company, keys, first user (R-52, R-53)."""
    company, contact = call.tree("company"), call.tree("contact")
    phone = _leaf(contact, "phone").strip()
    if phone and not _PHONE.fullmatch(phone):
        raise bad("contact")
    new = NewCustomer(
        name=_required(company, "name", "company"), contact_name=_leaf(contact, "name"), phone=phone,
        email=_required(contact, "email", "contact"), password=Secret(_password(contact)),
    )  # fmt: skip
    made = await partners.add_customer(face.platform, face.leaks(), partner_id=caller.tenant_id, new=new, by=caller.by)
    return {
        "company_id": made.company_id,
        "user_id": made.user_id,
        "security": {"key1": made.key1.open(), "key2": made.key2.open()},
    }


async def close(face: Face, call: Call, caller: Caller) -> Content:
    """`partner/company/close`."""
    await partners.close_customer(face.platform, partner_id=caller.tenant_id, company_id=_company(call), by=caller.by)
    return {}


async def reset(face: Face, call: Call, caller: Caller) -> Content:
    """`partner/company/password/reset`; `email` may be another user name."""
    company_id, user_id, password = _company(call), call.raw("company_user_id"), call.raw("password")
    if not password:
        raise bad("password")
    if not is_id(user_id):
        raise bad("company_user_id") if not user_id else not_found()
    await partners.reset_user(
        face.platform, face.leaks(), partner_id=caller.tenant_id, company_id=company_id, user_id=user_id,
        email=call.text("email", 254).strip(), password=Secret(password), by=caller.by,
    )  # fmt: skip
    return {}


async def connect(face: Face, call: Call, caller: Caller) -> Content:
    """`partner/company/connect`: a session in the company's account, by its leave alone (R-55)."""
    if caller.session is None:
        raise forbidden()
    if not caller.session.moves_money:
        raise may_not_move_money()
    signed_in = await accounts.enter(
        face.platform, caller.session, company_id=_company(call), arrival=arrival_of(call), wire=True
    )
    return {"user_id": signed_in.user_id, "session_id": signed_in.session_id.open()}


def _company(call: Call) -> str:
    company_id = call.raw("company_id")
    if not is_id(company_id):
        raise bad("company_id") if not company_id else not_found()
    return company_id


def _required(tree: Params, name: str, room: str) -> str:
    text = _leaf(tree, name).strip()
    if not text:
        raise bad(room)
    return text


def _leaf(tree: Params, name: str) -> str:
    value = tree.get(name, "")
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        raise bad(name)
    return values.clean(value)


def _password(contact: Params) -> str:
    """Exactly as typed: it is shown on no page."""
    value = contact.get("password", "")
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_PASSWORD:
        raise bad("password")
    return value
