"""Sign-in to both consoles (wire contract 7.2 and 9.1)."""

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import WrongCredentials
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.faces.classic.credentials import arrival_of
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.refusals import bad
from ippgateway.faces.classic.request import Call

# R-13 ends passwords at 128 characters; what is far longer would only make the hash work.
_LONGEST_PASSWORD = 1_024


async def company(face: Face, call: Call) -> Content:
    """`company/login`."""
    return await _sign_in(face, call, Audience.COMPANY)


async def partner(face: Face, call: Call) -> Content:
    """`partner/login`."""
    return await _sign_in(face, call, Audience.PARTNER)


async def _sign_in(face: Face, call: Call, audience: Audience) -> Content:
    username, password = call.text("username"), call.raw("password")
    if not username:
        raise bad("username")
    if not password:
        raise bad("password")
    if len(password) > _LONGEST_PASSWORD:
        raise WrongCredentials
    signed_in = await accounts.sign_in(
        face.platform,
        audience=audience,
        username=username,
        password=Secret(password),
        partner_id=call.token("partner_id"),  # disambiguates only; a mismatch is no failure
        arrival=arrival_of(call),
    )
    return {"user_id": signed_in.user_id, "session_id": signed_in.session_id.open()}
