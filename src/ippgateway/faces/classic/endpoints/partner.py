"""A partner's own data (wire contract 9.1)."""

from ippgateway.domains.partners import service as partners
from ippgateway.faces.classic.credentials import Caller
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.request import Call


async def data(face: Face, _: Call, caller: Caller) -> Content:
    """`partner/data`: the session check of every partner page."""
    view = await partners.read(face.platform, partner_id=caller.tenant_id)
    return {
        "id": view.id,
        "name": view.name,
        "security": {"key1": view.key1.open(), "key2": view.key2.open()},
        "meta_data": {"name": view.name, "meta": view.meta},
        "country": {"id": view.country_id},
        "acquirers": {id_: {"id": id_, "name": name, "url": url} for id_, name, url in view.acquirers},
        "domains": {},
        "merchant_id": view.merchant_id,
        "merchant_key": view.merchant_key,
    }
