"""Who calls (wire contract 5, rules 1 to 4).

A valid session of the right kind, else keys; which of the schemes an endpoint takes, and which rights a session needs
there, is its row in the table. Endpoints never read whose data it is from the parameters: they get it from here.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_address

from ippgateway.core.ids import is_id
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.rights import ALL, Right, covers
from ippgateway.domains.accounts.schemas import Arrival, Audience, Session
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.schemas import KeyMatch
from ippgateway.domains.partners import service as partners
from ippgateway.faces.classic import values
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face, Handler, Scheme, Terms
from ippgateway.faces.classic.refusals import Refusal, forbidden, unauthorised
from ippgateway.faces.classic.request import Call

_KEY_NAMES = ("key1", "key2", "api_key")
_LONGEST_KEY = 64
NOT_SHOWN = "not-shown"
"""In the place of a key that the caller may not see, because the consoles want some text there (7.3). Sent back, it is
no key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """An authenticated company or partner; `session` is None when it showed a key. `reads_only`: one that may change
    nothing."""

    audience: Audience
    tenant_id: str
    session: Session | None
    reads_only: bool = False

    @property
    def by(self) -> Session | str:
        """Who it is to the rooms: the session, or the company or partner whose key was shown."""
        return self.session or self.tenant_id

    @property
    def rights(self) -> tuple[str, ...]:
        """What it may do; a key of the tenant's may do everything that its endpoint is for."""
        return (ALL,) if self.session is None else self.session.rights

    def may(self, right: Right) -> bool:
        """Whether it has a right."""
        return covers(self.rights, (right.key,))

    def require(self, right: Right) -> None:
        """Raises Refusal 403 when it has not that right."""
        if not self.may(right):
            raise forbidden()


def open_to_all(handler: Callable[[Face, Call], Awaitable[Content]]) -> Handler:
    """An endpoint without credentials, or one whose credentials are the object's own (schemes C and T)."""

    async def run(face: Face, call: Call, _: Terms) -> Content:
        return await handler(face, call)

    return run


def for_company(handler: Callable[[Face, Call, Caller], Awaitable[Content]]) -> Handler:
    """An endpoint for a company, by session or key."""

    async def run(face: Face, call: Call, terms: Terms) -> Content:
        return await handler(face, call, await company_caller(face, call, terms))

    return run


def for_partner(handler: Callable[[Face, Call, Caller], Awaitable[Content]]) -> Handler:
    """An endpoint for a partner, by session or key."""

    async def run(face: Face, call: Call, terms: Terms) -> Content:
        return await handler(face, call, await partner_caller(face, call, terms))

    return run


async def company_caller(face: Face, call: Call, terms: Terms) -> Caller:
    """The company behind a request (R-10: session first, then keys). Raises Refusal 401, and 403 of whoever is known
    and may not."""
    if Scheme.SESSION in terms.schemes:
        session = await _session(face, call, Audience.COMPANY)
        if session is not None:
            _require_right(session, terms)
            call.visitor.acts_for(session.tenant_id)
            return Caller(audience=Audience.COMPANY, tenant_id=session.tenant_id, session=session)
    match = await company_keys(face, call)
    by_data_key = match is not None and match.data_key and Scheme.DATA_KEY in terms.schemes
    by_payment_key = match is not None and match.payment_key and Scheme.PAYMENT_KEY in terms.schemes
    if match is None or not (by_data_key or by_payment_key):
        raise unauthorised()
    reads_only = match.reads_only and not by_payment_key
    if reads_only and not terms.reads:
        raise Refusal(403, "This key is for reading only")
    call.visitor.acts_for(match.company_id)
    return Caller(audience=Audience.COMPANY, tenant_id=match.company_id, session=None, reads_only=reads_only)


async def partner_caller(face: Face, call: Call, terms: Terms) -> Caller:
    """The partner behind a request, in the same order. Raises Refusal 401 and 403."""
    session = await _session(face, call, Audience.PARTNER)
    if session is not None:
        _require_right(session, terms)
        return Caller(audience=Audience.PARTNER, tenant_id=session.tenant_id, session=session)
    partner_id, secrets = call.raw("partner_id"), shown_secrets(call)
    if (
        not terms.schemes & {Scheme.PARTNER_DATA_KEY, Scheme.PARTNER_PAYMENT_KEY}
        or not secrets
        or not is_id(partner_id)
    ):
        raise unauthorised()
    match = await partners.match_keys(face.platform, partner_id=partner_id, secrets=secrets)
    if match is None or not (
        (match.data_key and Scheme.PARTNER_DATA_KEY in terms.schemes)
        or (match.payment_key and Scheme.PARTNER_PAYMENT_KEY in terms.schemes)
    ):
        raise unauthorised()
    return Caller(audience=Audience.PARTNER, tenant_id=match.partner_id, session=None)


def _require_right(session: Session, terms: Terms) -> None:
    if terms.rights and not any(covers(session.rights, (right,)) for right in terms.rights):
        raise forbidden()


def arrival_of(call: Call) -> Arrival:
    """Where a request comes from. What comes from this machine is a console's server, which speaks for many: no network
    to count failures by."""
    loopback = _is_loopback(call.client_ip)
    return Arrival(address=Secret("" if loopback else call.client_ip))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


async def company_keys(face: Face, call: Call) -> KeyMatch | None:
    """Which keys of which company were shown. Names do not matter, values do: clients swap them (R-11)."""
    company_id = call.raw("company_id") or call.raw("id")
    secrets = shown_secrets(call)
    if not secrets or not is_id(company_id):
        return None
    return await companies.match_keys(face.platform, company_id=company_id, secrets=secrets)


def shown_secrets(call: Call) -> list[str]:
    """The values sent as keys. What is too long, or holds what no key may hold (4.1), can match none: left out."""
    shown = [call.raw(name) for name in _KEY_NAMES]
    return [secret for secret in shown if 0 < len(secret) <= _LONGEST_KEY and secret == values.clean(secret)]


async def _session(face: Face, call: Call, audience: Audience) -> Session | None:
    user_id, session_id = call.token("user_id"), call.token("session_id")
    if user_id is None or session_id is None:
        return None
    return await accounts.resume(face.platform, audience=audience, user_id=user_id, session_id=Secret(session_id))
