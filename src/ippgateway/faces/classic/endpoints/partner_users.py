"""Users of a partner (wire contract 9.2)."""

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.rights import ALL, COMPLIANCE, OF_PARTNERS, USERS, covers
from ippgateway.domains.accounts.service import NewUser
from ippgateway.domains.accounts.service.passwords import Rule, require_good
from ippgateway.faces.classic import values
from ippgateway.faces.classic.credentials import Caller
from ippgateway.faces.classic.endpoints.users import email, new_password
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.managed import effective, policies_of, require_manageable, target
from ippgateway.faces.classic.refusals import bad
from ippgateway.faces.classic.request import Call


async def caller(_: Face, __: Call, caller: Caller) -> Content:
    """`partner/users/data`: what the caller itself may do; called on every page."""
    return {"super_admin": caller.may(USERS), "compliance_admin": caller.may(COMPLIANCE)}


async def listed(face: Face, _: Call, caller: Caller) -> Content:
    """`partner/list/users`: those that are closed too; both flags are text (4.5)."""
    found = await accounts.users(face.platform, audience=caller.audience, tenant_id=caller.tenant_id)
    known = await policies_of(face, caller)
    return [
        {
            "id": view.user_id,
            "email": view.email,
            "active": values.flag(view.status == "active"),
            "compliance": values.flag(covers(effective(view, known), (COMPLIANCE.key,))),
        }
        for view in found
    ]


async def add(face: Face, call: Call, caller: Caller) -> Content:
    """`partner/users/add`: may do what its maker may but review customers, which `partner/users/update` gives."""
    password = new_password(call)
    await require_good(face.leaks(), password, rule=Rule.WIRE_NEW)
    new = NewUser(
        audience=caller.audience, tenant_id=caller.tenant_id, email=email(call), name=call.text("name", 200),
        password=password, rights=_without_compliance(caller.rights),
    )  # fmt: skip
    return {"user_id": await accounts.add(face.platform, new, by=caller.by)}


async def update(face: Face, call: Call, caller: Caller) -> Content:
    """`partner/users/update`: whether the user reviews customers."""
    user_id, asked = target(call), call.raw("compliance_admin")
    if asked not in {"0", "1"}:
        raise bad("compliance_admin")
    view = await require_manageable(face, caller, user_id)
    before = effective(view, await policies_of(face, caller))
    if asked == "1":
        after = before if covers(before, (COMPLIANCE.key,)) else (*before, COMPLIANCE.key)
    else:
        after = _without_compliance(before)
    if after != before:
        await accounts.set_rights(
            face.platform, tenant_id=caller.tenant_id, user_id=user_id, rights=after, by=caller.by
        )
    return {}


def _without_compliance(rights: tuple[str, ...]) -> tuple[str, ...]:
    every = tuple(right.key for right in OF_PARTNERS) if ALL in rights else rights
    return tuple(key for key in every if key != COMPLIANCE.key)
