"""Users of a company or a partner: who signs in, what they may do, who comes and who goes."""

from typing import Any

from starlette.responses import Response

from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import BadProfile, LastAdministrator, NoSuchPolicy, NoSuchUser
from ippgateway.domains.accounts.schemas import PolicyView, UserView
from ippgateway.faces.console import people_words as words
from ippgateway.faces.console.places import BUSINESSES
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.vocabulary import Words

_DONE = {"invited": words.INVITED, "changed": words.CHANGED, "closed": words.CLOSED}
_EVERYTHING = "everything"


async def listed(house: House, ask: Ask) -> Response:
    """Everybody, closed ones apart."""
    known = ask.known
    users = await accounts.users(house.platform, audience=known.audience, tenant_id=known.tenant_id)
    policies = {each.id: each for each in await accounts.policies(house.platform, tenant_id=known.tenant_id)}
    return house.page(
        ask, "users.html", title=words.USERS, w=words, users=[user for user in users if user.status != "closed"],
        closed=[user for user in users if user.status == "closed"],
        access={user.user_id: _access(user, policies) for user in users},
        notice=_DONE.get(ask.query.get("done", "")),
    )  # fmt: skip


def _access(user: UserView, policies: dict[str, PolicyView]) -> Words | str:
    """What a user may do: a policy's name, or rights in words."""
    if user.policy_id in policies:
        return policies[user.policy_id].name
    return _in_words(user.rights)


def _in_words(of: tuple[str, ...]) -> Words:
    told = [words.RIGHTS[each] for each in of if each in words.RIGHTS]
    if not told:
        return words.NOTHING
    return Words(en=", ".join(each.en for each in told), da=", ".join(each.da for each in told))


async def inviting(house: House, ask: Ask) -> Response:
    """The form for somebody new."""
    return await _form(house, ask, {})


async def invited(house: House, ask: Ask) -> Response:
    """A letter goes out."""
    known, chosen = ask.known, ask.form.get("access", "")
    given: dict[str, Any] = {"rights": (rights.ALL,)} if chosen == _EVERYTHING else {"policy_id": chosen}
    try:
        await accounts.invite(
            house.platform, by=known, audience=known.audience, tenant_id=known.tenant_id,
            email=ask.form.get("email", ""), name=ask.form.get("name", ""), language=ask.language.value, **given,
        )  # fmt: skip
    except BadProfile as why:
        return await _form(house, ask, {_field(why): words.BAD.get(why.field, words.BAD["name"])})
    except NoSuchPolicy:
        raise Refused(404) from None
    return house.see_other("/users?done=invited")


def _field(why: BadProfile) -> str:
    return "access" if why.field == "rights" else why.field


async def _form(house: House, ask: Ask, wrong: dict[str, Words]) -> Response:
    return house.page(
        ask, "user_new.html", title=words.INVITE, status=422 if wrong else 200, w=words, wrong=wrong, typed=ask.form,
        options=await _options(house, ask),
    )  # fmt: skip


async def _options(house: House, ask: Ask) -> list[tuple[str, Words | str, Words]]:
    policies = await accounts.policies(house.platform, tenant_id=ask.known.tenant_id)
    return [
        (_EVERYTHING, words.EVERYTHING, words.EVERYTHING_HINT),
        *((policy.id, policy.name, _in_words(policy.rights)) for policy in policies),
    ]


async def shown(house: House, ask: Ask) -> Response:
    """One user, and what they may do."""
    return await _user(house, ask)


async def changed(house: House, ask: Ask) -> Response:
    """Another policy, or everything."""
    user, chosen = await _found(house, ask), ask.form.get("access", "")
    whose = {"tenant_id": ask.known.tenant_id, "user_id": user.user_id}
    try:
        if chosen == _EVERYTHING:
            await accounts.set_rights(house.platform, **whose, rights=(rights.ALL,), by=ask.known)
        else:
            await accounts.set_policy(house.platform, **whose, policy_id=chosen, by=ask.known)
    except LastAdministrator:
        return await _user(house, ask, problem=words.LAST, status=409)
    except BadProfile:
        return await _user(house, ask, problem=words.BAD["rights"], status=422)
    except NoSuchPolicy:
        raise Refused(404) from None
    return house.see_other("/users?done=changed")


async def _user(house: House, ask: Ask, *, problem: Words | None = None, status: int = 200) -> Response:
    user = await _found(house, ask)
    return house.page(
        ask, "user.html", title=user.name or user.email, w=words, user=user, options=await _options(house, ask),
        chosen=user.policy_id or (_EVERYTHING if rights.ALL in user.rights else ""), problem=problem, status=status,
    )  # fmt: skip


async def closing(house: House, ask: Ask) -> Response:
    """What closing means."""
    return house.page(ask, "user_close.html", title=words.CLOSE_TITLE, w=words, user=await _found(house, ask))


async def closed(house: House, ask: Ask) -> Response:
    """The account is closed."""
    user = await _found(house, ask)
    try:
        await accounts.close_user(
            house.platform, tenant_id=ask.known.tenant_id, user_id=user.user_id, by=ask.known,
            audience=ask.known.audience,
        )  # fmt: skip
    except LastAdministrator:
        return await _user(house, ask, problem=words.LAST, status=409)
    except BadProfile:
        return await _user(house, ask, problem=words.BAD["rights"], status=422)
    return house.see_other("/users?done=closed")


async def _found(house: House, ask: Ask) -> UserView:
    try:
        return await accounts.user(
            house.platform, audience=ask.known.audience, tenant_id=ask.known.tenant_id, user_id=ask.path["user_id"]
        )
    except NoSuchUser:
        raise Refused(404) from None


ROUTES = (
    Route(path="/users", name="users", get=listed, audiences=BUSINESSES, right=rights.USERS.key),
    Route(path="/users/new", name="user new", get=inviting, post=invited, who=Who.STRONG, audiences=BUSINESSES,
          right=rights.USERS.key),
    Route(path="/users/{user_id}", name="user", get=shown, post=changed, who=Who.STRONG, audiences=BUSINESSES,
          right=rights.USERS.key),
    Route(path="/users/{user_id}/close", name="user close", get=closing, post=closed, who=Who.STRONG,
          audiences=BUSINESSES, right=rights.USERS.key),
)  # fmt: skip
