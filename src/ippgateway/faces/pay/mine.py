"""What the Platform holds about whoever paid, and erasing it: `/pay/mine`, for the holder of a payment's key.

The shop holds that key too, by contract, and may keep it in its logs. So values are shown of test payments alone, and
of no other purchase than the key's own.

Served by the console's process: it has no card key to lose, and the payment zone answers nobody's questions about
people. Works without script; sets no cookie; the payment's key stands in the address, so nothing is kept or referred.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ippgateway.domains.payments.errors import PaymentNotFound
from ippgateway.domains.payments.service import people
from ippgateway.domains.payments.service.people import Payer
from ippgateway.faces.pages import headers, held_words
from ippgateway.faces.pages.held import groups, label_in, reading_order, told_in
from ippgateway.faces.pages.language import Language, preferred
from ippgateway.faces.pages.press import Press, Sheet
from ippgateway.faces.pay import mine_words as words
from ippgateway.privacy.disclosure.register import CATEGORIES
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.erase import PERSON, UnderWay, erase
from ippgateway.privacy.rights.held import Held, Shown, held_of_purchase
from ippgateway.privacy.rights.holds import OnHold
from ippgateway.privacy.rights.plan import plan_of
from ippgateway.privacy.vocabulary import Words

PATH = "pay/mine"
"""Where the page is, without slashes around it; its files are below."""

_HERE = Path(__file__).parent
_LONGEST = 2_000
_HEADERS = {
    **headers.SECURITY,
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """What a request says: which payment, with which key, in which language, and what to do."""

    payment_id: str
    key: str
    language: Language
    do: str

    @property
    def query(self) -> str:
        """The address of the same page, without the language."""
        return urlencode({"transaction_id": self.payment_id, "transaction_key": self.key})


def mine_app(platform: Platform) -> ASGIApp:
    """`/pay/mine` and its files. Handles `http` only."""
    return _Mine(platform)


class _Mine:
    def __init__(self, platform: Platform) -> None:
        self._p = platform
        own = {"mine.css": (_HERE / "mine_static" / "mine.css").read_bytes()}
        self._press = Press(_HERE / "templates", own=own, under=f"/{PATH}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        response = await self._answer(scope, receive)
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        file = self._press.files.get(scope["path"])
        if file is not None and scope["method"] in ("GET", "HEAD"):
            file = file.taken(Headers(scope=scope).get("accept-encoding", ""))
            return Response(file.body, headers={
                **headers.SECURITY, **file.headers, "cache-control": headers.FILE_CACHE,
            })  # fmt: skip
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return Response(status_code=405, headers={**_HEADERS, "allow": "GET, HEAD, POST"})
        asked = await _asked(scope, receive)
        try:
            payer = await people.payer_by_key(self._p, payment_id=asked.payment_id, payment_key=asked.key)
        except PaymentNotFound:
            return self._page("mine_missing.html", words.NOT_FOUND, asked, {}, status=404)
        if scope["method"] == "POST":
            return await self._posted(asked, payer)
        return await self._shown(asked, payer)

    async def _shown(self, asked: _Asked, payer: Payer, *, notice: Words | None = None, status: int = 200) -> Response:
        found = await held_of_purchase(self._p, payer.person, of=payer.of, values=payer.only_tests)
        facts = {
            **await self._facts(found, payer), "groups": list(groups(found)), "notice": notice,
        }  # fmt: skip
        return self._page("mine.html", words.TITLE, asked, facts, status=status)

    async def _posted(self, asked: _Asked, payer: Payer) -> Response:
        """The plan, or what it says. Only what was never live goes by this way; the rest is the shop's to decide."""
        if not payer.only_tests:
            return await self._shown(asked, payer, notice=words.ERASE_LIVE, status=403)
        if asked.do == "erase":
            try:
                await erase(self._p, payer.person, asked_by=PERSON, rooms=(people.let_go,))
            except UnderWay:
                return await self._shown(asked, payer, notice=words.UNDER_WAY, status=409)
            except OnHold:
                return await self._shown(asked, payer, notice=words.ON_HOLD, status=409)
            return RedirectResponse(f"/{PATH}?{asked.query}&lang={asked.language}", status_code=303, headers=_HEADERS)
        found = await held_of_purchase(self._p, payer.person, of=payer.of, values=payer.only_tests)
        # As the page tells it: what people look for comes first.
        plan = plan_of(replace(found, fields=tuple(sorted(found.fields, key=reading_order))))
        facts = {**await self._facts(found, payer), "plan": plan}
        return self._page("mine_plan.html", words.PLANNED, asked, facts)

    async def _facts(self, found: Held, payer: Payer) -> dict[str, Any]:
        shop = await people.shop_name(self._p, payer.person.controller)
        given = await people.received_of(self._p, payer)
        return {"shop": shop, "held": found, "only_tests": payer.only_tests, "received": given, "category": CATEGORIES}

    def _page(
        self, template: str, title: Words, asked: _Asked, facts: Mapping[str, Any], *, status: int = 200
    ) -> Response:
        language = asked.language
        more = {
            "w": words, "hw": held_words, "asked": asked, "path": f"/{PATH}", "Shown": Shown, "day": _day(language),
            "moment": _moment(language), "label": label_in(language), "told": told_in(language), **facts,
        }  # fmt: skip
        printed = self._press.one(Sheet(template=template, title=title, facts=more), language)
        return Response(printed.body, status_code=status, headers={
            **_HEADERS, "content-type": printed.kind, "content-language": language.value, "vary": "accept-language",
        })  # fmt: skip


# --- what is asked ---


async def _asked(scope: Scope, receive: Receive) -> _Asked:
    given = bytes(scope["query_string"]) if scope["method"] != "POST" else await _body(receive)
    try:
        fields = parse_qs(given[:_LONGEST].decode("ascii"), max_num_fields=10)
    except ValueError:
        fields = {}

    def one(name: str) -> str:
        return fields.get(name, [""])[0]

    spoken = preferred(Headers(scope=scope).get("accept-language", ""))
    wanted = one("lang")
    return _Asked(
        payment_id=one("transaction_id"), key=one("transaction_key"), do=one("do"),
        language=Language(wanted) if wanted in list(Language) else spoken,
    )  # fmt: skip


async def _body(receive: Receive) -> bytes:
    """The body; nothing when it is longer than it can honestly be."""
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > _LONGEST or message["type"] != "http.request":
            return b""
        if not message.get("more_body"):
            return body


# --- how times are told ---


def _day(language: Language) -> Any:
    def told(day: date) -> str:
        return day.strftime("%Y-%m-%d" if language is Language.EN else "%d.%m.%Y")

    return told


def _moment(language: Language) -> Any:
    def told(at: datetime) -> str:
        form = "%Y-%m-%d %H:%M UTC" if language is Language.EN else "%d.%m.%Y kl. %H.%M UTC"
        return at.astimezone(UTC).strftime(form)

    return told
