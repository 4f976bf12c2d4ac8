"""Our staff: who they are, for whom and from where they work, in which role; who comes and who goes."""

import json

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import BadProfile, LastAdministrator, NoSuchUser
from ippgateway.domains.accounts.rights import ROLES
from ippgateway.domains.accounts.schemas import Audience, UserView
from ippgateway.faces.desk import words
from ippgateway.faces.desk.places import STAFF
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.catalogue import STAFF_ACCOUNT
from ippgateway.privacy.vocabulary import Words
from ippgateway.privacy.zones import PLATFORM

_LONGEST_EMPLOYER = 100
_ROLES = [(key, role.words, None) for key, role in ROLES.items()]


async def listed(house: House, ask: Ask) -> Response:
    """Everybody, in the order they came."""
    people = await accounts.users(house.platform, audience=Audience.STAFF, tenant_id=PLATFORM)
    return house.page(
        ask, "staff.html", title=words.STAFF, w=words, people=people, notice=words.DONE.get(ask.query.get("done", ""))
    )


async def inviting(house: House, ask: Ask) -> Response:
    """The form for somebody new."""
    return _form(house, ask)


async def invited(house: House, ask: Ask) -> Response:
    """A letter goes out."""
    employer, country = ask.form.get("employer", "")[:_LONGEST_EMPLOYER], ask.form.get("country", "").upper()
    if not employer:
        return _form(house, ask, "employment")
    if ask.form.get("role") not in ROLES:
        return _form(house, ask, "rights")
    try:
        await accounts.invite(
            house.platform, by=ask.known, audience=Audience.STAFF, tenant_id=PLATFORM, email=ask.form.get("email", ""),
            name=ask.form.get("name", ""), rights=(ask.form["role"],),
            employment=json.dumps({"employer": employer, "country": country}), language=ask.language.value,
        )  # fmt: skip
    except BadProfile as why:
        return _form(house, ask, why.field)
    return house.see_other("/staff?done=invited")


def _form(house: House, ask: Ask, wrong: str = "") -> Response:
    return house.page(
        ask, "staff_new.html", title=words.INVITE, w=words, typed=ask.form, roles=_ROLES, status=422 if wrong else 200,
        wrong={wrong: words.BAD.get(wrong, words.BAD["name"])} if wrong else {},
    )  # fmt: skip


async def shown(house: House, ask: Ask) -> Response:
    """One of them."""
    return await _member(house, ask)


async def changed(house: House, ask: Ask) -> Response:
    """Another role."""
    user, role = await _found(house, ask), ask.form.get("role", "")
    if role not in ROLES:
        return await _member(house, ask, problem=words.BAD["rights"], status=422)
    try:
        await accounts.set_rights(
            house.platform, tenant_id=PLATFORM, user_id=user.user_id, rights=(role,), by=ask.known
        )  # fmt: skip
    except LastAdministrator:
        return await _member(house, ask, problem=words.LAST, status=409)
    return house.see_other("/staff?done=changed")


async def closing(house: House, ask: Ask) -> Response:
    """What closing means."""
    return house.page(ask, "staff_close.html", title=words.CLOSE_TITLE, w=words, user=await _found(house, ask))


async def closed(house: House, ask: Ask) -> Response:
    """The account is closed."""
    user = await _found(house, ask)
    try:
        await accounts.close_user(
            house.platform, tenant_id=PLATFORM, user_id=user.user_id, by=ask.known, audience=Audience.STAFF
        )  # fmt: skip
    except LastAdministrator:
        return await _member(house, ask, problem=words.LAST, status=409)
    return house.see_other("/staff?done=closed")


async def _member(house: House, ask: Ask, *, problem: Words | None = None, status: int = 200) -> Response:
    user = await _found(house, ask)
    return house.page(
        ask, "staff_member.html", title=user.name or user.email, w=words, user=user, roles=_ROLES, problem=problem,
        status=status,
    )  # fmt: skip


async def _found(house: House, ask: Ask) -> UserView:
    try:
        return await accounts.user(
            house.platform, audience=Audience.STAFF, tenant_id=PLATFORM, user_id=ask.path["user_id"]
        )  # fmt: skip
    except NoSuchUser:
        raise Refused(404) from None


_RIGHT = STAFF_ACCOUNT.key
ROUTES = (
    Route(path="/staff", name="staff", get=listed, audiences=STAFF, right=_RIGHT),
    Route(path="/staff/new", name="staff new", get=inviting, post=invited, who=Who.STRONG, audiences=STAFF,
          right=_RIGHT),
    Route(path="/staff/{user_id}", name="staff member", get=shown, post=changed, who=Who.STRONG, audiences=STAFF,
          right=_RIGHT),
    Route(path="/staff/{user_id}/close", name="staff close", get=closing, post=closed, who=Who.STRONG,
          audiences=STAFF, right=_RIGHT),
)  # fmt: skip
