"""Access policies: sets of rights with a name, which users have."""

from starlette.responses import Response

from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import BadProfile, LastAdministrator, NoSuchPolicy, PolicyInUse
from ippgateway.domains.accounts.rights import OF_COMPANIES, OF_PARTNERS, Right
from ippgateway.domains.accounts.schemas import Audience, PolicyView
from ippgateway.faces.console import people_words as words
from ippgateway.faces.console.places import BUSINESSES
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.vocabulary import Words

_DONE = {"saved": words.SAVED, "removed": words.REMOVED}


async def listed(house: House, ask: Ask) -> Response:
    """All of them."""
    return house.page(
        ask, "policies.html", title=words.POLICIES, w=words, notice=_DONE.get(ask.query.get("done", "")),
        policies=await accounts.policies(house.platform, tenant_id=ask.known.tenant_id), rights_words=words.RIGHTS,
    )  # fmt: skip


async def drafting(house: House, ask: Ask) -> Response:
    """The form for a new one."""
    return _form(house, ask, None)


async def made(house: House, ask: Ask) -> Response:
    """A new policy."""
    try:
        await accounts.add_policy(
            house.platform, tenant_id=ask.known.tenant_id, name=ask.form.get("name", ""), rights=_ticked(ask),
            by=ask.known,
        )  # fmt: skip
    except BadProfile as why:
        return _form(house, ask, None, wrong=why.field)
    return house.see_other("/policies?done=saved")


async def shown(house: House, ask: Ask) -> Response:
    """One, to be changed."""
    return _form(house, ask, await _found(house, ask))


async def saved(house: House, ask: Ask) -> Response:
    """The policy is another one, and so is what its users may do."""
    policy = await _found(house, ask)
    try:
        await accounts.change_policy(
            house.platform, tenant_id=ask.known.tenant_id, policy_id=policy.id, name=ask.form.get("name", ""),
            rights=_ticked(ask), by=ask.known,
        )  # fmt: skip
    except BadProfile as why:
        return _form(house, ask, policy, wrong=why.field)
    except LastAdministrator:
        return _form(house, ask, policy, problem=words.LAST)
    return house.see_other("/policies?done=saved")


async def removed(house: House, ask: Ask) -> Response:
    """The policy is gone."""
    policy = await _found(house, ask)
    try:
        await accounts.remove_policy(
            house.platform, tenant_id=ask.known.tenant_id, policy_id=policy.id, by=ask.known
        )  # fmt: skip
    except PolicyInUse:
        return _form(house, ask, policy, problem=words.IN_USE)
    return house.see_other("/policies?done=removed")


def _form(
    house: House, ask: Ask, policy: PolicyView | None, *, wrong: str = "", problem: Words | None = None
) -> Response:
    chosen = _ticked(ask) if ask.posted else policy.rights if policy else ()
    return house.page(
        ask, "policy.html", title=policy.name if policy else words.NEW_POLICY, w=words, policy=policy, chosen=chosen,
        name=ask.form.get("name", policy.name if policy else ""), rights=_of(ask), problem=problem,
        wrong={wrong: words.BAD.get(wrong, words.BAD["name"])} if wrong else {},
        status=422 if wrong else 409 if problem else 200,
    )  # fmt: skip


def _of(ask: Ask) -> tuple[Right, ...]:
    return OF_PARTNERS if ask.audience is Audience.PARTNER else OF_COMPANIES


def _ticked(ask: Ask) -> tuple[str, ...]:
    known = {right.key for right in _of(ask)}
    return tuple(key for key in ask.every("right") if key in known)


async def _found(house: House, ask: Ask) -> PolicyView:
    try:
        policies = await accounts.policies(house.platform, tenant_id=ask.known.tenant_id)
        return next(policy for policy in policies if policy.id == ask.path["policy_id"])
    except (StopIteration, NoSuchPolicy):
        raise Refused(404) from None


ROUTES = (
    Route(path="/policies", name="policies", get=listed, audiences=BUSINESSES, right=rights.USERS.key),
    Route(path="/policies/new", name="policy new", get=drafting, post=made, who=Who.STRONG, audiences=BUSINESSES,
          right=rights.USERS.key),
    Route(path="/policies/{policy_id}", name="policy", get=shown, post=saved, who=Who.STRONG, audiences=BUSINESSES,
          right=rights.USERS.key),
    Route(path="/policies/{policy_id}/remove", name="policy remove", post=removed, who=Who.STRONG,
          audiences=BUSINESSES, right=rights.USERS.key),
)  # fmt: skip
