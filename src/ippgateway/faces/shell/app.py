"""Serving a face: finds the route, finds out who asks, and lets in whom the route lets in. In this order, for all."""

import asyncio
from dataclasses import replace
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ippgateway.core.database import DatabaseUnavailable
from ippgateway.core.log import Log
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import TooManyFailures
from ippgateway.domains.accounts.schemas import Audience, Session
from ippgateway.domains.visits.schemas import visitor_of
from ippgateway.faces.pages import headers
from ippgateway.faces.shell.ask import Ask, Gone, Unreadable, arrival_of, fields_of, form_of, language_of
from ippgateway.faces.shell.guard import TOKEN, from_us, token_fits
from ippgateway.faces.shell.house import House, may, must_enrol
from ippgateway.faces.shell.routes import Handler, Route, Routes, Who

_READING = frozenset({"GET", "HEAD"})
_log = Log("shell")


class Refused(Exception):
    """A handler's way to end with an error's page, from wherever it is: 403, 404, 429..."""

    def __init__(self, status: int) -> None:
        super().__init__(f"refused with {status}")
        self.status = status


def shell_app(house: House, routes: tuple[Route, ...]) -> ASGIApp:
    """`routes` in `house`, and its files below `/static/`. Handles `http` only. Raises ValueError when two routes have
    the same path."""
    return _Shell(house, Routes(routes))


class _Shell:
    def __init__(self, house: House, routes: Routes) -> None:
        self._house = house
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        response = self._file(scope)
        if response is None:
            try:
                response = await self._answer(scope, receive)
            except Gone:
                return
        await response(scope, receive, send)

    def _file(self, scope: Scope) -> Response | None:
        file = self._house.press.files.get(scope["path"])
        if file is None or scope["method"] not in _READING:
            return None
        file = file.taken(Headers(scope=scope).get("accept-encoding", ""))
        return Response(file.body, headers={
            **headers.SECURITY, **file.headers, "cache-control": headers.FILE_CACHE,
        })  # fmt: skip

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        bearer, device = self._house.cookies.read(scope)
        ask = await self._asked(scope, device)
        try:
            found = self._routes.find(_plain(scope["path"]))
            session = None if bearer is None else await accounts.resume_browser(self._house.platform, bearer=bearer)
            ask = await self._known(scope, ask, session, bearer)
            if found is None or _host(scope) != self._house.host:
                return self._house.fail(ask, 404)
            route, parameters = found
            ask.visitor.page = route.name
            return await self._served(scope, receive, route, replace(ask, path=parameters))
        except Exception as error:
            if isinstance(error, Gone):
                raise
            return self._failed(ask, error)

    async def _asked(self, scope: Scope, device: Secret[str] | None) -> Ask:
        """The request before it is known who asks."""
        fields = fields_of(scope)
        language, chosen = language_of(scope, fields, None)
        theme = fields.get("theme", ("",))[-1]
        query = bytes(scope["query_string"]).decode("latin-1")
        return Ask(
            method=scope["method"], url=scope["path"] + (f"?{query}" if query else ""), path={}, fields=fields,
            posted={}, language=language, chosen=chosen, theme=theme if theme in ("light", "dark") else "auto",
            session=None, bearer=None, arrival=await asyncio.to_thread(arrival_of, scope, device),
            htmx=any(name == b"hx-request" for name, _ in scope["headers"]), visitor=visitor_of(scope),
        )  # fmt: skip

    async def _known(self, scope: Scope, ask: Ask, session: Session | None, bearer: Secret[str] | None) -> Ask:
        if session is None:
            return replace(ask, lapsed=bearer is not None)
        if session.audience is Audience.COMPANY:
            ask.visitor.acts_for(session.tenant_id)
        language, chosen = language_of(scope, ask.fields, session)
        theme = session.theme if session.stage == "open" else ask.theme
        due = await self._house.terms_due(session)
        return replace(
            ask, session=session, bearer=bearer, language=language, chosen=chosen, theme=theme, terms_due=due
        )

    async def _served(self, scope: Scope, receive: Receive, route: Route, ask: Ask) -> Response:
        handler = _handler(route, ask.method)
        if handler is None:
            response = self._house.fail(ask, 405)
            response.headers["allow"] = ", ".join(route.methods)
            return response
        turned_away = self._turned_away(route, ask)
        if turned_away is not None:
            return turned_away
        if ask.method == "POST":
            if not from_us(scope, self._house.origin):
                return self._house.fail(ask, 419)
            ask = replace(ask, posted=await form_of(scope, receive))
            if ask.bearer is not None and not token_fits(ask.bearer, ask.form.get(TOKEN, "")):
                return self._house.fail(ask, 419)
        return await handler(self._house, ask)

    def _turned_away(self, route: Route, ask: Ask) -> Response | None:
        """What whoever may not come in gets instead. None: they may."""
        session, about = ask.session, self._house.about
        if route.who is Who.ANYONE:
            return None
        if session is None:
            return self._led(ask, about.sign_in)
        if session.stage != "open":
            return None if route.who is Who.HALFWAY else self._led(ask, about.factor)
        if session.audience not in route.audiences:
            return self._house.fail(ask, 404)
        if must_enrol(session) and not route.enrolling and route.who is not Who.HALFWAY:
            return self._house.see_other(about.enrol)
        if not may(session, route.right):
            return self._house.fail(ask, 403)
        if route.who is Who.STRONG and not self._house.strong(ask):
            return self._led(ask, about.prove if session.second_factor else about.enrol)
        return None

    def _led(self, ask: Ask, path: str) -> Response:
        """To where somebody becomes known, and back here afterwards. A form is not sent again for them."""
        told = {"to": ask.url} if ask.method in _READING and ask.url != "/" else {}
        told |= {"ended": "1"} if ask.lapsed else {}
        return self._house.see_other(f"{path}?{urlencode(told)}" if told else path, ask=ask)

    def _failed(self, ask: Ask, error: Exception) -> Response:
        match error:
            case Refused(status=status) | Unreadable(status=status):
                return self._house.fail(ask, status)
            case TooManyFailures(retry_after_s=wait_s):
                response = self._house.fail(ask, 429)
                response.headers["retry-after"] = str(wait_s)
                return response
            case DatabaseUnavailable():
                return self._house.fail(ask, 503)
        reference = self._house.platform.ids.new()
        _log.error("shell.unforeseen", error=error, page=ask.visitor.page, reference=reference)
        return self._house.fail(ask, 500, reference=reference)


def _handler(route: Route, method: str) -> Handler | None:
    if method in _READING:
        return route.get
    return route.post if method == "POST" else None


def _plain(path: str) -> str:
    """A path without a slash at its end."""
    return path.rstrip("/") or "/"


def _host(scope: Scope) -> str:
    """The name we were called by. A face is at its own name alone, so that no other name is an origin of it."""
    host = Headers(scope=scope).get("host", "").lower()
    return host.rpartition(":")[0] if ":" in host else host
