"""The routes of one's own account. What is open to somebody who has to add a second factor, or choose a password,
before anything else says so."""

from ippgateway.domains.accounts.schemas import Audience
from ippgateway.faces.shell.account import (
    data,
    events,
    factors,
    language,
    news,
    password,
    profile,
    programs,
    recovery,
    requests,
    security,
    sessions,
    terms,
)
from ippgateway.faces.shell.account.security import PROGRAMMED
from ippgateway.faces.shell.routes import EVERYBODY, Route, Who

_SECURITY = "/account/security"
_REQUESTS = "/account/data/requests"
AGREEING = EVERYBODY - {Audience.STAFF}
"""Who agrees to terms: our staff have another contract."""

ACCOUNT: tuple[Route, ...] = (
    Route(path="/account/profile", name="profile", get=profile.show, post=profile.take),
    Route(path="/account/profile/verify", name="profile_verify", post=profile.verify_again),
    Route(path="/account/profile/email", name="profile_email", get=profile.show_email, post=profile.take_email),
    Route(path=_SECURITY, name="security", enrolling=True, get=security.show),
    Route(
        path=f"{_SECURITY}/password", name="password", enrolling=True, get=password.show, post=password.take
    ),
    Route(path=f"{_SECURITY}/app", name="factor_app", enrolling=True, get=factors.show_app, post=factors.take_app),
    Route(
        path=f"{_SECURITY}/passkey", name="factor_passkey", enrolling=True, get=factors.show_passkey,
        post=factors.take_passkey,
    ),
    Route(
        path=f"{_SECURITY}/factors/{{factor_id}}", name="factor_remove", who=Who.STRONG, get=security.show_factor,
        post=security.take_factor,
    ),
    Route(path=f"{_SECURITY}/recovery", name="recovery", who=Who.STRONG, get=recovery.show, post=recovery.take),
    Route(
        path=f"{_SECURITY}/programs", name="programs", who=Who.STRONG, audiences=PROGRAMMED, get=programs.show,
        post=programs.take,
    ),
    Route(
        path=f"{_SECURITY}/programs/{{program_id}}", name="program_remove", who=Who.STRONG, audiences=PROGRAMMED,
        get=programs.show_one, post=programs.take_one,
    ),
    Route(path="/account/sessions", name="sessions", get=sessions.show, post=sessions.take),
    Route(path="/account/events", name="events", get=events.show),
    Route(path="/account/language", name="language", enrolling=True, get=language.show, post=language.take),
    Route(
        path="/account/terms", name="terms", audiences=AGREEING, get=terms.show, post=terms.take,
    ),
    Route(
        path="/account/news", name="news", audiences=AGREEING, get=news.show, post=news.take,
    ),
    Route(path="/account/data", name="own_data", get=data.show),
    Route(path="/account/data/copy.pdf", name="own_data_pdf", audiences=data.ANSWERED, get=data.pdf),
    Route(path="/account/data/copy.json", name="own_data_json", audiences=data.ANSWERED, get=data.archive),
    Route(path="/account/data/portable.json", name="own_data_portable", audiences=data.ANSWERED, get=data.portable),
    Route(path=_REQUESTS, name="own_requests", audiences=data.ANSWERED, get=requests.listed, post=requests.taken),
    Route(
        path=f"{_REQUESTS}/{{request_id}}", name="own_request", audiences=data.ANSWERED, get=requests.shown,
        post=requests.withdrawn,
    ),
    Route(
        path="/account/data/leave/{way}", name="own_leaving", audiences=data.ANSWERED, get=requests.leaving,
        post=requests.left,
    ),
)  # fmt: skip
