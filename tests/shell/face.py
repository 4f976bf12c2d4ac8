"""A face for tests: the look, and a page for each kind of visitor; and somebody who asks it without a socket."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.types import ASGIApp, Message
from webauthn import (
    generate_registration_options,
    options_to_json,
    verify_registration_response,
)
from webauthn.helpers.structs import AuthenticatorSelectionCriteria, ResidentKeyRequirement

from ippgateway.core.clock import ManualClock
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import TooManyFailures
from ippgateway.domains.accounts.schemas import Audience, Session
from ippgateway.faces.shell.app import Refused, shell_app
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import About, House, Place, Search
from ippgateway.faces.shell.look import LOOK
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.vocabulary import Words
from ippgateway.privacy.zones import Zone

NOW = datetime(2026, 11, 24, 13, 2, tzinfo=UTC)
ORIGIN = "http://look.localhost:8000"
BEARER = "s" * 43
SESSION = Session(
    id="Sess-0000-0001", audience=Audience.COMPANY, tenant_id="Comp-0000-0001", home_id="Comp-0000-0001",
    user_id="User-0000-0001", moves_money=False, rights=("payments",), second_factor=True,
)  # fmt: skip
CHALLENGE = b"sixteen octets!!"

_PAGE = Words(en="A page", da="En side")
_ABOUT = About(
    name=Words(en="IPP test", da="IPP-test"),
    places=(
        Place(path="/", label=Words(en="Overview", da="Overblik")),
        Place(path="/payments", label=Words(en="Payments", da="Betalinger"), right="payments"),
        Place(path="/keys", label=Words(en="Keys", da="Nøgler"), right="keys"),
        Place(path="/staff", label=Words(en="Staff", da="Medarbejdere"), audiences=frozenset({Audience.STAFF})),
    ),
    templates=(Path(__file__).parent / "templates",),
    searches={Audience.COMPANY: Search(path="/payments", label=Words(en="Search payments", da="Søg i betalinger"))},
)


class Door:
    """Who is signed in with `BEARER`: nobody, until a test says so. The accounts' own sign-in has tests of its own."""

    def __init__(self) -> None:
        self.session: Session | None = None

    def let_in(self, **changed: object) -> None:
        """Somebody of a company, or whoever else the test needs."""
        self.session = replace(SESSION, **changed)  # type: ignore[arg-type]


class NothingLeaked:
    """Knows no leaked password."""

    async def leaked(self, password: Secret[str]) -> bool:
        return False


def house(*, origin: str = ORIGIN, mail_url: str = "") -> House:
    """The house. No page in it asks the database."""
    clock = ManualClock(NOW)
    platform = Platform(
        zone=Zone.CONSOLE, db=cast("Any", None), clock=clock, ids=Ids(clock, SystemRandomness()),
        persons=cast("Any", None),
    )  # fmt: skip
    return House(
        platform=platform, about=_ABOUT, origin=origin, api_url="http://127.0.0.1:8000", breaches=NothingLeaked(),
        mail_url=mail_url,
    )  # fmt: skip


async def page(house: House, ask: Ask) -> Response:
    """Says what it was asked."""
    return house.page(ask, "page.html", title=_PAGE, said=ask.form.get("said", ""), every=ask.every("each"))


async def shown(house: House, ask: Ask) -> Response:
    """A page whose title is its parameter."""
    return house.page(ask, "page.html", title=f"Payment {ask.path['payment_id']}", said="", every=())


async def wrong(house: House, ask: Ask) -> Response:
    """A form that is wrong."""
    problem = Words(en="That was not right.", da="Det var ikke rigtigt.")
    return house.page(ask, "page.html", title=_PAGE, status=422, problem=problem, said="", every=())


async def onward(house: House, ask: Ask) -> Response:
    """Leads on after a form."""
    return house.see_other("/payments/Paym-0000-0001")


async def broken(house: House, ask: Ask) -> Response:
    """Something that nobody foresaw, with something personal in it."""
    raise RuntimeError("canary@example.org")


async def refused(house: House, ask: Ask) -> Response:
    """A handler's own refusal."""
    raise Refused(404)


