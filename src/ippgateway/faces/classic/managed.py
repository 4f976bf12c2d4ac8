"""The users of whoever calls, and what a caller may do to one of them.

Nobody gets by another's account what their own does not allow: whoever manages users may close, rename or help only
those who may do no more than they do themselves.
"""

from collections.abc import Iterable, Mapping

from ippgateway.core.ids import is_id
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.rights import USERS, covers
from ippgateway.domains.accounts.schemas import PolicyView, UserView
from ippgateway.faces.classic.credentials import Caller
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.refusals import bad, forbidden, not_found
from ippgateway.faces.classic.request import Call


def target(call: Call) -> str:
    """The id of the user that a call is about; one class of the shops says `update_company_id` (7.4). Raises Refusal
    400, and 404 of what can be nobody's."""
    user_id = call.raw("update_user_id") or call.raw("update_company_id")
    if not user_id:
        raise bad("update_user_id")
    if not is_id(user_id):
        raise not_found()
    return user_id


def is_own(caller: Caller, user_id: str) -> bool:
    """Whether it is the caller's own user, at home in the account that it acts on."""
    return caller.session is not None and caller.session.guest_of is None and caller.session.user_id == user_id


async def require_manageable(face: Face, caller: Caller, user_id: str) -> UserView:
    """The user, whom the caller may change. Raises Refusal 403, NoSuchUser."""
    caller.require(USERS)
    view = await accounts.user(face.platform, audience=caller.audience, tenant_id=caller.tenant_id, user_id=user_id)
    known = await policies_of(face, caller) if view.policy_id else {}
    if not covers(caller.rights, effective(view, known)):
        raise forbidden()
    return view


async def policies_of(face: Face, caller: Caller) -> dict[str, PolicyView]:
    """The caller's access policies by their ids."""
    found: Iterable[PolicyView] = await accounts.policies(face.platform, tenant_id=caller.tenant_id)
    return {policy.id: policy for policy in found}


def effective(view: UserView, known: Mapping[str, PolicyView]) -> tuple[str, ...]:
    """What a user may do: what their policy says, if they have one."""
    policy = known.get(view.policy_id or "")
    return view.rights if policy is None else policy.rights
