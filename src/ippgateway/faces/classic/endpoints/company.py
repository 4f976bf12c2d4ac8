"""A company's own data (wire contract 7.3)."""

from typing import Any

import msgspec

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Session, UserView
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.schemas import AcquirerView, CompanyView, Meta
from ippgateway.faces.classic import values
from ippgateway.faces.classic.credentials import Caller
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.parameters import Params
from ippgateway.faces.classic.refusals import bad, not_found, unauthorised
from ippgateway.faces.classic.request import Call

_SWITCHES = ("CAPTURE", "REFUND", "VOID")
_META_ROOMS = ("company", "address", "processing")


async def data(face: Face, _: Call, caller: Caller) -> Content:
    """`company/data`: the session check of every console page."""
    view = await companies.read(face.platform, company_id=caller.tenant_id)
    user = _keyed_user() if caller.session is None else _user(await _user_view(face, caller.session))
    return {
        "id": view.id,
        "name": view.name,
        "security": {"key1": view.key1.open(), "key2": view.key2.open()},
        "meta_data": _meta_data(view),
        "acquirers": {acquirer.id: _acquirer(acquirer) for acquirer in view.acquirers},
        "channels": view.channels,
        "limitations": {switch: {"active": _flag(switch in view.switched_off)} for switch in _SWITCHES},
        "user": user,
        "onboarding_data": _no_onboarding(),
    }


async def update(face: Face, call: Call, caller: Caller) -> Content:
    """`company/data/update`: merge settings, or replace keys."""
    match call.raw("field"):
        case "meta":
            await companies.merge_meta(face.platform, company_id=caller.tenant_id, tree=_cleaned(call.tree("value")))
        case "security":
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
    """`company/user`: the user behind the session (R-24)."""
    if caller.session is None:  # the table lets sessions in only
        raise unauthorised()
    view = await _user_view(face, caller.session)
    return _user(view) | {"name": view.name, "phone": view.phone}


async def _user_view(face: Face, session: Session) -> UserView:
    return await accounts.user(
        face.platform, audience=session.audience, tenant_id=session.tenant_id, user_id=session.user_id
    )


async def _replace_keys(face: Face, call: Call, caller: Caller) -> None:
    tree = call.tree("value")
    key1, key2 = _scalar(tree, "key1"), _scalar(tree, "key2")
    if key1 == call.raw("session_id"):
        key1 = ""  # R-16: the consoles' form has the field twice, and the second holds the caller's session id
    if key1 or key2:
        await companies.replace_keys(
            face.platform, company_id=caller.tenant_id, key1=key1 or None, key2=key2 or None, by=caller.by
        )


def _scalar(tree: Params, name: str) -> str:
    value = tree.get(name, "")
    return value if isinstance(value, str) else ""


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
    stored["company"] = stored["company"] | {s.lower(): _flag(s in view.switched_off) for s in _SWITCHES}
    return stored


def _acquirer(view: AcquirerView) -> dict[str, Any]:
    # Text holding JSON, not an object: the console prints it and parses it in the browser, between apostrophes.
    settings = msgspec.json.encode(view.settings).decode().replace("'", "\\u0027") if view.settings else ""
    fields = [{"key": key, "id": key, "value": label} for key, label in view.fields]
    return {"id": view.id, "name": view.name, "url": view.url, "settings": settings, "fields": fields}


def _user(view: UserView) -> dict[str, Any]:
    return {"id": view.user_id, "email": view.email} | _rights(view.rights, must_change=view.must_change_password)


def _keyed_user() -> dict[str, Any]:
    """A key has no user behind it; the field is there all the same (R-22)."""
    return _rights(("ALL",), must_change=False)


def _rights(rights: tuple[str, ...], *, must_change: bool) -> dict[str, Any]:
    return {"acccess_rights": rights, "access_rights": rights, "password": {"new": must_change}}  # three c: the wire's


def _flag(value: bool) -> str:
    return "1" if value else "0"


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
