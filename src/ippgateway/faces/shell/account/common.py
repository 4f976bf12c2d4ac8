"""What the pages about one's own account share: the frame with its ways, whoever asks, and the proof that is due."""

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience, SignedIn, UserView
from ippgateway.faces.shell.account import agreement_words, words
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House, must_enrol
from ippgateway.privacy.vocabulary import Words

_ANSWERS = "/account/data"
_WAYS: tuple[tuple[str, Words], ...] = (
    ("/account/profile", words.PROFILE),
    ("/account/security", words.SECURITY),
    ("/account/sessions", words.SESSIONS),
    ("/account/events", words.EVENTS),
    ("/account/language", words.LANGUAGE),
    (_ANSWERS, words.DATA),
    ("/account/terms", agreement_words.TERMS),
    ("/account/news", agreement_words.NEWS),
)
_NOT_FOR_STAFF = frozenset({"/account/terms", "/account/news"})
_SECRETS = frozenset({"password", "current", "code", "token", "answer", "options"})


def page(
    house: House, ask: Ask, template: str, *, title: Words, done: dict[str, Words] | None = None, status: int = 200,
    **facts: Any,
) -> Response:  # fmt: skip
    """A page about one's account. `done`: what the address may say was done just now. Also told: `w`, the words;
    `typed`, what was typed, secrets aside; `wrong`, problems by field, and the `first` of them; `path`, the page's
    own."""
    here = ask.url.partition("?")[0]
    typed = {name: value for name, value in ask.form.items() if name not in _SECRETS}
    return house.page(ask, f"account/{template}", title=title, status=status, **{
        "w": words, "typed": typed, "wrong": {}, "path": here, "notice": (done or {}).get(ask.query.get("done", "")),
        "first": next(iter(facts.get("wrong") or {}), ""),
        "ways_on": [] if must_enrol(ask.known) else [
            (path, name, here == path or here.startswith(f"{path}/"))
            for path, name in _WAYS
            if path not in _NOT_FOR_STAFF or ask.audience is not Audience.STAFF
        ], **facts,
    })  # fmt: skip


def home_audience(ask: Ask) -> Audience:
    """Whose user asks, wherever they are a guest."""
    session = ask.known
    return Audience.PARTNER if session.guest_of is not None else session.audience


async def me(house: House, ask: Ask) -> UserView:
    """Whoever asks."""
    session = ask.known
    return await accounts.user(
        house.platform, audience=home_audience(ask), tenant_id=session.home_id, user_id=session.user_id
    )


def proof_due(house: House, ask: Ask) -> Response | None:
    """Where to prove the second factor first; None for whoever did a moment ago, or has none yet."""
    if not ask.known.second_factor or house.strong(ask):
        return None
    return house.see_other(f"{house.about.prove}?{urlencode({'to': ask.url.partition('?')[0]})}")


def renewed(house: House, response: Response, signed_in: SignedIn | None) -> Response:
    """The answer, and with it the session's new secret, when there is one."""
    if signed_in is not None:
        house.cookies.let_in(response, signed_in.session_id, signed_in.device)
    return response
