"""The house that a face's pages live in: the Platform, the pages' press, and what stands in the frame around them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.ports import Breaches
from ippgateway.domains.accounts.rights import ALL
from ippgateway.domains.accounts.schemas import Audience, Session, SignedIn, Site, Stage
from ippgateway.faces.pages import headers
from ippgateway.faces.pages.amounts import readable
from ippgateway.faces.pages.evidence import Evidence
from ippgateway.faces.pages.moments import told_in
from ippgateway.faces.pages.press import Press, Sheet
from ippgateway.faces.shell import files, words
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.guard import TOKEN, Cookies, token_for
from ippgateway.faces.shell.plots import drawn
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.vocabulary import Words

_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_MOST_ACCEPTED = 10_000
_COPYING = "clipboard-write"
_PASSKEYS = ("publickey-credentials-create", "publickey-credentials-get")
# The origin is told to our own forms, which the check of their origin needs, and to nobody else.
PAGE_HEADERS = {
    **headers.SECURITY,
    "content-security-policy": _POLICY,
    "permissions-policy": headers.refusing(*_PASSKEYS, _COPYING) + "".join(f", {each}=(self)" for each in _PASSKEYS),
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """An entry of the rail. `right`: shown to whoever may; `audiences`: shown to their users."""

    path: str
    label: Words
    audiences: frozenset[Audience] = field(default=frozenset(Audience))
    right: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """What the top bar's field searches: a list with `?q=`."""

    path: str
    label: Words


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What is a face's own. `name`: on its mark and in titles; `places`: its rail, in order; `searches`: what each
    audience can search; `enrol`: where a second factor or a new password is set up; `prove`: where it is proven again;
    `templates`: folders, looked through in order."""

    name: Words
    places: Sequence[Place]
    templates: Sequence[Path]
    searches: Mapping[Audience, Search] = field(default_factory=dict)
    sign_in: str = "/sign-in"
    factor: str = "/sign-in/factor"
    prove: str = "/sign-in/again"
    enrol: str = "/account/security"
    asks_terms: bool = False
    """Whether whoever signs in here is asked to accept new terms."""


class House:
    """One face, running. `origin`: its address, no slash at the end; `api_url`: where the wire contract is spoken on
    this machine (the payment zone moves money, with the user's own session); `breaches`: what knows leaked passwords;
    `mail_url`: where a sandbox shows the mail that it sent, empty elsewhere; `links`: addresses of other faces. `site`:
    where passkeys belong. `operator`, `contact`: who runs it, and where people write about their data."""

    def __init__(
        self, *, platform: Platform, about: About, origin: str, api_url: str, breaches: Breaches, mail_url: str = "",
        links: Mapping[str, str] | None = None, operator: str = "", contact: str = "",
    ) -> None:  # fmt: skip
        self.platform = platform
        self.about = replace(about, name=about.name.under(platform.operator))
        self.origin = origin
        self.host = urlsplit(origin).hostname or ""
        self.site = Site(host=self.host, origin=origin, name=self.about.name.en)
        self.api_url = api_url
        self.breaches = breaches
        self.mail_url = mail_url
        self.links = dict(links or {})
        self.operator = operator
        self.contact = contact
        self.cookies = Cookies(secure=origin.startswith("https:"))
        own = files.own()
        self.press = Press([*about.templates, files.TEMPLATES], own=own, operator=platform.operator)
        self.enhanced = files.HTMX in own
        self._accepted: set[tuple[str, str]] = set()

    @property
    def sandbox(self) -> bool:
        """Whether nothing here is real: there is a page that shows all mail."""
        return bool(self.mail_url)

    # --- answers ---

    def page(self, ask: Ask, template: str, *, title: Words | str, status: int = 200, **facts: Any) -> Response:
        """A page in the frame, in the language of whoever asks.

        `title`: what the page is called. Every template is told, besides `facts`: `say(Words)`, `ask`, `house`, `s`
        (the shell's words), `language`, `file`, `url(path)` (keeps the language of a stranger), `csrf` (the form's
        hidden field), `moment(at)`, `day(at)`, `money(Money)`, `notice` and `problem` (Words or None, above the page).
        """
        language, known = ask.language, _open(ask.session)
        told = {
            "notice": None, "problem": None, "tone": "done", **facts, "ask": ask, "house": self, "s": words,
            "csrf": self._csrf(ask), "url": _url(ask), "places": self._places(ask),
            "search": self.about.searches.get(known.audience) if known else None, "known": known, "theme": ask.theme,
            "moment": told_in(language).moment, "day": told_in(language).day, "clock": told_in(language).clock,
            "money": lambda amount: readable(amount, language), "drawn": drawn,
            "now": self.platform.clock.now().astimezone(UTC), "site": self.platform.origins.get("site"),
            "trust": Evidence(self.platform.trust.now(), self.platform.origins.get("site")),
        }  # fmt: skip
        name = Words(en=title, da=title) if isinstance(title, str) else title
        printed = self.press.one(Sheet(template=template, title=name, facts=told), language)
        return Response(printed.body, status_code=status, headers={
            **PAGE_HEADERS, "content-type": printed.kind, "content-language": language.value,
            "vary": "accept-language, cookie",
        })  # fmt: skip

    def see_other(self, path: str, *, ask: Ask | None = None) -> Response:
        """Lead on (RFC 9110, 15.4.4). `path`: of this face; with `ask` a stranger's language goes along."""
        return RedirectResponse(_url(ask)(path) if ask else path, status_code=303, headers=PAGE_HEADERS)

    def let_in(self, signed_in: SignedIn, path: str) -> Response:
        """Lead on with a new session."""
        response = self.see_other(path)
        self.cookies.let_in(response, signed_in.session_id, signed_in.device)
        return response

    def let_out(self, path: str) -> Response:
        """Lead on without a session."""
        response = self.see_other(path)
        self.cookies.let_out(response)
        return response

    def fail(self, ask: Ask, status: int, *, why: Words | None = None, reference: str = "") -> Response:
        """An error's page: 403, 404, 405, 413, 415, 419 (a form that is not ours or too old; answered as 403), 429, 500
        or 503. `why`: instead of the usual sentence. `reference`: what to tell us, and what our log says."""
        title, sentence = words.FAILURES.get(status, words.FAILURES[500])
        shown = 403 if status == 419 else status
        return self.page(
            ask, "failed.html", title=title, status=shown, sentence=why or sentence, code=shown, reference=reference
        )

    # --- who ---

    def strong(self, ask: Ask) -> bool:
        """Whether whoever asks proved the second factor within the last quarter of an hour."""
        return ask.session is not None and accounts.strong(ask.session, self.platform.clock.now())

    async def terms_due(self, session: Session | None) -> str:
        """The version of the terms that whoever asks has not accepted yet; empty when there is none. What somebody
        accepted stays accepted, so that it is looked up once."""
        if not self.about.asks_terms or session is None or session.stage is not Stage.OPEN:
            return ""
        version = accounts.terms_in_force(self.platform)
        if (session.user_id, version) in self._accepted:
            return ""
        if not await accounts.accepted(self.platform, session):
            return version
        if len(self._accepted) >= _MOST_ACCEPTED:
            self._accepted.clear()
        self._accepted.add((session.user_id, version))
        return ""

    # --- the frame ---

    def _csrf(self, ask: Ask) -> Markup:
        bearer = ask.bearer if ask.session is not None else None
        return Markup() if bearer is None else _hidden(bearer)

    def _places(self, ask: Ask) -> list[tuple[Place, bool]]:
        """The rail's entries for whoever asks, and whether each is where they are."""
        session = _open(ask.session)
        if session is None or must_enrol(session):
            return []
        here = ask.url.partition("?")[0]
        return [
            (place, here == place.path or (place.path != "/" and here.startswith(f"{place.path}/")))
            for place in self.about.places
            if session.audience in place.audiences and may(session, place.right)
        ]


def may(session: Session, right: str | None) -> bool:
    """Whether a user has a right."""
    return right is None or ALL in session.rights or right in session.rights


def must_enrol(session: Session) -> bool:
    """Whether something has to be done before anything else: a second factor of our staff, a new password."""
    return session.must_change_password or (session.audience is Audience.STAFF and not session.second_factor)


def _open(session: Session | None) -> Session | None:
    """The session of whoever is signed in as a whole; None for strangers, and halfway."""
    return session if session is not None and session.stage is Stage.OPEN else None


def _hidden(bearer: Secret[str]) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(TOKEN, token_for(bearer))


def _url(ask: Ask) -> Callable[[str], str]:
    def url(path: str) -> str:
        if ask.chosen is None or _open(ask.session):
            return path
        return f"{path}{'&' if '?' in path else '?'}lang={ask.chosen}"

    return url
