"""Access policies of a company (wire contract 7.4)."""

from ippgateway.core.ids import is_id
from ippgateway.domains.accounts import service as accounts
from ippgateway.faces.classic import right_ids
from ippgateway.faces.classic.credentials import Caller
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.managed import policies_of, require_manageable, target
from ippgateway.faces.classic.refusals import bad, not_found
from ippgateway.faces.classic.request import Call


async def listed(face: Face, _: Call, caller: Caller) -> Content:
    """`company/users/access_policy/list`: what rights there are, and which policies the company made of them. Both are
    objects, also when there is none."""
    known = await policies_of(face, caller)
    rules = {policy.id: {"name": policy.name, "rights": right_ids.ids(policy.rights)} for policy in known.values()}
    return {"all_rules": right_ids.all_rules(), "company_rules": rules}


async def add(face: Face, call: Call, caller: Caller) -> Content:
    """`company/users/access_policy/add`: of rights that the caller has itself."""
    name, rights = call.text("name", 60).strip(), right_ids.keys(call.raw("rules"))
    if not name:
        raise bad("name")
    if rights is None:
        raise bad("rules")
    made = await accounts.add_policy(face.platform, tenant_id=caller.tenant_id, name=name, rights=rights, by=caller.by)
    return {"rule": made}


async def give(face: Face, call: Call, caller: Caller) -> Content:
    """`company/users/update/access_policy`."""
    user_id, policy_id = target(call), call.raw("rule")
    if not policy_id:
        raise bad("rule")
    if not is_id(policy_id):
        raise not_found()
    await require_manageable(face, caller, user_id)
    await accounts.set_policy(
        face.platform, tenant_id=caller.tenant_id, user_id=user_id, policy_id=policy_id, by=caller.by
    )
    return {}
