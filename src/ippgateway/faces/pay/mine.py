"""What the Platform holds about whoever paid, and erasing it: `/pay/mine`, for the holder of a payment's key.

The shop holds that key too, by contract, and may keep it in its logs. So values are shown of test payments alone, and
of no other purchase than the key's own.

Served by the console's process: it has no card key to lose, and the payment zone answers nobody's questions about
people. Works without script; sets no cookie; the payment's key stands in the address, so nothing is kept or referred.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ippgateway.domains.payments.errors import PaymentNotFound
from ippgateway.domains.payments.service import people
from ippgateway.domains.payments.service.people import Payer
from ippgateway.faces.pages import headers
from ippgateway.faces.pages.language import Language, preferred
from ippgateway.faces.pages.press import Press, Sheet
from ippgateway.faces.pay import mine_words as words
from ippgateway.faces.pay.order import Place, place_of
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.erase import PERSON, UnderWay, erase
from ippgateway.privacy.rights.held import MOMENT, Held, HeldField, Shown, held_of_purchase
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
            **await self._facts(found, payer), "groups": list(_groups(found)), "notice": notice,
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
            return RedirectResponse(f"/{PATH}?{asked.query}&lang={asked.language}", status_code=303, headers=_HEADERS)
        found = await held_of_purchase(self._p, payer.person, of=payer.of, values=payer.only_tests)
        # As the page tells it: what people look for comes first.
        plan = plan_of(replace(found, fields=tuple(sorted(found.fields, key=_place))))
        facts = {**await self._facts(found, payer), "plan": plan}
        return self._page("mine_plan.html", words.PLANNED, asked, facts)

    async def _facts(self, found: Held, payer: Payer) -> dict[str, Any]:
        shop = await people.shop_name(self._p, payer.person.controller)
        return {"shop": shop, "held": found, "only_tests": payer.only_tests}

    def _page(
        self, template: str, title: Words, asked: _Asked, facts: Mapping[str, Any], *, status: int = 200
    ) -> Response:
        language = asked.language
        more = {
            "w": words, "asked": asked, "path": f"/{PATH}", "Shown": Shown, "day": _day(language),
            "moment": _moment(language), "label": _label(language), "told": _told(language), **facts,
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


# --- what is shown ---


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What stands in one row. `opened`: fields with their values; `closed`: the others, by how they are shown."""

    first: HeldField
    opened: tuple[HeldField, ...]
    closed: tuple[tuple[Shown, tuple[HeldField, ...]], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Where it is stored."""
        together = (*self.opened, *(field for _, fields in self.closed for field in fields))
        return tuple(f"{field.table}.{field.column}" for field in together)


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """Entries that are kept for the same purposes, as long, and go to the same. `ground`: why they outlive an erasure,
    once there was one."""

    first: HeldField
    entries: tuple[Entry, ...]
    purposes: tuple[tuple[Words, Words], ...]
    recipients: tuple[tuple[Words, tuple[Words, ...]], ...]
    ground: Words | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """One category, wherever it is stored; or records that an erasure deletes whole, which are told whole."""

    title: Words
    alike: tuple[Alike, ...]
    records: bool


def _groups(found: Held) -> Iterator[Group]:
    for (place, _), fields in groupby(sorted(found.fields, key=_place), key=_place):
        members = list(fields)
        together: dict[tuple[object, ...], list[HeldField]] = {}
        for field in members:
            said = field.said
            together.setdefault((said.uses, said.keep, said.to, field.ground), []).append(field)
        category = members[0].said.category
        assert category is not None  # noqa: S101 - only personal fields are held
        records = place is Place.RECORDS
        yield Group(
            title=words.RECORDS if records else category.words, records=records,
            alike=tuple(_alike(each) for each in together.values()),
        )  # fmt: skip


def _place(field: HeldField) -> tuple[Place, str]:
    return place_of(field.said.category, record=field.row_goes)


def _alike(fields: list[HeldField]) -> Alike:
    first = fields[0]
    rows: dict[tuple[object, ...], list[HeldField]] = {}
    for field in fields:
        rows.setdefault((*field.row, field.table), []).append(field)
    # A record's parts have keys that begin with its own, so they come after it; what has no key stays as it came.
    keys = sorted(rows, key=lambda key: [f"{part:>14}" for part in key[:-1]]) if first.row_goes else list(rows)
    return Alike(
        first=first, entries=tuple(_entry(rows[key]) for key in keys),
        purposes=tuple((purpose.words, words.BASES[purpose.basis]) for purpose in first.uses),
        recipients=tuple(
            (r.words, tuple(words.PLACES[place.value] for place in sorted(r.places))) for r in first.recipients
        ),
        ground=first.ground.retained if first.ground is not None else None,
    )  # fmt: skip


def _entry(fields: list[HeldField]) -> Entry:
    closed: dict[Shown, list[HeldField]] = {}
    for field in fields:
        if field.shown is not Shown.OPEN:
            closed.setdefault(field.shown, []).append(field)
    return Entry(
        first=fields[0], opened=tuple(f for f in fields if f.shown is Shown.OPEN),
        closed=tuple((shown, tuple(each)) for shown, each in closed.items()),
    )  # fmt: skip


def _label(language: Language) -> Any:
    def told(field: HeldField) -> str:
        known = words.LABELS.get(field.column)
        return getattr(known, language.value) if known is not None else field.column

    return told


def _told(language: Language) -> Any:
    """A value; where it is a moment or one of our own words, as the language says it."""

    def told(field: HeldField) -> str:
        value = field.value.open()
        if language is Language.DA and field.column.rpartition("_")[2] == "at":
            return datetime.strptime(value, MOMENT).replace(tzinfo=UTC).strftime("%d.%m.%Y kl. %H.%M.%S UTC")
        known = words.VALUES.get((field.column, value))
        return getattr(known, language.value) if known is not None else value

    return told


def _day(language: Language) -> Any:
    def told(day: date) -> str:
        return day.strftime("%Y-%m-%d" if language is Language.EN else "%d.%m.%Y")

    return told


def _moment(language: Language) -> Any:
    def told(at: datetime) -> str:
        form = "%Y-%m-%d %H:%M UTC" if language is Language.EN else "%d.%m.%Y kl. %H.%M UTC"
        return at.astimezone(UTC).strftime(form)

    return told
