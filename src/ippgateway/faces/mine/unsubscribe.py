"""Stopping marketing from the letter itself: `/unsubscribe/{token}`, without signing in (CHOICE-2, RFC 8058).

A GET shows a page and changes nothing, because programs that look for harm open every link of a letter. A POST stops:
from a mail program with the body `List-Unsubscribe=One-Click`, without cookies, answered at once and never led on; or
from the page's own buttons, of which the second says no to all marketing (GDPR Article 21(3)). At the origin where
people ask about themselves, from the console's process: the site's has no purpose at all and keeps none for this, and
whoever looks after their own data leaves no record of a visit.
"""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ippgateway.core.secret import Secret
from ippgateway.domains.consents import service as consents
from ippgateway.domains.consents.schemas import How, Linked
from ippgateway.faces.mine import unsubscribe_words as words
from ippgateway.faces.mine.asked import Here
from ippgateway.faces.pages import headers
from ippgateway.faces.pages.evidence import LINK
from ippgateway.faces.pages.language import Language, preferred
from ippgateway.faces.pages.press import Press, Sheet
from ippgateway.privacy.papers.versions import PRIVACY, in_force, today
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.vocabulary import Words

PATH = consents.UNSUBSCRIBE

_HERE = Path(__file__).parent
_LONGEST = 4_000
_LONGEST_TOKEN = 64
_ONE_CLICK = b"One-Click"
_NEWS, _ALL = b"do=stop", b"do=stop-all"
_BUTTONS = frozenset({_NEWS, _ALL})
_HEADERS = {
    **headers.SECURITY,
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
}


def unsubscribe_app(platform: Platform) -> ASGIApp:
    """The pages and their files. Handles `http` only."""
    own = {path.name: path.read_bytes() for path in sorted((_HERE / "static").iterdir())}
    press = Press(_HERE / "templates", own=own, under=f"/{PATH}", operator=platform.operator)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        file = press.files.get(scope["path"])
        if file is not None and scope["method"] in ("GET", "HEAD"):
            file = file.taken(Headers(scope=scope).get("accept-encoding", ""))
            response = Response(file.body, headers={
                **headers.SECURITY, **file.headers, "cache-control": headers.FILE_CACHE,
            })  # fmt: skip
        else:
            response = await _answer(platform, press, scope, receive)
        await response(scope, receive, send)

    return app


async def _answer(platform: Platform, press: Press, scope: Scope, receive: Receive) -> Response:
    token = Secret(scope["path"].strip("/").partition("/")[2][:_LONGEST_TOKEN])
    page = _page(press, platform, scope["path"], _language(scope))
    if scope["method"] in ("GET", "HEAD"):
        found = await consents.linked(platform, token)
        if found is None:
            return page(words.UNKNOWN, "unknown", 404)
        return page(*_how_it_stands(found), 200)
    if scope["method"] != "POST":
        return Response(status_code=405, headers={**_HEADERS, "allow": "GET, HEAD, POST"})
    body = await _body(receive)
    one_click = b"List-Unsubscribe" in body and _ONE_CLICK in body  # the form may be of either kind (RFC 8058, 3.1)
    if not one_click and body not in _BUTTONS:
        return page(words.TITLE, "stands", 400)
    stop = consents.stop_all if body == _ALL else consents.stop
    if not await stop(platform, token, how=How.ONE_CLICK if one_click else How.LINK):
        return page(words.UNKNOWN, "unknown", 404)
    if one_click:  # a program asked, and reads nothing
        return Response(status_code=200, headers=_HEADERS)
    return page(words.OBJECTED, "objected", 200) if body == _ALL else page(words.STOPPED, "stopped", 200)


def _how_it_stands(found: Linked) -> tuple[Words, str]:
    if found.stands:
        return words.TITLE, "stands"
    return (words.OBJECTED, "objected") if found.objected else (words.STOPPED, "stopped")


def _page(press: Press, platform: Platform, path: str, language: Language) -> Callable[[Words, str, int], Response]:
    def page(title: Words, state: str, status: int) -> Response:
        here = Here(path=path, fields={})
        facts = {"w": words, "here": here, "path": path, "state": state, "notice": None,
                 "site": platform.origins.get("site", ""), "trust_link": LINK,
                 "policy": in_force(PRIVACY, today(platform.clock.now())).name}  # fmt: skip
        printed = press.one(Sheet(template="unsubscribe.html", title=title, facts=facts), language)
        return Response(printed.body, status_code=status, headers={
            **_HEADERS, "content-type": printed.kind, "content-language": language.value,
            "vary": "accept-language",
        })  # fmt: skip

    return page


def _language(scope: Scope) -> Language:
    wanted = parse_qs(bytes(scope["query_string"])[:200].decode("latin-1")).get("lang", [""])[0]
    if wanted in list(Language):
        return Language(wanted)
    return preferred(Headers(scope=scope).get("accept-language", ""))


async def _body(receive: Receive) -> bytes:
    """The body; nothing when it is longer than it can honestly be."""
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > _LONGEST or message["type"] != "http.request":
            return b""
        if not message.get("more_body"):
            return body.strip()