async def guessed(house: House, ask: Ask) -> Response:
    """Too many attempts."""
    raise TooManyFailures(1_800)


async def passkey(house: House, ask: Ask) -> Response:
    """Makes a passkey, and says whose answer it was after checking it."""
    if ask.method == "POST":
        made = verify_registration_response(
            credential=ask.form["answer"], expected_challenge=CHALLENGE, expected_rp_id=house.site.host,
            expected_origin=house.site.origin,
        )  # fmt: skip
        return house.page(ask, "page.html", title=_PAGE, said=f"{made.fmt} {len(made.credential_id)}", every=())
    options = generate_registration_options(
        rp_id=house.site.host, rp_name=house.site.name, user_name="freja@example.org", challenge=CHALLENGE,
        authenticator_selection=AuthenticatorSelectionCriteria(resident_key=ResidentKeyRequirement.REQUIRED),
    )  # fmt: skip
    return house.page(ask, "passkey.html", title=_PAGE, options=options_to_json(options), words=_PAGE)


ROUTES = (
    *LOOK,
    Route(path="/", name="home", get=page, post=page),
    Route(path="/open", name="open", get=page, post=page, who=Who.ANYONE),
    Route(path="/sign-in", name="sign_in", get=page, who=Who.ANYONE),
    Route(path="/sign-in/factor", name="factor", get=page, who=Who.HALFWAY),
    Route(path="/account/security", name="security", get=page, enrolling=True),
    Route(path="/payments", name="payments", get=page, post=onward, right="payments"),
    Route(path="/payments/{payment_id}", name="payment", get=shown, right="payments"),
    Route(path="/payments/new", name="payment_new", get=page, post=wrong, right="payments"),
    Route(path="/keys", name="keys", get=page, right="keys"),
    Route(path="/money", name="money", get=page, post=page, who=Who.STRONG),
    Route(path="/staff", name="staff", get=page, audiences=frozenset({Audience.STAFF})),
    Route(path="/broken", name="broken", get=broken, who=Who.ANYONE),
    Route(path="/refused", name="refused", get=refused, who=Who.ANYONE),
    Route(path="/guessed", name="guessed", get=guessed, who=Who.ANYONE),
    Route(path="/passkey", name="passkey", get=passkey, post=passkey, who=Who.ANYONE),
)


def face(house: House) -> ASGIApp:
    """The face as an application."""
    return shell_app(house, ROUTES)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")

    @property
    def cookies(self) -> list[str]:
        return [value for name, value in self.headers if name == "set-cookie"]


async def ask(
    app: ASGIApp, path: str = "/", *, method: str = "GET", query: str = "", host: str = "look.localhost:8000",
    body: bytes | list[bytes] = b"", **headers: str,
) -> Answer:  # fmt: skip
    """One request; an underscore in a header's name stands for a hyphen."""
    pieces = body if isinstance(body, list) else [body]
    waiting = [
        {"type": "http.request", "body": each, "more_body": n < len(pieces)} for n, each in enumerate(pieces, 1)
    ] + [{"type": "http.disconnect"}]
    sent: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    fields = [(name.replace("_", "-").encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    scope: dict[str, Any] = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(b"host", host.encode()), *fields], "client": ("192.0.2.7", 50_000),
    }  # fmt: skip
    await app(scope, receive, send)
    if not sent:
        return Answer(status=0, headers=[], body=b"")
    start, *rest = sent
    return Answer(
        status=start["status"],
        headers=[(k.decode(), v.decode()) for k, v in start["headers"]],
        body=b"".join(m.get("body", b"") for m in rest),
    )


async def send_form(
    app: ASGIApp, path: str, form: Mapping[str, str] | bytes, *, origin: str = ORIGIN, **headers: str
) -> Answer:
    """A form, as a browser sends one from a page of the face."""
    body = form if isinstance(form, bytes) else urlencode(form).encode()
    fields = {"content_type": "application/x-www-form-urlencoded", "origin": origin, "sec_fetch_site": "same-origin"}
    return await ask(app, path, method="POST", body=body, **{**fields, **headers})
