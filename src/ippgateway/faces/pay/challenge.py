"""A challenge of 3-D Secure on its way through the payer's browser, and its result, which the directory server brings.

`/challenge/<token>` sends the browser on to the card's bank; any shop's page may frame it. `/challenge/return` is where
the bank sends it afterwards: it believes and keeps nothing, because the browser is the payer's. `/3ds/result` takes
what counts, the bank's own report.
"""

import re
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ippgateway.core.log import Log
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.service import ChallengeForm, ChallengeMessages, Closed, Gateway, ResultTaken
from ippgateway.domains.visits.schemas import visitor_of
from ippgateway.faces.pages import headers
from ippgateway.faces.pages.language import Language, preferred
from ippgateway.faces.pages.press import Press, Sheet
from ippgateway.privacy.vocabulary import Words

_log = Log("challenge")

LARGEST_RESULT = 65_536
_TOKEN = re.compile(r"[0-9A-Za-z]{32}", re.ASCII)
_LEFT_OUT = frozenset({"x-frame-options", "cross-origin-opener-policy", "content-security-policy"})
_FRAMED = {
    **{name: value for name, value in headers.SECURITY.items() if name not in _LEFT_OUT},
    "permissions-policy": headers.refusing("publickey-credentials-get"),
}
"""A shop's page frames ours, so that it neither forbids that nor asks for a group of its own; and the bank, whose page
stands in ours, may ask for a passkey."""

BEGIN = Words(en="Your card's bank asks you to confirm", da="Kortets bank beder dig bekræfte")
BEGIN_LEAD = Words(
    en="The bank's own page comes next. What you tell it there, we do not see.",
    da="Nu kommer bankens egen side. Hvad du svarer dér, ser vi ikke.",
)
GO = Words(en="Go on to the bank", da="Videre til banken")


def _over(title: Words, lead: Words) -> Sheet:
    return Sheet(template="challenge_over.html", title=title, facts={"lead": lead})


_GO_ON = Words(
    en="The bank sends its answer to us directly. Go on with the payment on the page around this one.",
    da="Banken sender svaret direkte til os. Fortsæt betalingen på siden omkring denne.",
)
_AGAIN = Words(
    en="Nothing was charged by this. Go back to the payment and try again.",
    da="Der er ikke trukket penge herved. Gå tilbage til betalingen, og prøv igen.",
)
RETURNED = _over(Words(en="Done. You can go on.", da="Færdig. Du kan gå videre."), _GO_ON)
AWAY = _over(Words(en="This can't be shown right now", da="Det kan ikke vises lige nu"), _AGAIN)
CLOSED: dict[Closed, tuple[Sheet, int]] = {
    Closed.ANSWERED: (
        _over(Words(en="You have answered. You can go on.", da="Du har svaret. Du kan gå videre."), _GO_ON),
        HTTPStatus.OK,
    ),
    Closed.TIMED_OUT: (
        _over(Words(en="The time to confirm is over", da="Tiden til at bekræfte er gået"), _AGAIN),
        HTTPStatus.GONE,
    ),
    Closed.UNKNOWN: (
        _over(Words(en="There is nothing to confirm here", da="Her er ikke noget at bekræfte"), _AGAIN),
        HTTPStatus.NOT_FOUND,
    ),
}


def challenge_part(g: Gateway, messages: ChallengeMessages, press: Press) -> ASGIApp:
    """`GET /challenge/<token>` and `POST /challenge/return`. `press` prints with the payer's templates and files.
    Handles `http` only."""
    pages = _Pages(press)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await _challenge(g, messages, pages, scope)
        except Exception as error:
            _log.error("challenge.unforeseen", error)
            response = pages.over(AWAY, HTTPStatus.SERVICE_UNAVAILABLE, scope)
        await response(scope, receive, send)

    return app


