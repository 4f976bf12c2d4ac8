"""A forgotten password (wire contract 7.2, R-21): a link by mail, and what the console does with it."""

from urllib.parse import urlencode, urlsplit

from ippgateway.core.ids import is_id
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.accounts.service.reset import MadeLink
from ippgateway.faces.classic import values
from ippgateway.faces.classic.credentials import arrival_of
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import ClassicSettings, Face
from ippgateway.faces.classic.refusals import Refusal, unauthorised
from ippgateway.faces.classic.request import Call

_LONGEST_PORTAL = 500


async def request(face: Face, call: Call) -> Content:
    """`company/users/password/request`: says the same whoever exists."""
    await accounts.ask_reset(
        face.platform, audiences=(Audience.COMPANY, Audience.PARTNER), email=call.text("email", 254).strip(),
        arrival=arrival_of(call), link=_link(face, call),
    )  # fmt: skip
    return {}


async def confirm(face: Face, call: Call) -> Content:
    """`company/users/password/request/confirm`: a password for one sign-in, which has to be changed."""
    user_id, ticket = call.raw("user_id") or call.raw("company_id"), call.token("hash")
    if ticket is None or not is_id(user_id):
        raise unauthorised()
    username, once = await accounts.redeem_reset(face.platform, user_id=user_id, ticket=Secret(ticket))
    return {"username": username, "password": once.open()}


def _link(face: Face, call: Call) -> MadeLink | None:
    """The address that the console's own page reads; the names are the console's. None: our own page, because nobody
    shall have a letter of ours lead somewhere else."""
    portal = trusted_portal(face.settings, call.raw("portal"))
    if portal is None:
        return None
    asked_at = int(face.platform.clock.now().timestamp())

    def link(ticket: Secret[str], user_id: str, audience: Audience) -> str:
        told = {"reset": "1", "id": user_id, "initialization": str(asked_at), "hash": ticket.open()}
        if audience is Audience.PARTNER:
            told["administrator"] = "1"
        return f"{portal}?{urlencode(told)}"

    return link


def trusted_portal(settings: ClassicSettings, text: str) -> str | None:
    """The base address of a console, with a slash at its end, when it is on this machine, below our domain, or one that
    the operator named (`IPPGATEWAY_PORTALS`). Else None."""
    if not text or len(text) > _LONGEST_PORTAL or not text.isascii():
        return None
    try:
        address = values.address("portal", text, absolute=True)
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except (Refusal, ValueError):
        return None
    if not address or parts.query or parts.fragment or "@" in parts.netloc or " " in address:
        return None
    named = f"[{host}]" if ":" in host else host
    origin = f"{parts.scheme}://{named}" + ("" if port is None else f":{port}")
    ours = parts.scheme == "https" and (host == settings.domain or host.endswith(f".{settings.domain}"))
    if not (ours or _on_this_machine(host) or origin in settings.portals):
        return None
    return f"{origin}{parts.path.rstrip('/')}/"


def _on_this_machine(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"} or host.endswith(".localhost")
