"""A partner's own data, and lists (wire contract 9.1 and 9.12)."""

from dataclasses import replace

from ippgateway.core.ids import is_id
from ippgateway.domains.accounts.rights import KEYS, SETTINGS
from ippgateway.domains.partners import service as partners
from ippgateway.domains.partners.schemas import Changes, PartnerView
from ippgateway.faces.classic import values
from ippgateway.faces.classic.credentials import NOT_SHOWN, Caller
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.parameters import Params
from ippgateway.faces.classic.refusals import bad
from ippgateway.faces.classic.request import Call

_COUNTRIES = frozenset(country.alpha3 for country in partners.COUNTRIES)
_OWN_FIELDS = frozenset({"name", "country"})
_LONGEST_NAME = 200
_LONGEST_TEXT = 10_000


async def data(face: Face, _: Call, caller: Caller) -> Content:
    """`partner/data`: the session check of every partner page."""
    view = await partners.read(face.platform, partner_id=caller.tenant_id)
    keys = (view.key1.open(), view.key2.open()) if caller.may(KEYS) else (NOT_SHOWN, NOT_SHOWN)
    return {
        "id": view.id,
        "name": view.name,
        "security": {"key1": keys[0], "key2": keys[1]},
        "meta_data": {"name": view.name, "meta": view.meta},
        "country": {"id": view.country_id},
        "acquirers": {id_: {"id": id_, "name": name, "url": url} for id_, name, url in view.acquirers},
        "domains": {},
        "merchant_id": view.merchant_id,
        "merchant_key": view.merchant_key if caller.may(KEYS) else "",
    }


async def update(face: Face, call: Call, caller: Caller) -> Content:
    """`partner/data/update`. The form always has every field, so only what is another than before is a change; what the
    caller was not shown comes back as it was told, and is none."""
    before = await partners.read(face.platform, partner_id=caller.tenant_id)
    form = _form(call)
    keys, data_ = _keys(form, call.raw("session_id"), before), _data(form, before)
    if keys != Changes():
        caller.require(KEYS)
    if data_ != Changes():
        caller.require(SETTINGS)
    changes = replace(data_, key1=keys.key1, key2=keys.key2, merchant_key=keys.merchant_key)
    await partners.change(face.platform, partner_id=caller.tenant_id, changes=changes, by=caller.by)
    return {}


def _form(call: Call) -> Params:
    """The form is sent twice, flat and below `value`; what is flat counts."""
    below = call.params.get("value", {})
    return {**(below if isinstance(below, dict) else {}), **call.params}


def _keys(form: Params, session_id: str, before: PartnerView) -> Changes:
    """Keys that are new. Never the caller's session id, which the form has in the place of key 1 (R-16)."""
    security = form.get("security", {})
    sent = security if isinstance(security, dict) else {}
    known = {"", NOT_SHOWN, session_id, before.key1.open(), before.key2.open()}
    merchant_key = _text(form, "partner_merchant_key2")
    unchanged = merchant_key in {None, before.merchant_key} or (not merchant_key and not before.merchant_key)
    return Changes(
        key1="" if (key1 := _text(sent, "key1") or "") in known else key1,
        key2="" if (key2 := _text(sent, "key2") or "") in known else key2,
        merchant_key=None if unchanged else merchant_key,
    )


def _data(form: Params, before: PartnerView) -> Changes:
    meta = form.get("meta", {})
    sent = {name: _text(meta, name) or "" for name in meta} if isinstance(meta, dict) else {}
    name = (sent.get("name") or _text(form, "name") or "").strip()
    country, merchant_id = sent.get("country", ""), _text(form, "partner_merchant_id")
    if len(name) > _LONGEST_NAME:
        raise bad("name")
    if country and country != before.country_id and country not in _COUNTRIES:
        raise bad("country")
    if merchant_id and not is_id(merchant_id):
        raise bad("partner_merchant_id")
    return Changes(
        name="" if name == before.name else name,
        country_id="" if country == before.country_id else country,
        meta={k: v for k, v in sent.items() if k not in _OWN_FIELDS and before.meta.get(k, "") != v},
        merchant_id=None if merchant_id in {None, before.merchant_id} else merchant_id,
    )


def _text(tree: Params, name: str) -> str | None:
    """A scalar fit for pages (13.19); None when it was not sent."""
    value = tree.get(name)
    if value is None or isinstance(value, dict):
        return None
    if len(value) > _LONGEST_TEXT:
        raise bad("meta")
    return values.clean(value)


async def countries(_: Face, __: Call, ___: Caller) -> Content:
    """`partner/list/country` (R-37)."""
    return [{"id": country.alpha3, "name": country.name} for country in partners.COUNTRIES]


async def acquirers(face: Face, _: Call, caller: Caller) -> Content:
    """`partner/list/acquirers`: an object by id, because the id is what comes back."""
    view = await partners.read(face.platform, partner_id=caller.tenant_id)
    return {id_: {"id": id_, "name": name} for id_, name, _ in view.acquirers}