async def _challenge(g: Gateway, messages: ChallengeMessages, pages: "_Pages", scope: Scope) -> Response:
    rest = scope["path"].strip("/").partition("/")[2]
    if rest == "return" and scope["method"] == "POST":
        return pages.over(RETURNED, HTTPStatus.OK, scope)
    if scope["method"] != "GET":  # HEAD only looks; a challenge is begun by somebody who comes
        return Response(status_code=HTTPStatus.METHOD_NOT_ALLOWED, headers={"allow": "GET"})
    begun = await payments.begin_challenge(g, rest) if _TOKEN.fullmatch(rest) else Closed.UNKNOWN
    if isinstance(begun, Closed):
        return pages.over(*CLOSED[begun], scope)
    if begun.checkout is not None:
        visitor_of(scope).pays(begun.checkout)
    return pages.onward(messages.form(begun), scope)


class _Pages:
    """The pages, in the language of whoever reads them. None may be kept anywhere."""

    def __init__(self, press: Press) -> None:
        self._press = press

    def onward(self, form: ChallengeForm, scope: Scope) -> Response:
        """The form that goes on to the bank, by itself where scripts run."""
        sheet = Sheet(template="challenge.html", title=BEGIN, facts={"lead": BEGIN_LEAD, "go": GO, "form": form})
        # A bank sends its customer on to where they log in, under names that nobody knows before, and a browser holds
        # every step of that against these rules: so anywhere, but never unencrypted. The sandbox's bank, the only one
        # that is not, stays where it is.
        to_bank = "'self' https:" if form.origin.startswith("https:") else f"'self' {form.origin}"
        return self._page(sheet, HTTPStatus.OK, scope, form_action=to_bank, frame=to_bank, script="'self'")

    def over(self, sheet: Sheet, status: int, scope: Scope) -> Response:
        """A page that says how it stands and leads nowhere."""
        return self._page(sheet, status, scope, form_action="'none'", frame="'none'", script="'none'")

    def _page(self, sheet: Sheet, status: int, scope: Scope, *, form_action: str, frame: str, script: str) -> Response:
        language: Language = preferred(Headers(scope=scope).get("accept-language", ""))
        page = self._press.one(sheet, language)
        policy = (
            f"default-src 'none'; script-src {script}; style-src 'self'; base-uri 'none'; "
            f"form-action {form_action}; frame-src {frame}; frame-ancestors *"
        )
        fields = {
            **_FRAMED, "content-security-policy": policy, "cache-control": "no-store", "content-type": page.kind,
            "content-language": language.value,
        }  # fmt: skip
        return Response(page.body, status_code=status, headers=fields)


def result_part(g: Gateway, messages: ChallengeMessages) -> ASGIApp:
    """`POST /3ds/result`: an RReq as JSON, answered with an RRes or Erro. Handles `http` only."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await _result(g, messages, scope, receive)
        except Exception as error:  # the directory server reports again
            _log.error("result.unforeseen", error)
            response = Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        await response(scope, receive, send)

    return app


async def _result(g: Gateway, messages: ChallengeMessages, scope: Scope, receive: Receive) -> Response:
    if scope["path"].strip("/") != "3ds/result":
        return Response(status_code=HTTPStatus.NOT_FOUND)
    if scope["method"] != "POST":
        return Response(status_code=HTTPStatus.METHOD_NOT_ALLOWED, headers={"allow": "POST"})
    raw = await _body(receive)
    if raw is None:
        return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    reported = messages.result(raw)
    taken = ResultTaken.UNKNOWN if reported is None else await payments.record_result(g, reported)
    if taken is not ResultTaken.TAKEN:
        _log.warning("result.refused", why="malformed" if reported is None else taken.value)
    fields = {"content-type": "application/json;charset=utf-8", "cache-control": "no-store"}
    return Response(messages.answer(reported, taken), headers=fields)


async def _body(receive: Receive) -> bytes | None:
    """The request's body; None when it is too large. Empty when the other side hung up."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        body += message.get("body", b"")
        if len(body) > LARGEST_RESULT:
            return None
        if not message.get("more_body", False):
            return bytes(body)
