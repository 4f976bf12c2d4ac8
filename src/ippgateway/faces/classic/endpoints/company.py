"""A company's own data (wire contract 7.3)."""

from typing import Any

import msgspec

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.rights import KEYS, SETTINGS
from ippgateway.domains.accounts.schemas import Audience, Session, UserView
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.schemas import AcquirerView, CompanyView, Meta
from ippgateway.faces.classic import right_ids, values
from ippgateway.faces.classic.credentials import NOT_SHOWN, Caller
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.parameters import Params
from ippgateway.faces.classic.refusals import bad, forbidden, not_found
from ippgateway.faces.classic.request import Call

_SWITCHES = ("CAPTURE", "REFUND", "VOID")
_META_ROOMS = ("company", "address", "processing")


async def data(face: Face, _: Call, caller: Caller) -> Content:
    """`company/data`: the session check of every console page."""
    view = await companies.read(face.platform, company_id=caller.tenant_id)
    user = _keyed_user() if caller.session is None else _user(await _user_view(face, caller.session), caller)
    shown = _sees_keys(caller, view)
    return {
        "id": view.id,
        "name": view.name,
        "security": {
            "key1": view.key1.open() if shown else NOT_SHOWN,
            "key2": view.key2.open() if shown else NOT_SHOWN,
        },
        "meta_data": _meta_data(view),
        "acquirers": {acquirer.id: _acquirer(acquirer) for acquirer in view.acquirers},
        "channels": view.channels,
        "limitations": {switch: {"active": values.flag(switch in view.switched_off)} for switch in _SWITCHES},
        "user": user,
        "onboarding_data": _no_onboarding(),
    }


async def update(face: Face, call: Call, caller: Caller) -> Content:
    """`company/data/update`: merge settings, or replace keys."""
    match call.raw("field"):
        case "meta":
            caller.require(SETTINGS)
            await companies.merge_meta(face.platform, company_id=caller.tenant_id, tree=_cleaned(call.tree("value")))
        case "security":
            await _require_keys(face, caller)
            await _replace_keys(face, call, caller)
        case _:
            raise bad("field")
    return {}


async def acquirer_update(face: Face, call: Call, caller: Caller) -> Content:
    """`company/acquirer/data/update`: the form's fields; its copy of the acquirer's id is dropped."""
    acquirer_id = call.token("acquirer_id")
    if acquirer_id is None:
        raise bad("acquirer_id") if not call.raw("acquirer_id") else not_found()
    settings: dict[str, str] = {}
    for key, value in _cleaned(call.tree("settings")).items():
        if not isinstance(value, str):
            raise bad("settings")
        if key != "acquirer_id":
            settings[key] = value
    await companies.save_acquirer_settings(
        face.platform, company_id=caller.tenant_id, acquirer_id=acquirer_id, settings=settings
    )
    return {}


async def user(face: Face, _: Call, caller: Caller) -> Content:
    """`company/user`, `company/users/data`: the user behind the session, or the one that stands for a key (R-24)."""
    if caller.session is None:
        return {"id": "", "email": "", "name": "", "phone": ""} | _keyed_user()
    view = await _user_view(face, caller.session)
    return _user(view, caller) | {"name": view.name, "phone": view.phone}


async def support(face: Face, call: Call, caller: Caller) -> Content:
    """`company/support`: let the partner in, or no longer (7.16)."""
    match call.raw("status"):
        case "1":
            await companies.allow_partner(face.platform, company_id=caller.tenant_id, by=caller.by)
        case "0":
            await companies.withdraw_partner(face.platform, company_id=caller.tenant_id, by=caller.by)
        case _:
            raise bad("status")
    return {}


async def _user_view(face: Face, session: Session) -> UserView:
    """The user where it is at home: a partner's, when it is a guest here."""
    audience = session.audience if session.guest_of is None else Audience.PARTNER
    return await accounts.user(face.platform, audience=audience, tenant_id=session.home_id, user_id=session.user_id)


def _sees_keys(caller: Caller, view: CompanyView) -> bool:
    """Whoever has the right. Where real money is, key 2 moves it, so not a session that began with a password alone."""
    if caller.session is None:
        return not caller.reads_only
    return caller.may(KEYS) and (caller.session.moves_money or not view.live)


async def _require_keys(face: Face, caller: Caller) -> None:
    if not _sees_keys(caller, await companies.read(face.platform, company_id=caller.tenant_id)):
        raise forbidden()


async def _replace_keys(face: Face, call: Call, caller: Caller) -> None:
    tree = call.tree("value")
    key1, key2 = _key(tree, "key1"), _key(tree, "key2")
    if key1 == call.raw("session_id"):
        key1 = ""  # R-16: the consoles' form has the field twice, and the second holds the caller's session id
    if key1 or key2:
        await companies.replace_keys(
            face.platform, company_id=caller.tenant_id, key1=key1 or None, key2=key2 or None, by=caller.by
        )


def _key(tree: Params, name: str) -> str:
    value = tree.get(name, "")
    return value if isinstance(value, str) and value != NOT_SHOWN else ""


def _cleaned(tree: Params) -> Meta:
    """A tree whose keys and leaves are fit for pages (13.19). Its depth was limited when it was parsed."""
    return {
        name: values.clean(value) if isinstance(value, str) else _cleaned(value)
        for key, value in tree.items()
        if (name := values.clean(key))
    }


def _meta_data(view: CompanyView) -> dict[str, Any]:
    """The tree as stored, with the partner's switches in it, and objects wherever the consoles look for objects."""
    stored: dict[str, Any] = {room: {} for room in _META_ROOMS}
    stored |= {key: value for key, value in view.meta.items() if key not in _META_ROOMS or isinstance(value, dict)}
    stored["company"] = stored["company"] | {s.lower(): values.flag(s in view.switched_off) for s in _SWITCHES}
    return stored


def _acquirer(view: AcquirerView) -> dict[str, Any]:
    # Text holding JSON, not an object: the console prints it and parses it in the browser, between apostrophes.
    settings = msgspec.json.encode(view.settings).decode().replace("'", "\\u0027") if view.settings else ""
    fields = [{"key": key, "id": key, "value": label} for key, label in view.fields]
    return {"id": view.id, "name": view.name, "url": view.url, "settings": settings, "fields": fields}


def _user(view: UserView, caller: Caller) -> dict[str, Any]:
    """With what the session may do, which of a guest is less than at home."""
    return {"id": view.user_id, "email": view.email} | _rights(caller.rights, must_change=view.must_change_password)


def _keyed_user() -> dict[str, Any]:
    """A key has no user behind it; the field is there all the same (R-22)."""
    return _rights(("ALL",), must_change=False)


def _rights(rights: tuple[str, ...], *, must_change: bool) -> dict[str, Any]:
    told = right_ids.ids(rights)
    return {"acccess_rights": told, "access_rights": told, "password": {"new": must_change}}  # three c: the wire's


def _no_onboarding() -> dict[str, Any]:
    """An application in which nothing was filled in yet. `pending_customer` 1: no website check is running (R-36)."""

    def page(*passwords: str) -> dict[str, Any]:
        return {"found": False, "url": ""} | dict.fromkeys(passwords, "")

    return {
        "key_personnel": {},
        "validated": {"company": False, "partner": False, "acquirer": False},
        "website": {
            "url": "",
            "pending_customer": 1,
            "terms": page(),
            "privacy_policy": page("password"),
            "product": page(),
            "checkout": page(),
            "login": page("username", "password"),
            "lorem_ipsum": page(),
        },
    }
