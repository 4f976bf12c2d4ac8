"""Who calls (wire contract 5, rules 1 to 4).

A valid session of the right kind, else company keys; which of the schemes an endpoint takes is its row in the table.
Endpoints never read a company's id from the parameters: they get it from here.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ippgateway.core.ids import is_id
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience, Session
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.schemas import KeyMatch
from ippgateway.faces.classic import values
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face, Handler, Scheme, Schemes
from ippgateway.faces.classic.refusals import unauthorised
from ippgateway.faces.classic.request import Call

_KEY_NAMES = ("key1", "key2", "api_key")
_LONGEST_KEY = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """An authenticated company or partner; `session` is None when it showed a key."""

    tenant_id: str
    session: Session | None

    @property
    def by(self) -> str:
        """Who it is in the audit trail: the user, or the company or partner whose key was shown."""
        return self.tenant_id if self.session is None else self.session.user_id


def open_to_all(handler: Callable[[Face, Call], Awaitable[Content]]) -> Handler:
    """An endpoint without credentials, or one whose credentials are the object's own (schemes C and T)."""

    async def run(face: Face, call: Call, _: Schemes) -> Content:
        return await handler(face, call)

    return run


def for_company(handler: Callable[[Face, Call, Caller], Awaitable[Content]]) -> Handler:
    """An endpoint for a company, by session or key."""

    async def run(face: Face, call: Call, schemes: Schemes) -> Content:
        return await handler(face, call, await company_caller(face, call, schemes))

    return run


def for_partner(handler: Callable[[Face, Call, Caller], Awaitable[Content]]) -> Handler:
    """An endpoint for a partner's session."""

    async def run(face: Face, call: Call, _: Schemes) -> Content:
        session = await _session(face, call, Audience.PARTNER)
        if session is None:
            raise unauthorised()
        return await handler(face, call, Caller(tenant_id=session.tenant_id, session=session))

    return run


async def company_caller(face: Face, call: Call, schemes: Schemes) -> Caller:
    """The company behind a request (R-10: session first, then keys). Raises Refusal 401."""
    if Scheme.SESSION in schemes:
        session = await _session(face, call, Audience.COMPANY)
        if session is not None:
            call.visitor.acts_for(session.tenant_id)
            return Caller(tenant_id=session.tenant_id, session=session)
    match = await company_keys(face, call)
    if match is not None and (
        (match.data_key and Scheme.DATA_KEY in schemes) or (match.payment_key and Scheme.PAYMENT_KEY in schemes)
    ):
        call.visitor.acts_for(match.company_id)
        return Caller(tenant_id=match.company_id, session=None)
    raise unauthorised()


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
