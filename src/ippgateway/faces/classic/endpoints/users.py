"""Users of a company, and what goes for a partner's as well (wire contract 7.4 and 9.2)."""

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.rights import ALL
from ippgateway.domains.accounts.service import NewUser
from ippgateway.domains.accounts.service.passwords import Rule, require_good
from ippgateway.faces.classic.credentials import Caller
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.managed import effective, is_own, policies_of, require_manageable, target
from ippgateway.faces.classic.refusals import bad
from ippgateway.faces.classic.request import Call


async def listed(face: Face, _: Call, caller: Caller) -> Content:
    """`company/users/list`, without those that are closed. `access.id` names a policy that there is, or nothing."""
    found = await accounts.users(face.platform, audience=caller.audience, tenant_id=caller.tenant_id)
    known = await policies_of(face, caller)
    return [
        {
            "id": view.user_id,
            "email": view.email,
            "admin": "Yes" if ALL in effective(view, known) else "No",
            "access": {"id": view.policy_id if view.policy_id in known else ""},
        }
        for view in found
        if view.status != "closed"
    ]


async def add(face: Face, call: Call, caller: Caller) -> Content:
    """`company/users/add`: may do what its maker may, until it is given a policy."""
    password = new_password(call)
    await require_good(face.leaks(), password, rule=Rule.WIRE_NEW)
    new = NewUser(
        audience=caller.audience, tenant_id=caller.tenant_id, email=email(call), name=call.text("name", 200),
        phone=call.text("phone", 40), password=password, rights=caller.rights,
    )  # fmt: skip
    return {"user_id": await accounts.add(face.platform, new, by=caller.by)}


async def close(face: Face, call: Call, caller: Caller) -> Content:
    """`company/users/close`, `partner/users/close`."""
    user_id = target(call)
    await require_manageable(face, caller, user_id)
    await accounts.close_user(
        face.platform, audience=caller.audience, tenant_id=caller.tenant_id, user_id=user_id, by=caller.by
    )
    return {}


async def reset(face: Face, call: Call, caller: Caller) -> Content:
    """`company/users/password/reset`, `partner/users/password/reset`: of another user for whoever manages users, and of
    one's own for everybody."""
    user_id, password = target(call), new_password(call)
    keep = None
    if caller.session is not None and is_own(caller, user_id):
        keep = caller.session.id  # the console goes on with it
    else:
        await require_manageable(face, caller, user_id)
    await accounts.set_password(
        face.platform, face.leaks(), audience=caller.audience, tenant_id=caller.tenant_id, user_id=user_id,
        new=password, by=caller.by, rule=Rule.WIRE_RESET, keep=keep,
    )  # fmt: skip
    return {}


def new_password(call: Call) -> Secret[str]:
    """The password that was sent, exactly. Raises Refusal 400."""
    password = call.raw("password")
    if not password:
        raise bad("password")
    return Secret(password)


def email(call: Call) -> str:
    """The address that was sent. Raises Refusal 400."""
    address = call.text("email", 254).strip()
    if not address:
        raise bad("email")
    return address
